import { charge, chargeLetters } from './budget.ts';
import { JinjaError, typeError } from './errors.ts';
import { floatText } from './repr.ts';
import { stripText } from './unicode.ts';
import { integerOf, numberOf, PyFloat, toInteger, typeNameOf, Undefined, type Value } from './values.ts';

/** A number in fixed notation with `digits` decimals, rounded half to even on the exact binary value, as C does it. */
export function fixedText(value: number, digits: number): string {
  if (!Number.isFinite(value)) return floatText(value);
  const isNegative = value < 0 || Object.is(value, -0);
  const scaled = scaleExactly(Math.abs(value), digits);
  const written = scaled.toString().padStart(digits + 1, '0');
  const whole = written.slice(0, written.length - digits);
  return `${isNegative ? '-' : ''}${digits === 0 ? whole : `${whole}.${written.slice(written.length - digits)}`}`;
}

/** `value * 10 ** digits` rounded half to even, exactly; `digits` may be negative. */
export function scaleExactly(value: number, digits: number): bigint {
  chargePower(digits);
  const { mantissa, exponent } = splitFloat(value);
  let top = mantissa;
  let bottom = 1n;
  if (exponent > 0) top <<= BigInt(exponent);
  else bottom <<= BigInt(-exponent);
  if (digits > 0) top *= 10n ** BigInt(digits);
  else bottom *= 10n ** BigInt(-digits);
  return divideHalfEven(top, bottom);
}

/** Counts work on a number of this many decimal digits; refuses more of them than anything prints. */
export function chargePower(digits: number): void {
  const size = Math.abs(digits);
  if (size > 20_000) throw new JinjaError('limit', 'The template asks for more than 20000 digits of a number.');
  charge((size * size) / 16384);
}

/** A quotient rounded half to even. */
export function divideHalfEven(top: bigint, bottom: bigint): bigint {
  const quotient = top / bottom;
  const twice = (top - quotient * bottom) * 2n;
  const isUp = twice > bottom || (twice === bottom && quotient % 2n === 1n);
  return isUp ? quotient + 1n : quotient;
}

function splitFloat(value: number): { readonly mantissa: bigint; readonly exponent: number } {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const power = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xfffffffffffffn;
  return power === 0 ? { mantissa: fraction, exponent: -1074 } : { mantissa: fraction | (1n << 52n), exponent: power - 1075 };
}

/** `d.ddde+XX` with `digits` decimals. */
export function exponentText(value: number, digits: number): string {
  if (!Number.isFinite(value)) return floatText(value);
  const [mantissa = '', power = '0'] = exactExponential(value, digits).split('e');
  return `${mantissa}e${power.startsWith('-') ? '-' : '+'}${power.replace(/[+-]/, '').padStart(2, '0')}`;
}

function exactExponential(value: number, digits: number): string {
  if (value === 0) return `${(Object.is(value, -0) ? '-' : '') + (0).toFixed(digits)}e0`;
  let exponent = Number(value.toExponential().split('e')[1]);
  let scaled = scaleExactly(Math.abs(value), digits - exponent).toString();
  if (scaled.length > digits + 1) {
    exponent++;
    scaled = scaleExactly(Math.abs(value), digits - exponent).toString();
  }
  const mantissa = digits === 0 ? scaled : `${scaled[0]}.${scaled.slice(1)}`;
  return `${value < 0 ? '-' : ''}${mantissa}e${exponent}`;
}

/** C's `%g`: `digits` significant digits, no trailing zeros unless `isAlternate`. */
export function generalText(value: number, digits: number, isAlternate = false): string {
  if (!Number.isFinite(value)) return floatText(value);
  const places = Math.max(1, digits);
  const exponent = Number(exactExponential(value, places - 1).split('e')[1]);
  const isShort = exponent >= -4 && exponent < places;
  const text = isShort ? fixedText(value, places - 1 - exponent) : exponentText(value, places - 1);
  if (isAlternate || !text.includes('.')) return text;
  return text.replace(/\.?0+(?=$|e)/, '');
}

