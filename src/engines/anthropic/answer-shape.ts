import type { Constraint } from '../../protocol/constraint.ts';
import type { NativeWishes } from '../../protocol/engine.ts';
import type { JsonObject, JsonValue } from '../../protocol/json.ts';
import { fitSchema } from './fit-schema.ts';
import type { WireJson } from './json-text.ts';
import type { ModelFacts } from './model-facts.ts';
import { unsupported } from './refuse.ts';

/** A tool whose input is the answer. */
export interface AnswerTool {
  readonly name: string;
  readonly description: string;
  readonly input_schema: WireJson;
}

/** What holds the answer to a schema: a field of the API, or a tool that the model must give its answer by. */
export interface AnswerShape {
  readonly format?: JsonObject;
  readonly answerTool?: AnswerTool;
}

/**
 * Chooses what holds an answer. Models that have structured outputs get the schema where it can be written in their part of the language; all else is a tool's
 * input. Where a call is demanded the answer is that call. Throws `unsupported_feature` for constraints that no tool's input can have.
 */
export function shapeAnswer({ constraint, tools = [], toolChoice }: NativeWishes, { hasFormats, id }: ModelFacts): AnswerShape {
  const isCall = tools.length > 0 && (toolChoice === 'required' || typeof toolChoice === 'object');
  if (constraint === undefined || isCall) return {};
  const schema = schemaOf(constraint);
  const fitted = hasFormats && constraint.kind === 'json-schema' ? fitSchema(schema) : undefined;
  if (fitted) return { format: { type: 'json_schema', schema: fitted } };
  return { answerTool: { name: freeName(tools.map(({ name }) => name)), description, input_schema: openInput(schema, id) } };
}

const description = 'Gives the answer. Its input is the whole answer, in the form that is asked for.';

function schemaOf(constraint: Constraint): JsonValue {
  if (constraint.kind === 'json-object') return { type: 'object' };
  if (constraint.kind === 'json-schema') return constraint.schema;
  throw unsupported('response_format', `Anthropic's API can't hold an answer to a ${constraint.kind}. Ask for a JSON schema.`);
}

function openInput(schema: JsonValue, model: string): JsonObject {
  const fields = typeof schema === 'object' && schema !== null && !Array.isArray(schema) ? (schema as JsonObject) : {};
  const isObject = fields.type === 'object' || (fields.type === undefined && fields.properties !== undefined);
  const isPlain = fields.anyOf === undefined && fields.oneOf === undefined && fields.allOf === undefined;
  if (isObject && isPlain) return { ...fields, type: 'object' };
  throw unsupported(
    'response_format',
    `The model '${model}' is held to a schema by a tool's input, which must be an object without anyOf, oneOf and allOf at its root. Put the answer into a property of an object.`,
  );
}

function freeName(taken: readonly string[]): string {
  let name = 'answer';
  for (let count = 2; taken.includes(name); count++) name = `answer_${count}`;
  return name;
}
