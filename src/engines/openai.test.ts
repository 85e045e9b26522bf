import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { after, test } from 'node:test';
import type { EngineRead } from '../protocol/engine.ts';
import { type ErrorCode, GatewayError } from '../protocol/error.ts';
import { type FakeEngine, type FakeEngineOptions, type FakeFault, startFakeEngine } from '../testing/index.ts';
import { assertBroken, collect, isError, limitsFor, never, request, textOf } from './http/answers.test.support.ts';
import openai, { type OpenAiOptions } from './openai.ts';

const closings: (() => Promise<void>)[] = [];
after(async () => {
  for (const close of closings) await close();
});

interface LogLine {
  readonly event: string;
  readonly fields: unknown;
}

async function start(fakeOptions: FakeEngineOptions = {}, options: Partial<OpenAiOptions> = {}) {
  const fake = await startFakeEngine(fakeOptions);
  const lines: LogLine[] = [];
  const engine = openai.open({ baseUrl: fake.url, ...options }, { log: (_, event, fields) => lines.push({ event, fields }) });
  closings.push(
    () => engine.close(),
    () => fake.close(),
  );
  return { fake, engine, lines };
}

test('an answer arrives with its text, end and usage', async () => {
  const usage = { promptTokens: 9, completionTokens: 3, cachedTokens: 4 };
  const { engine } = await start({ replies: { pieces: ['Hel', 'lo ', 'é你🎉'], finish: 'length', usage } });
  const { text, reads } = await collect(engine.stream(request, never));
  assert.equal(text, 'Hello é你🎉');
  assert.deepEqual(reads.at(-1)?.end, { reason: 'length', usage });
  assert.equal(reads.filter(({ end }) => end).length, 1);
});

test('an answer nobody streams is asked for whole and is one read', async () => {
  const usage = { promptTokens: 9, completionTokens: 3, cachedTokens: 4 };
  const { engine, fake } = await start({ replies: { pieces: ['Hel', 'lo ', 'é你🎉'], finish: 'length', usage } });
  const whole = { ...request, isStreamed: false };
  for (const prompt of [request.prompt, { form: 'tokens' as const, tokens: [1, 2] }]) {
    const { text, reads } = await collect(engine.stream({ ...whole, prompt }, never));
    assert.equal(text, 'Hello é你🎉');
    assert.deepEqual(reads, [{ deltas: [{ text }], end: { reason: 'length', usage } }]);
  }
  const sent = fake.requests[0]?.body ?? {};
  assert.equal(sent.stream, false);
  assert.ok(!('stream_options' in sent));
});

