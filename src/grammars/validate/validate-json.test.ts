import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonValue } from '../../protocol/json.ts';
import { validateJson } from './validate-json.ts';

interface Example {
  readonly schema: JsonValue;
  readonly value: JsonValue;
  readonly failures: readonly string[];
}

const examples: readonly Example[] = [
  { schema: { type: 'string' }, value: 3, failures: ['must be a string, but is an integer'] },
  { schema: { type: ['integer', 'null'] }, value: 1.5, failures: ['must be an integer or null, but is a number'] },
  { schema: { type: 'integer' }, value: 2.0, failures: [] },
  { schema: { enum: ['a', 'b'] }, value: 'c', failures: ['must be one of "a", "b"'] },
  { schema: { const: { a: 1, b: [2] } }, value: { b: [2], a: 1 }, failures: [] },
  {
    schema: { properties: { city: { type: 'string' }, 'a/b': { maximum: 1 } }, required: ['city', 'unit'], additionalProperties: false },
    value: { city: 1, 'a/b': 2, x: 0 },
    failures: [
      'must have the property "unit"',
      '/city must be a string, but is an integer',
      '/a~1b must be at most 1',
      'must not have the property "x"',
    ],
  },
  {
    schema: { items: { minLength: 2 } },
    value: ['ab', 'é', '😀'],
    failures: ['/1 must have at least 2 characters, but has 1', '/2 must have at least 2 characters, but has 1'],
  },
  { schema: { pattern: '^a+$' }, value: 'ab', failures: ['must match the pattern ^a+$'] },
  { schema: { pattern: '^(?=b)' }, value: 'a', failures: [] },
  { schema: { format: 'date' }, value: '2023-02-29', failures: ['must be a valid date'] },
  { schema: { format: 'no-such-format' }, value: 'x', failures: [] },
  { schema: { exclusiveMinimum: 0, multipleOf: 0.1 }, value: 0.3, failures: [] },
  { schema: { exclusiveMinimum: 0, multipleOf: 0.1 }, value: -0.25, failures: ['must be more than 0', 'must be a multiple of 0.1'] },
  {
    schema: { uniqueItems: true },
    value: [
      { a: 1, b: 2 },
      { b: 2, a: 1 },
    ],
    failures: ['must not hold the same item twice'],
  },
  { schema: { uniqueItems: true }, value: [1, true, '1', [1]], failures: [] },
  {
    schema: { contains: { const: 1 }, minContains: 2 },
    value: [1, 2],
    failures: ['must hold at least 2 items that `contains` describes, but holds 1'],
  },
  {
    schema: { anyOf: [{ type: 'string' }, { minimum: 5 }] },
    value: 3,
    failures: ['matches none of the options (it must be a string, but is an integer; it must be at least 5)'],
  },
  { schema: { oneOf: [{ type: 'integer' }, { minimum: 2 }] }, value: 3, failures: ['matches 2 options, but must match exactly one'] },
  { schema: { not: { type: 'null' } }, value: null, failures: ['is what `not` rules out'] },
  { schema: { dependentRequired: { a: ['b', 'c'] } }, value: { a: 1, b: 2 }, failures: ['must have "c" beside "a"'] },
  { schema: { propertyNames: { maxLength: 1 } }, value: { ab: 1 }, failures: ['must not have a property of the name "ab"'] },
  {
    schema: { properties: { a: true }, unevaluatedProperties: false },
    value: { a: 1, b: 2 },
    failures: ['must not have the property "b"'],
  },
  {
    schema: { required: ['constructor', '__proto__'] },
    value: {},
    failures: ['must have the property "constructor"', 'must have the property "__proto__"'],
  },
  {
    schema: { properties: { a: { $ref: '#/$defs/n' } }, $defs: { n: { type: 'null' } } },
    value: { a: 1 },
    failures: ['/a must be null, but is an integer'],
  },
];

for (const { schema, value, failures } of examples) {
  test(`${JSON.stringify(value)} for ${JSON.stringify(schema)} ${failures.length === 0 ? 'is valid' : 'fails with what a person can act on'}`, () => {
    assert.deepEqual(
      validateJson(schema, value).map(({ path, message }) => (path === '' ? message : `${path} ${message}`)),
      failures,
    );
  });
}

test('of many failures twenty are told', () => {
  assert.equal(
    validateJson(
      { items: { type: 'string' } },
      Array.from({ length: 100 }, () => 1),
    ).length,
    20,
  );
});

test('references of a part point into the document', () => {
  const document = { $defs: { n: { type: 'integer' } }, properties: { a: { $ref: '#/$defs/n' } } };
  assert.equal(validateJson(document.properties.a, 'x', document).length, 1);
  assert.equal(validateJson(document.properties.a, 1, document).length, 0);
});
