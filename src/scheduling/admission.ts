import { GatewayError } from '../protocol/error.ts';

/** Bounds of one upstream's queue. */
export interface AdmissionOptions {
  /** requests that the engine has at once, at least 1 */
  readonly inFlight: number;
  /** the same for each group, where groups are never beside each other; default: `inFlight` for all */
  readonly placesOf?: (group: string) => number;
  /** requests that wait for a place, 0 or more */
  readonly queueLimit: number;
  /** longest wait, milliseconds */
  readonly queueTimeoutMs: number;
  /** Whether requests of these groups may be worked on at once: the models that an engine holds together. Default: any may. */
  readonly mayShare?: (groups: readonly string[]) => boolean;
  /** how long one group may keep the engine from another that waits; default 60,000 */
  readonly swapWaitMs?: number;
}

/** A right to use the engine. `release` gives it to the next in the queue; a second call does nothing. */
export interface Place {
  release(): void;
}

interface Waiter {
  readonly group: string;
  readonly sinceMs: number;
  readonly resolve: (place: Place) => void;
  readonly reject: (error: GatewayError) => void;
  readonly timer: NodeJS.Timeout;
  readonly stopListening: () => void;
}

/** Where the operator says nothing of swaps. */
const usualSwapWaitMs = 60_000;

/** How much the last interval between two answers counts in their average. */
const intervalShare = 0.2;
const longestRetrySeconds = 60;

/**
 * Holds the queue of one upstream, so that its engine stays nearly unqueued. First come, first served; but requests that wait for the group that is worked on go before
 * those of groups that cannot be beside it, for as long as none of these has waited too long. So ABCABC is served as AABBCC.
 */
export class Admission {
  #options: AdmissionOptions;
  /** who waits, by group, in the order of coming */
  readonly #waiting = new Map<string, Set<Waiter>>();
  #waitingCount = 0;
  /** worked on, by group; no group is there with 0 */
  readonly #working = new Map<string, number>();
  #inFlight = 0;
  /** the group that was let in last */
  #last: string | undefined;
  #isClosed = false;
  #whenIdle: (() => void) | undefined;
  #releasedMs: number | undefined;
  /** average time between two answers while somebody waits; undefined: nothing is known of it yet */
  #intervalMs: number | undefined;

  constructor(options: AdmissionOptions) {
    this.#options = options;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  get waiting(): number {
    return this.#waitingCount;
  }

  inFlightOf(group: string): number {
    return this.#working.get(group) ?? 0;
  }

  waitingOf(group: string): number {
    return this.#waiting.get(group)?.size ?? 0;
  }

  /** The engine has told how many requests it has at once; who waits for a place that there is now gets it. */
  resize(inFlight: number): void {
    this.#options = { ...this.#options, inFlight };
    this.#serve();
  }

  /** The operator has changed the bounds of the queue; who waits already stays. */
  change(bounds: Pick<AdmissionOptions, 'queueLimit' | 'queueTimeoutMs' | 'swapWaitMs'>): void {
    this.#options = { ...this.#options, ...bounds };
  }

  /** Which groups may be beside each other has changed, or how many places one has. */
  reconsider(): void {
    this.#serve();
  }

