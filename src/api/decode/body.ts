import { GatewayError } from '../../protocol/error.ts';
import type { JsonObject, JsonValue } from '../../protocol/json.ts';
import { isObject, join, json, unsupported } from './decoder.ts';

/** A field that is refused unless its value asks for nothing. */
export interface Refusal {
  readonly isHarmless: (value: JsonValue) => boolean;
  /** follows the field's name: what is not done, and what to use instead */
  readonly why: string;
}

/** What a surface does with each field of its body. A field in no list is unknown; null always counts as absent. */
export interface FieldTable {
  /** decoded by the surface */
  readonly known: readonly string[];
  /** taken and without effect on an answer made here */
  readonly ignored: readonly string[];
  /** understood, and refused with `unsupported_feature` unless harmless */
  readonly refused: Readonly<Record<string, Refusal>>;
}

/** A body whose field names have been checked. */
export interface OpenedBody {
  readonly fields: JsonObject;
  readonly unknownFields: JsonObject;
}

/** Fields that choose an upstream or a key. No client may, on any surface. */
const forbiddenFields: readonly string[] = ['api_base', 'base_url', 'api_key', 'user_config'];

/** Fields that are passed on as they came are only kept from being too deep. */
const nested = json(64);

/**
 * Sorts the fields of a body by the surface's table. Throws `invalid_request` for a body that is no object,
 * `forbidden_parameter` (also inside `extra_body`) and `unsupported_feature`.
 */
export function openBody(body: JsonValue | undefined, table: FieldTable): OpenedBody {
  if (!isObject(body)) throw new GatewayError('invalid_request', 'The body must be a JSON object.');
  forbid(body, '');
  const extra = Object.hasOwn(body, 'extra_body') ? body.extra_body : undefined;
  if (isObject(extra)) forbid(extra, 'extra_body');
  const fields = isObject(extra) ? mergeExtra(body, extra) : body;
  const unknown: [string, JsonValue][] = [];
  for (const [name, value] of Object.entries(fields)) {
    if (value === null || table.known.includes(name) || table.ignored.includes(name)) continue;
    const refusal = Object.hasOwn(table.refused, name) ? table.refused[name] : undefined;
    if (refusal === undefined) unknown.push([name, nested(value, name)]);
    else if (!refusal.isHarmless(value)) throw unsupported(name, refusal.why);
  }
  return { fields, unknownFields: Object.fromEntries(unknown) };
}

/** The Python SDK's `extra_body` is merged before it is sent; clients that send it as it is mean the same. */
function mergeExtra({ extra_body: _, ...body }: JsonObject, extra: JsonObject): JsonObject {
  return { ...body, ...extra };
}

/** Refuses unknown fields on surfaces that have no engine to forward them to. */
export function refuseUnknown(body: OpenedBody): void {
  const [name] = Object.keys(body.unknownFields);
  if (name === undefined) return;
  throw new GatewayError('unknown_parameter', `\`${name}\` is not a field of this route. Remove it, or correct its spelling.`, {
    param: name,
  });
}

/** Harmless only when it is exactly this value. */
export function only(value: JsonValue): (given: JsonValue) => boolean {
  return (given) => given === value;
}

/** Harmless only when it is an empty text, list or object. */
export function onlyEmpty(value: JsonValue): boolean {
  if (typeof value === 'string') return value === '';
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

function forbid(fields: JsonObject, path: string): void {
  for (const name of forbiddenFields) {
    if (!Object.hasOwn(fields, name) || fields[name] === null) continue;
    const param = join(path, name);
    throw new GatewayError(
      'forbidden_parameter',
      `\`${param}\` may not be set by a client: the operator configures upstreams and their keys.`,
      { param },
    );
  }
}
