import { charge, chargeLetters } from './budget.ts';

// up to here the native search looks at a letter this often at worst, as in `aaaab` among many `a`
const nativeChars = 32;

function chargeNative(length: number, wanted: string): void {
  charge((length * Math.max(1, wanted.length)) / 512);
}

/** The place of `wanted` in a text from `start` on, or -1; the work grows with the two lengths and no faster. */
export function findText(text: string, wanted: string, start = 0): number {
  const length = Math.max(0, text.length - start);
  if (wanted.length > length) return -1;
  if (wanted.length > nativeChars) return findLong(text, wanted, start);
  const found = text.indexOf(wanted, start);
  chargeNative(found === -1 ? length : found - start, wanted);
  return found;
}

/** Whether a text holds `wanted`. */
export function hasText(text: string, wanted: string): boolean {
  return findText(text, wanted) !== -1;
}

/** The last place of `wanted` in a text, or -1. */
export function findLastText(text: string, wanted: string): number {
  if (wanted.length <= nativeChars) {
    chargeNative(text.length, wanted);
    return text.lastIndexOf(wanted);
  }
  let last = -1;
  for (let place = findText(text, wanted); place !== -1; place = findText(text, wanted, place + 1)) last = place;
  return last;
}

/** The parts of a text between the places of `wanted`, which isn't empty. */
export function splitAt(text: string, wanted: string): string[] {
  const parts: string[] = [];
  let start = 0;
  for (let place = findText(text, wanted); place !== -1; place = findText(text, wanted, start)) {
    parts.push(text.slice(start, place));
    start = place + wanted.length;
  }
  parts.push(text.slice(start));
  charge(parts.length);
  return parts;
}

/** Knuth, Morris and Pratt: no letter of the text is looked at again. */
function findLong(text: string, wanted: string, start: number): number {
  chargeLetters(wanted.length);
  const borders = findBorders(wanted);
  let matched = 0;
  let index = start;
  for (; index < text.length && matched < wanted.length; index++) {
    const unit = text.charCodeAt(index);
    while (matched > 0 && wanted.charCodeAt(matched) !== unit) matched = borders[matched - 1] ?? 0;
    if (wanted.charCodeAt(matched) === unit) matched++;
  }
  chargeLetters(index - start);
  return matched === wanted.length ? index - matched : -1;
}

/** For each beginning of a text the length of its longest proper part that is both its start and its end. */
function findBorders(text: string): Uint32Array {
  const borders = new Uint32Array(text.length);
  let length = 0;
  for (let index = 1; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    while (length > 0 && text.charCodeAt(length) !== unit) length = borders[length - 1] ?? 0;
    if (text.charCodeAt(length) === unit) length++;
    borders[index] = length;
  }
  return borders;
}
