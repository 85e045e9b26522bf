import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { EngineRequest } from '../protocol/engine.ts';
import type { ErrorCode } from '../protocol/error.ts';
import { type FakeEngineOptions, type FakeFault, type FakeReply, startFakeEngine } from '../testing/index.ts';
import { assertBroken, collect, isError, limitsFor, never, request, textOf } from './http/answers.test.support.ts';
import ollama, { type OllamaOptions } from './ollama.ts';

const closings: (() => Promise<void>)[] = [];
after(async () => {
  for (const close of closings) await close();
});

async function start(fakeOptions: FakeEngineOptions = {}, options: Partial<OllamaOptions> = {}) {
  const fake = await startFakeEngine({ face: 'ollama', models: ['tiny'], ...fakeOptions });
  const lines: { readonly event: string; readonly fields: unknown }[] = [];
  const engine = ollama.open({ baseUrl: fake.origin, ...options }, { log: (_, event, fields) => lines.push({ event, fields }) });
  closings.push(
    () => engine.close(),
    () => fake.close(),
  );
  return { fake, engine, lines };
}

const chat: EngineRequest = { ...request, model: 'tiny' };
const raw: EngineRequest = { ...chat, prompt: { form: 'segments', segments: [{ text: 'Once', isLiteral: false }], isRendered: false } };
test('models are learned from what Ollama shows of each', async () => {
  const { engine, fake } = await start({ models: ['tiny', 'qwen3:4b', 'a', 'b', 'c', 'd'], contextTokens: 4096 });
  const models = await engine.models();
  assert.deepEqual(
    models.map(({ id }) => id),
    ['tiny', 'qwen3:4b', 'a', 'b', 'c', 'd'],
  );
  assert.deepEqual(models[0], {
    id: 'tiny',
    contextTokens: 4096,
    sizeBytes: 98362745,
    trainedContextTokens: 4096,
    embeddingLength: 576,
    parameters: 134515008,
    quantisation: 'Q4_1',
    architecture: 'llama',
    specialTokens: { addsBos: false, control: [] },
    capabilities: { prompts: ['messages', 'segments'], hasTools: true, hasImages: false, topLogprobsMax: 20 },
  });
  assert.equal(engine.state().status, 'ready');
  assert.equal(fake.requests.filter(({ path }) => path === '/api/show').length, 6);
});

test('named models are served, without those that Ollama does not have', async () => {
  const { engine, lines } = await start({ models: ['tiny'], refusesUnknownModels: true }, { models: ['tiny:latest', 'gone'] });
  assert.deepEqual(
    (await engine.models()).map(({ id }) => id),
    ['tiny'],
  );
  assert.deepEqual(lines.at(-1)?.fields, { model: 'gone', reason: "The engine answered HTTP 404: model 'gone' not found" });
  const none = await start({ models: ['tiny'], refusesUnknownModels: true }, { models: ['gone'] });
  await assert.rejects(none.engine.models(), isError('engine_unavailable', /none of its models \(gone\)/));
  const empty = await start({ models: [] });
  assert.deepEqual(await empty.engine.models(), []);
});

test('an old Ollama is warned of and has no log probabilities', async () => {
  const { engine, lines } = await start({ version: '0.9.6' });
  const [model] = await engine.models();
  assert.equal(model?.capabilities?.topLogprobsMax, undefined);
  assert.ok(model?.capabilities && 'topLogprobsMax' in model.capabilities);
  assert.ok(lines.some(({ event, fields }) => event === 'engine-cuts-prompts' && /0\.9\.6 cuts prompts/.test(JSON.stringify(fields))));
});

test('a model in memory keeps its context, in every request', async () => {
  const { engine, fake } = await start({
    contextTokens: 8192,
    routes: { 'GET /api/ps': { status: 200, body: { models: [{ name: 'tiny:latest', context_length: 3000 }] } } },
  });
  assert.equal((await engine.models())[0]?.contextTokens, 3000);
  for (const request of [chat, raw]) await collect(engine.stream(request, never));
  await engine.embed('tiny', ['a'], never);
  const contexts = fake.requests.flatMap(({ body }) => (body?.options as { num_ctx?: number } | undefined)?.num_ctx ?? []);
  assert.deepEqual(contexts, [3000, 3000, 3000]);
});

