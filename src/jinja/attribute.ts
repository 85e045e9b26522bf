import { charge } from './budget.ts';
import { dictMethods, listMethods, rangeAttributes, tupleMethods } from './collection-methods.ts';
import { hashOf } from './compare.ts';
import { typeError } from './errors.ts';
import type { Method } from './method.ts';
import { toRepr } from './repr.ts';
import { bindArguments } from './signature.ts';
import { markupMethod, stringMethods } from './string-methods.ts';
import { isFlat, lettersOf } from './unicode.ts';
import {
  GroupTuple,
  integerOf,
  type Keywords,
  Markup,
  PyDict,
  PyFloat,
  PyFunction,
  PyInstance,
  PyRange,
  PyTuple,
  textOf,
  typeNameOf,
  Undefined,
  type Value,
} from './values.ts';

const mutatingMethods: Readonly<Record<string, ReadonlySet<string>>> = {
  list: new Set(['append', 'clear', 'pop', 'reverse', 'insert', 'sort', 'extend', 'remove']),
  dict: new Set(['clear', 'pop', 'popitem', 'setdefault', 'update']),
};

/** Attributes every Python object has: there, but closed to templates. */
const closedAttributes = new Set([
  ...['__class__', '__delattr__', '__dir__', '__doc__', '__eq__', '__format__', '__ge__', '__getattribute__', '__getstate__', '__gt__'],
  ...['__hash__', '__init__', '__init_subclass__', '__le__', '__lt__', '__ne__', '__new__', '__reduce__', '__reduce_ex__', '__repr__'],
  ...['__setattr__', '__sizeof__', '__str__', '__subclasshook__'],
]);

/** `value.name`: the attribute, else the item, else undefined. */
export function getAttribute(value: Value, name: string): Value {
  let found = findAttribute(value, name);
  if (found === undefined) found = findItem(value, name);
  return found === undefined ? missing(value, name) : found;
}

/** `value[key]`: the item, else (for a str) the attribute, else undefined. */
export function getItem(value: Value, key: Value): Value {
  const found = findItem(value, key);
  if (found !== undefined) return found;
  const name = textOf(key);
  const attribute = name === undefined ? undefined : findAttribute(value, name);
  return attribute === undefined ? missing(value, key) : attribute;
}

/** The attribute alone, for the filter `attr`. */
export function getAttributeOnly(value: Value, name: string): Value {
  const found = findAttribute(value, name);
  return found === undefined ? missing(value, name) : found;
}

/** `value.name(args)`, without a bound method in between. */
export function callMethod(value: Value, name: string, args: Value[], keywords: Keywords): Value | undefined {
  const method = findMethod(value, name);
  if (method === undefined) return undefined;
  return method.run(value, bindArguments(name, method, args, keywords), args, keywords);
}

function missing(value: Value, name: Value): Undefined {
  if (value instanceof Undefined) throw value.fail();
  const type = value === null ? 'None' : typeNameOf(value);
  const kind = value === null ? 'None' : `${type} object`;
  return new Undefined(typeof name === 'string' ? `'${kind}' has no attribute ${toRepr(name)}` : `${kind} has no element ${toRepr(name)}`);
}

function findMethod(value: Value, name: string): Method | undefined {
  if (typeof value === 'string') return stringMethods.get(name);
  if (value === null || typeof value !== 'object') return undefined;
  if (value instanceof PyDict) return dictMethods.get(name);
  if (Array.isArray(value)) return listMethods.get(name);
  if (value instanceof PyTuple) return tupleMethods.get(name);
  return value instanceof Markup ? markupMethod(name) : undefined;
}

function findAttribute(value: Value, name: string): Value | undefined {
  if (value instanceof Undefined && !name.startsWith('__')) throw value.fail();
  const method = findMethod(value, name);
  if (method !== undefined) {
    return new PyFunction(name, (args, keywords) => method.run(value, bindArguments(name, method, args, keywords), args, keywords));
  }
  if (value instanceof PyInstance) {
    const own = name.startsWith('_') ? undefined : value.getAttribute(name);
    if (own !== undefined) return own;
  }
  const isClosed = closedAttributes.has(name) || mutatingMethods[typeNameOf(value)]?.has(name) === true;
  if (isClosed) return new Undefined(`access to attribute '${name}' of '${typeNameOf(value)}' object is unsafe.`, 'security');
  if (value instanceof PyRange) return rangeAttributes(value, name);
  if (value instanceof GroupTuple && (name === 'grouper' || name === 'list')) return value.items[name === 'list' ? 1 : 0];
  return findNumberAttribute(value, name);
}

