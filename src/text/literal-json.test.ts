import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { LiteralJsonError, type LiteralJsonStyle, parseLiteralJson, printLiteralJson, pythonJsonStyle } from './literal-json.ts';

const kept = ['1.0', '-0', '1e400', '1E-7', '9007199254740993', '{"2":1,"1":1.50}', '[]', '{}', '"\\u2028"', '{"__proto__":{"a":1}}'];

for (const text of kept) {
  test(`${text} is printed as it was written`, () => {
    const printed = printLiteralJson(parseLiteralJson(text));
    assert.equal(printed, text === '"\\u2028"' ? '"\u2028"' : text);
  });
}

const styles: readonly (readonly [LiteralJsonStyle, string])[] = [
  [{}, '{"a":[1.0,"ä"],"b":{},"c":[]}'],
  [pythonJsonStyle, '{"a": [1.0, "ä"], "b": {}, "c": []}'],
  [{ isAscii: true }, '{"a":[1.0,"\\u00e4"],"b":{},"c":[]}'],
  [{ ...pythonJsonStyle, indent: 2 }, '{\n  "a": [\n    1.0,\n    "ä"\n  ],\n  "b": {},\n  "c": []\n}'],
];

for (const [style, printed] of styles) {
  test(`the style ${JSON.stringify(style)} prints ${JSON.stringify(printed)}`, () => {
    assert.equal(printLiteralJson(parseLiteralJson('{"a": [1.0, "\\u00e4"], "b": { }, "c": [ ]}'), style), printed);
  });
}

const refused: readonly (readonly [string, number, RegExp])[] = [
  ['', 0, /Expected a value at line 1, column 1, found the end/],
  ['{"a": 1,}', 8, /Expected a key in double quotes at line 1, column 9, found "}"/],
  ['[1\n2]', 3, /Expected "," or "]" at line 2, column 1, found "2"/],
  ['{"a" 1}', 5, /Expected ":"/],
  ['[01]', 2, /Expected "," or "]"/],
  ['"a\nb"', 2, /the rest of a string/],
  ['"\\x"', 0, /valid escapes/],
  ['"abc', 4, /found the end/],
  ['"abc\\', 5, /found the end/],
  ['true false', 5, /Expected the end/],
];

for (const [text, offset, message] of refused) {
  test(`${JSON.stringify(text)} is refused at ${offset}`, () => {
    assert.throws(
      () => parseLiteralJson(text),
      (error: unknown) => {
        assert.ok(error instanceof LiteralJsonError);
        assert.equal(error.reason, 'syntax');
        assert.equal(error.offset, offset);
        assert.match(error.message, message);
        return true;
      },
    );
  });
}

test('depth and size have limits', () => {
  assert.throws(() => parseLiteralJson('['.repeat(10_000)), {
    name: 'GatewayError',
    code: 'invalid_json',
    reason: 'too-deep',
    offset: 128,
  });
  assert.throws(() => parseLiteralJson('[[1]]', { maxDepth: 1 }), { reason: 'too-deep' });
  assert.throws(() => parseLiteralJson('[1, 2]', { maxChars: 5 }), { reason: 'too-long' });
  assert.equal(printLiteralJson(parseLiteralJson(`${'['.repeat(128)}${']'.repeat(128)}`)).length, 256);
});

test('of two equal keys the last value stays at the first place', () => {
  assert.equal(printLiteralJson(parseLiteralJson('{"a": 1, "b": 2, "a": 3}')), '{"a":3,"b":2}');
});

test('an integer that a number cannot hold stays as it was written', () => {
  const value = parseLiteralJson('{"id": 9007199254740993, "n": 5, "x": 1.50, "__proto__": 1}');
  assert.equal(printLiteralJson(value), '{"id":9007199254740993,"n":5,"x":1.50,"__proto__":1}');
});

test('every JSON value prints as what JSON.parse reads', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(undefined, 2), (value, indent) => {
      const read = parseLiteralJson(JSON.stringify(value, null, indent));
      assert.deepEqual(JSON.parse(printLiteralJson(read)), JSON.parse(JSON.stringify(value)));
    }),
    { numRuns: 1000 },
  );
});

test('texts that JSON.parse refuses are refused with a place, and no others', () => {
  const letters = fc.string({ unit: fc.constantFrom(...'{}[],:"\\ \n01-.eutrafsln'.split('')), maxLength: 14 });
  fc.assert(
    fc.property(letters, (text) => {
      assert.equal(isRefused(text, parseLiteralJson), isRefused(text, JSON.parse));
    }),
    { numRuns: 5000 },
  );
});

function isRefused(text: string, parse: (text: string) => unknown): boolean {
  try {
    parse(text);
    return false;
  } catch (error) {
    if (parse === parseLiteralJson) assert.ok(error instanceof LiteralJsonError);
    return true;
  }
}
