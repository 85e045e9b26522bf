import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseContextTokens, chooseThreads, placeWeights } from './resources.ts';

test('one core is left to the machine, and one thread is the least', () => {
  assert.equal(chooseThreads(undefined, 1), 1);
  assert.equal(chooseThreads(7, 1), 7);
});

test('the context is 8,192 tokens or the model limit, less where memory is short', () => {
  const bytesOf = (tokens: number) => tokens * 1000;
  assert.equal(chooseContextTokens({}, 131_072, bytesOf, 1e9), 8192);
  assert.equal(chooseContextTokens({}, 4096, bytesOf, 1e9), 4096);
  assert.equal(chooseContextTokens({}, 131_072, bytesOf, 20e6), 4096);
  assert.equal(chooseContextTokens({}, 131_072, bytesOf, 1e6), 2048);
});

test('a given context is kept up to the model limit', () => {
  assert.equal(
    chooseContextTokens({ contextTokens: 512 }, 8192, () => 1e12, 1),
    512,
  );
  assert.equal(
    chooseContextTokens({ contextTokens: 99_999 }, 8192, () => 1e12, 1),
    8192,
  );
});

test('weights are placed as the operator says, and by llama.cpp where nothing is said', () => {
  assert.deepEqual(placeWeights({}), {});
  assert.deepEqual(placeWeights({ gpuLayers: 0, mapsFile: false, locksMemory: true }), { gpuLayers: 0, useMmap: false, useMlock: true });
});
