import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { isError } from '../engines/http/answers.test.support.ts';
import type { Sleep } from '../protocol/engine.ts';
import { GatewayError } from '../protocol/error.ts';
import { type FakeEngineOptions, startFakeEngine } from '../testing/index.ts';
import { openNode } from './open-node.ts';
import { ask, hello, openPuppet, type PuppetEngine } from './routing.test.support.ts';
import { SharedGpu } from './shared-gpu.ts';

const closings: (() => Promise<void>)[] = [];
after(async () => {
  for (const close of closings) await close();
});

const never = new AbortController().signal;
const bounds = { queueLimit: 100, queueTimeoutMs: 60_000, log: () => undefined };

/** Engines on one GPU, and what is told to them in order: `+a` a is woken, `-a` it is put to sleep. */
function openGpu(names: string, swapWaitMs?: number) {
  const told: string[] = [];
  const failing = new Map<string, GatewayError>();
  const gpu = new SharedGpu('gpu', { ...bounds, ...(swapWaitMs === undefined ? {} : { swapWaitMs }) });
  const tell = async (what: string) => {
    await new Promise((resolve) => setImmediate(resolve));
    const failure = failing.get(what);
    if (failure) throw failure;
    told.push(what);
  };
  const sleepOf = (name: string): Sleep => ({ begin: () => tell(`-${name}`), end: () => tell(`+${name}`) });
  const engineOf = (name: string) => Object.assign(openPuppet(name), { sleep: sleepOf(name) });
  const engines = Object.fromEntries([...names].map((name) => [name, engineOf(name)]));
  const lanes = Object.fromEntries(Object.entries(engines).map(([name, engine]) => [name, gpu.join(name, engine, 2)]));
  const lane = (name: string) => lanes[name] as NonNullable<(typeof lanes)[string]>;
  return { gpu, told, failing, lane, engineOf, engines };
}

test('requests are grouped by engine, and each swap puts the others to sleep before it wakes one', async () => {
  const { told, lane } = openGpu('abc');
  const served: string[] = [];
  const work = async (name: string) => {
    const place = await lane(name).admit(never);
    served.push(name);
    await new Promise((resolve) => setImmediate(resolve));
    place.release();
  };
  await Promise.all([...'abcabcabc'].map(work));
  assert.equal(served.join(''), 'aaabbbccc');
  assert.deepEqual(told, ['-b', '-c', '+a', '-a', '-c', '+b', '-a', '-b', '+c']);
});

test('an engine has its own number of places, and tells what waits for it', async () => {
  const { lane } = openGpu('ab');
  const places = [await lane('a').admit(never), await lane('a').admit(never)];
  const third = lane('a').admit(never);
  const other = lane('b').admit(never);
  assert.deepEqual([lane('a').inFlight, lane('a').waiting, lane('b').inFlight, lane('b').waiting], [2, 1, 0, 1]);
  lane('a').resize(3);
  places.push(await third);
  assert.deepEqual([lane('a').inFlight, lane('a').waiting], [3, 0]);
  for (const place of places) place.release();
  (await other).release();
});

test('the engine that is awake gives way to one that has waited too long', async () => {
  const { told, lane } = openGpu('ab', 0);
  const first = await lane('a').admit(never);
  const other = lane('b').admit(never);
  await new Promise((resolve) => setTimeout(resolve, 5));
  const late = lane('a').admit(never);
  first.release();
  (await other).release();
  (await late).release();
  assert.deepEqual(told, ['-b', '+a', '-a', '+b', '-b', '+a']);
});

test('who leaves while an engine is woken keeps nobody out, and does not stop it', async () => {
  const { told, lane } = openGpu('ab');
  const leaving = new AbortController();
  const left = lane('a').admit(leaving.signal);
  leaving.abort();
  await assert.rejects(left, isError('client_closed', /left/));
  (await lane('b').admit(never)).release();
  assert.deepEqual(told, ['-b', '+a', '-a', '+b']);
});

