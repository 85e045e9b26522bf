import { randomInt } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import type { EngineRead } from '../protocol/engine.ts';
import { GatewayError, toGatewayError } from '../protocol/error.ts';
import type { EventBatch, GenerateEvent } from '../protocol/event.ts';
import { addUsage, noUsage, type Usage } from '../protocol/usage.ts';
import type { Place } from '../scheduling/admission.ts';
import { Mailbox } from '../text/mailbox.ts';
import type { AnswerGrammar } from '../translate/compile-grammar.ts';
import type { GrammarJob } from '../translate/grammar-job.ts';
import { type AnswerFault, type Interpreter, openInterpreter } from '../translate/interpret.ts';
import { bindRequest, type PreparedChoice } from '../translate/prepare.ts';
import type { AnswerFaultOutcome } from './node.ts';
import type { Upstream } from './upstream.ts';

const done = { done: true, value: undefined } as const;

/** What the choices of a request share. */
export interface TurnContext {
  readonly upstream: Upstream;
  /** how many copies of an answer each prompt gives: its tokens are counted once */
  readonly copies: number;
  readonly compile: (job: GrammarJob, signal: AbortSignal) => Promise<AnswerGrammar>;
  /** The choice prepared to be asked for once more; undefined where that cannot be. */
  readonly repair: (choice: PreparedChoice, fault: AnswerFault) => PreparedChoice | undefined;
  /** how often a faulty answer is asked for once more */
  readonly repairs: number;
  readonly onFault: AnswerFaultListener;
  /** a choice has its place at the engine, after so long in its queue */
  readonly onAdmitted: (queuedMs: number) => void;
}

/** Hears what was wrong with an answer, and what became of it. */
export type AnswerFaultListener = (fault: AnswerFault, outcome: AnswerFaultOutcome) => void;

/** What a choice is asked with. */
interface Asking {
  readonly context: TurnContext;
  readonly prepared: PreparedChoice;
}

/** An answer being generated, the first or the one that was asked for again. */
interface Attempt {
  readonly interpreter: Interpreter;
  /** stops the engine once no further call is wanted */
  readonly satisfied: AbortController | undefined;
  readonly signal: AbortSignal;
  reads: AsyncIterator<EngineRead> | undefined;
}

/** One choice under way: waits for a place, reads the engine, interprets. One await a read. */
class ChoiceReader {
  usage: Usage = noUsage;
  /** the read that ended the answer has come */
  isEnded = false;
  readonly #onFault: AnswerFaultListener;
  readonly #signal: AbortSignal;
  /** what is asked, and how; let go of once something was given: the rest of the answer may take minutes */
  #asking: Asking | undefined;
  #attempt: Attempt;
  #repairs = 0;
  /** what ended the answer after events that came with it */
  #failure: GatewayError | undefined;
  #place: Place | undefined;

  constructor(context: TurnContext, prepared: PreparedChoice, signal: AbortSignal) {
    this.#onFault = context.onFault;
    this.#signal = signal;
    this.#asking = { context, prepared };
    this.#attempt = openAttempt(prepared, signal);
  }

