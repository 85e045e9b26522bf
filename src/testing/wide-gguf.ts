import { addToken, makeByteVocabulary, tokenTypes } from './byte-vocabulary.ts';
import { chatMlTemplate } from './chat-ml.ts';
import { writeBigramModel } from './llama-gguf.ts';

/** How a wide model is made. */
export interface WideModelOptions {
  /** default 151,936, the vocabulary of Qwen 2 and 3 */
  readonly vocabularyTokens?: number;
  /** default 4096 */
  readonly contextTokens?: number;
  /** default 1; the same seed gives the same file */
  readonly seed?: number;
}

const embeddingLength = 32;
/** gives scores a standard deviation of about 3, as those of a real model */
const outputScale = 0.9;

/**
 * Writes a GGUF model with the vocabulary of a large one and a body that costs nothing (39 MB at 151,936 tokens): what remains
 * of the time for each token is sampling. It writes random words; its tokens are the bytes, ChatML's control tokens and made-up words.
 */
export function writeWideModel(path: string, options: WideModelOptions = {}): void {
  const { vocabularyTokens = 151_936, contextTokens = 4096, seed = 1 } = options;
  const vocabulary = makeByteVocabulary();
  const bosToken = addToken(vocabulary, '<|endoftext|>', tokenTypes.control);
  addToken(vocabulary, '<|im_start|>', tokenTypes.control);
  const eosToken = addToken(vocabulary, '<|im_end|>', tokenTypes.control);
  for (let index = 0; vocabulary.spellings.length < vocabularyTokens; index++) addToken(vocabulary, `Ġ${wordOf(index)}`, tokenTypes.normal);
  const random = mulberry32(seed);
  const embeddings = randomNumbers(vocabularyTokens * embeddingLength, 1, random);
  const outputs = randomNumbers(vocabularyTokens * embeddingLength, outputScale, random);
  for (const token of [bosToken, eosToken]) outputs.fill(0, token * embeddingLength, (token + 1) * embeddingLength);
  writeBigramModel(path, {
    name: 'wide',
    vocabulary,
    eosToken,
    bosToken,
    addsBos: false,
    chatTemplate: chatMlTemplate([]),
    contextTokens,
    embeddingLength,
    embeddings,
    outputs,
  });
}

/** A made-up word of four letters or more, another one for each index. */
function wordOf(index: number): string {
  let rest = index + 26 ** 3;
  let word = '';
  for (; rest > 0; rest = Math.floor(rest / 26)) word += String.fromCharCode(97 + (rest % 26));
  return word;
}

/** Numbers between -scale and scale, evenly spread. */
function randomNumbers(count: number, scale: number, random: () => number): Float32Array {
  return Float32Array.from({ length: count }, () => (random() * 2 - 1) * scale);
}

/** Random numbers from 0 up to 1. Source: Tommy Ettinger's mulberry32, public domain. */
export function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