test('an engine that cannot be woken fails its requests, and the next one is tried anew', async () => {
  const { told, failing, lane } = openGpu('ab');
  failing.set('+a', new GatewayError('engine_failed', 'no memory'));
  const both = [lane('a').admit(never), lane('a').admit(never)];
  for (const failed of both) await assert.rejects(failed, isError('engine_failed', /no memory/));
  assert.equal(lane('a').inFlight, 0);
  failing.clear();
  (await lane('a').admit(never)).release();
  assert.deepEqual(told, ['-b', '-b', '+a']);
});

test('an engine that is not there need not sleep; one that refuses to keeps the others from waking', async () => {
  const { failing, told, lane } = openGpu('ab');
  failing.set('-b', new GatewayError('engine_unavailable', 'gone'));
  (await lane('a').admit(never)).release();
  assert.deepEqual(told, ['+a']);
  failing.set('-a', new GatewayError('engine_failed', 'Start vLLM with --enable-sleep-mode'));
  await assert.rejects(lane('b').admit(never), isError('engine_failed', /enable-sleep-mode/));
});

test('nobody gives way to an engine that is not there', async () => {
  const { told, lane, engines } = openGpu('ab');
  (await lane('a').admit(never)).release();
  (engines.b as PuppetEngine).told = new GatewayError('engine_unavailable', 'gone');
  await assert.rejects(lane('b').admit(never), isError('engine_unavailable', /gone/));
  (await lane('a').admit(never)).release();
  assert.deepEqual(told, ['-b', '+a']);
});

test('an engine that leaves is asked nothing more; one of the same name that joined before is', async () => {
  const { gpu, told, lane, engines, engineOf } = openGpu('ab');
  gpu.join('b', engineOf('B'), 1);
  gpu.leave(engines.b as NonNullable<(typeof engines)[string]>);
  (await lane('a').admit(never)).release();
  assert.deepEqual(told, ['-B', '+a']);
});

test('an engine that cannot sleep shares no GPU', () => {
  assert.throws(() => new SharedGpu('gpu', bounds).join('o', openPuppet('o'), 1), isError('bad_usage', /'o' cannot share the GPU 'gpu'/));
});

async function openFakes(fakeOptions: FakeEngineOptions) {
  const fakes = await Promise.all(['a', 'b'].map((model) => startFakeEngine({ face: 'vllm', models: [model], ...fakeOptions })));
  const upstreams = fakes.map((fake, at) => {
    return { name: `vllm-${at}`, engine: 'vllm', options: { baseUrl: fake.origin }, sharesGpu: 'gpu-0' } as const;
  });
  const logged: object[] = [];
  const node = openNode({ upstreams, ...bounds, log: (_, event, fields) => void (event === 'gpu-swap' && logged.push({ ...fields })) });
  closings.push(() => node.close(0), ...fakes.map((fake) => () => fake.close()));
  await node.ready(never);
  return { node, fakes, logged };
}

test('two vLLMs on one GPU: each is woken to be asked for its models, and generates only while the other sleeps', async () => {
  const { node, fakes, logged } = await openFakes({ hasSleepMode: true });
  assert.deepEqual(
    node
      .models()
      .map(({ id }) => id)
      .sort(),
    ['a', 'b'],
  );
  const before = logged.length;
  const answers = await Promise.all([...'abababab'].map((model) => ask(node, hello({ model }))));
  assert.equal(answers.length, 8);
  assert.ok(logged.length - before <= 2, `${logged.length - before} swaps`);
  const asleep = await Promise.all(
    fakes.map(async (fake) => (await (await fetch(`${fake.origin}/is_sleeping`)).json()) as { is_sleeping: boolean }),
  );
  assert.deepEqual(asleep.map(({ is_sleeping }) => is_sleeping).sort(), [false, true]);
  const slept = fakes.flatMap((fake) => fake.requests.filter(({ path }) => path === '/sleep'));
  assert.ok(slept.length >= 2);
});

test('a vLLM without sleep mode says how to start it', async () => {
  const { node } = await openFakes({}).catch((error: unknown) => ({ node: error }));
  assert.ok(node instanceof GatewayError);
  assert.match(node.message, /--enable-sleep-mode/);
});
