import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { GatewayError } from '../protocol/error.ts';
import { parseBody } from './parse-body.ts';

test('a body is read as it was written, whatever characters it has', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' }), (left, right) => {
      const value = { left, right };
      const text = JSON.stringify(value, undefined, 1);
      const bytes = Buffer.from(text);
      const parsed = parseBody(bytes);
      assert.deepEqual(parsed.value, value);
      assert.equal(parsed.written.bytes, bytes);
    }),
  );
});

test('bytes that are no UTF-8, and none at all, are told from bad JSON', () => {
  const refusals: readonly (readonly [Buffer, RegExp])[] = [
    [Buffer.from([0x22, 0xff, 0x22]), /not valid UTF-8/],
    [Buffer.alloc(0), /empty/],
    [Buffer.from('\ufeff{}'), /line 1, column 1/],
    [Buffer.from('{"ł": }'), /line 1, column 7/],
  ];
  for (const [bytes, words] of refusals) {
    assert.throws(
      () => parseBody(bytes),
      (error) => error instanceof GatewayError && error.code === 'invalid_json' && words.test(error.message),
    );
  }
});
