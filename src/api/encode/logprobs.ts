import { Buffer } from 'node:buffer';
import type { TokenCandidate, TokenLogprob } from '../../protocol/event.ts';

/** What stands for a probability of zero, since JSON has no infinity. The value is OpenAI's. */
const leastLogprob = -9999;

/** Log probabilities of a chat choice or chunk. Source: OpenAI API reference, chat completion object, `logprobs.content`. */
export function encodeChatLogprobs(tokens: readonly TokenLogprob[]): unknown {
  return { content: tokens.map((each) => ({ ...encodeCandidate(each), top_logprobs: each.top.map(encodeCandidate) })), refusal: null };
}

/** Log probabilities of a completions choice or chunk. */
export interface CompletionLogprobs {
  readonly tokens: readonly string[];
  readonly token_logprobs: readonly number[];
  readonly top_logprobs: readonly Readonly<Record<string, number>>[];
  readonly text_offset: readonly number[];
}

/**
 * The older form. `firstOffset` is where the first token begins in the choice's text, in characters.
 * The written token is always among its candidates. Source: OpenAI API reference, legacy completion object.
 */
export function encodeCompletionLogprobs(tokens: readonly TokenLogprob[], firstOffset: number): CompletionLogprobs {
  let offset = firstOffset;
  const offsets = tokens.map((each) => {
    const here = offset;
    offset += each.text.length;
    return here;
  });
  return {
    tokens: tokens.map((each) => each.text),
    token_logprobs: tokens.map((each) => bounded(each.logprob)),
    top_logprobs: tokens.map(encodeTop),
    text_offset: offsets,
  };
}

function encodeTop(written: TokenLogprob): Readonly<Record<string, number>> {
  // two tokens can have the same text: the likelier one is kept, and they come likeliest first
  const byText = new Map<string, number>();
  for (const each of [...written.top, written]) {
    if (!byText.has(each.text)) byText.set(each.text, bounded(each.logprob));
  }
  return Object.fromEntries(byText);
}

function encodeCandidate(candidate: TokenCandidate): object {
  return { token: candidate.text, logprob: bounded(candidate.logprob), bytes: candidate.bytes ?? [...Buffer.from(candidate.text, 'utf8')] };
}

function bounded(logprob: number): number {
  return Math.max(logprob, leastLogprob);
}
