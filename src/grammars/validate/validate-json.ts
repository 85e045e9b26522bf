import type { JsonValue } from '../../protocol/json.ts';
import { SchemaDocument } from '../json-schema/schema-document.ts';
import { type Failure, Validation } from './validation.ts';

export type { Failure } from './validation.ts';

/** Deeper values are refused unread: the check recurses. */
const deepestValue = 300;

/**
 * What of a value its JSON schema (draft 2020-12) does not allow: at most twenty failures, none if it is valid. Known formats are checked, and nothing is fetched or compiled to code.
 * `document` is what the references of the schema point into, the schema itself where absent. Steps, depth and sizes are bounded: throws `invalid_request` for a schema that is wrong or costs too much.
 */
export function validateJson(schema: JsonValue, value: JsonValue, document: JsonValue = schema): readonly Failure[] {
  return openValidator(schema, document)(value);
}

/** The same for many values of one schema, which is read once. */
export function openValidator(schema: JsonValue, document: JsonValue = schema): (value: JsonValue) => readonly Failure[] {
  const owner = new SchemaDocument(document);
  const located = owner.enter(schema);
  return (value) => {
    if (isDeeper(value, deepestValue)) return [{ path: '', message: `must not nest deeper than ${deepestValue} levels` }];
    const failures: Failure[] = [];
    new Validation(owner).check(located, { value, path: '', failures, evaluated: undefined, nesting: 0 });
    return failures;
  };
}

function isDeeper(value: JsonValue, most: number): boolean {
  let level: readonly JsonValue[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > most) return true;
    level = level.flatMap((part) => (typeof part === 'object' && part !== null ? Object.values(part) : []));
  }
  return false;
}
