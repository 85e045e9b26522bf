import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { JsonObject } from '../protocol/json.ts';
import { type FakeWait, playJson, playReply } from './fake-player.ts';
import { type FakeReply, type FakeRequest, type FilledReply, fillReply } from './fake-reply.ts';
import { type AnswerShape, embeddingList, errorBody, modelList, streamParts, wholeAnswer } from './fake-wire.ts';

/** How a fake engine behaves. Every field has a default. */
export interface FakeEngineOptions {
  /** answers in order, the last one again and again; or a function of the request */
  readonly replies?: FakeReply | readonly FakeReply[] | ((request: FakeRequest) => FakeReply);
  /** default `['fake-model']`; any name is answered */
  readonly models?: readonly string[];
  /** told in the list of models; default 8192 */
  readonly contextTokens?: number;
  /** requests without this key are answered 401; default: no key */
  readonly apiKey?: string;
  /** the clock of delays; default: real time */
  readonly wait?: FakeWait;
  /**
   * `all` (default) keeps every request; `none` keeps nothing, doesn't parse bodies and writes ready-made bytes: for load tests.
   * With `none` only a fixed reply without delay is quick, and the model's name in answers is the first of `models`.
   */
  readonly records?: 'all' | 'none';
  /** default: any free port */
  readonly port?: number;
}

/** What has happened so far. */
export interface FakeCounts {
  /** generations that were begun */
  readonly started: number;
  /** answered to the end */
  readonly completed: number;
  /** left by the client before the end, or cut by a fault */
  readonly aborted: number;
  /** begun and neither completed nor aborted */
  readonly open: number;
  /** open TCP connections */
  readonly connections: number;
}

