import type { Failure, FailureCounts, FailureKind } from './failure.ts';

/** Failures are counted over so long. */
const countedMs = 60_000;

/** When a target rests. */
export interface CircuitRules {
  /** the first rest of a target that failed; doubled for each that follows without an answer between. 0: none. The last healthy one never rests */
  readonly cooldownMs: number;
  readonly longestCooldownMs: number;
  /** failures in a minute, less the answers since, after which it rests */
  readonly allowedFails: number;
  /** kinds that are counted apart, by a number of their own */
  readonly failsFor: FailureCounts;
  /** One of the operator's own engines: that it is busy (`rate-limit`) is backpressure, never a fault. */
  readonly isSelfHosted: boolean;
}

/** `trial`: it rested, and gets one request by which it is judged. */
export type CircuitState = 'closed' | 'resting' | 'trial';

/** An attempt that was begun, for telling how it ended. */
export interface CircuitAttempt {
  /** which period of the circuit it belongs to: what ends after the circuit has changed says nothing of it any more */
  readonly period: number;
  readonly isTrial: boolean;
}

/** The circuit of one target. Passive: it learns from attempts; that it may not rest is its group's to say. */
export class Circuit {
  readonly #rules: CircuitRules;
  readonly #failures = new Map<FailureKind | 'other', number[]>();
  #period = 0;
  #rests = 0;
  #restsUntilMs: number | undefined;
  #trialEndsMs: number | undefined;

  constructor(rules: CircuitRules) {
    this.#rules = rules;
  }

  /** while not closed: when a trial may be made */
  get restsUntilMs(): number | undefined {
    return this.#restsUntilMs;
  }

  state(nowMs: number): CircuitState {
    if (this.#restsUntilMs === undefined) return 'closed';
    return nowMs < this.#restsUntilMs ? 'resting' : 'trial';
  }

  /** Whether a request may go there: closed, or on trial with nobody trying. */
  mayTake(nowMs: number): boolean {
    const state = this.state(nowMs);
    return state === 'closed' || (state === 'trial' && !this.#isTried(nowMs));
  }

  /** A request goes there. One that goes there while it rests, because nothing else could be done, is judged like a trial. */
  begin(nowMs: number): CircuitAttempt {
    const isTrial = this.#restsUntilMs !== undefined;
    // a trial that nobody ends is given to another in time
    if (isTrial) this.#trialEndsMs = nowMs + this.#rules.longestCooldownMs;
    return { period: this.#period, isTrial };
  }

  /** It answered: the trial is passed; otherwise the answer makes up for a failure. */
  succeed({ period }: CircuitAttempt): void {
    if (period !== this.#period) return;
    if (this.#restsUntilMs !== undefined) this.close();
    for (const times of this.#failures.values()) times.shift();
  }

  /** The attempt was given up by the caller: nothing was learnt, and another may try. */
  abandon({ period, isTrial }: CircuitAttempt): void {
    if (isTrial && period === this.#period) this.#trialEndsMs = undefined;
  }

  /** Counts a failure. Gives whether the target should rest for it. */
  fail({ period }: CircuitAttempt, failure: Failure, nowMs: number): boolean {
    if (period !== this.#period || this.#rules.cooldownMs === 0) return false;
    this.#trialEndsMs = undefined;
    if (!failure.isOfUpstream || this.#isBackpressure(failure)) return false;
    if (this.#restsUntilMs !== undefined) return true;
    const asksForRest = failure.kind === 'rate-limit' && failure.retryAfterMs !== undefined;
    return this.#count(failure.kind, nowMs) || asksForRest;
  }

  /** Begins a rest: as long as the upstream asked, otherwise doubled from the last one; never over the longest. */
  rest(nowMs: number, retryAfterMs: number | undefined): void {
    const { cooldownMs, longestCooldownMs } = this.#rules;
    const ownMs = cooldownMs * 2 ** Math.min(this.#rests, 30);
    this.#change();
    this.#rests += 1;
    this.#restsUntilMs = nowMs + Math.min(longestCooldownMs, retryAfterMs ?? ownMs);
  }

  /** Healthy again, as if it had never failed. */
  close(): void {
    this.#change();
    this.#rests = 0;
    this.#restsUntilMs = undefined;
  }

  #change(): void {
    this.#period += 1;
    this.#trialEndsMs = undefined;
    this.#failures.clear();
  }

  #isTried(nowMs: number): boolean {
    return this.#trialEndsMs !== undefined && nowMs < this.#trialEndsMs;
  }

  #isBackpressure({ kind }: Failure): boolean {
    return kind === 'rate-limit' && this.#rules.isSelfHosted;
  }

  /** Whether there are now more of its kind than allowed. No more than one over that is ever kept. */
  #count(kind: FailureKind, nowMs: number): boolean {
    const own = this.#rules.failsFor[kind];
    const name = own === undefined ? 'other' : kind;
    const recent = (this.#failures.get(name) ?? []).filter((atMs) => atMs > nowMs - countedMs);
    recent.push(nowMs);
    const allowed = own ?? this.#rules.allowedFails;
    this.#failures.set(name, recent.slice(-allowed - 1));
    return recent.length > allowed;
  }
}