/** Python's `int(text, base)`, undefined where it raises ValueError. */
export function readInteger(written: string, base = 10): number | bigint | undefined {
  chargeLetters(written.length);
  const match = /^([+-]?)(0[xX]|0[oO]|0[bB])?(_?[0-9a-zA-Z]+(?:_[0-9a-zA-Z]+)*)$/.exec(toAsciiDigits(stripText(written, 'both')));
  if (match === null) return undefined;
  const [, sign = '', prefix = '', body = ''] = match;
  const named = { x: 16, o: 8, b: 2 }[prefix.charAt(1).toLowerCase()];
  // `0b1` in base 16 is digits, not a prefix
  const isPrefix = named !== undefined && (base === named || base === 0);
  const radix = base === 0 ? (named ?? 10) : base;
  const digits = (isPrefix ? body : prefix + body).replaceAll('_', '').toLowerCase();
  if (!isPrefix && body.startsWith('_')) return undefined;
  if (base === 0 && !isPrefix && /^0+[1-9]/.test(digits)) return undefined;
  return readDigits(digits, radix, sign === '-');
}

/** Python, too, turns no longer text into an integer, nor back. */
const mostDigits = 4300;

function readDigits(digits: string, radix: number, isNegative: boolean): number | bigint | undefined {
  if (digits.length > mostDigits) return undefined;
  charge((digits.length * digits.length) / 1024);
  let value = 0n;
  for (const digit of digits) {
    const worth = Number.parseInt(digit, 36);
    if (worth >= radix) return undefined;
    value = value * BigInt(radix) + BigInt(worth);
  }
  return toInteger(isNegative ? -value : value);
}

/** Python's `float(text)`, undefined where it raises ValueError. */
export function readFloat(written: string): number | undefined {
  chargeLetters(written.length);
  const text = toAsciiDigits(stripText(written, 'both'));
  if (/^[+-]?(?:\d+(?:_\d+)*\.?(?:\d+(?:_\d+)*)?|\.\d+(?:_\d+)*)(?:[eE][+-]?\d+(?:_\d+)*)?$/.test(text))
    return Number(text.replaceAll('_', ''));
  const word = /^([+-]?)(inf|infinity|nan)$/i.exec(text);
  if (word === null) return undefined;
  const value = word[2]?.toLowerCase() === 'nan' ? Number.NaN : Infinity;
  return word[1] === '-' ? -value : value;
}

function toAsciiDigits(text: string): string {
  if (/^[\x00-\x7f]*$/.test(text)) return text;
  return text.replace(/\p{Nd}/gu, (digit) => String(digitValue(digit)));
}

/** The worth of a decimal digit of any script: the digits of a script stand in a row from its zero. */
function digitValue(digit: string): number {
  const code = digit.codePointAt(0) ?? 0;
  let worth = 0;
  while (worth < 9 && /\p{Nd}/u.test(String.fromCodePoint(code - worth - 1))) worth++;
  return code < 0x80 ? code - 48 : worth;
}

/** Python's `int(value)` for a number; raises for other types and for infinities. */
export function truncateNumber(value: Value): number | bigint {
  if (value instanceof Undefined) throw value.fail();
  const integer = integerOf(value);
  if (integer !== undefined) return integer;
  if (!(value instanceof PyFloat))
    throw typeError(`int() argument must be a string, a bytes-like object or a real number, not '${typeNameOf(value)}'`);
  if (!Number.isFinite(value.value)) {
    throw typeError(Number.isNaN(value.value) ? 'cannot convert float NaN to integer' : 'cannot convert float infinity to integer');
  }
  return toInteger(BigInt(Math.trunc(value.value)));
}

/** A float argument: any number; raises for other types. */
export function requireNumber(value: Value): number {
  if (value instanceof Undefined) throw value.fail();
  const number = numberOf(value);
  if (number === undefined) throw typeError(`must be real number, not ${typeNameOf(value)}`);
  return number;
}
