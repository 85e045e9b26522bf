import { type Dispatcher, Pool } from 'undici';
import { GatewayError } from '../../protocol/error.ts';
import { encodeText } from './encode-text.ts';
import type { ResponseHeaders } from './head-fields.ts';
import { PlainPool } from './plain-pool.ts';
import type { PlainRequest, RequestController, RequestHandler } from './plain-request.ts';
import { Surprise } from './surprise.ts';
import { Watch, type Watched } from './watch.ts';

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

/** JSON text, or the UTF-8 of it in pieces that follow each other: long ones go out from where they are. */
export type OutgoingBody = string | readonly Uint8Array[];

/** One request. */
export interface OutgoingRequest {
  readonly method: 'GET' | 'POST';
  /** below the base address, beginning with a slash */
  readonly path: string;
  readonly body?: OutgoingBody;
  /** our id of the request, sent as `x-request-id` */
  readonly id?: string;
  /** sent with this request only, names in lower case; those of the transport win */
  readonly headers?: Readonly<Record<string, string>>;
}

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

/** So much later than its time a silence is noticed at most, as a share of it. */
const looksPerTimeout = 20;

const poolOptions = { pipelining: 1, headersTimeout: 0, bodyTimeout: 0 } as const;

/** Opens no connection yet. Redirects are not followed. The base address must be http or https: anything else throws `bad_usage`. */
export function openTransport(options: TransportOptions): Transport {
  const base = readBaseUrl(options.baseUrl);
  const connections = options.verifiesCertificate === false ? { ...poolOptions, connect: { rejectUnauthorized: false } } : poolOptions;
  const pool = new Pool(base.origin, { ...connections, keepAliveTimeout: keepAliveMs });
  // its connections are never idle long enough to be stale
  const fresh = new Pool(base.origin, { ...connections, keepAliveTimeout: 1 });
  // where one read fills the memory of another, as of Windows' overlapped reads, connections cannot share it
  const plain = base.protocol === 'http:' && process.platform !== 'win32' ? new PlainPool(base, keepAliveMs) : undefined;
  const { firstByteTimeoutMs, silenceTimeoutMs } = options;
  const ways: Ways = {
    pool,
    fresh,
    plain,
    watch: new Watch(Math.min(firstByteTimeoutMs, silenceTimeoutMs) / looksPerTimeout),
    headers: { 'content-type': 'application/json', ...options.headers },
    prefix: base.pathname.replace(/\/+$/, ''),
    firstByteTimeoutMs,
    silenceTimeoutMs,
  };
  return {
    send: (request, listener) => new PoolExchange(listener, ways, writeRequest(request, ways)),
    close: async () => {
      plain?.destroy();
      await Promise.all([pool.destroy(), fresh.destroy()]);
    },
  };
}

/** What the requests of a transport share. */
interface Ways {
  readonly pool: Pool;
  /** its connections were not used before */
  readonly fresh: Pool;
  /** the first choice; undefined where there is none, or the upstream was met that it does not understand */
  plain: PlainPool | undefined;
  readonly watch: Watch;
  readonly headers: Readonly<Record<string, string>>;
  readonly prefix: string;
  readonly firstByteTimeoutMs: number;
  readonly silenceTimeoutMs: number;
}

function writeRequest({ method, path, body, id, headers: own }: OutgoingRequest, { headers, prefix }: Ways): PlainRequest {
  const all = own === undefined ? headers : { ...own, ...headers };
  const sent = id === undefined ? all : { ...all, 'x-request-id': id };
  return { method, path: prefix + path, headers: sent, body: typeof body === 'string' ? [encodeText(body)] : (body ?? null) };
}

/** As undici takes it. */
function joinBody(request: PlainRequest): Dispatcher.DispatchOptions {
  return { ...request, body: request.body && Buffer.concat(request.body) };
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

/** Follows one request through the callbacks of its pool and watches the clock. */
class PoolExchange implements Exchange, Watched, RequestHandler {
  readonly #listener: ResponseListener;
  readonly #ways: Ways;
  /** let go of once the answer has begun: nothing is sent again then */
  #request: PlainRequest | undefined;
  /** when something last came, or the request was made */
  #heardMs = performance.now();
  #writtenMs = 0;
  #isSecond = false;
  #controller: RequestController | undefined;
  readonly #endWatch: () => void;
  #isOver = false;
  #isPaused = false;

  constructor(listener: ResponseListener, ways: Ways, request: PlainRequest) {
    this.#listener = listener;
    this.#ways = ways;
    this.#request = request;
    this.#endWatch = ways.watch.add(this);
    if (ways.plain) ways.plain.dispatch(request, this);
    else ways.pool.dispatch(joinBody(request), this);
  }

  abort(): void {
    if (this.#isOver) return;
    this.#finish();
    this.#controller?.abort(abortReason);
  }

  pause(): void {
    if (this.#isOver || this.#isPaused) return;
    this.#isPaused = true;
    this.#controller?.pause();
  }

  resume(): void {
    if (this.#isOver || !this.#isPaused) return;
    this.#isPaused = false;
    this.#heardMs = performance.now();
    this.#controller?.resume();
  }

  look(nowMs: number): void {
    const timeoutMs = this.#request ? this.#ways.firstByteTimeoutMs : this.#ways.silenceTimeoutMs;
    if (this.#isPaused || nowMs - this.#heardMs < timeoutMs) return;
    this.abort();
    this.#listener.error(new GatewayError('engine_failed', `The engine sent nothing for ${timeoutMs / 1000} s.`));
  }

  onRequestStart(controller: RequestController): void {
    this.#controller = controller;
    this.#writtenMs = performance.now();
    if (this.#isOver) controller.abort(abortReason);
  }

  onResponseStart(_: RequestController, status: number, headers: ResponseHeaders): void {
    if (this.#isOver || status < 200) return;
    this.#request = undefined;
    this.#heardMs = performance.now();
    this.#listener.head(status, headers);
  }

  onResponseData(_: RequestController, bytes: Uint8Array): void {
    if (this.#isOver) return;
    this.#heardMs = performance.now();
    this.#listener.data(bytes);
  }

  onResponseEnd(): void {
    if (this.#isOver) return;
    this.#finish();
    this.#listener.end();
  }

  onResponseError(_: RequestController | undefined, cause: Error): void {
    if (this.#isOver) return;
    if (cause instanceof Surprise) this.#ways.plain = undefined;
    const request = this.#request;
    if (request && (cause instanceof Surprise || this.#wasStale(cause))) {
      this.#isSecond = true;
      this.#controller = undefined;
      this.#ways.fresh.dispatch(joinBody(request), this);
      return;
    }
    this.#finish();
    this.#listener.error(this.#controller ? brokenConnection(cause) : noConnection(cause));
  }

  #wasStale(cause: Error): boolean {
    if (this.#isSecond || !this.#controller) return false;
    return closedCodes.has(reasonOf(cause)) && performance.now() - this.#writtenMs < staleWithinMs;
  }

  #finish(): void {
    this.#isOver = true;
    this.#endWatch();
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
  if (error instanceof Surprise) return error.message;
  const { code } = error as NodeJS.ErrnoException;
  return typeof code === 'string' ? code : error.name;
}
