import { GatewayError } from '../protocol/error.ts';
import type { AnswerGrammar } from '../translate/compile-grammar.ts';
import type { GrammarJob } from '../translate/grammar-job.ts';
import { JobThread } from './job-thread.ts';

/** Bounds of the threads. */
export interface ThreadBounds {
  readonly timeLimitMs: number;
  readonly memoryLimitMb: number;
  readonly mostWaiting: number;
}

interface Waiting {
  readonly job: GrammarJob;
  readonly chars: number;
  readonly resolve: (grammar: AnswerGrammar) => void;
  readonly reject: (error: unknown) => void;
}

/** Who of those that wait a thread takes next. */
type Lane = 'oldest' | 'smallest';

/**
 * Two threads, a job at a time each. One takes the job that has waited longest, so that each has its turn; the other the smallest one, so that the many small ones are not held up by a few large.
 */
export class GrammarThreads {
  readonly #bounds: ThreadBounds;
  readonly #lanes: Readonly<Record<Lane, JobThread<GrammarJob>>>;
  readonly #busy = new Set<Lane>();
  readonly #waiting: Waiting[] = [];
  #isClosed = false;

  constructor(bounds: ThreadBounds) {
    this.#bounds = bounds;
    this.#lanes = { oldest: openThread(bounds), smallest: openThread(bounds) };
  }

  /** `chars`: the measure of the job. An aborted signal gives its wait up with `client_closed`; a job that has begun goes on. */
  compile(job: GrammarJob, chars: number, signal: AbortSignal): Promise<AnswerGrammar> {
    if (this.#isClosed) return Promise.reject(tellClosed());
    if (this.#waiting.length >= this.#bounds.mostWaiting) return Promise.reject(tellFull(this.#waiting.length));
    return new Promise((resolve, reject) => {
      const waiting: Waiting = { job, chars, resolve, reject };
      this.#waiting.push(waiting);
      signal.addEventListener('abort', () => this.#drop(waiting), { once: true });
      this.#next();
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const { reject } of this.#waiting.splice(0)) reject(tellClosed());
    await Promise.all([this.#lanes.oldest.close(), this.#lanes.smallest.close()]);
  }

  #drop(waiting: Waiting): void {
    const index = this.#waiting.indexOf(waiting);
    if (index === -1) return;
    this.#waiting.splice(index, 1);
    waiting.reject(new GatewayError('client_closed', 'Nobody waits for this grammar any more.'));
  }

  #next(): void {
    for (const lane of ['oldest', 'smallest'] as const) if (!this.#busy.has(lane)) this.#take(lane);
  }

  #take(lane: Lane): void {
    const [oldest] = this.#waiting;
    if (!oldest) return;
    const taken = lane === 'oldest' ? oldest : this.#waiting.reduce((least, other) => (other.chars < least.chars ? other : least), oldest);
    this.#waiting.splice(this.#waiting.indexOf(taken), 1);
    this.#busy.add(lane);
    void this.#lanes[lane]
      .ask<AnswerGrammar>(taken.job)
      .then(taken.resolve, taken.reject)
      .finally(() => {
        this.#busy.delete(lane);
        this.#next();
      });
  }
}

const advice =
  'Simplify the schemas, the pattern or the grammar: fewer alternatives in one another, fewer patterns beside length bounds, smaller counts, fewer tools.';

function openThread({ timeLimitMs, memoryLimitMb }: ThreadBounds): JobThread<GrammarJob> {
  return new JobThread({
    file: new URL('./grammar-thread.js', import.meta.url),
    timeLimitMs,
    mostMegabytes: memoryLimitMb,
    name: 'The compiler of grammars',
    tellSlow: () =>
      new GatewayError(
        'invalid_request',
        `What the answer shall be took longer than ${timeLimitMs / 1000} s to compile into a grammar. ${advice}`,
      ),
    tellLost: (why, { isTooLarge, cause }) =>
      isTooLarge
        ? new GatewayError(
            'invalid_request',
            `What the answer shall be needs more than ${memoryLimitMb} MB to compile into a grammar. ${advice}`,
          )
        : new GatewayError('internal_error', `The thread that compiles grammars died: ${why}.`, { cause }),
  });
}

function tellClosed(): GatewayError {
  return new GatewayError('shutting_down', 'The compiler of grammars has been closed.');
}

function tellFull(count: number): GatewayError {
  return new GatewayError('queue_full', `${count} grammars wait to be compiled. Retry in a few seconds.`, { retryAfterSeconds: 5 });
}
