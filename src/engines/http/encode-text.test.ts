import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { encodeText } from './encode-text.ts';

test('texts become the bytes that UTF-8 has for them, and keep them', () => {
  const units = fc.string({ unit: 'binary' });
  fc.assert(
    fc.property(units, units, fc.constantFrom(1, 1000, 200_000), (left, right, times) => {
      const text = left.slice(0, 4).repeat(times);
      const bytes = encodeText(text);
      encodeText(right);
      assert.ok(Buffer.from(text).equals(bytes));
    }),
    { numRuns: 60 },
  );
});

test('half a character becomes the sign for one that is none', () => {
  assert.equal(Buffer.from(encodeText('a\ud83d')).toString(), 'a\ufffd');
});
