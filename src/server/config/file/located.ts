import type { Place } from '../fault.ts';

/** Keys and indexes from the top down to a value. */
export type Path = readonly (string | number)[];

/** A map of a file, as plain data. */
export type PlainMap = { [key: string]: unknown };

interface KeyPlaces {
  readonly key: Place;
  readonly value: Place;
}

/**
 * Where the values of plain data stand in their files. Data of several files may be joined: each key keeps its own place.
 */
export interface Places {
  /** Notes where a key of a map, or an element of a list, and its value stand. */
  readonly note: (container: object, key: string | number, places: KeyPlaces) => void;
  /** What was noted of that key. */
  readonly of: (container: object, key: string | number) => KeyPlaces | undefined;
}

/** Places for one reading. */
export function createPlaces(): Places {
  const known = new WeakMap<object, Map<string, KeyPlaces>>();
  return {
    note: (container, key, places) => {
      const keys = known.get(container) ?? new Map<string, KeyPlaces>();
      keys.set(String(key), places);
      known.set(container, keys);
    },
    of: (container, key) => known.get(container)?.get(String(key)),
  };
}

/** Data and where it stands. */
export interface Located {
  readonly value: unknown;
  readonly places: Places;
  /** of the whole */
  readonly start: Place;
}

/** The place of the value at a path, or of its key; of the deepest container that is there where it is missing. */
export function findPlace({ value, places, start }: Located, path: Path, part: 'key' | 'value' = 'value'): Place {
  let place = start;
  let container = value;
  for (const [index, step] of path.entries()) {
    if (!isContainer(container)) break;
    const found = places.of(container, step);
    if (found === undefined) break;
    place = index === path.length - 1 ? found[part] : found.value;
    container = (container as PlainMap)[String(step)];
  }
  return place;
}

/** The value at a path; undefined where there is none. */
export function valueAt(value: unknown, path: Path): unknown {
  let found = value;
  for (const step of path) found = isContainer(found) && Object.hasOwn(found, step) ? (found as PlainMap)[String(step)] : undefined;
  return found;
}

/** True for a map of a file. */
export function isMap(value: unknown): value is PlainMap {
  return isContainer(value) && !Array.isArray(value);
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
