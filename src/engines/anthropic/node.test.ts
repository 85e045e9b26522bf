import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { openNode } from '../../gateway/open-node.ts';
import type { GenerateEvent } from '../../protocol/event.ts';
import type { JsonObject } from '../../protocol/json.ts';
import type { Message } from '../../protocol/message.ts';
import type { GenerateRequest } from '../../protocol/request.ts';
import { type FakeEngineOptions, type FakeReply, startFakeEngine } from '../../testing/index.ts';

const closings: (() => Promise<void>)[] = [];
after(async () => {
  for (const close of closings) await close();
});
const never = new AbortController().signal;

/** A whole gateway before a fake Anthropic. */
async function start(replies: FakeEngineOptions['replies'], more: FakeEngineOptions = {}) {
  const fake = await startFakeEngine({ face: 'anthropic', ...(replies === undefined ? {} : { replies }), ...more });
  const upstream = { name: 'cloud', engine: 'anthropic', options: { baseUrl: fake.origin } } as const;
  const node = openNode({ upstreams: [upstream], queueLimit: 10, queueTimeoutMs: 1000, log: () => {} });
  closings.push(
    () => node.close(0),
    () => fake.close(),
  );
  await node.ready(never);
  return { fake, node };
}

const user: Message = { role: 'user', content: 'Hi' };
const weather = { name: 'weather', parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] } };
const makeRequest = (change: Partial<GenerateRequest>): GenerateRequest => ({
  ...{ id: 'r', model: 'fake-model', input: { type: 'chat', messages: [user] }, n: 1, sampling: {}, stop: [], stopTokenIds: [] },
  ...{ ignoreEos: false, isStreamed: true, unknownFields: {}, agent: {} },
  ...change,
});

async function ask({ node }: Awaited<ReturnType<typeof start>>, change: Partial<GenerateRequest> = {}) {
  const turn = node.generate(makeRequest(change), never);
  const events: GenerateEvent[] = [];
  for await (const batch of turn.batches) events.push(...batch.events);
  return { plan: turn.plan, events, ...join(events) };
}

function join(events: readonly GenerateEvent[]) {
  let text = '';
  let reasoning = '';
  const calls: { id: string | undefined; name: string; args: string }[] = [];
  for (const event of events) {
    if (event.type === 'text-delta') text += event.text;
    if (event.type === 'reasoning-delta') reasoning += event.text;
    if (event.type === 'tool-call-start') calls[event.index] = { id: event.id, name: event.name, args: '' };
    const call = event.type === 'tool-call-delta' ? calls[event.index] : undefined;
    if (event.type === 'tool-call-delta' && call) call.args += event.text;
  }
  const finish = events.find((event) => event.type === 'finish')?.reason;
  const usage = events.find((event) => event.type === 'usage')?.usage;
  return { text, reasoning, calls, finish, usage };
}

const call = (id: string, city: string) => ({ id, name: 'weather', argumentPieces: ['{"city":', `"${city}"}`] });
const bodyOf = (fake: { readonly requests: readonly { readonly body: JsonObject | undefined }[] }) => fake.requests.at(-1)?.body ?? {};

test('a chat goes through, streamed or not, with its usage', async () => {
  const usage = { promptTokens: 9, completionTokens: 3, cachedTokens: 4 };
  const cloud = await start({ pieces: ['Hel', 'lo'], usage });
  for (const isStreamed of [true, false]) {
    const { text, finish, usage: told } = await ask(cloud, { isStreamed });
    assert.deepEqual([text, finish, told], ['Hello', 'stop', usage]);
  }
  assert.equal((await ask(cloud, { n: 2 })).usage?.promptTokens, 9);
});

test('tools are called, several at once, and their results and thoughts go back', async () => {
  const cloud = await start([
    { reasoning: ['h', 'm'], pieces: ['Well.'], toolCalls: [call('toolu_1', 'Oslo'), call('toolu_2', 'Rome')] },
    { pieces: ['Cold there.'] },
  ]);
  const tools = [weather];
  const first = await ask(cloud, { tools, reasoningEffort: 'low' });
  assert.deepEqual([first.plan, first.finish, first.reasoning, first.text], ['native', 'tool_calls', 'hm', 'Well.']);
  assert.deepEqual(first.calls, [
    { id: 'toolu_1', name: 'weather', args: '{"city":"Oslo"}' },
    { id: 'toolu_2', name: 'weather', args: '{"city":"Rome"}' },
  ]);
  const answer: Message = {
    role: 'assistant',
    content: first.text,
    toolCalls: first.calls.map(({ id = '', name, args }) => ({ id, name, argumentsJson: args })),
  };
  const results = first.calls.map(({ id = '' }): Message => ({ role: 'tool', content: '3 degrees', toolCallId: id }));
  const messages = [user, answer, ...results];
  const second = await ask(cloud, { tools, reasoningEffort: 'low', input: { type: 'chat', messages } });
  assert.deepEqual([second.text, second.finish], ['Cold there.', 'stop']);
  const used = (id: string, city: string) => ({ type: 'tool_use', id, name: 'weather', input: { city } });
  const resultOf = (id: string) => ({ type: 'tool_result', tool_use_id: id, content: [{ type: 'text', text: '3 degrees' }] });
  assert.deepEqual(bodyOf(cloud.fake).messages, [
    { role: 'user', content: [{ type: 'text', text: 'Hi' }] },
    {
      role: 'assistant',
      content: [
        { type: 'thinking', thinking: 'hm', signature: 'fake-signature' },
        { type: 'text', text: 'Well.' },
        ...[used('toolu_1', 'Oslo'), used('toolu_2', 'Rome')],
      ],
    },
    { role: 'user', content: [resultOf('toolu_1'), resultOf('toolu_2')] },
  ]);
});

