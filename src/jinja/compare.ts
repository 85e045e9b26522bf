import { charge, chargeLetters, chargeText, deeper } from './budget.ts';
import { typeError } from './errors.ts';
import {
  DictView,
  type HashKey,
  integerOf,
  Markup,
  numberOf,
  PyBytes,
  PyDict,
  PyFloat,
  PyRange,
  PyTuple,
  textOf,
  typeNameOf,
  Undefined,
  type Value,
} from './values.ts';

/** Python's `bool(value)`. */
export function isTruthy(value: Value): boolean {
  if (typeof value === 'boolean') return value;
  if (typeof value !== 'object') return typeof value === 'string' ? value !== '' : Number(value) !== 0;
  if (value === null || value instanceof Undefined) return false;
  if (Array.isArray(value)) return value.length > 0;
  if (value instanceof PyDict) return value.size > 0;
  if (value instanceof PyTuple) return value.items.length > 0;
  if (value instanceof PyFloat) return value.value !== 0;
  if (value instanceof Markup) return value.text !== '';
  if (value instanceof PyRange) return value.length > 0;
  if (value instanceof PyBytes) return value.bytes.length > 0;
  return value instanceof DictView ? value.dict.size > 0 : true;
}

/** The length from which a text as a key costs steps: looking it up compares the whole of it. */
export const longKey = 256;

/** Python's `==`; never raises. */
export function isEqual(left: Value, right: Value): boolean {
  if (typeof left === 'string' && left.length >= longKey) chargeText(left.length);
  if (left === right) return true;
  if (typeof left === 'string' && typeof right === 'string') return false;
  if (left === null || right === null) return false;
  const text = textOf(left);
  if (text !== undefined) return text === textOf(right);
  const number = numberOf(left);
  if (number !== undefined) return isSameNumber(left, right);
  return typeof left === 'object' && typeof right === 'object' && deeper(() => isEqualObject(left, right));
}

function isSameNumber(left: Value, right: Value): boolean {
  const [first, second] = [integerOf(left), integerOf(right)];
  if (first !== undefined && second !== undefined) return first === second;
  const float = left instanceof PyFloat ? left.value : right instanceof PyFloat ? right.value : Number.NaN;
  const other = left instanceof PyFloat ? right : left;
  const integer = integerOf(other);
  if (typeof integer === 'bigint') return Number.isInteger(float) && BigInt(float) === integer;
  return numberOf(other) === float;
}

function isEqualObject(left: object, right: object): boolean {
  if (Array.isArray(left)) return Array.isArray(right) && areEqualItems(left, right);
  if (left instanceof PyTuple) return right instanceof PyTuple && areEqualItems(left.items, right.items);
  if (left instanceof PyDict) return right instanceof PyDict && isEqualDict(left, right);
  if (left instanceof Undefined) return right instanceof Undefined;
  if (left instanceof PyRange) {
    if (!(right instanceof PyRange) || left.length !== right.length) return false;
    if (left.length === 0) return true;
    return left.start === right.start && (left.length === 1 || left.step === right.step);
  }
  if (left instanceof DictView && right instanceof DictView && left.typeName !== 'dict_values') return isEqualView(left, right);
  return left instanceof PyBytes && right instanceof PyBytes && isSameBytes(left.bytes, right.bytes);
}

function isSameBytes(left: Uint8Array, right: Uint8Array): boolean {
  chargeLetters(left.length);
  return left.length === right.length && left.every((byte, index) => byte === right[index]);
}

function isEqualView(left: DictView, right: DictView): boolean {
  if (left.dict.size !== right.dict.size) return false;
  if (left.typeName !== right.typeName) return isEqualSet(left.items(), right.items());
  if (left.typeName === 'dict_items') return isEqualDict(left.dict, right.dict);
  charge(left.dict.size);
  return [...left.dict.entries.keys()].every((key) => right.dict.entries.has(key));
}

function isEqualSet(left: readonly Value[], right: readonly Value[]): boolean {
  return left.every((item) => {
    charge(right.length);
    return right.some((other) => isEqual(item, other));
  });
}

function areEqualItems(left: readonly Value[], right: readonly Value[]): boolean {
  charge(left.length);
  return left.length === right.length && left.every((item, index) => isEqual(item, right[index] as Value));
}

function isEqualDict(left: PyDict, right: PyDict): boolean {
  if (left.size !== right.size) return false;
  charge(left.size);
  for (const [key, value] of left.entries) {
    const other = right.entries.get(key);
    if (other === undefined || !isEqual(value, other)) return false;
  }
  return true;
}

