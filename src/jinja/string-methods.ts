import { chargeLetters, chargeText, checkLength } from './budget.ts';
import { typeError } from './errors.ts';
import { escapeText } from './escape.ts';
import { formatBraces } from './format-braces.ts';
import { iterate } from './iterate.ts';
import { type Method, requireInteger, requireText } from './method.ts';
import type { Given } from './signature.ts';
import { caseMethods } from './string-case.ts';
import { searchMethods } from './string-search.ts';
import { countLetters, lettersOf, type Side, splitLines, stripText } from './unicode.ts';
import { integerOf, Markup, PyBytes, PyDict, PyTuple, textOf, typeNameOf, type Value } from './values.ts';

const positional = (names: readonly string[], required: number, run: (text: string, given: Given) => Value): Method => ({
  names,
  required,
  isPositional: true,
  run: (self, given) => run(self as string, given),
});
const named = (names: readonly string[], required: number, run: (text: string, given: Given) => Value): Method => ({
  names,
  required,
  run: (self, given) => run(self as string, given),
});

const strip = (side: Side) =>
  positional(['chars'], 0, (text, [letters]) => {
    if (letters === undefined || letters === null) return stripText(text, side);
    return stripText(text, side, requireText(letters));
  });

const pad = (place: (missing: number, width: number) => number) =>
  positional(['width', 'fillchar'], 1, (text, [width, fill]) => {
    const letter = fill === undefined ? ' ' : requireText(fill);
    if (countLetters(letter) !== 1) throw typeError('The fill character must be exactly one character long');
    const missing = requireInteger(width) - countLetters(text);
    if (missing <= 0) return text;
    chargeText(missing);
    const left = place(missing, requireInteger(width));
    return letter.repeat(left) + text + letter.repeat(missing - left);
  });

/** Where `str.center` puts the odd one out: Python's own rule. */
const centered = (missing: number, width: number) => Math.floor(missing / 2) + (missing & width & 1);

const layoutMethods: readonly (readonly [string, Method])[] = [
  ['strip', strip('both')],
  ['lstrip', strip('left')],
  ['rstrip', strip('right')],
  ['center', pad(centered)],
  ['ljust', pad(() => 0)],
  ['rjust', pad((missing) => missing)],
  ['zfill', positional(['width'], 1, (text, [width]) => fillZeros(text, requireInteger(width)))],
  ['expandtabs', named(['tabsize'], 0, (text, [size]) => expandTabs(text, size === undefined ? 8 : requireInteger(size)))],
  ['join', positional(['iterable'], 1, (text, [items]) => joinTexts(text, items ?? null))],
  ['splitlines', named(['keepends'], 0, (text, [keeps]) => splitLines(text, keeps !== undefined && keeps !== false && keeps !== 0))],
  ['removeprefix', positional(['prefix'], 1, (text, [prefix]) => removePrefix(text, requireText(prefix)))],
  ['removesuffix', positional(['suffix'], 1, (text, [suffix]) => removeSuffix(text, requireText(suffix)))],
  ['encode', named(['encoding', 'errors'], 0, (text) => encode(text))],
  ['translate', positional(['table'], 1, (text, [table]) => translate(text, table ?? null))],
];

function fillZeros(text: string, width: number): string {
  const missing = width - countLetters(text);
  if (missing <= 0) return text;
  chargeText(missing);
  const sign = /^[+-]/.exec(text)?.[0] ?? '';
  return sign + '0'.repeat(missing) + text.slice(sign.length);
}

function expandTabs(text: string, size: number): string {
  let column = 0;
  let written = '';
  chargeLetters(text.length);
  for (const letter of text) {
    if (letter === '\t') {
      const count = size > 0 ? size - (column % size) : 0;
      chargeText(count);
      written += ' '.repeat(count);
      column += count;
    } else {
      written += letter;
      column = letter === '\n' || letter === '\r' ? 0 : column + 1;
    }
    checkLength(written.length);
  }
  return written;
}

function joinTexts(separator: string, items: Value): string {
  const texts: string[] = [];
  let length = 0;
  for (const item of iterate(items)) {
    const text = textOf(item);
    if (text === undefined) throw typeError(`sequence item ${texts.length}: expected str instance, ${typeNameOf(item)} found`);
    texts.push(text);
    length += text.length + separator.length;
    checkLength(length);
  }
  chargeText(length);
  return texts.join(separator);
}

function removePrefix(text: string, prefix: string): string {
  chargeText(prefix.length);
  return text.startsWith(prefix) ? text.slice(prefix.length) : text;
}

function removeSuffix(text: string, suffix: string): string {
  chargeText(suffix.length);
  return suffix !== '' && text.endsWith(suffix) ? text.slice(0, -suffix.length) : text;
}

function encode(text: string): PyBytes {
  chargeText(text.length * 3);
  return new PyBytes(new TextEncoder().encode(text));
}

function translate(text: string, table: Value): string {
  if (!(table instanceof PyDict)) throw typeError(`'${typeNameOf(table)}' object is not subscriptable`);
  return lettersOf(text)
    .map((letter) => {
      const found = table.entries.get(letter.codePointAt(0) ?? 0);
      if (found === null) return '';
      const code = integerOf(found);
      return code === undefined ? (textOf(found) ?? letter) : String.fromCodePoint(Number(code));
    })
    .join('');
}

/** The methods of str. */
export const stringMethods: ReadonlyMap<string, Method> = new Map<string, Method>([
  ...layoutMethods,
  ...caseMethods,
  ...searchMethods,
  ['format', formatMethod((value) => value)],
]);

function formatMethod(wrap: (text: string) => Value): Method {
  return {
    names: [],
    required: 0,
    isVariadic: true,
    run: (self, _, args, keywords) => wrap(formatBraces(textOf(self) ?? '', args, keywords)),
  };
}

/** Methods of Markup: those of str whose text arguments are escaped and whose results are Markup. */
export function markupMethod(name: string): Method | undefined {
  const method = stringMethods.get(name);
  if (method === undefined) return undefined;
  return {
    ...method,
    run: (self, given, args, keywords) => {
      const escaped = given.map((value) => (value === undefined ? undefined : escapeArgument(value)));
      const escapedArgs = args.map(escapeArgument);
      return toMarkup(method.run((self as Markup).text, escaped, escapedArgs, keywords));
    },
  };
}

function escapeArgument(value: Value): Value {
  if (typeof value === 'string' || value instanceof Markup) return escapeText(value);
  return Array.isArray(value) ? value.map((item) => escapeText(item)) : value;
}

function toMarkup(value: Value): Value {
  if (typeof value === 'string') return new Markup(value);
  if (Array.isArray(value)) return value.map(toMarkup);
  return value instanceof PyTuple ? new PyTuple(value.items.map(toMarkup)) : value;
}
