import { add } from './arithmetic.ts';
import { charge, chargeLetters, chargeText } from './budget.ts';
import { isTruthy } from './compare.ts';
import { JinjaError, typeError } from './errors.ts';
import { escapeText } from './escape.ts';
import { defineFilter, type Filter } from './filter.ts';
import { formatPercent } from './format.ts';
import { requireLength } from './iterate.ts';
import { requireInteger } from './method.ts';
import { toText } from './repr.ts';
import { markupMethod, stringMethods } from './string-methods.ts';
import { replaceText } from './string-search.ts';
import { countLetters, lettersOf, splitLines } from './unicode.ts';
import { Markup, PyDict, PyTuple, textOf, Undefined, type Value } from './values.ts';
import { wrapText } from './word-wrap.ts';

/** Text of any value; Markup stays Markup. */
function softText(value: Value): string | Markup {
  return value instanceof Markup ? value : toText(value);
}

/** Runs a str method on the text of a value. */
function viaMethod(name: string, names: readonly string[] = []): Filter {
  return defineFilter(names, (value, given) => {
    const text = softText(value);
    const method = text instanceof Markup ? markupMethod(name) : stringMethods.get(name);
    if (method === undefined) throw typeError(`no method ${name}`);
    const args = given.map((one) => one ?? null);
    return method.run(text, given, args, new Map());
  });
}

const wordStart = /([-\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000({[<]+)/;

function toTitle(text: string): string {
  chargeLetters(text.length * 12);
  return text
    .split(wordStart)
    .map((word) => {
      const [first = '', ...rest] = lettersOf(word);
      return first.toUpperCase() + rest.join('').toLowerCase();
    })
    .join('');
}

/** A str or Markup; raises what a missing attribute raises for other types. */
function requireString(value: Value): string {
  const text = textOf(value);
  if (text !== undefined) return text;
  if (value instanceof Undefined) throw value.fail();
  throw typeError('expected a str');
}

function makeBlank(width: number): string {
  chargeText(Math.max(0, width));
  return ' '.repeat(Math.max(0, width));
}

function indentText(value: Value, width: Value | undefined, isFirst: boolean, isBlank: boolean): Value {
  const step = textOf(width) ?? makeBlank(requireInteger(width ?? 4));
  const isMarkup = value instanceof Markup;
  const indention = isMarkup && !(width instanceof Markup) ? escapeText(step) : step;
  const text = requireString(add(value, isMarkup ? new Markup('\n') : '\n'));
  const lines = splitLines(text);
  charge(lines.length);
  chargeText(text.length + lines.length * indention.length);
  const rest = lines.slice(1).map((line) => (isBlank || line !== '' ? indention + line : line));
  const written = (isFirst ? indention : '') + [lines[0] ?? '', ...rest].join('\n');
  return isMarkup ? new Markup(written) : written;
}

function truncate(value: Value, given: readonly (Value | undefined)[]): Value {
  const [length = 255, killWords = false, end = '...', leeway = null] = given;
  const most = requireInteger(length);
  const tail = requireString(end);
  const slack = leeway === null ? 5 : requireInteger(leeway);
  if (most < countLetters(tail)) throw typeError(`expected length >= ${countLetters(tail)}, got ${most}`);
  if (slack < 0) throw typeError(`expected leeway >= 0, got ${slack}`);
  if (requireLength(value) <= most + slack) return value;
  const text = requireString(value);
  const cut = lettersOf(text)
    .slice(0, most - countLetters(tail))
    .join('');
  const space = cut.lastIndexOf(' ');
  const kept = isTruthy(killWords) || space === -1 ? cut : cut.slice(0, space);
  return value instanceof Markup ? new Markup(kept + escapeText(end)) : kept + tail;
}

function format(value: Value, args: readonly (Value | undefined)[], keywords: ReadonlyMap<string, Value>): Value {
  if (args.length > 0 && keywords.size > 0)
    throw new JinjaError('template', "can't handle positional and keyword arguments at the same time");
  const values = keywords.size > 0 ? new PyDict(new Map(keywords)) : new PyTuple(args.map((arg) => arg ?? null));
  const text = softText(value);
  return text instanceof Markup ? new Markup(formatPercent(text.text, values, escapeText)) : formatPercent(text, values);
}

function countWords(text: string): number {
  chargeLetters(text.length);
  let count = 0;
  for (const _ of text.matchAll(/[\p{L}\p{N}_]+/gu)) count++;
  return count;
}

function wrapWords(value: Value, given: readonly (Value | undefined)[]): Value {
  const [width = 79, breaksLong = true, separator = null, breaksHyphens = true] = given;
  const between = separator === null ? '\n' : requireString(separator);
  const options = { width: requireInteger(width), breaksLong: isTruthy(breaksLong), breaksHyphens: isTruthy(breaksHyphens) };
  return splitLines(requireString(value))
    .map((line) => wrapText(line, options).join(between))
    .join(between);
}

/** Filters that make text of text. */
export const textFilters: readonly (readonly [string, Filter])[] = [
  ['upper', viaMethod('upper')],
  ['lower', viaMethod('lower')],
  ['capitalize', viaMethod('capitalize')],
  ['trim', viaMethod('strip', ['chars'])],
  ['center', defineFilter(['width'], (value, [width]) => viaMethod('center', ['width', 'fillchar']).run(value, [width ?? 80], new Map()))],
  ['title', defineFilter([], (value) => toTitle(toText(value)))],
  ['string', defineFilter([], softText)],
  [
    'replace',
    defineFilter(
      ['old', 'new', 'count'],
      (value, [old = '', replacement = '', count = null]) =>
        replaceText(toText(value), toText(old), toText(replacement), count === null ? -1 : requireInteger(count)),
      2,
    ),
  ],
  [
    'indent',
    defineFilter(['width', 'first', 'blank'], (value, [width, first = false, blank = false]) =>
      indentText(value, width, isTruthy(first), isTruthy(blank)),
    ),
  ],
  ['truncate', defineFilter(['length', 'killwords', 'end', 'leeway'], truncate)],
  ['wordcount', defineFilter([], (value) => countWords(toText(value)))],
  ['wordwrap', defineFilter(['width', 'break_long_words', 'wrapstring', 'break_on_hyphens'], wrapWords)],
  ['format', { run: format }],
];
