import { Worker } from 'node:worker_threads';
import type { PromptSegment } from '../protocol/engine.ts';
import { GatewayError } from '../protocol/error.ts';
import type { TokenizerSource } from '../tokenizers/tokenizer-source.ts';
import type { FromTokenizerThread, TokenizerQuestion, TokenizerThreadData } from './tokenizer-messages.ts';

/** What a tokenizer tells of itself. */
export interface TokenizerFacts {
  readonly bosId: number | undefined;
  readonly eosId: number | undefined;
  readonly paddingId: number | undefined;
  readonly vocabularyTokens: number;
  readonly fingerprint: string;
  readonly specials: readonly { readonly id: number; readonly content: string }[];
}

/** A token for people. */
export interface TokenPiece {
  readonly id: number;
  /** see `showPiece` */
  readonly text: string;
  readonly isSpecial: boolean;
}

/**
 * A tokenizer in a thread of its own. All of it throws `model_file_invalid` or `unsupported_feature` when the tokenizer cannot be loaded, `engine_failed`
 * when it takes too long or its thread dies (the next call starts a new one), `shutting_down` after `close`.
 */
export interface AsyncTokenizer {
  describe(): Promise<TokenizerFacts>;
  /** See `Tokenizer.encode`. */
  encode(segments: readonly PromptSegment[], options?: { readonly addSpecial?: boolean }): Promise<readonly number[]>;
  decode(ids: readonly number[], options?: { readonly skipSpecial?: boolean }): Promise<string>;
  pieces(ids: readonly number[]): Promise<readonly TokenPiece[]>;
  /** Tokens of each text, without what goes around a text of its own. */
  count(texts: readonly (readonly PromptSegment[])[]): Promise<readonly number[]>;
  /** Ends the thread; calls under way are refused. */
  close(): Promise<void>;
}

/** How a tokenizer's thread is kept. */
export interface TokenizerOptions {
  /** longest time for a call, the first one with loading; default 60,000 */
  readonly timeLimitMs?: number;
  /** characters of the texts whose ids are remembered; default 1,000,000 */
  readonly memoChars?: number;
  /** heap of the thread; default 2,048 */
  readonly mostMegabytes?: number;
}

/** Opens a tokenizer: its thread starts with the first call. The thread keeps the process alive only while a call is under way. */
export function openTokenizer(source: TokenizerSource, options: TokenizerOptions = {}): AsyncTokenizer {
  const thread = new TokenizerThread(source, options);
  return {
    describe: () => thread.ask<TokenizerFacts>({ ask: 'describe' }),
    encode: (segments, { addSpecial = false } = {}) => thread.ask<readonly number[]>({ ask: 'encode', segments, addSpecial }),
    decode: (ids, { skipSpecial = false } = {}) => thread.ask<string>({ ask: 'decode', ids, skipSpecial }),
    pieces: (ids) => thread.ask<readonly TokenPiece[]>({ ask: 'pieces', ids }),
    count: (texts) => thread.ask<readonly number[]>({ ask: 'count', texts }),
    close: () => thread.close(),
  };
}

interface Call {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: GatewayError) => void;
  readonly timer: NodeJS.Timeout;
}

class TokenizerThread {
  readonly #source: TokenizerSource;
  readonly #options: Required<TokenizerOptions>;
  readonly #calls = new Map<number, Call>();
  #worker: Worker | undefined;
  #lastCall = 0;
  #isClosed = false;

  constructor(source: TokenizerSource, { timeLimitMs = 60_000, memoChars = 1_000_000, mostMegabytes = 2_048 }: TokenizerOptions) {
    this.#source = source;
    this.#options = { timeLimitMs, memoChars, mostMegabytes };
  }

  ask<Value>(question: TokenizerQuestion): Promise<Value> {
    if (this.#isClosed) return Promise.reject(new GatewayError('shutting_down', 'The tokenizer has been closed.'));
    const worker = (this.#worker ??= this.#start());
    const call = (this.#lastCall += 1);
    return new Promise<Value>((resolve, reject) => {
      const timer = setTimeout(() => this.#giveUp(worker), this.#options.timeLimitMs);
      this.#calls.set(call, { resolve: resolve as (value: unknown) => void, reject, timer });
      worker.ref();
      worker.postMessage({ call, question });
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#end(new GatewayError('shutting_down', 'The tokenizer has been closed.'));
  }

  #start(): Worker {
    const { memoChars, mostMegabytes } = this.#options;
    const worker = new Worker(new URL('./tokenizer-thread.js', import.meta.url), {
      workerData: { source: this.#source, memoChars } satisfies TokenizerThreadData,
      resourceLimits: { maxOldGenerationSizeMb: mostMegabytes },
      execArgv: [],
    });
    worker.unref();
    worker.on('message', (message: FromTokenizerThread) => this.#settle(worker, message));
    worker.on('error', (cause) => this.#lose(worker, cause));
    worker.on('exit', () => this.#lose(worker, undefined));
    return worker;
  }

  #settle(worker: Worker, message: FromTokenizerThread): void {
    const call = this.#calls.get(message.call);
    if (call === undefined) return;
    this.#calls.delete(message.call);
    clearTimeout(call.timer);
    if (this.#calls.size === 0) worker.unref();
    if ('error' in message) call.reject(new GatewayError(message.error.code, message.error.message));
    else call.resolve(message.value);
  }

  /** A call took too long: what the thread does cannot be stopped in another way. */
  #giveUp(worker: Worker): void {
    if (worker !== this.#worker) return;
    const seconds = this.#options.timeLimitMs / 1000;
    const message = `The tokenizer ${this.#source.path} took longer than ${seconds} s and was stopped. Give it less text at once, or more time.`;
    void this.#end(new GatewayError('engine_failed', message));
  }

  #lose(worker: Worker, cause: Error | undefined): void {
    if (worker !== this.#worker) return;
    const why = cause === undefined ? 'it ended by itself' : cause.message;
    void this.#end(new GatewayError('engine_failed', `The thread of the tokenizer ${this.#source.path} died: ${why}.`, { cause }));
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
