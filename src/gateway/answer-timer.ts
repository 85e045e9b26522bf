import { GatewayError } from '../protocol/error.ts';
import type { EventBatch } from '../protocol/event.ts';
import type { GenerateRequest } from '../protocol/request.ts';
import type { Target } from './routes/target.ts';

/** What bounds one try. */
interface TimedTry {
  readonly request: GenerateRequest;
  /** what is left of the caller's own time; undefined: any */
  readonly leftMs: number | undefined;
  readonly signal: AbortSignal;
}

/** Gives up an answer that takes longer than the operator or the caller lets it. The operator's time does not run while it waits in our queue. */
export class AnswerTimer {
  /** of the caller and of this timer */
  readonly signal: AbortSignal;
  readonly #own = new AbortController();
  readonly #answerMs: number | undefined;
  readonly #isUpToFirst: boolean;
  readonly #upstream: string;
  readonly #whole: NodeJS.Timeout | undefined;
  #answer: NodeJS.Timeout | undefined;
  #failure: GatewayError | undefined;

  /** Undefined where nothing bounds the try. */
  static open(target: Target, timed: TimedTry): AnswerTimer | undefined {
    const { requestMs, streamMs } = target.timeouts;
    const answerMs = timed.request.isStreamed ? (streamMs ?? requestMs) : requestMs;
    return answerMs === undefined && timed.leftMs === undefined ? undefined : new AnswerTimer(target, timed, answerMs);
  }

  private constructor(target: Target, { request, leftMs, signal }: TimedTry, answerMs: number | undefined) {
    this.signal = AbortSignal.any([signal, this.#own.signal]);
    this.#answerMs = answerMs;
    this.#isUpToFirst = request.isStreamed;
    this.#upstream = target.upstream.name;
    // a timer may be a little early by the clock that the rest is measured with
    const overMs = Math.ceil(leftMs ?? 0) + 1;
    if (leftMs !== undefined) this.#whole = setTimeout(() => this.#fire('The time that the request gave (`timeout`) is over.'), overMs);
  }

  /** The try has its place at the engine. */
  start(): void {
    const { signal } = this.#own;
    if (this.#answerMs === undefined || this.#answer || signal.aborted) return;
    const what = this.#isUpToFirst ? 'began no answer' : 'gave no whole answer';
    const message = `The engine '${this.#upstream}' ${what} within ${this.#answerMs / 1000} s. Ask for less, or configure a longer \`timeout\`.`;
    this.#answer = setTimeout(() => this.#fire(message), this.#answerMs);
  }

  /** The first event came. */
  noteFirst(): void {
    if (this.#isUpToFirst) clearTimeout(this.#answer);
  }

  stop(): void {
    clearTimeout(this.#answer);
    clearTimeout(this.#whole);
  }

  /** What really failed, where this timer ended it. */
  explain(error: unknown): unknown {
    return this.#failure ?? error;
  }

  /** The same for a failure that has become an event. */
  explainRead(read: IteratorResult<EventBatch, undefined>): IteratorResult<EventBatch, undefined> {
    const failure = this.#failure;
    if (!failure || read.done || read.value.events.at(-1)?.type !== 'error') return read;
    const events = [...read.value.events.slice(0, -1), { type: 'error', error: failure } as const];
    return { done: false, value: { ...read.value, events } };
  }

  #fire(message: string): void {
    this.#failure = new GatewayError('answer_timeout', message);
    this.#own.abort(this.#failure);
  }
}
