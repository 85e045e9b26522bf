import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { EngineRequest } from '../protocol/engine.ts';
import type { ErrorCode } from '../protocol/error.ts';
import type { JsonObject } from '../protocol/json.ts';
import {
  type FakeBody,
  type FakeEngineOptions,
  type FakeFault,
  type FakeReply,
  type FakeRequest,
  startFakeEngine,
} from '../testing/index.ts';
import { collect, isError, limitsFor, never, request as usual } from './http/answers.test.support.ts';
import llamaServer, { type LlamaServerOptions } from './llama-server.ts';

const closings: (() => Promise<void>)[] = [];
after(async () => {
  for (const close of closings) await close();
});

/** Bytes, then control tokens, and a marker that is one token in any text. */
const spelled = new Map([
  [256, '<|im_start|>'],
  [257, '<|im_end|>'],
  [258, '<tool_call>'],
]);
const plainMarkers = new Set([258]);

function encode(text: string, hasSpecials: boolean): readonly number[] {
  const found = [...spelled].find(([token, spelling]) => text.startsWith(spelling) && (hasSpecials || plainMarkers.has(token)));
  if (found) return [found[0], ...encode(text.slice(found[1].length), hasSpecials)];
  return text === '' ? [] : [...Buffer.from(text[0] ?? ''), ...encode(text.slice(1), hasSpecials)];
}

function tokenize({ body = {} }: FakeRequest): FakeBody {
  const { content, parse_special = true, with_pieces, add_special } = body;
  const parts = Array.isArray(content) ? content : [content];
  const ids = parts.flatMap((part) => (typeof part === 'number' ? [part] : encode(String(part), parse_special === true)));
  const framed = add_special === true && typeof parts[0] === 'string' && begins ? [256, ...ids] : ids;
  const spell = (id: number) => spelled.get(id) ?? (id < 128 ? String.fromCharCode(id) : [id]);
  return { status: 200, body: { tokens: with_pieces === true ? framed.map((id) => ({ id, piece: spell(id) })) : framed } };
}

let begins = false;
const meta = { n_vocab: 259, n_ctx_train: 8192, n_embd: 4, n_params: 1000, size: 4000, ftype: 'Q4_1' };
const routes: NonNullable<FakeEngineOptions['routes']> = {
  'POST /tokenize': tokenize,
  'GET /v1/models': { status: 200, body: { data: [{ id: 'tiny', meta }] } },
};

async function start(fakeOptions: FakeEngineOptions = {}, options: Partial<LlamaServerOptions> = {}) {
  const fake = await startFakeEngine({ face: 'llama-server', slots: 3, contextTokens: 2048, routes, ...fakeOptions });
  const engine = llamaServer.open({ baseUrl: fake.origin, ...options }, { log: () => {} });
  closings.push(
    () => engine.close(),
    () => fake.close(),
  );
  const bodies = () => fake.requests.filter(({ path }) => path === '/completion').map(({ body = {} }) => body);
  return { fake, engine, bodies };
}

const literal = (text: string) => ({ text, isLiteral: true });
const plain = (text: string) => ({ text, isLiteral: false });
const segments = (...all: readonly { readonly text: string; readonly isLiteral: boolean }[]) =>
  ({ form: 'segments', segments: all, isRendered: true }) as const;

const request: EngineRequest = { ...usual, model: 'tiny', prompt: segments(plain('Hi')) };
const defaults: JsonObject = {
  ...{ typical_p: 1, top_n_sigma: -1, xtc_probability: 0, dry_multiplier: 0, dynatemp_range: 0, mirostat: 0, adaptive_target: -1 },
  ...{ repeat_last_n: 64, cache_prompt: true, model: 'tiny', prompt: 'Hi', n_predict: 2048 },
  ...{ temperature: 1, top_k: 200, top_p: 1, min_p: 0, repeat_penalty: 1, presence_penalty: 0, frequency_penalty: 0, seed: -1 },
  ...{ stream: true, return_tokens: true },
  response_fields: [
    ...['content', 'tokens', 'stop', 'stop_type', 'stopping_word', 'truncated', 'tokens_predicted', 'tokens_evaluated', 'timings'],
    'completion_probabilities',
  ],
};

