import { charge } from './budget.ts';
import { compareValues, hashOf, isEqual, isTruthy } from './compare.ts';
import { JinjaError, typeError } from './errors.ts';
import { defineFilter, type Filter } from './filter.ts';
import { ignoreCase, makeGetter, makeGetters } from './getter.ts';
import { itemsOf, iterate } from './iterate.ts';
import type { Given } from './signature.ts';
import { GroupTuple, PyDict, PyIterator, PyTuple, textOf, typeNameOf, Undefined, type Value } from './values.ts';

interface Keyed {
  readonly item: Value;
  readonly key: Value;
}

/** A stable sort in Python's order; comparisons are steps. */
function sortBy(items: readonly Value[], keyOf: (item: Value) => Value, isReversed: boolean): Value[] {
  charge(items.length);
  const keyed: Keyed[] = items.map((item) => ({ item, key: keyOf(item) }));
  const compare = (left: Keyed, right: Keyed) => {
    charge(1);
    return isReversed ? compareValues(right.key, left.key) : compareValues(left.key, right.key);
  };
  return keyed.sort(compare).map(({ item }) => item);
}

function sort(value: Value, [reverse = false, isSensitive = false, attribute = null]: Given): Value {
  const getters = makeGetters(attribute);
  const fold = isTruthy(isSensitive) ? (key: Value) => key : ignoreCase;
  const keyOf = (item: Value): Value => new PyTuple(getters.map((read) => fold(read(item))));
  return sortBy(itemsOf(value), keyOf, isTruthy(reverse));
}

function sortDict(value: Value, [isSensitive = false, by = 'key', reverse = false]: Given): Value {
  const part = textOf(by);
  if (part !== 'key' && part !== 'value') throw new JinjaError('template', 'You can only sort by either "key" or "value"');
  if (value instanceof Undefined) throw value.fail();
  if (!(value instanceof PyDict)) throw typeError(`'${typeNameOf(value)}' object has no attribute 'items'`);
  const fold = isTruthy(isSensitive) ? (key: Value) => key : ignoreCase;
  charge(value.size);
  const pairs = value.pairs().map((pair) => new PyTuple(pair));
  return sortBy(pairs, (pair) => fold((pair as PyTuple).items[part === 'key' ? 0 : 1] as Value), isTruthy(reverse));
}

function unique(value: Value, [isSensitive = false, attribute = null]: Given): Value {
  const read = makeGetter(attribute);
  const fold = isTruthy(isSensitive) ? (key: Value) => key : ignoreCase;
  function* choose(): Generator<Value, void, undefined> {
    const seen = new Set<unknown>();
    for (const item of iterate(value)) {
      const key = hashOf(fold(read(item)));
      if (seen.has(key)) continue;
      seen.add(key);
      yield item;
    }
  }
  return new PyIterator(choose());
}

const extreme = (sign: 1 | -1) =>
  defineFilter(['case_sensitive', 'attribute'], (value, [isSensitive = false, attribute = null]) => {
    const items = itemsOf(value);
    const [first] = items;
    if (first === undefined) return new Undefined('No aggregated item, sequence was empty.');
    const read = makeGetter(attribute);
    const keyOf = (item: Value) => (isTruthy(isSensitive) ? read(item) : ignoreCase(read(item)));
    let best = { item: first, key: keyOf(first) };
    for (const item of items.slice(1)) {
      charge(1);
      const key = keyOf(item);
      if (compareValues(key, best.key, sign === 1 ? '>' : '<') * sign > 0) best = { item, key };
    }
    return best.item;
  });

function groupBy(value: Value, [attribute = null, fallback = null, isSensitive = false]: Given): Value {
  const read = makeGetter(attribute, fallback);
  const keyOf = (item: Value) => (isTruthy(isSensitive) ? read(item) : ignoreCase(read(item)));
  const groups: { key: Value; items: Value[] }[] = [];
  for (const item of sortBy(itemsOf(value), keyOf, false)) {
    const key = keyOf(item);
    const last = groups.at(-1);
    if (last !== undefined && isEqual(last.key, key)) last.items.push(item);
    else groups.push({ key, items: [item] });
  }
  return groups.map(({ items }) => new GroupTuple([read(items[0] as Value), items]));
}

/** Filters that sort, group and compare. */
export const orderFilters: readonly (readonly [string, Filter])[] = [
  ['sort', defineFilter(['reverse', 'case_sensitive', 'attribute'], sort)],
  ['dictsort', defineFilter(['case_sensitive', 'by', 'reverse'], sortDict)],
  ['unique', defineFilter(['case_sensitive', 'attribute'], unique)],
  ['max', extreme(1)],
  ['min', extreme(-1)],
  ['groupby', defineFilter(['attribute', 'default', 'case_sensitive'], groupBy, 1)],
];