test('a llama-server is asked to stream whatever the caller wants: only while it writes it sees that its reader has left', async () => {
  const bodies: { stream?: unknown }[] = [];
  const chunk = { choices: [{ index: 0, delta: { content: 'Hello' }, finish_reason: 'stop' }] };
  const server = createServer(async (incoming, response) => {
    if (incoming.url === '/models')
      return void response.setHeader('content-type', 'application/json').end('{"data": [{"id": "m", "owned_by": "llamacpp"}]}');
    bodies.push(JSON.parse(await text(incoming)));
    response.setHeader('content-type', 'text/event-stream').end(`data: ${JSON.stringify(chunk)}\n\ndata: [DONE]\n\n`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const engine = openai.open({ baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }, { log: () => {} });
  await engine.models();
  assert.equal((await collect(engine.stream({ ...request, isStreamed: false }, never))).text, 'Hello');
  assert.deepEqual(
    bodies.map(({ stream }) => stream),
    [true],
  );
  await engine.close();
  server.close();
});

test('a whole answer that is refused, cut, garbage or given up is told as a stream would tell it', async () => {
  const whole = { ...request, isStreamed: false };
  const refused = await start({ replies: { fault: { kind: 'status', status: 503 } } });
  await assert.rejects(collect(refused.engine.stream(whole, never)), isError('engine_unavailable'));
  const cut = await start({ replies: { pieces: ['a', 'b'], fault: { kind: 'cut', afterPieces: 1 } } });
  await assert.rejects(collect(cut.engine.stream(whole, never)), isError('engine_failed'));
  const hanging = await start({ replies: { fault: { kind: 'hang-before-headers' } } });
  const leaving = new AbortController();
  const answer = collect(hanging.engine.stream(whole, leaving.signal));
  await hanging.fake.until(({ open }) => open === 1);
  leaving.abort();
  assert.equal((await answer).reads.at(-1)?.end?.reason, 'abort');
  await hanging.fake.until(({ open }) => open === 0);
});

test('what comes in one piece from the network is one read', async () => {
  const { engine } = await start({ replies: { pieces: ['a', 'b', 'c'] } });
  const { reads } = await collect(engine.stream(request, never));
  assert.equal(reads.length, 1);
  assert.equal(reads[0]?.deltas.length, 3);
});

test('a body cut at every byte gives the same text', async () => {
  const { engine } = await start({ replies: { pieces: ['Grüße ', '🎉', '你好'], fault: { kind: 'slices', bytes: 1 } } });
  assert.equal((await collect(engine.stream(request, never))).text, 'Grüße 🎉你好');
});

test('messages, sampling and unknown fields reach the upstream, and nothing else does', async () => {
  const { engine, fake } = await start({}, { apiKey: 'secret-key' });
  const messages = [
    { role: 'developer' as const, content: [{ type: 'text' as const, text: 'Be brief.' }] },
    { role: 'assistant' as const, content: null, toolCalls: [{ id: 'call_1', name: 'f', argumentsJson: '{"x": 1.0}' }], reasoning: 'hm' },
    { role: 'tool' as const, content: 'done', toolCallId: 'call_1', name: 'f' },
  ];
  const sampling = {
    temperature: 0,
    topP: 0.9,
    topK: 40,
    minP: 0.1,
    repetitionPenalty: 1.1,
    presencePenalty: 1,
    frequencyPenalty: -1,
    seed: 3,
  };
  await collect(
    engine.stream(
      {
        ...request,
        prompt: { form: 'messages', messages },
        sampling: { ...sampling, logitBias: [[5, -100]] },
        maxTokens: 12,
        stop: ['END'],
        topLogprobs: 2,
        ignoreEos: true,
        isStreamed: true,
        unknownFields: { cache_salt: 'a', stream: false },
      },
      never,
    ),
  );
  assert.deepEqual(fake.requests[0]?.body, {
    cache_salt: 'a',
    stream: true,
    model: 'fake-model',
    messages: [
      { role: 'developer', content: [{ type: 'text', text: 'Be brief.' }] },
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'f', arguments: '{"x": 1.0}' } }],
        reasoning_content: 'hm',
      },
      { role: 'tool', content: 'done', name: 'f', tool_call_id: 'call_1' },
    ],
    temperature: 0,
    top_p: 0.9,
    top_k: 40,
    min_p: 0.1,
    repetition_penalty: 1.1,
    presence_penalty: 1,
    frequency_penalty: -1,
    seed: 3,
    logit_bias: { '5': -100 },
    max_tokens: 12,
    stop: ['END'],
    ignore_eos: true,
    logprobs: true,
    top_logprobs: 2,
    stream_options: { include_usage: true },
  });
  assert.equal(fake.requests[0]?.headers.authorization, 'Bearer secret-key');
  assert.equal(fake.requests[0]?.headers['x-request-id'], 'request-1');
});

test('texts and token ids go to the completions API', async () => {
  const { engine, fake } = await start({ replies: { pieces: ['x', 'y'] } });
  const segments = [
    { text: 'Once ', isLiteral: false },
    { text: 'upon', isLiteral: true },
  ];
  assert.equal((await collect(engine.stream({ ...request, prompt: { form: 'segments', segments, isRendered: true } }, never))).text, 'xy');
  await collect(engine.stream({ ...request, prompt: { form: 'tokens', tokens: [1, 2] } }, never));
  const expected = { model: 'fake-model', stream: true, stream_options: { include_usage: true } };
  assert.deepEqual(
    fake.requests.map(({ path, body }) => ({ path, body })),
    [
      { path: '/v1/completions', body: { ...expected, prompt: 'Once upon' } },
      { path: '/v1/completions', body: { ...expected, prompt: [1, 2] } },
    ],
  );
});

test('what the API has no field for is refused', async () => {
  const { engine } = await start();
  assert.throws(
    () => engine.stream({ ...request, grammar: { notation: 'gbnf', text: 'root ::= "a"' } }, never),
    isError('unsupported_feature', /grammar/),
  );
  assert.throws(() => engine.stream({ ...request, stopTokenIds: [1] }, never), isError('unsupported_feature', /stop_token_ids/));
  await assert.rejects(engine.tokenize('m', { segments: [], isPrompt: false }, never), isError('unsupported_feature'));
  await assert.rejects(engine.detokenize('m', [], never), isError('unsupported_feature'));
});

