import { getAttribute, getItem } from './attribute.ts';
import { charge, chargeLetters, chargeText } from './budget.ts';
import { typeError } from './errors.ts';
import { exponentText, fixedText, generalText } from './number-text.ts';
import { integerText, toRepr, toText } from './repr.ts';
import { countLetters, lettersOf } from './unicode.ts';
import { integerOf, type Keywords, numberOf, PyFloat, type Value } from './values.ts';

// {field!r:spec}, {{ and }}
const piece = /\{\{|\}\}|\{([^{}!:]*)(?:!(.))?(?::((?:[^{}]|\{[^{}]*\})*))?\}|[{}]/gs;

/** Python's `str.format`. */
export function formatBraces(text: string, args: readonly Value[], keywords: Keywords): string {
  let next = 0;
  const lookUp = (field: string): Value => {
    const [, name = '', rest = ''] = /^([^.[]*)(.*)$/s.exec(field) ?? [];
    const value = name === '' ? args[next++] : /^\d+$/.test(name) ? args[Number(name)] : keywords.get(name);
    if (value === undefined)
      throw typeError(
        name === '' || /^\d+$/.test(name) ? 'Replacement index out of range for positional args tuple' : `KeyError: '${name}'`,
      );
    return followPath(value, rest);
  };
  chargeLetters(text.length);
  const written = text.replace(piece, (whole, field, conversion, spec) => {
    charge(4);
    if (whole === '{{' || whole === '}}') return whole.charAt(0);
    if (field === undefined) throw typeError(`Single '${whole}' encountered in format string`);
    charge(4);
    const value = lookUp(field);
    const filled = (spec ?? '').replace(/\{([^{}]*)\}/g, (_: string, inner: string) => toText(lookUp(inner)));
    if (conversion === 'r' || conversion === 'a') return formatValue(toRepr(value), filled);
    return formatValue(conversion === 's' ? toText(value) : value, filled);
  });
  chargeText(written.length);
  return written;
}

function followPath(start: Value, path: string): Value {
  let value = start;
  chargeLetters(path.length * 4);
  for (const [, attribute, key] of path.matchAll(/\.([^.[]+)|\[([^\]]*)\]/g)) {
    if (attribute !== undefined) value = getAttribute(value, attribute);
    else value = getItem(value, /^\d+$/.test(key ?? '') ? Number(key) : (key ?? ''));
  }
  return value;
}

const specParts = /^(?:(.)?([<>=^]))?([-+ ])?(#)?(0)?(\d+)?([,_])?(?:\.(\d+))?([a-zA-Z%])?$/su;

/** Python's `format(value, spec)` for text and numbers. */
function formatValue(value: Value, spec: string): string {
  if (spec === '') return toText(value);
  const parts = specParts.exec(spec);
  if (parts === null) throw typeError('Invalid format specifier');
  const [, fill, align, sign, , zero, width, group, precision, type] = parts;
  const isNumber = numberOf(value) !== undefined && type !== 's';
  if (!isNumber && typeof value === 'object') throw typeError('unsupported format string passed to object.__format__');
  const text = isNumber ? writeNumber(value, { type, precision, group }) : toText(value);
  const cut = !isNumber && precision !== undefined ? lettersOf(text).slice(0, Number(precision)).join('') : text;
  const signed = isNumber && !cut.startsWith('-') && (sign === '+' || sign === ' ') ? sign + cut : cut;
  const side = align ?? (zero !== undefined && isNumber ? '=' : isNumber ? '>' : '<');
  return alignText(signed, { side, fill: fill ?? (zero === undefined ? ' ' : '0'), width: Number(width ?? 0) });
}

interface NumberShape {
  readonly type: string | undefined;
  readonly precision: string | undefined;
  readonly group: string | undefined;
}

function writeNumber(value: Value, shape: NumberShape): string {
  const text = writePlain(value, shape);
  if (shape.group === undefined) return text;
  return text.replace(/^-?\d+/, (digits) => digits.replace(/\B(?=(\d{3})+$)/g, shape.group ?? ''));
}

function writePlain(value: Value, { type, precision }: NumberShape): string {
  const integer = integerOf(value);
  const radix = { d: 10, x: 16, X: 16, o: 8, b: 2 }[type ?? ''];
  if (integer !== undefined && (type === undefined || radix !== undefined)) {
    const digits = radix === undefined || radix === 10 ? integerText(integer) : BigInt(integer).toString(radix);
    chargeText(digits.length * 16);
    return type === 'X' ? digits.toUpperCase() : digits;
  }
  if (radix !== undefined) throw typeError(`Unknown format code '${type}' for object of type 'float'`);
  const number = numberOf(value) ?? 0;
  const digits = Number(precision ?? 6);
  chargeText(digits);
  if (type === 'f' || type === 'F') return fixedText(number, digits);
  if (type === 'e') return exponentText(number, digits);
  if (type === 'E') return exponentText(number, digits).toUpperCase();
  if (type === '%') return `${fixedText(number * 100, digits)}%`;
  if (type === 'g') return generalText(number, digits);
  if (type !== undefined) throw typeError(`Unknown format code '${type}'`);
  if (precision === undefined) return toText(new PyFloat(number));
  const general = generalText(number, digits);
  return /[.e]/.test(general) ? general : `${general}.0`;
}

function alignText(text: string, shape: { readonly side: string; readonly fill: string; readonly width: number }): string {
  const missing = shape.width - countLetters(text);
  if (missing <= 0) return text;
  chargeText(missing);
  if (shape.side === '<') return text + shape.fill.repeat(missing);
  if (shape.side === '^') return shape.fill.repeat(Math.floor(missing / 2)) + text + shape.fill.repeat(Math.ceil(missing / 2));
  const sign = shape.side === '=' ? (/^[-+ ]/.exec(text)?.[0] ?? '') : '';
  return sign + shape.fill.repeat(missing) + text.slice(sign.length);
}
