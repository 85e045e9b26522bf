import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { EngineModel, EngineState } from '../../protocol/engine.ts';
import { GatewayError } from '../../protocol/error.ts';
import type { EngineContext } from '../engine.ts';
import type { FromChild, Hardware, LoadOptions, RunStep, SentError, ToChild } from './messages.ts';

/** What the parent does with the child's words. */
export interface ChildListener {
  /** steps of runs, as they come */
  step(runs: readonly RunStep[]): void;
  answer(call: number, value: unknown): void;
  refusal(call: number, error: GatewayError): void;
  /** the process is gone: everything asked of it is lost */
  gone(error: GatewayError): void;
}

/** Waits between restarts: each failure doubles it. A child that served longer than `settledMs` starts again from the first. */
const backOff = { firstMs: 250, mostMs: 30_000, settledMs: 60_000 };
const keptWords = 20;
/** Failures of loading that another try will not mend. */
const finalCodes: ReadonlySet<string> = new Set(['model_file_invalid', 'engine_missing', 'engine_failed']);

/**
 * Keeps one child process with one model alive. It is started again with growing waits whenever it dies; a model that cannot be
 * loaded is final. `ready` resolves with the model's facts, again after each restart.
 */
export class EmbeddedChild {
  readonly #options: LoadOptions;
  readonly #context: EngineContext;
  readonly #listener: ChildListener;
  readonly #lastWords: string[] = [];
  #process: ChildProcess | undefined;
  #state: EngineState = { status: 'starting', reason: 'the model is loading' };
  #facts: EngineModel | undefined;
  #final: GatewayError | undefined;
  #waiters: { readonly resolve: (facts: EngineModel) => void; readonly reject: (error: GatewayError) => void }[] = [];
  #restart: NodeJS.Timeout | undefined;
  #failures = 0;
  #readySinceMs = 0;

  constructor(options: LoadOptions, context: EngineContext, listener: ChildListener) {
    this.#options = options;
    this.#context = context;
    this.#listener = listener;
    this.#spawn();
  }

  get state(): EngineState {
    return this.#state;
  }

  /** The process id while it lives. */
  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** Facts once it serves; waits through restarts. Rejects with the reason when it never will. */
  ready(): Promise<EngineModel> {
    if (this.#final) return Promise.reject(this.#final);
    if (this.#facts && this.#state.status === 'ready') return Promise.resolve(this.#facts);
    return new Promise((resolve, reject) => this.#waiters.push({ resolve, reject }));
  }

  /** Sends a message; false when nobody is there to read it. */
  send(message: ToChild): boolean {
    return this.#process?.connected === true && this.#process.send(message);
  }

  /** Ends the process at once, because it is stuck; it starts again by itself. */
  kill(): void {
    this.#process?.kill('SIGKILL');
  }

  /** Ends the process for good: asks first, then kills after two seconds. */
  async close(): Promise<void> {
    this.#settle(new GatewayError('shutting_down', 'The embedded engine has been closed.'));
    clearTimeout(this.#restart);
    const child = this.#process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = new Promise((resolve) => child.once('exit', resolve));
    this.send({ type: 'close' });
    const kill = setTimeout(() => child.kill('SIGKILL'), 2000);
    await exited;
    clearTimeout(kill);
  }

  #spawn(): void {
    const path = fileURLToPath(new URL('./child.js', import.meta.url));
    const child = fork(path, [], { serialization: 'json', stdio: ['ignore', 'ignore', 'pipe', 'ipc'], execArgv: [] });
    this.#process = child;
    this.#lastWords.length = 0;
    child.stderr?.setEncoding('utf8').on('data', (text: string) => this.#hear(text));
    child.on('message', (message: FromChild) => this.#receive(message));
    child.on('error', (error) => this.#context.log('error', 'engine-process-error', { message: error.message }));
    child.on('exit', (code, signal) => this.#onExit(child, signal ?? `code ${code}`));
    this.send({ type: 'load', options: this.#options });
  }

  #hear(text: string): void {
    for (const line of text.split('\n').filter(Boolean)) {
      this.#lastWords.push(line);
      this.#context.log('debug', 'engine-words', { line });
    }
    this.#lastWords.splice(0, Math.max(0, this.#lastWords.length - keptWords));
  }

  #receive(message: FromChild): void {
    if (message.type === 'step') this.#listener.step(message.runs);
    else if (message.type === 'answer') this.#listener.answer(message.call, message.value);
    else if (message.type === 'refusal') this.#listener.refusal(message.call, fromSentError(message.error));
    else if (message.type === 'loading')
      this.#state = { status: 'starting', reason: `the model is loading (${Math.round(message.ratio * 100)} %)` };
    else if (message.type === 'loaded') this.#onLoaded(message.model, message.hardware);
    else if (message.type === 'load-failed') this.#onLoadFailed(fromSentError(message.error));
    else message satisfies never;
  }

  #onLoaded(facts: EngineModel, hardware: Hardware): void {
    this.#facts = facts;
    this.#state = { status: 'ready' };
    this.#readySinceMs = performance.now();
    this.#context.log('info', 'engine-ready', { model: facts.id, contextTokens: facts.contextTokens, ...hardware, pid: this.pid });
    for (const waiter of this.#waiters.splice(0)) waiter.resolve(facts);
  }

  #onLoadFailed(error: GatewayError): void {
    this.#context.log('error', 'engine-load-failed', { code: error.code, message: error.message });
    if (finalCodes.has(error.code)) this.#settle(error);
    this.#process?.kill();
  }

  #settle(error: GatewayError): void {
    this.#final = error;
    this.#state = { status: 'down', reason: error.message };
    for (const waiter of this.#waiters.splice(0)) waiter.reject(error);
  }

  #onExit(child: ChildProcess, how: string): void {
    if (child !== this.#process) return;
    this.#process = undefined;
    const words = this.#lastWords.at(-1);
    this.#listener.gone(
      new GatewayError(
        'engine_failed',
        `The embedded engine's process ended (${how}) while it worked on this request. It starts again by itself: retry.`,
      ),
    );
    if (this.#final) return;
    if (this.#readySinceMs > 0 && performance.now() - this.#readySinceMs > backOff.settledMs) this.#failures = 0;
    this.#readySinceMs = 0;
    const waitMs = Math.min(backOff.mostMs, backOff.firstMs * 2 ** this.#failures++);
    this.#state = { status: 'starting', reason: `the engine's process ended (${how}) and starts again` };
    this.#context.log('error', 'engine-gone', { how, restartInMs: waitMs, ...(words ? { words } : {}) });
    this.#restart = setTimeout(() => this.#spawn(), waitMs);
  }
}

function fromSentError(error: SentError): GatewayError {
  return new GatewayError(error.code, error.message, error.param === undefined ? {} : { param: error.param });
}
