import { stringify } from 'yaml';
import { GatewayError } from '../../../protocol/error.ts';
import { findKeyFault } from '../find-key-fault.ts';
import type { Environment } from '../reading.ts';
import { part } from './write-parts.ts';

/** Where the first of several vLLM servers on one machine listens; the others on the ports after it. */
const firstVllmPort = 8000;

/**
 * A `rookery.yaml` made of the variables that nodes of this kind were set up by: LLM_BACKEND (ollama or vllm; absent: both), VLLM_MODELS, OLLAMA_MODELS and OPENAI_MODELS
 * (lists parted by commas), OPENAI_API_KEY, HUGGINGFACE_TOKEN, LITELLM_MASTER_KEY, OLLAMA_HOST. Secrets are named, never written. Throws `bad_usage` where they say nothing, or what
 * cannot be. Source: NapthaAI/node, `launch.sh`.
 */
export function writeStarter(environment: Environment): string {
  const backend = readBackend(environment);
  const vllm = backend === 'ollama' ? [] : readNames(environment.VLLM_MODELS);
  const ollama = backend === 'vllm' ? [] : readNames(environment.OLLAMA_MODELS);
  const openai = readNames(environment.OPENAI_MODELS);
  if (vllm.length + ollama.length + openai.length === 0) {
    throw new GatewayError('bad_usage', 'No model is named. Set VLLM_MODELS, OLLAMA_MODELS or OPENAI_MODELS, or leave --from-env out.');
  }
  if (openai.length > 0 && isMissing(environment.OPENAI_API_KEY)) {
    throw new GatewayError('bad_usage', 'OPENAI_MODELS is set, but OPENAI_API_KEY is not. Set it, or leave OPENAI_MODELS out.');
  }
  const vllmNames = vllm.map((_, index) => `vllm-${index + 1}`);
  const upstreams = part({
    ...Object.fromEntries(vllmNames.map((name, index) => [name, { kind: 'vllm', url: `http://127.0.0.1:${firstVllmPort + index}` }])),
    ...(ollama.length > 0 ? { ollama: { kind: 'ollama', url: ollamaUrl(environment.OLLAMA_HOST) } } : {}),
    ...(openai.length > 0 ? { openai: { kind: 'openai', url: 'https://api.openai.com/v1', key: 'env:OPENAI_API_KEY' } } : {}),
  });
  const models = new Map<string, string[]>();
  const add = (model: string, upstream: string) => models.set(model, [...(models.get(model) ?? []), upstream]);
  for (const [index, model] of vllm.entries()) add(model, vllmNames[index] ?? '');
  for (const model of ollama) add(model, 'ollama');
  for (const model of openai) add(model, 'openai');
  const masterKey = environment.LITELLM_MASTER_KEY?.trim() ?? '';
  const file = part({
    server: part({ key: masterKey !== '' && findKeyFault(masterKey) === undefined ? 'env:LITELLM_MASTER_KEY' : undefined }),
    hub: part({ token: isMissing(environment.HUGGINGFACE_TOKEN) ? undefined : 'env:HUGGINGFACE_TOKEN' }),
    upstreams,
    models: Object.fromEntries([...models].map(([model, targets]) => [model, { targets }])),
  });
  const remarks = [
    'Made by `rookery config init --from-env`. Check it: rookery config check.',
    ...(vllm.length > 0 ? ['Each vLLM server serves one model; correct the addresses where yours listen elsewhere.'] : []),
    ...(masterKey !== '' && findKeyFault(masterKey) !== undefined
      ? ['LITELLM_MASTER_KEY is no usable key, so callers need none: make one with `openssl rand -hex 32`.']
      : []),
  ];
  return `${remarks.map((remark) => `# ${remark}\n`).join('')}${stringify(file, { lineWidth: 140, aliasDuplicateObjects: false })}`;
}

function readBackend({ LLM_BACKEND: written }: Environment): 'vllm' | 'ollama' | undefined {
  const backend = written?.trim().toLowerCase() ?? '';
  if (backend === '') return undefined;
  if (backend === 'vllm' || backend === 'ollama') return backend;
  throw new GatewayError('bad_usage', 'LLM_BACKEND is neither `ollama` nor `vllm`. Set it to one of them, or leave it unset for both.');
}

function readNames(written = ''): readonly string[] {
  return [...new Set(written.split(',').map((name) => name.trim()))].filter((name) => name !== '');
}

function isMissing(value: string | undefined): boolean {
  return (value?.trim() ?? '') === '';
}

/** As Ollama's own programs read it: host and port, with or without `http://`; an address of all interfaces is this machine. */
function ollamaUrl(written = ''): string {
  const bare = written.trim().replace(/\/+$/, '');
  if (bare === '') return 'http://127.0.0.1:11434';
  const url = /^https?:\/\//.test(bare) ? bare : `http://${bare}`;
  const withPort = /:\d+$/.test(url) ? url : `${url}:11434`;
  return withPort.replace('//0.0.0.0', '//127.0.0.1');
}
