import type { EngineRead, EngineState } from '../../protocol/engine.ts';
import { GatewayError, toGatewayError } from '../../protocol/error.ts';
import type { EngineContext } from '../engine.ts';
import { type BodyReader, streamAnswer } from './answer-stream.ts';
import { callJson, callText, type JsonCall } from './json-call.ts';
import { checkHeaders, listSecrets } from './operator-headers.ts';
import { type OutgoingRequest, openTransport, type Transport } from './transport.ts';

/** Where an engine is that runs on its own, and how long it may be silent. */
export interface ConnectionOptions {
  /** its address */
  readonly baseUrl: string;
  /** sent to that address only */
  readonly apiKey?: string;
  /**
   * sent with each request, in place of ours of the same name, `authorization` among them. Those that a connection writes by itself (`host`, `content-length` …) are
   * refused: opening throws `bad_usage`. Values are never told, as they may be secrets
   */
  readonly headers?: Readonly<Record<string, string>>;
  /** false: a certificate that nobody vouches for is taken too, so that anyone on the way can read and answer; default true */
  readonly verifiesCertificate?: boolean;
  /** longest wait for the first byte of an answer; default 10 minutes, as engines queue and load models */
  readonly firstByteTimeoutMs?: number;
  /** longest silence in the middle of an answer; default 2 minutes */
  readonly silenceTimeoutMs?: number;
}

/** How a kind of engine is spoken to. */
export interface Manners {
  /** sent with each request, names in lower case */
  readonly headers?: Readonly<Record<string, string>>;
  /** what a key is sent as; default a bearer token */
  readonly headersFor?: (apiKey: string) => Readonly<Record<string, string>>;
}

/** Statuses of a route that is not there. */
const missingRoute: ReadonlySet<number | undefined> = new Set([404, 405, 501]);

const bearer = (apiKey: string) => ({ authorization: `Bearer ${apiKey}` });

/** An engine that is reached by HTTP: asks it, reads its answers, and knows from them whether it is there. Opens no connection before it is asked. */
export class Connection {
  /** the key and what else no message may hold */
  readonly secrets: readonly string[];
  readonly #context: EngineContext;
  readonly #transport: Transport;
  #isClosed = false;
  #state: EngineState = { status: 'starting', reason: 'it has not answered yet' };

  constructor(options: ConnectionOptions, context: EngineContext, { headers: always, headersFor = bearer }: Manners = {}) {
    const { baseUrl, apiKey, firstByteTimeoutMs = 600_000, silenceTimeoutMs = 120_000, verifiesCertificate = true } = options;
    const given = checkHeaders(options.headers ?? {});
    const headers = { ...always, ...(apiKey === undefined ? {} : headersFor(apiKey)), ...given };
    this.#context = context;
    this.secrets = listSecrets(apiKey, given);
    this.#transport = openTransport({ baseUrl, headers, verifiesCertificate, firstByteTimeoutMs, silenceTimeoutMs });
  }

  get state(): EngineState {
    return this.#state;
  }

  /** The JSON value of its answer. Throws what a refusal means; `client_closed` when the signal is aborted. */
  ask(request: OutgoingRequest, signal?: AbortSignal): Promise<unknown> {
    return this.#call(callJson, request, signal);
  }

  /** The text of its answer, whatever is in it; throws as `ask` does. */
  askText(request: OutgoingRequest, signal?: AbortSignal): Promise<string> {
    return this.#call(callText, request, signal);
  }

  /** Sends the request now; its answer as reads. An aborted signal closes the connection, and the answer ends with reason `abort`. */
  stream(request: OutgoingRequest, reader: BodyReader, signal: AbortSignal): AsyncIterable<EngineRead> {
    const { secrets } = this;
    return streamAnswer(request, { transport: this.#transport, reader, signal, secrets, onOutcome: (error) => this.#note(error) });
  }

  /** Resolves where it answers well, or that it has no such route: an address in front of it may serve a part of its API only. Throws as `ask` does. */
  async reach(path: string, signal: AbortSignal): Promise<void> {
    try {
      await this.askText({ method: 'GET', path }, signal);
    } catch (error) {
      if (!(error instanceof GatewayError) || !missingRoute.has(error.upstreamStatus)) throw error;
      this.#note(undefined);
    }
  }

  /** Nobody has to be asked before it is used. */
  assumeReady(): void {
    if (this.#state.status === 'starting') this.#state = { status: 'ready' };
  }

  close(): Promise<void> {
    this.#isClosed = true;
    this.#state = { status: 'down', reason: 'it was closed' };
    return this.#transport.close();
  }

  async #call<T>(call: (call: JsonCall) => Promise<T>, request: OutgoingRequest, signal: AbortSignal | undefined): Promise<T> {
    try {
      const answer = await call({ transport: this.#transport, request, signal, secrets: this.secrets });
      this.#note(undefined);
      return answer;
    } catch (error) {
      this.#note(toGatewayError(error));
      throw error;
    }
  }

  /** Only a missing connection or a busy answer says something about the engine; other errors are about the request. */
  #note(error: GatewayError | undefined): void {
    const state: EngineState = error?.code === 'engine_unavailable' ? { status: 'down', reason: error.message } : { status: 'ready' };
    if (this.#isClosed || (error && state.status === 'ready')) return;
    if (state.status !== this.#state.status) this.#context.log(error ? 'warn' : 'info', `engine-${state.status}`, { reason: state.reason });
    this.#state = state;
  }
}
