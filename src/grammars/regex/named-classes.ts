import { complementRanges, type Range, uniteRanges } from './ranges.ts';

const digits: readonly Range[] = [[48, 57]];
const wordLetters = uniteRanges([
  [48, 57],
  [65, 90],
  [95, 95],
  [97, 122],
]);
const blanks = uniteRanges([
  [9, 13],
  [32, 32],
  [160, 160],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
  [0xfeff, 0xfeff],
]);

/** `.`: anything but the end of a line. */
export const dot = complementRanges([
  [10, 10],
  [13, 13],
  [0x2028, 0x2029],
]);

/** What `\d`, `\w`, `\s` and their negations stand for, by the letter. Digits and word letters are ASCII, blanks are Unicode's. Source: ECMA-262, CharacterClassEscape. */
export const namedClasses: ReadonlyMap<string, readonly Range[]> = new Map([
  ['d', digits],
  ['D', complementRanges(digits)],
  ['w', wordLetters],
  ['W', complementRanges(wordLetters)],
  ['s', blanks],
  ['S', complementRanges(blanks)],
]);

const otherProperties: readonly string[] = ['Alphabetic', 'Lowercase', 'Uppercase', 'White_Space', 'ASCII', 'Any'];
const known = new Map<string, readonly Range[]>();

/**
 * The characters with a Unicode property: a general category (`L`, `Lu`, `Letter` …) or one of a few others, fewer than a hundred. Undefined for any other name.
 * The first look at one takes some milliseconds.
 */
export function readUnicodeProperty(name: string): readonly Range[] | undefined {
  const found = known.get(name);
  if (found) return found;
  const members = compileProperty(name);
  if (!members) return undefined;
  const ranges = scanCharacters(members);
  known.set(name, ranges);
  return ranges;
}

function compileProperty(name: string): RegExp | undefined {
  if (!/^\w{1,30}$/.test(name)) return undefined;
  try {
    return new RegExp(otherProperties.includes(name) ? `\\p{${name}}` : `\\p{General_Category=${name}}`, 'u');
  } catch {
    return undefined;
  }
}

function scanCharacters(members: RegExp): readonly Range[] {
  const ranges: [number, number][] = [];
  for (let codePoint = 0; codePoint <= 0x10ffff; codePoint++) {
    if (codePoint === 0xd800) codePoint = 0xe000;
    if (!members.test(String.fromCodePoint(codePoint))) continue;
    const last = ranges.at(-1);
    if (last && last[1] === codePoint - 1) last[1] = codePoint;
    else ranges.push([codePoint, codePoint]);
  }
  return ranges;
}
