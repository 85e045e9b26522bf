import { chars, choice, repeat, sequence, text } from '../build.ts';
import type { Node } from '../ir.ts';

/** A bound from 0: `{ whole: '12', fraction: '5' }` */
export interface Decimal {
  readonly whole: string;
  readonly fraction: string;
}

/** Numbers from 0 that are written without a sign and an exponent. */
export interface NumberRange {
  readonly least: Decimal;
  readonly isLeastExcluded: boolean;
  /** undefined: no bound but that of the digits */
  readonly most: Decimal | undefined;
  readonly isMostExcluded: boolean;
  /** digits behind the point; 0: integers */
  readonly fractionDigits: number;
}

const mostWholeDigits = 21;
/** Every number of so many digits is told from every other when it is read as a double. */
const distinctDigits = 15;
/** Digits behind the point where nothing bounds them: all that JavaScript ever writes. */
export const usualFractionDigits = 25;

/** A number's decimal digits without its sign; `1e-7` is 0.0000001. */
export function toDecimal(value: number): Decimal {
  const [coefficient = '0', exponent = '0'] = Math.abs(value).toString().split('e');
  const [whole = '0', fraction = ''] = coefficient.split('.');
  const shift = Number(exponent);
  if (shift >= 0) {
    const digits = fraction.padEnd(shift, '0');
    return { whole: trimZeros(whole + digits.slice(0, shift)), fraction: digits.slice(shift) };
  }
  const digits = whole.padStart(1 - shift, '0');
  return { whole: trimZeros(digits.slice(0, shift)), fraction: digits.slice(shift) + fraction };
}

function trimZeros(digits: string): string {
  return digits.replace(/^0+(?=.)/, '');
}

/** The numbers of the range, digit by digit: about one choice for each digit of the bounds. Undefined if there are none. */
export function writeRange(range: NumberRange): Node | undefined {
  return new RangeWriter(range).write();
}

/** A bound is tight while all digits so far are its own: only then it limits the next one. */
interface Tight {
  readonly least: boolean;
  readonly most: boolean;
}

class RangeWriter {
  readonly #range: NumberRange;
  readonly #fractionDigits: number;

  constructor(range: NumberRange) {
    this.#range = range;
    this.#fractionDigits = range.fractionDigits < usualFractionDigits ? range.fractionDigits : countFractionDigits(range);
  }

  write(): Node | undefined {
    const shortest = this.#range.least.whole.length;
    const longest = this.#range.most?.whole.length ?? Math.max(mostWholeDigits, shortest + 1);
    if (shortest > longest) return undefined;
    const options = [this.#writeWhole(0, shortest, { least: true, most: shortest === longest && this.#range.most !== undefined })];
    const lastFree = this.#range.most ? longest - 1 : longest;
    if (lastFree > shortest) options.push(sequence([digits(1, 9), repeat(digits(0, 9), shortest, lastFree - 1), this.#freeFraction(0)]));
    if (this.#range.most && longest > shortest) options.push(this.#writeWhole(0, longest, { least: false, most: true }));
    return chooseAny(options);
  }

  /** The digits of the whole part from `at` on, with the fraction. */
  #writeWhole(at: number, length: number, tight: Tight): Node | undefined {
    if (!tight.least && !tight.most) return sequence([repeat(digits(0, 9), length - at, length - at), this.#freeFraction(0)]);
    if (at === length) return this.#writeFraction(0, tight);
    const from = tight.least ? digitAt(this.#range.least.whole, at) : at === 0 && length > 1 ? 1 : 0;
    const to = tight.most ? digitAt(this.#range.most?.whole ?? '', at) : 9;
    return chooseDigit(from, to, tight, (next) => this.#writeWhole(at + 1, length, next));
  }

  /** The end, or more digits behind the point; `at` of them are written. */
  #writeFraction(at: number, tight: Tight): Node | undefined {
    if (!tight.least && !tight.most) return this.#freeFraction(at);
    const { least, most } = this.#range;
    const ending = this.#mayEnd(at, tight) ? sequence([]) : undefined;
    if (at >= this.#fractionDigits) return ending;
    const from = tight.least ? digitAt(least.fraction, at) : 0;
    const to = tight.most ? digitAt(most?.fraction ?? '', at) : 9;
    const more = chooseDigit(from, to, tight, (next) => this.#writeFraction(at + 1, this.#loosen(at + 1, next)));
    const dotted = more && at === 0 ? sequence([text('.'), more]) : more;
    if (!ending || !dotted) return dotted ?? ending;
    return repeat(dotted, 0, 1);
  }

  /** A lower bound whose digits are all written no longer limits, unless it is excluded. */
  #loosen(at: number, tight: Tight): Tight {
    const isPast = at >= this.#range.least.fraction.length && !this.#range.isLeastExcluded;
    return { ...tight, least: tight.least && !isPast };
  }

  #mayEnd(at: number, tight: Tight): boolean {
    const { least, most, isLeastExcluded, isMostExcluded } = this.#range;
    const isLeastReached = !hasDigits(least.fraction, at) && !isLeastExcluded;
    const isMostKept = hasDigits(most?.fraction ?? '', at) || !isMostExcluded;
    return (!tight.least || isLeastReached) && (!tight.most || isMostKept);
  }

  #freeFraction(at: number): Node {
    const rest = this.#fractionDigits - at;
    if (rest <= 0) return sequence([]);
    return at > 0 ? repeat(digits(0, 9), 0, rest) : repeat(sequence([text('.'), repeat(digits(0, 9), 1, rest)]), 0, 1);
  }
}

/**
 * One digit more than the bounds have, so that something lies between them. Beside an excluded bound no more than fifteen digits in all: a number with more
 * might be the bound itself when it is read.
 */
function countFractionDigits({ least, most, isLeastExcluded, isMostExcluded }: NumberRange): number {
  const own = 1 + Math.max(least.fraction.length, most?.fraction.length ?? 0);
  const isExcluded = isMostExcluded || (isLeastExcluded && /[1-9]/.test(least.whole + least.fraction));
  const whole = Math.max(least.whole.length, most?.whole.length ?? 0);
  return Math.max(own, isExcluded ? distinctDigits - whole : usualFractionDigits);
}

/** One digit and what follows it: the bounds' own digits stay tight, those between are free. */
function chooseDigit(from: number, to: number, tight: Tight, write: (next: Tight) => Node | undefined): Node | undefined {
  if (from > to) return undefined;
  const options: (Node | undefined)[] = [];
  const add = (first: number, last: number, next: Tight) => {
    if (first > last) return;
    const rest = write(next);
    options.push(rest && sequence([digits(first, last), rest]));
  };
  if (from === to) add(from, to, tight);
  else {
    if (tight.least) add(from, from, { least: true, most: false });
    add(tight.least ? from + 1 : from, tight.most ? to - 1 : to, { least: false, most: false });
    if (tight.most) add(to, to, { least: false, most: true });
  }
  return chooseAny(options);
}

function chooseAny(options: readonly (Node | undefined)[]): Node | undefined {
  const possible = options.filter((option) => option !== undefined);
  return possible.length === 0 ? undefined : choice(possible);
}

function digits(from: number, to: number): Node {
  return chars([[48 + from, 48 + to]]);
}

function digitAt(written: string, at: number): number {
  return Number(written[at] ?? '0');
}

function hasDigits(fraction: string, at: number): boolean {
  return /[1-9]/.test(fraction.slice(at));
}