function findNumberAttribute(value: Value, name: string): Value | undefined {
  const integer = integerOf(value);
  if (integer !== undefined) {
    if (name === 'real' || name === 'numerator' || name === 'denominator') return name === 'denominator' ? 1 : integer;
    if (name === 'imag') return 0;
    if (name === 'bit_length')
      return new PyFunction(name, () => (Number(integer) === 0 ? 0 : BigInt(integer).toString(2).replace('-', '').length));
  }
  if (!(value instanceof PyFloat)) return undefined;
  if (name === 'is_integer') return new PyFunction(name, () => Number.isInteger(value.value));
  return name === 'real' ? value : name === 'imag' ? new PyFloat(0) : undefined;
}

function findItem(value: Value, key: Value): Value | undefined {
  if (value instanceof PyDict) return findKey(value, key);
  if (value instanceof Undefined) throw value.fail();
  const index = typeof key === 'object' || typeof key === 'string' ? undefined : integerOf(key);
  if (index === undefined) return undefined;
  return findIndex(value, Number(index));
}

function findKey(dict: PyDict, key: Value): Value | undefined {
  if (typeof key === 'number') return dict.entries.get(key);
  return Array.isArray(key) || key instanceof PyDict ? undefined : dict.entries.get(hashOf(key));
}

function findIndex(value: Value, index: number): Value | undefined {
  if (Array.isArray(value)) return value[index < 0 ? index + value.length : index];
  if (value instanceof PyTuple) return value.items[index < 0 ? index + value.items.length : index];
  if (typeof value === 'string') return letterAt(value, index);
  if (value instanceof Markup) {
    const letter = letterAt(value.text, index);
    return letter === undefined ? undefined : new Markup(letter);
  }
  if (!(value instanceof PyRange)) return undefined;
  const place = index < 0 ? index + value.length : index;
  return place >= 0 && place < value.length ? value.at(place) : undefined;
}

function letterAt(text: string, index: number): string | undefined {
  if (isFlat(text)) return text[index < 0 ? index + text.length : index];
  return lettersOf(text).at(index);
}

/** The bounds of `value[start:stop:step]`. */
export interface SliceBounds {
  readonly start: Value;
  readonly stop: Value;
  readonly step: Value;
}

/** `value[start:stop:step]`; raises for what has no slices (an item that is missing is undefined instead). */
export function getSlice(value: Value, bounds: SliceBounds): Value {
  if (value instanceof Undefined) throw value.fail();
  if (typeof value === 'string') return sliceText(value, bounds);
  if (value instanceof Markup) return new Markup(sliceText(value.text, bounds));
  if (Array.isArray(value)) return sliceItems(value, bounds);
  if (value instanceof PyTuple) return new PyTuple(sliceItems(value.items, bounds));
  if (value instanceof PyRange) return sliceRange(value, bounds);
  if (value instanceof PyDict) throw typeError("unhashable type: 'slice'");
  throw typeError(`'${typeNameOf(value)}' object is not subscriptable`);
}

function sliceText(text: string, bounds: SliceBounds): string {
  if (!isFlat(text)) return sliceItems(lettersOf(text), bounds).join('');
  const { start, stop, step } = resolveBounds(bounds, text.length);
  return step === 1 ? text.slice(start, Math.max(start, stop)) : sliceItems(lettersOf(text), bounds).join('');
}

function sliceItems<T extends Value>(items: T[], bounds: SliceBounds): T[] {
  const { start, stop, step } = resolveBounds(bounds, items.length);
  charge(items.length / 64);
  if (step === 1) return items.slice(start, Math.max(start, stop));
  const taken: T[] = [];
  charge(items.length / 8);
  for (let index = start; step > 0 ? index < stop : index > stop; index += step) taken.push(items[index] as T);
  return taken;
}

function sliceRange(range: PyRange, bounds: SliceBounds): PyRange {
  const { start, stop, step } = resolveBounds(bounds, range.length);
  return new PyRange(range.at(start), range.at(stop), range.step * step);
}

function resolveBounds(bounds: SliceBounds, length: number): { readonly start: number; readonly stop: number; readonly step: number } {
  const step = readBound(bounds.step) ?? 1;
  if (step === 0) throw typeError('slice step cannot be zero');
  const [lowest, highest] = step > 0 ? [0, length] : [-1, length - 1];
  const place = (given: number | undefined, fallback: number) => {
    if (given === undefined) return fallback;
    return Math.min(highest, Math.max(lowest, given < 0 ? given + length : given));
  };
  const [first, last] = step > 0 ? [lowest, highest] : [highest, lowest];
  return { start: place(readBound(bounds.start), first), stop: place(readBound(bounds.stop), last), step };
}

function readBound(bound: Value): number | undefined {
  if (bound === null) return undefined;
  const integer = integerOf(bound);
  if (integer === undefined) throw typeError('slice indices must be integers or None or have an __index__ method');
  return Number(integer);
}
