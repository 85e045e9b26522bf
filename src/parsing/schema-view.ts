import type { JsonObject, JsonValue } from '../protocol/json.ts';

/** JSON's kinds of value, integers told apart. */
export type ValueType = 'string' | 'integer' | 'number' | 'boolean' | 'null' | 'object' | 'array';

/** Where a JSON Schema says what a value may be. Views are made once for a schema and kept. */
export interface SchemaView {
  /** kinds it may have; empty: nothing is said */
  readonly types: ReadonlySet<ValueType>;
  /** the only values it may have (`enum`, `const`), as JSON values */
  readonly members: readonly JsonValue[];
  /** declared properties, in order */
  readonly properties: readonly string[];
  /** What is said about a property; undefined where it is not declared. */
  property(key: string): SchemaView | undefined;
  /** What is said about an array's elements. */
  item(): SchemaView;
}

const aliases: Readonly<Record<string, ValueType>> = {
  ...{ str: 'string', text: 'string', varchar: 'string', char: 'string', enum: 'string', string: 'string' },
  ...{ int: 'integer', int32: 'integer', int64: 'integer', long: 'integer', integer: 'integer' },
  ...{ float: 'number', double: 'number', decimal: 'number', number: 'number' },
  ...{ bool: 'boolean', boolean: 'boolean', null: 'null', none: 'null' },
  ...{ dict: 'object', map: 'object', record: 'object', object: 'object' },
  ...{ list: 'array', tuple: 'array', array: 'array' },
};

/** References that are followed in a row. */
const mostReferences = 16;
/** Alternatives looked at for one place, nested ones included. */
const mostAlternatives = 64;

/** A place about which nothing is said: any value. */
export const anyValue: SchemaView = { types: new Set(), members: [], properties: [], property: () => undefined, item: () => anyValue };

/** A place that holds text and nothing else: a raw value without a schema. */
export const textOnly: SchemaView = { ...anyValue, types: new Set(['string']) };

/** The view of a tool's `parameters`; anything that is no schema says nothing. Only local references (`#/…`) are followed, 16 in a row. */
export function viewSchema(schema: JsonValue | undefined): SchemaView {
  return isObject(schema) ? new NodeView(schema, [schema]) : anyValue;
}

class NodeView implements SchemaView {
  readonly types: ReadonlySet<ValueType>;
  readonly members: readonly JsonValue[];
  readonly #root: JsonObject;
  readonly #nodes: readonly JsonObject[];
  readonly #views = new Map<string, SchemaView | undefined>();
  #item: SchemaView | undefined;
  #properties: readonly string[] | undefined;

  constructor(root: JsonObject, nodes: readonly JsonObject[]) {
    this.#root = root;
    this.#nodes = collectAlternatives(root, nodes);
    this.types = new Set(this.#nodes.flatMap(listTypes));
    this.members = this.#nodes.flatMap(listMembers);
  }

  get properties(): readonly string[] {
    this.#properties ??= [...new Set(this.#nodes.flatMap((node) => (isObject(node.properties) ? Object.keys(node.properties) : [])))];
    return this.#properties;
  }

  property(key: string): SchemaView | undefined {
    if (!this.#views.has(key)) this.#views.set(key, this.#findProperty(key));
    return this.#views.get(key);
  }

  item(): SchemaView {
    this.#item ??= this.#findItem();
    return this.#item;
  }

  #findProperty(key: string): SchemaView | undefined {
    const declared = this.#nodes.flatMap(({ properties }) =>
      isObject(properties) && Object.hasOwn(properties, key) ? [properties[key]] : [],
    );
    const found = declared.length > 0 ? declared : this.#nodes.map(({ additionalProperties }) => additionalProperties);
    const schemas = found.filter(isObject);
    if (schemas.length > 0) return new NodeView(this.#root, schemas);
    return declared.length > 0 ? anyValue : undefined;
  }

  #findItem(): SchemaView {
    const schemas = this.#nodes.map(({ items }) => items).filter(isObject);
    return schemas.length > 0 ? new NodeView(this.#root, schemas) : anyValue;
  }
}

/** The nodes and everything they may stand for, references followed. */
function collectAlternatives(root: JsonObject, starts: readonly JsonObject[]): readonly JsonObject[] {
  const found = new Set<JsonObject>();
  const waiting: { readonly node: JsonObject; readonly references: number }[] = starts.map((node) => ({ node, references: 0 }));
  for (const { node, references } of waiting) {
    if (found.has(node) || found.size >= mostAlternatives) continue;
    found.add(node);
    const target = typeof node.$ref === 'string' && references < mostReferences ? follow(root, node.$ref) : undefined;
    if (target) waiting.push({ node: target, references: references + 1 });
    for (const keyword of ['anyOf', 'oneOf', 'allOf']) {
      const branches = node[keyword];
      if (isList(branches)) waiting.push(...branches.filter(isObject).map((branch) => ({ node: branch, references })));
    }
  }
  return [...found];
}

function follow(root: JsonObject, reference: string): JsonObject | undefined {
  if (!reference.startsWith('#')) return undefined;
  let node: JsonValue | undefined = root;
  for (const part of reference.slice(1).split('/').filter(Boolean)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    node = isObject(node) && Object.hasOwn(node, key) ? node[key] : undefined;
  }
  return isObject(node) ? node : undefined;
}

function listTypes(node: JsonObject): readonly ValueType[] {
  const { type } = node;
  const names = typeof type === 'string' ? [type] : isList(type) ? type.filter((name) => typeof name === 'string') : [];
  const types = names.map((name) => aliases[name.toLowerCase().replace(/\[.*$/, '')]).filter((name) => name !== undefined);
  if (types.length > 0) return node.nullable === true ? [...types, 'null'] : types;
  if (isObject(node.properties)) return ['object'];
  return listMembers(node).map(typeOf);
}

function listMembers(node: JsonObject): readonly JsonValue[] {
  const list = isList(node.enum) ? node.enum : [];
  return Object.hasOwn(node, 'const') ? [...list, node.const ?? null] : list;
}

function typeOf(value: JsonValue): ValueType {
  if (value === null) return 'null';
  if (isList(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value === 'object' ? 'object' : (typeof value as 'string' | 'boolean');
}

function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
