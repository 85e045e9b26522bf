import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { EngineRead } from '../protocol/engine.ts';
import type { ErrorCode } from '../protocol/error.ts';
import { type FakeEngineOptions, type FakeFault, type FakeReply, startFakeEngine } from '../testing/index.ts';
import { collect, isError, limitsFor, never, request, textOf } from './http/answers.test.support.ts';
import vllm, { type LoadTeller, type VllmOptions } from './vllm.ts';

const closings: (() => Promise<void>)[] = [];
after(async () => {
  for (const close of closings) await close();
});

async function start(fakeOptions: FakeEngineOptions = {}, options: Partial<VllmOptions> = {}) {
  const fake = await startFakeEngine({ face: 'vllm', ...fakeOptions });
  const lines: string[] = [];
  const engine = vllm.open({ baseUrl: fake.origin, ...options }, { log: (_, event) => lines.push(event) });
  closings.push(
    () => engine.close(),
    () => fake.close(),
  );
  return { fake, engine, lines };
}

/** A server without parsers, whose chat answers are known to be raw. `sent` tells the requests after that was found out. */
async function startRaw(reply: FakeReply = {}, options: Partial<VllmOptions> = {}) {
  const started = await start(withoutParsers, options);
  await started.engine.models();
  started.fake.setReplies(reply);
  const known = started.fake.requests.length;
  return { ...started, sent: () => started.fake.requests.slice(known) };
}

/** A server that is not asked what it is: conversations are rendered first. */
async function startUnknown(reply: FakeReply = {}, options: Partial<VllmOptions> = {}) {
  const started = await start({ replies: reply }, options);
  return { ...started, sent: () => started.fake.requests };
}

// more prompt tokens than the question has: its tools are in the prompt
const withoutParsers: FakeEngineOptions = { hasToolParser: false, replies: { usage: { promptTokens: 500, completionTokens: 2 } } };

/** Both ways of a conversation: straight to the chat route, and rendered first. */
const ways = [
  { name: 'the chat route', open: startRaw, paths: ['/v1/chat/completions'] },
  { name: 'the completions route', open: startUnknown, paths: ['/tokenize', '/v1/completions'] },
] as const;

for (const { name, open, paths } of ways) {
  test(`an answer of ${name} arrives with its text, end and usage, whole or streamed`, async () => {
    const usage = { promptTokens: 9, completionTokens: 3, cachedTokens: 4 };
    const { engine, sent } = await open({ pieces: ['Hel', 'lo ', 'é你🎉'], finish: 'length', usage });
    for (const isStreamed of [true, false]) {
      const { text, reads } = await collect(engine.stream({ ...request, isStreamed }, never));
      assert.equal(text, 'Hello é你🎉');
      assert.deepEqual(reads.at(-1)?.end, { reason: 'length', usage });
      assert.equal(reads.filter(({ end }) => end).length, 1);
    }
    assert.deepEqual(
      sent().map(({ path }) => path),
      [...paths, ...paths],
    );
    const streams = sent().flatMap(({ path, body }) => (path === '/tokenize' ? [] : [body?.stream]));
    assert.deepEqual(streams, [true, false]);
    assert.equal(sent().at(-1)?.headers['x-request-id'], 'request-1');
  });

  test(`a body of ${name} cut at every byte gives the same text`, async () => {
    const { engine } = await open({ pieces: ['Grüße ', '🎉', '你好'], fault: { kind: 'slices', bytes: 1 } });
    assert.equal((await collect(engine.stream(request, never))).text, 'Grüße 🎉你好');
  });

  for (const [kind, fault] of Object.entries(faults())) {
    test(`the fault "${kind}" on ${name} is a typed error or the right answer, and the connection is let go`, async () => {
      const { engine, fake } = await open({ pieces: ['one', 'two'], delayMs: 1, fault }, limitsFor(fault));
      const reads: EngineRead[] = [];
      const reading = async () => {
        for await (const read of engine.stream(request, never)) reads.push(read);
      };
      const expected = codesOfFaults[kind as keyof typeof codesOfFaults];
      if (expected === undefined) {
        await reading();
        assert.equal(textOf(reads), 'onetwo');
        assert.equal(reads.at(-1)?.end?.reason, 'stop');
      } else {
        await assert.rejects(reading(), isError(expected));
        assert.ok(reads.every(({ end }) => end === undefined));
      }
      await fake.until(({ open: count }) => count === 0);
    });
  }

  for (const [when, fault] of Object.entries({
    'before the first byte': { kind: 'hang-before-headers' },
    'in mid-stream': { kind: 'hang', afterPieces: 1 },
  } as const)) {
    test(`an abort ${when} closes the connection to ${name}`, async () => {
      const { engine, fake } = await open({ pieces: ['one', 'two'], fault });
      const leaving = new AbortController();
      const abortedBefore = fake.counts().aborted;
      const reading = collect(engine.stream(request, leaving.signal));
      await fake.until(({ open: count }) => count === 1);
      leaving.abort();
      assert.equal((await reading).reads.at(-1)?.end?.reason, 'abort');
      assert.equal((await fake.until(({ open: count }) => count === 0)).aborted, abortedBefore + 1);
    });
  }

  test(`a request to ${name} that is aborted from the start is not worked on`, async () => {
    const { engine, sent } = await open();
    const { reads } = await collect(engine.stream(request, AbortSignal.abort()));
    assert.deepEqual(
      reads.map(({ end }) => end?.reason),
      ['abort'],
    );
    assert.deepEqual(sent(), []);
  });

  test(`an engine that is gone is unavailable on ${name}`, async () => {
    const { engine, fake } = await open();
    await fake.refuseConnections();
    await assert.rejects(collect(engine.stream(request, never)), isError('engine_unavailable', /ECONNREFUSED/));
    assert.equal(engine.state().status, 'down');
  });
}

