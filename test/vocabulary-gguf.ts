import type { GgufContent, GgufValue } from '#dist/testing/gguf-writer.js';

/** The parts of tokenizer.json and tokenizer_config.json that a conversion to GGUF reads. */
export interface TokenizerFiles {
  readonly json: {
    readonly added_tokens: readonly { readonly id: number; readonly content: string; readonly special: boolean }[];
    readonly decoder: { readonly type: string };
    readonly normalizer: unknown;
    readonly model: {
      readonly vocab: Readonly<Record<string, number>>;
      readonly merges: readonly (string | readonly [string, string])[];
      readonly unk_token?: string | null;
    };
  };
  readonly config: Readonly<Record<string, unknown>>;
}

/** Numbers of `tokenizer.ggml.token_type`. Source: llama.cpp, include/llama.h, enum llama_token_type. */
const types = { normal: 1, unknown: 2, control: 3, userDefined: 4, unused: 5, byte: 6 };

/**
 * A GGUF file that holds nothing but the vocabulary of a tokenizer.json, made by the rules of llama.cpp's converter. `pre` names the way of cutting words;
 * it is of no meaning to SentencePiece vocabularies. Source: llama.cpp of node-llama-cpp 3.22.1, conversion/base.py, get_vocab_base.
 */
export function describeVocabulary({ json, config }: TokenizerFiles, pre: string): GgufContent {
  const isBytePair = json.decoder.type === 'ByteLevel';
  const { tokens, tokenTypes } = listTokens(json);
  const idOf = (name: unknown) => tokens.indexOf(typeof name === 'string' ? name : ((name as { content?: string } | null)?.content ?? ''));
  const special = (key: string, name: unknown): readonly (readonly [string, GgufValue])[] =>
    idOf(name) < 0 ? [] : [[`tokenizer.ggml.${key}`, { type: 'uint32', value: idOf(name) }]];
  const entries: readonly (readonly [string, GgufValue])[] = [
    ['general.architecture', { type: 'string', value: 'llama' }],
    ['tokenizer.ggml.model', { type: 'string', value: isBytePair ? 'gpt2' : 'llama' }],
    ['tokenizer.ggml.pre', { type: 'string', value: pre }],
    ['tokenizer.ggml.tokens', { type: 'string[]', value: tokens }],
    ['tokenizer.ggml.token_type', { type: 'int32[]', value: tokenTypes }],
    isBytePair
      ? ['tokenizer.ggml.merges', { type: 'string[]', value: json.model.merges.map((merge) => pairOf(merge).join(' ')) }]
      : ['tokenizer.ggml.scores', { type: 'float32[]', value: scoresOf(json, tokens) }],
    ['tokenizer.ggml.add_space_prefix', { type: 'bool', value: JSON.stringify(json.normalizer).includes('"Prepend"') }],
    ...special('bos_token_id', config.bos_token),
    ...special('eos_token_id', config.eos_token),
    ...special('unknown_token_id', json.model.unk_token),
  ];
  return { metadata: Object.fromEntries(entries), tensors: [] };
}

function pairOf(merge: string | readonly [string, string]): readonly [string, string] {
  if (typeof merge !== 'string') return merge;
  const at = merge.indexOf(' ', 1);
  return [merge.slice(0, at), merge.slice(at + 1)];
}

function listTokens({ model, added_tokens: added }: TokenizerFiles['json']) {
  const ids = [...Object.values(model.vocab), ...added.map(({ id }) => id)];
  const count = ids.reduce((most, id) => Math.max(most, id), -1) + 1;
  const tokens = Array.from({ length: count }, (_, id) => `[PAD${id}]`);
  const tokenTypes = new Array<number>(count).fill(types.unused);
  for (const [token, id] of Object.entries(model.vocab)) {
    tokens[id] = token;
    tokenTypes[id] = /^<0x[0-9A-F]{2}>$/.test(token) ? types.byte : types.normal;
  }
  for (const { id, content, special } of added) {
    const isControl = special || looksSpecial(content);
    // the converter writes spaces into user-defined tokens
    tokens[id] = isControl ? content : content.replaceAll('\u2581', ' ');
    tokenTypes[id] = isControl ? types.control : types.userDefined;
    if (content === model.unk_token) tokenTypes[id] = types.unknown;
  }
  return { tokens, tokenTypes };
}

function looksSpecial(token: string): boolean {
  if (['<pad>', '<mask>', '<2mass>', '[@BOS@]'].includes(token)) return true;
  return [/^<\|.*\|>$/s, /^<｜.*｜>$/s, /^<unused.*>$/s].some((pattern) => pattern.test(token));
}

/** tokenizer.json has lost the scores; the order of its merges is what they meant. */
function scoresOf({ model }: TokenizerFiles['json'], tokens: readonly string[]): readonly number[] {
  const firstMerge = new Map<string, number>();
  model.merges.forEach((merge, index) => {
    const made = pairOf(merge).join('');
    if (!firstMerge.has(made)) firstMerge.set(made, index);
  });
  return tokens.map((token) => -(firstMerge.get(token) ?? 16_000_000));
}
