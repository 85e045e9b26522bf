import type { JsonObject } from '../../protocol/json.ts';
import { showPiece } from '../../tokenizers/show-piece.ts';
import { readTokenBytes } from '../../tokenizers/token-bytes.ts';

/** How vocabularies spell bytes: as texts, in GPT-2's letters, and with U+2581 for a space. */
const decoders: readonly (JsonObject | null)[] = [
  null,
  { type: 'ByteLevel' },
  {
    type: 'Sequence',
    decoders: [{ type: 'Replace', pattern: { String: '\u2581' }, content: ' ' }, { type: 'ByteFallback' }, { type: 'Fuse' }],
  },
];

/**
 * Tokens for people, of a server that tells them as its vocabulary spells them and does not tell how that is: the way in which they make up the
 * text is the right one. Where none does, they are shown as they were told.
 */
export function showSpellings(spellings: readonly string[], text: string): readonly string[] {
  const wanted = Buffer.from(text);
  for (const decoder of decoders) {
    const bytes = readTokenBytes(decoder, { spellings, kindOf: () => undefined });
    const pieces = spellings.map((_, index) => bytes.of(index));
    if (Buffer.concat(pieces).includes(wanted)) return pieces.map(showPiece);
  }
  return spellings.map((spelling) => showPiece(Buffer.from(spelling)));
}
