import { type AddonModel, tokenAttribute, vocabularyType } from './addon.ts';
import type { ControlTokens } from './control-tokens.ts';

/** The bytes of tokens, so that characters split over several tokens can be put together. */
export interface TokenBytes {
  /** bytes of one token as they stand in the text; a control token's are its spelling */
  of(token: number): Uint8Array;
  /** the token stands for structure (end of turn, start of a role), not for text */
  isControl(token: number): boolean;
}

/** Reads token bytes from the vocabulary's own spellings, each token once. */
export function readTokenBytes(
  model: Pick<AddonModel, 'getTokenString' | 'getTokenAttributes' | 'getVocabularyType' | 'detokenize'>,
  controls: Pick<ControlTokens, 'has'>,
): TokenBytes {
  const known = new Map<number, Uint8Array>();
  const type = model.getVocabularyType();
  const read = (token: number): Uint8Array => {
    const spelling = model.getTokenString(token) ?? '';
    const attributes = model.getTokenAttributes(token);
    if (attributes & (tokenAttribute.control | tokenAttribute.userDefined | tokenAttribute.unknown)) return Buffer.from(spelling);
    if (attributes & tokenAttribute.byte) return Uint8Array.of(Number.parseInt(spelling.slice(3, 5), 16));
    if (type === vocabularyType.bytePair) return bytesOfBytePairSpelling(spelling);
    if (type === vocabularyType.sentencePiece || type === vocabularyType.unigram) return Buffer.from(spelling.replaceAll('\u2581', ' '));
    return Buffer.from(model.detokenize(Uint32Array.of(token), true));
  };
  return {
    of(token) {
      let bytes = known.get(token);
      if (!bytes) known.set(token, (bytes = read(token)));
      return bytes;
    },
    isControl: (token) => controls.has(token) || (model.getTokenAttributes(token) & tokenAttribute.unknown) !== 0,
  };
}

/** GPT-2's spelling of bytes: printable ones as themselves, the others from U+0100 on. Source: openai/gpt-2, encoder.py, bytes_to_unicode. */
function buildByteOfCharacter(): ReadonlyMap<number, number> {
  const byteOf = new Map<number, number>();
  let next = 0x100;
  for (let byte = 0; byte < 256; byte++) {
    const isPrintable = (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
    byteOf.set(isPrintable ? byte : next++, byte);
  }
  return byteOf;
}

const byteOfCharacter = buildByteOfCharacter();

function bytesOfBytePairSpelling(spelling: string): Uint8Array {
  const bytes: number[] = [];
  for (const character of spelling) {
    const code = character.codePointAt(0) ?? 0;
    const byte = byteOfCharacter.get(code);
    if (byte !== undefined) bytes.push(byte);
    else bytes.push(...Buffer.from(character));
  }
  return Uint8Array.from(bytes);
}
