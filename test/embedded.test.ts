import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import embedded, { type EmbeddedEngine, type EmbeddedOptions } from '#dist/engines/embedded.js';
import type { EngineEnd, EngineRequest } from '#dist/protocol/engine.js';
import { writeScriptedModel } from '#dist/testing/scripted-gguf.js';

/** A script with characters that are cut over tokens, and one that never ends. */
const script = 'Good day! 漢字 and 👩🏽‍🚀 fly; <b>it</b> ends here.';
const never = new AbortController().signal;
const folder = mkdtempSync(join(tmpdir(), 'rookery-embedded-'));
const context = { log: () => undefined };
const scripted = join(folder, 'scripted.gguf');
const endless = join(folder, 'endless.gguf');
let engine: EmbeddedEngine;
let endlessEngine: EmbeddedEngine;

function open(modelPath: string, more: Partial<EmbeddedOptions> = {}): EmbeddedEngine {
  const options = { modelPath, modelId: 'm', slots: 4, gpu: 'off', enginePackage: 'node-llama-cpp', threads: 1, ...more } as const;
  return embedded.open(options, context) as EmbeddedEngine;
}

function request(more: Partial<EngineRequest> = {}, text = 'Hello'): EngineRequest {
  return {
    id: 'r',
    model: 'm',
    prompt: { form: 'segments', segments: [{ text, isLiteral: false }], isRendered: false },
    sampling: { temperature: 0 },
    stop: [],
    stopTokenIds: [],
    ignoreEos: false,
    isStreamed: true,
    keptSpecialTokens: [],
    unknownFields: {},
    ...more,
  };
}

async function read(source: EmbeddedEngine, wanted: EngineRequest, signal: AbortSignal = never) {
  let text = '';
  let end: EngineEnd | undefined;
  const logprobs = [];
  for await (const { deltas, end: last } of source.stream(wanted, signal)) {
    for (const delta of deltas) {
      text += delta.text;
      logprobs.push(...(delta.logprobs ?? []));
    }
    end = last;
  }
  return { text, end, logprobs };
}

/** Waits until the engine's own counters say so; the test runner's limit ends a wait that never comes true. */
async function until(
  source: EmbeddedEngine,
  isTrue: (counters: Awaited<ReturnType<EmbeddedEngine['counters']>>) => boolean,
): Promise<void> {
  while (!isTrue(await source.counters())) await new Promise((resolve) => setTimeout(resolve, 5));
}

before(async () => {
  writeScriptedModel(scripted, { scripts: script });
  writeScriptedModel(endless, { scripts: [{ text: 'round and about again, ', end: 'loop' }], contextTokens: 100_000 });
  engine = open(scripted);
  endlessEngine = open(endless, { slots: 2 });
  await Promise.all([engine.models(), endlessEngine.models()]);
});

after(async () => {
  await Promise.all([engine.close(), endlessEngine.close()]);
  rmSync(folder, { recursive: true });
});

test('a scripted model writes its script byte for byte, alone and in all slots at once', async () => {
  const alone = await read(engine, request());
  assert.equal(alone.text, script);
  assert.equal(alone.end?.reason, 'stop');
  const together = await Promise.all(Array.from({ length: 9 }, (_, at) => read(engine, request({}, `Hello ${at}`))));
  assert.deepEqual(new Set(together.map((answer) => answer.text)), new Set([script]));
});

test('facts tell what callers need to know of the model', async () => {
  const [facts] = await engine.models();
  assert.equal(facts?.contextTokens, 4096);
  assert.equal(facts?.specialTokens.eos, '<|im_end|>');
  assert.ok(facts?.specialTokens.control.includes('<|im_start|>'));
  assert.match(facts?.chatTemplate ?? '', /im_start/);
});

/** Steps that an engine takes to answer prompts that come at once with a token each. */
async function countSteps(source: EmbeddedEngine, prompts: readonly string[]): Promise<number> {
  const { steps } = await source.counters();
  await Promise.all(prompts.map((prompt) => read(source, request({ maxTokens: 1 }, prompt))));
  return (await source.counters()).steps - steps;
}

test('a step takes as many prompt tokens as it may, of one prompt and of several', async () => {
  const narrow = open(scripted, { batchTokens: 32 });
  const alone = ['w'.repeat(640)];
  assert.deepEqual([await countSteps(engine, alone), await countSteps(narrow, alone)], [5, 20]);
  const together = ['a', 'b', 'c', 'd'].map((letter) => letter.repeat(640));
  const [shared, single] = [await countSteps(engine, together), await countSteps(narrow, together)];
  assert.ok(shared < 10 && single >= 80, `${shared} and ${single} steps`);
  await narrow.close();
});

