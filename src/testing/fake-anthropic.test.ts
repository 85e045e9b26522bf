import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '../protocol/json.ts';
import { ask, dig, headers, readEvents, startFake } from './fake-case.ts';
import type { FakeReply, FakeUsagePlace } from './fake-reply.ts';

const body: JsonObject = { model: 'm', max_tokens: 9, messages: [{ role: 'user', content: 'Hi' }] };
const call = { id: 'toolu_1', name: 'f', argumentPieces: ['{"x":', '1}'] };
const full: FakeReply = {
  reasoning: ['hm'],
  pieces: ['one', 'two'],
  toolCalls: [call],
  usage: { promptTokens: 9, completionTokens: 5, cachedTokens: 4 },
};

async function play(replies: FakeReply, isStreamed = true) {
  const fake = await startFake({ face: 'anthropic', replies });
  return ask(fake, '/v1/messages', { ...body, stream: isStreamed });
}

test('a stream has the events of the API, each named by its type', async () => {
  const read = await play(full);
  const events = readEvents(read);
  const told = events.map(({ type, index, content_block, delta }) => {
    const kind = dig(content_block, 'type') ?? dig(delta, 'type');
    return [type, index, kind].filter((word) => word !== undefined).join(' ');
  });
  assert.deepEqual(told, [
    'message_start',
    ...['content_block_start 0 thinking', 'ping', 'content_block_delta 0 thinking_delta', 'content_block_delta 0 signature_delta'],
    ...['content_block_stop 0', 'content_block_start 1 text', 'content_block_delta 1 text_delta', 'content_block_delta 1 text_delta'],
    ...['content_block_stop 1', 'content_block_start 2 tool_use', 'content_block_delta 2 input_json_delta'],
    ...['content_block_delta 2 input_json_delta', 'content_block_stop 2', 'message_delta', 'message_stop'],
  ]);
  assert.deepEqual(
    read.text.split('\n').filter((line) => line.startsWith('event: ')),
    events.map(({ type }) => `event: ${String(type)}`),
  );
  assert.deepEqual(dig(events.at(-2), 'delta'), { stop_reason: 'tool_use', stop_sequence: null });
});

test('a whole answer has the blocks of a stream', async () => {
  const [message] = readEvents(await play(full, false));
  assert.deepEqual(message?.content, [
    { type: 'thinking', thinking: 'hm', signature: 'fake-signature' },
    { type: 'text', text: 'onetwo' },
    { type: 'tool_use', id: 'toolu_1', name: 'f', input: { x: 1 } },
  ]);
  assert.deepEqual(message?.usage, {
    ...{ input_tokens: 5, cache_creation_input_tokens: 0, cache_read_input_tokens: 4, output_tokens: 5 },
    service_tier: 'standard',
  });
});

test('arguments, or else the text, come just before the stop reason when told so', async () => {
  const late = { kind: 'late-arguments' } as const;
  const typesOf = async (reply: FakeReply) => readEvents(await play({ ...reply, fault: late })).map(({ type, index }) => [type, index]);
  assert.deepEqual(
    (await typesOf({ toolCalls: [call, { name: 'g', argumentPieces: ['{}'] }] })).slice(-7),
    [
      ['content_block_start', 1],
      ...[0, 1].flatMap((index) => [
        ['content_block_delta', index],
        ['content_block_stop', index],
      ]),
      ['message_delta', undefined],
      ['message_stop', undefined],
    ].slice(-7),
  );
  const text = readEvents(await play({ pieces: ['one', 'two'], fault: late }));
  assert.deepEqual(
    text.flatMap((event) => dig(event, 'delta', 'text') ?? []),
    ['onetwo'],
  );
});

test('usage is told where the script says', async () => {
  const placesOf = async (usagePlace: FakeUsagePlace) => {
    const events = readEvents(await play({ pieces: ['one'], usagePlace, usage: { promptTokens: 4711, completionTokens: 815 } }));
    return events.flatMap((event) => (/4711|815/.test(JSON.stringify(event)) ? [event.type] : []));
  };
  assert.deepEqual(await placesOf('end'), ['message_start', 'message_delta']);
  assert.deepEqual(await placesOf('first'), ['message_start']);
  assert.deepEqual(await placesOf('finish'), ['message_delta']);
  assert.deepEqual(await placesOf('end-with-choices'), ['message_delta']);
  assert.deepEqual(await placesOf('missing'), []);
  assert.equal((await placesOf('every')).length, 7);
});

const faulty: readonly (readonly [change: JsonObject, message: RegExp])[] = [
  [{ max_tokens: null }, /max_tokens/],
  [{ seed: 1 }, /seed: Extra inputs/],
  [{ messages: [] }, /at least one/],
  [{ messages: [{ role: 'system', content: 'x' }] }, /Unexpected role "system"/],
  [{ messages: [{ role: 'user', content: [{ type: 'text', text: '' }] }] }, /non-empty/],
  [{ messages: [{ role: 'assistant', content: [{ type: 'tool_use', id: 'a', name: 'f', input: {} }] }] }, /without `tool_result`/],
  [{ temperature: 1.5 }, /temperature/],
  [{ stop_sequences: ['\n'] }, /stop_sequences/],
  [{ tools: [{ name: 'a b', input_schema: { type: 'object' } }] }, /pattern/],
  [{ tools: [{ name: 'a', input_schema: {} }] }, /input_schema.type/],
  [{ thinking: { type: 'enabled', budget_tokens: 1024 } }, /greater than `thinking/],
  [{ max_tokens: 2000, thinking: { type: 'enabled', budget_tokens: 1024 }, tool_choice: { type: 'any' } }, /forces tool use/],
  [{ output_config: { format: { type: 'json_schema', schema: { type: 'object' } } } }, /additionalProperties/],
];

test('bodies that the API would refuse are refused', async () => {
  const fake = await startFake({ face: 'anthropic' });
  for (const [change, message] of faulty) {
    const { status, text } = await ask(fake, '/v1/messages', { ...body, ...change });
    assert.equal(status, 400, text);
    assert.match(String(dig(JSON.parse(text), 'error', 'message')), message);
  }
  assert.equal((await fetch(`${fake.origin}/v1/models`)).status, 400, 'without a version');
});

test('a key comes as x-api-key, or as a bearer token', async () => {
  const fake = await startFake({ face: 'anthropic', apiKey: 'secret' });
  const ends = [{ 'x-api-key': 'secret' }, { authorization: 'Bearer secret' }, { 'x-api-key': 'another' }, {}].map(async (key) => {
    const { status } = await fetch(`${fake.origin}/v1/models`, { headers: { ...headers, ...key } as Record<string, string> });
    return status;
  });
  assert.deepEqual(await Promise.all(ends), [200, 200, 401, 401]);
});
