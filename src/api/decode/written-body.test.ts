import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeUtf8, WrittenBody } from './written-body.ts';

/** What parsing gives, or that it fails. */
function outcome(parse: () => unknown): unknown {
  try {
    return { value: parse() };
  } catch (error) {
    return (error as Error).name;
  }
}

/** Reads it as one text, in pieces, and in pieces as small as can be. */
function check(text: string): void {
  const expected = outcome(() => JSON.parse(text));
  for (const pieceBytes of [undefined, 8, 0]) {
    const body = new WrittenBody(Buffer.from(text), pieceBytes);
    assert.deepEqual(
      outcome(() => body.parse()),
      expected,
      text,
    );
    assert.equal(body.text(), text);
  }
}

const json = fc.dictionary(fc.string({ unit: 'grapheme', maxLength: 4 }), fc.jsonValue({ stringUnit: 'grapheme' }));
const lists = fc.record({
  messages: fc.array(fc.jsonValue()),
  model: fc.string(),
  tools: fc.array(fc.dictionary(fc.string(), fc.jsonValue())),
});

test('a body in pieces is what JSON.parse reads', () => {
  fc.assert(fc.property(fc.oneof(json, lists), fc.nat(2), (value, indent) => check(JSON.stringify(value, null, indent))));
});

test('a body that is spoilt fails where JSON.parse fails, and else is what it reads', () => {
  const junk = fc.constantFrom(',', ':', '[', ']', '{', '}', '"', '\\', '1', ' ', 'null', '');
  fc.assert(
    fc.property(lists, fc.nat(), fc.nat(4), junk, (value, place, length, put) => {
      const text = JSON.stringify(value);
      const at = place % text.length;
      check(text.slice(0, at) + put + text.slice(at + length));
    }),
    { numRuns: 1000 },
  );
  const texts = [
    '',
    ' ',
    '[1,2,3,4,5,6,7,8,9]',
    '"a long text by itself"',
    '{"a":[1,2,3,4,5,6,7,8,9],}',
    '{"a":[1,2,3,4,5,6,7,8,9,]}',
    '{"a":[1,2,3,4,5,6,,7,8,9]}',
    '{"a":[,1,2,3,4,5,6,7,8,9]}',
    '{"a":[1,2,3,4,5,6,7,8,9}}',
    '{"a":[1,2,3,4,5,6,7,8,9]} x',
    '{"a":[1,2,3,4,5,6,7,8,9]]',
    '{"a":[1,2,3],"b":1,"a":[4,5,6,7,8,9,10]}',
    '{"a":[1,2,3,,],"a":[4,5,6,7,8,9,10]}',
    '{"__proto__":[1,2,3,4,5,6,7,8,9],"a":1}',
    '{"\\u0061":[1,2,3,4,5,6,7,8,9],"b\\"":{"c":[1,2,3,4,5,6,7]}}',
    '{"a" [1,2,3,4,5,6,7,8,9,10,11,12]}',
    '{a:[1,2,3,4,5,6,7,8,9,10,11,12]}',
    '{"a":[{"b":1},{"b":[2,3]},{"b":{"c":[4,5]}}],"d":[[1],[2],[3],[4]]}',
  ];
  for (const text of texts) check(text);
});

test('members stand where they were written, and are counted at every depth', () => {
  const members = (value: unknown): number =>
    typeof value !== 'object' || value === null
      ? 0
      : Object.values(value).reduce((sum, each) => sum + members(each), Array.isArray(value) ? 0 : Object.keys(value).length);
  fc.assert(
    fc.property(json, fc.nat(2), (value, indent) => {
      const bytes = Buffer.from(JSON.stringify(value, null, indent));
      const found = [...new WrittenBody(bytes).members].map(([key, { from, to, members: count }]) => [
        key,
        JSON.parse(bytes.toString('utf8', from, to)),
        count,
      ]);
      assert.deepEqual(
        found,
        Object.entries(JSON.parse(bytes.toString())).map(([key, each]) => [key, each, members(each)]),
      );
    }),
  );
  const twice = new WrittenBody(Buffer.from('{"a": 1, "a": {"b:": ":", "c\\"": [{"d": "\\\\", "d": 2}]}}')).members.get('a');
  assert.deepEqual([twice?.members, twice?.isRepeated], [4, true]);
  assert.equal(new WrittenBody(Buffer.from('["no object"]')).members.size, 0);
});

test('long texts end where they end, whatever is escaped in them', () => {
  const long = fc
    .array(fc.constantFrom('x'.repeat(300), '\\', '"', '\\"', 'é', '\n', 'x'), { maxLength: 12 })
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(long, fc.array(long), (model, messages) => check(JSON.stringify({ model, messages }))),
    { numRuns: 300 },
  );
});

test('bytes are decoded as toString decodes them', () => {
  fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => assert.equal(decodeUtf8(Buffer.from(text)), text)));
});
