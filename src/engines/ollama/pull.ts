import { GatewayError, toGatewayError } from '../../protocol/error.ts';
import { Mailbox } from '../../text/mailbox.ts';
import type { ResponseHeaders } from '../http/head-fields.ts';
import { type Exchange, openTransport, type ResponseListener, type Transport } from '../http/transport.ts';
import { readRefusal } from '../http/upstream-error.ts';
import { fieldsOf } from './describe-model.ts';
import { LineReader } from './line-reader.ts';

/** How far a pull is. */
export interface PullProgress {
  /** in Ollama's words: `pulling manifest`, `pulling fd5f44c0b5af`, `verifying sha256 digest`, at last `success` */
  readonly status: string;
  /** bytes of the layer that is being fetched */
  readonly completed?: number;
  readonly total?: number;
}

/** Where Ollama is. */
export interface PullSource {
  readonly baseUrl: string;
  readonly apiKey?: string;
}

/** The digest of a large layer takes minutes, in which nothing is said. */
const silenceTimeoutMs = 30 * 60_000;
const refusalBytesMax = 64 * 1024;

/**
 * Makes Ollama fetch a model from its registry and tells how far it is; ends after `success`. An aborted signal and a reader that leaves stop it; what
 * was fetched stays there for the next time. Throws `engine_unavailable` where nobody answers, `unknown_model` where the registry has none of the name,
 * `client_closed` after an abort, else `download_failed`.
 */
export function pullModel(source: PullSource, model: string, signal: AbortSignal): AsyncIterable<PullProgress> {
  return new Pull(source, model, signal).mailbox;
}

class Pull implements ResponseListener {
  readonly mailbox: Mailbox<PullProgress>;
  readonly #secrets: readonly string[];
  readonly #model: string;
  readonly #signal: AbortSignal;
  readonly #transport: Transport;
  readonly #lines = new LineReader();
  readonly #exchange: Exchange | undefined;
  readonly #onAbort = () => this.error(new GatewayError('client_closed', 'The pull was given up.'));
  #status = 0;
  #headers: ResponseHeaders = {};
  #refusal = '';
  #isComplete = false;

  constructor({ baseUrl, apiKey }: PullSource, model: string, signal: AbortSignal) {
    const headers = apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` };
    this.#secrets = apiKey === undefined ? [] : [apiKey];
    this.#model = model;
    this.#signal = signal;
    this.#transport = openTransport({ baseUrl, headers, firstByteTimeoutMs: silenceTimeoutMs, silenceTimeoutMs });
    this.mailbox = new Mailbox({ onReturn: () => this.#leave() });
    if (signal.aborted) {
      this.#onAbort();
      return;
    }
    signal.addEventListener('abort', this.#onAbort);
    this.#exchange = this.#transport.send({ method: 'POST', path: '/api/pull', body: JSON.stringify({ model, stream: true }) }, this);
  }

  head(status: number, headers: ResponseHeaders): void {
    this.#status = status;
    this.#headers = headers;
  }

  data(bytes: Uint8Array): void {
    if (this.#status === 200) this.#deliver(() => this.#lines.push(bytes));
    else if (this.#refusal.length < refusalBytesMax) this.#refusal += new TextDecoder().decode(bytes);
  }

  end(): void {
    if (this.#status !== 200) {
      this.error(readRefusal({ status: this.#status, headers: this.#headers, body: this.#refusal, secrets: this.#secrets }));
      return;
    }
    this.#deliver(() => this.#lines.end());
    if (!this.#isComplete) this.error(this.#failed('Ollama ended in the middle. Run the command again: it goes on where it stopped.'));
    this.mailbox.close();
    this.#leave();
  }

  error(error: GatewayError): void {
    this.mailbox.fail(error);
    this.#leave();
  }

  #deliver(read: () => readonly string[]): void {
    try {
      for (const line of read()) this.#tell(line);
    } catch (error) {
      this.error(toGatewayError(error));
    }
  }

  #tell(line: string): void {
    const { status, completed, total, error } = fieldsOf(parseLine(line));
    if (typeof error === 'string') throw this.#explain(error);
    if (typeof status !== 'string') throw this.#failed('Ollama sent something that tells no progress.');
    this.#isComplete ||= status === 'success';
    const bytes = Object.entries({ completed, total }).filter(([, count]) => typeof count === 'number');
    this.mailbox.put({ status, ...Object.fromEntries(bytes) });
  }

  #explain(words: string): GatewayError {
    if (!/file does not exist|not found|invalid model name/i.test(words)) return this.#failed(words);
    return new GatewayError(
      'unknown_model',
      `Ollama's registry has no model '${this.#model}': ${words}. https://ollama.com/search lists them.`,
    );
  }

  #failed(why: string): GatewayError {
    return new GatewayError('download_failed', `Pulling '${this.#model}' failed: ${why}`);
  }

  #leave(): void {
    this.#signal.removeEventListener('abort', this.#onAbort);
    this.#exchange?.abort();
    // nothing is under way any more
    void this.#transport.close();
  }
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