const grammar = { notation: 'gbnf', text: 'root ::= "a" | special-1\nspecial-1 ::= "<|im_end|>"\n' } as const;
const named = 'root ::= "a" | special-1\nspecial-1 ::= <[257]>\n';
const cases: readonly (readonly [about: string, asked: Partial<EngineRequest>, sent: JsonObject])[] = [
  ['nothing said: neutral values', {}, {}],
  ['an answer nobody streams', { isStreamed: false }, {}],
  [
    'all sampling',
    {
      sampling: {
        ...{ temperature: 0, topP: 0.9, topK: -1, minP: 0.1, repetitionPenalty: 1.1, presencePenalty: 1, frequencyPenalty: -1 },
        ...{ seed: 2 ** 32 + 3, logitBias: [[5, -100]] },
      },
      maxTokens: 12,
      stop: ['END'],
      ignoreEos: true,
      topLogprobs: 3,
    },
    {
      ...{ temperature: 0, top_p: 0.9, top_k: 0, min_p: 0.1, repeat_penalty: 1.1, presence_penalty: 1, frequency_penalty: -1 },
      ...{ seed: 4, logit_bias: [[5, -100]], repeat_last_n: 2048, n_predict: 12, stop: ['END'], ignore_eos: true, n_probs: 3 },
    },
  ],
  ['the chance of the written token alone', { topLogprobs: 0 }, { n_probs: 1 }],
  ['token ids', { prompt: { form: 'tokens', tokens: [1, 2] } }, { prompt: [1, 2] }],
  [
    'unknown fields, which win over what is only off',
    { unknownFields: { foo: null, dry_multiplier: 1, cache_prompt: false, stream: false } },
    { foo: null, dry_multiplier: 1, cache_prompt: false },
  ],
  ['a grammar names its control tokens', { grammar }, { grammar: named }],
  ['kept control tokens', { keptSpecialTokens: ['<|im_end|>'] }, { preserved_tokens: ['<|im_end|>'] }],
  [
    'a grammar from a token on',
    { grammar: { ...grammar, trigger: '<tool_call>' }, keptSpecialTokens: ['<|im_end|>'] },
    {
      grammar: 'root ::= "<tool_call>" ("a" | special-1)\nspecial-1 ::= <[257]>\n',
      grammar_lazy: true,
      grammar_triggers: [{ type: 1, value: '<tool_call>' }],
      preserved_tokens: ['<|im_end|>', '<tool_call>'],
    },
  ],
  ['a grammar from a text on is waited for', { grammar: { ...grammar, trigger: 'Call: ' }, stop: ['END'] }, { stop: ['END', 'Call: '] }],
  ['stop tokens are ours', { stopTokenIds: [7] }, { timings_per_token: true }],
];

for (const [about, asked, sent] of cases) {
  test(`a body: ${about}`, async () => {
    const { engine, bodies } = await start();
    await collect(engine.stream({ ...request, ...asked }, never));
    assert.deepEqual(bodies(), [{ ...defaults, ...sent }]);
  });
}

const prompts: readonly (readonly [about: string, prompt: EngineRequest['prompt'], sent: unknown])[] = [
  [
    'a rendered prompt is told by its first token',
    segments(plain('<|im_start|>user\n'), literal('Hi'), plain('<|im_end|>')),
    [256, 'user\nHi<|im_end|>'],
  ],
  ['a text without one is a text', segments(literal('a <b>')), 'a <b>'],
  ['a single control token', segments(plain('<|im_end|>')), [257]],
  [
    'control tokens of a caller are letters',
    segments(plain('<|im_start|>a'), literal('<|im_end|>'), plain('b<|im_end|>')),
    [256, ...Buffer.from('a<|im_end|>b'), 257],
  ],
];

for (const [about, prompt, sent] of prompts) {
  test(`a prompt: ${about}`, async () => {
    const { engine, bodies } = await start();
    await collect(engine.stream({ ...request, prompt }, never));
    assert.deepEqual(bodies()[0]?.prompt, sent);
    const isRead = prompt.form === 'segments' ? prompt.segments : [];
    const ids = Array.isArray(sent) ? sent : [sent];
    const exact = ids.flatMap((part: unknown) => (typeof part === 'number' ? [part] : encode(String(part), true)));
    assert.deepEqual(await engine.tokenize('tiny', { segments: isRead, isPrompt: false }, never), exact);
  });
}

