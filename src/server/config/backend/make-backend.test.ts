import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parse, stringify } from 'yaml';
import { plain, readFaults, readGood, readWarnings } from '../read.test.support.ts';

test('configs/backend/vllm.yaml loads as it is: every field acts, or is told', async () => {
  const text = readShipped('vllm.yaml');
  const { upstreams, models, servesUnlisted } = await readGood(text);
  assert.deepEqual(upstreams, [
    { name: 'vllm', kind: 'vllm', baseUrl: 'http://localhost:8000', headers: {}, verifiesCertificate: true, contextTokens: 4096 },
  ]);
  assert.deepEqual(
    models.map(({ name, defaults, facts, targets }) => ({
      name,
      defaults,
      facts,
      targets: targets.map(({ upstream, model }) => [upstream, model]),
    })),
    [
      {
        name: 'meta-llama/Llama-2-7b-chat-hf',
        defaults: { temperature: 0.7, top_p: 0.9, max_tokens: 512 },
        facts: {},
        targets: [['vllm', 'meta-llama/Llama-2-7b-chat-hf']],
      },
    ],
  );
  assert.equal(servesUnlisted, false);
  assert.deepEqual(
    (await readWarnings(text)).map((warning) => /backend\.(\w+): only a start of vLLM can act on it/.exec(warning)?.[1]),
    ['tensor_parallel_size', 'dtype', 'gpu_memory_utilization'],
  );
});

test('configs/backend/llama_cpp.yaml loads as it is: every field acts', async () => {
  const text = readShipped('llama_cpp.yaml');
  const { upstreams, models } = await readGood(text);
  assert.deepEqual(upstreams, [
    {
      ...{ name: 'llama-cpp', kind: 'embedded', model: resolve('models/llama-2-7b-chat.Q4_K_M.gguf'), gpu: 'off', slots: 1 },
      ...{ contextTokens: 4096, threads: 8, batchTokens: 512, mapsFile: true, locksMemory: false },
    },
  ]);
  assert.deepEqual(
    models.map(({ name, defaults, facts }) => ({ name, defaults, facts })),
    [
      {
        name: 'llama-2-7b-chat.Q4_K_M',
        defaults: { temperature: 0.7, top_p: 0.9, top_k: 40, repetition_penalty: 1.1, max_tokens: 512 },
        facts: { dialect: 'envelope', repairs: 3 },
      },
    ],
  );
  assert.deepEqual(await readWarnings(text), []);
});

/** A shipped file with other values. */
function change(name: string, values: Readonly<Record<string, unknown>>): string {
  const { backend } = parse(readShipped(name)) as { readonly backend: object };
  return stringify({ backend: { ...backend, ...values } });
}

test('each field of a backend has an effect of its own', async () => {
  const vllm = await readGood(change('vllm.yaml', { api_base: undefined, host: 'gpu', port: 9, api_key: 'sk-0123456789', timeout: 30 }));
  assert.deepEqual(plain(vllm.upstreams[0]), {
    ...{ name: 'vllm', kind: 'vllm', baseUrl: 'http://gpu:9', headers: {}, verifiesCertificate: true, contextTokens: 4096 },
    apiKey: 'literal = sk-0123456789',
  });
  assert.deepEqual(vllm.models[0]?.targets[0]?.timeouts, { requestMs: 30_000 });
  const noTools = await readGood(change('vllm.yaml', { function_calling: { enabled: false, format: 'json' } }));
  assert.deepEqual(noTools.models[0]?.facts, { tools: false });
  const llama = await readGood(change('llama_cpp.yaml', { n_gpu_layers: 12, function_calling: { format: 'llama-native' } }));
  assert.deepEqual(
    [llama.upstreams[0]?.kind === 'embedded' && llama.upstreams[0].gpuLayers, llama.models[0]?.facts],
    [12, { dialect: 'llama-3-json' }],
  );
  const all = await readGood(change('llama_cpp.yaml', { n_gpu_layers: -1 }));
  assert.deepEqual(all.upstreams[0]?.kind === 'embedded' && [all.upstreams[0].gpu, all.upstreams[0].gpuLayers], ['auto', undefined]);
  assert.match(
    (await readWarnings(change('llama_cpp.yaml', { low_vram: true }))).join('\n'),
    /backend\.low_vram: llama\.cpp has no such mode/,
  );
  assert.match(
    (await readWarnings(change('vllm.yaml', { temperatur: 1 }))).join('\n'),
    /backend\.temperatur: .* Did you mean `temperature`\?/,
  );
});

test('a backend that cannot be used is refused where it is wrong', async () => {
  assert.deepEqual(await readFaults('backend: {type: tgi}\n'), ['rookery.yaml:1:17: backend.type: expected one of vllm, llama_cpp.']);
  assert.deepEqual(await readFaults('backend: 5\n'), ['rookery.yaml:1:10: backend: expected a map with `type`.']);
  assert.deepEqual(await readFaults('backend: {type: vllm, model: m, port: high, function_calling: {format: xml}}\n'), [
    'rookery.yaml:1:39: backend.port: expected a number of at least 0, found another text.',
    'rookery.yaml:1:72: backend.function_calling.format: expected one of json.',
  ]);
  assert.deepEqual(await readFaults('backend: {type: llama_cpp, n_gpu_layers: most}\n'), [
    'rookery.yaml:1:10: backend.model_path: expected a GGUF file.',
  ]);
});

function readShipped(name: string): string {
  let root = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(root, 'configs', 'backend')) && root !== dirname(root)) root = dirname(root);
  return readFileSync(join(root, 'configs', 'backend', name), 'utf8');
}