  /**
   * Waits for a place. Throws `queue_full` at once, `queue_timeout` after the wait, `shutting_down` when closed meanwhile.
   * An aborted signal gives the wait up with `client_closed`.
   */
  admit(signal: AbortSignal, group = ''): Promise<Place> {
    if (this.#isClosed) return Promise.reject(shuttingDown());
    if (signal.aborted) return Promise.reject(clientClosed());
    if (!this.#waiting.has(group) && this.#mayStart(group, this.#findOverdue())) return Promise.resolve(this.#takePlace(group));
    if (this.#waitingCount >= this.#options.queueLimit) return Promise.reject(this.#queueFull());
    return new Promise((resolve, reject) => this.#enqueue({ resolve, reject, group }, signal));
  }

  /** Resolves when nobody is worked on or waits. Who comes meanwhile is served too. */
  idle(): Promise<void> {
    if (this.#inFlight === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const before = this.#whenIdle;
      this.#whenIdle = () => {
        before?.();
        resolve();
      };
    });
  }

  /** Refuses whoever waits or comes later; resolves when no place is taken any more. */
  close(): Promise<void> {
    this.#isClosed = true;
    for (const waiter of [...this.#waiting.values()].flatMap((waiters) => [...waiters])) this.#drop(waiter, shuttingDown());
    return this.idle();
  }

  #enqueue(asked: Pick<Waiter, 'resolve' | 'reject' | 'group'>, signal: AbortSignal): void {
    const giveUp = () => this.#drop(waiter, clientClosed());
    const waiter: Waiter = {
      ...asked,
      sinceMs: performance.now(),
      timer: setTimeout(() => this.#drop(waiter, this.#queueTimeout()), this.#options.queueTimeoutMs),
      stopListening: () => signal.removeEventListener('abort', giveUp),
    };
    signal.addEventListener('abort', giveUp, { once: true });
    const waiters = this.#waiting.get(asked.group) ?? new Set();
    this.#waiting.set(asked.group, waiters.add(waiter));
    this.#waitingCount++;
  }

  #drop(waiter: Waiter, error: GatewayError): void {
    if (!this.#forget(waiter)) return;
    waiter.reject(error);
    // it may have kept others back for its group's sake
    this.#serve();
  }

  #forget(waiter: Waiter): boolean {
    clearTimeout(waiter.timer);
    waiter.stopListening();
    const waiters = this.#waiting.get(waiter.group);
    if (!waiters?.delete(waiter)) return false;
    if (waiters.size === 0) this.#waiting.delete(waiter.group);
    this.#waitingCount--;
    return true;
  }

  #takePlace(group: string): Place {
    this.#inFlight++;
    this.#working.set(group, (this.#working.get(group) ?? 0) + 1);
    this.#last = group;
    let isReleased = false;
    return {
      release: () => {
        if (isReleased) return;
        isReleased = true;
        this.#release(group);
      },
    };
  }

  #release(group: string): void {
    this.#inFlight--;
    const left = (this.#working.get(group) ?? 1) - 1;
    if (left > 0) this.#working.set(group, left);
    else this.#working.delete(group);
    this.#noteInterval();
    this.#serve();
    if (this.#inFlight === 0 && this.#waitingCount === 0) this.#whenIdle?.();
  }

  #serve(): void {
    for (let next = this.#findNext(); next; next = this.#findNext()) {
      this.#forget(next);
      next.resolve(this.#takePlace(next.group));
    }
  }

  /** The first of the group that is worked on, else whoever has waited longest, of those that may start. */
  #findNext(): Waiter | undefined {
    if (this.#waitingCount === 0) return undefined;
    const overdue = this.#findOverdue();
    let next: Waiter | undefined;
    for (const [group, waiters] of this.#waiting) {
      const [first] = waiters;
      if (!first || !this.#mayStart(group, overdue)) continue;
      if (overdue === undefined && group === this.#last) return first;
      if (!next || first.sinceMs < next.sinceMs) next = first;
    }
    return next;
  }

  #mayStart(group: string, overdue: string | undefined): boolean {
    const { inFlight, placesOf } = this.#options;
    if (this.#inFlight >= (placesOf?.(group) ?? inFlight) || (overdue !== undefined && overdue !== group)) return false;
    if (!this.#options.mayShare || this.#inFlight === 0) return true;
    if (this.#working.has(group)) return true;
    return this.#options.mayShare([...this.#working.keys(), group]);
  }

  /** A group that has waited too long for the ones that are worked on to end: nobody else is let in then. */
  #findOverdue(): string | undefined {
    const { mayShare, swapWaitMs = usualSwapWaitMs } = this.#options;
    if (!mayShare || this.#waitingCount === 0) return undefined;
    const dueMs = performance.now() - swapWaitMs;
    let oldest: Waiter | undefined;
    for (const [group, waiters] of this.#waiting) {
      const [first] = waiters;
      if (!first || first.sinceMs >= dueMs || group === this.#last || this.#working.has(group)) continue;
      if (!oldest || first.sinceMs < oldest.sinceMs) oldest = first;
    }
    return oldest?.group;
  }

  #noteInterval(): void {
    const nowMs = performance.now();
    if (this.#releasedMs !== undefined && this.#waitingCount > 0) {
      const sinceMs = nowMs - this.#releasedMs;
      const before = this.#intervalMs ?? sinceMs;
      this.#intervalMs = before + intervalShare * (sinceMs - before);
    }
    this.#releasedMs = nowMs;
  }

  #queueFull(): GatewayError {
    const { queueLimit } = this.#options;
    const message = `${queueLimit} requests wait already (and ${this.#inFlight} are worked on). Retry later, or raise --queue or --slots.`;
    return new GatewayError('queue_full', message, { retryAfterSeconds: this.#retryAfterSeconds() });
  }

  /** When a place is likely, by how fast answers have come. */
  #retryAfterSeconds(): number {
    const seconds = Math.ceil(((this.#intervalMs ?? 0) * (this.#waitingCount + 1)) / 1000);
    return Math.min(longestRetrySeconds, Math.max(1, seconds));
  }

  #queueTimeout(): GatewayError {
    const message = `The request waited ${this.#options.queueTimeoutMs / 1000} s for its turn. Lower the load or raise --queue-timeout.`;
    return new GatewayError('queue_timeout', message, { retryAfterSeconds: this.#retryAfterSeconds() });
  }
}

function clientClosed(): GatewayError {
  return new GatewayError('client_closed', 'The client left while its request waited.');
}

function shuttingDown(): GatewayError {
  return new GatewayError('shutting_down', 'The server is stopping and takes no new requests.');
}
