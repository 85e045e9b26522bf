import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { Engine } from '../protocol/engine.ts';
import { GatewayError } from '../protocol/error.ts';
import type { Redecoding } from './node.ts';
import { type NodeOptions, type OpenNode, openNode } from './open-node.ts';
import {
  type Answering,
  ask,
  fails,
  hangs,
  hello,
  inTurn,
  openPuppet,
  optionsOf,
  type PuppetEngine,
  routeOf,
  says,
  targetOf,
  testRules,
} from './routing.test.support.ts';

const closings: (() => Promise<void>)[] = [];
after(async () => {
  for (const close of closings) await close();
});

async function open(puppets: Readonly<Record<string, Engine>>, more: Partial<NodeOptions> = {}): Promise<OpenNode> {
  const node = openNode(optionsOf(puppets, more));
  closings.push(() => node.close(0));
  await node.ready(new AbortController().signal);
  return node;
}

/** Engines by name, the first of which answers so. */
function pair(first: Answering): { readonly a: PuppetEngine; readonly b: PuppetEngine } {
  const [a, b] = [openPuppet('a'), openPuppet('b')];
  a.answer = first;
  return { a, b };
}

const inOrder = (more: Parameters<typeof targetOf>[1] = {}) => routeOf('m', [targetOf('a', more), targetOf('b', { order: 1 })]);
const assertIdle = (node: OpenNode) => {
  for (const load of Object.values(node.loads())) assert.deepEqual([load.inFlight, load.waiting], [0, 0]);
};

test('before the first event a failure moves to the next upstream, and the header tells', async () => {
  const node = await open(pair(fails('engine_failed')), { models: [inOrder()] });
  const { text, turn } = await ask(node, hello());
  assert.equal(text, 'b');
  assert.equal(turn.plan, 'native; upstream=b; attempts=2');
  assert.deepEqual(
    turn.report.attempts.map(({ upstream, outcome, code }) => [upstream, outcome, code]),
    [
      ['a', 'failed', 'engine_failed'],
      ['b', 'answered', undefined],
    ],
  );
  assertIdle(node);
});

test('after it a failure is the last event of a stream, and nothing else is asked', async () => {
  const puppets = pair(fails('engine_failed', {}, 'Once upon'));
  const node = await open(puppets, { models: [inOrder()] });
  const { text, code, wasThrown } = await ask(node, hello());
  assert.deepEqual([text, code, wasThrown, puppets.b.asked.length], ['Once upon', 'engine_failed', false, 0]);
  assertIdle(node);
});

test('an answer that is not streamed is tried elsewhere however late it fails: nobody has read of it', async () => {
  for (const n of [1, 2]) {
    const node = await open(pair(fails('engine_failed', {}, 'Once upon', ' a time')), { models: [inOrder()] });
    const { text, code, turn } = await ask(node, hello({ isStreamed: false, n }));
    assert.deepEqual([text, code], ['b'.repeat(n), undefined]);
    assert.match(turn.plan, /attempts=2/);
    assertIdle(node);
  }
});

test('an upstream that breaks its answers off rests, though each of them had begun', async () => {
  const node = await open(pair(fails('engine_failed', {}, 'Once upon')), { models: [inOrder()] });
  for (let time = 0; time < 4; time++) assert.equal((await ask(node, hello())).code, 'engine_failed');
  assert.equal((await ask(node, hello())).text, 'b');
  assert.deepEqual(
    node.targets().map(({ health }) => health.state),
    ['resting', 'healthy'],
  );
});

test('answers that came whole make up for failures', async () => {
  const well = says('a');
  const broken = fails('engine_failed', {}, 'Once upon');
  const node = await open(pair(inTurn(broken, well, broken, broken, well, well, broken, broken, well)), { models: [inOrder()] });
  for (let time = 0; time < 9; time++) await ask(node, hello());
  assert.equal((await ask(node, hello())).text, 'a');
});

test('a failure that no upstream would mend is told at once', async () => {
  const puppets = pair(fails('invalid_request'));
  const node = await open(puppets, { models: [inOrder()] });
  assert.equal((await ask(node, hello())).code, 'invalid_request');
  assert.equal(puppets.b.asked.length, 0);
});

