import type { JsonValue } from '../../protocol/json.ts';
import { formats } from '../json-schema/formats.ts';
import type { Keywords, NumberKeywords, StringKeywords, TypeName } from '../json-schema/keywords.ts';
import { writeSorted } from './json-equality.ts';
import type { Subject, Validation } from './validation.ts';

/** `type` */
export function checkType(validation: Validation, { types }: Keywords, subject: Subject): boolean {
  if (!types) return true;
  const own = nameType(subject.value);
  if (types.some((type) => type === own || (type === 'number' && own === 'integer'))) return true;
  return validation.fail(subject, `must be ${types.map(describeType).join(' or ')}, but is ${describeType(own)}`);
}

function nameType(value: JsonValue): TypeName {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value as TypeName;
}

function describeType(type: TypeName): string {
  if (type === 'null') return 'null';
  return /^[aeio]/.test(type) ? `an ${type}` : `a ${type}`;
}

/** `enum` and `const` */
export function checkValues(validation: Validation, { values }: Keywords, subject: Subject): boolean {
  return values.every((allowed) => {
    if (validation.isOneOf(subject.value, allowed)) return true;
    const shown = allowed
      .slice(0, 10)
      .map((value) => writeSorted(value))
      .join(', ');
    return validation.fail(
      subject,
      `must be ${allowed.length === 1 ? '' : 'one of '}${shown.slice(0, 300)}${allowed.length > 10 ? ' …' : ''}`,
    );
  });
}

/** The keywords for texts. Lengths are in characters, not in UTF-16 units. */
export function checkString(validation: Validation, keywords: StringKeywords, subject: Subject): boolean {
  const text = String(subject.value);
  const { least, most, pattern, format } = keywords;
  let isValid = true;
  const length = least === undefined && most === undefined ? 0 : countCharacters(text);
  if (least !== undefined && length < least)
    isValid = validation.fail(subject, `must have at least ${least} characters, but has ${length}`);
  if (most !== undefined && length > most) isValid = validation.fail(subject, `must have at most ${most} characters, but has ${length}`);
  if (pattern !== undefined && !validation.matches(pattern, text)) isValid = validation.fail(subject, `must match the pattern ${pattern}`);
  const known = format === undefined ? undefined : formats.get(format);
  if (known && !validation.matches(known.read ?? known.written, text, 'full'))
    isValid = validation.fail(subject, `must be a valid ${format}`);
  return isValid;
}

function countCharacters(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

/** The keywords for numbers. */
export function checkNumber(validation: Validation, keywords: NumberKeywords, subject: Subject): boolean {
  const value = Number(subject.value);
  const { least, most, isLeastExcluded, isMostExcluded, multipleOf } = keywords;
  let isValid = true;
  if (least !== undefined && (isLeastExcluded ? value <= least : value < least)) {
    isValid = validation.fail(subject, `must be ${isLeastExcluded ? 'more than' : 'at least'} ${least}`);
  }
  if (most !== undefined && (isMostExcluded ? value >= most : value > most)) {
    isValid = validation.fail(subject, `must be ${isMostExcluded ? 'less than' : 'at most'} ${most}`);
  }
  if (multipleOf !== undefined && !isMultiple(value, multipleOf)) isValid = validation.fail(subject, `must be a multiple of ${multipleOf}`);
  return isValid;
}

/** By their decimal digits, so that 0.3 is a multiple of 0.1. */
function isMultiple(value: number, divisor: number): boolean {
  const [digits, exponent] = readDecimal(value);
  const [divisorDigits, divisorExponent] = readDecimal(divisor);
  const shared = Math.min(exponent, divisorExponent);
  return (digits * 10n ** BigInt(exponent - shared)) % (divisorDigits * 10n ** BigInt(divisorExponent - shared)) === 0n;
}

function readDecimal(value: number): readonly [digits: bigint, exponent: number] {
  const [coefficient = '0', exponent = '0'] = Math.abs(value).toString().split('e');
  const [whole = '0', fraction = ''] = coefficient.split('.');
  return [BigInt(whole + fraction), Number(exponent) - fraction.length];
}
