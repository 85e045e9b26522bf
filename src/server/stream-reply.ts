import type { ServerResponse } from 'node:http';
import { GatewayError } from '../protocol/error.ts';

/** How a stream is written. */
export interface StreamOptions {
  readonly response: ServerResponse;
  readonly signal: AbortSignal;
  readonly abort: (reason: GatewayError) => void;
  /** silence after which a comment is sent, milliseconds */
  readonly keepAliveMs: number;
  /** how long a client may read nothing while there is something to read, milliseconds */
  readonly writeStallMs: number;
  /** called once, when the head is sent */
  readonly headers: () => Readonly<Record<string, string>>;
}

/** Text held at most until the end of the tick. */
const mostPendingChars = 16 * 1024;

/**
 * Writes server-sent events. What is written in one tick leaves in one write; the head leaves with the first of it.
 * The caller waits on `drained()` while `isFull`, and asks the engine for nothing meanwhile: that is the back-pressure.
 */
export class StreamReply {
  readonly #options: StreamOptions;
  readonly #timer: NodeJS.Timeout;
  #pending = '';
  #isScheduled = false;

  constructor(options: StreamOptions) {
    this.#options = options;
    this.#timer = setTimeout(this.#keepAlive, options.keepAliveMs);
  }

  get hasHead(): boolean {
    return this.#options.response.headersSent || this.#pending !== '';
  }

  /** The client has not yet taken what was written. */
  get isFull(): boolean {
    return this.#options.response.writableNeedDrain;
  }

  write(text: string): void {
    if (text === '') return;
    this.#pending += text;
    this.#timer.refresh();
    if (this.#pending.length >= mostPendingChars) this.#flush();
    else if (!this.#isScheduled) {
      this.#isScheduled = true;
      process.nextTick(this.#flush);
    }
  }

  /** Resolves when the client has read, or has left. One that stalls for `writeStallMs` is cut off. */
  drained(): Promise<void> {
    const { response, signal, abort, writeStallMs } = this.#options;
    if (signal.aborted || !this.isFull) return Promise.resolve();
    return new Promise((resolve) => {
      const settle = (): void => {
        clearTimeout(stall);
        response.off('drain', settle);
        signal.removeEventListener('abort', settle);
        resolve();
      };
      const stall = setTimeout(() => {
        abort(new GatewayError('client_closed', `The client read nothing for ${writeStallMs / 1000} s.`));
        response.destroy();
      }, writeStallMs);
      response.on('drain', settle);
      signal.addEventListener('abort', settle);
    });
  }

  /** Writes the last text and ends the answer. */
  end(text: string): void {
    this.stop();
    this.#pending += text;
    this.#flush();
    this.#sendHead();
    this.#options.response.end();
  }

  /** Ends the keep-alive comments. */
  stop(): void {
    clearTimeout(this.#timer);
  }

  readonly #flush = (): void => {
    this.#isScheduled = false;
    const text = this.#pending;
    this.#pending = '';
    if (text === '' || this.#options.response.destroyed) return;
    this.#sendHead();
    this.#options.response.write(text);
  };

  #sendHead(): void {
    const { response, headers } = this.#options;
    if (response.headersSent) return;
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache',
      // nginx collects a stream in its buffers unless told not to
      'x-accel-buffering': 'no',
      ...headers(),
    });
  }

  readonly #keepAlive = (): void => {
    if (!this.isFull) this.write(': keep-alive\n\n');
    this.#timer.refresh();
  };
}
