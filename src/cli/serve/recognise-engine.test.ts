import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type EngineAnswers, recogniseEngine } from './recognise-engine.ts';

const none = { status: 404, value: undefined };
const ok = (value: unknown) => ({ status: 200, value });
const silence: EngineAnswers = {
  '/v1/models': none,
  '/version': none,
  '/props': none,
  '/api/version': none,
  '/api/tags': none,
  '/api/v0/models': none,
};
const listOf = (owner: string, ...ids: readonly unknown[]) =>
  ok({ object: 'list', data: ids.map((id) => ({ id, object: 'model', owned_by: owner })) });

const origin = 'http://127.0.0.1:8080';
const settings = { params: {}, n_ctx: 4096 };

const cases: readonly {
  readonly what: string;
  readonly answers: Partial<EngineAnswers>;
  readonly kind: string;
  readonly about: string;
  readonly state?: string;
}[] = [
  {
    what: 'LM Studio, which answers 200 to paths it does not know',
    answers: {
      '/v1/models': listOf('organization_owner', 'm'),
      '/version': ok({ error: 'Unexpected endpoint or method. (GET /version)' }),
      '/api/version': ok({ error: 'Unexpected endpoint or method. (GET /api/version)' }),
      '/api/tags': ok({ error: 'Unexpected endpoint or method. (GET /api/tags)' }),
      '/props': ok({ error: 'Unexpected endpoint or method. (GET /props)' }),
      '/api/v0/models': ok({ object: 'list', data: [{ id: 'm', compatibility_type: 'gguf', state: 'not-loaded' }] }),
    },
    kind: 'openai',
    about: 'LM Studio',
  },
  {
    what: 'a llama-server that also lists its models in the manner of Ollama',
    answers: {
      '/v1/models': listOf('llamacpp', 'm'),
      '/props': ok({ default_generation_settings: settings, build_info: 'b11434-4f2a' }),
      '/api/tags': ok({ models: [{ model: 'm' }] }),
      '/api/version': ok({ version: '0.1.0' }),
    },
    kind: 'llama-server',
    about: 'llama-server b11434',
  },
  {
    what: 'a llama-server from before it told its build',
    answers: { '/v1/models': listOf('llamacpp', 'm'), '/props': ok({ default_generation_settings: settings }) },
    kind: 'llama-server',
    about: 'llama-server',
  },
  {
    what: 'a llama-server that shows its models to everyone and its properties to none',
    answers: { '/v1/models': listOf('llamacpp', 'm'), '/props': { status: 401, value: { error: { code: 401 } } } },
    kind: 'llama-server',
    about: 'llama-server',
    state: 'needs-key',
  },
  {
    what: 'a router of llama-servers',
    answers: {
      '/v1/models': listOf('llamacpp', 'm', 'n'),
      '/props': ok({ role: 'router', default_generation_settings: { params: null, n_ctx: 0 }, build_info: 'b11434-4f2a' }),
    },
    kind: 'openai',
    about: 'a llama-server router',
  },
  {
    what: 'a gateway with a version of its own in front of Ollama-like names',
    answers: { '/v1/models': listOf('llama-swap', 'm'), '/api/version': ok({ version: '161', commit: 'abc' }) },
    kind: 'openai',
    about: 'an OpenAI-compatible server',
  },
  {
    what: 'another engine that tells a version where vLLM does',
    answers: { '/v1/models': listOf('sglang', 'm'), '/version': ok({ version: '0.5.6' }) },
    kind: 'openai',
    about: 'an OpenAI-compatible server',
  },
  {
    what: 'another Rookery',
    answers: { '/v1/models': listOf('rookery', 'm') },
    kind: 'openai',
    about: 'another Rookery',
  },
  {
    what: 'a version that is no version',
    answers: { '/v1/models': listOf('vllm', 'm'), '/version': ok({ version: '\u001b[2Jgone' }) },
    kind: 'openai',
    about: 'an OpenAI-compatible server',
  },
  {
    what: 'an application that wants a log-in in JSON',
    answers: { '/v1/models': { status: 401, value: { timestamp: 1, status: 401, error: 'Unauthorized', path: '/v1/models' } } },
    kind: 'openai',
    about: 'a server',
    state: 'needs-key',
  },
];

for (const { what, answers, kind, about, state = 'ready' } of cases) {
  test(`${what} is ${about} (${kind}, ${state})`, () => {
    const found = recogniseEngine(origin, { ...silence, ...answers });
    assert.deepEqual([found?.kind, found?.about, found?.state], [kind, about, state]);
    assert.equal(found?.baseUrl, kind === 'openai' ? `${origin}/v1` : origin);
  });
}

test('models without a name and models named twice are left out', () => {
  const found = recogniseEngine(origin, { ...silence, '/v1/models': listOf('x', 'a', 7, null, '', 'a', 'b') });
  assert.deepEqual(found?.modelIds, ['a', 'b']);
});

test('whatever is answered, a verdict is given, and only ready engines have models', () => {
  const owner = fc.constantFrom('vllm', 'llamacpp', 'library', 'rookery');
  const models = fc.record({ object: fc.constant('list'), data: fc.array(fc.record({ id: fc.jsonValue(), owned_by: owner })) });
  const fields = fc.constantFrom(
    'version',
    'models',
    'data',
    'error',
    'message',
    'default_generation_settings',
    'build_info',
    'role',
    'object',
  );
  const value = fc.oneof(fc.jsonValue(), models, fc.dictionary(fields, fc.jsonValue()));
  const answer = fc.record({ status: fc.constantFrom(0, 200, 200, 401, 404, 503), value });
  const paths = Object.keys(silence) as (keyof EngineAnswers)[];
  const all = fc.tuple(...paths.map(() => answer)).map((answers) => Object.fromEntries(paths.map((path, index) => [path, answers[index]])));
  fc.assert(
    fc.property(all, (answers) => {
      const found = recogniseEngine(origin, { ...silence, ...answers });
      if (!found) return;
      assert.equal(found.modelIds.length > 0, found.state === 'ready');
      assert.ok(found.modelIds.every((id) => typeof id === 'string'));
      assert.ok(found.baseUrl.startsWith(origin));
    }),
  );
});
