import { type Dispatcher, Pool } from 'undici';

/** A request that is not to be answered with 200 to its end. */
interface Trouble {
  readonly name: string;
  readonly body: string;
  readonly key?: string;
  /** undefined: the caller leaves at the first byte */
  readonly status?: number;
}

const question = { model: 'fake-model', messages: [{ role: 'user', content: 'mark-00000000000000' }] };
const troubles: readonly Trouble[] = [
  { name: 'clients that leave a stream', body: JSON.stringify({ ...question, stream: true }) },
  { name: 'bodies that are no JSON', body: '{"model": ', status: 400 },
  { name: 'unknown models', body: JSON.stringify({ ...question, model: 'nobody' }), status: 404 },
  { name: 'unknown parameters', body: JSON.stringify({ ...question, temperature: 'warm' }), status: 400 },
  { name: 'wrong keys', body: JSON.stringify(question), key: 'not-the-key', status: 401 },
];

/** Callers who make mistakes, or leave. */
export class TroubleLoad {
  /** requests that have ended */
  ends = 0;
  readonly #pool: Pool;
  readonly #key: string;
  #callers: Promise<void>[] = [];
  #isRunning = false;
  #asked = 0;

  constructor(url: string, key: string) {
    this.#pool = new Pool(url, { connections: 64, pipelining: 1, headersTimeout: 0, bodyTimeout: 0 });
    this.#key = key;
  }

  describe(): string {
    return troubles.map(({ name }) => name).join(', ');
  }

  start(callers: number): void {
    this.#isRunning = true;
    this.#callers = Array.from({ length: callers }, () => this.#call());
  }

  /** Throws where an answer had another status than it should have. */
  async stop(): Promise<void> {
    this.#isRunning = false;
    await Promise.all(this.#callers);
  }

  async close(): Promise<void> {
    await this.#pool.destroy();
  }

  async #call(): Promise<void> {
    while (this.#isRunning) {
      const trouble = troubles[this.#asked++ % troubles.length] as Trouble;
      const status = await this.#ask(trouble);
      if (trouble.status !== undefined && status !== trouble.status)
        throw new Error(`${trouble.name}: HTTP ${status}, not ${trouble.status}.`);
      this.ends += 1;
    }
  }

  #ask({ body, key = this.#key, status: wanted }: Trouble): Promise<number> {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${key}` };
    return new Promise((resolve, reject) => {
      let status = 0;
      let hasLeft = false;
      const handler: Dispatcher.DispatchHandler = {
        onRequestStart: () => {},
        onResponseStart: (_, given) => {
          status = given;
        },
        onResponseData: (controller) => {
          if (wanted !== undefined) return;
          hasLeft = true;
          controller.abort(new Error('the caller leaves'));
        },
        onResponseEnd: () => resolve(status),
        onResponseError: (_, error) => (hasLeft ? resolve(status) : reject(error)),
      };
      this.#pool.dispatch({ method: 'POST', path: '/v1/chat/completions', headers, body }, handler);
    });
  }
}
