import { type Dispatcher, Pool } from 'undici';
import { GatewayError } from '../../protocol/error.ts';
import { encodeText } from './encode-text.ts';

/** Where an upstream is and how long it may be silent. */
export interface TransportOptions {
  /** address of the API; its origin is the only place that `headers` are ever sent to */
  readonly baseUrl: string;
  /** sent with each request, a key among them; names in lower case */
  readonly headers?: Readonly<Record<string, string>>;
  /** false: a certificate that nobody vouches for is taken too; default true */
  readonly verifiesCertificate?: boolean;
  /** longest wait for the answer's first byte */
  readonly firstByteTimeoutMs: number;
  /** longest silence once the answer has begun; time in which the reader holds it back doesn't count */
  readonly silenceTimeoutMs: number;
}

/** One request. */
export interface OutgoingRequest {
  readonly method: 'GET' | 'POST';
  /** below the base address, beginning with a slash */
  readonly path: string;
  /** JSON text */
  readonly body?: string;
  /** our id of the request, sent as `x-request-id` */
  readonly id?: string;
  /** sent with this request only, names in lower case; those of the transport win */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Names in lower case. */
export type ResponseHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** What the upstream says, in order: one `head`, any `data`, then one `end` or `error`. Nothing comes after `abort` returned. */
export interface ResponseListener {
  head(status: number, headers: ResponseHeaders): void;
  data(bytes: Uint8Array): void;
  end(): void;
  /** `engine_unavailable` when no connection was made, else `engine_failed` */
  error(error: GatewayError): void;
}

/** A request under way. */
export interface Exchange {
  /** Stops the upstream's work by closing the connection. */
  abort(): void;
  /** Stops reading; the upstream feels it once the network's buffers are full. */
  pause(): void;
  resume(): void;
}

/** Connections to one upstream. */
export interface Transport {
  send(request: OutgoingRequest, listener: ResponseListener): Exchange;
  /** Closes every connection; requests under way get `engine_failed`. */
  close(): Promise<void>;
}

/** Engines close idle connections after 5 s and more (uvicorn); we let go of them first. */
const keepAliveMs = 4000;

const poolOptions = { pipelining: 1, headersTimeout: 0, bodyTimeout: 0 } as const;

/** Opens no connection yet. Redirects are not followed. The base address must be http or https: anything else throws `bad_usage`. */
export function openTransport(options: TransportOptions): Transport {
  const base = readBaseUrl(options.baseUrl);
  const connections = options.verifiesCertificate === false ? { ...poolOptions, connect: { rejectUnauthorized: false } } : poolOptions;
  const pool = new Pool(base.origin, { ...connections, keepAliveTimeout: keepAliveMs });
  // its connections are never idle long enough to be stale
  const fresh = new Pool(base.origin, { ...connections, keepAliveTimeout: 1 });
  const headers = { 'content-type': 'application/json', ...options.headers };
  const prefix = base.pathname.replace(/\/+$/, '');
  return {
    send({ method, path, body, id, headers: own }, listener) {
      const all = own === undefined ? headers : { ...own, ...headers };
      const sent = id === undefined ? all : { ...all, 'x-request-id': id };
      const outgoing = { method, path: prefix + path, headers: sent, body: body === undefined ? null : encodeText(body) };
      const dispatch = (handler: Dispatcher.DispatchHandler) => void pool.dispatch(outgoing, handler);
      return new PoolExchange(listener, { ...options, dispatch, dispatchAfresh: (handler) => void fresh.dispatch(outgoing, handler) });
    },
    close: async () => void (await Promise.all([pool.destroy(), fresh.destroy()])),
  };
}

function readBaseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && (url.protocol === 'http:' || url.protocol === 'https:') && url.username === '' && url.password === '') return url;
  throw new GatewayError(
    'bad_usage',
    'The base address of an engine must be a URL such as http://127.0.0.1:8000/v1, without a user name or password.',
  );
}

const closedCodes = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);

const abortReason = new Error('the request was given up');

/**
 * A connection that closes so soon after a request was written to it, and before any answer, was most likely idle for too long: the engine closed it while the
 * request was on its way. Such a request is written once more, on a new connection.
 */
