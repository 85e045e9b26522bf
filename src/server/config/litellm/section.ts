import type { JsonObject, JsonValue } from '../../../protocol/json.ts';
import { findNearestName } from '../../../text/nearest-name.ts';
import { isMap, type Path, type PlainMap } from '../file/located.ts';
import { addFault, addWarning, keepSecret, type Reading, readVariable } from '../reading.ts';
import { nameKind } from '../schema/check-shape.ts';
import type { Secret } from '../secret.ts';

/** A map of the file and where it is. */
export interface Layer {
  readonly map: PlainMap;
  readonly path: Path;
}

interface Found {
  readonly value: unknown;
  readonly path: Path;
}

/** Texts that LiteLLM's users write where a server wants no key. */
const noKey = /^(none|null|empty|na|n\/a|no[-_]?key([-_]required)?|not[-_]?(needed|required)|-)?$/i;

/** Headers whose values are secrets. */
const secretHeaders = /^(authorization|proxy-authorization|cookie|.*(key|token|secret|password).*)$/i;

/**
 * A section of a LiteLLM file that knows which of its keys were asked for; the others are told at the end. `os.environ/NAME` is resolved where a value is asked for:
 * a variable that is not set is a fault. Null is as good as absent. Of several layers the first that has a key wins.
 */
export class Section {
  readonly #reading: Reading;
  readonly #layers: readonly Layer[];
  readonly #taken = new Set<string>();

  constructor(reading: Reading, layers: readonly Layer[]) {
    this.#reading = reading;
    this.#layers = layers;
  }

  /** Where its first layer is. */
  get path(): Path {
    return this.#layers[0]?.path ?? [];
  }

  /** Whether a key has a value, without asking for it. */
  has(key: string): boolean {
    return this.#find(key) !== undefined;
  }

  /** The path of a key, in the layer that has it. */
  pathOf(key: string): Path {
    return this.#find(key)?.path ?? [...this.path, key];
  }

  text(key: string): string | undefined {
    const found = this.#take(key);
    if (found === undefined) return undefined;
    const value = this.#resolve(found);
    if (value === undefined || (typeof value === 'string' && value !== '')) return value as string | undefined;
    return typeof value === 'number' ? String(value) : this.#refuse(found, 'a text');
  }

  /** A number of at least 0; texts of digits are numbers too. */
  number(key: string, most = Number.MAX_SAFE_INTEGER): number | undefined {
    const found = this.#take(key);
    const value = found && this.#resolve(found);
    if (found === undefined || value === undefined) return undefined;
    const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
    if (typeof number === 'number' && number >= 0 && number <= most) return number;
    return this.#refuse(found, most === Number.MAX_SAFE_INTEGER ? 'a number of at least 0' : `a number from 0 to ${most}`);
  }