function faults() {
  return {
    overflow: { kind: 'overflow', promptTokens: 9000 },
    '400': { kind: 'status', status: 400 },
    '429': { kind: 'status', status: 429, headers: { 'retry-after': '7' } },
    '500': { kind: 'status', status: 500 },
    '503': { kind: 'status', status: 503, body: '' },
    'unknown route': { kind: 'status', status: 404, body: '{"detail":"Not Found"}' },
    'unknown model': { kind: 'status', status: 404, error: { message: 'The model `x` does not exist.' } },
    silence: { kind: 'hang-before-headers' },
    hang: { kind: 'hang', afterPieces: 1 },
    stall: { kind: 'stall', afterPieces: 1, delayMs: 20 },
    cut: { kind: 'cut', afterPieces: 1 },
    'cut inside': { kind: 'cut-inside', afterPieces: 1 },
    reset: { kind: 'reset', afterPieces: 1 },
    'reset at once': { kind: 'reset' },
    'early end': { kind: 'early-end', afterPieces: 1 },
    garbage: { kind: 'garbage', afterPieces: 1 },
    'error event': { kind: 'error-event', afterPieces: 1 },
    'no done': { kind: 'no-done' },
    'no finish': { kind: 'no-finish' },
    'huge event': { kind: 'huge-event', bytes: 2 * 2 ** 20 },
    'web page': { kind: 'content-type', contentType: 'text/html' },
    'late text': { kind: 'late-arguments' },
  } as const satisfies Readonly<Record<string, FakeFault>>;
}

const codesOfFaults: Readonly<Record<keyof ReturnType<typeof faults>, ErrorCode | undefined>> = {
  overflow: 'context_length_exceeded',
  '400': 'invalid_request',
  '429': 'engine_busy',
  '500': 'engine_failed',
  '503': 'engine_unavailable',
  'unknown route': 'engine_failed',
  'unknown model': 'model_not_found',
  silence: 'engine_failed',
  hang: 'engine_failed',
  stall: undefined,
  cut: 'engine_failed',
  'cut inside': 'engine_failed',
  reset: 'engine_failed',
  'reset at once': 'engine_failed',
  'early end': 'engine_failed',
  garbage: 'engine_failed',
  'error event': 'engine_failed',
  'no done': undefined,
  'no finish': undefined,
  'huge event': 'engine_failed',
  'web page': 'engine_failed',
  'late text': undefined,
};

