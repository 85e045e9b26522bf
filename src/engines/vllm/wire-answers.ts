import { GatewayError } from '../../protocol/error.ts';
import type { JsonObject } from '../../protocol/json.ts';

/** Asks the engine: a body makes it a POST. Throws what its refusal means, and `client_closed` when the signal is aborted. */
export type Ask = (path: string, body?: JsonObject, signal?: AbortSignal) => Promise<unknown>;

/** What `/tokenize` says of a text or a conversation. */
export interface Tokenized {
  readonly tokens: readonly number[];
  /** tokens of prompt and answer together */
  readonly contextTokens: number | undefined;
}

/** Reads `POST /tokenize`. Throws `engine_failed` where its answer has no token ids. */
export function readTokenized(answer: unknown): Tokenized {
  const { tokens, max_model_len } = fieldsOf(answer);
  if (!isTokenList(tokens)) throw new GatewayError('engine_failed', 'The engine answered /tokenize without token ids.');
  return { tokens, contextTokens: typeof max_model_len === 'number' ? max_model_len : undefined };
}

/** Reads `POST /detokenize`. Throws `engine_failed` where its answer has no text. */
export function readDetokenized(answer: unknown): string {
  const { prompt } = fieldsOf(answer);
  if (typeof prompt !== 'string') throw new GatewayError('engine_failed', 'The engine answered /detokenize without a text.');
  return prompt;
}

/** The fields of an object; of anything else none. */
export function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function isTokenList(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((token) => typeof token === 'number');
}
