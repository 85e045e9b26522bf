import assert from 'node:assert/strict';
import { Ajv } from 'ajv';
import type { Answer, Call } from './talk.ts';

const cities = ['Paris', 'Rome', 'Oslo'];

/** Arguments are short, whatever a model writes: nothing in them is of free length. */
const schemas = {
  get_weather: {
    type: 'object',
    properties: { city: { enum: cities }, days: { type: 'integer', minimum: 1, maximum: 7 } },
    required: ['city', 'days'],
    additionalProperties: false,
  },
  get_time: {
    type: 'object',
    properties: { zone: { enum: ['UTC', 'CET'] } },
    required: ['zone'],
    additionalProperties: false,
  },
} as const;

const descriptions = { get_weather: 'The weather of a city for some days', get_time: 'The time in a zone' };

/** The two tools that all checks offer. */
export const tools = Object.entries(schemas).map(([name, parameters]) => describeTool(name as ToolName, parameters, false));

/** The same ones, to be kept to strictly. */
export const strictTools = Object.entries(schemas).map(([name, parameters]) => describeTool(name as ToolName, parameters, true));

/** A question that asks for one of the tools. */
export const toolQuestion = [{ role: 'user', content: 'What is the weather in Rome for the next 2 days?' }];

type ToolName = keyof typeof schemas;

function describeTool(name: ToolName, parameters: object, isStrict: boolean) {
  return { type: 'function', function: { name, description: descriptions[name], parameters, ...(isStrict ? { strict: true } : {}) } };
}

const ajv = new Ajv();
const validators = new Map(Object.entries(schemas).map(([name, schema]) => [name, ajv.compile(schema)]));

/** The call names a tool that was offered, and its arguments are what the tool's schema says. */
export function checkCall({ id, name, argumentsJson }: Call): void {
  const validate = validators.get(name);
  assert.ok(validate, `the call names '${name}', which was not offered`);
  assert.notEqual(id, '', 'a call has an id');
  const isValid = validate(JSON.parse(argumentsJson));
  assert.ok(isValid, `${argumentsJson} of ${name}: ${ajv.errorsText(validate.errors)}`);
}

/** Calls are valid, at least one; their ids differ. */
export function checkDemandedCalls({ calls, finish }: Answer): void {
  assert.equal(finish, 'tool_calls');
  for (const call of calls) checkCall(call);
  assert.equal(new Set(calls.map(({ id }) => id)).size, calls.length, 'every call has an id of its own');
}

/** Text, or valid calls; arguments of a call that the limit cut are JSON all the same. */
export function checkFreeAnswer(answer: Answer, mayBeInvalid = false): void {
  const { calls, finish, text } = answer;
  for (const { argumentsJson } of calls) JSON.parse(argumentsJson);
  if (calls.length === 0) assert.ok(text.length > 0, 'without calls there is text');
  else if (finish === 'tool_calls' && !mayBeInvalid) checkDemandedCalls(answer);
}

/** Names and arguments of calls, without their ids. */
export function callsOf({ calls }: Answer): readonly (readonly [string, string])[] {
  return calls.map(({ name, argumentsJson }) => [name, argumentsJson]);
}