test('a fallback answers under its own name, which the header and the report tell', async () => {
  const puppets = { a: openPuppet('a'), b: openPuppet('b', ['n']) };
  puppets.a.answer = fails('engine_failed');
  const models = [
    routeOf('m', ['a'], { rules: { ...testRules, retries: 0, fallbacks: ['n'] } }),
    routeOf('n', [targetOf('b', { model: 'n' })]),
  ];
  const node = await open(puppets, { models });
  const { text, turn } = await ask(node, hello());
  assert.equal(text, 'b');
  assert.match(turn.plan, /attempts=2; fallback=n$/);
  assert.deepEqual([turn.report.asked, turn.report.model, puppets.b.asked[0]?.model], ['m', 'n', 'n']);
});

test('an answer that takes longer than the operator lets it is given up and tried elsewhere', async () => {
  const node = await open(pair(hangs()), { models: [inOrder({ timeouts: { requestMs: 20 } })] });
  for (const isStreamed of [true, false]) assert.equal((await ask(node, hello({ isStreamed }))).text, 'b');
  const begun = await open(pair(hangs('Once upon')), { models: [inOrder({ timeouts: { requestMs: 20 } })] });
  assert.equal((await ask(begun, hello({ isStreamed: false }))).text, 'b', 'the time is that of the whole answer');
  assertIdle(node);
});

test('an answer that takes too long everywhere is told as `answer_timeout`, and its slots are free', async () => {
  const puppets = pair(hangs());
  puppets.b.answer = hangs();
  const rules = { ...testRules, retries: 1, timeouts: { requestMs: 10 } };
  const node = await open(puppets, { models: [routeOf('m', ['a', 'b'], { rules })] });
  const { code, error } = await ask(node, hello());
  assert.equal(code, 'answer_timeout');
  assert.match(String(error?.message), /began no answer within 0.01 s/);
  assertIdle(node);
});

test('a stream has its own time up to its first byte, and none after it', async () => {
  const late: Answering = async function* (request, signal) {
    yield { deltas: [{ text: 'Once ' }] };
    await new Promise((resolve) => setTimeout(resolve, 60));
    yield* says('upon a time')(request, signal);
  };
  const node = await open(pair(late), { models: [inOrder({ timeouts: { requestMs: 30 } })] });
  assert.equal((await ask(node, hello())).text, 'Once upon a time');
});

test('a caller’s time bounds all that is done for the request, in the middle of a stream too', async () => {
  const node = await open(pair(hangs('Once upon')), { models: [inOrder()] });
  const { text, code, error } = await ask(node, hello({ routing: { timeoutMs: 40 } }));
  assert.deepEqual([text, code], ['Once upon', 'answer_timeout']);
  assert.match(String(error?.message), /`timeout`/);
  assert.deepEqual(
    node.targets().map(({ health }) => health.state),
    ['healthy', 'healthy'],
  );
  assertIdle(node);
});

test('a failure of the next try is not explained by the time of the one before', async () => {
  const puppets = pair(inTurn(hangs(), says('a')));
  const models = [
    routeOf('m', [targetOf('a', { timeouts: { requestMs: 10 }, limits: { requestsPerMinute: 1 } })], {
      rules: { ...testRules, retries: 5 },
    }),
  ];
  const { code } = await ask(await open({ a: puppets.a }, { models }), hello());
  assert.equal(code, 'queue_full');
});

test('a caller who leaves between two tries is not tried for any more', async () => {
  const puppets = { a: openPuppet('a') };
  puppets.a.answer = fails('engine_unavailable', { retryAfterSeconds: 30 });
  const node = await open(puppets, { models: [routeOf('m', ['a'])] });
  const leaving = new AbortController();
  const call = ask(node, hello(), { signal: leaving.signal });
  while (puppets.a.asked.length === 0) await new Promise(setImmediate);
  leaving.abort();
  assert.equal((await call).code, 'client_closed');
  assert.equal(puppets.a.asked.length, 1);
  assertIdle(node);
});

test('a reader that stops early gives place, limit and time back', async () => {
  const node = await open(pair(hangs('Once upon')), { models: [inOrder({ limits: { parallel: 1 }, timeouts: { requestMs: 60_000 } })] });
  for (let time = 0; time < 3; time++) {
    const turn = node.generate(hello(), new AbortController().signal);
    for await (const batch of turn.batches) {
      assert.deepEqual(batch.events, [{ type: 'text-delta', text: 'Once upon' }]);
      break;
    }
    assert.equal(turn.report.attempts[0]?.upstream, 'a');
  }
  assertIdle(node);
});