test('a raw prompt gets the token that begins a text once, a rendered one as it brings it', async () => {
  begins = true;
  const { engine, bodies } = await start();
  const raw = (text: string) => ({ form: 'segments', segments: [plain(text)], isRendered: false }) as const;
  const asked = [raw('Hi'), raw('<|im_start|>Hi'), raw(''), segments(plain('Hi')), segments(plain('<|im_start|>Hi'))];
  for (const prompt of asked) await collect(engine.stream({ ...request, prompt }, never));
  const sent = bodies().map(({ prompt }) => prompt);
  assert.deepEqual(sent, [[256, 'Hi'], [256, 'Hi'], [256], [72, 105], [256, 'Hi']]);
  assert.deepEqual(await engine.tokenize('tiny', { segments: [plain('Hi')], isPrompt: true }, never), [256, 72, 105]);
  begins = false;
});

test('what changes the shape of answers, and an empty prompt, are refused', async () => {
  const { engine, bodies } = await start();
  await engine.models();
  for (const field of ['n_cmpl', 'response_fields', 'post_sampling_probs'])
    assert.throws(
      () => engine.stream({ ...request, unknownFields: { [field]: 1 } }, never),
      isError('unsupported_feature', new RegExp(field)),
    );
  assert.throws(() => engine.stream({ ...request, prompt: segments() }, never), isError('invalid_request', /empty/));
  assert.equal(bodies().length, 0);
});

test('the model is described by what the server tells, its control tokens found', async () => {
  const { engine, fake } = await start({ chatTemplate: 'T' });
  const [model, ...others] = await engine.models();
  assert.deepEqual(others, []);
  assert.deepEqual(model, {
    ...{ id: 'tiny', contextTokens: 2048, trainedContextTokens: 8192, vocabularyTokens: 259, parameters: 1000, sizeBytes: 4000 },
    ...{ embeddingLength: 4, quantisation: 'Q4_1', chatTemplate: 'T' },
    specialTokens: { bos: '<|im_start|>', eos: '<|im_end|>', addsBos: false, control: ['<|im_start|>', '<|im_end|>'] },
    capabilities: { slots: 3, hasEmbeddings: true },
  });
  const asked = fake.requests.length;
  await engine.models();
  const again = fake.requests.slice(asked).map(({ path }) => path);
  assert.deepEqual(again.sort(), ['/props', '/v1/embeddings', '/v1/models'], 'the vocabulary is read once');
});

test('a server that loads its model is waited for, one that is not there is told at once', async () => {
  const { engine, fake } = await start({ isLoading: true });
  const models = engine.models();
  const leaving = new AbortController();
  const left = assert.rejects(engine.models(leaving.signal), isError('client_closed'));
  leaving.abort();
  await left;
  fake.setLoading(false);
  assert.equal((await models).length, 1);
  await fake.refuseConnections();
  await assert.rejects(engine.models(), isError('engine_unavailable', /ECONNREFUSED/));
});

test('a server of another kind is told from it', async () => {
  const { engine } = await start({ routes: { 'GET /props': { status: 200, body: { role: 'router' } } } });
  await assert.rejects(engine.models(), isError('engine_failed', /one loaded model/));
});

const usage = { promptTokens: 9, completionTokens: 3, cachedTokens: 4 };
const reply: FakeReply = { pieces: ['Grü', 'ße ', '🎉'], usage };

test('an answer arrives with its text, tokens, end and usage, however its bytes are cut', async () => {
  for (const fault of [undefined, { kind: 'slices', bytes: 1 }] as const) {
    const { engine } = await start({ replies: fault ? { ...reply, fault } : reply });
    const { text, deltas, end, ends } = await collect(engine.stream(request, never));
    assert.equal(text, 'Grüße 🎉');
    assert.deepEqual(
      deltas.flatMap(({ tokens = [] }) => tokens),
      [...Buffer.from('Grüße 🎉')],
    );
    assert.deepEqual(end, { reason: 'stop', usage });
    assert.equal(ends, 1);
  }
});

test('the end says why', async () => {
  const replies: FakeReply[] = [
    { finish: 'length', usage },
    { stopReason: 'END', usage },
  ];
  const { engine } = await start({ replies });
  assert.deepEqual((await collect(engine.stream(request, never))).end, { reason: 'length', usage });
  assert.deepEqual((await collect(engine.stream({ ...request, stop: ['END'] }, never))).end, { reason: 'stop', stop: 'END', usage });
});

test('control tokens are told from letters, and left out where they are not kept', async () => {
  const pieces = ['a', '<|im_end|>', '<|im_end|>', '<|im_start|>'];
  const tokens = [[97], [257], [...Buffer.from('<|im_end|>')], [256]];
  const { engine } = await start({ replies: { pieces, tokens } });
  const { text, deltas } = await collect(engine.stream({ ...request, keptSpecialTokens: ['<|im_end|>'] }, never));
  assert.equal(text, 'a<|im_end|><|im_end|>');
  assert.deepEqual(
    deltas.map(({ specials }) => specials),
    [undefined, [{ offset: 0, length: 10 }], undefined, undefined],
  );
});