test('a model is told with its context, its printed template and what the server does by itself', async () => {
  const { engine, lines } = await start({ ...withoutParsers, contextTokens: 4096, chatTemplate });
  const [model] = await engine.models();
  assert.equal(model?.contextTokens, 4096);
  assert.deepEqual(model?.capabilities, { hasTools: false, hasToolChoice: false, hasEmbeddings: true });
  assert.match(model?.printed?.call ?? '', /^<tools>\[\{"type".*<user>Hi<call>.*<tool>3$/);
  assert.deepEqual([model?.printed?.tail, model?.printed?.quietTail], ['<assistant><think>', '<assistant>']);
  // the fake has no /openapi.json
  assert.deepEqual(lines, ['engine-ready', 'server-probe']);
  const { engine: limited } = await start({ models: ['a', 'b'] }, { models: ['b'], contextTokens: 100 });
  assert.deepEqual(
    (await limited.models()).map(({ id, contextTokens, capabilities }) => [id, contextTokens, capabilities?.hasTools]),
    [['b', 100, true]],
  );
});

const chatTemplate = [
  '{% if tools %}<tools>{{ tools | tojson }}{% endif %}',
  '{% for message in messages %}{% if message.tool_calls %}<call>{{ message.tool_calls | tojson }}',
  '{% else %}<{{ message.role }}>{{ message.content }}{% endif %}{% endfor %}',
  '{% if add_generation_prompt %}<assistant>{% if enable_thinking is not defined or enable_thinking %}<think>{% endif %}{% endif %}',
].join('');

test('the ids of a rendered conversation are completed up to the end of the context', async () => {
  const { engine, fake } = await start({ contextTokens: 100 });
  await collect(engine.stream(request, never));
  const prompt = [...Buffer.from('<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n')];
  assert.deepEqual([fake.requests[1]?.body?.prompt, fake.requests[1]?.body?.max_tokens], [prompt, 100 - prompt.length]);
});

test('calls and thoughts that the engine tells apart are given on', async () => {
  const toolCalls = [{ name: 'f', argumentPieces: ['{"x":', '1}'] }];
  const { engine } = await start({ replies: { reasoning: ['Hm'], toolCalls, finish: 'stop' } });
  const { reads } = await collect(engine.stream({ ...request, native: { tools: [{ name: 'f' }], toolChoice: { name: 'f' } } }, never));
  const deltas = reads.flatMap((read) => read.deltas);
  assert.equal(deltas.map(({ reasoning = '' }) => reasoning).join(''), 'Hm');
  const calls = deltas.flatMap(({ calls: pieces = [] }) => pieces);
  assert.deepEqual([calls[0]?.name, calls.map(({ argumentsText = '' }) => argumentsText).join('')], ['f', '{"x":1}']);
});

test('log probabilities have the asked number of alternatives, in both shapes', async () => {
  const tokens = { form: 'tokens', tokens: [1] } as const;
  for (const topLogprobs of [0, 1, 2]) {
    const chat = await startRaw({ pieces: ['a'] });
    const { reads } = await collect(chat.engine.stream({ ...request, topLogprobs }, never));
    const { engine } = await start({ replies: { pieces: ['a'] } });
    const legacy = await collect(engine.stream({ ...request, prompt: tokens, maxTokens: 1, topLogprobs }, never));
    for (const read of [reads, legacy.reads]) {
      const logprobs = read.flatMap(({ deltas }) => deltas.flatMap((delta) => delta.logprobs ?? []));
      assert.deepEqual(
        logprobs.map(({ text, top }) => [text, top.length]),
        [['a', topLogprobs]],
      );
    }
  }
});

test('texts become tokens and tokens texts', async () => {
  const { engine, fake } = await start();
  const segments = [
    { text: 'a', isLiteral: false },
    { text: 'é', isLiteral: true },
  ];
  const bytes = [...Buffer.from('aé')];
  assert.deepEqual(await engine.tokenize('fake-model', { segments, isPrompt: true }, never), bytes);
  assert.deepEqual(fake.requests[0]?.body, { model: 'fake-model', prompt: 'aé', add_special_tokens: true });
  assert.equal(await engine.detokenize('fake-model', bytes, never), 'aé');
  const broken = await start({ routes: { 'POST /tokenize': { status: 200, body: {} }, 'POST /detokenize': { status: 200, body: {} } } });
  await assert.rejects(broken.engine.tokenize('m', { segments, isPrompt: false }, never), isError('engine_failed', /token ids/));
  await assert.rejects(broken.engine.detokenize('m', [1], never), isError('engine_failed', /without a text/));
});

test('embeddings come from the /v1 route', async () => {
  const { engine, fake } = await start();
  const { vectors } = await engine.embed('fake-model', ['a', [1, 2]], never);
  for (const vector of vectors) assert.ok(Math.abs(Math.hypot(...vector) - 1) < 1e-9);
  assert.deepEqual(fake.requests[0]?.body, { model: 'fake-model', input: ['a'], encoding_format: 'float' });
  assert.equal(fake.requests[0]?.path, '/v1/embeddings');
});

test('the load is told from the metrics', async () => {
  const { engine } = await start();
  const { load } = engine as typeof engine & LoadTeller;
  assert.deepEqual(await load.call(engine), { running: 0, waiting: 0, cacheUse: 0.25, prefixTokens: { asked: 40, found: 10 } });
  const other = await start({ routes: { 'GET /metrics': { status: 200, body: 'go_threads 7', contentType: 'text/plain' } } });
  await assert.rejects((other.engine as typeof engine & LoadTeller).load(), isError('engine_failed', /metrics/));
});

test('a key is sent, and a wrong one is told', async () => {
  const { engine, fake } = await start({ apiKey: 'secret-key' }, { apiKey: 'secret-key' });
  await collect(engine.stream(request, never));
  assert.equal(fake.requests.at(-1)?.headers.authorization, 'Bearer secret-key');
  const { engine: locked } = await start({ apiKey: 'another' }, { apiKey: 'secret-key' });
  await assert.rejects(locked.models(), isError('engine_failed', /refused our key/));
});

test('a server that is still loading is unavailable, and is found when it is ready', async () => {
  const { engine, fake } = await start({ isLoading: true });
  await assert.rejects(engine.models(), isError('engine_unavailable'));
  fake.setLoading(false);
  assert.equal((await engine.models()).length, 1);
  assert.equal(engine.state().status, 'ready');
});
