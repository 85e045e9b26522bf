import assert from 'node:assert/strict';
import { test } from 'node:test';
import ajv from 'ajv';
import { parse } from 'yaml';
import { plain, readFaults, readGood, readTexts } from '../read.test.support.ts';
import { writeSchema } from '../schema/write-schema.ts';
import { starter } from './starter.ts';
import { writeStarter } from './starter-from-environment.ts';
import { writeConfiguration } from './write-configuration.ts';

const rich = `
server: {host: 0.0.0.0, key: env:NODE_KEY, grace: 90s, max_body: 1mb, log: {level: debug}, body_timeout: 2m}
hub: {url: "https://hub.example", token: env:HUB}
upstreams:
  a: {kind: vllm, key: env:NODE_KEY, headers: {X-A: b, X-B: env:HUB}, slots: 4, first_byte_timeout: 1500ms}
  b: {kind: ollama, keep_alive: -1, verify_certificate: false}
  d: {kind: vllm, url: "http://d:8000", shares_gpu: gpu-0}
  e: {kind: vllm, url: "http://e:8000", shares_gpu: gpu-0}
  c: {kind: embedded, model: /m/x.gguf, gpu: 'off', mlock: true, batch: 64}
models:
  m:
    targets: [a, {upstream: b, model: q, weight: 0.5, limits: {parallel: 2}, cost: {input: 0.001, output: 0.002}, cooldown: 0}]
    policy: {name: latency, decay: 10s}
    aliases: [n, {name: o, hidden: true}]
    fallbacks: [k]
    retries: 0
    defaults: {temperature: 0, chat_template_kwargs: {enable_thinking: false}}
    drop_params: [user, "tools[*].function.strict"]
    facts: {sampling: {chat: {temperature: 1, top_p: 0.9}}, parallel_calls: false, chat_template: llama-3-1, repairs: 0}
  k: {targets: [c], tags: [t], groups: [g], mode: chat}
routing: {policy: round-robin, fallbacks: [k], retries: 5, timeout: 10m, tag_filtering: all, queue: 0, probe_interval: 0, serve_unlisted: true, retries_for: {auth: 0}}
pass_through: [{path: /x, target: "http://x", headers: {Authorization: env:HUB}}]
`;
const environment = { NODE_KEY: 'k-5f0e9d8c7b6a54321', HUB: 'hf_0123456789' };

test('what is printed is read as the same configuration, and holds no secret', async () => {
  const configuration = await readGood(rich, environment);
  const { text, missingVariables } = writeConfiguration(configuration);
  assert.deepEqual(missingVariables, []);
  for (const value of Object.values(environment)) assert.ok(!text.includes(value));
  assert.deepEqual(plain(await readGood(text, environment)), plain(configuration));
});

test('only what is not usual is printed', async () => {
  const { text } = writeConfiguration(await readGood('upstreams: {a: {kind: vllm}}\nmodels: {m: {targets: [a]}}\nrouting: {retries: 2}\n'));
  assert.equal(text, 'upstreams:\n  a:\n    kind: vllm\n    url: http://127.0.0.1:8000\nmodels:\n  m:\n    targets:\n      - a\n');
});

test('the file to begin with passes its own check, commented lines too', async () => {
  assert.deepEqual(await readFaults(starter), []);
  const uncommented = starter.replace(
    /^( *)# (?=( *)(key|hosts|gpu-\d|claude|models|small|Qwen\/[\w.-]+|targets|aliases|defaults|fallbacks|facts):)/gm,
    '$1',
  );
  const keys = { ROOKERY_KEY: 'k-5f0e9d8c7b6a54321', VLLM_KEY: 'v', ANTHROPIC_API_KEY: 'a' };
  const reading = await readTexts(uncommented, keys);
  assert.ok(reading.isUsable, JSON.stringify(reading));
  assert.deepEqual([reading.configuration.models.length, reading.configuration.upstreams.length], [2, 4]);
});

test('variables of older nodes become a file that passes its check', async () => {
  const variables = {
    ...{ VLLM_MODELS: 'Qwen/Qwen2.5-7B-Instruct, NousResearch/Hermes-3-Llama-3.1-8B,', OLLAMA_MODELS: 'hermes3:8b,qwen2.5:7b' },
    ...{ OPENAI_MODELS: 'gpt-4o-mini', OPENAI_API_KEY: 'sk-live-0123456789', HUGGINGFACE_TOKEN: 'hf_0123456789' },
    LITELLM_MASTER_KEY: 'sk-9f8e7d6c5b4a39281706',
  };
  const text = writeStarter(variables);
  assert.doesNotMatch(text, /sk-|hf_/);
  const { models, upstreams, hub, server } = await readGood(text, variables);
  assert.deepEqual(
    models.map(({ name, targets }) => [name, targets.map(({ upstream }) => upstream).join()]),
    [
      ['Qwen/Qwen2.5-7B-Instruct', 'vllm-1'],
      ['NousResearch/Hermes-3-Llama-3.1-8B', 'vllm-2'],
      ['hermes3:8b', 'ollama'],
      ['qwen2.5:7b', 'ollama'],
      ['gpt-4o-mini', 'openai'],
    ],
  );
  assert.deepEqual(
    upstreams.map((each) => 'baseUrl' in each && each.baseUrl),
    ['http://127.0.0.1:8000', 'http://127.0.0.1:8001', 'http://127.0.0.1:11434', 'https://api.openai.com/v1'],
  );
  assert.deepEqual([hub.token?.reference, server.key?.reference], ['env:HUGGINGFACE_TOKEN', 'env:LITELLM_MASTER_KEY']);
});

test('LLM_BACKEND chooses between the lists, and an example key is no key', async () => {
  const variables = {
    LLM_BACKEND: 'Ollama',
    VLLM_MODELS: 'a',
    OLLAMA_MODELS: 'b',
    OLLAMA_HOST: '0.0.0.0:1234',
    LITELLM_MASTER_KEY: 'sk-1234',
  };
  const { models, upstreams, server } = await readGood(writeStarter(variables), variables);
  assert.deepEqual([models.map(({ name }) => name), server.key], [['b'], undefined]);
  assert.deepEqual(
    upstreams.map((each) => 'baseUrl' in each && each.baseUrl),
    ['http://127.0.0.1:1234'],
  );
  assert.throws(() => writeStarter({ LLM_BACKEND: 'tgi', VLLM_MODELS: 'a' }), /neither `ollama` nor `vllm`/);
  assert.throws(() => writeStarter({ LLM_BACKEND: 'vllm', OLLAMA_MODELS: 'a' }), /No model is named/);
  assert.throws(() => writeStarter({ OPENAI_MODELS: 'a' }), /OPENAI_API_KEY is not/);
});

test('the schema for editors takes what is right and refuses what is not', () => {
  const validate = new ajv.Ajv({ strict: false }).compile(writeSchema());
  for (const text of [rich, starter, 'include: a.yaml\n']) assert.ok(validate(parse(text)), JSON.stringify(validate.errors));
  for (const text of [
    'server: {prot: 1}',
    'upstreams: {a: {kind: vlm}}',
    'models: {a: {targets: []}}',
    'upstreams: {a: {kind: vllm, key: sk-1}}',
  ]) {
    assert.equal(validate(parse(text)), false, text);
  }
});
