import { add } from './arithmetic.ts';
import { isTruthy } from './compare.ts';
import { JinjaError, typeError } from './errors.ts';
import { defineFilter, type Filter } from './filter.ts';
import { makeGetter } from './getter.ts';
import { iterate } from './iterate.ts';
import { requireInteger } from './method.ts';
import { chargePower, divideHalfEven, fixedText, readFloat, readInteger, scaleExactly, truncateNumber } from './number-text.ts';
import { integerOf, numberOf, PyFloat, textOf, toInteger, typeNameOf, Undefined, type Value } from './values.ts';

function toInt(value: Value, [fallback = 0, base = 10]: readonly (Value | undefined)[]): Value {
  if (value instanceof Undefined) throw value.fail();
  const text = textOf(value);
  if (text === undefined)
    return numberOf(value) === undefined || !Number.isFinite(numberOf(value)) ? toIntOrFail(value, fallback) : truncateNumber(value);
  const whole = readInteger(text, requireInteger(base));
  if (whole !== undefined) return whole;
  const float = readFloat(text);
  if (float === undefined || !Number.isFinite(float)) return fallback;
  return truncateNumber(new PyFloat(float));
}

/** Not a number gives the default; an infinity raises, as OverflowError is not among what the filter catches. */
function toIntOrFail(value: Value, fallback: Value): Value {
  if (integerOf(value) !== undefined) return truncateNumber(value);
  const isInfinite = value instanceof PyFloat && !Number.isNaN(value.value);
  return isInfinite ? truncateNumber(value) : fallback;
}

function toFloat(value: Value, [fallback = new PyFloat(0)]: readonly (Value | undefined)[]): Value {
  if (value instanceof Undefined) throw value.fail();
  const text = textOf(value);
  const number = text === undefined ? numberOf(value) : readFloat(text);
  return number === undefined ? fallback : new PyFloat(number);
}

function absolute(value: Value): Value {
  if (value instanceof Undefined) throw typeError("bad operand type for abs(): 'Undefined'");
  const integer = integerOf(value);
  if (integer !== undefined) return integer < 0 ? toInteger(-BigInt(integer)) : integer;
  if (value instanceof PyFloat) return new PyFloat(Math.abs(value.value));
  throw typeError(`bad operand type for abs(): '${typeNameOf(value)}'`);
}

function round(value: Value, [precision = 0, method = 'common']: readonly (Value | undefined)[]): Value {
  const way = textOf(method);
  if (way !== 'common' && way !== 'ceil' && way !== 'floor') throw new JinjaError('template', 'method must be common, ceil or floor');
  if (way === 'common') return roundCommon(value, requireInteger(precision));
  const number = numberOf(value);
  if (value instanceof Undefined) throw value.fail();
  if (number === undefined) throw typeError(`must be real number, not ${typeNameOf(value)}`);
  const scale = 10 ** requireInteger(precision);
  return new PyFloat((way === 'ceil' ? Math.ceil(number * scale) : Math.floor(number * scale)) / scale);
}

function roundCommon(value: Value, precision: number): Value {
  const integer = integerOf(value);
  if (integer !== undefined) {
    if (precision >= 0) return integer;
    chargePower(precision);
    const unit = 10n ** BigInt(-precision);
    const whole = BigInt(integer);
    const rounded = divideHalfEven(whole < 0n ? -whole : whole, unit) * unit;
    return toInteger(whole < 0n ? -rounded : rounded);
  }
  if (!(value instanceof PyFloat)) throw typeError(`type ${typeNameOf(value)} doesn't define __round__ method`);
  if (!Number.isFinite(value.value) || precision > 300) return value;
  const text = precision >= 0 ? fixedText(value.value, precision) : `${scaleExactly(Math.abs(value.value), precision)}e${-precision}`;
  return new PyFloat(precision >= 0 || value.value >= 0 ? Number(text) : -Number(text));
}

function fileSize(value: Value, isBinary: boolean): string {
  const number = toFloat(value, [new PyFloat(Number.NaN)]);
  const bytes = numberOf(number) ?? 0;
  if (Number.isNaN(bytes)) throw typeError('could not convert to float');
  const base = isBinary ? 1024 : 1000;
  if (bytes === 1) return '1 Byte';
  if (bytes < base) return `${truncateNumber(number)} Bytes`;
  const prefixes = ['k', 'M', 'G', 'T', 'P', 'E', 'Z', 'Y'];
  const index = Math.min(prefixes.findIndex((_, place) => bytes < base ** (place + 2)) >>> 0, prefixes.length - 1);
  const prefix = isBinary ? `${prefixes[index]?.toUpperCase()}iB` : `${prefixes[index]}B`;
  return `${fixedText((base * bytes) / base ** (index + 2), 1)} ${prefix}`;
}

function sum(value: Value, [attribute = null, start = 0]: readonly (Value | undefined)[]): Value {
  const read = attribute === null ? (item: Value) => item : makeGetter(attribute);
  if (textOf(start) !== undefined) throw typeError("sum() can't sum strings [use ''.join(seq) instead]");
  let total = start;
  for (const item of iterate(value)) total = add(total, read(item));
  return total;
}

/** Filters that make numbers. */
export const numberFilters: readonly (readonly [string, Filter])[] = [
  ['abs', defineFilter([], absolute)],
  ['int', defineFilter(['default', 'base'], toInt)],
  ['float', defineFilter(['default'], toFloat)],
  ['round', defineFilter(['precision', 'method'], round)],
  ['filesizeformat', defineFilter(['binary'], (value, [isBinary = false]) => fileSize(value, isTruthy(isBinary)))],
  ['sum', defineFilter(['attribute', 'start'], sum)],
];
