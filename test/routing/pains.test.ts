import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { createServer } from 'rookery/server';
import type { FakeEngine, FakeReply } from 'rookery/testing';
import { openNode } from '#dist/gateway/open-node.js';
import { bodyOf as chatBody, type FaceCase, faceCases, hear, rightReply, rightText } from '../fault-scene.ts';
import { type Fleet, fleetModel, openFleet, plainRoute, plainTarget, quickRules } from './fleet.ts';
import { askNode, findFault, findUntyped, inParallel, markedRequest, readMark, replyTo, requestOf } from './marks.ts';

/**
 * What users of other gateways complain of in public (numbers are those of the twenty-five pains; `rule` where it is one of streaming, lifetime and failover), as far
 * as it is about streaming, lifetime, routing and memory. Where it has its test elsewhere, this says where.
 */
const elsewhere: readonly { readonly pain: number | 'rule'; readonly what: string; readonly file: string; readonly test: string }[] = [
  {
    pain: 4,
    what: 'no `index` on streamed calls',
    file: 'src/server/openai-client.test.ts',
    test: 'the openai client reads streamed tool calls and reasoning',
  },
  {
    pain: 13,
    what: 'the upstream is not cancelled',
    file: 'test/engine-faults.test.ts',
    test: 'a client that leaves takes its request from the engine',
  },
  {
    pain: 13,
    what: 'what is left behind by it',
    file: 'test/routing/faults.test.ts',
    test: 'clients that leave at any moment leave nothing behind',
  },
  {
    pain: 14,
    what: 'wrong usage on streams',
    file: 'src/engines/openai/answer-reader.test.ts',
    test: 'usage counts on any chunk, the last one wins, and zero is a value',
  },
  {
    pain: 16,
    what: 'swap thrash',
    file: 'src/gateway/swap.test.ts',
    test: 'requests to an Ollama that holds one model are grouped: ABCABC costs two swaps',
  },
  { pain: 17, what: 'memory grows', file: 'test/faults.test.ts', test: '1,000 requests that are left lose no slot and no memory' },
  {
    pain: 17,
    what: 'series grow',
    file: 'src/server/metrics/metrics-route.test.ts',
    test: 'a thousand models, agents, paths and ids that clients make up make no new series',
  },
  {
    pain: 18,
    what: 'routing trees are unbounded',
    file: 'src/policies/prefix/prefix.test.ts',
    test: 'what an index knows stays a beginning, and its memory bounded, when it is full',
  },
  {
    pain: 20,
    what: 'all deployments cool down',
    file: 'src/gateway/health/circuit.test.ts',
    test: 'however attempts, probes and time come, a group is never without a healthy target',
  },
  {
    pain: 21,
    what: 'the parallel counter is stuck',
    file: 'src/gateway/tries.test.ts',
    test: 'whatever fails however often, tries end, every place is given back, and one target stays healthy',
  },
  {
    pain: 22,
    what: 'rpm and tpm are wrong',
    file: 'src/gateway/routes/target-limits.test.ts',
    test: 'a target is given exactly what its limits let it be given, and the time to wait is the true one',
  },
  {
    pain: 25,
    what: 'pooled clients are closed in use',
    file: 'src/gateway/routing.test.ts',
    test: 'an upstream that is no more works on until its last request has ended, one that waits for its next try too',
  },
  {
    pain: 'rule',
    what: 'silence breaks streams',
    file: 'src/server/streaming.test.ts',
    test: 'silence is filled with comments, and the first of them sends the head',
  },
  {
    pain: 'rule',
    what: 'no back-pressure',
    file: 'src/server/streaming.test.ts',
    test: 'a client that does not read stops the pulling, and reading goes on where it stopped',
  },
  {
    pain: 'rule',
    what: 'a reader that stalls holds a slot',
    file: 'src/server/streaming.test.ts',
    test: 'a client that stalls for too long is cut off',
  },
  {
    pain: 'rule',
    what: 'retries after the first byte',
    file: 'src/gateway/routing.test.ts',
    test: 'after it a failure is the last event of a stream, and nothing else is asked',
  },
  {
    pain: 'rule',
    what: 'the upstream’s status is lost',
    file: 'src/engines/http/upstream-error.test.ts',
    test: 'every refusal tells the HTTP status that the upstream answered with',
  },
  {
    pain: 'rule',
    what: 'probes that generate',
    file: 'src/engines/probe.test.ts',
    test: 'tells the names that models() gives, and asks for nothing else',
  },
  {
    pain: 'rule',
    what: 'not ready while draining',
    file: 'src/server/drain.test.ts',
    test: 'a stop waits for what is in flight, ends idle connections and refuses what is new',
  },
];

