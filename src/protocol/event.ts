import type { GatewayError } from './error.ts';
import type { Usage } from './usage.ts';

/** Why an answer ended. `length` is never relabelled. */
export type FinishReason = 'stop' | 'length' | 'tool_calls' | 'content_filter';

/** How a tool call ended: whole, whole after repair, or cut off (its JSON was closed by us). */
export type CallState = 'complete' | 'repaired' | 'truncated';

/** A repair of a call's arguments. */
export interface Fix {
  readonly code: string;
  readonly path?: string;
}

/** What was wrong with a model's text; reported, never thrown. */
export type IssueCode =
  | 'unknown-tool'
  | 'extra-call'
  | 'orphan-markup'
  | 'unterminated'
  | 'malformed-arguments'
  | 'schema-mismatch'
  | 'not-a-call';

/** What one turn of the model says, in order. Append-only: no event is ever taken back. */
export type TurnEvent =
  | { readonly type: 'text-delta'; readonly text: string }
  | { readonly type: 'reasoning-delta'; readonly text: string }
  | { readonly type: 'tool-call-start'; readonly index: number; readonly name: string; readonly id?: string; readonly isKnown: boolean }
  /** the next piece of the arguments' JSON text */
  | { readonly type: 'tool-call-delta'; readonly index: number; readonly text: string }
  | { readonly type: 'tool-call-end'; readonly index: number; readonly state: CallState; readonly fixes: readonly Fix[] }
  | { readonly type: 'issue'; readonly code: IssueCode; readonly offset: number; readonly length: number };

/** A candidate of one position, with its raw log probability (natural logarithm, before temperature and penalties). */
export interface TokenCandidate {
  readonly token: number;
  readonly text: string;
  readonly logprob: number;
  /** the token's bytes, where they are no whole text */
  readonly bytes?: readonly number[];
}

/** A written token with its log probability and the likeliest alternatives, likeliest first. */
export interface TokenLogprob extends TokenCandidate {
  readonly top: readonly TokenCandidate[];
}

/** What a request gives, in order: a turn's events, then `finish` for each choice, then one `usage`. */
export type GenerateEvent =
  | TurnEvent
  | { readonly type: 'logprobs-delta'; readonly tokens: readonly TokenLogprob[] }
  | { readonly type: 'finish'; readonly reason: FinishReason; readonly stop?: string | number }
  | { readonly type: 'usage'; readonly usage: Usage }
  /** ends the whole request, after which nothing follows */
  | { readonly type: 'error'; readonly error: GatewayError };

/** Events that came with one read from the engine, all of one choice. `usage` and `error` come with choice 0. */
export interface EventBatch {
  readonly choice: number;
  readonly events: readonly GenerateEvent[];
}

/** One finished tool call. */
export interface GeneratedCall {
  readonly id: string;
  readonly name: string;
  /** JSON text */
  readonly argumentsJson: string;
  readonly state: CallState;
}

/** One finished answer. */
export interface GenerateChoice {
  readonly index: number;
  readonly text: string;
  readonly reasoning: string;
  readonly calls: readonly GeneratedCall[];
  readonly finish: FinishReason;
  readonly stop?: string | number;
  readonly logprobs: readonly TokenLogprob[];
}

/** A request's events, collected. */
export interface GenerateResult {
  readonly choices: readonly GenerateChoice[];
  readonly usage: Usage;
}
