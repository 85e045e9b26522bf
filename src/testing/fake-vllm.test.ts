import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask, dig, readEvents, startFake } from './fake-case.ts';
import type { FakeReply } from './fake-reply.ts';

const face = 'vllm';
const messages = [{ role: 'user', content: 'Hi' }];
const reply: FakeReply = {
  pieces: ['Hel', 'lo.'],
  tokens: [[19556], [30]],
  endToken: 2,
  usage: { promptTokens: 5, completionTokens: 3, cachedTokens: 4 },
};

test('a whole chat has the nulls of the real one and reasoning under its name', async () => {
  const fake = await startFake({ face, replies: { ...reply, reasoning: ['Hm', '.'] } });
  const [answer] = readEvents(await ask(fake, '/v1/chat/completions', { model: 'tiny', messages }));
  assert.deepEqual(dig(answer, 'choices', 0), {
    index: 0,
    message: {
      role: 'assistant',
      content: 'Hello.',
      ...{ refusal: null, annotations: null, audio: null, function_call: null },
      reasoning: 'Hm.',
    },
    ...{ logprobs: null, finish_reason: 'stop', stop_reason: null, token_ids: null, routed_experts: null },
  });
  const nulls = ['service_tier', 'prompt_logprobs', 'prompt_token_ids', 'kv_transfer_params', 'ec_transfer_params', 'metrics'];
  for (const name of nulls) assert.equal(answer?.[name], null, name);
  assert.deepEqual(answer?.usage, {
    ...{ prompt_tokens: 5, total_tokens: 8, completion_tokens: 3 },
    ...{ prompt_tokens_details: { cached_tokens: 4 }, completion_tokens_details: null },
  });
});

test('a streamed chat puts the finish reason beside the last token and usage in its own event', async () => {
  const fake = await startFake({ face, replies: { pieces: ['a', 'b'], reasoning: ['r'], stopReason: 28 } });
  const read = await ask(fake, '/v1/chat/completions', { model: 'tiny', messages, stream: true, stream_options: { include_usage: true } });
  const events = readEvents(read);
  assert.deepEqual(
    events.map((event) => [
      dig(event, 'choices', 0, 'delta'),
      dig(event, 'choices', 0, 'finish_reason'),
      dig(event, 'choices', 0, 'stop_reason'),
    ]),
    [
      [{ role: 'assistant', content: '' }, null, null],
      [{ reasoning: 'r' }, null, null],
      [{ content: 'a' }, null, null],
      [{ content: 'b' }, 'stop', 28],
      [undefined, undefined, undefined],
    ],
  );
  assert.deepEqual([dig(events[4], 'choices'), dig(events[4], 'usage', 'total_tokens')], [[], 10]);
  assert.ok(read.text.endsWith('data: [DONE]\n\n'));
});

test('ids are told with return_token_ids, those of the prompt in the first event', async () => {
  const fake = await startFake({ face, replies: reply });
  const body = { model: 'tiny', prompt: [1, 2], return_token_ids: true };
  const [whole] = readEvents(await ask(fake, '/v1/completions', body));
  assert.deepEqual(
    [dig(whole, 'choices', 0, 'token_ids'), dig(whole, 'choices', 0, 'prompt_token_ids')],
    [
      [19556, 30, 2],
      [1, 2],
    ],
  );
  const events = readEvents(await ask(fake, '/v1/completions', { ...body, stream: true }));
  assert.deepEqual(
    events.map((event) => ['text', 'token_ids', 'prompt_token_ids', 'finish_reason'].map((name) => dig(event, 'choices', 0, name))),
    [
      ['Hel', [19556], [1, 2], null],
      ['lo.', [30], null, null],
      ['', [2], null, 'stop'],
    ],
  );
});

test('chances of completions have the legacy shape, with ids as keys when asked', async () => {
  const fake = await startFake({ face, replies: { pieces: ['ab', 'c'] } });
  const asked = { model: 'tiny', prompt: 'x', logprobs: 2 };
  const [plain] = readEvents(await ask(fake, '/v1/completions', asked));
  assert.deepEqual(dig(plain, 'choices', 0, 'logprobs'), {
    text_offset: [0, 1, 2],
    token_logprobs: [-0.25, -0.25, -0.25],
    tokens: ['a', 'b', 'c'],
    top_logprobs: [
      { a: -0.25, b: -1.25 },
      { b: -0.25, c: -1.25 },
      { c: -0.25, d: -1.25 },
    ],
  });
  const events = readEvents(await ask(fake, '/v1/completions', { ...asked, logprobs: 1, return_tokens_as_token_ids: true, stream: true }));
  assert.deepEqual(
    events.map((event) => [dig(event, 'choices', 0, 'logprobs', 'tokens'), dig(event, 'choices', 0, 'logprobs', 'text_offset')]),
    [
      [
        ['token_id:97', 'token_id:98'],
        [0, 11],
      ],
      [['token_id:99'], [22]],
    ],
  );
  assert.deepEqual(dig(events[1], 'choices', 0, 'logprobs', 'top_logprobs'), [{ 'token_id:99': -0.25 }]);
});

