import { resolve } from 'node:path';
import { given } from '../../../api/decode/given.ts';
import { defaultRouting, defaultRules } from '../../../gateway/routes/default-routing.ts';
import type { JsonObject, JsonValue } from '../../../protocol/json.ts';
import type { Configuration, ModelConfiguration, ModelFacts, UpstreamConfiguration } from '../configuration.ts';
import { isMap, valueAt } from '../file/located.ts';
import { Section } from '../litellm/section.ts';
import { defaultServer } from '../own/defaults.ts';
import { fitAddress } from '../own/make-upstreams.ts';
import type { Reading } from '../reading.ts';

/**
 * The configuration that a file of one backend says, `configs/backend/vllm.yaml` or `llama_cpp.yaml`: one engine and one model. A model's file is looked for from the working folder. What only a launcher can act on is a warning
 * each. Source: JustInternetAI/AgentArena, `docs/vllm_backend.md`.
 */
export async function makeBackend(reading: Reading): Promise<Configuration | undefined> {
  const { value } = reading.located;
  if (!isMap(value)) return undefined;
  const file = new Section(reading, [{ map: value, path: [] }]);
  if (!isMap(valueAt(value, ['backend']))) return file.fault('backend', 'expected a map with `type`.');
  const backend = file.section('backend');
  const kind = backend.text('type');
  const made = kind === 'vllm' ? readVllm(backend) : kind === 'llama_cpp' ? readLlamaCpp(backend) : undefined;
  if (made === undefined) {
    if (kind !== 'vllm' && kind !== 'llama_cpp') backend.fault('type', 'expected one of vllm, llama_cpp.');
    return undefined;
  }
  backend.tellRest();
  file.tellRest(['backend']);
  const { upstream, model } = made;
  return {
    ...{ form: 'backend', server: defaultServer, hub: {}, upstreams: [upstream], models: [model] },
    ...{ servesUnlisted: false, routing: defaultRouting, passThrough: [] },
  };
}

interface Made {
  readonly upstream: UpstreamConfiguration;
  readonly model: ModelConfiguration;
}

const forLauncher = 'only a start of vLLM can act on it: pass it to `vllm serve`. A server that runs is taken as it is.';

function readVllm(backend: Section): Made | undefined {
  const name = backend.text('model') ?? backend.text('model_path');
  backend.accept('model_path');
  if (name === undefined) return backend.fault('model', 'expected the name of the model that the server was started with.');
  const address = backend.text('api_base') ?? `http://${backend.text('host') ?? 'localhost'}:${backend.count('port') ?? 8000}`;
  backend.accept('host', 'port');
  if (!URL.canParse(address)) return backend.fault('api_base', 'expected an address that begins with http:// or https://.');
  backend.setAside(forLauncher, 'tensor_parallel_size', 'dtype', 'gpu_memory_utilization', 'trust_remote_code');
  const contextTokens = backend.count('max_model_len');
  const upstream: UpstreamConfiguration = {
    ...{ name: 'vllm', kind: 'vllm', baseUrl: fitAddress('vllm', address), headers: {}, verifiesCertificate: true },
    ...given({ apiKey: backend.secret('api_key'), contextTokens }),
  };
  return { upstream, model: readModel(backend, { name, upstream: 'vllm', dialects: { json: undefined } }) };
}

function readLlamaCpp(backend: Section): Made | undefined {
  const written = backend.text('model_path');
  if (written === undefined) return backend.fault('model_path', 'expected a GGUF file.');
  const layers = backend.json('n_gpu_layers');
  if (layers !== undefined && !(typeof layers === 'number' && Number.isInteger(layers) && layers >= -1)) {
    backend.fault('n_gpu_layers', 'expected a whole number: 0 for none, -1 for all.');
  }
  backend.setAside('llama.cpp has no such mode any more. Lower `n_gpu_layers` or `n_ctx` where memory is short.', 'low_vram');
  const upstream: UpstreamConfiguration = {
    ...{ name: 'llama-cpp', kind: 'embedded', model: resolve(written), gpu: layers === 0 ? 'off' : 'auto', slots: 1 },
    ...given({
      ...{ contextTokens: backend.count('n_ctx'), threads: backend.count('n_threads'), batchTokens: backend.count('n_batch') },
      ...{ mapsFile: backend.flag('use_mmap'), locksMemory: backend.flag('use_mlock') },
      gpuLayers: typeof layers === 'number' && layers > 0 ? layers : undefined,
    }),
  };
  const name = (written.split(/[/\\]/).at(-1) ?? written).replace(/\.gguf$/i, '');
  return {
    upstream,
    model: readModel(backend, { name, upstream: 'llama-cpp', dialects: { json: 'envelope', 'llama-native': 'llama-3-json' } }),
  };
}

interface ModelParts {
  readonly name: string;
  readonly upstream: string;
  /** the dialect of each `function_calling.format`; undefined: that of the model's family */
  readonly dialects: Readonly<Record<string, string | undefined>>;
}

function readModel(backend: Section, { name, upstream, dialects }: ModelParts): ModelConfiguration {
  return {
    ...{ name, aliases: [], mode: 'chat', rules: defaultRules, tags: [], groups: [] },
    targets: [
      {
        ...{ upstream, model: name, weight: 1, order: 0, tags: [], limits: {}, defaults: {}, rules: {} },
        ...{ timeouts: given({ requestMs: backend.seconds('timeout') ?? backend.seconds('timeout_seconds') }) },
        drops: { dropsUnsupported: false, paths: [] },
      },
    ],
    defaults: readSampling(backend),
    drops: { dropsUnsupported: false, paths: [] },
    facts: readCalling(backend.section('function_calling'), dialects),
  };
}

function readSampling(backend: Section): JsonObject {
  const written: Readonly<Record<string, JsonValue | undefined>> = {
    temperature: backend.number('temperature', 2),
    top_p: backend.number('top_p', 1),
    top_k: backend.count('top_k'),
    repetition_penalty: backend.number('repeat_penalty', 2),
    max_tokens: backend.count('max_tokens'),
  };
  return given(written) as JsonObject;
}

function readCalling(section: Section, dialects: ModelParts['dialects']): ModelFacts {
  const format = section.text('format');
  if (format !== undefined && !Object.hasOwn(dialects, format))
    section.fault('format', `expected one of ${Object.keys(dialects).join(', ')}.`);
  const facts = {
    tools: section.flag('enabled') === false ? false : undefined,
    dialect: format === undefined ? undefined : dialects[format],
    repairs: section.count('max_retries'),
  };
  section.tellRest();
  return given(facts);
}
