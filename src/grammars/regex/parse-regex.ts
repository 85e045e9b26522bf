import { dot } from './named-classes.ts';
import type { Range } from './ranges.ts';
import { readBrackets } from './regex-class.ts';
import { RegexCursor } from './regex-cursor.ts';
import { readEscape } from './regex-escape.ts';

/** A pattern as it is written, its groups without their names. */
export type RegexTree =
  | { readonly kind: 'chars'; readonly ranges: readonly Range[] }
  | { readonly kind: 'anchor'; readonly side: 'start' | 'end'; readonly at: number }
  | { readonly kind: 'sequence'; readonly items: readonly RegexTree[] }
  | { readonly kind: 'choice'; readonly options: readonly RegexTree[] }
  | { readonly kind: 'repeat'; readonly item: RegexTree; readonly least: number; readonly most: number | undefined; readonly at: number };

const deepest = 100;
const largestBound = 100_000;

/** Reads the common subset of JavaScript's, Python's and RE2's regular expressions. Throws `RegexError`. */
export function parseRegex(pattern: string): RegexTree {
  const cursor = new RegexCursor(pattern);
  const tree = parseChoice(cursor, 0);
  if (!cursor.isAtEnd) throw cursor.fail('invalid', 'a parenthesis that was not opened');
  return tree;
}

/** `a|b` */
function parseChoice(cursor: RegexCursor, depth: number): RegexTree {
  if (depth > deepest) throw cursor.fail('too-large', `groups more than ${deepest} deep`);
  const options = [parseSequence(cursor, depth)];
  while (cursor.takes('|')) options.push(parseSequence(cursor, depth));
  const [only] = options;
  return options.length === 1 && only ? only : { kind: 'choice', options };
}

function parseSequence(cursor: RegexCursor, depth: number): RegexTree {
  const items: RegexTree[] = [];
  while (!cursor.isAtEnd && cursor.peek() !== '|' && cursor.peek() !== ')') items.push(parseRepeat(cursor, depth));
  return { kind: 'sequence', items };
}

/** An item with its `*`, `+`, `?`, `{2,3}`; the lazy forms match the same texts. */
function parseRepeat(cursor: RegexCursor, depth: number): RegexTree {
  const item = parseItem(cursor, depth);
  const at = cursor.at;
  const bounds = readQuantifier(cursor);
  if (!bounds) return item;
  if (item.kind === 'anchor') throw cursor.fail('unsupported', 'a repeated anchor', at);
  if (cursor.peek() === '+') throw cursor.fail('unsupported', 'a possessive repetition');
  cursor.takes('?');
  if (readQuantifier(cursor)) throw cursor.fail('invalid', 'a repetition of a repetition (use a group)', at);
  return { kind: 'repeat', item, ...bounds, at };
}

function readQuantifier(cursor: RegexCursor): { readonly least: number; readonly most: number | undefined } | undefined {
  if (cursor.takes('*')) return { least: 0, most: undefined };
  if (cursor.takes('+')) return { least: 1, most: undefined };
  if (cursor.takes('?')) return { least: 0, most: 1 };
  return cursor.peek() === '{' ? readBounds(cursor) : undefined;
}

/** `{2}`, `{2,}`, `{2,3}`; another brace is a letter. */
function readBounds(cursor: RegexCursor): { readonly least: number; readonly most: number | undefined } | undefined {
  const at = cursor.at;
  cursor.take();
  const least = cursor.takeRun(/^\d$/, 12);
  const most = cursor.takes(',') ? cursor.takeRun(/^\d$/, 12) : least;
  const isClosed = cursor.takes('}');
  if (isClosed && least === '' && most !== '') throw cursor.fail('unsupported', 'a repetition without its lower bound (write {0,…})', at);
  if (!isClosed || least === '') {
    cursor.at = at;
    return undefined;
  }
  const bounds = { least: Number(least), most: most === '' ? undefined : Number(most) };
  if (Math.max(bounds.least, bounds.most ?? 0) > largestBound) {
    throw cursor.fail('too-large', `a repetition of more than ${largestBound}`, at);
  }
  if (bounds.most !== undefined && bounds.most < bounds.least) throw cursor.fail('invalid', 'a repetition whose bounds are swapped', at);
  return bounds;
}

function parseItem(cursor: RegexCursor, depth: number): RegexTree {
  const at = cursor.at;
  const letter = cursor.take();
  switch (letter) {
    case '(':
      return parseGroup(cursor, depth, at);
    case '[':
      return { kind: 'chars', ranges: readBrackets(cursor) };
    case '.':
      return { kind: 'chars', ranges: dot };
    case '^':
      return { kind: 'anchor', side: 'start', at };
    case '$':
      return { kind: 'anchor', side: 'end', at };
    case '\\':
      return parseEscape(cursor, at);
    case '*':
    case '+':
    case '?':
      throw cursor.fail('invalid', `a ${letter} with nothing to repeat`, at);
    default:
      return readLetter(letter);
  }
}

function readLetter(letter: string): RegexTree {
  const codePoint = letter.codePointAt(0) ?? 0;
  return { kind: 'chars', ranges: [[codePoint, codePoint]] };
}

function parseEscape(cursor: RegexCursor, at: number): RegexTree {
  const letter = cursor.peek();
  if (letter === 'b' || letter === 'B') throw cursor.fail('unsupported', `a word boundary (\\${letter})`, at);
  if (cursor.takes('A')) return { kind: 'anchor', side: 'start', at };
  if (cursor.takes('z') || cursor.takes('Z')) return { kind: 'anchor', side: 'end', at };
  return { kind: 'chars', ranges: readEscape(cursor) };
}

/** `(a)`, `(?:a)`, `(?<name>a)`, `(?P<name>a)`, what follows the parenthesis. */
function parseGroup(cursor: RegexCursor, depth: number, at: number): RegexTree {
  if (cursor.takes('?')) passGroupKind(cursor, at);
  const tree = parseChoice(cursor, depth + 1);
  if (!cursor.takes(')')) throw cursor.fail('invalid', 'a parenthesis that is not closed', at);
  return tree;
}

function passGroupKind(cursor: RegexCursor, at: number): void {
  if (cursor.takes(':')) return;
  for (const [sign, what] of [
    ['=', 'a look-ahead'],
    ['!', 'a negative look-ahead'],
    ['<=', 'a look-behind'],
    ['<!', 'a negative look-behind'],
    ['>', 'an atomic group'],
    ['P=', 'a backreference'],
    ['P>', 'a recursion'],
    ['#', 'a comment'],
  ] as const)
    if (cursor.takes(sign)) throw cursor.fail('unsupported', what, at);
  const isNamed = cursor.takes('P<') || cursor.takes('<');
  if (isNamed && cursor.takeRun(/^[\w$]$/, 100) !== '' && cursor.takes('>')) return;
  throw cursor.fail(isNamed ? 'invalid' : 'unsupported', isNamed ? 'a group whose name is not closed' : 'a group with flags', at);
}
