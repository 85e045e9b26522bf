import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { findJsonFault } from './json-fault.ts';

const faults: readonly (readonly [string, number, string])[] = [
  ['{"a":x}', 5, 'a value'],
  ['{"a":1,}', 7, 'a name in quotes'],
  ['{a:1}', 1, 'a name in quotes or "}"'],
  ['[1,2', 4, '"," or "]"'],
  ['[1 2]', 3, '"," or "]"'],
  ['{"a" 1}', 5, '":"'],
  ['{"a":"b', 7, 'a closing quote'],
  ['["\\x"]', 2, 'a valid escape'],
  ['["a\nb"]', 3, 'no control character inside quotes'],
  ['1 2', 2, 'the end of the text'],
  ['01', 1, 'the end of the text'],
  ['', 0, 'a value'],
];

for (const [text, position, expected] of faults) {
  test(`the fault in ${JSON.stringify(text)} is found at ${position}`, () => {
    const fault = findJsonFault(text);
    assert.deepEqual({ position: fault?.position, expected: fault?.expected }, { position, expected });
  });
}

test('line and column count from 1', () => {
  const fault = findJsonFault('{\n  "a": 1,\n  b\n}');
  assert.deepEqual([fault?.line, fault?.column], [3, 3]);
});

test('what the runtime parses has no fault', () => {
  fc.assert(fc.property(fc.json(), (text) => findJsonFault(text) === undefined));
});

test('any text has a fault exactly when the runtime refuses it', () => {
  const piece = fc.constantFrom('{', '}', '[', ']', ',', ':', '"', '"a"', '1', '-', '0.5e3', 'true', 'null', ' ', '\n', '\\', 'x');
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const text = pieces.join('');
      let isJson = true;
      try {
        JSON.parse(text);
      } catch {
        isJson = false;
      }
      return (findJsonFault(text) === undefined) === isJson;
    }),
    { numRuns: 3000 },
  );
});

test('a hundred thousand open brackets are scanned without running out of stack', () => {
  assert.equal(findJsonFault('['.repeat(100_000))?.position, 100_000);
});
