import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject, JsonValue } from '../../protocol/json.ts';
import type { JsonNode } from '../ir.ts';
import { accepts } from '../match.ts';
import { expandJson } from './expand-json.ts';

interface Example {
  readonly what: string;
  readonly schema: JsonValue;
  readonly node?: Partial<JsonNode>;
  readonly taken: readonly string[];
  readonly other: readonly string[];
  /** keywords that are not held; absent: none */
  readonly unenforced?: readonly string[];
}

const person = {
  type: 'object',
  properties: { name: { type: 'string' }, age: { type: 'integer' }, note: { type: ['string', 'null'] } },
  required: ['name'],
  additionalProperties: false,
};
const tree = {
  $ref: '#/$defs/node',
  $defs: {
    node: {
      type: 'object',
      properties: { value: { type: 'integer' }, children: { type: 'array', items: { $ref: '#/$defs/node' } } },
      required: ['value', 'children'],
      additionalProperties: false,
    },
  },
};

const examples: readonly Example[] = [
  {
    what: 'properties stand in their order, optional ones may be left out',
    schema: person,
    taken: ['{"name":"Jo"}', '{"name":"Jo","age":3}', '{"name":"Jo","note":null}', '{"name":"","age":-0,"note":"x"}'],
    other: ['{}', '{"age":3}', '{"age":3,"name":"Jo"}', '{"name":"Jo",}', '{"name":"Jo","x":1}', '{"name":"Jo","age":3.5}'],
  },
  {
    what: 'optional properties before a required one may be left out',
    schema: { properties: { a: true, b: true, c: true }, required: ['b'], type: 'object', additionalProperties: false },
    taken: ['{"b":1}', '{"a":1,"b":1}', '{"b":1,"c":1}', '{"a":1,"b":1,"c":1}'],
    other: ['{"a":1}', '{"a":1,"c":1}', '{,"b":1}'],
  },
  {
    what: 'required properties that are not listed follow those that are',
    schema: { type: 'object', properties: { a: { type: 'null' } }, required: ['z'], additionalProperties: { type: 'boolean' } },
    taken: ['{"a":null,"z":true}', '{"z":false}', '{"z":false,"q":true}'],
    other: ['{"a":null}', '{"z":1}', '{"q":true,"z":true}'],
  },
  {
    what: 'other properties never take the name of a listed one',
    schema: { type: 'object', properties: { ab: { type: 'integer' } } },
    taken: ['{}', '{"ab":1}', '{"ab":1,"abc":"x"}', '{"a":"x"}', '{"b":[1,{"c":null}]}', '{"":0}'],
    other: ['{"ab":"x"}', '{"a":1,"ab":"x"}', '{"\\u0061b":"x"}'],
  },
  {
    what: 'patterns tell names apart',
    schema: {
      type: 'object',
      patternProperties: { '^n': { type: 'integer' }, s$: { type: 'string' } },
      additionalProperties: { type: 'null' },
    },
    taken: ['{"n":1}', '{"s":"x"}', '{"q":null}', '{"n1":1,"ts":"x","q":null}'],
    other: ['{"n":"x"}', '{"s":1}', '{"q":1}', '{"ns":1}', '{"ns":"x"}'],
  },
  {
    what: 'names are held to what is said of them',
    schema: { type: 'object', propertyNames: { pattern: '^[a-z]+$', maxLength: 2 }, properties: { toolong: true, ok: true } },
    taken: ['{}', '{"ok":1}', '{"x":1}', '{"ok":1,"xy":2}'],
    other: ['{"toolong":1}', '{"xyz":1}', '{"X":1}'],
  },
  {
    what: 'properties are counted',
    schema: {
      type: 'object',
      properties: { a: { const: 1 }, b: { const: 2 }, c: { const: 3 } },
      minProperties: 1,
      maxProperties: 2,
      additionalProperties: false,
    },
    taken: ['{"a":1}', '{"c":3}', '{"a":1,"c":3}', '{"b":2,"c":3}'],
    other: ['{}', '{"a":1,"b":2,"c":3}'],
  },
  {
    what: 'arrays have bounds and tuples',
    schema: { type: 'array', prefixItems: [{ type: 'integer' }, { type: 'string' }], items: { type: 'boolean' }, minItems: 1, maxItems: 4 },
    taken: ['[1]', '[1,"a"]', '[1,"a",true]', '[1,"a",true,false]'],
    other: ['[]', '["a"]', '[1,2]', '[1,"a",3]', '[1,"a",true,true,true]'],
  },
  {
    what: 'what no item can be ends the array',
    schema: { type: 'array', prefixItems: [{ type: 'integer' }], items: false },
    taken: ['[]', '[1]'],
    other: ['[1,1]'],
  },
  {
    what: 'a recursive schema is a grammar that names itself',
    schema: tree,
    taken: ['{"value":1,"children":[]}', '{"value":1,"children":[{"value":2,"children":[]}]}'],
    other: ['{"value":1,"children":[{"value":2}]}'],
  },
  {
    what: 'references go by pointer, anchor and address',
    schema: {
      $id: 'https://example.com/root',
      prefixItems: [
        { $ref: '#/definitions/a~1b' },
        { $ref: '#here' },
        { $ref: 'https://example.com/other' },
        { $ref: 'other#/properties/x' },
      ],
      items: false,
      type: 'array',
      definitions: {
        'a/b': { const: 1 },
        anchored: { $anchor: 'here', const: 2 },
        other: { $id: 'other', const: 3, properties: { x: { const: 4 } } },
      },
    },
    taken: ['[1,2,3,4]', '[1,2]'],
    other: ['[2]', '[1,1]', '[1,2,2]', '[1,2,3,3]'],
  },
  {
    what: 'allOf is merged',
    schema: {
      allOf: [
        { type: 'object', properties: { a: { type: 'integer', minimum: 0 } }, required: ['a'] },
        { properties: { a: { maximum: 5 }, b: { type: 'string' } }, additionalProperties: false },
      ],
    },
    taken: ['{"a":5}', '{"a":0,"b":"x"}'],
    other: ['{"a":6}', '{"a":-1}', '{"b":"x"}', '{"a":1,"c":1}'],
  },
  {
    what: 'anyOf combines with what stands beside it',
    schema: {
      type: 'object',
      properties: { a: { type: 'integer' } },
      anyOf: [{ required: ['a'] }, { properties: { b: { const: 1 } }, required: ['b'] }],
      additionalProperties: true,
    },
    taken: ['{"a":1}', '{"a":1,"b":1}', '{"b":1}'],
    other: ['{}', '{"a":"x"}', '{"b":2}'],
  },
  {
    what: 'oneOf of options that a property tells apart is held',
    schema: {
      oneOf: [
        {
          type: 'object',
          properties: { kind: { const: 'circle' }, r: { type: 'number' } },
          required: ['kind', 'r'],
          additionalProperties: false,
        },
        {
          type: 'object',
          properties: { kind: { const: 'box' }, w: { type: 'number' } },
          required: ['kind', 'w'],
          additionalProperties: false,
        },
        { type: 'null' },
      ],
    },
    taken: ['{"kind":"circle","r":1.5}', '{"kind":"box","w":2}', 'null'],
    other: ['{"kind":"circle","w":1}'],
  },
  {
    what: 'oneOf of options that overlap is reported',
    schema: { oneOf: [{ type: 'integer' }, { minimum: 2, type: 'number' }] },
    taken: ['1', '2.5', '3'],
    other: ['1.5', '"x"'],
    unenforced: ['oneOf'],
  },
  {
    what: 'enum keeps what the rest allows',
    schema: { enum: ['a', 'bb', 1, null, { x: [1] }], type: ['string', 'object'], maxLength: 1 },
    taken: ['"a"', '{"x":[1]}'],
    other: ['"bb"', '1', 'null'],
  },
  {
    what: 'not with types and false are held',
    schema: { type: ['string', 'null', 'integer'], not: { type: ['null'] } },
    taken: ['"a"', '1'],
    other: ['null'],
  },
  { what: 'nullable adds null', schema: { type: 'string', nullable: true }, taken: ['"a"', 'null'], other: ['1'] },
  {
    what: 'unevaluatedProperties: false closes what the schema itself names',
    schema: {
      allOf: [{ properties: { a: { type: 'integer' } } }],
      properties: { b: { type: 'integer' } },
      type: 'object',
      unevaluatedProperties: false,
    },
    taken: ['{}', '{"b":1,"a":1}', '{"a":1}'],
    other: ['{"c":1}'],
  },
  {
    what: 'integers lie between bounds',
    schema: { type: 'integer', minimum: -12, exclusiveMaximum: 105 },
    taken: ['-12', '-9', '-1', '0', '7', '99', '100', '104'],
    other: ['-13', '-20', '105', '110', '1000', '00', '-0', '1.0'],
  },
  {
    what: 'multiples between bounds are listed',
    schema: { type: 'integer', minimum: -5, maximum: 10, multipleOf: 5 },
    taken: ['-5', '0', '5', '10'],
    other: ['1', '-10', '15', '-0'],
  },
  {
    what: 'hundredths have two digits',
    schema: { type: 'number', minimum: 0, multipleOf: 0.01 },
    taken: ['0', '12.5', '12.05'],
    other: ['0.001', '-1'],
  },
  {
    what: 'a bound from an older draft',
    schema: { type: 'number', minimum: 0, exclusiveMinimum: true, maximum: 1 },
    taken: ['0.1', '1', '1.0', '0.00001'],
    other: ['0', '0.0', '1.1', '1.00001'],
  },
  {
    what: 'lengths are in characters',
    schema: { type: 'string', minLength: 2, maxLength: 3 },
    taken: ['"ab"', '"é😀"', '"\\n\\u00e9x"', '"\\ud83d\\ude00x"'],
    other: ['"a"', '"abcd"', '"\\ud83dx"'],
  },
  {
    what: 'a pattern is searched, and written as JSON writes it',
    schema: { type: 'string', pattern: '^"\\n?\\\\$' },
    taken: ['"\\"\\\\"', '"\\"\\n\\\\"'],
    other: ['"\\""', '"\\u0022\\\\"'],
  },
  {
    what: 'a pattern and a length are held together',
    schema: { type: 'string', pattern: 'a.*b', maxLength: 4 },
    taken: ['"ab"', '"xaxb"'],
    other: ['"xaxbx"', '"ba"'],
  },
  {
    what: 'a pattern with look-ahead is reported',
    schema: { type: 'string', pattern: '^(?=a)' },
    taken: ['"b"'],
    other: ['1'],
    unenforced: ['pattern'],
  },
  {
    what: 'dates are days of the calendar',
    schema: { type: 'string', format: 'date' },
    taken: ['"2024-02-29"', '"1999-12-31"'],
    other: ['"2023-02-29"', '"2024-04-31"', '"2024-13-01"', '"24-01-01"'],
  },
  {
    what: 'an unknown format is reported',
    schema: { type: 'string', format: 'colour' },
    taken: ['"x"'],
    other: ['1'],
    unenforced: ['format'],
  },
  {
    what: 'what needs a comparison is reported, the rest is held',
    schema: { type: 'array', items: { type: 'integer' }, uniqueItems: true, contains: { const: 3 } },
    taken: ['[1,1]', '[3]'],
    other: ['["a"]'],
    unenforced: ['contains', 'uniqueItems'],
  },
  {
    what: 'conditions and dependencies are reported',
    schema: {
      type: 'object',
      if: { required: ['a'] },
      not: { required: ['q'] },
      dependentRequired: { a: ['b'] },
      dependentSchemas: { a: { required: ['c'] } },
    },
    taken: ['{"a":1}'],
    other: ['[]'],
    unenforced: ['dependentRequired', 'dependentSchemas', 'if', 'not'],
  },
  {
    what: 'unknown keywords and defaults are annotations',
    schema: { type: 'null', title: 'x', default: 3, 'x-mine': { type: 'string' }, examples: [1] },
    taken: ['null'],
    other: ['3'],
  },
  {
    what: 'an open schema is any JSON',
    schema: true,
    taken: ['null', '-1.5e-3', '"\\u00e9"', '{"a":[1,{}],"b":[]}'],
    other: ['', '01', '1.', '{a:1}', '[1,]', '"\n"', 'True', '1e999'],
  },
  {
    what: 'white space after commas and colons',
    schema: person,
    node: { whitespace: 'one-space' },
    taken: ['{"name": "Jo", "age": 3}'],
    other: ['{"name":"Jo"}', '{"name": "Jo","age": 3}', '{ "name": "Jo"}'],
  },
  {
    what: 'loose white space is bounded',
    schema: person,
    node: { whitespace: 'loose' },
    taken: ['{"name":"Jo"}', '{\n  "name": "Jo",\n  "age": 3\n}', `{${' '.repeat(20)}"name":"Jo"}`],
    other: ['{"name" :"Jo"}', '{\n\n"name":"Jo"}', `{${' '.repeat(21)}"name":"Jo"}`, ' {"name":"Jo"}'],
  },
  {
    what: "Python's words and quotes",
    schema: {
      type: 'object',
      properties: { a: { type: ['boolean', 'null'] }, b: { type: 'string', pattern: '^it\'s"$' }, c: { enum: ["d'd", true] } },
    },
    node: { notation: 'python', whitespace: 'one-space' },
    taken: [
      "{'a': True}",
      '{"a": None}',
      `{'a': False, "b": "it's\\""}`,
      `{'b': 'it\\'s"'}`,
      `{"c": "d'd"}`,
      `{"c": 'd\\'d'}`,
      "{'c': True}",
      "{'x': [None, 'y']}",
    ],
    other: ["{'a': true}", '{\'a": True}', '{"a": null}', `{'b': 'it's"'}`],
  },
];

