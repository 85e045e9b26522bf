import { chargeLetters, chargeText } from './budget.ts';

/** Letters that Python's `str.strip`, `split` and `isspace` take for whitespace (not JavaScript's set: U+001C–1F and U+0085 are in, U+FEFF is not). */
const pythonSpace = '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';
/** What begins a new line for `str.splitlines`. */
const lineBreak = /\r\n|[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]/g;
export const spaceRun = new RegExp(`[${pythonSpace}]+`, 'g');
const isSpaceOnly = new RegExp(`^[${pythonSpace}]+$`);
const oneSpace = new RegExp(`^[${pythonSpace}]$`);
const notPrintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Zs}]/u;
const surrogate = /[\ud800-\udfff]/;

/** Whether a text is not empty and all whitespace, as Python's `isspace`. */
export function isSpaceText(text: string): boolean {
  chargeLetters(text.length);
  return isSpaceOnly.test(text);
}

/** Whether Python's `repr` shows a letter as it is. */
export function isPrintable(letter: string): boolean {
  return letter === ' ' || !notPrintable.test(letter);
}

/** Whether UTF-16 units and code points are the same thing in a text. */
export function isFlat(text: string): boolean {
  chargeText(text.length);
  return !surrogate.test(text);
}

/** The number of code points. */
export function countLetters(text: string): number {
  if (isFlat(text)) return text.length;
  chargeLetters(text.length);
  let count = 0;
  for (const _ of text) count++;
  return count;
}

/** The code points of a text, one string each. */
export function lettersOf(text: string): string[] {
  chargeLetters(text.length * 3);
  return isFlat(text) ? text.split('') : [...text];
}

/** Which ends to take letters from. */
export type Side = 'left' | 'right' | 'both';

/** `str.strip` and its one-sided forms; without `letters` it takes whitespace. */
export function stripText(text: string, side: Side, letters?: string): string {
  chargeText(text.length);
  const isTaken = letters === undefined ? isSpaceLetter : takesOf(letters);
  let start = 0;
  let end = text.length;
  if (side !== 'right') while (start < end && isTaken(letterAt(text, start))) start += letterAt(text, start).length;
  if (side !== 'left') while (end > start && isTaken(letterBefore(text, end))) end -= letterBefore(text, end).length;
  chargeLetters((text.length - (end - start)) * 3);
  return start === 0 && end === text.length ? text : text.slice(start, end);
}

function isSpaceLetter(letter: string): boolean {
  const code = letter.charCodeAt(0);
  if (code > 32 && code < 133) return false;
  return oneSpace.test(letter);
}

function takesOf(letters: string): (letter: string) => boolean {
  if (letters.length === 1) return (letter) => letter === letters;
  const set = new Set(letters);
  return (letter) => set.has(letter);
}

function letterAt(text: string, index: number): string {
  const code = text.codePointAt(index) ?? 0;
  return code > 0xffff ? text.slice(index, index + 2) : text.charAt(index);
}

function letterBefore(text: string, end: number): string {
  const wide = end >= 2 ? (text.codePointAt(end - 2) ?? 0) : 0;
  return wide > 0xffff ? text.slice(end - 2, end) : text.charAt(end - 1);
}

/** `str.splitlines`. */
export function splitLines(text: string, keepsEnds = false): string[] {
  chargeLetters(text.length * 4);
  const lines: string[] = [];
  let start = 0;
  for (const found of text.matchAll(lineBreak)) {
    const end = found.index + found[0].length;
    lines.push(text.slice(start, keepsEnds ? end : found.index));
    start = end;
  }
  if (start < text.length) lines.push(text.slice(start));
  return lines;
}
