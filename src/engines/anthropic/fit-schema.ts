import type { JsonObject, JsonValue } from '../../protocol/json.ts';

/** Formats of strings that structured outputs hold. */
const stringFormats = new Set(['date-time', 'time', 'date', 'duration', 'email', 'hostname', 'uri', 'ipv4', 'ipv6', 'uuid']);
/** Keywords that say nothing about which values are right. */
const silentWords = new Set(['$schema', '$id', '$comment', 'title', 'default', 'examples', 'deprecated', 'readOnly', 'writeOnly']);
const scalarTypes = new Set(['string', 'integer', 'number', 'boolean', 'null']);
const deepest = 64;

/**
 * Rewrites a JSON Schema in the part of the language that structured outputs and strict tools hold. Objects are closed; limits of numbers, lengths and patterns
 * become words of the description, and are looked at in the finished answer. Undefined where the rewritten schema would refuse what this one is for:
 * objects with keys of any name, recursion, `allOf`, references elsewhere, values of any kind.
 * Source: platform.claude.com, "Structured outputs", as the transformation in @anthropic-ai/sdk 1.12.0 (2026-11-20) reflects it.
 */
export function fitSchema(schema: JsonValue): JsonObject | undefined {
  try {
    if (!isObject(schema)) return undefined;
    const fitter = new SchemaFitter(schema);
    return fitter.fit(schema, 0);
  } catch (error) {
    if (error instanceof Unfit) return undefined;
    throw error;
  }
}

/** A part of a schema has no counterpart. */
class Unfit extends Error {}

class SchemaFitter {
  readonly #root: JsonObject;
  /** references that are being followed */
  readonly #open = new Set<string>();
  readonly #seen = new Set<string>();

  constructor(root: JsonObject) {
    this.#root = root;
  }

  fit(schema: JsonValue, depth: number): JsonObject {
    if (!isObject(schema) || depth > deepest) throw new Unfit();
    const { $ref, $defs, definitions, description, ...rest } = schema;
    const told = typeof description === 'string' ? { description } : {};
    const named = { ...this.#fitNamed('$defs', $defs, depth), ...this.#fitNamed('definitions', definitions, depth) };
    if ($ref !== undefined) {
      this.#follow($ref, depth);
      return { $ref, ...named };
    }
    const { enum: options, const: only, anyOf, oneOf, type, ...words } = rest;
    if (words.allOf !== undefined || words.not !== undefined || words.if !== undefined) throw new Unfit();
    if (options !== undefined || only !== undefined) return { ...fitLiterals(options, only), ...told, ...named };
    const branches = anyOf ?? oneOf;
    if (branches !== undefined) return { anyOf: this.#fitBranches(branches, words, depth), ...told, ...named };
    return { ...this.#fitTyped(type, words, depth, told.description), ...named };
  }

  #fitNamed(key: '$defs' | 'definitions', schemas: JsonValue | undefined, depth: number): JsonObject {
    if (!isObject(schemas)) return {};
    return { [key]: Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, this.fit(schema, depth + 1)])) };
  }

  /** A reference to itself has no end that the API could compile. */
  #follow(reference: JsonValue, depth: number): void {
    if (typeof reference !== 'string' || this.#open.has(reference)) throw new Unfit();
    if (this.#seen.has(reference)) return;
    this.#seen.add(reference);
    this.#open.add(reference);
    this.fit(this.#find(reference), depth + 1);
    this.#open.delete(reference);
  }

  #find(reference: string): JsonValue {
    const steps = /^#\/(\$defs|definitions)\/([^/]+)$/.exec(reference);
    const [, key = '', name = ''] = steps ?? [];
    const named = this.#root[key];
    const found = isObject(named) ? named[decodeURIComponent(name).replaceAll('~1', '/').replaceAll('~0', '~')] : undefined;
    if (found === undefined) throw new Unfit();
    return found;
  }

  #fitBranches(branches: JsonValue, beside: JsonObject, depth: number): JsonValue {
    const isBound = Object.keys(beside).some((word) => !silentWords.has(word));
    if (!isList(branches) || branches.length === 0 || isBound) throw new Unfit();
    return branches.map((branch) => this.fit(branch, depth + 1));
  }

  #fitTyped(type: JsonValue | undefined, words: JsonObject, depth: number, description: string | undefined): JsonObject {
    if (isList(type)) {
      return {
        anyOf: type.map((one) => this.#fitTyped(one, words, depth, undefined)),
        ...(description === undefined ? {} : { description }),
      };
    }
    const kind = type ?? (isObject(words.properties) ? 'object' : undefined);
    if (kind === 'object') return this.#fitObject(words, depth, description);
    if (kind === 'array') return this.#fitArray(words, depth, description);
    if (typeof kind !== 'string' || !scalarTypes.has(kind)) throw new Unfit();
    const { format, ...limits } = words;
    const holds = kind === 'string' && typeof format === 'string' && stringFormats.has(format);
    const left = holds || format === undefined ? limits : { format, ...limits };
    return { type: kind, ...(holds ? { format } : {}), ...describe(description, left) };
  }

  #fitObject(words: JsonObject, depth: number, description: string | undefined): JsonObject {
    const { properties, required, additionalProperties, patternProperties, ...limits } = words;
    const isClosed = additionalProperties === false;
    const isOpenOnly = !isObject(properties) || Object.keys(properties).length === 0;
    if ((isOpenOnly && !isClosed) || isObject(additionalProperties) || patternProperties !== undefined) throw new Unfit();
    const fitted = Object.entries(properties ?? {}).map(([name, schema]) => [name, this.fit(schema, depth + 1)] as const);
    return {
      type: 'object',
      properties: Object.fromEntries(fitted),
      ...(required === undefined ? {} : { required }),
      additionalProperties: false,
      ...describe(description, limits),
    };
  }

  #fitArray(words: JsonObject, depth: number, description: string | undefined): JsonObject {
    const { items, minItems, ...limits } = words;
    if (!isObject(items) || words.prefixItems !== undefined) throw new Unfit();
    const holds = minItems === 0 || minItems === 1;
    const left = holds || minItems === undefined ? limits : { minItems, ...limits };
    return { type: 'array', items: this.fit(items, depth + 1), ...(holds ? { minItems } : {}), ...describe(description, left) };
  }
}

function fitLiterals(options: JsonValue | undefined, only: JsonValue | undefined): JsonObject {
  const all = isList(options) ? options : only === undefined ? [] : [only];
  if (all.length === 0 || all.some((value) => typeof value === 'object' && value !== null)) throw new Unfit();
  return only === undefined ? { enum: all } : { const: only };
}

/** The description with the limits that the API would not hold: the model still reads them. */
function describe(description: string | undefined, limits: JsonObject): JsonObject {
  const told = Object.entries(limits).filter(([word]) => !silentWords.has(word));
  if (told.length === 0) return description === undefined ? {} : { description };
  const words = `Limits: ${JSON.stringify(Object.fromEntries(told))}`;
  return { description: description === undefined ? words : `${description}\n${words}` };
}

function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !isList(value);
}
