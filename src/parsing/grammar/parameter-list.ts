import type { Unenforced } from '../../grammars/ir.ts';
import type { JsonObject, JsonValue } from '../../protocol/json.ts';
import { type SchemaView, textOnly, viewSchema } from '../schema-view.ts';

/** One declared parameter, or property of an object. */
export interface Parameter {
  readonly key: string;
  readonly schema: JsonValue;
  /** how the parser types what is written for it */
  readonly view: SchemaView;
  readonly isRequired: boolean;
}

/** Members whose names no schema declares. */
export interface FreeMembers {
  readonly schema: JsonValue;
  readonly view: SchemaView;
}

/** The properties of an object's schema, for notations that write them one by one. */
export interface ParameterList {
  readonly parameters: readonly Parameter[];
  /** what is said about a member that is not declared, where nothing is declared and anything may be said */
  readonly free: FreeMembers | undefined;
  /** keywords of the object that are not held */
  readonly unenforced: readonly Unenforced[];
}

const unheld = [
  'anyOf',
  'oneOf',
  'not',
  'if',
  'minProperties',
  'maxProperties',
  'patternProperties',
  'propertyNames',
  'dependentRequired',
  'dependentSchemas',
];
const mostNodes = 32;

/** Lists what an object's schema declares, `$ref` and `allOf` followed. `document`: what references point into. */
export function listParameters(schema: JsonValue | undefined, document: JsonValue | undefined, path: string): ParameterList {
  const view = viewOf(schema, document);
  const nodes = isObject(schema) ? collect(schema, document) : [];
  const required = new Set(nodes.flatMap((node) => (isList(node.required) ? node.required.filter((key) => typeof key === 'string') : [])));
  const keys = [...new Set([...view.properties, ...required])];
  const parameters = keys.map((key) => ({
    key,
    schema: schemaOf(nodes, key),
    view: view.property(key) ?? textOnly,
    isRequired: required.has(key),
  }));
  const odd = nodes.flatMap((node) => unheld.filter((keyword) => Object.hasOwn(node, keyword)));
  const reason = 'arguments are written one by one here';
  return {
    parameters,
    free: keys.length === 0 ? findFree(nodes, view) : undefined,
    unenforced: [...new Set(odd)].map((keyword) => ({ path, keyword, reason })),
  };
}

function findFree(nodes: readonly JsonObject[], view: SchemaView): FreeMembers | undefined {
  const said = nodes.map(({ additionalProperties }) => additionalProperties).filter((schema) => schema !== undefined);
  if (said.includes(false)) return undefined;
  const [schema = true] = said.filter(isObject);
  return { schema, view: view.property('a name that no schema declares') ?? textOnly };
}

/** How the parser types what a schema within a document describes. */
export function viewOf(schema: JsonValue | undefined, document: JsonValue | undefined): SchemaView {
  if (!isObject(schema) || schema === document || !isObject(document)) return viewSchema(schema);
  // the view follows references from its own root
  const { $defs, definitions } = document;
  return viewSchema({ ...($defs === undefined ? {} : { $defs }), ...(definitions === undefined ? {} : { definitions }), ...schema });
}

function collect(start: JsonObject, document: JsonValue | undefined): readonly JsonObject[] {
  const found = new Set<JsonObject>();
  const waiting = [start];
  for (const node of waiting) {
    if (found.has(node) || found.size >= mostNodes) continue;
    found.add(node);
    const target = typeof node.$ref === 'string' ? followReference(document, node.$ref) : undefined;
    if (isObject(target)) waiting.push(target);
    if (isList(node.allOf)) waiting.push(...node.allOf.filter(isObject));
  }
  return [...found];
}

function schemaOf(nodes: readonly JsonObject[], key: string): JsonValue {
  const declared = nodes.flatMap(({ properties }) =>
    isObject(properties) && Object.hasOwn(properties, key) ? [properties[key] ?? true] : [],
  );
  const [only] = declared;
  if (only === undefined) return true;
  return declared.length === 1 ? only : { allOf: declared };
}

/** What a local reference (`#/…`) points at. */
export function followReference(document: JsonValue | undefined, reference: string): JsonValue | undefined {
  if (!reference.startsWith('#')) return undefined;
  let node: JsonValue | undefined = document;
  for (const part of reference.slice(1).split('/').filter(Boolean)) {
    const key = decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~');
    if (isList(node)) node = node[Number(key)];
    else node = isObject(node) && Object.hasOwn(node, key) ? node[key] : undefined;
  }
  return node;
}

/** Whether a JSON value is an object. */
export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a JSON value is a list. */
export function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}
