import { GatewayError } from '../protocol/error.ts';
import type { JsonObject } from '../protocol/json.ts';
import type { GgufMetadataValue } from './gguf-metadata.ts';
import { type PreTokenizer, preTokenizers } from './gguf-pre-tokenizers.ts';
import { mergesOfScores } from './score-merges.ts';
import type { AddedToken, TextModelData, TokenizerData } from './tokenizer-data.ts';

/** The keys of a GGUF file that make its tokenizer. */
export function isTokenizerKey(key: string): boolean {
  return key === 'general.name' || (key.startsWith('tokenizer.ggml.') && key !== 'tokenizer.ggml.precompiled_charsmap');
}

/** Numbers of `tokenizer.ggml.token_type`. Source: llama.cpp, include/llama.h, enum llama_token_type. */
const tokenType = { normal: 1, unknown: 2, control: 3, userDefined: 4, unused: 5, byte: 6 } as const;

type Metadata = ReadonlyMap<string, GgufMetadataValue>;

interface Vocabulary {
  readonly tokens: readonly string[];
  readonly types: readonly number[];
  readonly scores: readonly number[];
  readonly merges: readonly string[];
  readonly metadata: Metadata;
}

/**
 * Makes tokenizer data of a GGUF file's metadata: byte-pair vocabularies (`gpt2`, `gemma4`) and SentencePiece ones with scores (`llama`). Throws
 * `unsupported_feature` for others (WordPiece, Unigram, RWKV) and for unknown ways of cutting words, `model_file_invalid` for a file without a vocabulary.
 */
export function readGgufVocabulary(metadata: Metadata): TokenizerData {
  const model = text(metadata, 'model');
  const tokens = list(metadata, 'tokens', 'string');
  if (model === undefined || tokens === undefined || tokens.length === 0)
    throw new GatewayError(
      'model_file_invalid',
      'The file holds no vocabulary (tokenizer.ggml.tokens). Name the model itself, not a projector or adapter.',
    );
  const vocabulary: Vocabulary = {
    tokens,
    types: list(metadata, 'token_type', 'number') ?? [],
    scores: list(metadata, 'scores', 'number') ?? [],
    merges: list(metadata, 'merges', 'string') ?? [],
    metadata,
  };
  if (model === 'llama') return readSentencePiece(vocabulary);
  if (model === 'gpt2' || model === 'gemma4') return readBytePair(vocabulary, findPreTokenizer(model, metadata));
  throw unsupported(`a vocabulary of the kind "${model}"`);
}

function findPreTokenizer(model: string, metadata: Metadata): PreTokenizer {
  const name = model === 'gemma4' ? 'gemma4' : (text(metadata, 'pre') ?? 'default');
  const known = preTokenizers.get(name);
  if (known === undefined) throw unsupported(`the way of cutting words "${name}"`);
  return known;
}

function unsupported(what: string): GatewayError {
  const next = "Use the model's tokenizer.json, or the engine's own tokenizer (`/tokenize` of a running node).";
  return new GatewayError('unsupported_feature', `The file has ${what}, which is not known here. ${next}`);
}

function readBytePair(vocabulary: Vocabulary, preTokenizer: PreTokenizer): TokenizerData {
  const isSpelledInWords = preTokenizer.isSpelledInWords === true;
  const cuts = preTokenizer.cuts.map((cut) => ({ type: 'Split', pattern: { Regex: cut }, behavior: 'Isolated', invert: false }));
  const letters = { type: 'ByteLevel', add_prefix_space: false, use_regex: false };
  const settings = {
    type: 'BPE',
    ignore_merges: preTokenizer.ignoresMerges === true,
    byte_fallback: isSpelledInWords,
    fuse_unk: false,
    unk_token: null,
  };
  return {
    text: {
      normalizer: isSpelledInWords ? escapeSpaces : null,
      preTokenizer: { type: 'Sequence', pretokenizers: isSpelledInWords ? cuts : [...cuts, letters] },
      model: { ...settings, vocab: vocabOf(vocabulary.tokens) },
      merges: vocabulary.merges.map(splitMerge),
    },
    decoder: isSpelledInWords ? wordDecoder(false) : { type: 'ByteLevel' },
    ...readSpecials(vocabulary, { addsBos: preTokenizer.addsBos === true, bosId: undefined, eosId: undefined }),
  };
}

function readSentencePiece(vocabulary: Vocabulary): TokenizerData {
  const hasPrefix = flag(vocabulary.metadata, 'add_space_prefix') ?? true;
  const mayMerge = (id: number) => {
    const type = vocabulary.types[id] ?? tokenType.normal;
    return type === tokenType.normal || type === tokenType.userDefined || type === tokenType.unused;
  };
  return {
    text: {
      normalizer: hasPrefix ? { type: 'Sequence', normalizers: [{ type: 'Prepend', prepend: '\u2581' }, escapeSpaces] } : escapeSpaces,
      preTokenizer: null,
      ...readScoredModel(vocabulary, mayMerge),
    },
    decoder: wordDecoder(hasPrefix),
    ...readSpecials(vocabulary, { addsBos: true, bosId: 1, eosId: 2 }),
  };
}

function readScoredModel(
  { tokens, types, scores }: Vocabulary,
  mayMerge: (id: number) => boolean,
): Pick<TextModelData, 'model' | 'merges' | 'mergeRanks'> {
  const unknown = tokens.find((_, id) => types[id] === tokenType.unknown) ?? null;
  const { merges, ranks } = mergesOfScores(tokens, scores, mayMerge);
  return {
    model: { type: 'BPE', byte_fallback: true, fuse_unk: false, ignore_merges: false, unk_token: unknown, vocab: vocabOf(tokens) },
    merges,
    mergeRanks: ranks,
  };
}

