import type { BodyRules } from '../../gateway/node.ts';
import type { JsonObject, JsonValue } from '../../protocol/json.ts';
import type { ApiCall } from '../surface.ts';
import { isObject } from './decoder.ts';

/** Names of one thing: a default for one of them is none where the caller sent the other. */
const sameThings: Readonly<Record<string, string>> = {
  max_tokens: 'max_completion_tokens',
  max_completion_tokens: 'max_tokens',
};

/** The call with its body as the operator wants it: default fields where it has none, and without the fields that are to be left out. */
export function amendCall(call: ApiCall, { defaults, drops }: BodyRules): ApiCall {
  const { body } = call;
  if (!isObject(body)) return call;
  const kept = drops.reduce<JsonValue>((value, path) => dropField(value, path.match(/[^.[\]]+/g) ?? []), body) as JsonObject;
  const missing = Object.entries(defaults).filter(([name]) => !hasValue(kept, name) && !hasValue(kept, sameThings[name] ?? name));
  const amended = missing.length === 0 ? kept : { ...kept, ...Object.fromEntries(missing) };
  // what was written holds for what is left of the body only where nothing was taken from it or stood as null
  const isAsWritten = kept === body && missing.every(([name]) => !Object.hasOwn(body, name));
  return { ...call, body: amended, written: isAsWritten ? call.written : undefined };
}

function hasValue(body: JsonObject, name: string): boolean {
  return Object.hasOwn(body, name) && body[name] !== null && body[name] !== undefined;
}

/** The value without what the path names; the same value where there is no such thing. */
function dropField(value: JsonValue, path: readonly string[]): JsonValue {
  const [step = '', ...rest] = path;
  if (Array.isArray(value)) {
    const items = value as readonly JsonValue[];
    const isMeant = (index: number) => step === '*' || step === String(index);
    if (rest.length === 0) return items.some((_, index) => isMeant(index)) ? items.filter((_, index) => !isMeant(index)) : value;
    const changed = items.map((item, index) => (isMeant(index) ? dropField(item, rest) : item));
    return changed.some((item, index) => item !== items[index]) ? changed : value;
  }
  if (!isObject(value) || !Object.hasOwn(value, step)) return value;
  const { [step]: inner, ...others } = value;
  if (rest.length === 0) return others;
  const changed = inner === undefined ? inner : dropField(inner, rest);
  return changed === inner || changed === undefined ? value : { ...value, [step]: changed };
}
