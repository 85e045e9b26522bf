import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A grammar, and texts to be tried against it. */
export interface JudgeQuestion {
  readonly gbnf: string;
  readonly texts: readonly string[];
}

/** For each text whether llama.cpp takes it; or why it takes no grammar like this. */
export type JudgeAnswer = { readonly accepted: readonly boolean[] } | { readonly refused: string };

const judgePath = fileURLToPath(new URL('./gbnf-judge-process.js', import.meta.url));

/** llama.cpp's grammar engine in a process of its own. */
export class GbnfJudge {
  #process: ChildProcess | undefined;
  #settle: { readonly resolve: (answer: JudgeAnswer) => void; readonly reject: (error: Error) => void } | undefined;

  /** Asks, one question at a time. Throws after 20 s, or when the process ends: the next question gets a new one. */
  async ask(question: JudgeQuestion): Promise<JudgeAnswer> {
    const judge = (this.#process ??= await this.#start());
    const timer = setTimeout(() => this.#fail('took longer than 20 s'), 20_000);
    try {
      return await new Promise<JudgeAnswer>((resolve, reject) => {
        this.#settle = { resolve, reject };
        judge.send(question);
      });
    } catch (cause) {
      throw new Error(`llama.cpp gave no answer about this grammar:\n${question.gbnf}`, { cause });
    } finally {
      clearTimeout(timer);
    }
  }

  close(): void {
    this.#process?.kill('SIGKILL');
    this.#process = undefined;
  }

  async #start(): Promise<ChildProcess> {
    const judge = fork(judgePath, { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
    // what llama.cpp says about refused grammars goes nowhere, but has to be read
    judge.stderr?.resume();
    await once(judge, 'message', { signal: AbortSignal.timeout(60_000) });
    judge.on('message', (answer: JudgeAnswer) => this.#settle?.resolve(answer));
    judge.on('exit', (code, signal) => this.#fail(`ended with ${code ?? signal}`));
    return judge;
  }

  #fail(reason: string): void {
    this.#settle?.reject(new Error(`The judge ${reason}.`));
    this.close();
  }
}
