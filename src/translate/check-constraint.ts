import { matchesPattern } from '../grammars/regex/match-pattern.ts';
import { validateJson } from '../grammars/validate/validate-json.ts';
import type { Constraint } from '../protocol/constraint.ts';
import type { JsonValue } from '../protocol/json.ts';
import { schemaOf } from './answer-grammar.ts';

/** What of a finished answer is against the request's constraint, in words; undefined where nothing is. */
export function findBreach(constraint: Constraint, answer: string): string | undefined {
  switch (constraint.kind) {
    case 'choice':
      return constraint.options.includes(answer) ? undefined : 'it is none of the choices';
    case 'regex':
      return matchesPattern(constraint.pattern, answer) ? undefined : 'it does not match the pattern';
    case 'json-object':
    case 'json-schema':
      return findBreachOfSchema(schemaOf(constraint), answer);
    default:
      return undefined;
  }
}

function findBreachOfSchema(schema: JsonValue, answer: string): string | undefined {
  let value: JsonValue;
  try {
    value = JSON.parse(answer) as JsonValue;
  } catch {
    return 'it is not JSON';
  }
  const [failure] = validateJson(schema, value);
  return failure && `${failure.path === '' ? 'the answer' : failure.path} ${failure.message}`;
}
