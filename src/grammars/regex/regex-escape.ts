import { namedClasses, readUnicodeProperty } from './named-classes.ts';
import { complementRanges, type Range } from './ranges.ts';
import type { RegexCursor } from './regex-cursor.ts';

const controls: ReadonlyMap<string, number> = new Map([
  ['t', 9],
  ['n', 10],
  ['v', 11],
  ['f', 12],
  ['r', 13],
  ['0', 0],
  ['a', 7],
]);
const hex = /^[0-9a-fA-F]$/;

/** Reads what follows a backslash and stands for characters: `n`, `d`, `x41`, `u{1F600}`, `p{L}`, `.`; the same inside and outside of brackets. */
export function readEscape(cursor: RegexCursor): readonly Range[] {
  const at = cursor.at - 1;
  const letter = cursor.take();
  const named = namedClasses.get(letter);
  if (named) return named;
  if (letter === 'p' || letter === 'P') return readProperty(cursor, letter === 'P', at);
  if (letter === '0' && /^\d$/.test(cursor.peek())) throw cursor.fail('unsupported', 'an octal escape (write \\xHH)', at);
  const codePoint = controls.get(letter) ?? readCoded(cursor, letter, at) ?? readPunctuation(letter);
  if (codePoint !== undefined) return [[codePoint, codePoint]];
  if (letter === '') throw cursor.fail('invalid', 'a backslash with nothing behind it', at);
  if (/^[1-9k]$/.test(letter)) throw cursor.fail('unsupported', `a backreference (\\${letter})`, at);
  throw cursor.fail('unsupported', `the escape \\${letter}`, at);
}

function readCoded(cursor: RegexCursor, letter: string, at: number): number | undefined {
  switch (letter) {
    case 'x':
      return readHex(cursor, 2, at);
    case 'U':
      return readHex(cursor, 8, at);
    case 'u':
      return cursor.takes('{') ? readBraced(cursor, at) : readPair(cursor, readHex(cursor, 4, at), at);
    case 'c':
      return readControl(cursor, at);
    default:
      return undefined;
  }
}

function readHex(cursor: RegexCursor, count: number, at: number): number {
  const digits = cursor.takeRun(hex, count);
  if (digits.length < count) throw cursor.fail('invalid', `an escape that wants ${count} hexadecimal digits`, at);
  return checkCodePoint(cursor, Number.parseInt(digits, 16), at);
}

function readBraced(cursor: RegexCursor, at: number): number {
  const digits = cursor.takeRun(hex, 8);
  if (digits === '' || !cursor.takes('}')) throw cursor.fail('invalid', 'a \\u{…} that is not closed', at);
  const codePoint = checkCodePoint(cursor, Number.parseInt(digits, 16), at);
  if (isSurrogate(codePoint)) throw cursor.fail('unsupported', 'half of a surrogate pair', at);
  return codePoint;
}

/** `\ud83d\ude00` is one character. */
function readPair(cursor: RegexCursor, first: number, at: number): number {
  if (!isSurrogate(first)) return first;
  const second = cursor.takes('\\u') ? readHex(cursor, 4, at) : 0;
  if (first >= 0xdc00 || second < 0xdc00 || second > 0xdfff) throw cursor.fail('unsupported', 'half of a surrogate pair', at);
  return 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
}

function isSurrogate(codePoint: number): boolean {
  return codePoint >= 0xd800 && codePoint <= 0xdfff;
}

function checkCodePoint(cursor: RegexCursor, codePoint: number, at: number): number {
  if (codePoint > 0x10ffff) throw cursor.fail('invalid', 'a code point over 10FFFF', at);
  return codePoint;
}

function readControl(cursor: RegexCursor, at: number): number {
  const letter = cursor.takeRun(/^[A-Za-z]$/, 1);
  if (letter === '') throw cursor.fail('invalid', '\\c without a letter', at);
  return letter.charCodeAt(0) % 32;
}

function readPunctuation(letter: string): number | undefined {
  return letter !== '' && !/^[\p{L}\p{N}_]$/u.test(letter) ? letter.codePointAt(0) : undefined;
}

function readProperty(cursor: RegexCursor, isNegated: boolean, at: number): readonly Range[] {
  if (!cursor.takes('{')) throw cursor.fail('unsupported', 'a Unicode property without braces', at);
  const name = cursor.takeRun(/^[\w=]$/, 100);
  const ranges = cursor.takes('}') ? readUnicodeProperty(name) : undefined;
  if (!ranges) throw cursor.fail('unsupported', `the Unicode property ${JSON.stringify(name)}`, at);
  return isNegated ? complementRanges(ranges) : ranges;
}
