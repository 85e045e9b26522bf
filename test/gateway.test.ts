import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import embedded, { type EmbeddedEngine } from '#dist/engines/embedded.js';
import type { Node } from '#dist/gateway/node.js';
import { openNode } from '#dist/gateway/open-node.js';
import type { EventBatch, GenerateEvent } from '#dist/protocol/event.js';
import type { GenerateRequest } from '#dist/protocol/request.js';
import { writeScriptedModel } from '#dist/testing/scripted-gguf.js';
import { collectTurn } from '#dist/translate/collect.js';
import { askChat } from './scripted-node.ts';

const script = 'A rook flies over the tower and drops a nut.';
const never = new AbortController().signal;
const folder = mkdtempSync(join(tmpdir(), 'rookery-gateway-'));
const log = () => undefined;
let engine: EmbeddedEngine;
let node: Node;

function open(script: Parameters<typeof writeScriptedModel>[1]['scripts'], name: string, slots: number): EmbeddedEngine {
  const modelPath = join(folder, `${name}.gguf`);
  writeScriptedModel(modelPath, { scripts: script, contextTokens: 50_000 });
  const options = { modelPath, modelId: name, slots, gpu: 'off', enginePackage: 'node-llama-cpp', threads: 1 } as const;
  return embedded.open(options, { log }) as EmbeddedEngine;
}

function request(more: Partial<GenerateRequest> = {}): GenerateRequest {
  return askChat('bird', [{ role: 'user', content: 'Hi' }], more);
}

async function readAll(batches: AsyncIterable<EventBatch>): Promise<GenerateEvent[]> {
  const events: GenerateEvent[] = [];
  for await (const batch of batches) events.push(...batch.events);
  return events;
}

async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isTrue())) await new Promise((resolve) => setTimeout(resolve, 5));
}

before(async () => {
  engine = open(script, 'bird', 2);
  const endless = open([{ text: 'on and on it goes, ', end: 'loop' }], 'endless', 1);
  node = openNode({
    upstreams: [
      { name: 'a', engine },
      { name: 'b', engine: endless },
    ],
    queueLimit: 3,
    queueTimeoutMs: 60_000,
    log,
  });
  await until(() => node.models().length === 2);
});

after(async () => {
  await node.close(0);
  rmSync(folder, { recursive: true });
});

test('a turn gives text, one finish and one usage, in that order', async () => {
  const { plan, batches } = node.generate(request(), never);
  assert.equal(plan, 'template');
  const events = await readAll(batches);
  assert.equal(events.map((event) => (event.type === 'text-delta' ? event.text : '')).join(''), script);
  assert.deepEqual(
    events.slice(-2).map((event) => event.type),
    ['finish', 'usage'],
  );
});

test('several prompts and copies are choices of one turn, the prompt counted once', async () => {
  const alone = collectTurn(await node.generate(request(), never).whole());
  const { choices, usage } = collectTurn(await node.generate(request({ n: 3 }), never).whole());
  assert.deepEqual(
    choices.map((choice) => [choice.index, choice.text]),
    [0, 1, 2].map((index) => [index, script]),
  );
  assert.equal(usage.promptTokens, alone.usage.promptTokens);
  assert.equal(usage.completionTokens, 3 * alone.usage.completionTokens);
  const prompts = request({ input: { type: 'prompts', prompts: ['a', 'bc'], echo: false }, n: 2 });
  assert.equal(collectTurn(await node.generate(prompts, never).whole()).usage.promptTokens, 3);
});

test('an unknown model is refused with the names that are served', () => {
  assert.throws(() => node.generate(request({ model: 'parrot' }), never), { code: 'model_not_found', message: /'bird', 'endless'/ });
});

test('a request too long for the context fails before its first event', async () => {
  const { batches } = node.generate(request({ maxTokens: 60_000 }), never);
  await assert.rejects(readAll(batches), { code: 'context_length_exceeded' });
});

test('a full queue refuses, and readers that leave give their places back', async () => {
  const turns = Array.from({ length: 5 }, () => node.generate(request({ model: 'endless' }), never).batches[Symbol.asyncIterator]());
  const firsts = turns.map((turn) => turn.next());
  await firsts[0];
  await assert.rejects(readAll(node.generate(request({ model: 'endless' }), never).batches), { code: 'queue_full' });
  for (const turn of turns) await turn.return?.();
  await Promise.allSettled(firsts);
  const { usage } = collectTurn(await node.generate(request({ model: 'endless', maxTokens: 3 }), never).whole());
  assert.equal(usage.completionTokens, 3);
});

test('an aborted turn ends with client_closed and frees the engine', async () => {
  const leaving = new AbortController();
  const turn = node.generate(request({ model: 'endless', n: 2 }), leaving.signal).batches[Symbol.asyncIterator]();
  await turn.next();
  leaving.abort();
  let last: GenerateEvent | undefined;
  for (let step = await turn.next(); !step.done; step = await turn.next()) last = step.value.events.at(-1) ?? last;
  assert.equal(last?.type === 'error' && last.error.code, 'client_closed');
});

test('an engine that dies in mid-answer becomes an in-band error, and the next request is answered', async () => {
  const mortal = open([{ text: 'round it goes again, ', end: 'loop' }], 'mortal', 1);
  const other = openNode({ upstreams: [{ name: 'x', engine: mortal }], queueLimit: 1, queueTimeoutMs: 1000, log });
  await until(() => other.models().length === 1);
  const turn = other.generate(request({ model: 'mortal' }), never).batches[Symbol.asyncIterator]();
  await turn.next();
  process.kill(mortal.pid ?? 0, 'SIGKILL');
  let last: GenerateEvent | undefined;
  for (let step = await turn.next(); !step.done; step = await turn.next()) last = step.value.events.at(-1);
  assert.equal(last?.type === 'error' && last.error.code, 'engine_failed');
  assert.equal(collectTurn(await other.generate(request({ model: 'mortal', maxTokens: 2 }), never).whole()).choices[0]?.finish, 'length');
  await other.close(0);
});

test('tokens, texts and renderings go through the engine of the model', async () => {
  const tokens = await node.tokenizeConversation(request(), never);
  const text = await node.detokenize('bird', tokens, never);
  assert.match(text, /^<\|im_start\|>user\n[\s\S]*<\|im_end\|>\n<\|im_start\|>assistant\n$/);
  assert.deepEqual(await node.tokenize('bird', { segments: [{ text, isLiteral: false }], isPrompt: true }, never), tokens);
  assert.equal((await node.tokenize('bird', { segments: [{ text: '<|im_end|>', isLiteral: false }], isPrompt: false }, never)).length, 1);
  assert.equal((await node.embed('bird', ['x'], never)).vectors.length, 1);
});

test('before its engine has told its models a node answers engine_unavailable', async () => {
  const late = openNode({ upstreams: [{ name: 'x', engine: open('late', 'late', 1) }], queueLimit: 1, queueTimeoutMs: 1, log });
  assert.throws(() => late.generate(request(), never), { code: 'engine_unavailable', retryAfterSeconds: 2 });
  await late.close(0);
});
