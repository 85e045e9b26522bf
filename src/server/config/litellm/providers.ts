import type { RemoteKind } from '../configuration.ts';

/** How a provider is reached that a model's prefix names. */
export interface Provider {
  readonly kind: RemoteKind;
  /** where it is when the row says nothing; absent: the row has to say it */
  readonly url?: string;
  /** variables that may say where it is */
  readonly urlVariables?: readonly string[];
  /** the variable with its key, sent to its own address only */
  readonly keyVariable?: string;
  /** nothing works without a key at its own address */
  readonly needsKey?: true;
}

const cloud = (url: string, keyVariable: string): Provider => ({ kind: 'openai', url, keyVariable, needsKey: true });
const ollama: Provider = {
  kind: 'ollama',
  url: 'http://localhost:11434',
  urlVariables: ['OLLAMA_API_BASE'],
  keyVariable: 'OLLAMA_API_KEY',
};
const openai: Provider = { ...cloud('https://api.openai.com/v1', 'OPENAI_API_KEY'), urlVariables: ['OPENAI_BASE_URL', 'OPENAI_API_BASE'] };

/** Providers by the prefix of `model`. Source: LiteLLM 1.109, get_llm_provider_logic.py; each provider's own pages for its OpenAI-compatible address. */
export const providers: Readonly<Record<string, Provider>> = {
  openai,
  'text-completion-openai': openai,
  custom_openai: { kind: 'openai' },
  openai_like: { kind: 'openai' },
  hosted_vllm: { kind: 'vllm', urlVariables: ['HOSTED_VLLM_API_BASE'], keyVariable: 'HOSTED_VLLM_API_KEY' },
  vllm: { kind: 'vllm', urlVariables: ['HOSTED_VLLM_API_BASE'], keyVariable: 'HOSTED_VLLM_API_KEY' },
  ollama,
  ollama_chat: ollama,
  anthropic: {
    ...{ kind: 'anthropic', url: 'https://api.anthropic.com', urlVariables: ['ANTHROPIC_API_BASE', 'ANTHROPIC_BASE_URL'] },
    ...{ keyVariable: 'ANTHROPIC_API_KEY', needsKey: true },
  },
  gemini: cloud('https://generativelanguage.googleapis.com/v1beta/openai', 'GEMINI_API_KEY'),
  openrouter: cloud('https://openrouter.ai/api/v1', 'OPENROUTER_API_KEY'),
  groq: cloud('https://api.groq.com/openai/v1', 'GROQ_API_KEY'),
  mistral: cloud('https://api.mistral.ai/v1', 'MISTRAL_API_KEY'),
  deepseek: cloud('https://api.deepseek.com/v1', 'DEEPSEEK_API_KEY'),
  together_ai: cloud('https://api.together.ai/v1', 'TOGETHERAI_API_KEY'),
  fireworks_ai: cloud('https://api.fireworks.ai/inference/v1', 'FIREWORKS_AI_API_KEY'),
  lm_studio: { kind: 'openai', url: 'http://127.0.0.1:1234/v1', urlVariables: ['LM_STUDIO_API_BASE'], keyVariable: 'LM_STUDIO_API_KEY' },
  llamafile: { kind: 'openai', url: 'http://127.0.0.1:8080/v1', urlVariables: ['LLAMAFILE_API_BASE'], keyVariable: 'LLAMAFILE_API_KEY' },
  litellm_proxy: { kind: 'openai', urlVariables: ['LITELLM_PROXY_API_BASE'], keyVariable: 'LITELLM_PROXY_API_KEY' },
};

/** Prefixes whose APIs nothing here speaks, with what to do instead. */
export const unsupported: Readonly<Record<string, string>> = {
  azure: 'Azure also answers as OpenAI does: use `openai/<deployment>` with `api_base: https://<resource>.openai.azure.com/openai/v1`.',
  azure_ai: 'Use `openai/<model>` with the OpenAI-compatible address of the resource.',
  bedrock: "Put a server that speaks OpenAI's API before it, and use `openai/<model>` with its `api_base`.",
  sagemaker: "Put a server that speaks OpenAI's API before it, and use `openai/<model>` with its `api_base`.",
  vertex_ai: 'Use `gemini/<model>` with a key, or `openai/<model>` with an OpenAI-compatible address.',
};

/** Names without a prefix that everybody knows. Others need a prefix or an `api_base`. */
const knownNames: readonly (readonly [RegExp, string])[] = [
  [/^(gpt-|chatgpt-|o[134](-|$)|text-embedding-|davinci-|babbage-)/, 'openai'],
  [/^claude-/, 'anthropic'],
];

/** A row's `model`, understood. */
export type NamedModel = { readonly provider: Provider; readonly prefix: string; readonly model: string } | { readonly problem: string };

/**
 * Finds the provider that `model` (and `custom_llm_provider`) names. The first segment is the provider, the rest the model's name: `openai/Qwen/Qwen2.5-7B-Instruct`. A prefix nobody
 * knows, with an `api_base`, is part of the name of a model on an OpenAI-compatible server.
 */
export function readModelName(written: string, custom: string | undefined, hasAddress: boolean): NamedModel {
  const [first = '', ...others] = written.split('/');
  const prefix = custom ?? (others.length > 0 ? first : undefined);
  const model = others.length > 0 && (custom === undefined || custom === first) ? others.join('/') : written;
  const provider = prefix === undefined ? undefined : ownOf(providers, prefix);
  if (prefix !== undefined && provider) return { provider, prefix, model };
  const advice = prefix === undefined ? undefined : ownOf(unsupported, prefix);
  if (advice !== undefined) return { problem: `the provider ${prefix} is not spoken here. ${advice}` };
  if (hasAddress) return { provider: { kind: 'openai' }, prefix: 'openai', model: custom === undefined ? written : model };
  const guessed = prefix === undefined ? knownNames.find(([form]) => form.test(written))?.[1] : undefined;
  const guess = guessed === undefined ? undefined : providers[guessed];
  if (guessed !== undefined && guess) return { provider: guess, prefix: guessed, model: written };
  return {
    problem: `no provider is known for it. Expected one of ${Object.keys(providers).join('/, ')}/ before the name, or an \`api_base\` of an OpenAI-compatible server.`,
  };
}

function ownOf<T>(table: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
