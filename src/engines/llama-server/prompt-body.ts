import type { EnginePrompt, TextToTokenize } from '../../protocol/engine.ts';
import { GatewayError } from '../../protocol/error.ts';
import { cutPrompt, type PromptPiece } from '../embedded/prompt-pieces.ts';
import { type AskServer, tokenizeTexts } from './token-lists.ts';
import type { Vocabulary } from './vocabulary.ts';

/** A prompt as `/completion` takes it: a text, ids, or both mixed. In texts control tokens are read, and tokens are put before a text that comes first. */
export type WirePrompt = string | readonly (number | string)[];

/** A prompt that can be sent as it is, or the pieces whose ids must be asked for first. */
export type PromptPlan = { readonly wire: WirePrompt } | UnreadPrompt;

/** Pieces in order, and the token that is to stand before them unless they begin with it. */
export interface UnreadPrompt {
  readonly pieces: readonly PromptPiece[];
  readonly begin: number | undefined;
}

/**
 * Decides how a prompt gets its exact tokens without a call of its own: as text, its first control token as an id where the server would put another before it.
 * Where a caller has spelled a control token the ids must be asked for. Throws `invalid_request` for an empty prompt.
 */
export function planPrompt(prompt: EnginePrompt, vocabulary: Vocabulary): PromptPlan {
  if (prompt.form === 'messages') throw new GatewayError('internal_error', 'llama-server takes rendered prompts only.');
  if (prompt.form === 'tokens') return { wire: checkFilled(prompt.tokens) };
  const pieces = cutPrompt(prompt.segments, vocabulary.controls);
  const text = prompt.segments.map((segment) => segment.text).join('');
  const begin = prompt.isRendered ? undefined : vocabulary.begin;
  if (begin === undefined) checkFilled(text);
  const head = findHead(text, vocabulary);
  if (!pieces.some((piece) => isMisread(piece, vocabulary))) {
    if (head) return { wire: head.rest === '' ? [head.token] : [head.token, head.rest] };
    if (begin !== undefined) return { wire: text === '' ? [begin] : [begin, text] };
    if (!vocabulary.framesPrompts) return { wire: text };
  }
  return { pieces, begin };
}

/** Asks for the ids of pieces, with one call, or two where control tokens of ours stand beside ones that a caller has spelled. */
export async function askForIds(
  { pieces, begin }: UnreadPrompt,
  { ask, vocabulary, signal }: { readonly ask: AskServer; readonly vocabulary: Vocabulary; readonly signal: AbortSignal },
): Promise<readonly number[]> {
  const isRead = (piece: PromptPiece) => !isMisread(piece, vocabulary);
  const textsOf = (kind: boolean) => pieces.filter((piece) => isRead(piece) === kind).map(({ text }) => text);
  const [read, plain] = await Promise.all([
    tokenizeTexts(ask, textsOf(true), { hasSpecials: true }, signal),
    tokenizeTexts(ask, textsOf(false), { hasSpecials: false }, signal),
  ]);
  const lists = { read: read.values(), plain: plain.values() };
  const ids = pieces.flatMap((piece) => (isRead(piece) ? lists.read : lists.plain).next().value ?? []);
  return begin === undefined || ids[0] === begin ? ids : [begin, ...ids];
}

/** Token ids of a text. A prompt gets the begin-of-text token that an answer to it would get. */
export function tokenizeText(
  { segments, isPrompt }: TextToTokenize,
  options: { readonly ask: AskServer; readonly vocabulary: Vocabulary; readonly signal: AbortSignal },
): Promise<readonly number[]> {
  const { controls, begin } = options.vocabulary;
  return askForIds({ pieces: cutPrompt(segments, controls), begin: isPrompt ? begin : undefined }, options);
}

/** A literal text in which llama.cpp would read control tokens. One that was cut inside of a spelling must not be joined to its other half. */
function isMisread({ text, hasSpecials }: PromptPiece, { controls }: Vocabulary): boolean {
  if (hasSpecials) return false;
  const isHalf = controls.unruly.some((spelling) => text.endsWith(spelling.slice(0, 2)) || text.startsWith(spelling.slice(2)));
  return isHalf || controls.spellings.some((spelling) => text.includes(spelling));
}

/** The control token that a text begins with, where it can be told as an id. */
function findHead(text: string, { controls }: Vocabulary): { readonly token: number; readonly rest: string } | undefined {
  const spelling = controls.spellings.find((each) => text.startsWith(each));
  const token = spelling === undefined || controls.swallowing.has(spelling) ? undefined : controls.find(spelling);
  return token === undefined || spelling === undefined ? undefined : { token, rest: text.slice(spelling.length) };
}

function checkFilled<Prompt extends string | readonly number[]>(prompt: Prompt): Prompt {
  if (prompt.length > 0) return prompt;
  throw new GatewayError('invalid_request', 'The prompt is empty: give at least one token of text.', { param: 'prompt' });
}