/** A running fake engine. */
export interface FakeEngine {
  /** address of the API, ending in `/v1` */
  readonly url: string;
  /** address of the server, without a path */
  readonly origin: string;
  /** every request in order of arrival; empty with `records: 'none'` */
  readonly requests: readonly FakeRequest[];
  counts(): FakeCounts;
  /** Resolves as soon as the counts satisfy the condition; it has no time limit of its own. */
  until(condition: (counts: FakeCounts) => boolean): Promise<FakeCounts>;
  /** What is answered from now on. */
  setReplies(replies: NonNullable<FakeEngineOptions['replies']>): void;
  /** Ends all connections and refuses new ones at the same address. */
  refuseConnections(): Promise<void>;
  /** Listens again after `refuseConnections`. */
  acceptConnections(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Starts an OpenAI-compatible engine on loopback that answers what it is told to, faults included, for tests and load tests.
 * It serves `/v1/models`, `/v1/chat/completions`, `/v1/completions`, `/v1/embeddings` and `/health`. Close it at the end of the test.
 */
export async function startFakeEngine(options: FakeEngineOptions = {}): Promise<FakeEngine> {
  const host = new FakeHost(options);
  await host.acceptConnections();
  return host;
}

const realWait: FakeWait = (delayMs, signal) => sleep(delayMs, undefined, { signal }).catch(() => {});

class FakeHost implements FakeEngine {
  readonly requests: FakeRequest[] = [];
  readonly #options: FakeEngineOptions;
  readonly #server: Server;
  readonly #watchers = new Set<() => void>();
  readonly #readyBytes = new Map<string, Buffer>();
  #replies: NonNullable<FakeEngineOptions['replies']>;
  #played = 0;
  #port: number;
  #started = 0;
  #completed = 0;
  #aborted = 0;
  #connections = 0;

  constructor(options: FakeEngineOptions) {
    this.#options = options;
    this.#replies = options.replies ?? {};
    this.#port = options.port ?? 0;
    this.#server = createServer((request, response) => this.#receive(request, response));
    this.#server.on('connection', (socket) => {
      socket.setNoDelay(true);
      this.#count(() => this.#connections++);
      socket.on('close', () => this.#count(() => this.#connections--));
    });
  }

  get origin(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get url(): string {
    return `${this.origin}/v1`;
  }

  counts(): FakeCounts {
    const open = this.#started - this.#completed - this.#aborted;
    return { started: this.#started, completed: this.#completed, aborted: this.#aborted, open, connections: this.#connections };
  }

  until(condition: (counts: FakeCounts) => boolean): Promise<FakeCounts> {
    return new Promise((resolve) => {
      const look = () => {
        if (!condition(this.counts())) return;
        this.#watchers.delete(look);
        resolve(this.counts());
      };
      this.#watchers.add(look);
      look();
    });
  }

  setReplies(replies: NonNullable<FakeEngineOptions['replies']>): void {
    this.#replies = replies;
    this.#played = 0;
    this.#readyBytes.clear();
  }

  async acceptConnections(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(this.#port, '127.0.0.1', resolve);
    });
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  async refuseConnections(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
    await this.until(({ connections }) => connections === 0);
  }

  close(): Promise<void> {
    return this.refuseConnections();
  }

  #count(change: () => void): void {
    change();
    for (const look of [...this.#watchers]) look();
  }

  #receive(request: IncomingMessage, response: ServerResponse): void {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => this.#answer(request, response, Buffer.concat(chunks)));
    request.on('error', () => {});
  }

  #answer(request: IncomingMessage, response: ServerResponse, bytes: Buffer): void {
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
    if (this.#options.records === 'none' && this.#answerReady(path, response, bytes)) return;
    const received: FakeRequest = { method: request.method ?? 'GET', path, headers: request.headers, body: parseObject(bytes) };
    if (this.#options.records !== 'none') this.requests.push(received);
    if (!this.#mayEnter(received)) playJson(response, 401, errorBody({ message: 'Incorrect API key provided.', code: 'invalid_api_key' }));
    else this.#route(received, response);
  }

  #mayEnter({ path, headers }: FakeRequest): boolean {
    const { apiKey } = this.#options;
    return apiKey === undefined || path === '/health' || headers.authorization === `Bearer ${apiKey}`;
  }

  #route(request: FakeRequest, response: ServerResponse): void {
    const { models = ['fake-model'], contextTokens = 8192 } = this.#options;
    const route = `${request.method} ${request.path}`;
    if (route === 'GET /health') playJson(response, 200, { status: 'ok' });
    else if (route === 'GET /v1/models') playJson(response, 200, modelList(models, contextTokens));
    else if (route === 'POST /v1/embeddings') {
      playJson(response, 200, embeddingList(String(request.body?.model), request.body?.input, request.body?.encoding_format));
    } else if (route === 'POST /v1/chat/completions') this.#generate(request, response, 'chat');
    else if (route === 'POST /v1/completions') this.#generate(request, response, 'completions');
    else playJson(response, 404, errorBody({ message: `The fake engine has no route ${route}.`, code: 'not_found' }));
  }

  #generate(request: FakeRequest, response: ServerResponse, api: AnswerShape['api']): void {
    const { body } = request;
    const streamOptions = body?.stream_options;
    const wantsUsage = isObject(streamOptions) && streamOptions.include_usage === true;
    const shape = { api, model: String(body?.model), wantsStream: body?.stream === true, wantsUsage };
    const reply = this.#nextReply(request);
    const signal = this.#follow(response);
    playReply({ response, reply, shape, wait: this.#options.wait ?? realWait, signal }).catch((error) => response.destroy(error));
  }

  /** Counts a generation from its start to its end; the signal is aborted when the client leaves. */
  #follow(response: ServerResponse): AbortSignal {
    const leaving = new AbortController();
    this.#count(() => this.#started++);
    response.on('close', () => {
      leaving.abort();
      this.#count(() => (response.writableFinished ? this.#completed++ : this.#aborted++));
    });
    return leaving.signal;
  }

  #nextReply(request: FakeRequest): FilledReply {
    const replies = this.#replies;
    if (typeof replies === 'function') return fillReply(replies(request));
    if (!Array.isArray(replies)) return fillReply(replies as FakeReply);
    return fillReply(replies[Math.min(this.#played++, replies.length - 1)] ?? {});
  }

  /** The quick way: bytes made once for each kind of request. False where the reply isn't one that is always the same. */
  #answerReady(path: string, response: ServerResponse, body: Buffer): boolean {
    const replies = this.#replies;
    const isFixed = typeof replies !== 'function' && !Array.isArray(replies);
    const api = path === '/v1/chat/completions' ? 'chat' : path === '/v1/completions' ? 'completions' : undefined;
    if (!isFixed || api === undefined) return false;
    const reply = fillReply(replies as FakeReply);
    if (reply.delayMs > 0 || reply.fault) return false;
    const shape = { api, model: this.#options.models?.[0] ?? 'fake-model', ...lookAtBody(body) } as const;
    const key = `${api} ${shape.wantsStream} ${shape.wantsUsage}`;
    const bytes = this.#readyBytes.get(key) ?? readyBytes(reply, shape);
    this.#readyBytes.set(key, bytes);
    this.#follow(response);
    response.writeHead(200, {
      'content-type': shape.wantsStream ? 'text/event-stream' : 'application/json',
      'content-length': bytes.length,
    });
    response.end(bytes);
    return true;
  }
}

function readyBytes(reply: FilledReply, shape: AnswerShape): Buffer {
  if (!shape.wantsStream) return Buffer.from(JSON.stringify(wholeAnswer(reply, shape)));
  const { head, pieces, finish, usage, done } = streamParts(reply, shape);
  return Buffer.from(head + pieces.join('') + finish + usage + done);
}

/** Finds the two flags without parsing; good enough for the compact JSON that load generators and clients write. */
function lookAtBody(body: Buffer): Pick<AnswerShape, 'wantsStream' | 'wantsUsage'> {
  return { wantsStream: body.includes('"stream":true'), wantsUsage: body.includes('"include_usage":true') };
}

function parseObject(bytes: Buffer): JsonObject | undefined {
  try {
    const value: unknown = bytes.length === 0 ? undefined : JSON.parse(bytes.toString());
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
