import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { listItems, listMembers } from './json-spans.ts';

const objects: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ['{}', {}],
  [' { "a" : 1.0 , "b":[1,{"c":"]}"}] }', { a: '1.0', b: '[1,{"c":"]}"}]' }],
  ['{"a":1,"a":2}', { a: '2' }],
  ['{"\\u0061":"x\\"y\\\\"}', { a: '"x\\"y\\\\"' }],
  ['{"a":null,"b":true,"c":-1e5}', { a: 'null', b: 'true', c: '-1e5' }],
  ['[1]', {}],
];

for (const [json, members] of objects) {
  test(`${json} has its members as they were written`, () => {
    assert.deepEqual(Object.fromEntries(listMembers(json)), members);
  });
}

test('items are stretches of the text', () => {
  assert.deepEqual(listItems(' [ 1.0 , "a,b" ,[ ], {"x":"]"} ]'), ['1.0', '"a,b"', '[ ]', '{"x":"]"}']);
  assert.deepEqual(listItems('[]'), []);
  assert.deepEqual(listItems('{}'), []);
});

test('what is cut out of any JSON means what JSON.parse reads there', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.array(fc.jsonValue()), fc.nat(3), (object, list, indent) => {
      const read = [...listMembers(JSON.stringify(object, null, indent))].map(([key, value]) => [key, JSON.parse(value)]);
      const given = Object.entries(JSON.parse(JSON.stringify(object)));
      assert.deepEqual(read, given);
      assert.deepEqual(
        listItems(JSON.stringify(list, null, indent)).map((item) => JSON.parse(item)),
        JSON.parse(JSON.stringify(list)),
      );
    }),
  );
});

test('texts that are no JSON end', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('{', '}', '[', ']', '"', ':', ',', '\\', '1', ' ') }), (text) => {
      listMembers(text);
      listItems(text);
    }),
  );
});