const escapeSpaces: JsonObject = { type: 'Replace', pattern: { String: ' ' }, content: '\u2581' };

function wordDecoder(hasPrefix: boolean): JsonObject {
  const strip = hasPrefix ? [{ type: 'Strip', content: ' ', start: 1, stop: 0 }] : [];
  const decoders = [{ type: 'Replace', pattern: { String: '\u2581' }, content: ' ' }, { type: 'ByteFallback' }, { type: 'Fuse' }, ...strip];
  return { type: 'Sequence', decoders };
}

/** Of a token that is listed twice the last place counts, as in llama.cpp. */
function vocabOf(tokens: readonly string[]): JsonObject {
  return Object.fromEntries(tokens.map((token, id) => [token, id]));
}

function splitMerge(merge: string): readonly [string, string] {
  const at = merge.indexOf(' ', 1);
  return at < 0 ? [merge, ''] : [merge.slice(0, at), merge.slice(at + 1)];
}

type Specials = Pick<TokenizerData, 'added' | 'bosId' | 'eosId' | 'paddingId' | 'before' | 'after'>;

function readSpecials(
  { tokens, types, metadata }: Vocabulary,
  defaults: { readonly addsBos: boolean; readonly bosId: number | undefined; readonly eosId: number | undefined },
): Specials {
  const inVocabulary = (id: number | undefined) => (id !== undefined && id >= 0 && id < tokens.length ? id : undefined);
  const bosId = inVocabulary(number(metadata, 'bos_token_id')) ?? inVocabulary(defaults.bosId);
  const eosId = inVocabulary(number(metadata, 'eos_token_id')) ?? inVocabulary(defaults.eosId);
  const paddingId = inVocabulary(number(metadata, 'padding_token_id'));
  const addsBos = flag(metadata, 'add_bos_token') ?? defaults.addsBos;
  const stripsAfter = findStripping(text(metadata, 'general.name', ''));
  return {
    added: tokens
      .flatMap((content, id) => readAddedToken(content, id, types[id]) ?? [])
      .map((token) => ({ ...token, stripsAfter: stripsAfter(token) })),
    ...(bosId === undefined ? {} : { bosId }),
    ...(eosId === undefined ? {} : { eosId }),
    ...(paddingId === undefined ? {} : { paddingId }),
    before: addsBos && bosId !== undefined ? [bosId] : [],
    after: flag(metadata, 'add_eos_token') === true && eosId !== undefined ? [eosId] : [],
  };
}

function readAddedToken(content: string, id: number, type: number | undefined): AddedToken | undefined {
  const isTyped = type === tokenType.control || type === tokenType.unknown || (type === tokenType.userDefined && content === '</s>');
  const isControl = isTyped || controlNames.has(content);
  if (!isControl && type !== tokenType.userDefined) return undefined;
  return { id, content, kind: isControl ? 'control' : 'user-defined', stripsBefore: false, stripsAfter: false };
}

/**
 * Tokens that end an answer, and are control tokens even where a file forgets to say so. Not a plain `</s>`: that is a tag of HTML.
 * Source: llama.cpp, src/llama-vocab.cpp, special_eog_ids.
 */
const controlNames: ReadonlySet<string> = new Set([
  '<|eot_id|>',
  '<|im_end|>',
  '<|end|>',
  '<|return|>',
  '<|call|>',
  '<|flush|>',
  '<|calls|>',
  '<end_of_turn>',
  '<|endoftext|>',
  '<|eom_id|>',
  '<EOT>',
  '_<EOT>',
  '[EOT]',
  '[EOS]',
  '<|end_of_text|>',
  '<end_of_utterance>',
  '<eos>',
  '<turn|>',
  '<|tool_response>',
  '<｜end▁of▁sentence｜>',
  '[e~[',
]);

/** GGUF does not say which tokens swallow the white space after them; of Phi-3 it is known. Source: llama.cpp, src/llama-vocab.cpp. */
function findStripping(name: string): (token: AddedToken) => boolean {
  if (!/phi-?3/i.test(name)) return () => false;
  return ({ content }) => !['<unk>', '<s>', '<|endoftext|>'].includes(content);
}

function value(metadata: Metadata, key: string, prefix = 'tokenizer.ggml.'): GgufMetadataValue | undefined {
  return metadata.get(`${prefix}${key}`);
}

function text(metadata: Metadata, key: string): string | undefined;
function text(metadata: Metadata, key: string, prefix: ''): string;
function text(metadata: Metadata, key: string, prefix?: ''): string | undefined {
  const found = value(metadata, key, prefix);
  return typeof found === 'string' ? found : prefix;
}

function number(metadata: Metadata, key: string): number | undefined {
  const found = value(metadata, key);
  return typeof found === 'number' ? found : undefined;
}

function flag(metadata: Metadata, key: string): boolean | undefined {
  const found = value(metadata, key);
  return typeof found === 'boolean' ? found : undefined;
}

function list(metadata: Metadata, key: string, kind: 'string'): readonly string[] | undefined;
function list(metadata: Metadata, key: string, kind: 'number'): readonly number[] | undefined;
function list(metadata: Metadata, key: string, kind: 'string' | 'number'): readonly (string | number)[] | undefined {
  const found = value(metadata, key);
  return Array.isArray(found) && found.every((element) => typeof element === kind) ? found : undefined;
}
