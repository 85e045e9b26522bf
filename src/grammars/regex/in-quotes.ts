import { chars, choice, repeat, sequence, text } from '../build.ts';
import type { Node } from '../ir.ts';
import { complementRanges, intersectRanges, isInRanges, type Range } from './ranges.ts';

/** The quotes around a string: JSON's, or Python's other ones. */
export type Quote = '"' | "'";

const backslash = 92;
const shortEscapes: readonly (readonly [codePoint: number, letter: string])[] = [
  [8, 'b'],
  [9, 't'],
  [10, 'n'],
  [12, 'f'],
  [13, 'r'],
];

/**
 * The same texts as they are written inside of a JSON string: quotes, backslashes and control characters in the one spelling that `JSON.stringify` gives them.
 * With a single quote: inside of a Python string in single quotes. For pieces that name no rules.
 */
export function inJsonString(node: Node, quote: Quote = '"'): Node {
  switch (node.kind) {
    case 'text':
      return text(escapeText(node.text, quote));
    case 'chars':
      return spellCharacter(node.ranges, quote);
    case 'sequence':
      return sequence(node.items.map((item) => inJsonString(item, quote)));
    case 'choice':
      return choice(node.options.map((option) => inJsonString(option, quote)));
    case 'repeat':
      return repeat(inJsonString(node.item, quote), node.least, node.most);
    default:
      throw new TypeError(`A grammar piece of kind "${node.kind}" has no spelling inside of a string.`);
  }
}

/** A text as the inside of a string in these quotes. */
export function escapeText(written: string, quote: Quote = '"'): string {
  const inside = JSON.stringify(written).slice(1, -1);
  return quote === '"' ? inside : inside.replaceAll('\\"', '"').replaceAll("'", "\\'");
}

/** One character of these as it is written inside of a string. */
export function spellCharacter(ranges: readonly Range[], quote: Quote = '"'): Node {
  const plain = intersectRanges(ranges, plainCharacters[quote]);
  const escapes = listEscapes(ranges, quote);
  const options: Node[] = plain.length > 0 ? [chars(plain)] : [];
  if (escapes.length > 0) options.push(sequence([text('\\'), choice(escapes)]));
  return choice(options);
}

const plainCharacters = { '"': listPlain('"'), "'": listPlain("'") } as const;

function listPlain(quote: Quote): readonly Range[] {
  const code = quote.charCodeAt(0);
  return complementRanges([
    [0, 31],
    [code, code],
    [backslash, backslash],
  ]);
}

/** What follows the backslash. */
function listEscapes(ranges: readonly Range[], quote: Quote): readonly Node[] {
  const letters: Range[] = [quote.charCodeAt(0), backslash].filter((code) => isInRanges(ranges, code)).map((code) => [code, code]);
  for (const [code, letter] of shortEscapes) if (isInRanges(ranges, code)) letters.push([letter.charCodeAt(0), letter.charCodeAt(0)]);
  const coded = [0, 16].flatMap((row) => listCoded(ranges, row));
  const options: Node[] = letters.length > 0 ? [chars(letters)] : [];
  return coded.length > 0 ? [...options, sequence([text('u00'), choice(coded)])] : options;
}

/** The control characters of a row of sixteen that have no short escape, by their two hexadecimal digits: `1f`. */
function listCoded(ranges: readonly Range[], row: number): readonly Node[] {
  const digits: Range[] = [];
  for (let code = row; code < row + 16; code++) {
    if (!isInRanges(ranges, code) || shortEscapes.some(([short]) => short === code)) continue;
    const digit = (code - row).toString(16).charCodeAt(0);
    digits.push([digit, digit]);
  }
  return digits.length > 0 ? [sequence([text(row === 0 ? '0' : '1'), chars(digits)])] : [];
}
