import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GatewayError } from '../../protocol/error.ts';
import type { JsonObject, JsonValue } from '../../protocol/json.ts';
import type { ReadGrammar } from '../ir.ts';
import { validateJson } from '../validate/validate-json.ts';
import { expandJson } from './expand-json.ts';

function expand(schema: JsonValue): ReadGrammar {
  return expandJson({ kind: 'json', schema, whitespace: 'loose', notation: 'json' });
}

function nest(times: number, wrap: (inner: JsonObject) => JsonObject): JsonObject {
  let schema: JsonObject = {};
  for (let count = 0; count < times; count++) schema = wrap(schema);
  return schema;
}

function name(count: number, make: (index: number) => JsonValue, prefix = 'p'): JsonObject {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`${prefix}${index}`, make(index)]));
}

const refused: readonly (readonly [what: string, schema: JsonValue, words: RegExp])[] = [
  ['a schema 5,000 arrays deep', nest(5_000, (items) => ({ type: 'array', items })), /nests deeper than 200/],
  ['a schema 5,000 options deep', nest(5_000, (option) => ({ anyOf: [option, { type: 'null' }] })), /nests deeper than 200/],
  ['a schema of 10 MB in one text', { enum: ['x'.repeat(10_000_000)] }, /more than 2000000 characters/],
  ['a schema of 300,000 parts', { properties: name(300_000, () => true) }, /more than 50000 parts/],
  ['an object of 20,000 properties', { type: 'object', properties: name(20_000, () => true) }, /more than 4000 properties/],
  [
    '10,000 schemas for one value',
    { allOf: Array.from({ length: 10_000 }, (_, index) => ({ properties: { [`k${index}`]: {} } })) },
    /too many properties|more than 4000/,
  ],
  ['a reference to itself', { $ref: '#' }, /cyclic \$ref/],
  [
    'references in a circle',
    { $ref: '#/$defs/a', $defs: { a: { $ref: '#/$defs/b' }, b: { allOf: [{ $ref: '#/$defs/a' }] } } },
    /cyclic \$ref/,
  ],
  ['an option that is the schema itself', { anyOf: [{ $ref: '#' }, { type: 'string' }] }, /cyclic \$ref/],
  ['an option that is the schema itself, beside a type', { type: 'object', anyOf: [{ $ref: '#' }, { required: ['a'] }] }, /cyclic \$ref/],
  ['a value that needs itself inside', { type: 'object', properties: { a: { $ref: '#' } }, required: ['a'] }, /no value can be valid/],
  ['a reference to nowhere', { $ref: '#/$defs/missing' }, /names nothing in it/],
  ['a reference to the network', { $ref: 'https://example.com/schema.json' }, /nothing is fetched/],
  ['bounds that leave nothing', { type: 'integer', minimum: 3, maximum: 2 }, /no value can be valid/],
  ['types that exclude each other', { allOf: [{ type: 'string' }, { type: 'null' }] }, /no value can be valid/],
  ['a required property that may not be', { type: 'object', required: ['a'], properties: { a: false } }, /no value can be valid/],
  ['false', false, /no value can be valid/],
  ['a schema that is none', 3, /an object or a boolean/],
  ['an unknown type', { properties: { a: { type: 'float' } } }, /`type` wants one of .* at \/properties\/a\/type/],
  ['a keyword of the wrong form', { type: 'string', minLength: 'a' }, /`minLength` wants a number/],
  ['a pattern that is no regular expression', { type: 'string', pattern: '(' }, /a parenthesis that is not closed/],
  [
    'enormous lists of values under many conditions',
    { enum: Array.from({ length: 40_000 }, (_, index) => `v${index}`), allOf: Array.from({ length: 20 }, () => ({ maxLength: 6 })) },
    /steps/,
  ],
];