  /** A whole number of at least 0. */
  count(key: string): number | undefined {
    const path = this.pathOf(key);
    const number = this.number(key);
    if (number === undefined || Number.isInteger(number)) return number;
    return addFault(this.#reading, path, 'expected a whole number.');
  }

  /** Milliseconds of a number of seconds. */
  seconds(key: string): number | undefined {
    const seconds = this.number(key, 10_000_000);
    return seconds === undefined ? undefined : Math.round(seconds * 1000);
  }

  flag(key: string): boolean | undefined {
    const found = this.#take(key);
    const value = found && this.#resolve(found);
    if (found === undefined || value === undefined || typeof value === 'boolean') return value as boolean | undefined;
    if (typeof value === 'string' && /^(true|false)$/i.test(value)) return value.toLowerCase() === 'true';
    return this.#refuse(found, 'true or false');
  }

  /** A key for a server; undefined where the file says that it wants none. */
  secret(key: string): Secret | undefined {
    const found = this.#take(key);
    if (found === undefined) return undefined;
    const { value, path } = found;
    if (typeof value !== 'string') return this.#refuse(found, 'a text');
    return readLiteralSecret(this.#reading, value, path);
  }

  /** HTTP headers under a key, their names in lower case. What is named by a variable, or by its header is a key, is kept as a secret. */
  headers(key: string): Readonly<Record<string, string | Secret>> {
    const section = this.section(key);
    const headers: Record<string, string | Secret> = {};
    for (const name of section.rest()) {
      const isSecret = secretHeaders.test(name) || variableOf(section.#find(name)?.value) !== undefined;
      const value = isSecret ? section.secret(name) : section.text(name);
      if (value !== undefined) headers[name.toLowerCase()] = value;
    }
    return headers;
  }

  /** A list of texts; a single text is a list of one. */
  texts(key: string): readonly string[] {
    const found = this.#take(key);
    if (found === undefined) return [];
    const items: readonly unknown[] = Array.isArray(found.value) ? found.value : [found.value];
    const texts = items.map((value, index) =>
      this.#resolve({ value, path: Array.isArray(found.value) ? [...found.path, index] : found.path }),
    );
    if (texts.every((each) => typeof each === 'string' || each === undefined)) return texts.filter((each) => each !== undefined);
    this.#refuse(found, 'a list of texts');
    return [];
  }

  /** The section under a key; one without keys where there is none. */
  section(key: string): Section {
    const found = this.#take(key);
    if (found === undefined) return new Section(this.#reading, []);
    if (isMap(found.value)) return new Section(this.#reading, [{ map: found.value, path: found.path }]);
    this.#refuse(found, 'a map');
    return new Section(this.#reading, []);
  }

  /** The maps in the list under a key. */
  sections(key: string): readonly Section[] {
    const found = this.#take(key);
    if (found === undefined) return [];
    if (!Array.isArray(found.value)) {
      this.#refuse(found, 'a list');
      return [];
    }
    return (found.value as unknown[]).flatMap((value, index) => {
      const path = [...found.path, index];
      if (isMap(value)) return [new Section(this.#reading, [{ map: value, path }])];
      this.#refuse({ value, path }, 'a map');
      return [];
    });
  }

  /** The layers of this section, and then those of another, which it wins over. */
  over(other: Section): Section {
    return new Section(this.#reading, [...this.#layers, ...other.#layers]);
  }

  /** Keys that have a value and were not asked for. */
  rest(): readonly string[] {
    return [...new Set(this.#layers.flatMap(({ map }) => Object.keys(map)))].filter((key) => !this.#taken.has(key) && this.has(key));
  }

  /** The value of a key as JSON, whatever it is. */
  json(key: string): JsonValue | undefined {
    const found = this.#take(key);
    return found && this.#resolveAll(found);
  }

  /** Takes keys that change nothing here: what they ask for is always so. */
  accept(...keys: readonly string[]): void {
    for (const key of keys) this.#taken.add(key);
  }

  /** Says of each of these keys that it has no effect, where it asks for something. */
  setAside(why: string, ...keys: readonly string[]): void {
    for (const key of keys) {
      const found = this.#take(key);
      if (found && asks(found.value)) addWarning(this.#reading, found.path, why);
    }
  }

  /** Says of each key that was not asked for that it has no effect; `known` are names it may be a misspelling of. */
  tellRest(known: readonly string[] = []): void {
    for (const key of this.rest()) {
      const found = this.#take(key);
      if (!found || !asks(found.value)) continue;
      const nearest = findNearestName(
        key,
        [...known, ...this.#taken].filter((name) => name !== key),
      );
      const hint = nearest === undefined || known.includes(key) ? '' : ` Did you mean \`${nearest}\`?`;
      addWarning(this.#reading, found.path, `it is left aside: nothing here acts on it.${hint}`);
    }
  }

  /** Says that the section as a whole is wrong. */
  faultHere(problem: string): undefined {
    return addFault(this.#reading, this.path, problem);
  }

  /** Says that what stands under a key is wrong. */
  fault(key: string, problem: string): undefined {
    return addFault(this.#reading, this.pathOf(key), problem);
  }

  warn(key: string, problem: string): void {
    addWarning(this.#reading, this.pathOf(key), problem);
  }

  #find(key: string): Found | undefined {
    for (const { map, path } of this.#layers) {
      const value = Object.hasOwn(map, key) ? map[key] : undefined;
      if (value !== undefined && value !== null) return { value, path: [...path, key] };
    }
    return undefined;
  }

  #take(key: string): Found | undefined {
    this.#taken.add(key);
    return this.#find(key);
  }

  #resolve({ value, path }: Found): unknown {
    const variable = variableOf(value);
    return variable === undefined ? value : readVariable(this.#reading, { variable, reference: `env:${variable}` }, path)?.reveal();
  }

  #resolveAll({ value, path }: Found): JsonValue {
    if (Array.isArray(value)) return value.map((each: unknown, index) => this.#resolveAll({ value: each, path: [...path, index] }));
    if (!isMap(value)) return (this.#resolve({ value, path }) ?? null) as JsonValue;
    const object: Record<string, JsonValue> = {};
    for (const [key, each] of Object.entries(value)) object[key] = this.#resolveAll({ value: each, path: [...path, key] });
    return object satisfies JsonObject;
  }

  #refuse({ value, path }: Found, expected: string): undefined {
    return addFault(this.#reading, path, `expected ${expected}, found ${nameKind(value)}.`);
  }
}

/** A key as a LiteLLM file holds it: a variable's name or the key itself; undefined where it says that there is none. */
function readLiteralSecret(reading: Reading, value: string, path: Path): Secret | undefined {
  const variable = variableOf(value);
  if (variable !== undefined) return readVariable(reading, { variable, reference: `env:${variable}` }, path);
  return noKey.test(value.trim()) ? undefined : keepSecret(reading, 'literal', value);
}

function variableOf(value: unknown): string | undefined {
  return typeof value === 'string' ? /^os\.environ\/(.+)$/.exec(value)?.[1]?.trim() : undefined;
}

/** False for values that ask for nothing. */
function asks(value: unknown): boolean {
  return value !== false && value !== '' && !(typeof value === 'object' && value !== null && Object.keys(value).length === 0);
}
