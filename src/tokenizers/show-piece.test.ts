import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { showPiece } from './show-piece.ts';

test('pieces are shown so that nothing hides', () => {
  const cases: readonly (readonly [bytes: readonly number[] | string, shown: string])[] = [
    [' word', ' word'],
    ['\n\t\r', '\\n\\t\\r'],
    ['a\\n', 'a\\\\n'],
    ['你😀', '你😀'],
    ['\u001b[31m', '\\u{1b}[31m'],
    ['\u200d\u2028', '\\u{200d}\\u{2028}'],
    [[0xf0, 0x9f], '\\xf0\\x9f'],
    [[0x20, 0xe2, 0x82], ' \\xe2\\x82'],
    [[0x98, 0x80, 0x41], '\\x98\\x80A'],
    [[0xed, 0xa0, 0x80], '\\xed\\xa0\\x80'],
    [[], ''],
  ];
  for (const [bytes, shown] of cases) {
    assert.equal(showPiece(typeof bytes === 'string' ? new TextEncoder().encode(bytes) : Uint8Array.from(bytes)), shown);
  }
});

test('two different pieces never look the same', () => {
  const bytes = fc.uint8Array({ maxLength: 4 });
  fc.assert(
    fc.property(bytes, bytes, (left, right) => {
      assert.equal(showPiece(left) === showPiece(right), Buffer.compare(left, right) === 0);
    }),
  );
});