const staleWithinMs = 2000;

interface ExchangeOptions extends TransportOptions {
  readonly dispatch: (handler: Dispatcher.DispatchHandler) => void;
  /** on a connection that was not used before */
  readonly dispatchAfresh: (handler: Dispatcher.DispatchHandler) => void;
}

/** Follows one request through undici's callbacks and watches the clock. */
class PoolExchange implements Exchange, Dispatcher.DispatchHandler {
  readonly #listener: ResponseListener;
  readonly #options: ExchangeOptions;
  #writtenMs = 0;
  #hasHead = false;
  #isSecond = false;
  #controller: Dispatcher.DispatchController | undefined;
  #timer: NodeJS.Timeout;
  #isOver = false;
  #isPaused = false;

  constructor(listener: ResponseListener, options: ExchangeOptions) {
    this.#listener = listener;
    this.#options = options;
    this.#timer = this.#startTimer(options.firstByteTimeoutMs);
    options.dispatch(this);
  }

  abort(): void {
    if (this.#isOver) return;
    this.#finish();
    this.#controller?.abort(abortReason);
  }

  pause(): void {
    if (this.#isOver || this.#isPaused) return;
    this.#isPaused = true;
    clearTimeout(this.#timer);
    this.#controller?.pause();
  }

  resume(): void {
    if (this.#isOver || !this.#isPaused) return;
    this.#isPaused = false;
    this.#timer = this.#startTimer(this.#options.silenceTimeoutMs);
    this.#controller?.resume();
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    this.#writtenMs = performance.now();
    if (this.#isOver) controller.abort(abortReason);
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: ResponseHeaders): void {
    if (this.#isOver || status < 200) return;
    this.#hasHead = true;
    clearTimeout(this.#timer);
    this.#timer = this.#startTimer(this.#options.silenceTimeoutMs);
    this.#listener.head(status, headers);
  }

  onResponseData(_: Dispatcher.DispatchController, bytes: Uint8Array): void {
    if (this.#isOver) return;
    this.#timer.refresh();
    this.#listener.data(bytes);
  }

  onResponseEnd(): void {
    if (this.#isOver) return;
    this.#finish();
    this.#listener.end();
  }

  onResponseError(_: Dispatcher.DispatchController | undefined, cause: Error): void {
    if (this.#isOver) return;
    if (this.#wasStale(cause)) {
      this.#isSecond = true;
      this.#options.dispatchAfresh(this);
      return;
    }
    this.#finish();
    this.#listener.error(this.#controller ? brokenConnection(cause) : noConnection(cause));
  }

  #wasStale(cause: Error): boolean {
    if (this.#hasHead || this.#isSecond || !this.#controller) return false;
    return closedCodes.has(reasonOf(cause)) && performance.now() - this.#writtenMs < staleWithinMs;
  }

  #startTimer(timeoutMs: number): NodeJS.Timeout {
    return setTimeout(() => {
      this.abort();
      this.#listener.error(new GatewayError('engine_failed', `The engine sent nothing for ${timeoutMs / 1000} s.`));
    }, timeoutMs);
  }

  #finish(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
  }
}

/** Node's and OpenSSL's codes of certificates that are refused: `DEPTH_ZERO_SELF_SIGNED_CERT`, `UNABLE_TO_VERIFY_LEAF_SIGNATURE` … */
const certificateCode = /CERT|^UNABLE_TO_VERIFY/;

function noConnection(cause: Error): GatewayError {
  const reason = reasonOf(cause);
  const advice = certificateCode.test(reason)
    ? 'Its certificate is not trusted: name its authority in NODE_EXTRA_CA_CERTS, or have this upstream taken without verification.'
    : 'Check its address and that it runs.';
  return new GatewayError('engine_unavailable', `No connection to the engine (${reason}). ${advice}`, { cause });
}

function brokenConnection(cause: Error): GatewayError {
  return new GatewayError('engine_failed', `The connection to the engine broke (${reasonOf(cause)}).`, { cause });
}

function reasonOf(error: Error): string {
  const { code } = error as NodeJS.ErrnoException;
  return typeof code === 'string' ? code : error.name;
}