const status = (code: number, more: Partial<Extract<FakeFault, { kind: 'status' }>> = {}): FakeFault => ({
  kind: 'status',
  status: code,
  ...more,
});

const refusals: readonly {
  readonly name: string;
  readonly fault: FakeFault;
  readonly code: ErrorCode;
  readonly words?: RegExp;
  readonly retry?: number;
}[] = [
  { name: '400', fault: status(400, { error: { message: 'bad top_p', param: 'top_p' } }), code: 'invalid_request', words: /bad top_p/ },
  {
    name: '400 by code',
    fault: status(400, { error: { message: 'long', code: 'context_length_exceeded' } }),
    code: 'context_length_exceeded',
  },
  {
    name: '400 by words',
    fault: status(400, { error: { message: "This model's maximum context length is 9" } }),
    code: 'context_length_exceeded',
  },
  { name: '400 in plain text', fault: status(400, { body: 'no such field' }), code: 'invalid_request', words: /no such field/ },
  {
    name: '401',
    fault: status(401, { error: { message: 'Incorrect API key provided: secret-key' } }),
    code: 'engine_failed',
    words: /refused our key/,
  },
  { name: '403', fault: status(403), code: 'engine_failed', words: /refused our key/ },
  {
    name: '404 of a model',
    fault: status(404, { error: { message: 'The model `x` does not exist' } }),
    code: 'model_not_found',
    words: /`x`/,
  },
  {
    name: '404 of a web server',
    fault: status(404, { body: '<html>', headers: { 'content-type': 'text/html' } }),
    code: 'engine_failed',
    words: /base address/,
  },
  { name: '429', fault: status(429, { headers: { 'retry-after': '7' } }), code: 'engine_busy', retry: 7 },
  {
    name: '429 in milliseconds',
    fault: status(429, { headers: { 'retry-after': '7', 'retry-after-ms': '1500' } }),
    code: 'engine_busy',
    retry: 1.5,
  },
  {
    name: '503 with a date',
    fault: status(503, { headers: { date: 'Wed, 21 Oct 2015 07:28:00 GMT', 'retry-after': 'Wed, 21 Oct 2015 07:28:20 GMT' } }),
    code: 'engine_unavailable',
    retry: 20,
  },
  { name: '503 loading', fault: status(503, { error: { message: 'Loading model' } }), code: 'engine_unavailable', words: /Loading model/ },
  {
    name: '500',
    fault: status(500, { error: { message: 'CUDA gone, key secret-key' } }),
    code: 'engine_failed',
    words: /CUDA gone, key \[key\]/,
  },
  { name: '302', fault: status(302, { headers: { location: 'http://127.0.0.1:1/v1' } }), code: 'engine_failed', words: /redirect/ },
  { name: 'a web page', fault: { kind: 'content-type', contentType: 'text/html' }, code: 'engine_failed', words: /text\/html/ },
  { name: 'silence before the answer', fault: { kind: 'hang-before-headers' }, code: 'engine_failed', words: /sent nothing for 0.2 s/ },
];

for (const { name, fault, code, words, retry } of refusals) {
  test(`an upstream's answer "${name}" is the error ${code}`, async () => {
    const { engine, fake } = await start({ replies: { fault } }, { apiKey: 'secret-key', ...limitsFor(fault) });
    await assert.rejects(collect(engine.stream(request, never)), (error) => {
      assert.ok(isError(code, words)(error) && error instanceof GatewayError);
      assert.equal(error.retryAfterSeconds, retry);
      assert.ok(!error.message.includes('secret-key'));
      return true;
    });
    assert.equal(fake.requests.length, 1);
  });
}

