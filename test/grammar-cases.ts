import assert from 'node:assert/strict';
import type { Grammar } from '#dist/grammars/ir.js';
import { mutateText } from '#dist/grammars/random-grammars.test.support.js';
import { type Random, sample } from '#dist/grammars/sample.js';

/** Tools whose arguments hold every kind of value: bounds, names, lists, objects, a schema that names itself, and none at all. */
export const tools = [
  {
    name: 'get_weather',
    parameters: {
      type: 'object',
      properties: {
        city: { type: 'string', maxLength: 40 },
        days: { type: 'integer', minimum: 1, maximum: 14 },
        unit: { enum: ['celsius', 'fahrenheit'] },
      },
      required: ['city'],
      additionalProperties: false,
    },
  },
  {
    name: 'book',
    parameters: {
      type: 'object',
      properties: {
        note: { type: ['string', 'null'] },
        seats: { type: 'array', items: { type: 'string' }, minItems: 1 },
        guest: { type: 'object', properties: { name: { type: 'string' }, age: { type: 'integer' } }, required: ['name'] },
        tree: { $ref: '#/$defs/tree' },
      },
      required: ['seats', 'guest'],
      additionalProperties: false,
      $defs: {
        tree: { type: 'object', properties: { left: { $ref: '#/$defs/tree' }, value: { type: 'number' } }, additionalProperties: false },
      },
    },
  },
  { name: 'stop_all' },
];

/** Samples, and the same with a letter changed, and the empty text; none where a grammar has no text. */
export function textsFor(grammar: Grammar, random: Random, count = 4): readonly string[] {
  try {
    const samples = Array.from({ length: count }, () => sample(grammar, random, { maxChars: 60 * count, maxRepeat: 3 }));
    return [...samples, ...samples.map((written) => mutateText(written, random)), ''];
  } catch (error) {
    assert.match(String(error), /allows no text/);
    return [];
  }
}
