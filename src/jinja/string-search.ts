import { charge, chargeLetters, chargeText } from './budget.ts';
import { typeError } from './errors.ts';
import { findLastText, findText, splitAt } from './find-text.ts';
import { type Method, requireInteger, requireText } from './method.ts';
import type { Given } from './signature.ts';
import { countLetters, isFlat, lettersOf, spaceRun, stripText } from './unicode.ts';
import { PyTuple, typeNameOf, type Value } from './values.ts';

const method = (names: readonly string[], required: number, run: (text: string, given: Given) => Value): Method => ({
  names,
  required,
  isPositional: true,
  run: (self, given) => run(self as string, given),
});

/** The part of a text that optional start and end arguments name, with its place in code points; undefined when the start lies beyond the end. */
function cutOut(
  text: string,
  start: Value | undefined,
  end: Value | undefined,
): { readonly part: string; readonly from: number } | undefined {
  if (start === undefined && end === undefined) return { part: text, from: 0 };
  const letters = lettersOf(text);
  const place = (bound: Value | undefined, fallback: number) => {
    const index = bound === undefined || bound === null ? fallback : requireInteger(bound);
    return index < 0 ? Math.max(0, index + letters.length) : index;
  };
  const from = place(start, 0);
  const to = Math.min(letters.length, place(end, letters.length));
  return from > to ? undefined : { part: letters.slice(from, to).join(''), from };
}

const find = (isLast: boolean, isRequired: boolean) =>
  method(['sub', 'start', 'end'], 1, (text, [wanted, start, end]) => {
    const sought = requireText(wanted);
    const cut = cutOut(text, start, end);
    const index = cut === undefined ? -1 : isLast ? findLastText(cut.part, sought) : findText(cut.part, sought);
    if (index >= 0 && cut !== undefined) return cut.from + (isFlat(cut.part) ? index : countLetters(cut.part.slice(0, index)));
    if (isRequired) throw typeError('substring not found');
    return -1;
  });

const edge = (name: 'startswith' | 'endswith') =>
  method([name === 'startswith' ? 'prefix' : 'suffix', 'start', 'end'], 1, (text, [wanted, start, end]) => {
    const isTuple = wanted instanceof PyTuple;
    if (!isTuple && typeof wanted !== 'string' && typeNameOf(wanted ?? null) !== 'Markup') {
      throw typeError(`${name} first arg must be str or a tuple of str, not ${typeNameOf(wanted ?? null)}`);
    }
    const cut = cutOut(text, start, end);
    if (cut === undefined) return false;
    chargeText(text.length);
    const matches = (edgeText: string) => {
      charge(1 + edgeText.length / 256);
      return name === 'startswith' ? cut.part.startsWith(edgeText) : cut.part.endsWith(edgeText);
    };
    return isTuple ? wanted.items.some((one) => matches(requireText(one))) : matches(requireText(wanted));
  });

/** Python's `str.replace`: at most `count` times, -1 for all. */
export function replaceText(text: string, wanted: string, replacement: string, count = -1): string {
  if (wanted === '') return replaceEmpty(text, replacement, count);
  const parts = splitAt(text, wanted);
  const most = count < 0 ? parts.length - 1 : Math.min(count, parts.length - 1);
  chargeText(text.length + most * (replacement.length - wanted.length));
  if (most === parts.length - 1) return parts.join(replacement);
  return [...parts.slice(0, most), parts.slice(most).join(wanted)].join(replacement);
}

function replaceEmpty(text: string, replacement: string, count: number): string {
  const letters = lettersOf(text);
  const most = count < 0 ? letters.length + 1 : Math.min(count, letters.length + 1);
  chargeText(text.length + most * replacement.length);
  chargeLetters(text.length * 8);
  let written = '';
  for (let index = 0; index <= letters.length; index++) written += (index < most ? replacement : '') + (letters[index] ?? '');
  return written;
}

function splitText(text: string, separator: Value | undefined, most: number, isFromRight: boolean): string[] {
  if (separator === undefined || separator === null) return splitBlanks(text, most, isFromRight);
  const between = requireText(separator);
  if (between === '') throw typeError('empty separator');
  const parts = splitAt(text, between);
  if (most < 0 || parts.length - 1 <= most) return parts;
  if (isFromRight) return [parts.slice(0, parts.length - most).join(between), ...parts.slice(parts.length - most)];
  return [...parts.slice(0, most), parts.slice(most).join(between)];
}

function splitBlanks(text: string, most: number, isFromRight: boolean): string[] {
  chargeLetters(text.length * 8);
  const bare = stripText(text, 'both');
  if (bare === '') return [];
  const gaps = [...bare.matchAll(spaceRun)];
  const used = most < 0 ? gaps : isFromRight ? gaps.slice(Math.max(0, gaps.length - most)) : gaps.slice(0, most);
  const parts: string[] = [];
  let start = 0;
  for (const gap of used) {
    parts.push(bare.slice(start, gap.index));
    start = gap.index + gap[0].length;
  }
  parts.push(bare.slice(start));
  // the part that stays whole keeps the whitespace at the text's own end
  const isCut = most >= 0 && gaps.length > used.length;
  if (most === 0 || (isCut && !isFromRight)) parts[parts.length - 1] = (parts.at(-1) ?? '') + trailingBlank(text);
  if (isFromRight && (most === 0 || isCut)) parts[0] = leadingBlank(text) + stripText(parts[0] ?? '', 'right');
  if (isFromRight && most === 0) return [stripText(text, 'right')];
  return most === 0 ? [stripText(text, 'left')] : parts;
}

function trailingBlank(text: string): string {
  return text.slice(stripText(text, 'right').length);
}

function leadingBlank(text: string): string {
  return text.slice(0, text.length - stripText(text, 'left').length);
}

const split = (isFromRight: boolean): Method => ({
  names: ['sep', 'maxsplit'],
  required: 0,
  run: (self, [separator, most]) => splitText(self as string, separator, most === undefined ? -1 : requireInteger(most), isFromRight),
});

const partition = (isLast: boolean) =>
  method(['sep'], 1, (text, [separator]) => {
    const between = requireText(separator);
    if (between === '') throw typeError('empty separator');
    const index = isLast ? findLastText(text, between) : findText(text, between);
    if (index === -1) return new PyTuple(isLast ? ['', '', text] : [text, '', '']);
    return new PyTuple([text.slice(0, index), between, text.slice(index + between.length)]);
  });

function countIn(text: string, wanted: string): number {
  return wanted === '' ? countLetters(text) + 1 : splitAt(text, wanted).length - 1;
}

/** The str methods that look for something. */
export const searchMethods: readonly (readonly [string, Method])[] = [
  ['find', find(false, false)],
  ['rfind', find(true, false)],
  ['index', find(false, true)],
  ['rindex', find(true, true)],
  ['startswith', edge('startswith')],
  ['endswith', edge('endswith')],
  ['split', split(false)],
  ['rsplit', split(true)],
  ['partition', partition(false)],
  ['rpartition', partition(true)],
  [
    'count',
    method(['sub', 'start', 'end'], 1, (text, [wanted, start, end]) => {
      const cut = cutOut(text, start, end);
      return cut === undefined ? 0 : countIn(cut.part, requireText(wanted));
    }),
  ],
  [
    'replace',
    method(['old', 'new', 'count'], 2, (text, [wanted, replacement, count]) =>
      replaceText(text, requireText(wanted), requireText(replacement), count === undefined ? -1 : requireInteger(count)),
    ),
  ],
];
