import { GatewayError } from '../protocol/error.ts';
import type { JsonObject, JsonValue } from '../protocol/json.ts';

/** The bytes that tokens stand for, so that characters split over several tokens can be put together. */
export interface TokenBytes {
  /** none for an id that has no token */
  of(id: number): Uint8Array;
  /** a text's first space belongs to the vocabulary, not to the text */
  readonly hasLeadingSpace: boolean;
}

/** The tokens whose bytes are wanted. */
export interface Spellings {
  readonly spellings: readonly (string | undefined)[];
  kindOf(id: number): 'control' | 'user-defined' | undefined;
}

/** How a decoder of tokenizer.json spells bytes. */
interface Spelling {
  /** GPT-2's letters for bytes */
  isByteLevel: boolean;
  /** `<0x0A>` is a byte */
  hasByteTokens: boolean;
  hasLeadingSpace: boolean;
  /** texts that stand for others, such as U+2581 for a space */
  readonly replacements: [from: string, to: string][];
}

const noBytes = new Uint8Array(0);
const encoder = new TextEncoder();

/**
 * Reads token bytes by the rules of tokenizer.json's decoder, each token when it is first wanted. Throws `unsupported_feature` for a decoder whose text
 * depends on neighbouring tokens (WordPiece, CTC).
 */
export function readTokenBytes(decoder: JsonObject | null, { spellings, kindOf }: Spellings): TokenBytes {
  const spelling: Spelling = { isByteLevel: false, hasByteTokens: false, hasLeadingSpace: false, replacements: [] };
  if (decoder !== null) readDecoder(decoder, spelling);
  const known = new Map<number, Uint8Array>();
  const read = (id: number): Uint8Array => {
    const text = spellings[id];
    if (text === undefined) return noBytes;
    const kind = kindOf(id);
    // in a vocabulary of words, runs of spaces are added tokens too
    if (kind === 'control' || (kind === 'user-defined' && spelling.isByteLevel)) return encoder.encode(text);
    return spelling.isByteLevel ? bytesOfLetters(text) : bytesOfWord(text, spelling);
  };
  return {
    hasLeadingSpace: spelling.hasLeadingSpace,
    of(id) {
      let bytes = known.get(id);
      if (bytes === undefined) known.set(id, (bytes = read(id)));
      return bytes;
    },
  };
}

function readDecoder(decoder: JsonObject, spelling: Spelling): void {
  switch (decoder.type) {
    case 'ByteLevel':
      spelling.isByteLevel = true;
      return;
    case 'Sequence':
      for (const part of asList(decoder.decoders)) readDecoder(part as JsonObject, spelling);
      return;
    case 'Metaspace':
      spelling.replacements.push([typeof decoder.replacement === 'string' ? decoder.replacement : '\u2581', ' ']);
      spelling.hasLeadingSpace = decoder.prepend_scheme !== 'never' && decoder.add_prefix_space !== false;
      return;
    case 'Replace':
      spelling.replacements.push(readReplacement(decoder));
      return;
    case 'ByteFallback':
      spelling.hasByteTokens = true;
      return;
    case 'Strip':
      spelling.hasLeadingSpace = decoder.content === ' ' && Number(decoder.start) > 0;
      return;
    case 'Fuse':
      return;
    default:
      throw unsupported(String(decoder.type));
  }
}

function asList(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : [];
}

function readReplacement({ pattern, content }: JsonObject): [from: string, to: string] {
  const from = (pattern as JsonObject | undefined)?.String;
  if (typeof from !== 'string' || typeof content !== 'string') throw unsupported('Replace with a regular expression');
  return [from, content];
}

function unsupported(name: string): GatewayError {
  const next = "Decode with the engine's own tokenizer (`/detokenize` of a running node) instead.";
  return new GatewayError('unsupported_feature', `The tokenizer's decoder (${name}) is of a kind that is not known here. ${next}`);
}

function bytesOfWord(word: string, { hasByteTokens, replacements }: Spelling): Uint8Array {
  const byte = hasByteTokens ? /^<0x([0-9A-Fa-f]{2})>$/.exec(word)?.[1] : undefined;
  if (byte !== undefined) return Uint8Array.of(Number.parseInt(byte, 16));
  return encoder.encode(replacements.reduce((text, [from, to]) => text.replaceAll(from, to), word));
}

function bytesOfLetters(letters: string): Uint8Array {
  const bytes: number[] = [];
  for (const letter of letters) {
    const byte = byteOfLetter.get(letter);
    if (byte !== undefined) bytes.push(byte);
    else bytes.push(...encoder.encode(letter));
  }
  return Uint8Array.from(bytes);
}

/** GPT-2's spelling of bytes: printable ones as themselves, the others from U+0100 on. Source: openai/gpt-2, encoder.py, bytes_to_unicode. */
export const byteOfLetter: ReadonlyMap<string, number> = listByteLetters();

function listByteLetters(): ReadonlyMap<string, number> {
  const byteOf = new Map<string, number>();
  let next = 0x100;
  for (let byte = 0; byte < 256; byte += 1) {
    const isPrintable = (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
    byteOf.set(String.fromCodePoint(isPrintable ? byte : next), byte);
    if (!isPrintable) next += 1;
  }
  return byteOf;
}
