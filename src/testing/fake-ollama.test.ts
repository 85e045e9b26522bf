import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask, dig, readEvents, startFake } from './fake-case.ts';
import type { FakeReply } from './fake-reply.ts';

const face = 'ollama';
const messages = [{ role: 'user', content: 'Hi' }];
const reply: FakeReply = {
  pieces: ['I', "'m"],
  reasoning: ['Hm.'],
  usage: { promptTokens: 10, completionTokens: 2, cachedTokens: 9 },
};

interface Message {
  readonly content: string;
  readonly thinking?: string;
  readonly tool_calls?: readonly { readonly id: string; readonly function: object }[];
}

test('a chat streams by default, in lines of JSON with the counts in the last', async () => {
  const fake = await startFake({ face, replies: reply });
  const read = await ask(fake, '/api/chat', { model: 'tiny', messages });
  const lines = readEvents(read);
  assert.equal(read.type, 'application/x-ndjson');
  assert.deepEqual(
    lines.map(({ message, done }) => [message, done]),
    [
      [{ role: 'assistant', content: '', thinking: 'Hm.' }, false],
      [{ role: 'assistant', content: 'I' }, false],
      [{ role: 'assistant', content: "'m" }, false],
      [{ role: 'assistant', content: '' }, true],
    ],
  );
  const { model, done_reason, prompt_eval_count, prompt_eval_cached_count, eval_count } = lines[3] ?? {};
  assert.deepEqual([model, done_reason, prompt_eval_count, prompt_eval_cached_count, eval_count], ['tiny', 'stop', 10, 9, 2]);
});

test('a raw generation answers streamed and whole', async () => {
  const fake = await startFake({ face, replies: { ...reply, finish: 'length' } });
  const [whole] = readEvents(await ask(fake, '/api/generate', { model: 'tiny', prompt: 'A', raw: true, stream: false }));
  assert.deepEqual([whole?.response, whole?.thinking, whole?.done, whole?.done_reason], ["I'm", 'Hm.', true, 'length']);
  const lines = readEvents(await ask(fake, '/api/generate', { model: 'tiny', prompt: 'A', raw: true }));
  assert.deepEqual(
    lines.map(({ response, done }) => [response, done]),
    [
      ['', false],
      ['I', false],
      ["'m", false],
      ['', true],
    ],
  );
  const refused = await ask(fake, '/api/generate', { model: 'tiny', prompt: 'A', raw: true, system: 'x' });
  assert.deepEqual([refused.status, readEvents(refused)], [400, [{ error: 'raw mode does not support template, system, or context' }]]);
});

test('a call is whole in a line of its own, its arguments an object', async () => {
  const call = { id: 'call_noh5vl56', name: 'get_weather', argumentPieces: ['{"city"', ': "Paris"}'] };
  const fake = await startFake({ face, replies: { pieces: ['\n'], toolCalls: [call] } });
  const lines = readEvents(await ask(fake, '/api/chat', { model: 'tiny', messages }));
  const told = [{ id: 'call_noh5vl56', function: { index: 0, name: 'get_weather', arguments: { city: 'Paris' } } }];
  assert.deepEqual(
    lines.map(({ message, done, done_reason }) => [(message as Message).content, (message as Message).tool_calls, done, done_reason]),
    [
      ['\n', undefined, false, undefined],
      ['', told, false, undefined],
      ['', undefined, true, 'stop'],
    ],
  );
  const [whole] = readEvents(await ask(fake, '/api/chat', { model: 'tiny', messages, stream: false }));
  assert.deepEqual(whole?.message, { role: 'assistant', content: '\n', tool_calls: told });
});

test('models are loaded, told and unloaded', async () => {
  const fake = await startFake({ face, models: ['tiny'], capabilities: ['completion'], contextTokens: 4096 });
  const loaded = async () => (readEvents(await ask(fake, '/api/ps'))[0]?.models as { name: string; context_length: number }[]) ?? [];
  assert.deepEqual(await loaded(), []);
  const [load] = readEvents(await ask(fake, '/api/chat', { model: 'tiny' }));
  assert.deepEqual([load?.done, load?.done_reason], [true, 'load']);
  await ask(fake, '/api/generate', { model: 'tiny', prompt: 'x', options: { num_ctx: 1024 } });
  assert.deepEqual(
    (await loaded()).map(({ name, context_length }) => [name, context_length]),
    [['tiny:latest', 1024]],
  );
  const [unload] = readEvents(await ask(fake, '/api/generate', { model: 'tiny', keep_alive: 0 }));
  assert.deepEqual([unload?.response, unload?.done_reason], ['', 'unload']);
  assert.deepEqual(await loaded(), []);
});

