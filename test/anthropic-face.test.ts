import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import Anthropic from '@anthropic-ai/sdk';
import { type FakeFault, type FakeReply, startFakeEngine } from 'rookery/testing';

// the unmodified SDK reads what the fake engine's face says: that face stands for the real API in our tests
const calls = [
  { id: 'toolu_1', name: 'f', argumentPieces: ['{"x":', '1}'] },
  { id: 'toolu_2', name: 'g', argumentPieces: ['{}'] },
];
const usage = { promptTokens: 9, completionTokens: 5, cachedTokens: 4 };
const reply: FakeReply = { reasoning: ['h', 'm'], pieces: ['Hel', 'lo'], toolCalls: calls, usage };
const fake = await startFakeEngine({ face: 'anthropic', apiKey: 'k', models: ['a', 'b'], replies: reply });
const client = new Anthropic({ baseURL: fake.origin, apiKey: 'k', maxRetries: 0 });
const question = {
  model: 'a',
  max_tokens: 100,
  messages: [{ role: 'user' as const, content: 'Hi' }],
  tools: [{ name: 'f', input_schema: { type: 'object' as const } }],
};
const blocks = [
  { type: 'thinking', thinking: 'hm', signature: 'fake-signature' },
  { type: 'text', text: 'Hello' },
  { type: 'tool_use', id: 'toolu_1', name: 'f', input: { x: 1 } },
  { type: 'tool_use', id: 'toolu_2', name: 'g', input: {} },
];

after(() => fake.close());

/** The blocks without what the SDK hangs on them. */
const plain = (content: unknown): unknown => JSON.parse(JSON.stringify(content));

test('the SDK reads a whole answer, and its own words are taken back', async () => {
  fake.setReplies(reply);
  const whole = await client.messages.create(question);
  assert.deepEqual(plain(whole.content), blocks);
  const results = calls.map(({ id }) => ({ type: 'tool_result' as const, tool_use_id: id, content: 'x' }));
  const messages = [
    ...question.messages,
    { role: 'assistant' as const, content: whole.content },
    { role: 'user' as const, content: results },
  ];
  assert.equal((await client.messages.stream({ ...question, messages }).finalMessage()).content.length, blocks.length);
});

for (const usagePlace of ['end', 'finish', 'every'] as const) {
  test(`the SDK reads a stream that tells usage at "${usagePlace}"`, async () => {
    fake.setReplies({ ...reply, usagePlace });
    const streamed = await client.messages.stream(question).finalMessage();
    assert.deepEqual(plain(streamed.content), blocks);
    assert.equal(streamed.stop_reason, 'tool_use');
    const { input_tokens: fresh, cache_read_input_tokens: cached, output_tokens: written } = streamed.usage;
    assert.deepEqual([fresh + (cached ?? 0), cached, written], [9, 4, 5]);
  });
}

for (const fault of [{ kind: 'slices', bytes: 1 }, { kind: 'huge-event', bytes: 5000 }, { kind: 'late-arguments' }] as const) {
  test(`the SDK reads a stream with the fault ${fault.kind} all the same`, async () => {
    fake.setReplies({ ...reply, fault });
    assert.deepEqual(plain((await client.messages.stream(question).finalMessage()).content), blocks);
  });
}

type ErrorClass = abstract new (...given: never[]) => Error;

const refusals: readonly (readonly [FakeFault, ErrorClass])[] = [
  [{ kind: 'status', status: 429, headers: { 'retry-after': '7' } }, Anthropic.RateLimitError],
  [{ kind: 'status', status: 529 }, Anthropic.InternalServerError],
  [{ kind: 'overflow', promptTokens: 9000 }, Anthropic.BadRequestError],
  [{ kind: 'error-event', afterPieces: 1, error: { message: 'Overloaded', type: 'overloaded_error' } }, Anthropic.APIError],
  [{ kind: 'cut', afterPieces: 1 }, Error],
];

for (const [fault, expected] of refusals) {
  test(`the SDK takes the fault ${fault.kind} ${'status' in fault ? fault.status : ''} for a ${expected.name}`, async () => {
    fake.setReplies({ ...reply, fault });
    await assert.rejects(client.messages.stream(question).finalMessage(), (error) => error instanceof expected);
  });
}

test('the SDK lists models, counts tokens, and hears of a wrong key', async () => {
  fake.setReplies({ pieces: ['x'], finish: 'stop', stopReason: 'END' });
  const ids: string[] = [];
  for await (const { id } of client.models.list()) ids.push(id);
  assert.deepEqual(ids, ['a', 'b']);
  assert.ok((await client.messages.countTokens({ model: 'a', messages: question.messages })).input_tokens > 0);
  assert.equal((await client.messages.create({ ...question, stop_sequences: ['END'] })).stop_sequence, 'END');
  const stranger = new Anthropic({ baseURL: fake.origin, apiKey: 'wrong', maxRetries: 0 });
  await assert.rejects(stranger.messages.create(question), Anthropic.AuthenticationError);
});