test('the file is mapped, and its memory locked, as it is said', {
  skip: process.platform === 'linux' ? false : 'needs /proc',
}, async () => {
  for (const [mapsFile, locksMemory] of [
    [true, false],
    [false, true],
  ] as const) {
    const other = open(scripted, { slots: 1, mapsFile, locksMemory, gpuLayers: 0 });
    await other.models();
    const about = (file: string) => readFileSync(`/proc/${other.pid}/${file}`, 'utf8');
    const lockedKiB = Number(/^VmLck:\s*(\d+) kB$/m.exec(about('status'))?.[1]);
    assert.deepEqual(
      { isMapped: about('maps').includes(scripted), isLocked: lockedKiB > 0 },
      { isMapped: mapsFile, isLocked: locksMemory },
    );
    await other.close();
  }
});

test('a second prompt with the same beginning evaluates only its tail', async () => {
  const shared = 'x'.repeat(1000);
  await read(engine, request({ maxTokens: 1 }, `${shared}11111`));
  const before = await engine.counters();
  const { end } = await read(engine, request({ maxTokens: 1 }, `${shared}22222`));
  const after = await engine.counters();
  assert.equal(end?.usage.cachedTokens, 1000);
  assert.equal(after.evaluatedPromptTokens - before.evaluatedPromptTokens, 5);
});

test('a prefix in a busy slot is copied', async () => {
  const shared = 'y'.repeat(300);
  const before = await endlessEngine.counters();
  const leaving = new AbortController();
  const busy = read(endlessEngine, request({}, shared), leaving.signal);
  await until(endlessEngine, (counters) => counters.writtenTokens > before.writtenTokens);
  const { end } = await read(endlessEngine, request({ maxTokens: 2 }, `${shared}!`));
  leaving.abort();
  await busy;
  assert.equal(end?.usage.cachedTokens, 300);
  assert.equal((await endlessEngine.counters()).copiedPromptTokens, 300);
});

test('max_tokens ends with length, and a stop text ends before itself', async () => {
  const cut = await read(engine, request({ maxTokens: 2 }));
  assert.equal(cut.end?.reason, 'length');
  assert.equal(cut.end?.usage.completionTokens, 2);
  const stopped = await read(engine, request({ stop: ['nothing', 'fly;'] }));
  assert.equal(stopped.text, script.slice(0, script.indexOf('fly;')));
  assert.equal(stopped.end?.stop, 'fly;');
});

test('a stop token ends the answer and is named', async () => {
  const tokens = await engine.tokenize('m', { segments: [{ text: '<|im_end|>', isLiteral: false }], isPrompt: false }, never);
  const { end } = await read(engine, request({ stopTokenIds: tokens, ignoreEos: true }));
  assert.equal(end?.stop, tokens[0]);
});

test('an answer without an end fills the context and ends with length', async () => {
  const small = open(endless, { slots: 1, contextTokens: 256 });
  const { end } = await read(small, request());
  assert.equal(end?.reason, 'length');
  assert.equal((end?.usage.promptTokens ?? 0) + (end?.usage.completionTokens ?? 0), 256);
  await assert.rejects(read(small, request({ maxTokens: 1000 })), {
    code: 'context_length_exceeded',
    message: /1000 more, the context holds 256/,
  });
  await assert.rejects(read(small, request({}, 'z'.repeat(300))), {
    code: 'context_length_exceeded',
    message: /300 tokens, the context holds 256/,
  });
  await small.close();
});

test('an aborted answer ends and frees its slot, while it is prefilled, written or waiting', async () => {
  const before = await endlessEngine.counters();
  const leaving = Array.from({ length: 5 }, () => new AbortController());
  const texts = ['a', 'b', 'c'.repeat(50_000), 'd'.repeat(50_000), 'e'];
  const answers = leaving.map((each, at) => read(endlessEngine, request({}, texts[at]), each.signal).catch((error: unknown) => error));
  await until(endlessEngine, (counters) => counters.steps > before.steps && counters.activeSlots === 2);
  for (const each of leaving) each.abort();
  await Promise.all(answers);
  await until(endlessEngine, (counters) => counters.activeSlots === 0 && counters.waitingRuns === 0);
  assert.equal((await read(endlessEngine, request({ maxTokens: 3 }))).end?.reason, 'length');
});

test('a reader that leaves early stops the work', async () => {
  for await (const step of endlessEngine.stream(request(), never)) {
    assert.ok(step.deltas.length > 0);
    break;
  }
  await until(endlessEngine, (counters) => counters.activeSlots === 0);
});

test('a grammar binds from the first token and a broken one is refused', async () => {
  const bound = await read(engine, request({ grammar: { notation: 'gbnf', text: 'root ::= "no" | "yes"' } }));
  assert.match(bound.text, /^(no|yes)$/);
  await assert.rejects(read(engine, request({ grammar: { notation: 'gbnf', text: 'root ::= missing' } })), { code: 'invalid_request' });
});