  /** Events of the next read; undefined at the end. Throws what failed; the place is free then. */
  async read(): Promise<readonly GenerateEvent[] | undefined> {
    if (this.#failure) throw this.#failure;
    try {
      for (;;) {
        const attempt = this.#attempt;
        attempt.reads ??= await this.#open(attempt);
        const read = await attempt.reads.next();
        if (read.done) return this.#leave();
        const events = this.#interpret(attempt, read.value);
        if (events && events.length > 0) this.#asking = undefined;
        if (events) return events;
      }
    } catch (error) {
      this.#leave();
      throw error;
    }
  }

  /** Events of the whole answer. Throws what failed, after events too: nobody was told of them, so that the answer may also be asked for again. */
  async readWhole(): Promise<readonly GenerateEvent[]> {
    try {
      const events: GenerateEvent[] = [];
      while (!this.isEnded) {
        const attempt = this.#attempt;
        attempt.reads ??= await this.#open(attempt);
        const read = await attempt.reads.next();
        if (read.done) break;
        const more = this.#interpret(attempt, read.value);
        if (this.#failure) throw this.#failure;
        if (more) events.push(...more);
        else events.length = 0;
      }
      this.#leave();
      return events;
    } catch (error) {
      this.#leave();
      throw error;
    }
  }

  /** Stops the engine's work on it. */
  async stop(): Promise<void> {
    await this.#attempt.reads?.return?.();
    this.#leave();
  }

  /** Undefined where the answer is faulty and is asked for once more. */
  #interpret(attempt: Attempt, read: EngineRead): readonly GenerateEvent[] | undefined {
    if (read.end) this.#end(read);
    const events = attempt.interpreter.push(read);
    if (attempt.interpreter.isSatisfied) attempt.satisfied?.abort();
    const { fault } = attempt.interpreter;
    if (fault && this.#repair(fault)) return undefined;
    const last = events.at(-1);
    if (last?.type !== 'error') return events;
    if (events.length === 1) throw last.error;
    this.#failure = last.error;
    this.isEnded = false;
    return events.slice(0, -1);
  }

  /** Asks for the answer once more, if that may be and nothing was given of it. */
  #repair(fault: AnswerFault): boolean {
    const again = this.#askAgain(fault);
    this.#onFault(fault, again ? 'repairing' : fault.isTolerable ? 'given' : 'refused');
    if (!again) return false;
    this.#repairs += 1;
    this.isEnded = false;
    this.#asking = again;
    this.#attempt = openAttempt(again.prepared, this.#signal);
    return true;
  }

  #askAgain(fault: AnswerFault): Asking | undefined {
    if (!this.#asking || !fault.isRepairable) return undefined;
    const { context, prepared } = this.#asking;
    const again = this.#repairs < context.repairs ? context.repair(prepared, fault) : undefined;
    return again && { context, prepared: again };
  }

  async #open({ signal }: Attempt): Promise<AsyncIterator<EngineRead>> {
    if (!this.#asking) throw new Error('A choice that has given something asks no further.');
    const { context, prepared } = this.#asking;
    const { upstream, compile, onAdmitted } = context;
    const { binding } = prepared;
    const request = binding ? bindRequest(prepared, await compile(binding.job, signal)) : prepared.request;
    const sinceMs = performance.now();
    this.#place = await upstream.admit(request.model, signal);
    onAdmitted(performance.now() - sinceMs);
    return upstream.engine.stream(request, signal)[Symbol.asyncIterator]();
  }

  #end({ end }: EngineRead): void {
    this.#leave();
    if (end?.reason === 'abort' && !this.#attempt.interpreter.isSatisfied)
      throw new GatewayError('client_closed', 'The request was given up before its answer was complete.');
    if (end) this.usage = addUsage(this.usage, end.usage);
    this.isEnded = true;
  }

  #leave(): undefined {
    this.#place?.release();
    this.#place = undefined;
  }
}

function openAttempt(prepared: PreparedChoice, signal: AbortSignal): Attempt {
  const { openParser, plan } = prepared;
  const { calls } = plan;
  const endsEarly = calls !== undefined && (!calls.parallel || typeof calls.toolChoice === 'object');
  const satisfied = endsEarly ? new AbortController() : undefined;
  return {
    interpreter: openInterpreter({ parser: openParser?.(), plan, makeCallId }),
    satisfied,
    signal: satisfied ? AbortSignal.any([signal, satisfied.signal]) : signal,
    reads: undefined,
  };
}

const idLetters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** `call_` and 24 letters or digits. */
function makeCallId(): string {
  let id = 'call_';
  for (let index = 0; index < 24; index++) id += idLetters.charAt(randomInt(idLetters.length));
  return id;
}

/** Hears what failed after events were given, and became one itself. */
export type LateFailureListener = (error: GatewayError) => void;

/** Opens the batches of a turn: one choice is read directly, several are worked on side by side and merged as they come. */
export function openBatches(
  context: TurnContext & { readonly onLateFailure: LateFailureListener },
  prepared: readonly PreparedChoice[],
  signal: AbortSignal,
): AsyncIterable<EventBatch> {
  const [only] = prepared;
  if (only && prepared.length === 1) return new SingleBatches(new ChoiceReader(context, only, signal), context.onLateFailure);
  return mergeChoices(context, prepared, signal);
}

