import { GatewayError } from '../protocol/error.ts';

/** Bounds of one upstream's queue. */
export interface AdmissionOptions {
  /** requests that the engine has at once, at least 1 */
  readonly inFlight: number;
  /** requests that wait for a place, 0 or more */
  readonly queueLimit: number;
  /** longest wait, milliseconds */
  readonly queueTimeoutMs: number;
}

/** A right to use the engine. `release` gives it to the next in the queue; a second call does nothing. */
export interface Place {
  release(): void;
}

interface Waiter {
  readonly resolve: (place: Place) => void;
  readonly reject: (error: GatewayError) => void;
  readonly timer: NodeJS.Timeout;
  readonly stopListening: () => void;
}

/** Holds the queue of one upstream, first come first served, so that its engine stays nearly unqueued. */
export class Admission {
  #options: AdmissionOptions;
  readonly #waiters = new Set<Waiter>();
  #inFlight = 0;
  #isClosed = false;
  #whenIdle: (() => void) | undefined;

  constructor(options: AdmissionOptions) {
    this.#options = options;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  get waiting(): number {
    return this.#waiters.size;
  }

  /** The engine has told how many requests it has at once; who waits for a place that there is now gets it. */
  resize(inFlight: number): void {
    this.#options = { ...this.#options, inFlight };
    while (this.#inFlight < inFlight && this.#waiters.size > 0) this.#serveNext();
  }

  /**
   * Waits for a place. Throws `queue_full` at once, `queue_timeout` after the wait, `shutting_down` when closed meanwhile.
   * An aborted signal gives the wait up with `client_closed`.
   */
  admit(signal: AbortSignal): Promise<Place> {
    if (this.#isClosed) return Promise.reject(shuttingDown());
    if (signal.aborted) return Promise.reject(clientClosed());
    if (this.#inFlight < this.#options.inFlight) return Promise.resolve(this.#takePlace());
    if (this.#waiters.size >= this.#options.queueLimit) return Promise.reject(this.#queueFull());
    return new Promise((resolve, reject) => this.#enqueue(resolve, reject, signal));
  }

  /** The operator has changed the bounds of the queue; who waits already stays. */
  change(bounds: Pick<AdmissionOptions, 'queueLimit' | 'queueTimeoutMs'>): void {
    this.#options = { ...this.#options, ...bounds };
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
    for (const waiter of [...this.#waiters]) this.#drop(waiter, shuttingDown());
    return this.idle();
  }

  #enqueue(resolve: Waiter['resolve'], reject: Waiter['reject'], signal: AbortSignal): void {
    const giveUp = () => this.#drop(waiter, clientClosed());
    const waiter: Waiter = {
      resolve,
      reject,
      timer: setTimeout(() => this.#drop(waiter, this.#queueTimeout()), this.#options.queueTimeoutMs),
      stopListening: () => signal.removeEventListener('abort', giveUp),
    };
    signal.addEventListener('abort', giveUp, { once: true });
    this.#waiters.add(waiter);
  }

  #drop(waiter: Waiter, error: GatewayError): void {
    if (this.#forget(waiter)) waiter.reject(error);
  }

  #forget(waiter: Waiter): boolean {
    clearTimeout(waiter.timer);
    waiter.stopListening();
    return this.#waiters.delete(waiter);
  }

  #takePlace(): Place {
    this.#inFlight++;
    let isReleased = false;
    return {
      release: () => {
        if (isReleased) return;
        isReleased = true;
        this.#inFlight--;
        this.#serveNext();
      },
    };
  }

  #serveNext(): void {
    const [next] = this.#waiters;
    if (next && this.#forget(next)) next.resolve(this.#takePlace());
    else if (this.#inFlight === 0) this.#whenIdle?.();
  }

  #queueFull(): GatewayError {
    const { queueLimit, inFlight } = this.#options;
    const message = `${queueLimit} requests wait already (and ${inFlight} are worked on). Retry later, or raise --queue or --slots.`;
    return new GatewayError('queue_full', message, { retryAfterSeconds: 1 });
  }

  #queueTimeout(): GatewayError {
    const seconds = this.#options.queueTimeoutMs / 1000;
    return new GatewayError('queue_timeout', `The request waited ${seconds} s for its turn. Lower the load or raise --queue-timeout.`);
  }
}

function clientClosed(): GatewayError {
  return new GatewayError('client_closed', 'The client left while its request waited.');
}

function shuttingDown(): GatewayError {
  return new GatewayError('shutting_down', 'The server is stopping and takes no new requests.');
}
