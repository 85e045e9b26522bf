import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { GatewayError } from '../../protocol/error.ts';
import { type LastWord, lastWordPipe, type TrialAnswer, type TrialQuestion, type TrialSetUp } from './grammar-trial-messages.ts';

/** How grammars are tried. */
export interface GrammarTrialOptions {
  /** what to import: `node-llama-cpp`, or the file URL of a copy in the cache folder */
  readonly enginePackage: string;
  /** processor time of a trial; default 2,000. On the clock it may take ten times that, and loading the engine half a minute */
  readonly timeLimitMs?: number;
  /** memory of a trial, default 512 */
  readonly memoryLimitMb?: number;
  /** grammars that wait for their trial, default 64 */
  readonly mostWaiting?: number;
  /** trials that are remembered, default 256 */
  readonly mostKept?: number;
}

/** Whether a user's grammar may reach the engine. */
export type Verdict = { readonly isSafe: true } | { readonly isSafe: false; readonly reason: string };

/** Tries grammars that users send, in processes of their own: llama.cpp may hang or end there. */
export interface GrammarTrials {
  /**
   * Reads the grammar with our bounded reader, writes it as GBNF and lets llama.cpp follow texts that it allows. What cannot be tried is not safe. The reason is for the
   * person who sent it. Verdicts are remembered by the grammar's text, but for those that are not about the grammar. Two trials at once; `queue_full` when too many wait, `shutting_down` after `close`.
   */
  try(grammar: string): Promise<Verdict>;
  /** Ends the processes; what waits is refused. */
  close(): void;
}

/** Opens trials: a process starts with the first grammar, stays for the next ones while it behaves, and goes after ten idle seconds. It does not keep this process alive while idle. */
export function openGrammarTrials(options: GrammarTrialOptions): GrammarTrials {
  return new Trials(options);
}

const startLimitMs = 30_000;
/** A busy machine gives a process a part of its time only. */
const clockFactor = 10;
const idleMs = 10_000;
const mostProcesses = 2;

interface Waiting {
  readonly grammar: string;
  readonly resolve: (verdict: Verdict) => void;
  readonly reject: (error: GatewayError) => void;
}

/** A verdict, and whether another try would give the same. */
interface Outcome {
  readonly verdict: Verdict;
  readonly isLasting: boolean;
}

class Trials implements GrammarTrials {
  readonly #options: Required<GrammarTrialOptions>;
  readonly #kept = new Map<string, Promise<Verdict>>();
  readonly #waiting: Waiting[] = [];
  readonly #free: TrialProcess[] = [];
  readonly #all = new Set<TrialProcess>();
  #isClosed = false;

  constructor({ timeLimitMs = 2_000, memoryLimitMb = 512, mostWaiting = 64, mostKept = 256, enginePackage }: GrammarTrialOptions) {
    this.#options = { timeLimitMs, memoryLimitMb, mostWaiting, mostKept, enginePackage };
  }

  try(grammar: string): Promise<Verdict> {
    const verdict = this.#kept.get(grammar) ?? this.#queue(grammar);
    this.#kept.delete(grammar);
    this.#kept.set(grammar, verdict);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > this.#options.mostKept && oldest !== undefined) this.#kept.delete(oldest);
    return verdict;
  }

