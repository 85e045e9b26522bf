import type { VocabularyTokens } from './byte-vocabulary.ts';
import { type GgufTensor, type GgufValue, writeGguf } from './gguf-writer.ts';

/** A model of llama's architecture whose single block does nothing: scores = output x norm(embedding of the last token). */
export interface BigramModel {
  readonly name: string;
  readonly vocabulary: VocabularyTokens;
  readonly eosToken: number;
  readonly bosToken: number;
  /** the engine puts `bosToken` before every prompt */
  readonly addsBos: boolean;
  readonly chatTemplate: string;
  readonly templateVariants?: Readonly<Record<string, string>>;
  readonly contextTokens: number;
  /** a multiple of 32 */
  readonly embeddingLength: number;
  /** one row of `embeddingLength` numbers for each token */
  readonly embeddings: Float32Array;
  /** one row of `embeddingLength` numbers for each token: its score is the product with the normalised embedding */
  readonly outputs: Float32Array;
}

const headLength = 32;
const feedForwardLength = 32;
const normEpsilon = 1e-6;

/** Writes the model as a GGUF file. Source: llama.cpp, `LLM_ARCH_LLAMA`. */
export function writeBigramModel(path: string, model: BigramModel): void {
  writeGguf(path, { metadata: { ...bodyMetadata(model), ...tokenizerMetadata(model) }, tensors: tensorsOf(model) });
}

function bodyMetadata(model: BigramModel): Record<string, GgufValue> {
  const count = (value: number): GgufValue => ({ type: 'uint32', value });
  return {
    'general.architecture': { type: 'string', value: 'llama' },
    'general.name': { type: 'string', value: model.name },
    'general.file_type': count(0),
    'llama.context_length': count(model.contextTokens),
    'llama.embedding_length': count(model.embeddingLength),
    'llama.block_count': count(1),
    'llama.feed_forward_length': count(feedForwardLength),
    'llama.attention.head_count': count(1),
    'llama.attention.head_count_kv': count(1),
    'llama.attention.key_length': count(headLength),
    'llama.attention.value_length': count(headLength),
    'llama.attention.layer_norm_rms_epsilon': { type: 'float32', value: normEpsilon },
    'llama.rope.dimension_count': count(headLength),
    'llama.vocab_size': count(model.vocabulary.spellings.length),
  };
}

function tokenizerMetadata({ vocabulary, templateVariants = {}, ...model }: BigramModel): Record<string, GgufValue> {
  const variants = Object.entries(templateVariants).map(
    ([name, value]) => [`tokenizer.chat_template.${name}`, { type: 'string', value }] as const,
  );
  return {
    'tokenizer.ggml.model': { type: 'string', value: 'gpt2' },
    'tokenizer.ggml.pre': { type: 'string', value: 'qwen2' },
    'tokenizer.ggml.tokens': { type: 'string[]', value: vocabulary.spellings },
    'tokenizer.ggml.token_type': { type: 'int32[]', value: vocabulary.types },
    'tokenizer.ggml.merges': { type: 'string[]', value: vocabulary.merges },
    'tokenizer.ggml.eos_token_id': { type: 'uint32', value: model.eosToken },
    'tokenizer.ggml.bos_token_id': { type: 'uint32', value: model.bosToken },
    'tokenizer.ggml.padding_token_id': { type: 'uint32', value: model.bosToken },
    'tokenizer.ggml.add_bos_token': { type: 'bool', value: model.addsBos },
    'tokenizer.chat_template': { type: 'string', value: model.chatTemplate },
    ...Object.fromEntries(variants),
  };
}

function tensorsOf(model: BigramModel): GgufTensor[] {
  const wide = model.embeddingLength;
  const vocabularyTokens = model.vocabulary.spellings.length;
  const zeros = (name: string, inputs: number, outputs: number): GgufTensor => ({
    name,
    shape: [inputs, outputs],
    data: new Float32Array(inputs * outputs),
  });
  const ones = (name: string): GgufTensor => ({ name, shape: [wide], data: new Float32Array(wide).fill(1) });
  return [
    { name: 'token_embd.weight', shape: [wide, vocabularyTokens], data: model.embeddings },
    ones('output_norm.weight'),
    { name: 'output.weight', shape: [wide, vocabularyTokens], data: model.outputs },
    ones('blk.0.attn_norm.weight'),
    zeros('blk.0.attn_q.weight', wide, headLength),
    zeros('blk.0.attn_k.weight', wide, headLength),
    zeros('blk.0.attn_v.weight', wide, headLength),
    zeros('blk.0.attn_output.weight', headLength, wide),
    ones('blk.0.ffn_norm.weight'),
    zeros('blk.0.ffn_gate.weight', wide, feedForwardLength),
    zeros('blk.0.ffn_up.weight', wide, feedForwardLength),
    zeros('blk.0.ffn_down.weight', feedForwardLength, wide),
  ];
}
