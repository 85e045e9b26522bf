import { type GatewayError, toGatewayError } from '../protocol/error.ts';
import type { EventBatch } from '../protocol/event.ts';
import type { GenerateRequest } from '../protocol/request.ts';
import { totalTokens } from '../protocol/usage.ts';
import { AnswerTimer } from './answer-timer.ts';
import type { AnswerFaultOutcome, Turn, TurnReport } from './node.ts';
import type { RequestForms } from './request-forms.ts';
import type { Target } from './routes/target.ts';
import { leftWhileWaiting, type Tries } from './tries.ts';
import type { PlannedTurn, TurnListeners, TurnMaker } from './turn-maker.ts';
import { waitMs } from './wait-ms.ts';

/** What a turn takes. */
export interface RoutedTurnParts {
  readonly tries: Tries;
  /** the caller's request, as each target wants it */
  readonly forms: RequestForms;
  readonly maker: TurnMaker;
  readonly signal: AbortSignal;
}

/** A try: where, and how it will be asked. */
interface Try {
  readonly target: Target;
  readonly request: GenerateRequest;
  readonly planned: PlannedTurn;
}

/**
 * A generation that moves to another upstream, or another model, for as long as nothing was given of it. Its first try is chosen and planned at once, so that what no
 * upstream would take is thrown before anything is queued.
 */
export class RoutedTurn implements Turn, AsyncIterableIterator<EventBatch, undefined> {
  readonly #tries: Tries;
  readonly #signal: AbortSignal;
  /** what a try is made of; let go of, the request with it, once there is an answer */
  #makings: Pick<RoutedTurnParts, 'forms' | 'maker'> | undefined;
  readonly #faults: Record<AnswerFaultOutcome, number> = { repairing: 0, given: 0, refused: 0 };
  #try: Try | undefined;
  /** milliseconds to wait before the next try, where the first one failed before it was asked */
  #pauseMs = 0;
  #reads: AsyncIterator<EventBatch, undefined> | undefined;
  #timer: AnswerTimer | undefined;
  /** the target that is asked once more without a field, as the same try */
  #same: Target | undefined;
  #isEnded = false;
  /** the same reads, once they have given something */
  #begun: AsyncIterator<EventBatch, undefined> | undefined;
  /** how the last try was planned */
  #plan = '';
  #mode: TurnReport['mode'] = 'text';
  #dropped: readonly string[] = [];

  /** Throws what the first try cannot recover from. */
  constructor({ tries, signal, ...makings }: RoutedTurnParts) {
    this.#tries = tries;
    this.#signal = signal;
    this.#makings = makings;
    try {
      this.#try = this.#begin();
    } catch (error) {
      this.#pauseMs = tries.recover(error, false);
    }
  }

  get batches(): AsyncIterable<EventBatch> {
    return this;
  }

