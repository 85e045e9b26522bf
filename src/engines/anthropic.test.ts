import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, test } from 'node:test';
import type { EngineRead } from '../protocol/engine.ts';
import { type ErrorCode, GatewayError } from '../protocol/error.ts';
import { type FakeEngineOptions, type FakeFault, startFakeEngine } from '../testing/index.ts';
import anthropic, { type AnthropicOptions } from './anthropic.ts';
import { collect, isError, limitsFor, never, request, textOf } from './http/answers.test.support.ts';

const closings: (() => Promise<void>)[] = [];
after(async () => {
  for (const close of closings) await close();
});

interface LogLine {
  readonly event: string;
  readonly fields: Readonly<Record<string, unknown>> | undefined;
}

function open(options: AnthropicOptions) {
  const lines: LogLine[] = [];
  const engine = anthropic.open(options, { log: (_, event, fields) => lines.push({ event, fields }) });
  closings.push(() => engine.close());
  return { engine, lines };
}

async function start(fakeOptions: FakeEngineOptions = {}, options: AnthropicOptions = {}) {
  const fake = await startFakeEngine({ face: 'anthropic', ...fakeOptions });
  closings.push(() => fake.close());
  return { fake, ...open({ baseUrl: fake.origin, ...options }) };
}

test('an answer arrives with its text, end and usage, streamed or not', async () => {
  const usage = { promptTokens: 9, completionTokens: 3, cachedTokens: 4 };
  const { engine, fake } = await start(
    { apiKey: 'secret-key', replies: { pieces: ['Hel', 'lo ', 'é你🎉'], finish: 'length', usage } },
    { apiKey: 'secret-key' },
  );
  for (const isStreamed of [true, false]) {
    const { text, reads } = await collect(engine.stream({ ...request, isStreamed }, never));
    assert.equal(text, 'Hello é你🎉');
    assert.deepEqual(reads.at(-1)?.end, { reason: 'length', usage });
    assert.equal(reads.filter(({ end }) => end).length, 1);
  }
  const { headers, body } = fake.requests[0] ?? {};
  assert.deepEqual(
    [headers?.['x-api-key'], headers?.['anthropic-version'], headers?.authorization],
    ['secret-key', '2023-06-01', undefined],
  );
  assert.equal(headers?.['x-request-id'], 'request-1');
  assert.deepEqual(body, {
    ...{ model: 'fake-model', max_tokens: 4096, stream: true },
    messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }],
  });
});

test('the version is told without a key, too', async () => {
  const { engine, fake } = await start();
  assert.equal((await engine.models()).length, 1);
  assert.deepEqual([fake.requests[0]?.headers['anthropic-version'], fake.requests[0]?.headers['x-api-key']], ['2023-06-01', undefined]);
});

test('an answer in one piece is read where a server sends one', async () => {
  const body = JSON.stringify({
    content: [{ type: 'text', text: 'whole' }],
    stop_reason: 'end_turn',
    usage: { input_tokens: 2, output_tokens: 1 },
  });
  const { engine } = await start({ replies: { fault: { kind: 'content-type', contentType: 'application/json', body } } });
  const { reads } = await collect(engine.stream(request, never));
  assert.deepEqual(reads, [
    { deltas: [{ text: 'whole' }], end: { reason: 'stop', usage: { promptTokens: 2, completionTokens: 1, cachedTokens: 0 } } },
  ]);
});

test("the API's own id of a request is in the log only", async () => {
  const fault: FakeFault = { kind: 'status', status: 400, headers: { 'request-id': 'req_1' } };
  const { engine, lines } = await start({ replies: { fault } });
  await assert.rejects(
    collect(engine.stream(request, never)),
    (error) => isError('invalid_request')(error) && !String(error).includes('req_1'),
  );
  assert.deepEqual(lines.find(({ event }) => event === 'upstream-request')?.fields, { request: 'request-1', upstreamId: 'req_1' });
});

test('a request that the API has no words for is refused before it is sent', async () => {
  const { engine, fake } = await start();
  assert.throws(() => engine.stream({ ...request, topLogprobs: 1 }, never), isError('unsupported_feature', /logprobs/));
  await assert.rejects(engine.tokenize('m', { segments: [], isPrompt: false }, never), isError('unsupported_feature'));
  await assert.rejects(engine.detokenize('m', [], never), isError('unsupported_feature'));
  await assert.rejects(engine.embed('m', [], never), isError('unsupported_feature'));
  assert.equal(fake.requests.length, 0);
});

test('what was changed in a request is in the log', async () => {
  const { engine, lines } = await start();
  await collect(engine.stream({ ...request, sampling: { seed: 3 } }, never));
  assert.deepEqual(
    lines.filter(({ event }) => event === 'request-changed').map(({ fields }) => fields),
    [{ request: 'request-1', model: 'fake-model', change: 'seed is not sent: there is no field for it' }],
  );
});

