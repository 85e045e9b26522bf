import { charge } from './budget.ts';
import { typeError } from './errors.ts';
import { countLetters, lettersOf } from './unicode.ts';
import { DictView, Markup, PyBytes, PyDict, PyIterator, PyRange, PyTuple, typeNameOf, Undefined, type Value } from './values.ts';

/** The items of an iterable, lazily; each is a step. Raises for what cannot be iterated. */
export function* iterate(value: Value): Generator<Value, void, undefined> {
  if (value instanceof PyIterator) {
    for (let next = value.iterator.next(); next.done !== true; next = value.iterator.next()) {
      charge(1);
      yield next.value;
    }
    return;
  }
  if (value instanceof PyRange) {
    for (let index = 0; index < value.length; index++) {
      charge(1);
      yield value.at(index);
    }
    return;
  }
  for (const item of itemsOf(value)) {
    charge(1);
    yield item;
  }
}

/** The items of an iterable as an array, which may be the value's own: not to be changed. An iterator is used up. */
export function itemsOf(value: Value): readonly Value[] {
  if (Array.isArray(value)) return value;
  if (typeof value === 'string') return lettersOf(value);
  if (value instanceof PyTuple) return value.items;
  if (value instanceof PyIterator) return [...iterate(value)];
  if (value instanceof Undefined) return [];
  chargeItems((lengthOf(value) ?? 0) * (value instanceof DictView ? 8 : 2));
  if (value instanceof PyDict) return value.keys();
  if (value instanceof DictView) return value.items();
  if (value instanceof PyRange) return Array.from({ length: value.length }, (_, index) => value.at(index));
  if (value instanceof Markup) return lettersOf(value.text);
  if (value instanceof PyBytes) return [...value.bytes];
  throw typeError(`'${typeNameOf(value)}' object is not iterable`);
}

/** Counts a list of `count` items that is made in one go. */
export function chargeItems(count: number): void {
  charge(count / 8);
}

/** Whether `for` takes the value. */
export function isIterable(value: Value): boolean {
  if (typeof value !== 'object') return typeof value === 'string';
  if (value === null) return false;
  return (
    Array.isArray(value) ||
    [Markup, PyTuple, PyDict, PyIterator, Undefined, DictView, PyRange, PyBytes].some((type) => value instanceof type)
  );
}

/** Python's `len(value)`, undefined where it has none. */
export function lengthOf(value: Value): number | undefined {
  if (typeof value === 'string') return countLetters(value);
  if (Array.isArray(value)) return value.length;
  if (value instanceof PyDict) return value.size;
  if (value instanceof PyTuple) return value.items.length;
  if (value instanceof Markup) return countLetters(value.text);
  if (value instanceof Undefined) return 0;
  if (value instanceof PyRange) return value.length;
  if (value instanceof DictView) return value.dict.size;
  return value instanceof PyBytes ? value.bytes.length : undefined;
}

/** `len(value)`; raises where it has none. */
export function requireLength(value: Value): number {
  const length = lengthOf(value);
  if (length === undefined) throw typeError(`object of type '${typeNameOf(value)}' has no len()`);
  return length;
}