test('the file of a model is read where it lies, and its template makes the prompt ours', async () => {
  const path = `/blobs/sha256-${'0'.repeat(64)}`;
  const asked: string[] = [];
  const readModelFile = async (wanted: string) => {
    asked.push(wanted);
    return { chatTemplate: '{{ messages }}', bos: '<s>', control: ['<s>'] };
  };
  const shown = { modelfile: `FROM ${path}\n`, capabilities: ['completion'], model_info: { 'tokenizer.ggml.model': 'llama' } };
  const { engine, fake } = await start({ routes: { 'POST /api/show': { status: 200, body: shown } } }, { readModelFile });
  const [model] = await engine.models();
  assert.deepEqual(asked, [path]);
  assert.deepEqual(model?.capabilities?.prompts, ['segments', 'messages']);
  assert.deepEqual(model?.specialTokens, { bos: '<s>', addsBos: true, control: ['<s>'] });
  const segments = [
    { text: '<s>Say ', isLiteral: false },
    { text: '<s>', isLiteral: true },
  ];
  await collect(engine.stream({ ...raw, prompt: { form: 'segments', segments, isRendered: true } }, never));
  assert.equal(fake.requests.at(-1)?.body?.prompt, 'Say <\u2060s>');
});

const usage = { promptTokens: 9, completionTokens: 3, cachedTokens: 4 };

for (const [name, request] of Object.entries({ chat, raw })) {
  test(`an answer to a ${name} arrives with its text, end and usage, in one form`, async () => {
    const { engine, fake } = await start({ replies: { pieces: ['Hel', 'lo ', 'é你🎉'], finish: 'length', usage } });
    for (const isStreamed of [true, false]) {
      const { text, reads } = await collect(engine.stream({ ...request, isStreamed }, never));
      assert.equal(text, 'Hello é你🎉');
      assert.deepEqual(reads.at(-1)?.end, { reason: 'length', usage });
      assert.equal(fake.requests.at(-1)?.body?.stream, true);
      assert.equal(fake.requests.at(-1)?.headers['x-request-id'], 'request-1');
    }
  });

  test(`a ${name} cut at every byte gives the same text`, async () => {
    const { engine } = await start({ replies: { pieces: ['Grüße ', '🎉', '你好'], fault: { kind: 'slices', bytes: 1 } } });
    assert.equal((await collect(engine.stream(request, never))).text, 'Grüße 🎉你好');
  });
}

test('calls and thoughts of a chat come apart from its text', async () => {
  const toolCalls = [
    { name: 'f', argumentPieces: ['{"x":', '1}'] },
    { name: 'g', argumentPieces: ['{}'] },
  ];
  const { engine } = await start({ replies: { reasoning: ['Hm.'], pieces: ['Well'], toolCalls } });
  const { reads } = await collect(engine.stream(chat, never));
  const deltas = reads.flatMap((read) => read.deltas);
  assert.deepEqual(
    deltas.flatMap(({ calls = [] }) => calls),
    [
      { index: 0, id: 'call_1', name: 'f', argumentsText: '{"x":1}' },
      { index: 1, id: 'call_2', name: 'g', argumentsText: '{}' },
    ],
  );
  assert.deepEqual([deltas.map(({ reasoning = '' }) => reasoning).join(''), textOf(reads)], ['Hm.', 'Well']);
  assert.equal(reads.at(-1)?.end?.reason, 'stop');
});

test('a choice and a pattern come without their quotes', async () => {
  const { engine } = await start({ replies: [{ pieces: ['"a', '\\"b"'] }, { pieces: ['"a', '"b"', '"'] }] });
  const choice = { kind: 'choice', options: ['a"b'] } as const;
  assert.equal((await collect(engine.stream({ ...raw, native: { constraint: choice } }, never))).text, 'a"b');
  const regex = { kind: 'regex', pattern: '.*' } as const;
  assert.equal((await collect(engine.stream({ ...chat, native: { constraint: regex } }, never))).text, 'a"b"');
});