test('log probabilities are raw, whatever the temperature', async () => {
  const cold = await read(engine, request({ maxTokens: 3, topLogprobs: 2 }));
  const hot = await read(engine, request({ maxTokens: 3, topLogprobs: 2, sampling: { temperature: 2, topK: 1 } }));
  assert.equal(cold.logprobs.length, 3);
  assert.deepEqual(hot.logprobs, cold.logprobs);
  assert.equal(cold.logprobs.map((each) => each.text).join(''), cold.text);
  assert.ok(cold.logprobs.every((each) => each.logprob <= 0 && each.top.length === 2 && each.top[0]?.token === each.token));
});

test('token ids that the model does not have are refused', async () => {
  await assert.rejects(read(engine, request({ prompt: { form: 'tokens', tokens: [1, 99_999_999] } })), {
    code: 'invalid_request',
    message: /99999999/,
  });
  await assert.rejects(read(engine, request({ prompt: { form: 'tokens', tokens: [] } })), { code: 'invalid_request', message: /empty/ });
});

test('special tokens in literal text are plain text', async () => {
  const literal = await engine.tokenize('m', { segments: [{ text: '<|im_end|>', isLiteral: true }], isPrompt: false }, never);
  const special = await engine.tokenize('m', { segments: [{ text: '<|im_end|>', isLiteral: false }], isPrompt: false }, never);
  assert.equal(special.length, 1);
  assert.ok(literal.length > 1);
  assert.equal(await engine.detokenize('m', special, never), '<|im_end|>');
});

test('templates by name are told beside the default one', async () => {
  writeScriptedModel(join(folder, 'variants.gguf'), { scripts: script, templateVariants: { tool_use: '{{ tools }}' } });
  const other = open(join(folder, 'variants.gguf'), { slots: 1 });
  assert.deepEqual((await other.models())[0]?.templateVariants, { tool_use: '{{ tools }}' });
  await other.close();
});

test('a rendered prompt brings its own begin-of-text token', async () => {
  const path = join(folder, 'begin.gguf');
  writeScriptedModel(path, { scripts: script, addsBos: true });
  const other = open(path, { slots: 1 });
  const prompt = { form: 'segments', segments: [{ text: '1', isLiteral: false }], isRendered: true } as const;
  assert.equal((await read(other, { ...request({}, '1'), prompt })).end?.usage.promptTokens, 1);
  await other.close();
});

test('a prompt gets its begin-of-text token once, a plain text none', async () => {
  const path = join(folder, 'bos.gguf');
  const { tokenId } = writeScriptedModel(path, { scripts: script, addsBos: true });
  const begin = tokenId('<|endoftext|>');
  const other = open(path, { slots: 1 });
  const count = async (text: string, isPrompt: boolean) => {
    const tokens = await other.tokenize('m', { segments: [{ text, isLiteral: false }], isPrompt }, never);
    return tokens.filter((token) => token === begin).length;
  };
  assert.deepEqual([await count('x', true), await count('<|endoftext|>x', true), await count('x', false)], [1, 1, 0]);
  assert.equal((await read(other, request({}, '1'))).end?.usage.promptTokens, 2);
  await other.close();
});

test('embeddings are unit vectors, the same for the same text', async () => {
  const { vectors, promptTokens } = await engine.embed('m', ['111', '222', '111'], never);
  assert.equal(promptTokens, 9);
  assert.deepEqual(vectors[0], vectors[2]);
  for (const vector of vectors) assert.ok(Math.abs(Math.hypot(...vector) - 1) < 1e-6);
});

test('a killed child fails its requests once and comes back', async () => {
  const mortal = open(endless);
  await mortal.models();
  const answers = Array.from({ length: 6 }, () => read(mortal, request()));
  const failed = Promise.allSettled(answers);
  await until(mortal, (counters) => counters.writtenTokens > 0);
  process.kill(mortal.pid ?? 0, 'SIGKILL');
  for (const each of await failed) assert.equal(each.status === 'rejected' && each.reason.code, 'engine_failed');
  assert.equal((await read(mortal, request({ maxTokens: 3 }))).end?.reason, 'length');
  assert.equal(mortal.state().status, 'ready');
  await mortal.close();
});

test('a child that stands still is killed and started again', async () => {
  const stuck = open(endless, { hangLimitMs: 400 });
  await stuck.models();
  const answer = read(stuck, request());
  await until(stuck, (counters) => counters.writtenTokens > 0);
  process.kill(stuck.pid ?? 0, 'SIGSTOP');
  await assert.rejects(answer, { code: 'engine_failed' });
  assert.equal((await read(stuck, request({ maxTokens: 3 }))).end?.reason, 'length');
  await stuck.close();
});

test('a file that is no model is told once, and finally', async () => {
  const path = join(folder, 'junk.gguf');
  writeFileSync(path, 'this is not a model'.repeat(100));
  const broken = open(path);
  await assert.rejects(broken.models(), { code: 'model_file_invalid' });
  assert.equal(broken.state().status, 'down');
  await assert.rejects(read(broken, request()), { code: 'model_file_invalid' });
  await broken.close();
});
