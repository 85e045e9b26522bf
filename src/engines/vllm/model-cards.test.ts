import assert from 'node:assert/strict';
import { test } from 'node:test';
import { askedFor, listAsked, readModelCards } from './model-cards.ts';

const cards = readModelCards({
  data: [
    { id: 'qwen', root: '/models/qwen', parent: null, max_model_len: 4096 },
    { id: 'alias', root: '/models/qwen', parent: null, max_model_len: 4096 },
    { id: 'adapter', root: '/adapters/a', parent: 'qwen', max_model_len: null },
    { id: 'orphan', root: '/adapters/b', parent: 'gone' },
  ],
});

test('cards tell name, place, parent and context', () => {
  assert.deepEqual(cards[0], { id: 'qwen', root: '/models/qwen', parent: undefined, contextTokens: 4096 });
  assert.deepEqual(cards[2], { id: 'adapter', root: '/adapters/a', parent: 'qwen', contextTokens: undefined });
});

test('one name of each set of weights is asked about, and adapters only where their model is not listed', () => {
  const asked = (wanted: readonly string[]) =>
    listAsked(
      cards.filter(({ id }) => wanted.includes(id)),
      cards,
    ).map(({ id }) => id);
  assert.deepEqual(asked(['qwen', 'alias', 'adapter', 'orphan']), ['qwen', 'orphan']);
  assert.deepEqual([asked(['adapter']), asked(['orphan']), asked([])], [['qwen'], ['orphan'], []]);
  assert.deepEqual(
    cards.map((card) => askedFor(card, cards).id),
    ['qwen', 'qwen', 'qwen', 'orphan'],
  );
});

test('answers that are no list of models have none', () => {
  for (const answer of [null, 7, {}, { data: null }, { data: [null, {}, { id: 7 }] }]) assert.deepEqual(readModelCards(answer), []);
});
