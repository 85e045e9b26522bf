import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject, JsonValue } from '#dist/protocol/json.js';
import { readAnswer } from './read-answer.ts';

function reads(body: JsonValue, status = 200, headers: Record<string, string> = {}): Promise<JsonObject> {
  return readAnswer(
    new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...headers } }),
    (text) => text,
  );
}

function readsStream(...events: readonly (object | string)[]): Promise<JsonObject> {
  const text = events.map((event) => `data: ${typeof event === 'string' ? event : JSON.stringify(event)}\n\n`).join('');
  return readAnswer(new Response(text, { headers: { 'content-type': 'text/event-stream' } }), (each) =>
    each.replaceAll('127.0.0.1:1', 'gpu:8000'),
  );
}

const chunk = (delta: object, more: object = {}) => ({ id: 'chatcmpl-1', model: 'm', choices: [{ index: 0, delta, ...more }] });

test('nulls and emptiness are as good as absent; ids and times are alike', async () => {
  const body = { id: 'chatcmpl-7', created: 1, choices: [{ message: { content: 'x', refusal: null, tool_calls: [], extra: {} } }] };
  assert.deepEqual(await reads(body), { status: 200, body: { id: '(id)', created: '(time)', choices: [{ message: { content: 'x' } }] } });
});

test("an error's words are the gateway's own, but for the engine's", async () => {
  const [own, passed] = [
    await reads({ error: { message: 'no' } }, 400),
    await reads({ error: { message: 'no: The fake engine says' } }, 400),
  ];
  assert.notDeepEqual(own, passed);
  assert.deepEqual(await reads({ error: { message: 'never' } }, 400), own);
  assert.deepEqual((await reads({}, 429, { 'retry-after': '7' })).retryAfter, true);
});

test('headers about the work are told by whose they are', async () => {
  assert.equal((await reads({}, 200, { 'x-litellm-call-id': '1', 'x-litellm-version': '2' })).headers, 'x-litellm-*');
});

test('a list of models is a set', async () => {
  const models = ['b', 'a'].map((id) => ({ id, object: 'model' }));
  assert.deepEqual(await reads({ object: 'list', data: models }), { status: 200, body: { object: 'list', data: models.toReversed() } });
});

test('a stream is what a client puts together of it, with the marks it relies on', async () => {
  const call = (index: number, more: object) => chunk({ tool_calls: [{ index, ...more }] });
  const answer = await readsStream(
    chunk({ role: 'assistant', content: '' }),
    chunk({ content: 'at 127.0.0.1:1 ' }),
    chunk({ content: 'x' }),
    call(0, { id: 'call_9', type: 'function', function: { name: 'f', arguments: '' } }),
    call(0, { function: { arguments: '{}' } }),
    chunk({}, { finish_reason: 'tool_calls' }),
    { choices: [], usage: { total_tokens: 3 } },
    '[DONE]',
  );
  assert.deepEqual(answer.stream, {
    ...{ model: 'm', role: 'assistant', content: 'at gpu:8000 x', finish: 'tool_calls', isDone: true },
    calls: [{ index: 0, id: '(call)', name: 'f', arguments: '{}', isIntroduced: true }],
    usages: [{ usage: { total_tokens: 3 }, hasChoices: false }],
  });
});

test('a stream without an end mark, with an error, or with calls that nobody introduced is told apart', async () => {
  const broken = await readsStream(chunk({ tool_calls: [{ index: 1, function: { arguments: '1' } }] }), {
    error: { message: 'gone', code: 'x' },
  });
  assert.deepEqual(broken.stream, {
    ...{ model: 'm', isDone: false, error: { message: '(in words)', code: 'x' } },
    calls: [{ index: 1, arguments: '1', isIntroduced: false }],
  });
});