const status = (code: number, more: Partial<Extract<FakeFault, { kind: 'status' }>> = {}): FakeFault => ({
  kind: 'status',
  status: code,
  ...more,
});
const tooLong = 'input length and `max_tokens` exceed context limit: 190000 + 20000 > 200000';

const refusals: readonly (readonly [about: string, fault: FakeFault, code: ErrorCode, words?: RegExp | undefined, retry?: number])[] = [
  ['400', status(400, { error: { message: 'tools.0: bad' } }), 'invalid_request', /tools\.0: bad/],
  ['a prompt that is too long', { kind: 'overflow', promptTokens: 9000 }, 'context_length_exceeded', /9000/],
  ['prompt and limit together too long', status(400, { error: { message: tooLong } }), 'context_length_exceeded'],
  ['401', status(401, { error: { message: 'invalid x-api-key: secret-key' } }), 'engine_failed', /refused our key/],
  ['403', status(403), 'engine_failed', /refused our key/],
  ['404', status(404, { error: { message: 'model: x' } }), 'model_not_found', /model: x/],
  ['429', status(429, { headers: { 'retry-after': '7' } }), 'engine_busy', undefined, 7],
  ['500', status(500, { error: { message: 'gone, secret-key' } }), 'engine_failed', /gone, \[key\]/],
  ['504', status(504), 'engine_failed'],
  ['529', status(529, { headers: { 'retry-after': '2' } }), 'engine_busy', undefined, 2],
  ['a web page', { kind: 'content-type', contentType: 'text/html' }, 'engine_failed', /text\/html/],
  ['a reset', { kind: 'reset' }, 'engine_failed', /broke/],
  ['silence', { kind: 'hang-before-headers' }, 'engine_failed', /sent nothing for 0.2 s/],
];

for (const [about, fault, code, words, retry] of refusals) {
  test(`an upstream's answer "${about}" is the error ${code}`, async () => {
    const { engine } = await start({ replies: { fault } }, { apiKey: 'secret-key', ...limitsFor(fault) });
    await assert.rejects(collect(engine.stream(request, never)), (error) => {
      assert.ok(isError(code, words)(error) && error instanceof GatewayError);
      assert.equal(error.retryAfterSeconds, retry);
      return true;
    });
  });
}

const broken: readonly (readonly [fault: FakeFault, words: RegExp, code?: ErrorCode])[] = [
  [{ kind: 'cut', afterPieces: 1 }, /connection to the engine broke/],
  [{ kind: 'cut-inside', afterPieces: 1 }, /connection to the engine broke/],
  [{ kind: 'reset', afterPieces: 1 }, /connection to the engine broke/],
  [{ kind: 'hang', afterPieces: 1 }, /sent nothing for 0.2 s/],
  [{ kind: 'early-end', afterPieces: 1 }, /in the middle/],
  [{ kind: 'garbage', afterPieces: 1 }, /not a JSON object/],
  [{ kind: 'huge-event', bytes: 2 * 2 ** 20 }, /more than 1048576 bytes/],
  [{ kind: 'error-event', afterPieces: 1, error: { message: 'out of memory, secret-key' } }, /out of memory, \[key\]/],
  [{ kind: 'error-event', afterPieces: 1, error: { message: 'Overloaded', type: 'overloaded_error' } }, /Overloaded/, 'engine_unavailable'],
];

for (const [fault, words, code = 'engine_failed'] of broken) {
  test(`the fault ${fault.kind} in mid-stream (${words.source}) is ${code}, and the connection is let go`, async () => {
    const options = { apiKey: 'secret-key', ...limitsFor(fault) };
    const { engine, fake } = await start({ replies: { pieces: ['one', 'two'], delayMs: 1, fault } }, options);
    const reads: EngineRead[] = [];
    const reading = async () => {
      for await (const read of engine.stream(request, never)) reads.push(read);
    };
    await assert.rejects(reading(), isError(code, words));
    // a reset takes along what was not read yet
    assert.ok(textOf(reads) === 'one' || (fault.kind === 'reset' && reads.length === 0));
    assert.ok(reads.every(({ end }) => end === undefined));
    await fake.until(({ open: left }) => left === 0);
  });
}

test('a slow first byte, a stall, slices, late text and odd places of usage change nothing', async () => {
  const usage = { promptTokens: 7, completionTokens: 2 };
  const replies = [
    { firstByteDelayMs: 20 },
    { fault: { kind: 'stall', afterPieces: 1, delayMs: 20 } },
    { fault: { kind: 'slices', bytes: 1 } },
    { fault: { kind: 'late-arguments' } },
    { fault: { kind: 'no-done' } },
    { fault: { kind: 'no-finish' } },
    { fault: { kind: 'huge-event', bytes: 70_000 } },
    ...(['end', 'end-with-choices', 'finish', 'first', 'every'] as const).map((usagePlace) => ({ usagePlace })),
  ] as const;
  const { engine } = await start({ replies: replies.map((reply) => ({ pieces: ['Grüß', 'e 🎉'], usage, ...reply })) });
  for (const reply of replies) {
    const { text, reads } = await collect(engine.stream(request, never));
    assert.equal(text, 'Grüße 🎉', JSON.stringify(reply));
    assert.deepEqual(reads.at(-1)?.end, { reason: 'stop', usage: { ...usage, cachedTokens: 0 } }, JSON.stringify(reply));
  }
});

