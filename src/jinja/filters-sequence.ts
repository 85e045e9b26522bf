import { getAttributeOnly } from './attribute.ts';
import { charge, chargeText, checkLength } from './budget.ts';
import { isTruthy } from './compare.ts';
import { JinjaError, typeError } from './errors.ts';
import { defineFilter, type Filter } from './filter.ts';
import { makeGetter } from './getter.ts';
import { chargeItems, isIterable, itemsOf, iterate, lengthOf, requireLength } from './iterate.ts';
import { requireInteger } from './method.ts';
import { toText } from './repr.ts';
import type { Given } from './signature.ts';
import { lettersOf } from './unicode.ts';
import { DictView, Markup, PyDict, PyIterator, PyRange, PyTuple, textOf, typeNameOf, Undefined, type Value } from './values.ts';

function join(value: Value, [separator = '', attribute = null]: Given): Value {
  const read = attribute === null ? undefined : makeGetter(attribute);
  const texts: string[] = [];
  let length = 0;
  const between = toText(separator);
  for (const item of iterate(value)) {
    const text = toText(read === undefined ? item : read(item));
    length += text.length + between.length;
    checkLength(length);
    texts.push(text);
  }
  chargeText(length);
  return texts.join(between);
}

function listOf(value: Value): Value[] {
  const items = itemsOf(value);
  chargeItems(items.length);
  return [...items];
}

function first(value: Value): Value {
  for (const item of iterate(value)) return item;
  return new Undefined('No first item, sequence was empty.');
}

function reversed(value: Value): readonly Value[] | undefined {
  chargeItems(lengthOf(value) ?? 0);
  const isReversible = [PyTuple, PyDict, DictView, PyRange, Markup, Undefined].some((type) => value instanceof type);
  if (!Array.isArray(value) && typeof value !== 'string' && !isReversible) return undefined;
  return [...itemsOf(value)].reverse();
}

function last(value: Value): Value {
  // Undefined has no __reversed__ nor __getitem__ that works
  if (value instanceof Undefined) return new Undefined('No last item, sequence was empty.');
  const items = reversed(value);
  if (items === undefined) throw typeError(`'${typeNameOf(value)}' object is not reversible`);
  return items[0] ?? new Undefined('No last item, sequence was empty.');
}

function reverse(value: Value): Value {
  const text = textOf(value);
  if (text !== undefined) {
    const turned = lettersOf(text).reverse().join('');
    return value instanceof Markup ? new Markup(turned) : turned;
  }
  const items = reversed(value);
  if (items !== undefined) return new PyIterator(items[Symbol.iterator](), Array.isArray(value) ? 'list_reverseiterator' : 'reversed');
  if (!isIterable(value)) throw new JinjaError('template', 'argument must be iterable');
  return [...itemsOf(value)].reverse();
}

function* batches(value: Value, [count = 0, fill = null]: Given): Generator<Value, void, undefined> {
  const size = requireInteger(count);
  let row: Value[] = [];
  for (const item of iterate(value)) {
    if (row.length === size) {
      yield row;
      row = [];
    }
    row.push(item);
  }
  if (row.length === 0) return;
  if (fill !== null) charge(Math.max(0, size - row.length));
  while (fill !== null && row.length < size) row.push(fill);
  yield row;
}

function* slices(value: Value, [count = 0, fill = null]: Given): Generator<Value, void, undefined> {
  const items = itemsOf(value);
  const parts = requireInteger(count);
  if (parts === 0) throw typeError('integer division or modulo by zero');
  const size = Math.floor(items.length / parts);
  const longer = items.length - size * parts;
  let start = 0;
  for (let part = 0; part < parts; part++) {
    charge(1);
    const end = start + size + (part < longer ? 1 : 0);
    const row = items.slice(start, end);
    yield fill !== null && part >= longer ? [...row, fill] : row;
    start = end;
  }
}

function* pairs(value: Value): Generator<Value, void, undefined> {
  if (value instanceof Undefined) return;
  if (!(value instanceof PyDict)) throw typeError('Can only get item pairs from a mapping.');
  chargeItems(value.size * 4);
  for (const pair of value.pairs()) yield new PyTuple(pair);
}

const fallback = defineFilter(['default_value', 'boolean'], (value, [instead = '', isBoolean = false]) => {
  return value instanceof Undefined || (isTruthy(isBoolean) && !isTruthy(value)) ? instead : value;
});

/** Filters that take sequences and mappings apart. */
export const sequenceFilters: readonly (readonly [string, Filter])[] = [
  ['default', fallback],
  ['d', fallback],
  ['length', defineFilter([], requireLength)],
  ['count', defineFilter([], requireLength)],
  ['list', defineFilter([], (value) => listOf(value))],
  ['first', defineFilter([], first)],
  ['last', defineFilter([], last)],
  ['join', defineFilter(['d', 'attribute'], join)],
  ['reverse', defineFilter([], reverse)],
  ['items', defineFilter([], (value) => new PyIterator(pairs(value)))],
  ['attr', defineFilter(['name'], (value, [name = '']) => getAttributeOnly(value, toText(name)), 1)],
  ['batch', defineFilter(['linecount', 'fill_with'], (value, given) => new PyIterator(batches(value, given)), 1)],
  ['slice', defineFilter(['slices', 'fill_with'], (value, given) => new PyIterator(slices(value, given)), 1)],
];
