import { charge, chargeLetters, chargeText, deeper } from './budget.ts';
import { typeError } from './errors.ts';
import { isPrintable } from './unicode.ts';
import {
  DictView,
  Markup,
  Namespace,
  PyBytes,
  PyDict,
  PyFloat,
  PyFunction,
  PyInstance,
  PyIterator,
  PyRange,
  PyTuple,
  Undefined,
  type Value,
} from './values.ts';

/** Python's `str(value)`: what printing gives. */
export function toText(value: Value): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  if (value instanceof Markup) return value.text;
  if (value instanceof Undefined) return '';
  return toRepr(value);
}

/** Python's `repr(value)`: the form inside containers. */
export function toRepr(value: Value): string {
  if (typeof value === 'string') return quoteText(value);
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value !== 'object') return integerText(value);
  if (value instanceof PyFloat) return floatText(value.value);
  return deeper(() => representObject(value));
}

function representObject(value: Exclude<Value, null | boolean | number | bigint | string | PyFloat>): string {
  if (Array.isArray(value)) return `[${represent(value)}]`;
  if (value instanceof PyDict) return representDict(value);
  if (value instanceof PyTuple) return value.items.length === 1 ? `(${represent(value.items)},)` : `(${represent(value.items)})`;
  if (value instanceof Markup) return `Markup(${quoteText(value.text)})`;
  if (value instanceof Undefined) return 'Undefined';
  if (value instanceof DictView) return `${value.typeName}([${represent(value.items())}])`;
  if (value instanceof PyRange) return `range(${value.start}, ${value.stop}${value.step === 1 ? '' : `, ${value.step}`})`;
  if (value instanceof Namespace) return `<Namespace ${representDict(value.attributes)}>`;
  if (value instanceof PyBytes) return quoteBytes(value.bytes);
  if (value instanceof PyInstance) return value.represent();
  if (value instanceof PyFunction) return `<built-in method ${value.name} at 0x7f0000000000>`;
  if (value instanceof PyIterator) return `<${value.typeName} object at 0x7f0000000000>`;
  return `<${value.typeName} object at 0x7f0000000000>`;
}

function represent(items: readonly Value[]): string {
  charge(items.length);
  let text = '';
  for (const item of items) text += text === '' ? toRepr(item) : `, ${toRepr(item)}`;
  chargeText(text.length);
  return text;
}

function representDict(dict: PyDict): string {
  charge(dict.size * 2);
  let text = '';
  for (const [key, value] of dict.pairs()) text += `${text === '' ? '' : ', '}${toRepr(key)}: ${toRepr(value)}`;
  chargeText(text.length);
  return `{${text}}`;
}

const plainText = /^[ -&(-[\]-~]*$/;
/** Letters that may need an escape; below U+0300 all others show as they are. */
const suspect = /[^ !#-&(-[\]-~\xa1-\xac\xae-\u02ff]/gu;
const shortEscapes: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\\': '\\\\' };

/** A str as Python writes it: single quotes unless only double ones save escapes. */
export function quoteText(text: string): string {
  chargeText(text.length);
  if (plainText.test(text)) return `'${text}'`;
  chargeLetters(text.length * 4);
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const written = text.replace(suspect, (letter) => {
    if (letter === quote) return `\\${letter}`;
    return shortEscapes[letter] ?? (isPrintable(letter) ? letter : escapeLetter(letter));
  });
  return quote + written + quote;
}

function escapeLetter(letter: string): string {
  const code = letter.codePointAt(0) ?? 0;
  const digits = code.toString(16);
  if (code < 0x100) return `\\x${digits.padStart(2, '0')}`;
  return code < 0x10000 ? `\\u${digits.padStart(4, '0')}` : `\\U${digits.padStart(8, '0')}`;
}

function quoteBytes(bytes: Uint8Array): string {
  chargeLetters(bytes.length * 4);
  const raw = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  const quote = raw.includes("'") && !raw.includes('"') ? '"' : "'";
  let written = '';
  for (const letter of raw) {
    if (letter === quote) written += `\\${letter}`;
    else written += shortEscapes[letter] ?? (letter >= ' ' && letter <= '~' ? letter : escapeLetter(letter));
  }
  return `b${quote}${written}${quote}`;
}

/** An integer in decimal digits; Python refuses to write more than 4300 of them, and so does this. */
export function integerText(value: number | bigint): string {
  if (typeof value === 'number') return String(value);
  const text = value.toString();
  charge((text.length * text.length) / 16384);
  if (text.length > 4301) throw typeError('Exceeds the limit (4300 digits) for integer string conversion');
  return text;
}

/** A float as Python writes it: the shortest digits that read back, an exponent below 1e-4 and from 1e16. */
export function floatText(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  const [mantissa = '', power = '0'] = value.toExponential().split('e');
  const exponent = Number(power);
  if (exponent < -4 || exponent >= 16) {
    return `${mantissa}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
  }
  if (exponent < 0) return value.toFixed(mantissa.replace(/[-.]/g, '').length - 1 - exponent);
  const text = String(value);
  return text.includes('.') ? text : `${text}.0`;
}
