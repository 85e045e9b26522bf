import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unknownContextTokens } from '../../protocol/engine.ts';
import { readModelList } from './model-list.ts';

test('the context length is found where each kind of upstream writes it', () => {
  const data = [
    { id: 'vllm', max_model_len: 1 },
    { id: 'openrouter', context_length: 2 },
    { id: 'groq', context_window: 3 },
    { id: 'mistral', max_context_length: 4 },
    { id: 'llama-server', meta: { n_ctx_train: 5 } },
    { id: 'openai', object: 'model', max_model_len: null },
  ];
  const found = readModelList({ object: 'list', data }, undefined).map(({ contextTokens }) => contextTokens);
  assert.deepEqual(found, [1, 2, 3, 4, 5, unknownContextTokens]);
  assert.deepEqual(
    readModelList({ data }, 9).map(({ contextTokens }) => contextTokens),
    [9, 9, 9, 9, 9, 9],
  );
});

test('answers that are no list of models have none', () => {
  for (const answer of [null, 7, {}, { data: null }, { data: [null, {}, { id: 7 }] }]) assert.deepEqual(readModelList(answer, 1), []);
});