test('calls whose arguments come only at the end are whole', async () => {
  const toolCalls = [
    { id: 'toolu_1', name: 'f', argumentPieces: ['{"x":', '1.0}'] },
    { id: 'toolu_2', name: 'g', argumentPieces: ['{"y":2}'] },
  ];
  const { engine } = await start({ replies: { toolCalls, fault: { kind: 'late-arguments' } } });
  const { reads } = await collect(engine.stream(request, never));
  const written = ['', ''];
  for (const { index, argumentsText = '' } of reads.flatMap(({ deltas }) => deltas.flatMap(({ calls = [] }) => calls)))
    written[index] += argumentsText;
  assert.deepEqual(written, ['{"x":1.0}', '{"y":2}']);
});

for (const [about, fault] of [
  ['before the first byte', { kind: 'hang-before-headers' }],
  ['in mid-stream', { kind: 'hang', afterPieces: 1 }],
] as const) {
  test(`an abort ${about} closes the connection and ends with the reason abort, streamed or not`, async () => {
    const { engine, fake } = await start({ replies: { fault } });
    for (const [index, isStreamed] of [true, false].entries()) {
      const leaving = new AbortController();
      const reading = collect(engine.stream({ ...request, isStreamed }, leaving.signal));
      await fake.until(({ open: begun }) => begun === 1);
      leaving.abort();
      assert.equal((await reading).reads.at(-1)?.end?.reason, 'abort');
      assert.equal((await fake.until(({ open: left }) => left === 0)).aborted, index + 1);
    }
  });
}

test('models are listed with what the API tells of them', async () => {
  const { engine } = await start({ models: ['a', 'b'], contextTokens: 200_000, apiKey: 'secret-key' }, { apiKey: 'secret-key' });
  const told = (await engine.models()).map(({ id, contextTokens, capabilities }) => ({ id, contextTokens, capabilities }));
  assert.deepEqual(
    told,
    ['a', 'b'].map((id) => ({ id, contextTokens: 200_000, capabilities: undefined })),
  );
  assert.equal(engine.state().status, 'ready');
  const { engine: locked } = await start({ apiKey: 'another' }, { apiKey: 'secret-key' });
  await assert.rejects(locked.models(), isError('engine_failed', /refused our key/));
});

test('named models are asked about one by one, and served even where nothing is told of them', async () => {
  const options = { models: ['a', 'b/c'], contextTokens: 100 };
  const { engine, fake, lines } = await start({ models: ['a'], refusesUnknownModels: true }, options);
  assert.deepEqual(
    (await engine.models()).map(({ id, contextTokens }) => [id, contextTokens]),
    [
      ['a', 100],
      ['b/c', 100],
    ],
  );
  assert.deepEqual(fake.requests.map(({ path }) => path).sort(), ['/v1/models/a', '/v1/models/b%2Fc']);
  assert.deepEqual(
    lines.filter(({ event }) => event === 'model-not-told').map(({ fields }) => fields?.model),
    ['b/c'],
  );
  assert.equal(engine.state().status, 'ready');
});

test('a model that sees nothing says so', async () => {
  const capabilities = { image_input: { supported: false } };
  const { engine } = await start({
    routes: { 'GET /v1/models': { status: 200, body: { data: [{ id: 'a', capabilities }], has_more: false } } },
  });
  assert.deepEqual((await engine.models())[0]?.capabilities, { hasImages: false });
});

test('the list of models is read page by page, and never without end', async () => {
  const asked: string[] = [];
  const server = createServer(({ url = '' }, response) => {
    asked.push(url);
    const id = `m${asked.length}`;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ data: [{ id }], has_more: asked.length !== 2, last_id: id }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closings.push(() => new Promise((resolve) => server.close(() => resolve())));
  const { engine } = open({ baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/` });
  assert.deepEqual(
    (await engine.models()).map(({ id }) => id),
    ['m1', 'm2'],
  );
  assert.deepEqual(asked, ['/v1/models?limit=1000', '/v1/models?limit=1000&after_id=m1']);
  assert.equal((await engine.models()).length, 20);
});

test('an upstream that refuses connections is unavailable, and comes back', async () => {
  const { engine, fake } = await start();
  await fake.refuseConnections();
  await assert.rejects(engine.models(), isError('engine_unavailable', /ECONNREFUSED/));
  assert.equal(engine.state().status, 'down');
  await fake.acceptConnections();
  await collect(engine.stream(request, never));
  assert.equal(engine.state().status, 'ready');
});
