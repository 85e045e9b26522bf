import { join } from 'node:path';
import { root } from './paths.mjs';

/** Requests at once and tokens of each, the same for every engine: small, so that starts are quick and limits are met. */
export const slots = 2;
export const contextTokens = 2048;

const toolTemplate = join(root, 'scripts', 'engines', 'tiny-tools.jinja');
const toolTemplateGo = join(root, 'scripts', 'engines', 'tiny-tools.gotmpl');
const vllmTemplate = ['--chat-template', toolTemplate];
const ours = ['--slots', String(slots), '--context', String(contextTokens)];

/**
 * Every way an engine is started for the suite. `module` in scripts/engines starts it with `start`; `upstream` tells our server of it by its address;
 * `watch` names the numbers that show its work; one without a `module` needs nothing but our server.
 */
export const variants = [
  { name: 'embedded-bare', engine: 'embedded', serve: ['--tiny', ...ours], what: "the model's own template" },
  {
    name: 'embedded-tools',
    engine: 'embedded',
    serve: ['--tiny', ...ours, '--chat-template', toolTemplate],
    what: 'a template with tools',
  },
  {
    name: 'llama-server-bare',
    engine: 'llama-server',
    module: 'llama-server',
    upstream: (url) => `llama-server=${url}`,
    watch: 'llama-server',
    what: "the model's own template",
  },
  {
    name: 'llama-server-tools',
    engine: 'llama-server',
    module: 'llama-server',
    start: { extraArgs: ['--chat-template-file', toolTemplate] },
    upstream: (url) => `llama-server=${url}`,
    watch: 'llama-server',
    what: 'a template with tools',
  },
  {
    name: 'openai-llama-server',
    engine: 'openai',
    module: 'llama-server',
    start: { extraArgs: ['--chat-template-file', toolTemplate] },
    upstream: (url) => `openai=${url}/v1`,
    watch: 'llama-server',
    what: "llama-server's /v1, a template with tools",
  },
  { name: 'ollama-bare', engine: 'ollama', module: 'ollama', upstream: (url) => `ollama=${url}`, what: 'the template that Ollama chose' },
  {
    name: 'ollama-tools',
    engine: 'ollama',
    module: 'ollama',
    start: { template: toolTemplateGo },
    upstream: (url) => `ollama=${url}`,
    what: 'a template with tools',
  },
  {
    name: 'vllm-bare',
    engine: 'vllm',
    module: 'vllm',
    upstream: (url) => `vllm=${url}`,
    watch: 'vllm',
    what: "the model's own template",
  },
  {
    name: 'vllm-tools',
    engine: 'vllm',
    module: 'vllm',
    start: { extraArgs: vllmTemplate },
    upstream: (url) => `vllm=${url}`,
    watch: 'vllm',
    what: 'a template with tools',
  },
  {
    name: 'vllm-parsers',
    engine: 'vllm',
    module: 'vllm',
    start: { extraArgs: vllmTemplate, parsers: true },
    upstream: (url) => `vllm=${url}`,
    watch: 'vllm',
    what: 'a template with tools, its own parsers on',
  },
  cloudVariant('openai', 'OPENAI_API_KEY', 'gpt-4.1-mini'),
  cloudVariant('anthropic', 'ANTHROPIC_API_KEY', 'claude-haiku-4-5'),
];

/** Runs only where its key is in the environment; `ROOKERY_LIVE_MODEL` names another model. */
function cloudVariant(engine, key, usualModel) {
  const model = process.env.ROOKERY_LIVE_MODEL ?? usualModel;
  const address = engine === 'openai' ? 'openai=https://api.openai.com/v1' : 'anthropic';
  return {
    name: `${engine}-cloud`,
    engine: 'cloud',
    key,
    serve: ['--upstream', `${address},key=env:${key},model=${model}`],
    isTiny: false,
    contextTokens: 1_100_000,
    what: model,
  };
}

/** A server that somebody started already, as `kind=address`. */
export function describeRunning(word) {
  const kind = word.slice(0, word.indexOf('='));
  return {
    name: `${kind}-running`,
    engine: kind,
    serve: ['--upstream', word],
    isTiny: false,
    watch: kind === 'vllm' ? 'vllm' : undefined,
    engineUrl: kind === 'vllm' ? word.slice(kind.length + 1) : undefined,
    what: 'a server that was running',
  };
}

/** The embedded engine on whatever GPU there is. */
export const gpuVariant = { name: 'embedded-gpu', engine: 'embedded', serve: ['--tiny', ...ours, '--gpu', 'auto'], what: 'on a GPU' };