for (const [what, schema, words] of refused) {
  test(`${what} is refused with the reason`, () => {
    assert.throws(
      () => expand(schema),
      (error) => error instanceof GatewayError && error.code === 'invalid_request' && words.test(error.message),
    );
  });
}

const bounded: readonly (readonly [what: string, schema: JsonValue, unenforced: readonly string[]])[] = [
  ['a billion items', { type: 'array', items: { type: 'integer' }, maxItems: 1e9, minItems: 1e9 }, []],
  ['a billion characters', { type: 'string', minLength: 1e9 }, []],
  ['a billion properties', { type: 'object', maxProperties: 1e9 }, []],
  [
    'a chain of 9,000 references',
    {
      $ref: '#/$defs/d0',
      $defs: name(9_000, (index) => (index < 8_999 ? { type: 'array', items: { $ref: `#/$defs/d${index + 1}` } } : {}), 'd'),
    },
    [],
  ],
  [
    '2 to the 20th combinations',
    {
      type: 'object',
      allOf: Array.from({ length: 20 }, (_, index) => ({ anyOf: [{ required: [`a${index}`] }, { required: [`b${index}`] }] })),
    },
    ['anyOf'],
  ],
  [
    'a pattern that is small to write and large to follow',
    { type: 'string', pattern: '(a|b)*a(a|b){14}', maxLength: 400 },
    ['maxLength', 'pattern'],
  ],
  ['a pattern of repeated repetitions', { type: 'string', pattern: '(a{1,500}){1,100}', maxLength: 400 }, ['pattern']],
  [
    'references that double at each of 40 steps',
    {
      $ref: '#/$defs/d0',
      $defs: name(
        40,
        (index) =>
          index < 39 ? { type: 'object', properties: { a: { $ref: `#/$defs/d${index + 1}` }, b: { $ref: `#/$defs/d${index + 1}` } } } : {},
        'd',
      ),
    },
    [],
  ],
  ['bounds of 300 digits', { type: 'number', exclusiveMinimum: 1e-308, maximum: 1.7e308 }, []],
  ['3,000 optional properties', { type: 'object', properties: name(3_000, () => ({ type: 'integer' })), additionalProperties: false }, []],
];

for (const [what, schema, unenforced] of bounded) {
  test(`${what} give a grammar of bounded size`, () => {
    const read = expand(schema);
    assert.deepEqual([...new Set(read.unenforced.map(({ keyword }) => keyword))].sort(), unenforced);
    assert.ok(read.grammar.rules.size <= 10_000);
  });
}

test('a hostile schema or value ends a validation', () => {
  const loop = { $ref: '#/$defs/a', $defs: { a: { $ref: '#/$defs/b' }, b: { $ref: '#/$defs/a' } } };
  assert.throws(() => validateJson(loop, 1), /without end/);
  const branching: JsonObject = {
    anyOf: [{ properties: { a: { $ref: '#' } } }, { properties: { a: { $ref: '#' } }, required: ['z'] }],
    type: 'object',
    not: { $ref: '#/$defs/n' },
    $defs: { n: { oneOf: [{ properties: { a: { $ref: '#' } } }, { properties: { a: { $ref: '#' } } }] } },
  };
  let value: JsonObject = {};
  for (let depth = 0; depth < 200; depth++) value = { a: value };
  assert.throws(() => validateJson(branching, value), /steps|deeper/);
  let deep: JsonValue = 1;
  for (let depth = 0; depth < 100_000; depth++) deep = [deep];
  assert.deepEqual(validateJson({ items: { $ref: '#' } }, deep), [{ path: '', message: 'must not nest deeper than 300 levels' }]);
  const many = { oneOf: Array.from({ length: 8_000 }, (_, index) => ({ const: index })) };
  assert.equal(validateJson(many, many).length, 1);
  const slow = { type: 'string', pattern: '^(a+)+$' };
  assert.equal(validateJson(slow, `${'a'.repeat(20_000)}!`).length, 1);
});