test('a hundred answers to one request make Node warn of nothing', async () => {
  const warnings: string[] = [];
  const note = ({ message }: Error) => void warnings.push(message);
  process.on('warning', note);
  const listening: Answering = async function* (request, signal) {
    signal.addEventListener('abort', () => undefined);
    yield* says('a')(request, signal);
  };
  const node = await open(pair(listening), { queueLimit: 200 });
  assert.equal((await ask(node, hello({ n: 100 }))).text, 'a'.repeat(100));
  await new Promise(setImmediate);
  process.off('warning', note);
  assert.deepEqual(warnings, []);
});

/** A body's fields as a surface would decode them: those that are left over stay in `unknownFields`. */
function redecodingOf(body: Readonly<Record<string, number>>): Redecoding {
  return {
    rules: undefined,
    dropped: [],
    decode: (rules) => {
      const fields = { ...rules?.defaults, ...body };
      for (const path of rules?.drops ?? []) delete (fields as Record<string, unknown>)[path];
      return { request: hello({ unknownFields: fields }), dropped: [] };
    },
  };
}

test('each target gets the body as the operator wants it there', async () => {
  const puppets = pair(fails('engine_failed'));
  const models = [
    routeOf('m', [
      targetOf('a', { defaults: { x: 1 } }),
      targetOf('b', { order: 1, defaults: { x: 2, z: 3 }, drops: { dropsUnsupported: false, paths: ['y'] } }),
    ]),
  ];
  const node = await open(puppets, { models });
  await ask(node, hello(), { redecoding: redecodingOf({ y: 5 }) });
  assert.deepEqual(
    [puppets.a.asked[0]?.unknownFields, puppets.b.asked[0]?.unknownFields],
    [
      { x: 1, y: 5 },
      { x: 2, z: 3 },
    ],
  );
});

test('a field that one engine cannot honour is left out there where the operator wants that, and the header names it', async () => {
  const a = openPuppet('a', ['m'], { takesUnknownFields: false });
  const drops = { dropsUnsupported: true, paths: [] };
  const models = [routeOf('m', ['a'], { drops }), routeOf('strict', ['a'])];
  const node = await open({ a }, { models });
  const redecoding = redecodingOf({ odd: 1 });
  const { text, turn } = await ask(node, hello(), { redecoding });
  assert.equal(text, 'a');
  assert.match(turn.plan, /dropped=odd/);
  assert.deepEqual(a.asked[0]?.unknownFields, {});
  assert.equal(
    (await ask(node, hello({ model: 'strict', unknownFields: { odd: 1 } })).catch((error: GatewayError) => error)).code,
    'unknown_parameter',
  );
});

test('a field that the engine itself refuses is left out in the same try, and what fails then goes elsewhere', async () => {
  const drops = { dropsUnsupported: true, paths: [] };
  const refuses =
    (...fields: readonly string[]): Answering =>
    (request, signal) => {
      const param = fields.find((field) => field in request.unknownFields);
      return (param === undefined ? says('a') : fails('unsupported_feature', { param }))(request, signal);
    };
  const node = await open(pair(refuses('odd', 'even')), { models: [inOrder({ drops, limits: { parallel: 1 } })] });
  const { text, turn } = await ask(node, hello({ unknownFields: { odd: 1, even: 2, good: 3 } }), {
    redecoding: redecodingOf({ odd: 1, even: 2, good: 3 }),
  });
  assert.deepEqual([text, turn.report.attempts.length], ['a', 1]);
  assert.match(turn.plan, /dropped=odd,even/);
  assertIdle(node);
  const broken = await open(pair(inTurn(refuses('odd'), fails('engine_failed'))), { models: [inOrder({ drops })] });
  assert.equal((await ask(broken, hello({ unknownFields: { odd: 1 } }), { redecoding: redecodingOf({ odd: 1 }) })).text, 'b');
});

test('embeddings move to the next upstream too', async () => {
  const { a, b } = pair(says('a'));
  const broken: PuppetEngine = Object.assign(a, { embed: () => Promise.reject(new GatewayError('engine_failed', 'No.')) });
  const node = await open({ a: broken, b }, { models: [inOrder()] });
  assert.deepEqual(await node.embed('m', ['text'], new AbortController().signal), { vectors: [[1]], promptTokens: 3 });
  assertIdle(node);
});

