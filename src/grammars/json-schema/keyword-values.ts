import type { JsonObject, JsonValue } from '../../protocol/json.ts';
import type { Located } from './schema-document.ts';
import { extendPointer, makeSchemaError } from './schema-error.ts';

/** Makes a part of a schema a schema of its own; `steps` lead to it. */
export type Locate = (schema: JsonValue, ...steps: readonly (string | number)[]) => Located;

// a schema has few of the keywords
const nothing: readonly never[] = [];
const empty: ReadonlyMap<string, never> = new Map<string, never>();

/** The values of one schema's keywords, each of the form that the keyword wants; undefined where absent. Another form is refused with `invalid_request`. */
export class KeywordValues {
  readonly #schema: JsonObject;
  readonly #pointer: string;
  readonly #locate: Locate;

  constructor(schema: JsonObject, pointer: string, locate: Locate) {
    this.#schema = schema;
    this.#pointer = pointer;
    this.#locate = locate;
  }

  get(keyword: string): JsonValue | undefined {
    return Object.hasOwn(this.#schema, keyword) ? this.#schema[keyword] : undefined;
  }

  number(keyword: string): number | undefined {
    const value = this.get(keyword);
    if (value === undefined || (typeof value === 'number' && Number.isFinite(value))) return value;
    throw this.refuse(keyword, 'a number');
  }

  /** A whole number that is not negative. */
  count(keyword: string): number | undefined {
    const value = this.number(keyword);
    if (value === undefined || (Number.isInteger(value) && value >= 0)) return value;
    throw this.refuse(keyword, 'a whole number from 0');
  }

  text(keyword: string): string | undefined {
    const value = this.get(keyword);
    if (value === undefined || typeof value === 'string') return value;
    throw this.refuse(keyword, 'a string');
  }

  /** Names, each once. */
  texts(keyword: string): readonly string[] {
    const value = this.get(keyword);
    if (value === undefined) return nothing;
    if (!isArray(value)) throw this.refuse(keyword, 'a list of strings');
    return [...new Set(value.map((item) => this.#checkText(keyword, item)))];
  }

  #checkText(keyword: string, item: JsonValue): string {
    if (typeof item === 'string') return item;
    throw this.refuse(keyword, 'a list of strings');
  }

  values(keyword: string): readonly JsonValue[] | undefined {
    const value = this.get(keyword);
    if (value === undefined || isArray(value)) return value;
    throw this.refuse(keyword, 'a list');
  }

  schema(keyword: string): Located | undefined {
    const value = this.get(keyword);
    return value === undefined ? undefined : this.#locate(value, keyword);
  }

  schemas(keyword: string): readonly Located[] {
    return this.values(keyword)?.map((item, index) => this.#locate(item, keyword, index)) ?? nothing;
  }

  /** With `where` only the values it takes. */
  schemaMap(keyword: string, where: (value: JsonValue) => boolean = () => true): ReadonlyMap<string, Located> {
    const entries = this.#entries(keyword, 'an object of schemas').filter(([, value]) => where(value));
    if (entries.length === 0) return empty;
    return new Map(entries.map(([name, value]) => [name, this.#locate(value, keyword, name)]));
  }

  /** With `where` only the values it takes. */
  textsMap(keyword: string, where: (value: JsonValue) => boolean = () => true): ReadonlyMap<string, readonly string[]> {
    const form = 'an object of lists of strings';
    const entries = this.#entries(keyword, form).filter(([, value]) => where(value));
    if (entries.length === 0) return empty;
    return new Map(
      entries.map(([name, value]) => {
        if (!isArray(value)) throw this.refuse(keyword, form);
        return [name, value.map((item) => this.#checkText(keyword, item))];
      }),
    );
  }

  #entries(keyword: string, form: string): readonly (readonly [string, JsonValue])[] {
    const value = this.get(keyword);
    if (value === undefined) return nothing;
    if (typeof value !== 'object' || value === null || isArray(value)) throw this.refuse(keyword, form);
    return Object.entries(value);
  }

  refuse(keyword: string, form: string): Error {
    return makeSchemaError(extendPointer(this.#pointer, keyword), `\`${keyword}\` wants ${form}`);
  }
}

/** Whether a JSON value is a list. */
export function isArray(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}
