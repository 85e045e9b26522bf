import type { JsonObject, JsonValue } from '../../protocol/json.ts';

/**
 * The schema with `additionalProperties: false` said where objects that name properties say nothing of others: for engines that read a schema themselves.
 * Undefined where that would say more: beside alternatives, and where a name is required that is not listed. For schemas without references and `allOf`.
 */
export function closeObjects(schema: JsonValue): JsonValue | undefined {
  if (!isObject(schema)) return schema;
  if (schema.anyOf !== undefined || schema.oneOf !== undefined) return undefined;
  const { properties, required, items, prefixItems, additionalProperties } = schema;
  const names = isObject(properties) ? Object.keys(properties) : [];
  const areListed = !isList(required) || required.every((name) => typeof name === 'string' && names.includes(name));
  if (!areListed) return undefined;
  const closed: Record<string, JsonValue | undefined> = { ...schema };
  if (isObject(properties)) closed.properties = closeEach(properties);
  if (items !== undefined) closed.items = isList(items) ? closeList(items) : closeObjects(items);
  if (isList(prefixItems)) closed.prefixItems = closeList(prefixItems);
  if (additionalProperties !== undefined) closed.additionalProperties = closeObjects(additionalProperties);
  else if (names.length > 0) closed.additionalProperties = false;
  return Object.values(closed).includes(undefined) ? undefined : (closed as JsonObject);
}

function closeEach(properties: JsonObject): JsonObject | undefined {
  const entries = Object.entries(properties).map(([name, schema]) => [name, closeObjects(schema)] as const);
  return entries.some(([, schema]) => schema === undefined) ? undefined : (Object.fromEntries(entries) as JsonObject);
}

function closeList(schemas: readonly JsonValue[]): readonly JsonValue[] | undefined {
  const closed = schemas.map(closeObjects);
  return closed.includes(undefined) ? undefined : (closed as readonly JsonValue[]);
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}