for (const { what, schema, node, taken, other, unenforced = [] } of examples) {
  test(what, () => {
    const read = expandJson({ kind: 'json', schema, whitespace: 'none', notation: 'json', ...node });
    for (const text of taken) assert.equal(accepts(read.grammar, text), true, text);
    for (const text of other) assert.equal(accepts(read.grammar, text), false, text);
    assert.deepEqual(read.unenforced.map(({ keyword }) => keyword).sort(), unenforced);
    for (const { reason } of read.unenforced) assert.ok(reason.length > 10);
  });
}

test('closed objects have no other properties, open ones that name none have any', () => {
  const schema: JsonObject = { type: 'object', properties: { a: { type: 'object' } } };
  const { grammar } = expandJson({ kind: 'json', schema, whitespace: 'none', notation: 'json', areObjectsClosed: true });
  assert.equal(accepts(grammar, '{"a":{"any":1}}'), true);
  assert.equal(accepts(grammar, '{"b":1}'), false);
});

test('references of a part point into the document it was taken from', () => {
  const document: JsonObject = { $defs: { n: { type: 'integer' } }, properties: { a: { type: 'array', items: { $ref: '#/$defs/n' } } } };
  const schema = (document.properties as JsonObject).a as JsonObject;
  const { grammar } = expandJson({ kind: 'json', schema, document, whitespace: 'none', notation: 'json' });
  assert.equal(accepts(grammar, '[1]'), true);
  assert.equal(accepts(grammar, '["a"]'), false);
});

test('equal references share one rule, and the rules are named for what they are', () => {
  const address = { type: 'object', properties: { street: { type: 'string' } }, required: ['street'], additionalProperties: false };
  const properties = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`p${index}`, { $ref: '#/$defs/address' }]));
  const { grammar } = expandJson({
    kind: 'json',
    schema: { type: 'object', properties, additionalProperties: false, $defs: { address } },
    whitespace: 'none',
    notation: 'json',
  });
  assert.equal([...grammar.rules.keys()].filter((name) => name.startsWith('address')).length, 1);
});

test('the size grows with the properties, not with their combinations', () => {
  const size = (count: number) => {
    const properties = Object.fromEntries(Array.from({ length: count }, (_, index) => [`p${index}`, { type: 'integer' }]));
    const { grammar } = expandJson({
      kind: 'json',
      schema: { type: 'object', properties, additionalProperties: false },
      whitespace: 'none',
      notation: 'json',
    });
    return JSON.stringify([grammar.root, ...grammar.rules]).length;
  };
  assert.ok(size(400) < 4.5 * size(100), `${size(100)} and ${size(400)} characters`);
});
