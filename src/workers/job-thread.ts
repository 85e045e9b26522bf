import { Worker } from 'node:worker_threads';
import { GatewayError } from '../protocol/error.ts';
import type { FromThread, ThreadError } from './thread-messages.ts';

/** How a thread is kept, and what is said when it fails. */
export interface JobThreadOptions {
  /** the compiled file of the thread's code; it calls `answerQuestions` */
  readonly file: URL;
  readonly workerData?: unknown;
  /** longest time for a call, from the asking on */
  readonly timeLimitMs: number;
  /** heap of the thread */
  readonly mostMegabytes: number;
  /** `The tokenizer`: who has been closed */
  readonly name: string;
  /** a call took too long */
  readonly tellSlow: () => GatewayError;
  /** the thread died; `isTooLarge`: it wanted more memory than it may have */
  readonly tellLost: (why: string, details: { readonly isTooLarge: boolean; readonly cause: Error | undefined }) => GatewayError;
}

interface Call {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: GatewayError) => void;
  readonly timer: NodeJS.Timeout;
}

/**
 * A thread that answers questions, started by the first one. A call that takes too long or kills it is refused with all others under way, and the next question starts
 * a new thread. It keeps the process alive only while a call is under way.
 */
export class JobThread<Question> {
  readonly #options: JobThreadOptions;
  readonly #calls = new Map<number, Call>();
  #worker: Worker | undefined;
  #lastCall = 0;
  #isClosed = false;

  constructor(options: JobThreadOptions) {
    this.#options = options;
  }

  /** Rejects with the error that the thread's code threw, with `tellSlow`'s or `tellLost`'s, or with `shutting_down`. */
  ask<Value>(question: Question): Promise<Value> {
    if (this.#isClosed) return Promise.reject(this.#tellClosed());
    const worker = (this.#worker ??= this.#start());
    const call = (this.#lastCall += 1);
    return new Promise<Value>((resolve, reject) => {
      // throws for what cannot be sent
      worker.postMessage({ call, question });
      const timer = setTimeout(() => this.#giveUp(worker), this.#options.timeLimitMs);
      this.#calls.set(call, { resolve: resolve as (value: unknown) => void, reject, timer });
      worker.ref();
    });
  }

  /** Ends the thread for good; calls under way are refused with `shutting_down`. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#end(this.#tellClosed());
  }

  #tellClosed(): GatewayError {
    return new GatewayError('shutting_down', `${this.#options.name} has been closed.`);
  }

  #start(): Worker {
    const { file, workerData, mostMegabytes } = this.#options;
    const worker = new Worker(file, { workerData, resourceLimits: { maxOldGenerationSizeMb: mostMegabytes }, execArgv: [] });
    worker.unref();
    worker.on('message', (message: FromThread) => this.#settle(worker, message));
    worker.on('error', (cause) => this.#lose(worker, cause));
    worker.on('exit', () => this.#lose(worker, undefined));
    return worker;
  }

  #settle(worker: Worker, message: FromThread): void {
    const call = this.#calls.get(message.call);
    if (call === undefined) return;
    this.#calls.delete(message.call);
    clearTimeout(call.timer);
    if (this.#calls.size === 0) worker.unref();
    if ('error' in message) call.reject(fromThreadError(message.error));
    else call.resolve(message.value);
  }

  /** A call took too long: what the thread does cannot be stopped in another way. */
  #giveUp(worker: Worker): void {
    if (worker === this.#worker) void this.#end(this.#options.tellSlow());
  }

  #lose(worker: Worker, cause: Error | undefined): void {
    if (worker !== this.#worker) return;
    const isTooLarge = cause !== undefined && 'code' in cause && cause.code === 'ERR_WORKER_OUT_OF_MEMORY';
    void this.#end(this.#options.tellLost(cause === undefined ? 'it ended by itself' : cause.message, { isTooLarge, cause }));
  }

  async #end(error: GatewayError): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    const calls = [...this.#calls.values()];
    this.#calls.clear();
    for (const { reject, timer } of calls) {
      clearTimeout(timer);
      reject(error);
    }
    await worker?.terminate();
  }
}

function fromThreadError({ code, message, param }: ThreadError): GatewayError {
  return new GatewayError(code, message, param === undefined ? {} : { param });
}
