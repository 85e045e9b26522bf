import type { Delta, EngineEnd } from '../../protocol/engine.ts';
import { GatewayError, toGatewayError } from '../../protocol/error.ts';
import { chooseSlot, type SlotChoice, type SlotView } from './choose-slot.ts';
import type { Counters, RunStep } from './messages.ts';
import type { NativeModel } from './native.ts';
import type { Run } from './run.ts';

/** Most tokens of prompt that one run evaluates in one step: what an abort waits for at most, and what decoding runs wait for each other. */
const mostChunkTokens = 128;

interface Slot extends SlotView {
  readonly tokens: number[];
  isBusy: boolean;
  lastUsedStep: number;
  comingPrompt: readonly number[] | undefined;
  run: Run | undefined;
}

interface Work {
  readonly slot: Slot;
  readonly run: Run;
  readonly tokens: readonly number[];
  readonly isLast: boolean;
  logitIndex: number;
}

/**
 * Drives all slots in lockstep: every step evaluates one batch with the next token of each decoding run and the next chunks of waiting
 * prompts, then draws one token for each run that has logits. Chunks end at fixed positions of the prompt, so that a run's numbers do
 * not depend on its neighbours. `report` gets one list a step.
 */
export class StepLoop {
  readonly #native: NativeModel;
  readonly #report: (runs: readonly RunStep[]) => void;
  readonly #slots: Slot[];
  readonly #chunkTokens: number;
  /** chunks that a step takes while nobody is decoding */
  readonly #idleChunks: number;
  readonly #waiting: Run[] = [];
  readonly #runs = new Map<number, Run>();
  #isRunning = false;
  #steps = 0;
  #evaluatedPromptTokens = 0;
  #reusedPromptTokens = 0;
  #copiedPromptTokens = 0;
  #writtenTokens = 0;
  #decodeMs = 0;
  #sampleMs = 0;

