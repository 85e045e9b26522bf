import type { JsonObject, JsonValue } from '../protocol/json.ts';
import { byteOfLetter } from './token-bytes.ts';

/** What a hand-made vocabulary holds beside its letters. */
export interface SmallVocabulary {
  readonly merges?: readonly (readonly [string, string])[];
  readonly added?: readonly {
    readonly content: string;
    /** default: the next free one */
    readonly id?: number;
    readonly special?: boolean;
    readonly lstrip?: boolean;
    readonly rstrip?: boolean;
  }[];
  readonly more?: JsonObject;
  readonly model?: JsonObject;
}

/** A byte-pair tokenizer.json: ids 0 to 255 are the bytes, then a token for each merge, then the added ones. */
export function bytePairJson({ merges = [], added = [], more = {}, model = {} }: SmallVocabulary = {}): JsonObject {
  const letters = [...byteOfLetter].sort(([, left], [, right]) => left - right).map(([letter]) => letter);
  const cut = { type: 'Split', pattern: { Regex: ' ?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+|\\s+' }, behavior: 'Isolated', invert: false };
  return {
    normalizer: null,
    pre_tokenizer: { type: 'Sequence', pretokenizers: [cut, { type: 'ByteLevel', add_prefix_space: false, use_regex: false }] },
    post_processor: null,
    decoder: { type: 'ByteLevel' },
    model: { type: 'BPE', unk_token: null, byte_fallback: false, ...model, ...listWords(letters, merges) },
    added_tokens: numberAdded(letters.length + merges.length, added),
    ...more,
  };
}

/** A SentencePiece-like tokenizer.json: `<unk>`, 256 byte tokens, U+2581 and a to z, then merges and added tokens. A text gets a space in front. */
export function wordJson({ merges = [], added = [], more = {}, model = {} }: SmallVocabulary = {}): JsonObject {
  const bytes = Array.from({ length: 256 }, (_, byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`);
  const letters = ['<unk>', ...bytes, '\u2581', ...'abcdefghijklmnopqrstuvwxyz'];
  const replaceSpaces = { type: 'Replace', pattern: { String: ' ' }, content: '\u2581' };
  const decoders = [
    { type: 'Replace', pattern: { String: '\u2581' }, content: ' ' },
    { type: 'ByteFallback' },
    { type: 'Fuse' },
    { type: 'Strip', content: ' ', start: 1, stop: 0 },
  ];
  return {
    normalizer: { type: 'Sequence', normalizers: [{ type: 'Prepend', prepend: '\u2581' }, replaceSpaces] },
    pre_tokenizer: null,
    post_processor: null,
    decoder: { type: 'Sequence', decoders },
    model: { type: 'BPE', unk_token: '<unk>', fuse_unk: true, byte_fallback: true, ...model, ...listWords(letters, merges) },
    added_tokens: [
      { id: 0, content: '<unk>', special: true, lstrip: false, rstrip: false },
      ...numberAdded(letters.length + merges.length, added),
    ],
    ...more,
  };
}

function listWords(letters: readonly string[], merges: readonly (readonly [string, string])[]): JsonObject {
  const words = [...letters, ...merges.map(([left, right]) => left + right)];
  return { vocab: Object.fromEntries(words.map((word, id) => [word, id])), merges: merges.map(([left, right]) => [left, right]) };
}

function numberAdded(first: number, added: NonNullable<SmallVocabulary['added']>): readonly JsonValue[] {
  return added.map((token, index) => ({ id: first + index, special: true, lstrip: false, rstrip: false, ...token }));
}

/** Segments of text as a template wrote it. */
export function plain(...texts: readonly string[]): { readonly text: string; readonly isLiteral: boolean }[] {
  return texts.map((text) => ({ text, isLiteral: false }));
}

/** Segments of text as a user wrote it. */
export function literal(...texts: readonly string[]): { readonly text: string; readonly isLiteral: boolean }[] {
  return texts.map((text) => ({ text, isLiteral: true }));
}