test('one call is enough where no second is wanted, and its thoughts are known all the same', async () => {
  const cloud = await start([{ reasoning: ['hm'], toolCalls: [call('toolu_1', 'Oslo'), call('toolu_2', 'Rome')] }, {}]);
  const tools = [weather];
  const { calls } = await ask(cloud, { tools, parallelToolCalls: false });
  assert.deepEqual(
    calls.map(({ id }) => id),
    ['toolu_1'],
  );
  const answer: Message = {
    role: 'assistant',
    content: null,
    toolCalls: [{ id: 'toolu_1', name: 'weather', argumentsJson: '{"city":"Oslo"}' }],
  };
  await ask(cloud, { tools, input: { type: 'chat', messages: [user, answer, { role: 'tool', content: 'x', toolCallId: 'toolu_1' }] } });
  assert.match(JSON.stringify(bodyOf(cloud.fake).messages), /fake-signature.*tool_use/);
});

test('a demanded call that does not come is refused', async () => {
  const cloud = await start({ pieces: ['No.'] });
  const events = (await ask(cloud, { tools: [weather], toolChoice: 'required' })).events;
  assert.equal(events.find((event) => event.type === 'error')?.error.code, 'output_invalid');
  assert.deepEqual(bodyOf(cloud.fake).tool_choice, { type: 'any' });
});

const constraint = {
  kind: 'json-schema',
  strict: true,
  schema: { type: 'object', properties: { a: { type: 'integer', minimum: 1 } }, required: ['a'] },
} as const;

test('an answer is held to a schema by the API, and looked at by us', async () => {
  const cloud = await start([{ pieces: ['{"a":', ' 2}'] }, { pieces: ['{"a": 0}'] }, { pieces: ['{"a": 3}'] }]);
  const { text, plan } = await ask(cloud, { constraint });
  assert.deepEqual([text, plan], ['{"a": 2}', 'native; enforcement=engine']);
  assert.match(JSON.stringify(bodyOf(cloud.fake).output_config), /"additionalProperties":false/);
  assert.equal((await ask(cloud, { constraint, isStreamed: false })).text, '{"a": 3}');
});

test("an answer that is a tool's input comes as text", async () => {
  const answers = { name: 'answer', argumentPieces: ['{"a":', ' 2.0}'] };
  const cloud = await start({ toolCalls: [answers] });
  for (const isStreamed of [true, false]) {
    const { text, calls, finish } = await ask(cloud, { isStreamed, constraint: { kind: 'json-object' } });
    assert.deepEqual([text, calls, finish], ['{"a": 2.0}', [], 'stop']);
  }
  const beside = await ask(await start({ toolCalls: [call('toolu_1', 'Oslo')] }), {
    constraint: { kind: 'json-object' },
    tools: [weather],
  });
  assert.deepEqual([beside.text, beside.calls.length, beside.finish], ['', 1, 'tool_calls']);
});

test('pictures go to models that see, and are refused by others', async () => {
  const messages: readonly Message[] = [{ role: 'user', content: [{ type: 'image', url: 'https://host/a.png' }] }];
  const cloud = await start({});
  await ask(cloud, { input: { type: 'chat', messages } });
  assert.match(JSON.stringify(bodyOf(cloud.fake)), /"type":"url"/);
  const capabilities = { image_input: { supported: false } };
  const blind = await start({}, { routes: { 'GET /v1/models': { status: 200, body: { data: [{ id: 'fake-model', capabilities }] } } } });
  await assert.rejects(ask(blind, { input: { type: 'chat', messages } }), /no pictures/);
});

test('raw prompts, logprobs, penalties, grammars and strange fields are a clear 400', async () => {
  const cloud = await start({});
  const wrong: readonly Partial<GenerateRequest>[] = [
    { input: { type: 'prompts', prompts: ['Once'], echo: false } },
    { input: { type: 'prompts', prompts: [[1, 2]], echo: false } },
    { topLogprobs: 1 },
    { sampling: { presencePenalty: 1 } },
    { constraint: { kind: 'grammar', grammar: 'root ::= "a"' } },
    { unknownFields: { colour: 'red' } },
  ];
  for (const change of wrong) {
    await assert.rejects(ask(cloud, change), ({ kind }: { kind: { status: number } }) => kind.status === 400);
  }
  await ask(cloud, { unknownFields: { thinking: { type: 'disabled' } } });
  assert.deepEqual(bodyOf(cloud.fake).thinking, { type: 'disabled' });
});

test('the order of events is the one of every engine', async () => {
  const reply: FakeReply = { reasoning: ['hm'], pieces: ['Well.'], toolCalls: [call('toolu_1', 'Oslo')] };
  const { events } = await ask(await start(reply), { tools: [weather] });
  const kinds = events.map(({ type }) => type).filter((type, index, all) => type !== all[index - 1]);
  assert.deepEqual(kinds, ['reasoning-delta', 'text-delta', 'tool-call-start', 'tool-call-delta', 'tool-call-end', 'finish', 'usage']);
});