for (const { pain, what, file, test: name } of elsewhere) {
  test(`${pain === 'rule' ? 'rule' : `pain ${pain}`}: ${what} (see ${file})`, () => {
    const source = readFileSync(new URL(`../../../${file}`, import.meta.url), 'utf8');
    assert.ok(source.includes(name), `${file} has no test '${name}'`);
  });
}

const openai = faceCases[0] as FaceCase;
const never = new AbortController().signal;

async function openWell(t: TestContext, size: number, more: Partial<Parameters<typeof openFleet>[0]> = {}): Promise<Fleet> {
  const fleet = await openFleet({
    faces: Array.from({ length: size }, () => openai),
    answer: (request) => markReply(request),
    ...more,
  });
  t.after(() => fleet.close());
  return fleet;
}

function markReply(request: Parameters<typeof readMark>[0]): FakeReply {
  const mark = readMark(request);
  return mark === undefined ? {} : replyTo(mark, markedRequest(Number(mark.slice('mark-'.length))).wish, true);
}

const statesOf = ({ node }: Fleet) => node.targets().map(({ health }) => health.state);

/** Asks so often, so many at a time; gives what is wrong with the answers. */
async function askMany({ node }: Fleet, count: number, atOnce: number): Promise<readonly string[]> {
  const problems: string[] = [];
  await inParallel(count, atOnce, async (index) => {
    const request = markedRequest(index);
    const problem = findFault(request, await askNode(node, requestOf(request, fleetModel), AbortSignal.any([never])));
    if (problem !== undefined) problems.push(problem);
  });
  return problems;
}

