import { getItem } from './attribute.ts';
import { charge, chargeLetters } from './budget.ts';
import { textOf, Undefined, type Value } from './values.ts';

/** Reads `a.b.0` of an item, as filters with `attribute=` do; an undefined part becomes `fallback` when there is one. */
export function makeGetter(attribute: Value, fallback: Value = null): (item: Value) => Value {
  const path = splitPath(attribute);
  return (item) => {
    let value = item;
    charge(path.length);
    for (const part of path) {
      value = getItem(value, part);
      if (fallback !== null && value instanceof Undefined) value = fallback;
    }
    return value;
  };
}

/** Several attributes parted by commas, as `sort` takes them. */
export function makeGetters(attribute: Value): readonly ((item: Value) => Value)[] {
  const text = textOf(attribute);
  return text === undefined ? [makeGetter(attribute)] : text.split(',').map((part) => makeGetter(part));
}

function splitPath(attribute: Value): readonly Value[] {
  if (attribute === null) return [];
  const text = textOf(attribute);
  if (text === undefined) return [attribute];
  chargeLetters(text.length);
  return text.split('.').map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}

/** Text in lower case, other values as they are: what sorting goes by. */
export function ignoreCase(value: Value): Value {
  const text = textOf(value);
  if (text === undefined) return value;
  chargeLetters(text.length);
  return text.toLowerCase();
}
