import { charge, chargeLetters, chargeText } from './budget.ts';
import { hashOf } from './compare.ts';
import { typeError } from './errors.ts';
import { exponentText, fixedText, generalText, requireNumber, truncateNumber } from './number-text.ts';
import { integerText, toRepr, toText } from './repr.ts';
import { countLetters, lettersOf } from './unicode.ts';
import { integerOf, Markup, PyDict, PyFloat, PyTuple, typeNameOf, type Value } from './values.ts';

interface Conversion {
  readonly flags: string;
  readonly width: number;
  readonly precision: number | undefined;
  readonly type: string;
}

// %(name)-5.2f
const conversion = /%(?:\(([^)]*)\))?([#0\- +]*)(\*|\d+)?(?:\.(\*|\d*))?[hlL]?(.)?/gs;

/** Python's `text % values`; with a tuple its items, with a dict its names. Markup passes `writeSafe`. */
export function formatPercent(text: string, values: Value, writeSafe?: (value: Value) => string): string {
  const items = values instanceof PyTuple ? values.items : [values];
  const source = new Arguments(items, values);
  chargeLetters(text.length);
  const written = text.replace(conversion, (_, name, flags, width, precision, type) => {
    if (type === undefined) throw typeError('incomplete format');
    if (type === '%') return '%';
    const wide = width === '*' ? Number(integerOf(source.next())) : Number(width ?? 0);
    const precise = precision === '*' ? Number(integerOf(source.next())) : precision === undefined ? undefined : Number(precision);
    const value = name === undefined ? source.next() : source.named(name);
    const shape = { flags: wide < 0 ? `${flags}-` : flags, width: Math.abs(wide), precision: precise, type };
    charge(4);
    chargeText(shape.width + (precise ?? 0));
    return convert(value, shape, writeSafe);
  });
  if (source.hasRest() && !(values instanceof PyDict) && !Array.isArray(values)) {
    throw typeError('not all arguments converted during string formatting');
  }
  chargeText(written.length);
  return written;
}

class Arguments {
  readonly #items: readonly Value[];
  readonly #whole: Value;
  #next = 0;
  #isNamed = false;

  constructor(items: readonly Value[], whole: Value) {
    this.#items = items;
    this.#whole = whole;
  }

  next(): Value {
    const value = this.#items[this.#next++];
    if (value === undefined) throw typeError('not enough arguments for format string');
    return value;
  }

  named(name: string): Value {
    this.#isNamed = true;
    if (!(this.#whole instanceof PyDict)) throw typeError('format requires a mapping');
    const value = this.#whole.entries.get(hashOf(name));
    if (value === undefined) throw typeError(`KeyError: '${name}'`);
    return value;
  }

  hasRest(): boolean {
    return !this.#isNamed && this.#next < this.#items.length;
  }
}

function convert(value: Value, shape: Conversion, writeSafe: ((value: Value) => string) | undefined): string {
  switch (shape.type) {
    case 's':
      return padText(cut(writeSafe?.(value) ?? toText(value), shape.precision), shape);
    case 'r':
    case 'a':
      return padText(cut(writeSafe?.(toRepr(value)) ?? toRepr(value), shape.precision), shape);
    case 'c':
      return padText(writeLetter(value), shape);
    case 'd':
    case 'i':
    case 'u':
      return padNumber(writeDecimal(value, shape), shape);
    case 'x':
    case 'X':
    case 'o':
      return padNumber(writeInBase(value, shape), shape);
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G':
      return padNumber(writeFloat(value, shape), shape);
    default:
      throw typeError(`unsupported format character '${shape.type}'`);
  }
}

function cut(text: string, precision: number | undefined): string {
  return precision === undefined ? text : lettersOf(text).slice(0, precision).join('');
}

function padText(text: string, shape: Conversion): string {
  const missing = ' '.repeat(Math.max(0, shape.width - countLetters(text)));
  return shape.flags.includes('-') ? text + missing : missing + text;
}

function writeLetter(value: Value): string {
  const code = integerOf(value);
  if (code !== undefined) return String.fromCodePoint(Number(code));
  if (typeof value === 'string' && countLetters(value) === 1) return value;
  throw typeError('%c requires int or char');
}

function writeDecimal(value: Value, shape: Conversion): string {
  if (integerOf(value) === undefined && !(value instanceof PyFloat)) {
    throw typeError(`%${shape.type} format: a real number is required, not ${typeNameOf(value)}`);
  }
  return signed(integerText(truncateNumber(value)), shape);
}

function writeInBase(value: Value, shape: Conversion): string {
  const integer = integerOf(value);
  if (integer === undefined) throw typeError(`%${shape.type} format: an integer is required, not ${typeNameOf(value)}`);
  const isOctal = shape.type === 'o';
  const prefix = shape.flags.includes('#') ? (isOctal ? '0o' : '0x') : '';
  const digits = BigInt(integer).toString(isOctal ? 8 : 16);
  chargeText(digits.length * 16);
  const written = signed(digits.startsWith('-') ? `-${prefix}${digits.slice(1)}` : prefix + digits, shape);
  return shape.type === 'X' ? written.toUpperCase() : written;
}

function writeFloat(value: Value, shape: Conversion): string {
  if (value instanceof Markup || typeof value === 'string') throw typeError('must be real number, not str');
  const number = requireNumber(value);
  const precision = shape.precision ?? 6;
  const kind = shape.type.toLowerCase();
  const text =
    kind === 'f'
      ? fixedText(number, precision)
      : kind === 'e'
        ? exponentText(number, precision)
        : generalText(number, precision, shape.flags.includes('#'));
  const written = signed(text, shape);
  return shape.type === kind ? written : written.toUpperCase();
}

function signed(text: string, shape: Conversion): string {
  const [sign, digits] = text.startsWith('-') ? ['-', text.slice(1)] : ['', text];
  const isWhole = /[dixXou]/.test(shape.type);
  const padded = isWhole && shape.precision !== undefined ? digits.padStart(shape.precision, '0') : digits;
  if (sign !== '') return sign + padded;
  return (shape.flags.includes('+') ? '+' : shape.flags.includes(' ') ? ' ' : '') + padded;
}

function padNumber(text: string, shape: Conversion): string {
  if (shape.flags.includes('-') || !shape.flags.includes('0') || text.length >= shape.width) return padText(text, shape);
  const [, sign = '', digits = ''] = /^([+\- ]?(?:0[xXo])?)(.*)$/s.exec(text) ?? [];
  return sign + digits.padStart(shape.width - sign.length, '0');
}