test('text that the server held back is given where it forgets it, and where it comes late', async () => {
  const held: FakeReply = { pieces: ['a', '', ''], tokens: [[97], [257], [98]], finish: 'length' };
  const late: FakeReply = { pieces: ['', 'c<|im_end|>d'], tokens: [[99, 257], [100]] };
  const { engine } = await start({ replies: [held, late] });
  const kept = { ...request, keptSpecialTokens: ['<|im_end|>'], stop: ['x'] };
  const first = await collect(engine.stream(kept, never));
  assert.equal(first.text, 'a<|im_end|>b');
  assert.deepEqual(first.deltas.at(-1), { text: '<|im_end|>b', specials: [{ offset: 0, length: 10 }] });
  const second = await collect(engine.stream(kept, never));
  assert.deepEqual(second.deltas[1], { text: 'c<|im_end|>d', tokens: [100], specials: [{ offset: 1, length: 10 }] });
});

test('a stop token ends the answer without its text, and the server is stopped', async () => {
  const replies: FakeReply = { pieces: ['a', 'b!', 'c'], tokens: [[97], [33], [99]], fault: { kind: 'hang', afterPieces: 3 } };
  const { engine, fake } = await start({ replies });
  const { text, end } = await collect(engine.stream({ ...request, stopTokenIds: [33, 98] }, never));
  assert.equal(text, 'ab');
  assert.deepEqual([end?.reason, end?.stop], ['stop', 33]);
  assert.equal((await fake.until(({ open }) => open === 0)).aborted, 1);
});

test('log probabilities have ids, and bytes where those are no whole text', async () => {
  const { engine } = await start({ replies: { pieces: ['é'], tokens: [[0xc3]] } });
  const { deltas } = await collect(engine.stream({ ...request, topLogprobs: 1 }, never));
  const candidate = { token: 0xc3, text: '\ufffd', logprob: -0.25, bytes: [0xc3] };
  assert.deepEqual(deltas[0]?.logprobs, [{ ...candidate, top: [candidate] }]);
});

test('behind a text that it waits for, a grammar binds the rest of the answer', async () => {
  const replies: FakeReply[] = [
    { pieces: ['<|im_end|>', 'Hm ', '<|im_end|> '], tokens: [[...Buffer.from('<|im_end|>')], [72], [257]], stopReason: 'Call: ', usage },
    { pieces: ['x'], finish: 'stop', usage: { promptTokens: 20, completionTokens: 2, cachedTokens: 18 } },
  ];
  const { engine, bodies } = await start({ replies });
  const bound = { ...request, grammar: { ...grammar, trigger: 'Call: ' }, maxTokens: 10, keptSpecialTokens: ['<|im_end|>'] };
  const { text, end, ends } = await collect(engine.stream(bound, never));
  assert.equal(text, '<|im_end|>Hm <|im_end|> Call: x');
  assert.deepEqual([end, ends], [{ reason: 'stop', usage: { ...usage, completionTokens: 5 } }, 1]);
  const [first = {}, second = {}] = bodies();
  assert.deepEqual([first.stop, first.grammar, first.n_predict], [['Call: '], undefined, 10]);
  assert.deepEqual([second.stop, second.grammar, second.n_predict], [undefined, named, 7]);
  assert.deepEqual(second.prompt, [...Buffer.from('Hi<|im_end|>Hm '), 257, ...Buffer.from(' Call: ')]);
});

test('an answer ends with the text that it waits for where no token is left, or the caller stops there', async () => {
  const { engine, bodies } = await start({ replies: { pieces: ['a'], stopReason: 'Call: ', usage } });
  const bound = { ...request, grammar: { ...grammar, trigger: 'Call: ' } };
  const spent = await collect(engine.stream({ ...bound, maxTokens: 3 }, never));
  assert.deepEqual([spent.text, spent.end?.reason], ['aCall: ', 'length']);
  const stopped = await collect(engine.stream({ ...bound, stop: ['Call: '] }, never));
  assert.deepEqual([stopped.text, stopped.end?.stop], ['a', 'Call: ']);
  assert.equal(bodies().length, 2);
});

