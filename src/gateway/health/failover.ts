import type { GatewayError } from '../../protocol/error.ts';
import type { Failure, FailureCounts } from './failure.ts';

/** The first pause after every upstream was tried; doubled for each further one. */
const firstPauseMs = 250;
/** The longest pause of our own choice; an upstream may ask for more. */
const longestPauseMs = 8_000;
/** Longer waits are left to the caller, who is told. */
const longestWaitMs = 60_000;
/** A longer wait is not worth it where a fallback can answer at once. */
const patienceMs = 2_000;

/** What an operator says of failures; the rules of the model that was asked for, not of its fallbacks. */
export interface FailoverRules {
  /** further tries after the first */
  readonly retries: number;
  readonly retriesFor: FailureCounts;
  /** least pause before a further try */
  readonly retryPauseMs: number;
  readonly fallbacks: readonly string[];
  readonly contextFallbacks: readonly string[];
  readonly contentFallbacks: readonly string[];
  readonly mostFallbacks: number;
}

/** How far a request has come when an attempt fails. */
export interface RequestProgress {
  /** an event was given to the caller: nothing may be tried any more */
  readonly hasBegun: boolean;
  /** attempts on the present model, the failed one included; one that found no healthy upstream counts too */
  readonly attempts: number;
  /** healthy upstreams of the present model that were not tried since the last pause */
  readonly untried: number;
  /** fallbacks that were used already, the present model included if it is one */
  readonly usedFallbacks: readonly string[];
  /** when the caller's or the operator's time is up, by the clock of `nowMs`; undefined: never */
  readonly deadlineMs: number | undefined;
}

/** What to do next. */
export type FailoverStep =
  /** another upstream of the same model, after `waitMs` (mostly 0) */
  | { readonly type: 'next-upstream'; readonly waitMs: number }
  /** the same model again, any of its upstreams: each was tried */
  | { readonly type: 'retry'; readonly waitMs: number }
  /** another model; attempts are counted from 0 */
  | { readonly type: 'fallback'; readonly model: string }
  /** the error goes to the caller, who may come back after so long; undefined: no use in that, or nobody knows */
  | { readonly type: 'give-up'; readonly retryAfterMs: number | undefined };

/** A failed attempt with all that the next step depends on. */
export interface FailedAttempt {
  readonly error: GatewayError;
  readonly failure: Failure;
  readonly progress: RequestProgress;
  readonly nowMs: number;
  /** 0 up to, not including, 1 */
  readonly random: () => number;
}

/**
 * What follows a failed attempt, before the first event only: the next upstream, then pauses and further tries up to the operator's number and the deadline, then
 * fallback models. A prompt that is too long and a refused content go to the fallbacks for these at once. Pauses are doubled and jittered, and at least what the
 * upstream asked for.
 */
export function decideFailover(rules: FailoverRules, attempt: FailedAttempt): FailoverStep {
  const { error, failure, progress, nowMs } = attempt;
  if (progress.hasBegun || error.code === 'client_closed' || isLate(progress, nowMs)) return giveUp(failure);
  if (error.code === 'context_length_exceeded') return fallBack(rules.contextFallbacks, rules, attempt);
  if (failure.kind === 'content-policy') return fallBack(rules.contentFallbacks, rules, attempt);
  if (!failure.mayRetry) return giveUp(failure);
  const retry = decideRetry(rules, attempt);
  if (retry?.type === 'next-upstream') return retry;
  if (retry && retry.waitMs <= patienceMs) return retry;
  const step = fallBack(rules.fallbacks, rules, attempt);
  return step.type === 'fallback' ? step : (retry ?? step);
}

/** A further try on the same model; undefined where its number or the deadline forbids one. */
function decideRetry(rules: FailoverRules, { failure, progress, nowMs, random }: FailedAttempt) {
  const { attempts, untried, deadlineMs } = progress;
  const retries = rules.retriesFor[failure.kind] ?? rules.retries;
  if (attempts > retries || (untried === 0 && !failure.isPassing)) return undefined;
  const waitMs = untried > 0 ? rules.retryPauseMs : Math.max(rules.retryPauseMs, pauseMs(failure, attempts, random));
  if (waitMs > longestWaitMs || (deadlineMs !== undefined && nowMs + waitMs >= deadlineMs)) return undefined;
  return { type: untried > 0 ? ('next-upstream' as const) : ('retry' as const), waitMs };
}

/** Between half and all of the doubled pause; after a wait that was asked for, up to a tenth more, so that not all come back at once. */
function pauseMs({ retryAfterMs }: Failure, attempts: number, random: () => number): number {
  if (retryAfterMs !== undefined) return retryAfterMs * (1 + random() / 10);
  const fullMs = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(30, Math.max(0, attempts - 1)));
  return (fullMs * (1 + random())) / 2;
}

function fallBack(models: readonly string[], { mostFallbacks }: FailoverRules, { failure, progress }: FailedAttempt): FailoverStep {
  const { usedFallbacks } = progress;
  const model = usedFallbacks.length < mostFallbacks ? models.find((name) => !usedFallbacks.includes(name)) : undefined;
  return model === undefined ? giveUp(failure) : { type: 'fallback', model };
}

function giveUp({ mayRetry, retryAfterMs }: Failure): FailoverStep {
  return { type: 'give-up', retryAfterMs: mayRetry ? retryAfterMs : undefined };
}

function isLate({ deadlineMs }: RequestProgress, nowMs: number): boolean {
  return deadlineMs !== undefined && nowMs >= deadlineMs;
}
