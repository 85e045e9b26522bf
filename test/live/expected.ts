/**
 * What a check is expected to come to. `works`: it holds; `engine`: it holds because the engine is bound while it writes; `checked`: it holds or is
 * refused with `output_invalid`, since the finished answer is looked at; `refused code`: this engine cannot, and says so; `unknown`: never run here, so
 * every typed answer is written down and none is a fault.
 */
export type Expectation = 'works' | 'engine' | 'checked' | 'unknown' | `refused ${string}`;

const unsupported = 'refused unsupported_feature';

/** What an engine comes to that renders nothing, takes our grammars and has a tokenizer. The keys are the capabilities, in the order of the page. */
const usual = {
  'chat.whole': 'works',
  'chat.streamed': 'works',
  'chat.seed': 'works',
  'chat.n': 'works',
  'chat.length': 'works',
  'chat.stop': 'works',
  'chat.stop-tokens': 'works',
  'chat.sampling': 'works',
  'chat.logit-bias': 'works',
  'chat.logprobs': 'works',
  'chat.unknown-field': 'works',
  'chat.reasoning-effort': 'works',
  'chat.history': 'works',
  'chat.context': 'works',
  'chat.model': 'works',
  'chat.picture': unsupported,
  'tools.auto': 'engine',
  'tools.auto-unbound': 'works',
  'tools.strict': 'engine',
  'tools.required': 'engine',
  'tools.named': 'engine',
  'tools.none': 'works',
  'tools.one': 'engine',
  'tools.several': 'engine',
  'tools.with-format': 'engine',
  'format.json-object': 'engine',
  'format.json-schema': 'engine',
  'format.regex': 'engine',
  'format.choice': 'engine',
  'format.grammar': 'engine',
  'format.structural-tag': 'engine',
  'format.completion': 'engine',
  conversation: 'works',
  'models.list': 'works',
  'completions.text': 'works',
  'completions.tokens': 'works',
  'tokenize.text': 'works',
  'tokenize.chat': 'works',
  embeddings: 'works',
  'abort.before-first-byte': 'works',
  'abort.mid-stream': 'works',
  'abort.whole': 'works',
} as const satisfies Readonly<Record<string, Expectation>>;

/** The name of a capability: a row of the table in docs/engines.md. */
export type CheckId = keyof typeof usual;
type Differences = Readonly<Partial<Record<CheckId, Expectation>>>;

const embedded: Differences = { 'chat.unknown-field': 'refused unknown_parameter' };

const unbound = 'checked';

/** It renders and calls by itself; what it does with a choice of tools is its own affair, so every answer is looked at. */
const openai: Differences = {
  'chat.stop-tokens': unsupported,
  'tools.auto': 'works',
  'tools.strict': unbound,
  'tools.required': unbound,
  'tools.named': unbound,
  'tools.one': unbound,
  'tools.several': unbound,
  'format.regex': unbound,
  'format.choice': unbound,
  'format.grammar': unsupported,
  'format.structural-tag': unsupported,
  'format.completion': unsupported,
  conversation: unbound,
  'tokenize.text': unsupported,
  'tokenize.chat': unsupported,
  embeddings: unsupported,
};

/** It takes schemas and no grammars: what is no schema is checked. */
const ollama: Differences = {
  'chat.stop-tokens': unsupported,
  'chat.logit-bias': unsupported,
  'chat.unknown-field': 'refused unknown_parameter',
  'tools.auto': 'works',
  'tools.strict': unbound,
  'tools.with-format': unbound,
  'format.grammar': unsupported,
  'format.structural-tag': unsupported,
  'completions.tokens': unsupported,
  'tokenize.text': unsupported,
  'tokenize.chat': unsupported,
  embeddings: unsupported,
};

/** The format of tools that are told in words has no opener that a grammar could wait for: calls that the model may make are checked. */
const wordsOnly: Differences = { 'tools.auto': 'works', 'tools.strict': unbound };

const llamaServer: Differences = { embeddings: unsupported };

/**
 * It does not tell how large its model is, so calls that the model may make are bound only where a tool is strict; what it says of pictures comes as it said it.
 */
const vllm: Differences = {
  'chat.picture': 'refused invalid_request',
  'tools.auto': 'works',
  embeddings: unsupported,
};

/** Variants of engines, and where each differs. A variant that is not here is new: `unknown` for all. */
const variants: Readonly<Record<string, Differences>> = {
  'embedded-bare': embedded,
  'embedded-tools': embedded,
  'embedded-gpu': embedded,
  'openai-llama-server': openai,
  'llama-server-bare': { ...llamaServer, ...wordsOnly },
  'llama-server-tools': llamaServer,
  'ollama-bare': ollama,
  'ollama-tools': ollama,
  'vllm-bare': { ...vllm, ...wordsOnly },
  'vllm-tools': vllm,
  'vllm-parsers': vllm,
};

/** What is expected of a check on a variant. */
export function expectationOf(variant: string, id: CheckId): Expectation {
  const differences = variants[variant];
  if (differences === undefined) return 'unknown';
  return differences[id] ?? usual[id];
}