test('the server tells its version, its models and their facts', async () => {
  const fake = await startFake({
    face,
    models: ['tiny'],
    capabilities: ['completion'],
    contextTokens: 4096,
    chatTemplate: '{{ .Prompt }}',
  });
  assert.deepEqual(readEvents(await ask(fake, '/api/version')), [{ version: '0.34.0' }]);
  const [tags] = readEvents(await ask(fake, '/api/tags'));
  const tag = dig(tags, 'models', 0);
  assert.deepEqual(
    [dig(tag, 'name'), dig(tag, 'capabilities'), dig(tag, 'details', 'context_length')],
    ['tiny:latest', ['completion'], 4096],
  );
  const [show] = readEvents(await ask(fake, '/api/show', { model: 'tiny' }));
  const info = show?.model_info as Record<string, unknown>;
  assert.deepEqual([show?.template, info['llama.context_length'], info['tokenizer.ggml.add_bos_token']], ['{{ .Prompt }}', 4096, false]);
});

test('chances come without ids', async () => {
  const fake = await startFake({ face, replies: { pieces: ['I'] } });
  const lines = readEvents(await ask(fake, '/api/chat', { model: 'tiny', messages, logprobs: true, top_logprobs: 1 }));
  const told = { token: 'I', logprob: -0.25, bytes: [73] };
  assert.deepEqual(lines[0]?.logprobs, [{ ...told, top_logprobs: [told] }]);
});

test('a prompt that is too long is cut silently unless that is forbidden', async () => {
  const fake = await startFake({ face, contextTokens: 1024, replies: { ...reply, fault: { kind: 'overflow', promptTokens: 1610 } } });
  const silent = readEvents(await ask(fake, '/api/chat', { model: 'tiny', messages }));
  assert.deepEqual([silent.at(-1)?.done_reason, silent.at(-1)?.prompt_eval_count], ['stop', 512]);
  const refused = await ask(fake, '/api/chat', { model: 'tiny', messages, truncate: false, shift: false });
  const { error } = JSON.parse(refused.text) as { readonly error: string };
  const inside = JSON.parse(error) as {
    readonly error: { readonly type: string; readonly n_prompt_tokens: number; readonly n_ctx: number };
  };
  assert.equal(refused.status, 400);
  assert.deepEqual([inside.error.type, inside.error.n_prompt_tokens, inside.error.n_ctx], ['exceed_context_size_error', 1610, 1024]);
});

test('a pulled model is known and listed, and inputs become vectors', async () => {
  const fake = await startFake({ face, models: ['tiny'], refusesUnknownModels: true });
  assert.equal((await ask(fake, '/api/embed', { model: 'large', input: 'x' })).status, 404);
  const states = readEvents(await ask(fake, '/api/pull', { model: 'large' })).map(({ status }) => status);
  assert.deepEqual([states[0], states.at(-1)], ['pulling manifest', 'success']);
  assert.deepEqual(readEvents(await ask(fake, '/api/pull', { model: 'tiny', stream: false })), [{ status: 'success' }]);
  const [tags] = readEvents(await ask(fake, '/api/tags'));
  assert.deepEqual(
    [0, 1, 2].map((index) => dig(tags, 'models', index, 'name')),
    ['tiny:latest', 'large:latest', undefined],
  );
  const [embedded] = readEvents(await ask(fake, '/api/embed', { model: 'large', input: ['a', 'b'] }));
  assert.deepEqual([dig(embedded, 'embeddings', 'length'), dig(embedded, 'embeddings', 1, 'length')], [2, 4]);
});

test('errors are texts', async () => {
  const fake = await startFake({ face, models: ['tiny'], refusesUnknownModels: true, capabilities: ['completion'] });
  const asked = async (path: string, body: object | string) => {
    const { status, text } = await ask(fake, path, body);
    return [status, text];
  };
  assert.deepEqual(await asked('/api/chat', { model: 'nope', messages }), [404, `{"error":"model 'nope' not found"}`]);
  assert.deepEqual(await asked('/api/chat', '{bad'), [400, '{"error":"unexpected EOF"}']);
  assert.deepEqual(await asked('/nope', {}), [404, '404 page not found']);
  assert.deepEqual(await asked('/api/chat', { model: 'tiny', messages, think: true }), [
    400,
    JSON.stringify({ error: '"tiny" does not support thinking' }),
  ]);
  assert.deepEqual(await asked('/api/chat', { model: 'tiny', messages, tools: [{}] }), [
    400,
    '{"error":"registry.ollama.ai/library/tiny:latest does not support tools"}',
  ]);
});
