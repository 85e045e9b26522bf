import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '../protocol/json.ts';
import { createScriptedNode } from '../server/scripted-node.test.support.ts';
import { callWith } from './decode/call.test.support.ts';
import tokenize from './tokenize.ts';

async function ask(path: string, body: JsonObject, node = createScriptedNode()): Promise<unknown> {
  const route = tokenize.routes.find((each) => each.path === path);
  assert.ok(route?.kind === 'answer');
  return (await route.answer(callWith(body, { path }), node)).body;
}

test('a text is tokenised as a prompt would be, with the begin token unless told otherwise', async () => {
  assert.deepEqual(await ask('/tokenize', { prompt: 'Hi' }), { count: 3, max_model_len: 2048, tokens: [1, 72, 105], token_strs: null });
  assert.deepEqual(await ask('/tokenize', { prompt: 'Hi', add_special_tokens: false, return_token_strs: true }), {
    ...{ count: 2, max_model_len: 2048, tokens: [72, 105] },
    token_strs: ['H', 'i'],
  });
});

test('a conversation is rendered first', async () => {
  const rendered = 'user:Hi\n';
  const { tokens } = (await ask('/tokenize', { messages: [{ role: 'user', content: 'Hi' }] })) as { tokens: number[] };
  // the template decides on the begin token
  assert.deepEqual(
    tokens,
    [...rendered].map((each) => each.charCodeAt(0)),
  );
});

test('tokens become text again', async () => {
  assert.deepEqual(await ask('/detokenize', { model: 'alias/of-scripted', tokens: [72, 105] }), { prompt: 'Hi' });
});

test('without a model there must be exactly one', async () => {
  const one = createScriptedNode();
  const [model] = one.models();
  assert.ok(model !== undefined);
  const two = { ...one, models: () => [model, { ...model, id: 'other' }] };
  const none = { ...one, models: () => [] };
  await assert.rejects(ask('/detokenize', { tokens: [] }, two), { code: 'invalid_request', param: 'model' });
  await assert.rejects(ask('/detokenize', { tokens: [] }, none), { code: 'engine_unavailable' });
  await assert.rejects(ask('/detokenize', { model: 'absent', tokens: [] }, one), { code: 'model_not_found', message: /"scripted"/ });
});