  get plan(): string {
    const { reports, found, fallback } = this.#tries;
    const parts = [this.#plan];
    const last = reports.at(-1);
    if (last && found.route.targets.length > 1) parts.push(`upstream=${last.upstream}`);
    if (reports.length > 1) parts.push(`attempts=${reports.length}`);
    if (fallback !== undefined) parts.push(`fallback=${fallback}`);
    if (this.#dropped.length > 0) parts.push(`dropped=${this.#dropped.join(',')}`);
    return parts.filter((part) => part !== '').join('; ');
  }

  get report(): TurnReport {
    const { asked, found, reports } = this.#tries;
    return { asked, model: found.route.name, mode: this.#mode, attempts: reports, faults: this.#faults };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<EventBatch, undefined>> {
    if (this.#isEnded) return { done: true, value: undefined };
    const given = await (this.#begun?.next() ?? this.#retry((one) => this.#askFirst(one)));
    const read = this.#timer ? this.#timer.explainRead(given) : given;
    if (read.done) this.#end(0);
    else this.#note(read.value);
    return read;
  }

  async return(): Promise<IteratorResult<EventBatch, undefined>> {
    await this.#reads?.return?.();
    this.#end(0);
    return { done: true, value: undefined };
  }

  whole(): Promise<readonly EventBatch[]> {
    return this.#retry((one) => this.#askWhole(one));
  }

  /** Chooses a target and plans for it. */
  #begin(): Try {
    return this.#planFor(this.#tries.begin());
  }

  #planFor(target: Target): Try {
    if (!this.#makings) throw new Error('A turn that has an answer tries no further.');
    const { forms, maker } = this.#makings;
    const learned = target.model(this.#tries.found.stars);
    const { request, result, dropped } = forms.forTarget(target, (form) => maker.make(form, target, learned));
    this.#plan = result.plan;
    this.#mode = result.decision.plan.mode;
    this.#dropped = dropped;
    return { target, request, planned: result };
  }

  /** Asks one target after the other until one has answered. */
  async #retry<Answer>(ask: (one: Try) => Promise<Answer>): Promise<Answer> {
    const tries = this.#tries;
    const signal = this.#signal;
    for (;;) {
      let wasSent = false;
      try {
        if (this.#pauseMs > 0) await waitMs(this.#pauseMs, signal);
        if (signal.aborted) throw leftWhileWaiting();
        this.#pauseMs = 0;
        const same = this.#same;
        this.#same = undefined;
        this.#try ??= same ? this.#planFor(same) : this.#begin();
        wasSent = true;
        return await ask(this.#try);
      } catch (thrown) {
        const error = this.#timer?.explain(thrown) ?? thrown;
        this.#timer?.stop();
        // what fails before the next asking has one of its own is not this one's to explain
        this.#timer = undefined;
        const target = this.#try?.target;
        // the engine itself refuses a field that the operator would rather have left out
        if (target && this.#makings?.forms.leaveOut(target.bodyRules, error)) {
          this.#same = target;
          this.#try = undefined;
          continue;
        }
        this.#isEnded = true;
        this.#pauseMs = tries.recover(signal.aborted ? toClosed(error) : error, wasSent);
        this.#isEnded = false;
        this.#try = undefined;
      }
    }
  }

  /** Reads up to the first batch that says something. */
  async #askFirst(one: Try): Promise<IteratorResult<EventBatch, undefined>> {
    const timer = this.#openTimer(one);
    const onLateFailure = (error: GatewayError) => this.#tries.end({ error: toGatewayError(timer?.explain(error) ?? error) });
    const batches = one.planned.open({ ...this.#listen(timer), onLateFailure }, timer?.signal ?? this.#signal);
    this.#reads = batches[Symbol.asyncIterator]() as AsyncIterator<EventBatch, undefined>;
    let read = await this.#reads.next();
    while (!read.done && read.value.events.length === 0) read = await this.#reads.next();
    this.#begun = this.#reads;
    this.#tries.answered();
    this.#makings = undefined;
    this.#try = undefined;
    timer?.noteFirst();
    return read;
  }

  async #askWhole(one: Try): Promise<readonly EventBatch[]> {
    const timer = this.#openTimer(one);
    const batches = await one.planned.readWhole(this.#listen(timer), timer?.signal ?? this.#signal);
    this.#tries.answered();
    const last = batches.at(-1);
    if (last) this.#note(last);
    return batches;
  }

  #openTimer({ target, request }: Try): AnswerTimer | undefined {
    this.#timer = AnswerTimer.open(target, { request, leftMs: this.#tries.leftMs, signal: this.#signal });
    return this.#timer;
  }

  #listen(timer: AnswerTimer | undefined): TurnListeners {
    return {
      onAdmitted: (queuedMs) => {
        this.#tries.admitted(queuedMs);
        timer?.start();
      },
      onFault: (_fault, outcome) => {
        this.#faults[outcome] += 1;
      },
    };
  }

  #note({ events }: EventBatch): void {
    const last = events.at(-1);
    if (last?.type === 'usage') this.#end(totalTokens(last.usage));
    else if (last?.type === 'error') this.#end(0);
  }

  #end(tokens: number): void {
    this.#isEnded = true;
    this.#timer?.stop();
    this.#tries.end({ tokens });
  }
}

function toClosed(error: unknown): GatewayError {
  const known = toGatewayError(error);
  return known.code === 'client_closed' ? known : leftWhileWaiting();
}