  constructor(native: NativeModel, report: (runs: readonly RunStep[]) => void) {
    this.#native = native;
    this.#report = report;
    this.#chunkTokens = Math.min(mostChunkTokens, native.batchTokens);
    this.#idleChunks = Math.floor(native.batchTokens / this.#chunkTokens);
    this.#slots = Array.from({ length: native.slots }, (_, index) => ({
      index,
      tokens: [],
      isBusy: false,
      lastUsedStep: 0,
      comingPrompt: undefined,
      run: undefined,
    }));
    // a loop knows nothing of what another left in the context
    for (const slot of this.#slots) native.context.disposeSequence(slot.index);
  }

  /** Queues a run for the next free slot. */
  start(run: Run): void {
    this.#runs.set(run.id, run);
    this.#waiting.push(run);
    this.#wake();
  }

  /** Ends a run before its next token; at once when it still waits. Unknown ids are ignored: it may have ended on its own. */
  abort(id: number): void {
    const run = this.#runs.get(id);
    if (!run) return;
    run.isAborted = true;
    const place = this.#waiting.indexOf(run);
    if (place >= 0) this.#waiting.splice(place, 1);
    if (place >= 0) this.#report([this.#close(run, run.end('abort'))]);
  }

  /** Sums since the start. */
  counters(): Counters {
    return {
      steps: this.#steps,
      evaluatedPromptTokens: this.#evaluatedPromptTokens,
      reusedPromptTokens: this.#reusedPromptTokens,
      copiedPromptTokens: this.#copiedPromptTokens,
      writtenTokens: this.#writtenTokens,
      activeSlots: this.#slots.filter((slot) => slot.isBusy).length,
      waitingRuns: this.#waiting.length,
      decodeMs: this.#decodeMs,
      sampleMs: this.#sampleMs,
    };
  }

  #wake(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    setImmediate(() => void this.#loop());
  }

  async #loop(): Promise<void> {
    while (this.#runs.size > 0) await this.#step();
    this.#isRunning = false;
  }

  async #step(): Promise<void> {
    this.#steps++;
    const reports = this.#endAborted();
    await this.#admit();
    const work = this.#planStep();
    try {
      await this.#evaluate(work);
      for (const report of await this.#drawAll(work)) reports.push(report);
    } catch (error) {
      for (const { slot, run } of work) reports.push(this.#failRun(slot, run, error));
    }
    if (reports.length > 0) this.#report(reports);
  }

  #endAborted(): RunStep[] {
    const ended: RunStep[] = [];
    for (const slot of this.#slots) {
      if (slot.run?.isAborted) ended.push(this.#leave(slot, slot.run, slot.run.end('abort')));
    }
    return ended;
  }

  async #admit(): Promise<void> {
    for (let at = 0; at < this.#waiting.length; ) {
      const run = this.#waiting[at] as Run;
      const choice = chooseSlot(this.#slots, run.prompt);
      if (choice === undefined) return;
      if (choice === 'wait') at++;
      else {
        this.#waiting.splice(at, 1);
        await this.#enter(run, choice);
      }
    }
  }

  async #enter(run: Run, choice: SlotChoice): Promise<void> {
    const slot = this.#slots[choice.index] as Slot;
    slot.isBusy = true;
    slot.run = run;
    slot.comingPrompt = run.prompt;
    if (choice.copyFrom !== undefined) await this.#copyState(slot, choice.copyFrom, choice.reusedTokens);
    this.#keepPrefix(slot, choice.reusedTokens);
    run.reusedTokens = slot.tokens.length;
    this.#reusedPromptTokens += slot.tokens.length;
  }

  async #copyState(slot: Slot, from: number, sharedTokens: number): Promise<void> {
    const source = this.#slots[from];
    this.#native.context.disposeSequence(slot.index);
    slot.tokens.length = 0;
    if (!source) return;
    const copied = [...source.tokens];
    try {
      await this.#native.context.copySequenceStateFromOtherSequence(slot.index, from);
    } catch {
      // not every kind of memory can be copied: the prompt is evaluated instead
      this.#native.context.disposeSequence(slot.index);
      return;
    }
    for (const token of copied) slot.tokens.push(token);
    this.#copiedPromptTokens += sharedTokens;
  }

  /** Forgets what the slot holds beyond the shared prefix; everything, where the architecture cannot forget a part. */
  #keepPrefix(slot: Slot, sharedTokens: number): void {
    if (slot.tokens.length === sharedTokens) return;
    const isKept =
      sharedTokens > 0 && slot.tokens.length > 0 && this.#native.context.removeTokenCellsFromSequence(slot.index, sharedTokens, -1);
    if (!isKept) this.#native.context.disposeSequence(slot.index);
    slot.tokens.length = isKept ? sharedTokens : 0;
  }

  #planStep(): Work[] {
    const busy = this.#slots.filter((slot) => slot.run).sort((left, right) => (left.run?.id ?? 0) - (right.run?.id ?? 0));
    const work: Work[] = [];
    for (const slot of busy) {
      if (slot.run?.next !== undefined) work.push({ slot, run: slot.run, tokens: [slot.run.next], isLast: true, logitIndex: -1 });
    }
    let chunksLeft = work.length > 0 ? 1 : this.#idleChunks;
    for (const slot of busy) {
      if (!slot.run || slot.run.next !== undefined || chunksLeft-- <= 0) continue;
      const from = slot.tokens.length;
      const to = Math.min(slot.run.prompt.length, (Math.floor(from / this.#chunkTokens) + 1) * this.#chunkTokens);
      work.push({ slot, run: slot.run, tokens: slot.run.prompt.slice(from, to), isLast: to === slot.run.prompt.length, logitIndex: -1 });
    }
    return work;
  }

  async #evaluate(work: readonly Work[]): Promise<void> {
    if (work.length === 0) return;
    const startedMs = performance.now();
    const { context } = this.#native;
    context.initBatch(work.reduce((sum, item) => sum + item.tokens.length, 0));
    for (const item of work) {
      const wanted = item.isLast ? Uint32Array.of(item.tokens.length - 1) : new Uint32Array(0);
      const indexes = context.addToBatch(item.slot.index, item.slot.tokens.length, Uint32Array.from(item.tokens), wanted);
      item.logitIndex = indexes[0] ?? -1;
    }
    await context.decodeBatch();
    for (const { slot, run, tokens } of work) {
      for (const token of tokens) slot.tokens.push(token);
      slot.lastUsedStep = this.#steps;
      if (run.next === undefined) this.#evaluatedPromptTokens += tokens.length;
    }
    this.#decodeMs += performance.now() - startedMs;
  }

  async #drawAll(work: readonly Work[]): Promise<RunStep[]> {
    const startedMs = performance.now();
    const drawn = await Promise.all(work.filter((item) => item.isLast && !item.run.isAborted).map((item) => this.#draw(item)));
    this.#sampleMs += performance.now() - startedMs;
    return drawn;
  }

  async #draw({ slot, run, logitIndex }: Work): Promise<RunStep> {
    try {
      const { delta, end } = await run.draw(logitIndex);
      this.#writtenTokens++;
      return end ? this.#leave(slot, run, end, delta) : { run: run.id, deltas: [delta] };
    } catch (error) {
      return this.#failRun(slot, run, error);
    }
  }

  #leave(slot: Slot, run: Run, end: EngineEnd, delta?: Delta): RunStep {
    slot.run = undefined;
    slot.comingPrompt = undefined;
    slot.isBusy = false;
    return this.#close(run, end, delta);
  }

  #close(run: Run, end: EngineEnd, delta?: Delta): RunStep {
    this.#runs.delete(run.id);
    run.dispose();
    return { run: run.id, deltas: delta ? [delta] : [], end };
  }

  /** After a failed step nobody knows what the sequence holds: it starts from nothing. */
  #failRun(slot: Slot, run: Run, cause: unknown): RunStep {
    this.#native.context.disposeSequence(slot.index);
    slot.tokens.length = 0;
    this.#leave(slot, run, run.end('abort'));
    const known = cause instanceof GatewayError;
    const error = known ? cause : new GatewayError('engine_failed', `llama.cpp failed in a step: ${toWords(cause)}`, { cause });
    return { run: run.id, deltas: [], error: toSentError(error) };
  }
}

function toWords(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

/** An error in the form that travels between processes. */
export function toSentError(error: unknown): { code: GatewayError['code']; message: string; param?: string } {
  const { code, message, param } = toGatewayError(error);
  return param === undefined ? { code, message } : { code, message, param };
}
