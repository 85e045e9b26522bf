import type { Difference } from './scene.ts';

const usage = ['got.body.usage', 'got.stream.usages.*.usage'];
const model = ['got.body.data.*', 'got.body'];

/** What differs in scene after scene. Each has to be met in one of them at least. */
export const commonDifferences: readonly Difference[] = [
  {
    at: ['sent.*.body.stream'],
    ours: false,
    why: '`stream: false` is always said to the engine; LiteLLM says it to some kinds of engines only',
  },
  {
    at: ['sent.*.key'],
    litellm: 'Bearer none',
    ours: 'none',
    why: '`api_key: none` means no key, so none is sent; LiteLLM sends the word `none`',
  },
  {
    at: ['sent.*.key'],
    litellm: 'Bearer fake-api-key',
    ours: 'none',
    why: 'where the file has no key none is sent; LiteLLM sends `fake-api-key`',
  },
  {
    at: usage.map((each) => `${each}.prompt_tokens_details.cached_tokens`),
    ours: 0,
    why: 'usage always says how many prompt tokens came from the cache, 0 too; LiteLLM leaves it out where the engine does',
  },
  {
    at: usage.flatMap((each) => [
      `${each}.completion_tokens_details`,
      ...['cache_write_tokens', 'text_tokens', 'cache_creation_tokens'].map((name) => `${each}.prompt_tokens_details.${name}`),
      ...['cost', 'cache_creation_input_tokens', 'cache_read_input_tokens', 'service_tier'].map((name) => `${each}.${name}`),
    ]),
    ours: undefined,
    why: 'LiteLLM adds counts of its own to usage, mostly 0, and a price; here usage has the fields of OpenAI that the engine told',
  },
  {
    at: ['got.body.usage.completion_tokens'],
    litellm: 0,
    ours: undefined,
    why: 'vectors have no `completion_tokens`, as at OpenAI; LiteLLM says 0',
  },
  {
    at: ['got.body.system_fingerprint'],
    ours: undefined,
    why: "LiteLLM hands on the engine's `system_fingerprint`; answers here are of the gateway, which has none",
  },
  {
    at: ['got.body.error.code', 'got.stream.error.code'],
    why: "`error.code` is a word that tells what happened (docs/errors.md), as OpenAI's; LiteLLM repeats the status as text",
  },
  {
    at: ['got.body.error.type', 'got.stream.error.type'],
    why: "`error.type` is one of six words (docs/errors.md) by who can mend it; LiteLLM has its own or the engine's",
  },
  {
    at: ['got.body.error.param'],
    litellm: undefined,
    why: 'an error names the field it is about in `error.param`; LiteLLM leaves it empty',
  },
  {
    at: ['got.body.error.provider_specific_fields'],
    ours: undefined,
    why: 'LiteLLM repeats the message in `provider_specific_fields`; here it is said once',
  },
  {
    at: ['got.retryAfter'],
    ours: true,
    why: '`retry-after` tells clients when it is worth asking again; LiteLLM does not say it',
  },
  {
    at: ['got.headers'],
    why: 'one header tells how an answer was made, `x-rookery-plan`, and the log who made it; LiteLLM has a dozen `x-litellm-*` on every answer',
  },
  {
    at: model.map((each) => `${each}.owned_by`),
    litellm: 'openai',
    ours: 'rookery',
    why: 'models are `owned_by` the gateway; LiteLLM says `openai` of all',
  },
  {
    at: model.flatMap((each) => ['max_input_tokens', 'max_output_tokens', 'mode'].map((name) => `${each}.${name}`)),
    ours: undefined,
    why: "lists of models say `max_model_len`, as vLLM's; LiteLLM says `max_input_tokens`, `max_output_tokens` and `mode` where it knows them",
  },
  {
    at: model.flatMap((each) => ['engine', 'max_model_len', 'context_length', 'aliases'].map((name) => `${each}.${name}`)),
    litellm: undefined,
    why: 'lists of models say the engine, the context and the aliases too',
  },
];
