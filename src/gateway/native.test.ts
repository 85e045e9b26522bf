import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { GenerateResult } from '../protocol/event.ts';
import type { Message, Tool } from '../protocol/message.ts';
import type { GenerateRequest } from '../protocol/request.ts';
import { type FakeReply, startFakeEngine } from '../testing/index.ts';
import { collectTurn } from '../translate/collect.ts';
import { openNode } from './open-node.ts';

const closings: (() => Promise<void>)[] = [];
after(async () => {
  for (const close of closings) await close();
});

const tools: readonly Tool[] = [
  {
    name: 'move',
    description: 'Moves',
    parameters: { type: 'object', properties: { steps: { type: 'integer', maximum: 9 } }, required: ['steps'] },
  },
  { name: 'rest' },
];
const user: Message = { role: 'user', content: 'Two steps.' };
const move = (steps: string) => ({ toolCalls: [{ id: 'c1', name: 'move', argumentPieces: ['{"steps":', ` ${steps}}`] }] });

async function start(replies: readonly FakeReply[]) {
  const fake = await startFakeEngine({ replies });
  const options = { baseUrl: fake.url, models: ['fake-model'] };
  const node = openNode({
    upstreams: [{ name: 'a', engine: 'openai', options }],
    queueLimit: 8,
    queueTimeoutMs: 60_000,
    log: () => undefined,
  });
  closings.push(
    () => node.close(0),
    () => fake.close(),
  );
  await node.ready(new AbortController().signal);
  return { fake, node };
}

type Started = Awaited<ReturnType<typeof start>>;

async function ask({ node }: Started, more: Partial<GenerateRequest>): Promise<{ plan: string; result: GenerateResult }> {
  const request: GenerateRequest = {
    ...{ id: 'r', model: 'fake-model', input: { type: 'chat', messages: [user] }, sampling: {}, stop: [], stopTokenIds: [] },
    ...{ ignoreEos: false, isStreamed: true, n: 1, unknownFields: {}, agent: {} },
    ...more,
  };
  const turn = node.generate(request, new AbortController().signal);
  return { plan: turn.plan, result: collectTurn(await turn.whole()) };
}

const bodyOf = ({ fake }: Started, at = -1) => fake.requests.at(at)?.body as Readonly<Record<string, unknown>>;

for (const isStreamed of [true, false]) {
  test(`tools go to the upstream as they came, and its calls come back${isStreamed ? ', streamed' : ''}`, async () => {
    const started = await start([move('2')]);
    const { plan, result } = await ask(started, { tools, toolChoice: { name: 'move' }, parallelToolCalls: false, isStreamed });
    assert.equal(plan, 'native; enforcement=checked');
    const [choice] = result.choices;
    assert.deepEqual(
      [choice?.finish, choice?.calls.map(({ id, name, argumentsJson, state }) => [id, name, argumentsJson, state])],
      ['tool_calls', [['c1', 'move', '{"steps": 2}', 'complete']]],
    );
    const body = bodyOf(started);
    assert.deepEqual(body.tools, [
      { type: 'function', function: { name: 'move', description: 'Moves', parameters: tools[0]?.parameters } },
      { type: 'function', function: { name: 'rest' } },
    ]);
    assert.deepEqual([body.tool_choice, body.parallel_tool_calls], [{ type: 'function', function: { name: 'move' } }, false]);
  });
}

test('what nobody asked for is not sent', async () => {
  const started = await start([move('2')]);
  const { plan } = await ask(started, { tools });
  assert.equal(plan, 'native');
  const sent = Object.keys(bodyOf(started)).sort();
  assert.deepEqual(sent, ['messages', 'model', 'stream', 'stream_options', 'tools']);
});

test('a call and its result are part of the conversation', async () => {
  const started = await start([{ pieces: ['Done.'] }]);
  const call = { id: 'c1', name: 'move', argumentsJson: '{"steps": 2.0}' };
  const messages: Message[] = [
    user,
    { role: 'assistant', content: null, toolCalls: [call] },
    { role: 'tool', content: 'ok', toolCallId: 'c1' },
  ];
  const { result } = await ask(started, { tools, input: { type: 'chat', messages } });
  assert.equal(result.choices[0]?.text, 'Done.');
  const [, assistant, tool] = bodyOf(started).messages as readonly Record<string, unknown>[];
  assert.deepEqual(assistant?.tool_calls, [{ id: 'c1', type: 'function', function: { name: 'move', arguments: '{"steps": 2.0}' } }]);
  assert.deepEqual([tool?.role, tool?.tool_call_id, tool?.content], ['tool', 'c1', 'ok']);
});

test('arguments against the schema are asked for once more', async () => {
  const started = await start([move('77'), move('2')]);
  const { result } = await ask(started, { tools, isStreamed: false });
  assert.equal(result.choices[0]?.calls[0]?.argumentsJson, '{"steps": 2}');
  const messages = bodyOf(started).messages as readonly Record<string, unknown>[];
  assert.match(String(messages.at(-1)?.content), /\/steps/);
});

test('a JSON schema is the upstream’s to hold; what it has no word for is looked for in the answer', async () => {
  const schema = { type: 'object', properties: { a: { type: 'integer' } }, required: ['a'] };
  const held = await start([{ pieces: ['{"a": 1}'] }]);
  const json = await ask(held, { constraint: { kind: 'json-schema', schema, strict: true } });
  assert.equal(json.plan, 'native; enforcement=engine');
  assert.deepEqual(bodyOf(held).response_format, { type: 'json_schema', json_schema: { name: 'answer', schema, strict: true } });

  const checked = await start([{ pieces: ['Rook.'] }, { pieces: ['rook'] }]);
  const choice = await ask(checked, { constraint: { kind: 'choice', options: ['rook', 'crow'] }, isStreamed: false });
  assert.deepEqual([choice.plan, choice.result.choices[0]?.text], ['native; enforcement=checked', 'rook']);

  const stubborn = await start([{ pieces: ['Rook.'] }, { pieces: ['Rook!'] }]);
  await assert.rejects(ask(stubborn, { constraint: { kind: 'choice', options: ['rook'] }, isStreamed: false }), { code: 'output_invalid' });
  await assert.rejects(ask(stubborn, { constraint: { kind: 'grammar', grammar: 'root ::= "a"' } }), { code: 'unsupported_feature' });
});
