import { type Dispatcher, Pool } from 'undici';

/** What is asked again and again, and how it is known that the answers are right. */
export interface LoadOptions {
  /** where, without a path */
  readonly url: string;
  readonly key: string;
  /** keep-alive connections, each with one request under way */
  readonly connections: number;
  readonly isStream: boolean;
  /** each piece of the fake engine's answer ends in this byte, which stands nowhere else; an answer has `marks` of them */
  readonly mark: string;
  readonly marks: number;
  /** what is asked besides a model, a temperature and a last question of the user's; default: nothing */
  readonly ask?: { readonly messages: readonly object[]; readonly [field: string]: unknown };
}

/** Bodies differ a little, so that nothing can be kept from one to the next. */
const questions = Array.from({ length: 16 }, (_, at) => `Tell me ${'about rooks, '.repeat(1 + at)}number ${at}.`);

/** A closed loop: every connection asks again as soon as it is answered. The first wrong answer is thrown by `stop`. */
export class Load {
  /** answers that were complete and right */
  answers = 0;
  /** marks received, also in answers that are still coming */
  marks = 0;
  readonly #options: LoadOptions;
  readonly #pool: Pool;
  readonly #open = new Set<Dispatcher.DispatchController>();
  #isRunning = false;
  #asked = 0;
  #fault: Error | undefined;

  constructor(options: LoadOptions) {
    this.#options = options;
    this.#pool = new Pool(options.url, { connections: options.connections, pipelining: 1, headersTimeout: 0, bodyTimeout: 0 });
  }

  /** some answer was wrong */
  get hasFailed(): boolean {
    return this.#fault !== undefined;
  }

  start(): void {
    this.#isRunning = true;
    for (let at = 0; at < this.#options.connections; at++) this.#ask();
  }

  /** Lets the requests under way end; streams are left in the middle. */
  async stop(): Promise<void> {
    this.#isRunning = false;
    if (this.#options.isStream) for (const controller of [...this.#open]) controller.abort(new Error('the window is over'));
    while (this.#open.size > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    if (this.#fault) throw this.#fault;
  }

  async close(): Promise<void> {
    await this.#pool.destroy();
  }

  #ask(): void {
    const { isStream, key, ask } = this.#options;
    const content = questions[this.#asked++ % questions.length];
    const messages = [...(ask?.messages ?? []), { role: 'user', content }];
    const body = JSON.stringify({ ...ask, model: 'fake-model', messages, temperature: 0.5, stream: isStream });
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${key}` };
    this.#pool.dispatch({ method: 'POST', path: '/v1/chat/completions', headers, body }, this.#follow());
  }

  #follow(): Dispatcher.DispatchHandler {
    const { marks, isStream } = this.#options;
    const mark = this.#options.mark.charCodeAt(0);
    let seen = 0;
    let last = '';
    const end = (controller: Dispatcher.DispatchController | undefined) => {
      if (controller) this.#open.delete(controller);
      if (this.#isRunning) this.#ask();
    };
    return {
      onRequestStart: (controller) => void this.#open.add(controller),
      onResponseStart: (_, status) => {
        if (status !== 200) this.#fault ??= new Error(`${this.#options.url} answered ${status}`);
      },
      onResponseData: (_, bytes) => {
        const count = countBytes(bytes, mark);
        seen += count;
        this.marks += count;
        last = bytes.toString('latin1', Math.max(0, bytes.length - 64));
      },
      onResponseEnd: (controller) => {
        const isWhole = isStream ? last.endsWith('data: [DONE]\n\n') : last.endsWith('}');
        if (seen === marks && isWhole) this.answers++;
        else this.#fault ??= new Error(`${this.#options.url} gave ${seen} of ${marks} pieces and ended in ${last}`);
        end(controller);
      },
      onResponseError: (controller, error) => {
        if (this.#isRunning) this.#fault ??= error;
        end(controller);
      },
    };
  }
}

function countBytes(bytes: Buffer, wanted: number): number {
  let count = 0;
  for (let at = bytes.indexOf(wanted); at >= 0; at = bytes.indexOf(wanted, at + 1)) count++;
  return count;
}