test('log probabilities come where they are asked for', async () => {
  const { engine } = await start({ replies: { pieces: ['I'] } });
  const { reads } = await collect(engine.stream({ ...chat, topLogprobs: 2 }, never));
  const [first] = reads.flatMap(({ deltas }) => deltas.flatMap(({ logprobs = [] }) => logprobs));
  assert.equal(first?.text, 'I');
  assert.equal(first?.top.length, 2);
});

const status = (code: number, message?: string): FakeFault => ({
  kind: 'status',
  status: code,
  ...(message === undefined ? {} : { error: { message } }),
});

const refusals: readonly { readonly name: string; readonly fault: FakeFault; readonly code: ErrorCode; readonly words?: RegExp }[] = [
  { name: '400', fault: status(400, '"tiny" does not support thinking'), code: 'invalid_request', words: /does not support thinking/ },
  {
    name: 'a prompt that is too long',
    fault: { kind: 'overflow', promptTokens: 9000 },
    code: 'context_length_exceeded',
    words: /400: request \(9000 tokens\)/,
  },
  { name: '401', fault: status(401, 'unauthorized'), code: 'engine_failed', words: /refused our key/ },
  { name: '404', fault: status(404, "model 'x' not found"), code: 'model_not_found', words: /'x'/ },
  { name: '429', fault: status(429), code: 'engine_busy' },
  { name: '500', fault: status(500, 'option of secret-key'), code: 'engine_failed', words: /option of \[key\]/ },
  { name: '503', fault: status(503, 'server busy, please try again'), code: 'engine_unavailable', words: /server busy/ },
  { name: 'a web page', fault: { kind: 'content-type', contentType: 'text/html' }, code: 'engine_failed', words: /text\/html/ },
  { name: 'silence', fault: { kind: 'hang-before-headers' }, code: 'engine_failed', words: /sent nothing for 0.2 s/ },
  { name: 'a reset', fault: { kind: 'reset' }, code: 'engine_failed', words: /broke/ },
];

for (const { name, fault, code, words } of refusals) {
  test(`Ollama's answer "${name}" is the error ${code}`, async () => {
    const { engine, fake } = await start({ replies: { fault } }, { apiKey: 'secret-key', ...limitsFor(fault) });
    for (const request of [chat, raw]) await assert.rejects(collect(engine.stream(request, never)), isError(code, words));
    // a connection that closes at once may have been stale: what was sent on it is sent once more
    assert.equal(fake.requests.length, fault.kind === 'reset' ? 4 : 2);
  });
}

const brokenStreams: readonly { readonly fault: FakeFault; readonly words: RegExp }[] = [
  { fault: { kind: 'cut', afterPieces: 1 }, words: /connection to the engine broke/ },
  { fault: { kind: 'cut-inside', afterPieces: 1 }, words: /connection to the engine broke/ },
  { fault: { kind: 'hang', afterPieces: 1 }, words: /sent nothing for 0.2 s/ },
  { fault: { kind: 'early-end', afterPieces: 1 }, words: /in the middle/ },
  { fault: { kind: 'garbage', afterPieces: 1 }, words: /not a JSON object/ },
  { fault: { kind: 'error-event', afterPieces: 1, error: { message: 'out of memory, secret-key' } }, words: /out of memory, \[key\]/ },
  { fault: { kind: 'huge-event', bytes: 9 * 2 ** 20 }, words: /more than 8388608 bytes/ },
];

for (const { fault, words } of brokenStreams) {
  test(`the fault ${fault.kind} in mid-stream is engine_failed, after the text before it`, async () => {
    const options = { apiKey: 'secret-key', ...limitsFor(fault) };
    const { engine, fake } = await start({ replies: { pieces: ['one', 'two'], delayMs: 1, fault } }, options);
    await assertBroken(engine.stream(chat, never), fake, words);
  });
}

test('an end without its line is an error, and of missing counts only the lines are known', async () => {
  const { engine } = await start({
    replies: [{ fault: { kind: 'no-finish' } }, { fault: { kind: 'no-done' } }, { usagePlace: 'missing' }],
  });
  await assert.rejects(collect(engine.stream(chat, never)), isError('engine_failed', /in the middle/));
  assert.equal((await collect(engine.stream(chat, never))).text, 'Hello from the fake engine.');
  const { reads } = await collect(engine.stream(raw, never));
  assert.deepEqual(reads.at(-1)?.end, { reason: 'stop', usage: { promptTokens: 0, completionTokens: 2, cachedTokens: 0 } });
});

