import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';

/** A grammar in a notation that xgrammar or llguidance takes, and texts to be tried against it. */
export interface PythonQuestion {
  readonly notation: 'ebnf' | 'structural-tag' | 'lark';
  readonly grammar: string;
  readonly texts: readonly string[];
}

/** For each text whether the judge takes it; or why it takes no grammar like this. */
export type PythonAnswer = { readonly accepted: readonly boolean[] } | { readonly refused: string };

const packages = fileURLToPath(new URL('../python-judges', import.meta.url));
const program = fileURLToPath(new URL('../../test/python-judges.py', import.meta.url));

/** Why the judges cannot be asked here, or false. */
export const judgesMissing =
  process.env.ROOKERY_PYTHON_JUDGES_MISSING ?? (existsSync(packages) ? false : `${packages} is not here; \`npm test\` installs it`);

/** xgrammar and llguidance in a Python process, one for all questions. */
export class PythonJudges {
  #process: ChildProcessByStdio<Writable, Readable, Readable> | undefined;
  #settle: { readonly resolve: (answer: PythonAnswer) => void; readonly reject: (error: Error) => void } | undefined;
  #complaints = '';

  /** Asks, one question at a time. Throws after 60 s, or when the process ends: the next question gets a new one. */
  async ask(question: PythonQuestion): Promise<PythonAnswer> {
    const judges = (this.#process ??= this.#start());
    const timer = setTimeout(() => this.#fail('took longer than 60 s'), 60_000);
    try {
      return await new Promise<PythonAnswer>((resolve, reject) => {
        this.#settle = { resolve, reject };
        judges.stdin.write(`${JSON.stringify(question)}\n`);
      });
    } catch (cause) {
      throw new Error(`No answer about this grammar (${question.notation}):\n${question.grammar}`, { cause });
    } finally {
      clearTimeout(timer);
    }
  }

  close(): void {
    this.#process?.kill('SIGKILL');
    this.#process = undefined;
  }

  #start(): ChildProcessByStdio<Writable, Readable, Readable> {
    const judges = spawn('python3', [program], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, PYTHONPATH: packages, PYTHONDONTWRITEBYTECODE: '1' },
    });
    createInterface({ input: judges.stdout }).on('line', (line) => this.#settle?.resolve(JSON.parse(line) as PythonAnswer));
    judges.stderr.on('data', (bytes: Buffer) => {
      this.#complaints = (this.#complaints + bytes.toString()).slice(-2_000);
    });
    // a process that has ended takes no question; its exit says why
    judges.stdin.on('error', () => undefined);
    judges.on('error', (error) => this.#fail(`could not be started: ${error.message}`));
    judges.on('exit', (code, signal) => {
      if (judges === this.#process) this.#fail(`ended with ${code ?? signal}`);
    });
    return judges;
  }

  #fail(reason: string): void {
    this.#settle?.reject(new Error(`The Python judges ${reason}. ${this.#complaints}`.trim()));
    this.close();
  }
}
