import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseSlot, type SlotView } from './choose-slot.ts';

const slot = (index: number, tokens: readonly number[], more: Partial<SlotView> = {}): SlotView => ({
  index,
  tokens,
  isBusy: false,
  lastUsedStep: 0,
  ...more,
});
const range = (length: number, from = 0) => Array.from({ length }, (_, at) => from + at);

test('the free slot with the longest common prefix is taken', () => {
  const slots = [slot(0, [1, 2, 9]), slot(1, [1, 2, 3, 4]), slot(2, [7])];
  assert.deepEqual(chooseSlot(slots, [1, 2, 3, 5]), { index: 1, reusedTokens: 3 });
});

test('among equals the least recently used slot is taken', () => {
  const slots = [slot(0, [1], { lastUsedStep: 9 }), slot(1, [1], { lastUsedStep: 4 }), slot(2, [1], { lastUsedStep: 6 })];
  assert.deepEqual(chooseSlot(slots, [5, 6]), { index: 1, reusedTokens: 0 });
});

test('the last token of the prompt is always evaluated', () => {
  assert.deepEqual(chooseSlot([slot(0, [1, 2, 3])], [1, 2, 3]), { index: 0, reusedTokens: 2 });
});

test('no free slot, no choice', () => {
  assert.equal(chooseSlot([slot(0, [1], { isBusy: true })], [1]), undefined);
});

test('a much longer prefix in a busy slot is copied to the least recently used free slot', () => {
  const slots = [slot(0, range(200), { isBusy: true }), slot(1, range(10), { lastUsedStep: 5 }), slot(2, [], { lastUsedStep: 1 })];
  assert.deepEqual(chooseSlot(slots, range(150)), { index: 2, reusedTokens: 149, copyFrom: 0 });
});

test('a slightly longer prefix in a busy slot is not worth a copy', () => {
  const slots = [slot(0, range(60), { isBusy: true }), slot(1, range(10))];
  assert.deepEqual(chooseSlot(slots, range(60)), { index: 1, reusedTokens: 10 });
});

test('a prompt whose beginning is just being evaluated elsewhere waits for it', () => {
  const slots = [slot(0, range(20), { isBusy: true, comingPrompt: range(200) }), slot(1, range(10))];
  assert.equal(chooseSlot(slots, range(150)), 'wait');
  assert.deepEqual(chooseSlot(slots, [9, 9, 9]), { index: 1, reusedTokens: 0 });
});

test('what is evaluated already is copied and not waited for', () => {
  const slots = [slot(0, range(200), { isBusy: true, comingPrompt: range(200) }), slot(1, [])];
  assert.deepEqual(chooseSlot(slots, range(150)), { index: 1, reusedTokens: 149, copyFrom: 0 });
});
