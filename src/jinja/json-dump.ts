import { charge, chargeLetters, chargeText, deeper } from './budget.ts';
import { compareValues, hashOf } from './compare.ts';
import { typeError } from './errors.ts';
import { integerText, toRepr } from './repr.ts';
import { Markup, PyDict, PyFloat, PyTuple, typeNameOf, type Value } from './values.ts';

/** The arguments of `json.dumps` that chat templates use. */
export interface DumpStyle {
  readonly isAscii: boolean;
  /** spaces a level, or the text itself; undefined for one line */
  readonly indent: string | undefined;
  readonly itemSeparator: string;
  readonly keySeparator: string;
  readonly sortsKeys: boolean;
}

/** Python's `json.dumps`. Raises TypeError for what JSON has no form of. */
export function dumpJson(value: Value, style: DumpStyle): string {
  const text = dump(value, style, '\n');
  chargeText(text.length);
  return text;
}

function dump(value: Value, style: DumpStyle, lineStart: string): string {
  if (typeof value === 'string') return dumpText(value, style);
  if (value === null) return 'null';
  if (typeof value !== 'object') return typeof value === 'boolean' ? String(value) : integerText(value);
  if (value instanceof PyFloat) return dumpFloat(value);
  if (value instanceof Markup) return dumpText(value.text, style);
  return deeper(() => dumpContainer(value, style, lineStart));
}

function dumpContainer(value: Value, style: DumpStyle, lineStart: string): string {
  const inner = style.indent === undefined ? '' : lineStart + style.indent;
  if (value instanceof PyDict) {
    charge(value.size);
    let members = '';
    for (const [key, item] of dictMembers(value, style)) {
      if (members !== '') members += style.itemSeparator + inner;
      members += dumpText(key, style) + style.keySeparator + dump(item, style, inner);
    }
    return wrap(members, ['{', '}'], { style, inner, lineStart });
  }
  const items = value instanceof PyTuple ? value.items : value;
  if (!Array.isArray(items)) throw typeError(`Object of type ${typeNameOf(value)} is not JSON serializable`);
  charge(items.length);
  let written = '';
  for (const item of items) written += (written === '' ? '' : style.itemSeparator + inner) + dump(item, style, inner);
  return wrap(written, ['[', ']'], { style, inner, lineStart });
}

interface Layout {
  readonly style: DumpStyle;
  readonly inner: string;
  readonly lineStart: string;
}

function wrap(parts: string, [open, close]: readonly [string, string], { style, inner, lineStart }: Layout): string {
  if (parts === '') return open + close;
  const text = open + inner + parts + (style.indent === undefined ? '' : lineStart) + close;
  chargeText(text.length);
  return text;
}

function dictMembers(dict: PyDict, style: DumpStyle): (readonly [string, Value])[] {
  const pairs = dict.pairs();
  if (style.sortsKeys) pairs.sort(([left], [right]) => compareValues(left, right));
  return pairs.map(([key, value]) => [dumpKey(key), value]);
}

function dumpKey(key: Value): string {
  if (typeof key === 'string') return key;
  if (key instanceof Markup) return key.text;
  if (key === null) return 'null';
  if (typeof key !== 'object') return typeof key === 'boolean' ? String(key) : integerText(key);
  if (key instanceof PyFloat) return dumpFloat(key);
  hashOf(key);
  throw typeError(`keys must be str, int, float, bool or None, not ${typeNameOf(key)}`);
}

function dumpFloat({ value }: PyFloat): string {
  if (Number.isFinite(value)) return toRepr(new PyFloat(value));
  return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity';
}

const needsEscape = /["\\\u0000-\u001f\ud800-\udfff]/;

function dumpText(text: string, style: DumpStyle): string {
  chargeText(text.length);
  if (style.isAscii) return dumpAscii(text);
  if (!needsEscape.test(text)) return `"${text}"`;
  chargeLetters(text.length);
  // JSON.stringify escapes lone surrogates; Python leaves them
  return `"${text.replace(/["\\\u0000-\u001f]/g, escapeLetter)}"`;
}

const shortEscapes: Readonly<Record<string, string>> = { '"': '\\"', '\\': '\\\\', '\n': '\\n', '\t': '\\t', '\r': '\\r' };

function escapeLetter(letter: string): string {
  charge(0.5);
  return shortEscapes[letter] ?? JSON.stringify(letter).slice(1, -1);
}

function dumpAscii(text: string): string {
  chargeLetters(text.length);
  return JSON.stringify(text).replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
