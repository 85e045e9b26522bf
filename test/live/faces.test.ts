import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import OpenAI from 'openai';
import { type FakeFaceName, type FakeReply, startFakeEngine } from 'rookery/testing';
import { openNode } from '#dist/gateway/open-node.js';
import { createServer } from '#dist/server/create-server.js';
import { callShapes, textShapes } from './conversation-checks.ts';
import { listShapes } from './event-shapes.ts';
import type { Chunk } from './talk.ts';
import { toolQuestion, tools } from './tools.ts';

const closings: (() => Promise<unknown>)[] = [];
after(async () => {
  for (const close of closings) await close();
});

/** Without tools in it, so that calls are asked for in words where the engine does not read them itself. */
const chatTemplate =
  "{% for m in messages %}{{ '<|im_start|>' + m.role + '\\n' + m.content + '<|im_end|>\\n' }}{% endfor %}{{ '<|im_start|>assistant\\n' }}";
const argumentPieces = ['{"city": ', '"Rome", ', '"days": 2}'];
const read: FakeReply = { toolCalls: [{ name: 'get_weather', argumentPieces }] };
const written: FakeReply = { pieces: ['{"name": "get_weather", ', '"arguments": ', ...argumentPieces, '}'] };
const text: FakeReply = { pieces: ['It is ', 'sunny.'] };

const faces: readonly (readonly [FakeFaceName, FakeReply])[] = [
  ['openai', read],
  ['anthropic', read],
  ['vllm', written],
  ['ollama', written],
  ['llama-server', written],
];

/** The server in front of a fake engine, and a client of it. */
async function open(face: FakeFaceName, call: FakeReply): Promise<OpenAI> {
  const fake = await startFakeEngine({
    face,
    chatTemplate,
    models: ['tiny'],
    hasToolParser: false,
    replies: ({ body }) => (JSON.stringify(body ?? {}).includes('sunny') ? text : call),
  });
  const options = { baseUrl: face === 'openai' ? fake.url : fake.origin };
  const settings = { queueLimit: 8, queueTimeoutMs: 60_000, log: () => undefined };
  const node = openNode({ upstreams: [{ name: face, engine: face, options }], ...settings });
  await node.ready(new AbortController().signal);
  const server = await createServer({ node, port: 0 });
  closings.push(
    () => server.close({ graceMs: 0 }),
    () => node.close(0),
    () => fake.close(),
  );
  return new OpenAI({ baseURL: `${server.url}/v1`, apiKey: 'unused', maxRetries: 0 });
}

async function readChunks(client: OpenAI, body: object): Promise<readonly Chunk[]> {
  const wished = { model: 'tiny', tools, max_tokens: 48, stream: true, stream_options: { include_usage: true }, ...body };
  const chunks: Chunk[] = [];
  for await (const chunk of await client.chat.completions.create(wished as unknown as OpenAI.ChatCompletionCreateParamsStreaming)) {
    chunks.push(chunk);
  }
  return chunks;
}

for (const [face, call] of faces) {
  test(`the conversation with two tools has the order and shapes of real engines on the face ${face}`, async () => {
    const client = await open(face, call);
    const called = await readChunks(client, { messages: toolQuestion, tool_choice: 'required', parallel_tool_calls: false });
    assert.deepEqual(listShapes(called), callShapes);
    const pieces = called.flatMap(({ choices }) => choices[0]?.delta.tool_calls ?? []);
    const id = pieces[0]?.id ?? '';
    const argumentsText = pieces.map((piece) => piece.function?.arguments ?? '').join('');
    assert.deepEqual(JSON.parse(argumentsText), { city: 'Rome', days: 2 });
    const past = { id, type: 'function', function: { name: 'get_weather', arguments: argumentsText } };
    const messages = [
      ...toolQuestion,
      { role: 'assistant', content: null, tool_calls: [past] },
      { role: 'tool', tool_call_id: id, content: '{"sky": "sunny"}' },
    ];
    assert.deepEqual(listShapes(await readChunks(client, { messages, tool_choice: 'none' })), textShapes);
  });
}
