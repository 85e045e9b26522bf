import { matchesPattern } from '../grammars/regex/match-pattern.ts';
import { type Failure, openValidator } from '../grammars/validate/validate-json.ts';
import type { Constraint } from '../protocol/constraint.ts';
import { GatewayError } from '../protocol/error.ts';
import type { JsonValue } from '../protocol/json.ts';
import type { Tool } from '../protocol/message.ts';
import { schemaOf } from './compile-grammar.ts';

/** What of a finished answer is against the request's constraint, in words; undefined where nothing is. */
export function findBreach(constraint: Constraint, answer: string): string | undefined {
  switch (constraint.kind) {
    case 'choice':
      return constraint.options.includes(answer) ? undefined : 'it is none of the choices';
    case 'regex':
      return matchesPattern(constraint.pattern, answer) ? undefined : 'it does not match the pattern';
    case 'json-object':
    case 'json-schema': {
      const schema = schemaOf(constraint);
      return findBreachOfSchema(validatorOf(constraint, schema), answer, 'the answer');
    }
    default:
      // what a grammar holds, it holds
      return undefined;
  }
}

/** What of a finished call's arguments is against its tool's schema, in words; undefined where nothing is. */
export function findBreachOfCall(tool: Tool, argumentsJson: string): string | undefined {
  const { parameters } = tool;
  if (parameters === undefined) return undefined;
  return findBreachOfSchema(validatorOf(tool, parameters as JsonValue), argumentsJson, 'the arguments object');
}

type Validator = ReturnType<typeof openValidator>;

/** Validators of what many requests share. */
const validators = new WeakMap<object, Validator>();

function validatorOf(owner: object, schema: JsonValue): Validator {
  let validator = validators.get(owner);
  if (!validator) validators.set(owner, (validator = openValidator(schema)));
  return validator;
}

function findBreachOfSchema(validate: Validator, written: string, whole: string): string | undefined {
  let value: JsonValue;
  try {
    value = JSON.parse(written) as JsonValue;
  } catch {
    return 'it is not JSON';
  }
  const [failure] = check(validate, value);
  return failure && `${failure.path === '' ? whole : failure.path} ${failure.message}`;
}

/** A schema that costs too much to check, or is wrong, finds nothing: where it has to hold, it was refused before. */
function check(validate: Validator, value: JsonValue): readonly Failure[] {
  try {
    return validate(value);
  } catch (error) {
    if (error instanceof GatewayError) return [];
    throw error;
  }
}
