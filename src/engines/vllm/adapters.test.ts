import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { type FakeEngineOptions, startFakeEngine } from '../../testing/index.ts';
import { collect, isError, never, request } from '../http/answers.test.support.ts';
import vllm, { type VllmOptions } from '../vllm.ts';

const closings: (() => Promise<void>)[] = [];
after(async () => {
  for (const close of closings) await close();
});

async function start(fakeOptions: FakeEngineOptions = {}, options: Partial<VllmOptions> = {}) {
  const fake = await startFakeEngine({ face: 'vllm', models: ['qwen'], contextTokens: 4096, chatTemplate, ...fakeOptions });
  const engine = vllm.open({ baseUrl: fake.origin, ...options }, { log: () => {} });
  closings.push(
    () => engine.close(),
    () => fake.close(),
  );
  const post = async (route: string, body: object) => {
    const answer = await fetch(`${fake.url}/${route}`, { method: 'POST', body: JSON.stringify(body) });
    return answer.status;
  };
  return { fake, engine, post, probe: () => engine.probe?.(never) };
}

const chatTemplate = [
  '{% if tools %}<tools>{{ tools | tojson }}{% endif %}{% for message in messages %}<{{ message.role }}>{{ message.content }}{% endfor %}',
  '{% if add_generation_prompt %}<assistant>{% endif %}',
].join('');

test('an adapter is a model of its own name with the template, context and base of its model, which is asked once', async () => {
  const { fake, engine, probe } = await start({ adapters: ['sql', 'legal'] });
  const [base, ...adapters] = await engine.models();
  assert.deepEqual(await probe(), ['qwen', 'sql', 'legal']);
  assert.equal(base?.base, undefined);
  assert.deepEqual(
    adapters.map(({ id, base: adapted, contextTokens }) => [id, adapted, contextTokens]),
    [
      ['sql', 'qwen', 4096],
      ['legal', 'qwen', 4096],
    ],
  );
  assert.match(base?.printed?.call ?? '', /^<tools>/);
  for (const adapter of adapters) assert.deepEqual([adapter.printed, adapter.capabilities], [base?.printed, base?.capabilities]);
  const renderings = fake.requests.filter(({ path }) => path === '/tokenize');
  assert.ok(renderings.every(({ body }) => body?.model === 'qwen'));
});

test('an adapter that is served alone still has what its model tells', async () => {
  const { engine, probe } = await start({ adapters: ['sql'] }, { models: ['sql'] });
  const [adapter, ...others] = await engine.models();
  assert.deepEqual([adapter?.id, adapter?.base, adapter?.contextTokens, others], ['sql', 'qwen', 4096, []]);
  assert.match(adapter?.printed?.call ?? '', /^<tools>/);
  assert.deepEqual(await probe(), ['sql']);
});

test('a request to an adapter names it, on both routes', async () => {
  // without parsers chats are sent as they are; with them they are rendered first
  for (const hasToolParser of [false, true]) {
    const replies = { pieces: ['x'], usage: { promptTokens: 500, completionTokens: 2 } };
    const { fake, engine } = await start({ adapters: ['sql'], hasToolParser, refusesUnknownModels: true, replies });
    await engine.models();
    const known = fake.requests.length;
    assert.equal((await collect(engine.stream({ ...request, model: 'sql' }, never))).text, 'x');
    const sent = fake.requests.slice(known);
    assert.deepEqual(
      sent.map(({ path }) => path),
      hasToolParser ? ['/tokenize', '/v1/completions'] : ['/v1/chat/completions'],
    );
    assert.ok(sent.every(({ body }) => body?.model === 'sql'));
  }
});

test('adapters come and go while the server runs', async () => {
  const { engine, post, probe } = await start({ refusesUnknownModels: true });
  assert.deepEqual(await probe(), ['qwen']);
  assert.equal(await post('load_lora_adapter', { lora_name: 'sql', lora_path: '/adapters/sql' }), 200);
  assert.deepEqual(await probe(), ['qwen', 'sql']);
  assert.deepEqual(
    (await engine.models()).map(({ id, base }) => [id, base]),
    [
      ['qwen', undefined],
      ['sql', 'qwen'],
    ],
  );
  assert.equal(await post('unload_lora_adapter', { lora_name: 'sql' }), 200);
  assert.deepEqual(await probe(), ['qwen']);
  await assert.rejects(collect(engine.stream({ ...request, model: 'sql' }, never)), isError('model_not_found', /sql/));
});