/** Reads the choices of a turn to their end, several side by side. A failing choice ends all of them: its failure is thrown. */
export async function readWhole(context: TurnContext, prepared: readonly PreparedChoice[], signal: AbortSignal): Promise<EventBatch[]> {
  const [only] = prepared;
  if (only && prepared.length === 1) {
    const reader = new ChoiceReader(context, only, signal);
    const events = await reader.readWhole();
    return [{ choice: 0, events: [...events, { type: 'usage', usage: reader.usage }] }];
  }
  const stop = openStop(signal);
  const read = async (choice: PreparedChoice) => {
    const reader = new ChoiceReader(context, choice, stop.either);
    const events = await reader.readWhole();
    return { batch: { choice: choice.choice, events }, usage: usageOf(choice.choice, reader, context.copies) };
  };
  try {
    const answers = await Promise.all(prepared.map(read));
    const usage = answers.map((answer) => answer.usage).reduce(addUsage, noUsage);
    return [...answers.map(({ batch }) => batch), { choice: 0, events: [{ type: 'usage', usage }] }];
  } catch (error) {
    stop.abort();
    throw error;
  }
}

/** What ends several choices at once: the caller's signal, or one of ours. */
function openStop(signal: AbortSignal): { readonly either: AbortSignal; readonly abort: () => void } {
  const own = new AbortController();
  const either = AbortSignal.any([signal, own.signal]);
  // each choice listens to it: Node warns of more than ten
  setMaxListeners(0, either);
  return { either, abort: () => own.abort() };
}

/** The prompt of several copies is counted once. */
function usageOf(choice: number, { usage }: ChoiceReader, copies: number): Usage {
  return choice % copies === 0 ? usage : { ...usage, promptTokens: 0, cachedTokens: 0 };
}

class SingleBatches implements AsyncIterableIterator<EventBatch, undefined> {
  readonly #reader: ChoiceReader;
  #hasBegun = false;
  #isEnded = false;
  readonly #onFailure: LateFailureListener;

  constructor(reader: ChoiceReader, onFailure: LateFailureListener) {
    this.#reader = reader;
    this.#onFailure = onFailure;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<EventBatch, undefined>> {
    if (this.#isEnded) return done;
    try {
      const events = await this.#reader.read();
      this.#hasBegun ||= events !== undefined && events.length > 0;
      if (!events || this.#reader.isEnded) return this.#finish([...(events ?? []), { type: 'usage', usage: this.#reader.usage }]);
      return { done: false, value: { choice: 0, events } };
    } catch (error) {
      this.#isEnded = true;
      if (!this.#hasBegun) throw error;
      const failure = toGatewayError(error);
      this.#onFailure(failure);
      return this.#finish([{ type: 'error', error: failure }]);
    }
  }

  async return(): Promise<IteratorResult<EventBatch, undefined>> {
    this.#isEnded = true;
    await this.#reader.stop();
    return done;
  }

  #finish(events: readonly GenerateEvent[]): IteratorResult<EventBatch, undefined> {
    this.#isEnded = true;
    return { done: false, value: { choice: 0, events } };
  }
}

/** Batches that wait for a slow reader before the choices stop reading their engine. */
const mostWaitingBatches = 64;

/** A failing choice ends all of them. What runs on to the end holds neither context nor choices, which the readers let go of. */
function mergeChoices(
  context: TurnContext & { readonly onLateFailure: LateFailureListener },
  prepared: readonly PreparedChoice[],
  signal: AbortSignal,
): AsyncIterable<EventBatch> {
  const { copies, onLateFailure } = context;
  const stop = openStop(signal);
  const drained = new Set<() => void>();
  const goOn = () => {
    for (const resume of drained) resume();
    drained.clear();
  };
  const merged = new Mailbox<EventBatch>({
    onReturn: () => {
      stop.abort();
      goOn();
    },
    onDrained: goOn,
  });
  let hasBegun = false;
  const pump = async (reader: ChoiceReader, choice: number): Promise<Usage> => {
    for (let events = await reader.read(); events; events = await reader.read()) {
      hasBegun ||= events.length > 0;
      merged.put({ choice, events });
      if (merged.size >= mostWaitingBatches) await new Promise<void>((resolve) => drained.add(resolve));
    }
    return usageOf(choice, reader, copies);
  };
  const fail = (error: unknown) => {
    stop.abort();
    if (!hasBegun) return merged.fail(error);
    const failure = toGatewayError(error);
    onLateFailure(failure);
    merged.put({ choice: 0, events: [{ type: 'error', error: failure }] });
    merged.close();
  };
  const pumped: Promise<Usage>[] = [];
  // a function that named them would hold them, and with it all others made here
  for (const choice of prepared) pumped.push(pump(new ChoiceReader(context, choice, stop.either), choice.choice));
  void Promise.all(pumped).then((usages) => {
    merged.put({ choice: 0, events: [{ type: 'usage', usage: usages.reduce(addUsage, noUsage) }] });
    merged.close();
  }, fail);
  return merged;
}
