import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { Engine } from '../protocol/engine.ts';
import { type FakeEngineOptions, startFakeEngine } from '../testing/index.ts';
import anthropic from './anthropic.ts';
import { isError, never } from './http/answers.test.support.ts';
import llamaServer from './llama-server.ts';
import ollama from './ollama.ts';
import openai from './openai.ts';
import vllm from './vllm.ts';

const context = { log: () => {} };
const closings: (() => Promise<void>)[] = [];
after(async () => {
  for (const close of closings) await close();
});

interface Named {
  readonly models?: readonly string[];
}

/** Opens each kind of engine that is probed at a fake of its face. */
const kinds = {
  vllm: (origin: string, more: Named) => vllm.open({ baseUrl: origin, ...more }, context),
  ollama: (origin: string, more: Named) => ollama.open({ baseUrl: origin, ...more }, context),
  'llama-server': (origin: string, more: Named) => llamaServer.open({ baseUrl: origin, ...more }, context),
  openai: (origin: string, more: Named) => openai.open({ baseUrl: `${origin}/v1`, ...more }, context),
} as const;

type Kind = keyof typeof kinds;

async function start(kind: Kind, fakeOptions: FakeEngineOptions = {}, more: Named = {}) {
  const fake = await startFakeEngine({ face: kind, models: ['a', 'b'], ...fakeOptions });
  const engine: Engine = kinds[kind](fake.origin, more);
  closings.push(
    () => engine.close(),
    () => fake.close(),
  );
  const probe = (signal: AbortSignal = never) => engine.probe?.(signal) ?? assert.fail('it has no probe');
  return { fake, engine, probe };
}

/** What each is asked, in order. */
const asked: Readonly<Record<Kind, readonly string[]>> = {
  vllm: ['/health', '/v1/models'],
  ollama: ['/api/tags'],
  'llama-server': ['/health', '/v1/models'],
  openai: ['/v1/models'],
};

for (const kind of Object.keys(kinds) as Kind[]) {
  test(`a probe of ${kind} tells the names that models() gives, and asks for nothing else`, async () => {
    const { fake, engine, probe } = await start(kind);
    assert.deepEqual(await probe(), ['a', 'b']);
    assert.deepEqual(
      fake.requests.map(({ path }) => path),
      asked[kind],
    );
    assert.ok(fake.requests.every(({ method }) => method === 'GET'));
    assert.equal(fake.counts().started, 0);
    assert.equal(engine.state().status, 'ready');
    assert.deepEqual(
      (await engine.models()).map(({ id }) => id),
      await probe(),
    );
  });

  test(`a probe of ${kind} tells only the names that the operator gave`, async () => {
    const { probe } = await start(kind, {}, { models: ['b'] });
    assert.deepEqual(await probe(), ['b']);
  });

  test(`a probe of ${kind} that is gone throws, and finds it again when it is back`, async () => {
    const { fake, engine, probe } = await start(kind, {}, { models: ['a'] });
    await probe();
    await fake.refuseConnections();
    await assert.rejects(probe(), isError('engine_unavailable', /ECONNREFUSED/));
    assert.equal(engine.state().status, 'down');
    await fake.acceptConnections();
    assert.deepEqual(await probe(), ['a']);
    assert.equal(engine.state().status, 'ready');
  });

  test(`a probe of ${kind} ends when its signal is aborted`, async () => {
    const { probe } = await start(kind);
    await assert.rejects(probe(AbortSignal.abort()), isError('client_closed'));
  });
}

test('a dead vLLM is found though its front end still lists models, and stays down', async () => {
  const { fake, engine, probe } = await start('vllm', { routes: { 'GET /health': { status: 503, body: '' } } });
  await assert.rejects(probe(), isError('engine_unavailable', /503/));
  assert.equal(engine.state().status, 'down');
  assert.deepEqual(
    fake.requests.map(({ path }) => path),
    ['/health'],
  );
});

test('a vLLM behind an address that serves no /health counts by its list', async () => {
  const { probe } = await start('vllm', { routes: { 'GET /health': { status: 404, body: { detail: 'Not Found' } } } });
  assert.deepEqual(await probe(), ['a', 'b']);
});

test('servers that still load their model are not well', async () => {
  for (const kind of ['vllm', 'llama-server'] as const) {
    const { fake, probe } = await start(kind, { isLoading: true });
    await assert.rejects(probe(), isError('engine_unavailable', /503/));
    fake.setLoading(false);
    assert.deepEqual(await probe(), ['a', 'b']);
  }
});

test('a named model that vLLM or Ollama no longer lists is not told', async () => {
  for (const kind of ['vllm', 'ollama'] as const) {
    const { probe } = await start(kind, {}, { models: ['b', 'gone'] });
    assert.deepEqual(await probe(), ['b']);
  }
});

test('names of Ollama are told as the operator spells them', async () => {
  const { probe } = await start('ollama', { models: ['qwen3:4b', 'phi'] }, { models: ['library/Qwen3:4B', 'phi:latest'] });
  assert.deepEqual(await probe(), ['library/Qwen3:4B', 'phi']);
});

test('an OpenAI-compatible upstream without a list is well where the operator named its models, and else not', async () => {
  for (const status of [404, 405, 501]) {
    const routes = { 'GET /v1/models': { status, body: { error: { message: 'No such thing.' } } } };
    const named = await start('openai', { routes }, { models: ['x'] });
    assert.deepEqual(await named.probe(), ['x']);
    assert.equal(named.engine.state().status, 'ready');
    const { probe } = await start('openai', { routes });
    await assert.rejects(probe());
  }
});

test('an OpenAI-compatible upstream that refuses the key or fails is not well, whoever named its models', async () => {
  for (const [status, code] of [
    [401, 'engine_failed'],
    [500, 'engine_failed'],
    [503, 'engine_unavailable'],
  ] as const) {
    const { probe } = await start('openai', { routes: { 'GET /v1/models': { status, body: {} } } }, { models: ['x'] });
    await assert.rejects(probe(), isError(code));
  }
});

test('a cloud API is not asked how it is', () => {
  assert.equal(anthropic.open({}, context).probe, undefined);
});

test('models that nobody listed are taken as they come, where the engine takes any', async () => {
  const cloud = anthropic.open({ contextTokens: 1000 }, context);
  assert.deepEqual(cloud.describeUnlisted?.('claude-x'), {
    ...{ id: 'claude-x', contextTokens: 1000, specialTokens: { addsBos: false, control: [] } },
  });
  const limits = { vllm: undefined, 'llama-server': undefined, openai: 2 ** 31 - 1, ollama: 8192 };
  for (const [kind, contextTokens] of Object.entries(limits)) {
    const { fake, engine } = await start(kind as Kind);
    const found = engine.describeUnlisted?.('new:latest');
    assert.deepEqual([kind, found?.contextTokens], [kind, contextTokens]);
    assert.deepEqual([kind, found?.id], [kind, { openai: 'new:latest', ollama: 'new' }[kind]]);
    assert.deepEqual(fake.requests, []);
  }
});
