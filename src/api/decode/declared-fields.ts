import { only, onlyEmpty, type Refusal } from './body.ts';

/** Fields that say something about the caller or a cloud's billing, and change no answer made here. */
export const ignoredFields: readonly string[] = [
  'user',
  'metadata',
  'store',
  'service_tier',
  'safety_identifier',
  'prompt_cache_key',
  'prompt_cache_retention',
];

/** Fields of OpenAI's and vLLM's generating routes that are refused unless they ask for nothing. */
export const refusedFields = {
  min_tokens: { isHarmless: only(0), why: 'is not supported: an answer may always end early. Leave it out.' },
  use_beam_search: { isHarmless: only(false), why: 'is not supported. Use `n` with a temperature.' },
  best_of: { isHarmless: only(1), why: 'is not supported. Use `n` and choose among the answers.' },
  prompt_logprobs: { isHarmless: only(false), why: 'is not supported: only tokens of the answer have log probabilities.' },
  bad_words: { isHarmless: onlyEmpty, why: 'is not supported. Use `logit_bias`.' },
  include_stop_str_in_output: { isHarmless: only(false), why: 'is not supported: the stop text is never part of the answer.' },
  skip_special_tokens: { isHarmless: only(true), why: 'cannot be turned off: special tokens are never part of the answer.' },
  spaces_between_special_tokens: { isHarmless: () => true, why: '' },
  return_tokens_as_token_ids: { isHarmless: only(false), why: 'is not supported. Use `/tokenize`.' },
  return_token_ids: { isHarmless: only(false), why: 'is not supported. Use `/tokenize`.' },
  guardrails: { isHarmless: onlyEmpty, why: 'is not supported: nothing here looks at texts for that. Leave it out.' },
  mock_response: { isHarmless: () => false, why: 'is not supported: answers come from models. Leave it out.' },
  truncate_prompt_tokens: { isHarmless: () => false, why: 'is not supported: a prompt is never cut. Shorten it.' },
} satisfies Readonly<Record<string, Refusal>>;

/** Fields of the chat route alone that are refused unless they ask for nothing. */
export const refusedChatFields = {
  functions: { isHarmless: onlyEmpty, why: 'is the old name of `tools`. Send `tools`.' },
  function_call: { isHarmless: isNoCall, why: 'is the old name of `tool_choice`. Send `tool_choice`.' },
  modalities: {
    isHarmless: (value) => Array.isArray(value) && value.every((each) => each === 'text'),
    why: 'may only hold "text": nothing else is generated.',
  },
  audio: { isHarmless: () => false, why: 'is not supported: only text is generated.' },
  web_search_options: { isHarmless: () => false, why: 'is not supported: nothing here searches the web.' },
  prediction: { isHarmless: () => false, why: 'is not supported. Leave it out.' },
  add_generation_prompt: { isHarmless: only(true), why: 'cannot be false: the prompt always opens the answer.' },
  continue_final_message: { isHarmless: only(false), why: 'is not supported. Use `/v1/completions` with a prompt of your own.' },
  add_special_tokens: { isHarmless: only(false), why: "cannot be true: the model's template writes its special tokens." },
  echo: { isHarmless: only(false), why: 'is not supported for chats. Use `/v1/completions`.' },
} satisfies Readonly<Record<string, Refusal>>;

/** Fields of the completions route alone that are refused unless they ask for nothing. */
export const refusedCompletionFields = {
  suffix: {
    isHarmless: onlyEmpty,
    why: 'is not supported: nothing is filled in before a given ending. Put what the model needs into `prompt`.',
  },
  add_special_tokens: {
    isHarmless: only(true),
    why: 'cannot be false: a text prompt begins as the model was trained. Send token ids for full control.',
  },
} satisfies Readonly<Record<string, Refusal>>;

function isNoCall(value: unknown): boolean {
  return value === 'none' || value === 'auto';
}
