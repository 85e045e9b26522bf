import { chars, choice, optional, repeat, sequence, text } from '../build.ts';
import type { Node } from '../ir.ts';
import type { Quote } from '../regex/in-quotes.ts';
import { complementRanges, type Range } from '../regex/ranges.ts';
import type { Expansion } from './expansion.ts';
import { literalWords } from './literals.ts';

/** Arrays and objects in one another where a schema says nothing: a model that only opens brackets comes to an end. */
const anyDepth = 12;

const hexDigits: readonly Range[] = [
  [48, 57],
  [65, 70],
  [97, 102],
];
const hex = chars(hexDigits);

/** Any JSON value, arrays and objects at most twelve deep. */
export function anyValue(expansion: Expansion, depth = anyDepth): Node {
  return expansion.share(`any ${depth}`, `any-${depth}`, () => {
    const { punctuation } = expansion;
    const words = Object.values(literalWords[expansion.notation]).map((word) => text(word));
    const scalars = [anyString(expansion), anyNumber(expansion), ...words];
    if (depth === 0) return choice([...scalars, punctuation.enclose('{', undefined, '}'), punctuation.enclose('[', undefined, ']')]);
    const item = anyValue(expansion, depth - 1);
    const member = sequence([anyString(expansion), punctuation.colon, item]);
    return choice([...scalars, listOf(expansion, '{', member, '}'), listOf(expansion, '[', item, ']')]);
  });
}

function listOf(expansion: Expansion, open: string, item: Node, close: string): Node {
  const { punctuation } = expansion;
  const items = sequence([item, repeat(sequence([punctuation.comma, item]), 0, undefined)]);
  return choice([punctuation.enclose(open, undefined, close), punctuation.enclose(open, items, close)]);
}

/** Any string, each character in any of its spellings. */
export function anyString(expansion: Expansion): Node {
  return expansion.share('string', 'string', () => boundedString(expansion, 0, undefined));
}

/** A string of so many characters, each in any of its spellings. */
export function boundedString(expansion: Expansion, least: number, most: number | undefined): Node {
  return expansion.punctuation.quote((quote) => repeat(anyLetter(expansion, quote), least, most));
}

function anyLetter(expansion: Expansion, quote: Quote): Node {
  return expansion.share(`letter ${quote}`, quote === '"' ? 'letter' : 'letter-single', () => letters[expansion.notation][quote]);
}

function writeLetter(notation: 'json' | 'python', quote: Quote): Node {
  const quoteCode = quote.charCodeAt(0);
  const plain = chars(
    complementRanges([
      [0, 31],
      [quoteCode, quoteCode],
      [92, 92],
    ]),
  );
  // Python reads `\/` as two characters and halves of a pair as two
  const isPython = notation === 'python';
  const short = chars(Array.from(isPython ? `${quote}\\bfnrt` : '"\\/bfnrt', toRange));
  const coded = sequence([text('u'), isPython ? codedCharacter : choice([codedCharacter, codedPair])]);
  return choice([plain, sequence([text('\\'), choice([short, coded])])]);
}

function toRange(letter: string): Range {
  return [letter.charCodeAt(0), letter.charCodeAt(0)];
}

/** `00e9`: four hexadecimal digits that are no half of a surrogate pair. */
const codedCharacter = choice([
  sequence([
    chars([
      [48, 57],
      [65, 67],
      [69, 70],
      [97, 99],
      [101, 102],
    ]),
    repeat(hex, 3, 3),
  ]),
  sequence([chars([...'dD'].map(toRange)), chars([[48, 55]]), repeat(hex, 2, 2)]),
]);

/** `d83d\ude00` */
const codedPair = sequence([
  chars([...'dD'].map(toRange)),
  chars([...'89abAB'].map(toRange)),
  repeat(hex, 2, 2),
  text('\\u'),
  chars([...'dD'].map(toRange)),
  chars([...'cdefCDEF'].map(toRange)),
  repeat(hex, 2, 2),
]);

const letters = {
  json: { '"': writeLetter('json', '"'), "'": writeLetter('json', "'") },
  python: { '"': writeLetter('python', '"'), "'": writeLetter('python', "'") },
} as const;

/** A JSON number: what JavaScript writes for its numbers below 1e308, and no endless digits. */
export function anyNumber(expansion: Expansion): Node {
  return expansion.share('number', 'number', () => {
    const fraction = optional(sequence([text('.'), repeat(digit, 1, 25)]));
    const sign = optional(text('-'));
    return choice([sequence([anyInteger(expansion), fraction]), sequence([sign, digit, fraction, exponent])]);
  });
}

const digit = chars([[48, 57]]);
/** `e-7`, to 307: what is larger is no number but infinity. */
const exponent = sequence([
  chars(Array.from('eE', toRange)),
  optional(chars(Array.from('+-', toRange))),
  choice([repeat(digit, 1, 2), sequence([chars([[49, 50]]), digit, digit]), sequence([text('30'), chars([[48, 55]])])]),
]);

/** An integer of at most 21 digits, without point and exponent. */
export function anyInteger(expansion: Expansion): Node {
  return expansion.share('integer', 'integer', () => {
    const whole = choice([text('0'), sequence([chars([[49, 57]]), repeat(digit, 0, 20)])]);
    return sequence([optional(text('-')), whole]);
  });
}
