import { charge } from './budget.ts';
import { hashOf, isEqual } from './compare.ts';
import { typeError } from './errors.ts';
import { chargeItems, iterate } from './iterate.ts';
import type { Method } from './method.ts';
import { toRepr } from './repr.ts';
import { DictView, integerOf, PyDict, PyFunction, type PyRange, type PyTuple, type Value } from './values.ts';

const positional = (names: readonly string[], required: number, run: Method['run']): Method => ({
  names,
  required,
  isPositional: true,
  run,
});

/** The dict methods that change nothing. */
export const dictMethods: ReadonlyMap<string, Method> = new Map([
  [
    'get',
    positional(['key', 'default'], 1, (dict, [key, fallback]) => {
      const found = (dict as PyDict).entries.get(hashOf(key ?? null));
      return found === undefined ? (fallback ?? null) : found;
    }),
  ],
  ['items', positional([], 0, (dict) => new DictView(dict as PyDict, 'dict_items'))],
  ['keys', positional([], 0, (dict) => new DictView(dict as PyDict, 'dict_keys'))],
  ['values', positional([], 0, (dict) => new DictView(dict as PyDict, 'dict_values'))],
  ['copy', positional([], 0, (dict) => copyDict(dict as PyDict))],
  ['fromkeys', positional(['iterable', 'value'], 1, (_, [keys, value]) => makeFromKeys(keys ?? null, value ?? null))],
]);

function copyList(list: readonly Value[]): Value[] {
  chargeItems(list.length);
  return [...list];
}

function copyDict(dict: PyDict): PyDict {
  charge(dict.size);
  return dict.copy();
}

function makeFromKeys(keys: Value, value: Value): PyDict {
  const dict = new PyDict();
  for (const key of iterate(keys)) dict.set(hashOf(key), key, value);
  return dict;
}

/** The list methods that change nothing. */
export const listMethods: ReadonlyMap<string, Method> = new Map([
  ['copy', positional([], 0, (list) => copyList(list as Value[]))],
  ['count', positional(['value'], 1, (list, [value]) => countItems(list as Value[], value ?? null))],
  ['index', positional(['value', 'start', 'stop'], 1, (list, given) => findItem(list as Value[], given, 'list'))],
]);

/** The methods of tuples. */
export const tupleMethods: ReadonlyMap<string, Method> = new Map([
  ['count', positional(['value'], 1, (tuple, [value]) => countItems((tuple as PyTuple).items, value ?? null))],
  ['index', positional(['value', 'start', 'stop'], 1, (tuple, given) => findItem((tuple as PyTuple).items, given, 'tuple'))],
]);

/** Attributes of a range. */
export function rangeAttributes(range: PyRange, name: string): Value | undefined {
  if (name === 'start' || name === 'stop' || name === 'step') return range[name];
  const items = () => Array.from({ length: range.length }, (_, index) => range.at(index));
  if (name === 'count') return new PyFunction(name, ([value]) => countItems(items(), value ?? null));
  return name === 'index' ? new PyFunction(name, (args) => findItem(items(), args, 'range')) : undefined;
}

function countItems(items: readonly Value[], value: Value): number {
  charge(items.length);
  return items.filter((item) => isEqual(item, value)).length;
}

function findItem(items: readonly Value[], given: readonly (Value | undefined)[], type: string): number {
  const [value = null, start, stop] = given;
  charge(items.length);
  const place = (bound: Value | undefined, fallback: number) => {
    const index = Number(integerOf(bound) ?? fallback);
    return index < 0 ? Math.max(0, index + items.length) : index;
  };
  const end = Math.min(items.length, place(stop, items.length));
  for (let index = place(start, 0); index < end; index++) {
    if (isEqual(items[index] as Value, value)) return index;
  }
  throw typeError(type === 'list' ? `${toRepr(value)} is not in list` : `${type}.index(x): x not in ${type}`);
}
