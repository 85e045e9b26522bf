import { GatewayError } from '../../protocol/error.ts';
import type { JsonObject } from '../../protocol/json.ts';
import { tokenAttribute } from '../embedded/addon.ts';
import { type ControlTokens, listControlTokens } from '../embedded/control-tokens.ts';
import { type AskServer, tokenizeFramed, tokenizeTexts } from './token-lists.ts';

/** What is known of a served model's tokens. */
export interface Vocabulary {
  readonly controls: ControlTokens;
  /** texts by token id, a control token's its spelling; '' where the bytes are no whole text */
  readonly pieces: readonly string[];
  /** spellings that are one token each in any text */
  readonly markers: ReadonlySet<string>;
  /** the token that the server puts before a prompt that begins with a text */
  readonly begin: number | undefined;
  /** it puts tokens around such a prompt, at either end */
  readonly framesPrompts: boolean;
}

/** Ids listed in one call: 16,384 pieces are half a megabyte of JSON. */
const idsPerCall = 16_384;

/** How structure is spelled: a bracket or bar, and a letter or digit. A control token that is a bare word is not found. */
const bracket = /[<>[\]{}|｜]/;
const sign = /[\p{L}\p{N}]/u;
const marker = /^[<[{|].*[>\]}|]$/s;

/**
 * Finds a vocabulary's control tokens, which llama-server lists nowhere: every token is spelled (`/tokenize` with ids), and what looks like structure is
 * tokenised with and without an eye for control tokens. `named` are spellings that are looked at whatever they look like.
 */
export async function readVocabulary(
  ask: AskServer,
  { size, named }: { readonly size: number; readonly named: readonly string[] },
  signal?: AbortSignal,
): Promise<Vocabulary> {
  const pieces = await spellTokens(ask, size, signal);
  const candidates = pieces.flatMap((piece, token) => (isStructure(piece) || named.includes(piece) ? [token] : []));
  const attributes = await findAttributes(ask, { pieces, candidates }, signal);
  const controls = listControlTokens(
    { getTokenString: (token) => pieces[token], getTokenAttributes: (token) => attributes.get(token) ?? tokenAttribute.normal },
    size,
  );
  const [[bare = []], framed] = await Promise.all([
    tokenizeTexts(ask, ['a'], { hasSpecials: true }, signal),
    tokenizeFramed(ask, 'a', signal),
  ]);
  const begin = framed[0] === bare[0] ? undefined : framed[0];
  const markers = [...attributes].filter(([, bits]) => bits & tokenAttribute.userDefined).map(([token]) => pieces[token] ?? '');
  return { controls, pieces, markers: new Set(markers), begin, framesPrompts: framed.length !== bare.length };
}

function isStructure(piece: string): boolean {
  return piece.length >= 3 && bracket.test(piece) && sign.test(piece);
}

async function spellTokens(ask: AskServer, size: number, signal: AbortSignal | undefined): Promise<readonly string[]> {
  const pieces: string[] = [];
  while (pieces.length < size) {
    const content = Array.from({ length: Math.min(idsPerCall, size - pieces.length) }, (_, index) => pieces.length + index);
    const { tokens } = await ask('/tokenize', { content, with_pieces: true }, signal);
    if (!Array.isArray(tokens) || tokens.length !== content.length)
      throw new GatewayError('engine_failed', 'llama-server does not spell its tokens: a version from 2025 or later is needed.');
    for (const token of tokens) pieces.push(readPiece(token as JsonObject));
  }
  return pieces;
}

/** Bytes that are no whole text come as a list of numbers. */
function readPiece({ piece }: JsonObject): string {
  return typeof piece === 'string' ? piece : '';
}

/** What the candidates are, as llama.cpp's bits. */
async function findAttributes(
  ask: AskServer,
  { pieces, candidates }: { readonly pieces: readonly string[]; readonly candidates: readonly number[] },
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<number, number>> {
  const texts = candidates.map((token) => pieces[token] ?? '');
  const [seen, plain] = await Promise.all([
    tokenizeTexts(ask, texts, { hasSpecials: true }, signal),
    tokenizeTexts(ask, texts, { hasSpecials: false }, signal),
  ]);
  const isAlone = (tokens: readonly number[] | undefined, token: number) => tokens?.length === 1 && tokens[0] === token;
  const attributes = new Map<number, number>();
  for (const [index, token] of candidates.entries()) {
    if (!isAlone(seen[index], token)) continue;
    if (!isAlone(plain[index], token)) attributes.set(token, tokenAttribute.control);
    else if (marker.test(texts[index] ?? '')) attributes.set(token, tokenAttribute.userDefined);
  }
  await addStripping(ask, { pieces, attributes }, signal);
  return attributes;
}

/** A token that swallows white space gives the same ids with a blank behind it as without. */
async function addStripping(
  ask: AskServer,
  { pieces, attributes }: { readonly pieces: readonly string[]; readonly attributes: Map<number, number> },
  signal: AbortSignal | undefined,
): Promise<void> {
  const tokens = [...attributes.keys()];
  const texts = tokens.flatMap((token) => [`${pieces[token]} a`, `${pieces[token]}a`]);
  const lists = await tokenizeTexts(ask, texts, { hasSpecials: true }, signal);
  for (const [index, token] of tokens.entries()) {
    const isSame = String(lists[2 * index]) === String(lists[2 * index + 1]);
    if (isSame) attributes.set(token, (attributes.get(token) ?? 0) | tokenAttribute.stripsAfter);
  }
}