test("chances of chats have OpenAI's shape", async () => {
  const fake = await startFake({ face, replies: { pieces: ['a'] } });
  const [answer] = readEvents(await ask(fake, '/v1/chat/completions', { model: 'tiny', messages, logprobs: true, top_logprobs: 1 }));
  const told = { token: 'a', logprob: -0.25, bytes: [97] };
  assert.deepEqual(dig(answer, 'choices', 0, 'logprobs', 'content'), [{ ...told, top_logprobs: [told] }]);
});

test('the first delta of a call has no arguments and all have a null content', async () => {
  const call = { id: 'chatcmpl-tool-1', name: 'f', argumentPieces: ['{"x":', '1}'] };
  const fake = await startFake({ face, replies: { toolCalls: [call] } });
  const events = readEvents(await ask(fake, '/v1/chat/completions', { model: 'tiny', messages, stream: true }));
  assert.deepEqual(
    events.slice(1).map((event) => [dig(event, 'choices', 0, 'delta'), dig(event, 'choices', 0, 'finish_reason')]),
    [
      [{ content: null, tool_calls: [{ index: 0, id: 'chatcmpl-tool-1', type: 'function', function: { name: 'f' } }] }, null],
      [{ content: null, tool_calls: [{ index: 0, function: { arguments: '{"x":' } }] }, null],
      [{ content: null, tool_calls: [{ index: 0, function: { arguments: '1}' } }] }, 'tool_calls'],
    ],
  );
  const [whole] = readEvents(await ask(fake, '/v1/chat/completions', { model: 'tiny', messages }));
  assert.deepEqual(
    [dig(whole, 'choices', 0, 'message', 'content'), dig(whole, 'choices', 0, 'message', 'tool_calls', 0, 'function', 'arguments')],
    ['', '{"x":1}'],
  );
});

test('text becomes ids and ids become text', async () => {
  const fake = await startFake({ face, contextTokens: 1024 });
  assert.deepEqual(readEvents(await ask(fake, '/tokenize', { prompt: 'Hé', return_token_strs: true })), [
    { count: 3, max_model_len: 1024, tokens: [72, 195, 169], token_strs: ['H', '\uFFFD', '\uFFFD'] },
  ]);
  const [chat] = readEvents(await ask(fake, '/tokenize', { messages }));
  assert.deepEqual([chat?.count, chat?.token_strs], ['<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n'.length, null]);
  assert.deepEqual(readEvents(await ask(fake, '/detokenize', { tokens: [72, 195, 169] })), [{ prompt: 'Hé' }]);
});

test('the server tells its version, health, models and metrics', async () => {
  const fake = await startFake({ face, version: '0.11.0', isLoading: true, contextTokens: 1024 });
  assert.equal((await ask(fake, '/health')).status, 503);
  fake.setLoading(false);
  const health = await ask(fake, '/health');
  assert.deepEqual([health.status, health.text], [200, '']);
  assert.deepEqual(readEvents(await ask(fake, '/version')), [{ version: '0.11.0' }]);
  const [models] = readEvents(await ask(fake, '/v1/models'));
  assert.deepEqual([dig(models, 'data', 0, 'id'), dig(models, 'data', 0, 'max_model_len')], ['fake-model', 1024]);
  const metrics = await ask(fake, '/metrics');
  assert.match(metrics.text, /^vllm:num_requests_running\{engine="0",model_name="fake-model"\} 0$/m);
  assert.match(metrics.text, /^vllm:prefix_cache_hits_total\{.*\} 10$/m);
});

