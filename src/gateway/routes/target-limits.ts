import type { TargetLimits } from './route-options.ts';

/** The window over which requests and tokens are counted, and the pieces it is forgotten in. */
const pieceMs = 1000;
const pieces = 60;

/** Counts what one target was given in the last minute, where the operator limits it. */
export class LimitCounter {
  readonly #limits: TargetLimits;
  readonly #requests = new Float64Array(pieces);
  readonly #tokens = new Float64Array(pieces);
  #piece = 0;
  #inParallel = 0;

  constructor(limits: TargetLimits) {
    this.#limits = limits;
  }

  /** Whether one more request may go there now. */
  hasRoom(nowMs: number): boolean {
    return this.waitMs(nowMs) === 0;
  }

  /** Milliseconds until one more may go there: 0 for now; a guess of a second where others have to end first. */
  waitMs(nowMs: number): number {
    const { requestsPerMinute = Infinity, tokensPerMinute = Infinity, parallel = Infinity } = this.#limits;
    if (this.#inParallel >= parallel) return pieceMs;
    if (requestsPerMinute === Infinity && tokensPerMinute === Infinity) return 0;
    this.#forget(nowMs);
    return Math.max(this.#untilUnder(this.#requests, requestsPerMinute, nowMs), this.#untilUnder(this.#tokens, tokensPerMinute, nowMs));
  }

  begin(nowMs: number): void {
    this.#inParallel += 1;
    this.#forget(nowMs);
    this.#add(this.#requests, 1);
  }

  /** A request has ended; `tokens` of prompt and answer together, 0 where nobody knows. */
  end(tokens: number, nowMs: number): void {
    this.#inParallel -= 1;
    this.#forget(nowMs);
    this.#add(this.#tokens, tokens);
  }

  #add(counts: Float64Array, amount: number): void {
    const at = this.#piece % pieces;
    counts[at] = (counts[at] ?? 0) + amount;
  }

  #forget(nowMs: number): void {
    const piece = Math.floor(nowMs / pieceMs);
    for (let gone = Math.max(this.#piece + 1, piece - pieces + 1); gone <= piece; gone++) {
      this.#requests[gone % pieces] = 0;
      this.#tokens[gone % pieces] = 0;
    }
    this.#piece = Math.max(this.#piece, piece);
  }

  /** The oldest pieces go first. */
  #untilUnder(counts: Float64Array, limit: number, nowMs: number): number {
    let sum = counts.reduce((total, count) => total + count, 0);
    if (sum < limit) return 0;
    for (let age = pieces - 1; age >= 0; age--) {
      const piece = this.#piece - age;
      sum -= counts[((piece % pieces) + pieces) % pieces] ?? 0;
      if (sum < limit) return Math.max(1, (piece + pieces) * pieceMs - nowMs);
    }
    return pieces * pieceMs;
  }
}