/** Python's order: negative, zero or positive; NaN where neither comes first. Raises for unlike types. */
export function compareValues(left: Value, right: Value, operator = '<'): number {
  const [first, second] = [textOf(left), textOf(right)];
  if (first !== undefined && second !== undefined) return compareTexts(first, second);
  const [one, other] = [numberOf(left), numberOf(right)];
  if (one !== undefined && other !== undefined) return compareNumbers(left, right);
  if (Array.isArray(left) && Array.isArray(right)) return compareItems(left, right, operator);
  if (left instanceof PyTuple && right instanceof PyTuple) return compareItems(left.items, right.items, operator);
  if (left instanceof Undefined) throw left.fail();
  if (right instanceof Undefined) throw right.fail();
  throw typeError(`'${operator}' not supported between instances of '${typeNameOf(left)}' and '${typeNameOf(right)}'`);
}

function compareNumbers(left: Value, right: Value): number {
  const [first, second] = [integerOf(left), integerOf(right)];
  if (first !== undefined && second !== undefined) return first < second ? -1 : first > second ? 1 : 0;
  // JS compares bigints with numbers exactly
  const [a, b] = [first ?? (left as PyFloat).value, second ?? (right as PyFloat).value];
  if (a < b) return -1;
  if (a > b) return 1;
  return a <= b ? 0 : Number.NaN;
}

/** By code point; UTF-16 units order astral letters before U+E000. */
function compareTexts(left: string, right: string): number {
  if (left === right) return 0;
  let index = 0;
  while (index < left.length && left.charCodeAt(index) === right.charCodeAt(index)) index++;
  chargeLetters(index);
  const [first, second] = [left.charCodeAt(index), right.charCodeAt(index)];
  if (Number.isNaN(first) || Number.isNaN(second)) return Number.isNaN(first) ? -1 : 1;
  const isWide = (unit: number) => unit >= 0xd800 && unit <= 0xdfff;
  if (isWide(first) !== isWide(second)) return isWide(first) ? 1 : -1;
  return first - second;
}

function compareItems(left: readonly Value[], right: readonly Value[], operator: string): number {
  const shared = Math.min(left.length, right.length);
  charge(shared);
  for (let index = 0; index < shared; index++) {
    const [first, second] = [left[index] as Value, right[index] as Value];
    if (!isEqual(first, second)) return deeper(() => compareValues(first, second, operator));
  }
  return left.length - right.length;
}

/** What a dictionary finds a key by. Raises for lists and dictionaries. */
export function hashOf(key: Value): HashKey {
  if (typeof key === 'string') return hashText(key);
  if (typeof key === 'number' || key === null || typeof key === 'bigint') return key;
  if (typeof key === 'boolean') return Number(key);
  if (key instanceof PyFloat) return hashFloat(key);
  if (key instanceof Markup) return hashText(key.text);
  if (key instanceof PyTuple) return hashTuple(key);
  if (key instanceof Undefined) return Undefined;
  if (Array.isArray(key) || key instanceof PyDict) throw typeError(`unhashable type: '${typeNameOf(key)}'`);
  if (key instanceof DictView && key.typeName !== 'dict_values') throw typeError(`unhashable type: '${key.typeName}'`);
  return key;
}

function hashText(key: string): string {
  if (key.length >= longKey) chargeText(key.length);
  return key;
}

function hashFloat(key: PyFloat): HashKey {
  if (!Number.isInteger(key.value)) return key.value;
  return Number.isSafeInteger(key.value) ? key.value + 0 : BigInt(key.value);
}

const objectNumbers = new WeakMap<object, number>();
let objectCount = 0;

/** Equal tuples give one text, which no key of a template is likely to be. */
function hashTuple(key: PyTuple): HashKey {
  return `\u0000tuple${writeTuple(key)}`;
}

function writeTuple(key: PyTuple): string {
  charge(key.items.length);
  return deeper(() => `(${key.items.map(writeHash).join(',')})`);
}

function writeHash(item: Value): string {
  if (item instanceof PyTuple) return writeTuple(item);
  const hash = hashOf(item);
  if (typeof hash === 'string') {
    chargeLetters(hash.length);
    return JSON.stringify(hash);
  }
  if (typeof hash !== 'object' || hash === null) return String(hash);
  if (!objectNumbers.has(hash)) objectNumbers.set(hash, ++objectCount);
  return `#${objectNumbers.get(hash)}`;
}
