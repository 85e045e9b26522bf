import { anyCharacter, complementRanges, intersectRanges, type Range, uniteRanges } from './ranges.ts';
import type { RegexCursor } from './regex-cursor.ts';
import { readEscape } from './regex-escape.ts';

/** Reads `a-z_\d]` or `^…]`, what follows an opening bracket. */
export function readBrackets(cursor: RegexCursor): readonly Range[] {
  const at = cursor.at - 1;
  const isNegated = cursor.takes('^');
  // empty brackets match nothing in JavaScript, in Python the bracket is a letter
  if (cursor.peek() === ']') throw cursor.fail('unsupported', 'brackets with nothing in them (write \\] for the letter)', at);
  if (/^[:.=]$/.test(cursor.peek(1)) && cursor.peek() === '[') throw cursor.fail('unsupported', 'a POSIX class', cursor.at);
  const ranges: Range[] = [];
  while (!cursor.takes(']')) {
    if (cursor.isAtEnd) throw cursor.fail('invalid', 'a bracket that is not closed', at);
    ranges.push(...readRange(cursor));
  }
  const members = isNegated ? complementRanges(ranges) : intersectRanges(uniteRanges(ranges), anyCharacter);
  if (members.length === 0) throw cursor.fail('unsupported', 'brackets that match nothing', at);
  return members;
}

function readRange(cursor: RegexCursor): readonly Range[] {
  const at = cursor.at;
  const first = readMember(cursor);
  if (cursor.peek() !== '-' || cursor.peek(1) === ']' || cursor.peek(1) === '') return first;
  const from = onlyCharacter(first);
  cursor.take();
  const last = readMember(cursor);
  const to = onlyCharacter(last);
  // `\d-x`: a class is no end of a range, so the dash is a letter
  if (from === undefined || to === undefined) return [...first, [45, 45], ...last];
  if (from > to) throw cursor.fail('invalid', 'a range whose end is before its start', at);
  return [[from, to]];
}

function readMember(cursor: RegexCursor): readonly Range[] {
  if (cursor.takes('\\b')) return [[8, 8]];
  if (cursor.takes('\\')) return readEscape(cursor);
  const codePoint = cursor.take().codePointAt(0) ?? 0;
  return [[codePoint, codePoint]];
}

function onlyCharacter(ranges: readonly Range[]): number | undefined {
  const [range] = ranges;
  return ranges.length === 1 && range && range[0] === range[1] ? range[0] : undefined;
}