const forgiven: readonly FakeReply[] = [
  { fault: { kind: 'stall', afterPieces: 1, delayMs: 5 } },
  { fault: { kind: 'late-arguments' } },
  { usagePlace: 'first' },
  { usagePlace: 'every' },
];

test('a stall, a late text and counts in odd places change nothing', async () => {
  for (const reply of forgiven) {
    const { engine } = await start({ replies: { pieces: ['one', 'two'], usage, ...reply } });
    const { text, reads } = await collect(engine.stream(chat, never));
    assert.deepEqual([text, reads.at(-1)?.end], ['onetwo', { reason: 'stop', usage }]);
  }
});

test('an Ollama that is gone is unavailable, and comes back', async () => {
  const { engine, fake } = await start();
  await collect(engine.stream(chat, never));
  await fake.refuseConnections();
  await assert.rejects(collect(engine.stream(chat, never)), isError('engine_unavailable', /ECONNREFUSED/));
  assert.equal(engine.state().status, 'down');
  await assert.rejects(engine.models(), isError('engine_unavailable'));
  await fake.acceptConnections();
  assert.equal((await engine.models()).length, 1);
  assert.equal(engine.state().status, 'ready');
});

const abortCases: readonly { readonly name: string; readonly fault: FakeFault; readonly when: string }[] = [
  { name: 'before the first byte', fault: { kind: 'hang-before-headers' }, when: 'before-first-byte' },
  { name: 'in mid-stream', fault: { kind: 'hang', afterPieces: 1 }, when: 'midway' },
];

for (const { name, fault, when } of abortCases) {
  for (const isStreamed of [true, false]) {
    test(`an abort ${name} closes the connection${isStreamed ? '' : ', also where nobody streams'}`, async () => {
      const { engine, fake } = await start({ replies: { pieces: ['one', 'two'], fault } });
      const leaving = new AbortController();
      const reads = engine.stream({ ...chat, isStreamed }, leaving.signal)[Symbol.asyncIterator]();
      await fake.until(({ open }) => open === 1);
      if (when === 'midway') assert.equal((await reads.next()).value?.deltas[0]?.text, 'one');
      leaving.abort();
      const usage = { promptTokens: 0, completionTokens: when === 'midway' ? 1 : 0, cachedTokens: 0 };
      assert.deepEqual((await reads.next()).value?.end, { reason: 'abort', usage });
      await fake.until(({ aborted }) => aborted === 1);
      assert.deepEqual(
        fake.departures.map((departure) => departure.when),
        [when],
      );
    });
  }
}

test('embeddings have unit length and refuse what is too long or no text', async () => {
  const { engine, fake } = await start({}, { keepAlive: '1h', contextTokens: 512 });
  const { vectors, promptTokens } = await engine.embed('tiny', ['a', 'bc'], never);
  assert.equal(promptTokens, 6);
  for (const vector of vectors) assert.ok(Math.abs(Math.hypot(...vector) - 1) < 1e-9);
  assert.equal(vectors.length, 2);
  assert.deepEqual(fake.requests[0]?.body, {
    model: 'tiny',
    input: ['a', 'bc'],
    truncate: false,
    options: { num_ctx: 512 },
    keep_alive: '1h',
  });
  await assert.rejects(engine.embed('tiny', [[1, 2]], never), isError('unsupported_feature'));
  await assert.rejects(engine.embed('tiny', ['a'], AbortSignal.abort()), isError('client_closed'));
});

test('what it has no way for is refused before anything is sent', async () => {
  const { engine, fake } = await start();
  assert.throws(() => engine.stream({ ...chat, stopTokenIds: [1] }, never), isError('unsupported_feature'));
  await assert.rejects(engine.tokenize('tiny', { segments: [], isPrompt: false }, never), isError('unsupported_feature'));
  await assert.rejects(engine.detokenize('tiny', [], never), isError('unsupported_feature'));
  assert.equal(fake.requests.length, 0);
});
