import type {
  Engine,
  EngineCapabilities,
  EngineEmbeddings,
  EnginePrompt,
  EngineRead,
  EngineRequest,
  GrammarVerdict,
  TextToTokenize,
} from '../protocol/engine.ts';
import { GatewayError } from '../protocol/error.ts';
import { Mailbox } from '../text/mailbox.ts';
import { EmbeddedChild } from './embedded/child-process.ts';
import { openGrammarTrials } from './embedded/grammar-trial.ts';
import type { Counters, LoadOptions, Question, RunRequest, RunStep } from './embedded/messages.ts';
import { watchSteps } from './embedded/step-watch.ts';
import { defineEngine, type EngineContext } from './engine.ts';

/** What the embedded engine is opened with. */
export interface EmbeddedOptions extends LoadOptions {
  /** a child that is busy and makes no step for so long is killed and started again; default 10 minutes, as a step of a large model on a slow machine takes long */
  readonly hangLimitMs?: number;
}

interface RunInFlight {
  readonly reads: Mailbox<EngineRead>;
  readonly stopListening: () => void;
}

interface Waiting {
  readonly resolve: (value: never) => void;
  readonly reject: (error: GatewayError) => void;
}

/** llama.cpp in a process of its own, which may die without harm: requests in flight get one error and it starts again. */
export class EmbeddedEngine implements Engine {
  readonly capabilities: EngineCapabilities;
  readonly #child: EmbeddedChild;
  readonly #runs = new Map<number, RunInFlight>();
  readonly #questions = new Map<number, Waiting>();
  readonly #trials: ReturnType<typeof openGrammarTrials>;
  readonly #stopWatch: () => void;
  #nextNumber = 1;