test('errors have its shapes', async () => {
  const fake = await startFake({
    face,
    contextTokens: 1024,
    refusesUnknownModels: true,
    replies: [{ fault: { kind: 'overflow', promptTokens: 1101 } }, { fault: { kind: 'error-event', afterPieces: 1 } }],
  });
  const unknown = await ask(fake, '/v1/completions', { model: 'nope', prompt: 'x' });
  assert.deepEqual(
    [unknown.status, readEvents(unknown)],
    [404, [{ error: { message: 'The model `nope` does not exist.', type: 'NotFoundError', param: 'model', code: 404 } }]],
  );
  const tooLong = await ask(fake, '/v1/completions', { model: 'fake-model', prompt: 'x' });
  assert.deepEqual([tooLong.status, dig(readEvents(tooLong), 0, 'error', 'type')], [400, 'BadRequestError']);
  const inside = await ask(fake, '/v1/completions', { model: 'fake-model', prompt: 'x', stream: true });
  assert.deepEqual([inside.status, dig(readEvents(inside).at(-1), 'error', 'code')], [200, 500]);
  const route = await ask(fake, '/nope', {});
  assert.deepEqual([route.status, readEvents(route)], [404, [{ detail: 'Not Found' }]]);
  const locked = await startFake({ face, apiKey: 'right' });
  assert.deepEqual(readEvents(await ask(locked, '/v1/models')), [{ error: 'Unauthorized' }]);
  assert.equal((await ask(locked, '/tokenize', { prompt: 'x' })).status, 200);
});

const template =
  "{% if tools %}<tools>{{ tools | tojson }}</tools>{% endif %}{% for m in messages %}{{ m.role }}: {{ m.content or '' }}" +
  "{% for c in m.tool_calls or [] %}{{ raise_exception('no city') if c.function.arguments.city is not defined }}<call>{{ c.function.arguments.city }}</call>{% endfor %}{{ '\\n' }}{% endfor %}" +
  "{% if add_generation_prompt %}assistant:{{ ' (quiet)' if enable_thinking is false }}{% endif %}";
const print = async (chatTemplate: string, body: object) => {
  const fake = await startFake({ face, chatTemplate });
  const [answer] = readEvents(await ask(fake, '/tokenize', { model: 'tiny', messages, ...body }));
  const tokens = dig(answer, 'tokens');
  return Array.isArray(tokens) ? Buffer.from(tokens).toString() : dig(answer, 'error', 'message');
};

test('a conversation is printed by the chat template, else as ChatML', async () => {
  const tools = [{ type: 'function', function: { name: 'f' } }];
  const call = { id: '1', type: 'function', function: { name: 'f', arguments: '{"city": "Rome"}' } };
  const past = [...messages, { role: 'assistant', content: null, tool_calls: [call] }];
  const table: readonly (readonly [string, object, string])[] = [
    ['', {}, '<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n'],
    ['', { add_generation_prompt: false, tools }, '<|im_start|>user\nHi<|im_end|>\n'],
    [template, {}, 'user: Hi\nassistant:'],
    [template, { add_generation_prompt: false }, 'user: Hi\n'],
    [template, { chat_template_kwargs: { enable_thinking: false } }, 'user: Hi\nassistant: (quiet)'],
    [template, { tools }, '<tools>[{"type": "function", "function": {"name": "f"}}]</tools>user: Hi\nassistant:'],
    [template, { messages: past }, 'user: Hi\nassistant: <call>Rome</call>\nassistant:'],
  ];
  for (const [chatTemplate, body, text] of table) assert.equal(await print(chatTemplate, body), text);
});

test('a template that refuses, and arguments that are no JSON, are refused', async () => {
  const past = (text: string) => ({
    messages: [{ role: 'assistant', content: null, tool_calls: [{ id: '1', type: 'function', function: { name: 'f', arguments: text } }] }],
  });
  assert.match(String(await print(template, past('{}'))), /no city/);
  assert.match(String(await print(template, past('{'))), /JSON|end/i);
  const fake = await startFake({ face, chatTemplate: template });
  assert.equal((await ask(fake, '/v1/chat/completions', { model: 'tiny', ...past('{}') })).status, 400);
});

test('without a parser of calls it refuses to call tools, and shows them under `none`', async () => {
  const tools = [{ type: 'function', function: { name: 'f' } }];
  const fake = await startFake({ face, hasToolParser: false });
  const status = async (body: object) => (await ask(fake, '/v1/chat/completions', { model: 'tiny', messages, ...body })).status;
  assert.deepEqual([await status({ tools }), await status({ tools, tool_choice: 'required' })], [400, 400]);
  assert.deepEqual([await status({ tools, tool_choice: 'none' }), await status({})], [200, 200]);
  assert.equal(await status({ allowed_token_ids: [] }), 400);
  assert.equal(fake.counts().started, 2);
});