test('a change keeps what is the same, with what it has counted', async () => {
  const puppets = pair(says('a'));
  const limited = [routeOf('m', [targetOf('a', { limits: { requestsPerMinute: 1 } })])];
  const node = await open(puppets, { models: limited });
  await ask(node, hello());
  await node.change(optionsOf(puppets, { models: [...structuredClone(limited), routeOf('more', ['b'])] }));
  assert.throws(() => node.generate(hello(), new AbortController().signal), { code: 'queue_full' });
  assert.equal((await ask(node, hello({ model: 'more' }))).text, 'b');
  await node.change(optionsOf(puppets, { models: [routeOf('m', [targetOf('a', { limits: { requestsPerMinute: 2 } })])] }));
  assert.equal((await ask(node, hello())).text, 'a', 'other limits count anew');
});

test('a change that cannot be made changes nothing, and leaves nothing open', async () => {
  const puppets = pair(says('a'));
  const node = await open(puppets, { models: [inOrder()] });
  const added = openPuppet('c');
  const rules = { ...testRules, policy: { name: 'latency' as const, options: { widow: 1 } } };
  const changed = { models: [routeOf('n', ['c']), routeOf('m', ['c'], { rules })] };
  await assert.rejects(node.change(optionsOf({ c: added }, changed)), { code: 'configuration_invalid' });
  assert.deepEqual([added.isClosed, puppets.a.isClosed, Object.keys(node.loads())], [true, false, ['a', 'b']]);
  assert.equal((await ask(node, hello())).text, 'a');
  const twice = [
    { name: 'd', engine: openPuppet('d') },
    { name: 'e', engine: 'openai' as const, options: { baseUrl: 'ftp://x' } },
  ];
  await assert.rejects(node.change({ ...optionsOf({}), upstreams: twice }), { code: 'bad_usage' });
  assert.equal((await ask(node, hello())).text, 'a');
});

test('an upstream that is no more works on until its last request has ended, one that waits for its next try too', async () => {
  const puppets = pair(inTurn(fails('engine_failed'), hangs('Once upon')));
  const node = await open({ a: puppets.a }, { models: [routeOf('m', ['a'])] });
  const leaving = new AbortController();
  const reads = node.generate(hello(), leaving.signal).batches[Symbol.asyncIterator]();
  assert.deepEqual((await reads.next()).value?.events, [{ type: 'text-delta', text: 'Once upon' }]);
  await node.change(optionsOf({ b: puppets.b }, { models: [routeOf('m', ['b'])] }));
  assert.equal((await ask(node, hello())).text, 'b');
  assert.equal(puppets.a.isClosed, false);
  leaving.abort();
  while (!(await reads.next()).done);
  while (!puppets.a.isClosed) await new Promise(setImmediate);
});

test('a model that moves is answered by its old upstream until the new one has told that it has it', async () => {
  const puppets = pair(says('a'));
  let tell = (): void => undefined;
  const isTold = new Promise<void>((resolve) => {
    tell = resolve;
  });
  const { b } = puppets;
  const late: PuppetEngine = Object.assign(openPuppet('b'), { models: () => isTold.then(() => b.models()) });
  const node = await open({ a: puppets.a }, { models: [routeOf('m', ['a'])] });
  const change = node.change(optionsOf({ b: late }, { models: [routeOf('m', ['b'])] }));
  assert.equal((await ask(node, hello())).text, 'a');
  tell();
  await change;
  assert.equal((await ask(node, hello())).text, 'b');
  assert.equal(puppets.a.isClosed, true);
});

test('a node that is closed while it is changed leaves nothing open', async () => {
  const puppets = pair(says('a'));
  const late: PuppetEngine = Object.assign(openPuppet('b'), { models: () => new Promise(() => undefined) });
  const node = await open({ a: puppets.a });
  const change = node.change(optionsOf({ b: late }));
  await node.close(0);
  await change;
  assert.deepEqual([puppets.a.isClosed, late.isClosed], [true, true]);
});

test('a node whose upstreams are put right is ready by the new ones', async () => {
  const wrong = openPuppet('wrong');
  wrong.told = new GatewayError('engine_unavailable', 'No connection.');
  const node = openNode(optionsOf({ a: wrong }));
  closings.push(() => node.close(0));
  const isReady = node.ready(new AbortController().signal);
  await new Promise(setImmediate);
  await node.change(optionsOf({ a: openPuppet('right') }));
  await isReady;
  assert.equal((await ask(node, hello())).text, 'right');
});
