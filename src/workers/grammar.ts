import { GatewayError } from '../protocol/error.ts';
import { type AnswerGrammar, compileGrammar } from '../translate/compile-grammar.ts';
import type { GrammarJob } from '../translate/grammar-job.ts';
import { GrammarCache, type Outcome } from './grammar-cache.ts';
import { keyOfJob } from './grammar-key.ts';
import { GrammarThreads } from './grammar-threads.ts';

/** How grammars are compiled. */
export interface GrammarCompilerOptions {
  /** longest time for a grammar, from when a thread begins with it; default 5,000 */
  readonly timeLimitMs?: number;
  /** heap of each of the two threads; default 512 */
  readonly memoryLimitMb?: number;
  /** grammars that wait for a thread; default 256 */
  readonly mostWaiting?: number;
  /** grammars that are remembered; default 512 */
  readonly mostKept?: number;
  /** their characters together; default 32,000,000 */
  readonly mostKeptChars?: number;
}

/** Compiles grammars without holding up the rest of the process. */
export interface GrammarCompiler {
  /**
   * What `compileGrammar` gives. Known jobs are answered at once, the same job of many callers is compiled once, small ones are compiled in place, all others in one of two threads.
   * Rejects with what `compileGrammar` throws; with `invalid_request` over the limits of size, time or memory (also remembered); with `queue_full` when too many wait,
   * `client_closed` when the signal aborts (the job is dropped when nobody else wants it and no thread has begun), `shutting_down` after `close`.
   */
  compile(job: GrammarJob, signal?: AbortSignal): Promise<AnswerGrammar>;
  /** Ends the threads; what waits is refused. */
  close(): Promise<void>;
}

/** Opens a compiler; its threads start at their first use and do not keep the process alive. */
export function openGrammarCompiler(options: GrammarCompilerOptions = {}): GrammarCompiler {
  return new CachingCompiler(options);
}

/** A job in a thread, or before one. */
interface Running {
  readonly outcome: Promise<Outcome>;
  readonly controller: AbortController;
  waiters: number;
}

/** A busy machine may be the reason: such a refusal is not for ever. */
const refusedForMs = 60_000;

class CachingCompiler implements GrammarCompiler {
  readonly #cache: GrammarCache;
  readonly #threads: GrammarThreads;
  readonly #running = new Map<string, Running>();

  constructor({
    timeLimitMs = 5_000,
    memoryLimitMb = 512,
    mostWaiting = 256,
    mostKept = 512,
    mostKeptChars = 32_000_000,
  }: GrammarCompilerOptions) {
    this.#cache = new GrammarCache({ mostKept, mostKeptChars });
    this.#threads = new GrammarThreads({ timeLimitMs, memoryLimitMb, mostWaiting });
  }

  async compile(job: GrammarJob, signal?: AbortSignal): Promise<AnswerGrammar> {
    const key = keyOfJob(job);
    const known = this.#cache.get(key.text, performance.now()) ?? this.#compileInPlace(job, key);
    return open(known ?? (await this.#wait(job, key, signal)));
  }

  close(): Promise<void> {
    return this.#threads.close();
  }

  #compileInPlace(job: GrammarJob, { text, isSmall }: ReturnType<typeof keyOfJob>): Outcome | undefined {
    if (!isSmall) return undefined;
    const outcome = settle(() => compileGrammar(job));
    this.#cache.set(text, outcome);
    return outcome;
  }

  /** One thread works for all who ask for the same. */
  async #wait(job: GrammarJob, key: ReturnType<typeof keyOfJob>, signal: AbortSignal | undefined): Promise<Outcome> {
    if (signal?.aborted) throw tellGivenUp();
    const running = this.#running.get(key.text) ?? this.#start(job, key);
    running.waiters++;
    try {
      return await orAborted(running.outcome, signal);
    } finally {
      running.waiters--;
      if (running.waiters === 0) this.#leave(key.text, running);
    }
  }

  /** Nobody may join what is given up. */
  #leave(text: string, running: Running): void {
    if (this.#running.get(text) === running) this.#running.delete(text);
    running.controller.abort();
  }

  #start(job: GrammarJob, { text, chars }: ReturnType<typeof keyOfJob>): Running {
    const controller = new AbortController();
    const outcome = this.#run(job, chars, controller.signal).then((ended) => {
      if ('grammar' in ended || ended.refusal.code === 'invalid_request') this.#cache.set(text, ended);
      return ended;
    });
    const running = { outcome, controller, waiters: 0 };
    this.#running.set(text, running);
    return running;
  }

  async #run(job: GrammarJob, chars: number, signal: AbortSignal): Promise<Outcome> {
    try {
      return { grammar: await this.#threads.compile(job, chars, signal) };
    } catch (error) {
      if (error instanceof GatewayError) return { refusal: error, untilMs: performance.now() + refusedForMs };
      throw error;
    }
  }
}

function settle(compile: () => AnswerGrammar): Outcome {
  try {
    return { grammar: compile() };
  } catch (error) {
    if (error instanceof GatewayError) return { refusal: error, untilMs: Number.POSITIVE_INFINITY };
    throw error;
  }
}

function open(outcome: Outcome): AnswerGrammar {
  if ('grammar' in outcome) return outcome.grammar;
  const { code, message, param } = outcome.refusal;
  // an error belongs to one request: its stack and cause do not go to another's log
  throw new GatewayError(code, message, param === undefined ? {} : { param });
}

function tellGivenUp(): GatewayError {
  return new GatewayError('client_closed', 'The request was given up before its grammar was compiled.');
}

async function orAborted<Value>(promise: Promise<Value>, signal: AbortSignal | undefined): Promise<Value> {
  if (!signal) return await promise;
  let leave: () => void = () => undefined;
  const left = new Promise<never>((_, reject) => {
    leave = () => reject(tellGivenUp());
    signal.addEventListener('abort', leave, { once: true });
  });
  try {
    return await Promise.race([promise, left]);
  } finally {
    signal.removeEventListener('abort', leave);
  }
}