  close(): void {
    this.#isClosed = true;
    for (const trial of this.#all) trial.close();
    for (const { reject } of this.#waiting.splice(0)) reject(tellClosed());
  }

  #queue(grammar: string): Promise<Verdict> {
    const { mostWaiting } = this.#options;
    const verdict = new Promise<Verdict>((resolve, reject) => {
      if (this.#isClosed) return reject(tellClosed());
      if (this.#waiting.length >= mostWaiting) return reject(tellFull(mostWaiting));
      this.#waiting.push({ grammar, resolve, reject });
      this.#next();
    });
    verdict.catch(() => this.#kept.delete(grammar));
    return verdict;
  }

  #next(): void {
    if (this.#waiting.length === 0) return;
    const trial = this.#free.pop() ?? (this.#all.size < mostProcesses ? this.#start() : undefined);
    const waiting = trial && this.#waiting.shift();
    if (!waiting) return;
    void this.#run(trial, waiting);
  }

  async #run(trial: TrialProcess, { grammar, resolve, reject }: Waiting): Promise<void> {
    const { verdict, isLasting } = await trial.ask(grammar);
    if (!isLasting) this.#kept.delete(grammar);
    if (this.#isClosed) reject(tellClosed());
    else resolve(verdict);
    if (this.#all.has(trial)) this.#free.push(trial);
    this.#next();
  }

  #start(): TrialProcess {
    const trial = new TrialProcess(this.#options, () => {
      this.#all.delete(trial);
      const index = this.#free.indexOf(trial);
      if (index !== -1) this.#free.splice(index, 1);
    });
    this.#all.add(trial);
    return trial;
  }
}

/** One process; it answers one question at a time, and is gone when one ended it. */
class TrialProcess {
  readonly #options: Required<GrammarTrialOptions>;
  readonly #process: ChildProcess;
  readonly #onGone: () => void;
  #isReady = false;
  #lastWord: LastWord | undefined;
  #isOver = false;
  #question: TrialQuestion | undefined;
  #settle: ((outcome: Outcome) => void) | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: Required<GrammarTrialOptions>, onGone: () => void) {
    this.#options = options;
    this.#onGone = onGone;
    const limits = { cpuMs: options.timeLimitMs, memoryMb: options.memoryLimitMb };
    const setUp: TrialSetUp = { enginePackage: options.enginePackage, limits };
    const path = fileURLToPath(new URL('./grammar-trial-process.js', import.meta.url));
    this.#process = fork(path, [JSON.stringify(setUp)], { stdio: ['ignore', 'ignore', 'ignore', 'ipc', 'pipe'], execArgv: [] });
    this.#process.on('message', (answer: TrialAnswer) => this.#receive(answer));
    this.#process.on('error', () => this.#end(couldNotStart));
    this.#process.stdio[lastWordPipe]?.on('data', (word: Buffer) => (this.#lastWord = String(word) as LastWord));
    this.#process.on('close', (code, signal) => this.#end(this.#explain(code, signal)));
  }

  ask(grammar: string): Promise<Outcome> {
    this.#hold(true);
    return new Promise((resolve) => {
      this.#settle = resolve;
      this.#question = { grammar };
      this.#limit(startLimitMs);
      if (this.#isReady) this.#send();
    });
  }

  close(): void {
    this.#process.kill('SIGKILL');
  }

  #send(): void {
    if (!this.#question) return;
    this.#limit(this.#options.timeLimitMs * clockFactor);
    this.#process.send(this.#question);
    this.#question = undefined;
  }

  #receive(answer: TrialAnswer): void {
    if (answer.type === 'ready') {
      this.#isReady = true;
      this.#send();
    } else if (answer.type === 'passed') this.#answer({ verdict: { isSafe: true }, isLasting: true });
    else this.#answer(refuse(answer.reason));
  }

  #answer(outcome: Outcome): void {
    this.#hold(false);
    this.#limit(idleMs);
    this.#settle?.(outcome);
    this.#settle = undefined;
  }

  /** What happens when the time is over: nothing else ends what llama.cpp does. */
  #limit(timeMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#isOver = true;
      this.#process.kill('SIGKILL');
    }, timeMs);
    if (!this.#settle) this.#timer.unref();
  }

  #end(outcome: Outcome): void {
    clearTimeout(this.#timer);
    this.#onGone();
    this.#settle?.(outcome);
    this.#settle = undefined;
  }

  #explain(code: number | null, signal: NodeJS.Signals | null): Outcome {
    if (!this.#isReady) return couldNotStart;
    const { timeLimitMs, memoryLimitMb } = this.#options;
    const bound = this.#lastWord === 'large' ? `${memoryLimitMb} MB` : `${timeLimitMs / 1000} s`;
    if (this.#lastWord || this.#isOver)
      return refuse(`llama.cpp needs more than ${bound} to follow a few texts that it allows. ${simplify}`);
    return refuse(`it ends llama.cpp (${signal ?? `code ${code}`}). ${simplify}`);
  }

  /** Whether this process keeps its parent alive. */
  #hold(isNeeded: boolean): void {
    if (isNeeded) this.#process.ref();
    else this.#process.unref();
    if (isNeeded) this.#process.channel?.ref();
    else this.#process.channel?.unref();
  }
}

const simplify =
  'Write it so that a text can be read in one way only: no repetition of what is a repetition itself, no options that begin alike.';

const couldNotStart: Outcome = {
  verdict: { isSafe: false, reason: 'it cannot be tried: the engine did not start in the process for it. See the log, or retry' },
  isLasting: false,
};

function refuse(reason: string): Outcome {
  return { verdict: { isSafe: false, reason }, isLasting: true };
}

function tellClosed(): GatewayError {
  return new GatewayError('shutting_down', 'The trials of grammars have been closed.');
}

function tellFull(count: number): GatewayError {
  return new GatewayError('queue_full', `${count} grammars wait for their trial. Retry in a few seconds.`, { retryAfterSeconds: 5 });
}
