import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { ownCopy } from './own-copy.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const bytes = 2 ** 20;
const count = 32;

/** Megabytes of heap that are held by a part of each of 32 texts of a megabyte. */
function heldBy(keep: (part: string) => string): number {
  collectGarbage();
  const before = process.memoryUsage().heapUsed;
  const kept = Array.from({ length: count }, (_, at) => keep(`text ${at} ......`.repeat(bytes / 12).slice(100, 200)));
  collectGarbage();
  const held = (process.memoryUsage().heapUsed - before) / bytes;
  assert.equal(kept.length, count);
  return held;
}

test('a copy of a part does not keep the whole alive, as the part itself does', () => {
  assert.ok(heldBy((part) => part) > count / 2);
  assert.ok(heldBy(ownCopy) < count / 4);
});

test('a copy is the same text, whatever is in it', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => assert.equal(ownCopy(text), text)));
  assert.equal(ownCopy('a\uD800b'), 'a\uD800b');
});
