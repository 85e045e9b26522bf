import type { JsonObject } from '#dist/protocol/json.js';
import type { Step } from '../scene.ts';

/** A request of one message to a model. */
export function chat(model: string, more: JsonObject = {}): JsonObject {
  return { model, messages: [{ role: 'user', content: 'Hi' }], ...more };
}

/** A step that asks a model. */
export function asks(name: string, model: string, more: JsonObject = {}, rest: Partial<Step> = {}): Step {
  return { name, body: chat(model, more), ...rest };
}

/** The tool of the scenes. */
export const weatherTool = {
  type: 'function',
  function: {
    name: 'get_weather',
    description: 'Weather of a city',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
} satisfies JsonObject;

/** Another one. */
export const timeTool = {
  type: 'function',
  function: { name: 'get_time', description: 'Time of day', parameters: { type: 'object', properties: {} } },
} satisfies JsonObject;

/** What a model answers that calls the first. */
export const weatherCall = { toolCalls: [{ name: 'get_weather', argumentPieces: ['{"city": ', '"Rome"}'] }] } as const;

/** A schema for structured output. */
export const citySchema = {
  type: 'object',
  properties: { city: { type: 'string' } },
  required: ['city'],
  additionalProperties: false,
} satisfies JsonObject;

/** The list of models. */
export const lists: Step = { name: 'the list of models', method: 'GET', path: '/v1/models' };
