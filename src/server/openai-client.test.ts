import assert from 'node:assert/strict';
import { test } from 'node:test';
import OpenAI from 'openai';
import { serveScripted } from './serve-scripted.test.support.ts';

const messages = [{ role: 'user' as const, content: 'Hi' }];

async function connect(context: Parameters<typeof serveScripted>[0]) {
  const key = 'a-key-of-the-test-0123';
  const server = await serveScripted(context, { key });
  return { server, client: new OpenAI({ baseURL: `${server.url}/v1`, apiKey: key }) };
}

test('the openai client gets a whole chat answer', async (context) => {
  const { client } = await connect(context);
  const answer = await client.chat.completions.create({ model: 'scripted', messages, n: 2, logprobs: true, top_logprobs: 1 });
  assert.match(answer.id, /^chatcmpl-/);
  assert.deepEqual(
    answer.choices.map((each) => [each.index, each.message.content, each.finish_reason]),
    [
      [0, 'Hello world.', 'stop'],
      [1, 'Hello world.', 'stop'],
    ],
  );
  assert.deepEqual(answer.choices[0]?.logprobs?.content?.[0], {
    token: 'Hello',
    logprob: -0.5,
    bytes: [72, 101, 108, 108, 111],
    top_logprobs: [],
  });
  assert.deepEqual(answer.usage, { prompt_tokens: 5, completion_tokens: 3, total_tokens: 8, prompt_tokens_details: { cached_tokens: 2 } });
});

test('the openai client streams a chat and collects it again', async (context) => {
  const { client } = await connect(context);
  const answer = await client.chat.completions
    .stream({ model: 'scripted', messages, stream_options: { include_usage: true } })
    .finalChatCompletion();
  assert.equal(answer.choices[0]?.message.content, 'Hello world.');
  assert.equal(answer.usage?.total_tokens, 8);
});

test('the openai client reads streamed tool calls and reasoning', async (context) => {
  const { client, server } = await connect(context);
  server.node.script = async function* () {
    yield { choice: 0, events: [{ type: 'reasoning-delta', text: 'Hm.' }] };
    yield {
      choice: 0,
      events: [
        { type: 'tool-call-start', index: 0, name: 'add', isKnown: true },
        { type: 'tool-call-delta', index: 0, text: '{"a":' },
        { type: 'tool-call-delta', index: 0, text: '1}' },
        { type: 'tool-call-end', index: 0, state: 'complete', fixes: [] },
        { type: 'tool-call-start', index: 1, name: 'sub', id: 'call_own', isKnown: true },
        { type: 'tool-call-delta', index: 1, text: '{}' },
        { type: 'tool-call-end', index: 1, state: 'complete', fixes: [] },
        { type: 'finish', reason: 'tool_calls' },
        { type: 'usage', usage: { promptTokens: 1, completionTokens: 2, cachedTokens: 0 } },
      ],
    };
  };
  const stream = await client.chat.completions.stream({ model: 'scripted', messages }).finalChatCompletion();
  const whole = await client.chat.completions.create({ model: 'scripted', messages });
  for (const { choices } of [stream, whole]) {
    const calls = choices[0]?.message.tool_calls ?? [];
    assert.deepEqual(
      calls.map((each) => (each.type === 'function' ? [each.function.name, each.function.arguments] : [])),
      [
        ['add', '{"a":1}'],
        ['sub', '{}'],
      ],
    );
    assert.match(calls[0]?.id ?? '', /^call_[0-9a-f]{32}_0_0$/);
    assert.equal(calls[1]?.id, 'call_own');
    assert.equal(choices[0]?.finish_reason, 'tool_calls');
  }
  const message = whole.choices[0]?.message as { reasoning_content?: string } | undefined;
  assert.equal(message?.reasoning_content, 'Hm.');
});

test('the openai client gets completions, whole and streamed, with echo and logprobs', async (context) => {
  const { client } = await connect(context);
  const whole = await client.completions.create({ model: 'scripted', prompt: ['Once', 'Twice'], n: 2, echo: true });
  assert.deepEqual(
    whole.choices.map((each) => each.text),
    ['OnceHello world.', 'OnceHello world.', 'TwiceHello world.', 'TwiceHello world.'],
  );
  let text = '';
  const offsets: number[] = [];
  for await (const chunk of await client.completions.create({ model: 'scripted', prompt: 'Once', logprobs: 0, stream: true })) {
    text += chunk.choices[0]?.text ?? '';
    offsets.push(...(chunk.choices[0]?.logprobs?.text_offset ?? []));
  }
  assert.equal(text, 'Hello world.');
  assert.deepEqual(offsets, [0, 5, 11]);
});

test('the openai client gets embeddings, which it asks for in base64', async (context) => {
  const { client } = await connect(context);
  const unasked = await client.embeddings.create({ model: 'scripted', input: ['a', 'b'] });
  const floats = await client.embeddings.create({ model: 'scripted', input: ['a', 'b'], encoding_format: 'float' });
  assert.deepEqual(
    unasked.data.map((each) => each.embedding),
    [
      [0, 0.5, -1],
      [1, 0.5, -1],
    ],
  );
  assert.deepEqual(unasked.data, floats.data);
  assert.deepEqual(floats.usage, { prompt_tokens: 2, total_tokens: 2 });
});

test('the openai client lists and finds models', async (context) => {
  const { client } = await connect(context);
  const [first] = (await client.models.list()).data;
  assert.equal(first?.id, 'scripted');
  const facts = first as unknown as Record<string, unknown>;
  assert.deepEqual([facts.max_model_len, facts.context_length, facts.engine, facts.quantisation], [2048, 2048, 'scripted', 'Q4_1']);
  assert.equal((await client.models.retrieve('scripted')).created, 1_700_000_000);
});

test('the openai client raises our errors with code and param, and does not try again', async (context) => {
  const { client, server } = await connect(context);
  const error = await client.chat.completions.create({ model: 'scripted', messages, temperature: 9 }).catch((thrown: unknown) => thrown);
  assert.ok(error instanceof OpenAI.BadRequestError);
  assert.deepEqual([error.code, error.param, error.type], ['invalid_request', 'temperature', 'invalid_request_error']);
  assert.match(error.message, /`temperature` must be a number from 0 to 2, but it is 9/);
  assert.equal(server.node.requests.length, 0);
});
