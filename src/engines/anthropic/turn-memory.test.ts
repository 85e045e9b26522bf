import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type TurnBlock, TurnMemory } from './turn-memory.ts';

const turn = (id: string, chars = 10): readonly TurnBlock[] => [
  { type: 'thinking', thinking: 'x'.repeat(chars), signature: 's' },
  { type: 'tool_use', id },
];

test('a turn is found by its first call, for the model that wrote it', () => {
  const memory = new TurnMemory();
  memory.remember('m', [...turn('a'), { type: 'tool_use', id: 'b' }]);
  assert.equal(memory.recall('m', 'a')?.length, 3);
  assert.equal(memory.recall('m', 'b'), undefined);
  assert.equal(memory.recall('another', 'a'), undefined);
});

test('a turn without thoughts, or without a call, is not kept', () => {
  const memory = new TurnMemory();
  memory.remember('m', [
    { type: 'text', text: 'x' },
    { type: 'tool_use', id: 'a' },
  ]);
  memory.remember('m', turn('b').slice(0, 1));
  assert.equal(memory.recall('m', 'a'), undefined);
});

test('what was not used for longest is forgotten first, by number and by size', () => {
  const few = new TurnMemory({ mostTurns: 2 });
  for (const id of ['a', 'b']) few.remember('m', turn(id));
  few.recall('m', 'a');
  few.remember('m', turn('c'));
  assert.deepEqual(
    ['a', 'b', 'c'].map((id) => few.recall('m', id) !== undefined),
    [true, false, true],
  );
  const small = new TurnMemory({ mostChars: 250 });
  for (const id of ['a', 'b', 'c']) small.remember('m', turn(id, 100));
  assert.deepEqual(
    ['a', 'b', 'c'].map((id) => small.recall('m', id) !== undefined),
    [false, true, true],
  );
});

test('a turn that grows takes its own place', () => {
  const memory = new TurnMemory({ mostChars: 250 });
  for (let round = 0; round < 10; round++) memory.remember('m', turn('a', 100));
  memory.remember('m', turn('b', 100));
  assert.ok(memory.recall('m', 'a') && memory.recall('m', 'b'));
});

test('a turn larger than the memory is not kept', () => {
  const memory = new TurnMemory({ mostChars: 50 });
  memory.remember('m', turn('a', 100));
  assert.equal(memory.recall('m', 'a'), undefined);
});
