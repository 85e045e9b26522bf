import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { openValidator } from '../../grammars/validate/validate-json.ts';
import type { JsonObject, JsonValue } from '../../protocol/json.ts';
import { fitSchema } from './fit-schema.ts';

const object = (properties: JsonObject, more: JsonObject = {}): JsonObject => ({
  type: 'object',
  properties,
  additionalProperties: false,
  ...more,
});
const text = { type: 'string' };

const fitting: readonly (readonly [about: string, schema: JsonObject, fitted: JsonObject])[] = [
  [
    'objects are closed at every depth',
    { type: 'object', properties: { a: { type: 'object', properties: { b: text } } } },
    object({ a: object({ b: text }) }),
  ],
  ['an object is known by its properties', { properties: { a: text }, required: ['a'] }, object({ a: text }, { required: ['a'] })],
  ['an object without members', { type: 'object', additionalProperties: false }, object({})],
  [
    'limits become words',
    object({ a: { type: 'number', minimum: 0, description: 'Share.' } }),
    object({ a: { type: 'number', description: 'Share.\nLimits: {"minimum":0}' } }),
  ],
  [
    'patterns and unknown formats become words',
    object({ a: { type: 'string', pattern: '^a', format: 'colour' } }),
    object({ a: { type: 'string', description: 'Limits: {"format":"colour","pattern":"^a"}' } }),
  ],
  ['formats that are held stay', object({ a: { type: 'string', format: 'date' } }), object({ a: { type: 'string', format: 'date' } })],
  [
    'one item at least is held, two are words',
    object({ a: { type: 'array', items: text, minItems: 1 }, b: { type: 'array', items: text, minItems: 2 } }),
    object({ a: { type: 'array', items: text, minItems: 1 }, b: { type: 'array', items: text, description: 'Limits: {"minItems":2}' } }),
  ],
  ['lists of types are choices', object({ a: { type: ['string', 'null'] } }), object({ a: { anyOf: [text, { type: 'null' }] } })],
  ['oneOf is anyOf', object({ a: { oneOf: [text, { type: 'null' }] } }), object({ a: { anyOf: [text, { type: 'null' }] } })],
  [
    'literals stay, their type is told by them',
    object({ a: { type: 'string', enum: ['x', 'y'] }, b: { const: 3 } }),
    object({ a: { enum: ['x', 'y'] }, b: { const: 3 } }),
  ],
  [
    'titles and defaults say nothing',
    object({ a: { type: 'string', title: 'A', default: 'x' } }, { $schema: 'x', title: 'T' }),
    object({ a: text }),
  ],
  [
    'named parts are rewritten',
    { $defs: { p: { type: 'object', properties: { a: text } } }, type: 'object', properties: { p: { $ref: '#/$defs/p' } } },
    { ...object({ p: { $ref: '#/$defs/p' } }), $defs: { p: object({ a: text }) } },
  ],
];

for (const [about, schema, fitted] of fitting) test(about, () => assert.deepEqual(fitSchema(schema), fitted));

const unfit: readonly JsonValue[] = [
  ...[true, {}, { type: 'object' }, { type: 'object', additionalProperties: text }, { type: 'object', properties: { a: {} } }],
  ...[object({ a: text }, { patternProperties: { b: text } }), object({ a: { allOf: [text] } }), object({ a: { not: text } })],
  ...[object({ a: { type: 'array' } }), object({ a: { enum: [{ x: 1 }] } }), object({ a: { anyOf: [text], properties: { b: text } } })],
  ...[object({ a: { $ref: 'https://host/a' } }), object({ a: { $ref: '#/$defs/missing' } }), object({ a: { type: 'colour' } })],
  { $defs: { node: { type: 'object', properties: { next: { $ref: '#/$defs/node' } } } }, ...object({ a: { $ref: '#/$defs/node' } }) },
];

test('what has no counterpart does not fit', () => {
  for (const schema of unfit) assert.equal(fitSchema(schema), undefined, JSON.stringify(schema));
});

const leaf: fc.Arbitrary<JsonObject> = fc.constantFrom<JsonObject>(
  text,
  { type: 'integer' },
  { type: ['boolean', 'null'] },
  { enum: ['a', 1, null] },
  { const: 'x' },
);
const anySchema = fc.letrec<{ schema: JsonObject }>((tie) => ({
  schema: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc
      .dictionary(fc.constantFrom('a', 'b', 'c'), tie('schema'), { minKeys: 1 })
      .map((properties): JsonObject => ({ type: 'object', properties, required: Object.keys(properties) })),
    tie('schema').map((items): JsonObject => ({ type: 'array', items })),
    fc.tuple(tie('schema'), tie('schema')).map((anyOf): JsonObject => ({ anyOf })),
  ),
})).schema;

/** A value that a schema of the above allows. */
function exampleOf(schema: JsonObject): JsonValue {
  const { type, enum: options, const: only, anyOf, items, properties } = schema as Record<string, never>;
  if (only !== undefined) return only;
  if (options !== undefined) return options[0];
  if (anyOf !== undefined) return exampleOf((anyOf as JsonObject[])[1] ?? {});
  if (items !== undefined) return [exampleOf(items)];
  if (properties !== undefined)
    return Object.fromEntries(Object.entries<JsonObject>(properties).map(([name, part]) => [name, exampleOf(part)]));
  return ({ string: 'word', integer: 7 } as Record<string, JsonValue>)[String(type)] ?? null;
}

test('a value that a schema is for is allowed by the fitted one, which does not change any more', () => {
  fc.assert(
    fc.property(anySchema, (schema) => {
      const fitted = fitSchema(schema);
      assert.ok(fitted);
      assert.deepEqual(openValidator(fitted)(exampleOf(schema)), []);
      assert.deepEqual(fitSchema(fitted), fitted);
    }),
    { numRuns: 200 },
  );
});