test('pain 3: tools never disable streaming', { timeout: 20_000 }, async (t) => {
  const fleet = await openWell(t, 1);
  const server = await createServer({ node: fleet.node, port: 0 });
  t.after(() => server.close({ graceMs: 0 }));
  const [engine] = fleet.engines as [FakeEngine];
  engine.setReplies({ ...rightReply(openai, 'chat'), fault: { kind: 'hang', afterPieces: 1 } });
  const leaving = new AbortController();
  const body = JSON.stringify({ ...chatBody('tools', true), model: fleetModel });
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${server.url}/v1/chat/completions`, { method: 'POST', headers, body, signal: leaving.signal });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let read = '';
  while (!read.includes('A rook')) read += (await reader?.read())?.value ?? '';
  assert.equal(engine.counts().open, 1, 'the engine has not ended yet');
  leaving.abort();
  await engine.until(({ open }) => open === 0);
});

test('pain 19: 2,048 requests at once open no circuit on healthy workers, and none is refused', { timeout: 120_000 }, async (t) => {
  const fleet = await openWell(t, 3);
  assert.deepEqual(await askMany({ ...fleet }, 1_100, 1_100), []);
  assert.deepEqual(await askMany({ ...fleet }, 2_048, 2_048), []);
  assert.deepEqual(statesOf(fleet), ['healthy', 'healthy', 'healthy']);
});

test('pain 20: an engine of one’s own that says 429 is waited for and never rests', { timeout: 60_000 }, async (t) => {
  for (const size of [1, 2]) {
    const busy = new Set<string>();
    const fleet = await openWell(t, size, {
      answer: (request) => {
        const mark = readMark(request);
        if (mark === undefined || busy.has(mark)) return markReply(request);
        busy.add(mark);
        return { fault: { kind: 'status', status: 429, headers: { 'retry-after-ms': '20' }, error: { message: 'busy' } } };
      },
    });
    assert.deepEqual(await askMany(fleet, 60, 20), []);
    assert.deepEqual(
      statesOf(fleet),
      Array.from({ length: size }, () => 'healthy'),
    );
  }
});

test('pain 20: a burst of connection errors does not shut the only upstream out', { timeout: 60_000 }, async (t) => {
  const fleet = await openWell(t, 1, { rules: { retries: 0, cooldownMs: 60_000, longestCooldownMs: 60_000, allowedFails: 0 } });
  const [engine] = fleet.engines as [FakeEngine];
  await engine.refuseConnections();
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, index) => askNode(fleet.node, requestOf(markedRequest(index), fleetModel), AbortSignal.any([never]))),
  );
  assert.deepEqual(new Set(answers.map(({ error }) => error?.code)), new Set(['engine_unavailable']));
  assert.match(String(statesOf(fleet)), /^(healthy|kept)$/);
  await engine.acceptConnections();
  assert.deepEqual(await askMany(fleet, 1, 1), []);
});

test('pain 22: a limit is reached exactly, and refusals say when to come back', { timeout: 60_000 }, async (t) => {
  const fleet = await openWell(t, 3);
  const names = Object.keys(fleet.node.loads());
  const node = openNode({
    upstreams: fleet.engines.map((engine, at) => ({ name: String(names[at]), engine: 'openai', options: { baseUrl: engine.url } })),
    models: [
      plainRoute(
        fleetModel,
        names.map((name) => ({ ...plainTarget(name, 'fake-model'), limits: { requestsPerMinute: 10 } })),
        quickRules,
      ),
    ],
    ...{ queueLimit: 64, queueTimeoutMs: 60_000, log: () => undefined },
  });
  t.after(() => node.close(0));
  await node.ready(AbortSignal.timeout(20_000));
  const server = await createServer({ node, port: 0 });
  t.after(() => server.close({ graceMs: 0 }));
  const heard = await Promise.all(Array.from({ length: 100 }, () => hear(server.url, { ...chatBody('chat', false), model: fleetModel })));
  const refused = heard.filter(({ status }) => status === 429);
  assert.deepEqual([heard.filter(({ status }) => status === 200).length, refused.length], [30, 70]);
  for (const { code, retryAfter } of refused) {
    assert.equal(code, 'queue_full');
    assert.match(String(retryAfter), /^[1-9]\d?$/);
  }
});

test('rule: no healthy upstream is 503, a full queue 429, both with a time to come back', { timeout: 60_000 }, async (t) => {
  const fleet = await openWell(t, 1, { rules: { retries: 0 } });
  const [engine] = fleet.engines as [FakeEngine];
  const options = { baseUrl: engine.url, slots: 1 };
  const node = openNode({
    ...{
      upstreams: [{ name: 'a', engine: 'openai', options }],
      models: [plainRoute(fleetModel, [plainTarget('a', 'fake-model')], { ...quickRules, retries: 0 })],
    },
    ...{ queueLimit: 0, queueTimeoutMs: 60_000, log: () => undefined },
  });
  t.after(() => node.close(0));
  await node.ready(AbortSignal.timeout(20_000));
  const server = await createServer({ node, port: 0 });
  t.after(() => server.close({ graceMs: 0 }));
  const body = { ...chatBody('chat', false), model: fleetModel };
  engine.setReplies({ fault: { kind: 'hang-before-headers' } });
  const leaving = new AbortController();
  const held = [0, 1].map(() => hear(server.url, body, leaving.signal).catch(() => undefined));
  await engine.until(({ open }) => open === 2);
  const full = await hear(server.url, body);
  assert.deepEqual([full.status, full.code], [429, 'queue_full']);
  assert.match(String(full.retryAfter), /^[1-9]/);
  leaving.abort();
  await Promise.all(held);
  await engine.until(({ open }) => open === 0);
  await engine.refuseConnections();
  const gone = await hear(server.url, body);
  assert.deepEqual([gone.status, gone.code], [503, 'engine_unavailable']);
  await engine.acceptConnections();
  engine.setReplies(rightReply(openai, 'chat'));
  assert.equal((await hear(server.url, body)).text, rightText);
});

test('rule: vLLM’s error inside of a stream is an error, though its status is 200 and `[DONE]` follows', { timeout: 60_000 }, async (t) => {
  const vllm = faceCases.find(({ name }) => name === 'vllm') as FaceCase;
  const known = vllm.options.replies as FakeReply;
  const fleet = await openWell(t, 1, {
    faces: [vllm],
    answer: (request) => {
      const mark = readMark(request);
      if (mark === undefined) return known;
      return {
        ...known,
        ...replyTo(mark, 'chat', false),
        delayMs: 5,
        fault: { kind: 'error-event', afterPieces: 1, error: { message: 'out of memory' } },
      };
    },
  });
  const request = markedRequest(2);
  const answer = await askNode(fleet.node, requestOf(request, fleetModel), never);
  assert.equal(findUntyped(request, answer), undefined);
  assert.equal(answer.error?.code, 'engine_failed');
  assert.match(String(answer.error?.message), /out of memory/);
});

test('rule: vLLM’s 401, whose body is a text, is told as a key that the operator has to look at', { timeout: 60_000 }, async (t) => {
  const fleet = await openWell(t, 1, { rules: { retries: 0 } });
  const [engine] = fleet.engines as [FakeEngine];
  engine.setReplies({ fault: { kind: 'status', status: 401, body: '{"error":"Unauthorized"}' } });
  const { error } = await askNode(fleet.node, requestOf(markedRequest(1), fleetModel), never);
  assert.equal(error?.code, 'engine_failed');
  assert.match(String(error?.message), /key/);
});