const brokenStreams: readonly { readonly fault: FakeFault; readonly words: RegExp; readonly text?: string }[] = [
  { fault: { kind: 'cut', afterPieces: 1 }, words: /connection to the engine broke/ },
  { fault: { kind: 'hang', afterPieces: 1 }, words: /sent nothing for 0.2 s/ },
  { fault: { kind: 'early-end', afterPieces: 1 }, words: /in the middle/ },
  { fault: { kind: 'garbage', afterPieces: 1 }, words: /not a JSON object/ },
  { fault: { kind: 'error-event', afterPieces: 1, error: { message: 'out of memory, secret-key' } }, words: /out of memory, \[key\]/ },
  { fault: { kind: 'huge-event', bytes: 2 * 2 ** 20 }, words: /more than 1048576 bytes/ },
];

for (const { fault, words } of brokenStreams) {
  test(`the fault ${fault.kind} in mid-stream is engine_failed, after the text before it`, async () => {
    const options = { apiKey: 'secret-key', ...limitsFor(fault) };
    const { engine, fake } = await start({ replies: { pieces: ['one', 'two'], delayMs: 1, fault } }, options);
    await assertBroken(engine.stream(request, never), fake, words);
  });
}

test('a missing [DONE] and a missing finish reason are forgiven, but not both', async () => {
  const { engine } = await start({ replies: [{ fault: { kind: 'no-done' } }, { fault: { kind: 'no-finish' } }, { usage: null }] });
  const usage = { promptTokens: 7, completionTokens: 2, cachedTokens: 0 };
  for (const expected of [usage, usage, { promptTokens: 0, completionTokens: 0, cachedTokens: 0 }]) {
    const { text, reads } = await collect(engine.stream(request, never));
    assert.equal(text, 'Hello from the fake engine.');
    assert.deepEqual(reads.at(-1)?.end, { reason: 'stop', usage: expected });
  }
});

test('an upstream that refuses connections is unavailable, and comes back', async () => {
  const { engine, fake, lines } = await start();
  assert.equal(engine.state().status, 'starting');
  await collect(engine.stream(request, never));
  assert.equal(engine.state().status, 'ready');
  await fake.refuseConnections();
  await assert.rejects(collect(engine.stream(request, never)), isError('engine_unavailable', /ECONNREFUSED/));
  assert.equal(engine.state().status, 'down');
  await assert.rejects(engine.models(), isError('engine_unavailable'));
  await fake.acceptConnections();
  assert.equal((await engine.models()).length, 1);
  assert.equal(engine.state().status, 'ready');
  assert.deepEqual(
    lines.map(({ event }) => event),
    ['engine-ready', 'engine-down', 'engine-ready'],
  );
});

const abortCases: readonly { readonly name: string; readonly fault: FakeFault }[] = [
  { name: 'before the first byte', fault: { kind: 'hang-before-headers' } },
  { name: 'in mid-stream', fault: { kind: 'hang', afterPieces: 1 } },
];

for (const { name, fault } of abortCases) {
  test(`an abort ${name} closes the connection and ends with the reason abort`, async () => {
    const { engine, fake } = await start({ replies: { fault } });
    const leaving = new AbortController();
    const reading = collect(engine.stream(request, leaving.signal));
    await fake.until(({ open }) => open === 1);
    leaving.abort();
    assert.equal((await reading).reads.at(-1)?.end?.reason, 'abort');
    assert.equal((await fake.until(({ open }) => open === 0)).aborted, 1);
  });
}

test('a request that is aborted from the start is never sent', async () => {
  const { engine, fake } = await start();
  const { reads } = await collect(engine.stream(request, AbortSignal.abort()));
  assert.deepEqual(
    reads.map(({ end }) => end?.reason),
    ['abort'],
  );
  assert.equal(fake.requests.length, 0);
});

test('a reader that leaves closes the connection', async () => {
  const { engine, fake } = await start({ replies: { pieces: ['one', 'two'], fault: { kind: 'hang', afterPieces: 1 } } });
  for await (const read of engine.stream(request, never)) {
    assert.equal(textOf([read]), 'one');
    break;
  }
  assert.equal((await fake.until(({ open }) => open === 0)).aborted, 1);
});

test('a thousand aborted requests leave no connection behind', async () => {
  const { engine, fake } = await start({ replies: { fault: { kind: 'hang', afterPieces: 1 } } });
  for (let round = 0; round < 10; round++) {
    const leaving = Array.from({ length: 100 }, () => new AbortController());
    const readings = leaving.map(({ signal }) => collect(engine.stream(request, signal)));
    await fake.until(({ started, open }) => started === (round + 1) * 100 && open === 100);
    for (const one of leaving) one.abort();
    for (const { reads } of await Promise.all(readings)) assert.equal(reads.at(-1)?.end?.reason, 'abort');
  }
  const counts = await fake.until(({ connections, open }) => connections === 0 && open === 0);
  assert.deepEqual(counts, { started: 1000, completed: 0, aborted: 1000, open: 0, connections: 0 });
});