const faults: readonly (readonly [fault: FakeFault, code: ErrorCode, words: RegExp])[] = [
  [{ kind: 'status', status: 400, error: { message: 'failed to parse grammar' } }, 'invalid_request', /parse grammar/],
  [{ kind: 'status', status: 503 }, 'engine_unavailable', /503/],
  [{ kind: 'status', status: 500, error: { message: 'broken' } }, 'engine_failed', /broken/],
  [{ kind: 'overflow', promptTokens: 9999 }, 'context_length_exceeded', /9999 tokens/],
  [{ kind: 'content-type', contentType: 'text/html' }, 'engine_failed', /text\/html/],
  [{ kind: 'hang-before-headers' }, 'engine_failed', /sent nothing/],
  [{ kind: 'hang', afterPieces: 1 }, 'engine_failed', /sent nothing/],
  [{ kind: 'reset' }, 'engine_failed', /broke/],
  [{ kind: 'reset', afterPieces: 1 }, 'engine_failed', /broke/],
  [{ kind: 'cut', afterPieces: 1 }, 'engine_failed', /broke/],
  [{ kind: 'cut-inside', afterPieces: 1 }, 'engine_failed', /broke/],
  [{ kind: 'early-end', afterPieces: 1 }, 'engine_failed', /in the middle/],
  [{ kind: 'no-finish' }, 'engine_failed', /in the middle/],
  [{ kind: 'garbage', afterPieces: 1 }, 'engine_failed', /not a JSON object/],
  [{ kind: 'error-event', afterPieces: 1, error: { message: 'Unexpected empty grammar stack' } }, 'engine_failed', /empty grammar stack/],
  [{ kind: 'huge-event', bytes: 2 * 2 ** 20 }, 'engine_failed', /1048576 bytes/],
];

for (const [fault, code, words] of faults) {
  const { kind, ...more } = fault;
  test(`the fault ${kind} ${JSON.stringify(more)} is ${code}, and nothing stays open`, async () => {
    const { engine, fake } = await start({ replies: { pieces: ['one', 'two'], fault } }, limitsFor(fault));
    await assert.rejects(collect(engine.stream(request, never)), isError(code, words));
    await fake.until(({ open }) => open === 0);
  });
}

for (const fault of [{ kind: 'no-done' }, { kind: 'late-arguments' }, { kind: 'stall', afterPieces: 1, delayMs: 20 }] as const) {
  test(`the fault ${fault.kind} is a right answer`, async () => {
    const { engine } = await start({ replies: { pieces: ['one', 'two'], fault } });
    const { text, end } = await collect(engine.stream(request, never));
    assert.deepEqual([text, end?.reason], ['onetwo', 'stop']);
  });
}

for (const fault of [{ kind: 'hang-before-headers' }, { kind: 'hang', afterPieces: 1 }] as const) {
  test(`an abort at ${fault.kind} closes the connection and ends with the reason abort`, async () => {
    const { engine, fake } = await start({ replies: { fault } });
    const leaving = new AbortController();
    const reading = collect(engine.stream(request, leaving.signal));
    await fake.until(({ open }) => open === 1);
    leaving.abort();
    assert.equal((await reading).end?.reason, 'abort');
    assert.equal((await fake.until(({ open }) => open === 0)).aborted, 1);
  });
}

test('a request that is aborted from the start is never sent', async () => {
  const { engine, bodies } = await start();
  for (let round = 0; round < 2; round++) {
    assert.equal((await collect(engine.stream(request, AbortSignal.abort()))).end?.reason, 'abort');
    await engine.models();
  }
  assert.equal(bodies().length, 0);
});

test('embeddings come from a server started for them', async () => {
  const { engine } = await start();
  const { vectors } = await engine.embed('tiny', ['a', [1, 2]], never);
  for (const vector of vectors) assert.ok(Math.abs(Math.hypot(...vector) - 1) < 1e-9);
  const refusal = { status: 501, body: { error: { code: 501, message: 'no embeddings', type: 'not_supported_error' } } };
  const { engine: without } = await start({ routes: { ...routes, 'POST /v1/embeddings': refusal } });
  assert.equal((await without.models())[0]?.capabilities?.hasEmbeddings, false);
  await assert.rejects(without.embed('tiny', ['a'], never), isError('unsupported_feature', /--embeddings/));
});

test('texts come back from token ids', async () => {
  const { engine } = await start();
  assert.equal(await engine.detokenize('tiny', [72, 105], never), 'Hi');
});
