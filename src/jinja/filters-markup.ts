import { chargeLetters, chargeText } from './budget.ts';
import { isTruthy } from './compare.ts';
import { JinjaError, typeError } from './errors.ts';
import { escapeText, stripTags } from './escape.ts';
import { defineFilter, type Filter } from './filter.ts';
import { isIterable, itemsOf } from './iterate.ts';
import { type DumpStyle, dumpJson } from './json-dump.ts';
import { toText } from './repr.ts';
import { integerOf, Markup, PyDict, textOf, typeNameOf, Undefined, type Value } from './values.ts';

function makeBlank(width: number): string {
  chargeText(Math.max(0, width));
  return ' '.repeat(Math.max(0, width));
}

/** How `tojson` was asked to print. */
function readStyle([isAscii = false, indent = null, separators = null, sortsKeys = false]: readonly (Value | undefined)[]): DumpStyle {
  const width = integerOf(indent);
  const step = width === undefined ? textOf(indent) : makeBlank(Number(width));
  if (indent !== null && step === undefined) throw typeError(`can't multiply sequence by non-int of type '${typeNameOf(indent)}'`);
  const pair = separators === null ? undefined : itemsOf(separators).map((item) => textOf(item));
  if (pair !== undefined && (pair.length !== 2 || pair.includes(undefined))) throw typeError('separators must be two strings');
  return {
    isAscii: isTruthy(isAscii),
    indent: step,
    itemSeparator: pair?.[0] ?? (step === undefined ? ', ' : ','),
    keySeparator: pair?.[1] ?? ': ',
    sortsKeys: isTruthy(sortsKeys),
  };
}

const keptInUrl = /[A-Za-z0-9_.\-~]/;

function quoteUrl(value: Value, isQuery: boolean): string {
  const text = toText(value);
  chargeLetters(text.length * 16);
  const bytes = new TextEncoder().encode(text);
  const quoted = Array.from(bytes, (byte) => {
    const letter = String.fromCharCode(byte);
    const stays = keptInUrl.test(letter) || (letter === '/' && !isQuery);
    return stays ? letter : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }).join('');
  return isQuery ? quoted.replaceAll('%20', '+') : quoted;
}

function encodeUrl(value: Value): string {
  if (textOf(value) !== undefined || !isIterable(value)) return quoteUrl(value, false);
  const pairs = value instanceof PyDict ? value.pairs() : itemsOf(value).map((item) => itemsOf(item));
  return pairs
    .map((pair) => {
      if (pair.length !== 2) throw typeError('not a pair');
      return `${quoteUrl(pair[0] as Value, true)}=${quoteUrl(pair[1] as Value, true)}`;
    })
    .join('&');
}

function writeAttributes(value: Value, hasSpace: boolean): string {
  if (value instanceof Undefined) throw value.fail();
  if (!(value instanceof PyDict)) throw typeError(`'${typeNameOf(value)}' object has no attribute 'items'`);
  const written: string[] = [];
  for (const [key, item] of value.pairs()) {
    if (item === null || item instanceof Undefined) continue;
    const name = textOf(key);
    if (name === undefined) throw typeError(`expected string or bytes-like object, got '${typeNameOf(key)}'`);
    if (/[\t-\r />=]/.test(name)) throw typeError(`Invalid character in attribute name: '${name}'`);
    written.push(`${escapeText(key)}="${escapeText(item)}"`);
  }
  return written.length > 0 && hasSpace ? ` ${written.join(' ')}` : written.join(' ');
}

const refuse = (name: string): Filter => ({
  run: () => {
    throw new JinjaError('security', `The filter '${name}' is not available here.`);
  },
});

/** Filters about HTML, JSON and URLs. */
export const markupFilters: readonly (readonly [string, Filter])[] = [
  ['safe', defineFilter([], (value) => (value instanceof Markup ? value : new Markup(toText(value))))],
  ['escape', defineFilter([], (value) => new Markup(escapeText(value)))],
  ['e', defineFilter([], (value) => new Markup(escapeText(value)))],
  ['forceescape', defineFilter([], (value) => new Markup(escapeText(toText(value))))],
  ['striptags', defineFilter([], (value) => stripTags(toText(value)))],
  ['tojson', defineFilter(['ensure_ascii', 'indent', 'separators', 'sort_keys'], (value, given) => dumpJson(value, readStyle(given)))],
  ['urlencode', defineFilter([], encodeUrl)],
  ['xmlattr', defineFilter(['autospace'], (value, [hasSpace = true]) => writeAttributes(value, isTruthy(hasSpace)))],
  ['random', refuse('random')],
  ['pprint', refuse('pprint')],
  ['urlize', refuse('urlize')],
];
