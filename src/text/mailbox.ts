/** What the two sides of a mailbox tell each other beside values. */
export interface MailboxOptions {
  /** the reader left before the end: stop the work. Called at most once, never after `close` or `fail` */
  readonly onReturn?: () => void;
  /** the reader took the last waiting value: a producer that paused may go on */
  readonly onDrained?: () => void;
}

interface Waiter<T> {
  readonly resolve: (result: IteratorResult<T, undefined>) => void;
  readonly reject: (error: unknown) => void;
}

const done = { done: true, value: undefined } as const;

/**
 * The bridge from callbacks that push to a reader that pulls: `put` from anywhere, `for await` on the other side.
 * Values arrive in order, each once; `close` and `fail` take effect after the values put before them. One reader; it may leave early.
 * Unbounded by itself: a producer that can pause looks at `size` after `put` and goes on at `onDrained`.
 */
export class Mailbox<T> implements AsyncIterableIterator<T, undefined> {
  readonly #options: MailboxOptions;
  readonly #waiting: T[] = [];
  readonly #readers: Waiter<T>[] = [];
  #isEnded = false;
  #failure: { readonly error: unknown } | undefined;

  constructor(options: MailboxOptions = {}) {
    this.#options = options;
  }

  /** Values put and not yet read. */
  get size(): number {
    return this.#waiting.length;
  }

  /** True once nothing more can be put: closed, failed, or left by the reader. */
  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** Hands a value to the reader. After the end it is dropped. */
  put(value: T): void {
    if (this.#isEnded) return;
    const reader = this.#readers.shift();
    if (reader) reader.resolve({ done: false, value });
    else this.#waiting.push(value);
  }

  /** Ends the values. A second end of any kind does nothing. */
  close(): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    for (const reader of this.#readers.splice(0)) reader.resolve(done);
  }

  /** Ends the values with an error, thrown to the reader once it has read what came before. */
  fail(error: unknown): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    const reader = this.#readers.shift();
    if (reader) reader.reject(error);
    else this.#failure = { error };
    for (const other of this.#readers.splice(0)) other.resolve(done);
  }

  /** The next value, at once if one waits. After an error that was thrown once, the end. */
  next(): Promise<IteratorResult<T, undefined>> {
    if (this.#waiting.length > 0) return this.#takeWaiting();
    if (this.#failure) return this.#takeFailure(this.#failure.error);
    if (this.#isEnded) return Promise.resolve(done);
    return new Promise((resolve, reject) => this.#readers.push({ resolve, reject }));
  }

  /** The reader leaves: waiting values and errors are dropped. */
  return(): Promise<IteratorResult<T, undefined>> {
    const wasEnded = this.#isEnded;
    this.close();
    this.#waiting.length = 0;
    this.#failure = undefined;
    if (!wasEnded) this.#options.onReturn?.();
    return Promise.resolve(done);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #takeWaiting(): Promise<IteratorResult<T, undefined>> {
    const value = this.#waiting.shift() as T;
    if (this.#waiting.length === 0) this.#options.onDrained?.();
    return Promise.resolve({ done: false, value });
  }

  #takeFailure(error: unknown): Promise<never> {
    this.#failure = undefined;
    return Promise.reject(error);
  }
}