test('connections are kept for the next request', async () => {
  const { engine, fake } = await start();
  for (let round = 0; round < 30; round++) await collect(engine.stream(request, never));
  // an answer's last byte may come after its end was told, so the next request may need a second connection
  assert.ok(fake.counts().connections < 10);
});

test('a reader that lags holds the upstream back and loses nothing', async () => {
  const pieces = Array.from({ length: 400 }, (_, index) => `${index},${'x'.repeat(100_000)};`);
  const { engine, fake } = await start({ replies: { pieces } });
  const reads = engine.stream(request, never)[Symbol.asyncIterator]();
  const all = [(await reads.next()).value as EngineRead];
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.equal(fake.counts().completed, 0);
  for (let read = await reads.next(); !read.done; read = await reads.next()) all.push(read.value);
  assert.equal(textOf(all), pieces.join(''));
  await fake.until(({ completed }) => completed === 1);
});

test('closing fails what is in flight and what comes after', async () => {
  const { engine, fake } = await start({ replies: { fault: { kind: 'hang', afterPieces: 1 } } });
  const reading = collect(engine.stream(request, never));
  await fake.until(({ open }) => open === 1);
  const rejected = assert.rejects(reading, isError('engine_failed'));
  await engine.close();
  await rejected;
  assert.equal(engine.state().status, 'down');
  await assert.rejects(collect(engine.stream(request, never)), GatewayError);
});

test('models are asked for, or named by the operator', async () => {
  const { engine } = await start({ models: ['a', 'b'], contextTokens: 4096, apiKey: 'secret-key' }, { apiKey: 'secret-key' });
  assert.deepEqual(
    (await engine.models()).map(({ id, contextTokens }) => ({ id, contextTokens })),
    [
      { id: 'a', contextTokens: 4096 },
      { id: 'b', contextTokens: 4096 },
    ],
  );
  const { engine: named, fake } = await start({}, { models: ['gpt'], contextTokens: 100 });
  assert.deepEqual(
    (await named.models()).map(({ id, contextTokens }) => ({ id, contextTokens })),
    [{ id: 'gpt', contextTokens: 100 }],
  );
  assert.equal(named.state().status, 'ready');
  assert.equal(fake.requests.length, 0);
  const { engine: locked } = await start({ apiKey: 'another' }, { apiKey: 'secret-key' });
  await assert.rejects(locked.models(), isError('engine_failed', /refused our key/));
});

test('embeddings have unit length and keep the order of mixed inputs', async () => {
  const { engine, fake } = await start();
  const { vectors, promptTokens } = await engine.embed('fake-model', ['a', [1, 2], 'b'], never);
  assert.equal(promptTokens, 9);
  for (const vector of vectors) assert.ok(Math.abs(Math.hypot(...vector) - 1) < 1e-9);
  const again = await engine.embed('fake-model', ['a', 'b'], never);
  assert.deepEqual(again.vectors, [vectors[0], vectors[2]]);
  assert.deepEqual(fake.requests.at(-1)?.body, { model: 'fake-model', input: ['a', 'b'], encoding_format: 'float' });
  await assert.rejects(engine.embed('fake-model', ['a'], AbortSignal.abort()), isError('client_closed'));
});

test('a base address that is no http address is refused', () => {
  for (const baseUrl of ['', 'localhost:8000', 'ftp://host/v1', 'http://user:password@host/v1']) {
    assert.throws(() => openai.open({ baseUrl }, { log: () => {} }), isError('bad_usage'));
  }
});

test('the key goes to the address of the engine only', async () => {
  const elsewhere: FakeEngine = await startFakeEngine();
  closings.push(() => elsewhere.close());
  const fault: FakeFault = { kind: 'status', status: 307, headers: { location: `${elsewhere.url}/chat/completions` } };
  const { engine } = await start({ replies: { fault } }, { apiKey: 'secret-key' });
  await assert.rejects(collect(engine.stream(request, never)), isError('engine_failed'));
  assert.equal(elsewhere.requests.length, 0);
});