  constructor({ hangLimitMs = 600_000, ...options }: EmbeddedOptions, context: EngineContext) {
    this.capabilities = {
      prompts: ['segments', 'tokens'],
      grammars: 'gbnf',
      lazyGrammars: 'regions',
      constraints: [],
      topLogprobsMax: 20,
      hasStopTokenIds: true,
      hasEmbeddings: true,
      hasTools: false,
      hasToolChoice: false,
      showsTools: false,
      hasImages: false,
      hasTokenizer: true,
      slots: options.slots,
      tellsSpecialTokens: true,
      takesUnknownFields: false,
    };
    this.#trials = openGrammarTrials({ enginePackage: options.enginePackage });
    this.#child = new EmbeddedChild(options, context, {
      step: (runs) => this.#deliver(runs),
      answer: (call, value) => this.#take(call)?.resolve(value as never),
      refusal: (call, error) => this.#take(call)?.reject(error),
      gone: (error) => this.#failAll(error),
    });
    this.#stopWatch = watchSteps({
      isBusy: () => this.#runs.size > 0,
      countSteps: async () => (await this.counters()).steps,
      onHang: () => {
        context.log('error', 'engine-stuck', { limitMs: hangLimitMs });
        this.#child.kill();
      },
      limitMs: hangLimitMs,
    });
  }

  async models() {
    return [await this.#child.ready()];
  }

  state() {
    return this.#child.state;
  }

  async probe(): Promise<readonly string[]> {
    const { status, reason } = this.#child.state;
    if (status === 'ready') return (await this.models()).map(({ id }) => id);
    throw new GatewayError('engine_unavailable', `The embedded engine takes no requests now: ${reason ?? status}`);
  }

  /** The process id of the child, for tests and the log. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Sums of the step loop since its start. */
  counters(): Promise<Counters> {
    return this.#ask({ ask: 'counters' });
  }

  stream(request: EngineRequest, signal: AbortSignal): AsyncIterable<EngineRead> {
    const run = this.#nextNumber++;
    const stop = () => {
      this.#child.send({ type: 'abort', run });
      this.#forget(run);
    };
    const reads = new Mailbox<EngineRead>({ onReturn: stop });
    if (signal.aborted) reads.fail(new GatewayError('client_closed', 'The request was given up before it began.'));
    else void this.#begin(run, request, reads, signal);
    return reads;
  }

  embed(_model: string, inputs: readonly (string | readonly number[])[], signal: AbortSignal): Promise<EngineEmbeddings> {
    return this.#ask({ ask: 'embed', inputs }, signal);
  }

  tokenize(_model: string, text: TextToTokenize, signal: AbortSignal): Promise<readonly number[]> {
    return this.#ask({ ask: 'tokenize', text }, signal);
  }

  detokenize(_model: string, tokens: readonly number[], signal: AbortSignal): Promise<string> {
    return this.#ask({ ask: 'detokenize', tokens }, signal);
  }

  tryGrammar(grammar: string): Promise<GrammarVerdict> {
    return this.#trials.try(grammar);
  }

  async close() {
    this.#stopWatch();
    this.#trials.close();
    await this.#child.close();
    this.#failAll(new GatewayError('shutting_down', 'The embedded engine has been closed.'));
  }

  async #begin(run: number, request: EngineRequest, reads: Mailbox<EngineRead>, signal: AbortSignal): Promise<void> {
    try {
      await this.#child.ready();
    } catch (error) {
      reads.fail(error);
      return;
    }
    if (signal.aborted || reads.isEnded)
      return void reads.fail(new GatewayError('client_closed', 'The request was given up before it began.'));
    const abort = () => this.#child.send({ type: 'abort', run });
    signal.addEventListener('abort', abort, { once: true });
    this.#runs.set(run, { reads, stopListening: () => signal.removeEventListener('abort', abort) });
    this.#child.send({ type: 'start', run, request: toRunRequest(request) });
  }

  #deliver(runs: readonly RunStep[]): void {
    for (const step of runs) {
      const reads = this.#runs.get(step.run)?.reads;
      if (!reads) continue;
      if (step.error) {
        this.#forget(step.run);
        reads.fail(
          new GatewayError(step.error.code, step.error.message, step.error.param === undefined ? {} : { param: step.error.param }),
        );
      } else {
        reads.put(step.end ? { deltas: step.deltas, end: step.end } : { deltas: step.deltas });
        if (!step.end) continue;
        this.#forget(step.run);
        reads.close();
      }
    }
  }

  #forget(run: number): void {
    this.#runs.get(run)?.stopListening();
    this.#runs.delete(run);
  }

  async #ask<Answer>(question: Question, signal?: AbortSignal): Promise<Answer> {
    await this.#child.ready();
    signal?.throwIfAborted();
    const call = this.#nextNumber++;
    return new Promise<Answer>((resolve, reject) => {
      this.#questions.set(call, { resolve, reject });
      this.#child.send({ type: 'question', call, question });
    });
  }

  #take(call: number): Waiting | undefined {
    const waiting = this.#questions.get(call);
    this.#questions.delete(call);
    return waiting;
  }

  #failAll(error: GatewayError): void {
    for (const [run, { reads }] of this.#runs) {
      this.#forget(run);
      reads.fail(error);
    }
    for (const waiting of this.#questions.values()) waiting.reject(error);
    this.#questions.clear();
  }
}

function toRunRequest({ id: _id, model: _model, unknownFields: _unknown, prompt, ...rest }: EngineRequest): RunRequest {
  return { ...rest, prompt: toPrompt(prompt) };
}

function toPrompt(prompt: EnginePrompt): RunRequest['prompt'] {
  if (prompt.form === 'segments') return { segments: prompt.segments, isRendered: prompt.isRendered };
  if (prompt.form === 'tokens') return { tokens: prompt.tokens };
  throw new GatewayError('internal_error', 'The embedded engine takes rendered prompts only.');
}

export default defineEngine<EmbeddedOptions>({
  summary: 'llama.cpp inside this program, in a process of its own: nothing else to install or start',
  open: (options, context) => new EmbeddedEngine(options, context),
});
