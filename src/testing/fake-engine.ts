import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { JsonObject } from '../protocol/json.ts';
import { bearerOf, type FakeBody, type FakeState, type FakeWriting, isObject, isWriting } from './fake-face.ts';
import { fakeFaces } from './fake-faces.ts';
import type { FakeEngineOptions } from './fake-options.ts';
import { type FakeHangUp, type FakeWait, playBody, playReply } from './fake-player.ts';
import { type FakeReply, type FakeRequest, type FilledReply, fillReply } from './fake-reply.ts';
import { byteTokenizer } from './fake-tokenizer.ts';
import { type AnswerShape, streamParts, wholeAnswer } from './fake-wire.ts';

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

/** A client that closed its connection before its generation had ended. */
export interface FakeDeparture {
  readonly request: FakeRequest;
  /** `before-first-byte`: not even the head of the answer had been sent */
  readonly when: 'before-first-byte' | 'midway';
}

/** A running fake engine. */
export interface FakeEngine {
  /** address of the API, ending in `/v1`: OpenAI's, but on the face `anthropic` */
  readonly url: string;
  /** address of the server, without a path */
  readonly origin: string;
  /** every request in order of arrival; empty with `records: 'none'` */
  readonly requests: readonly FakeRequest[];
  /** clients that left a generation before its end, in that order, each there once `aborted` has counted it; empty with `records: 'none'` */
  readonly departures: readonly FakeDeparture[];
  counts(): FakeCounts;
  /** Resolves as soon as the counts satisfy the condition; it has no time limit of its own. */
  until(condition: (counts: FakeCounts) => boolean): Promise<FakeCounts>;
  /** What is answered from now on. */
  setReplies(replies: NonNullable<FakeEngineOptions['replies']>): void;
  /** Says whether the model is still being loaded, see `isLoading`. */
  setLoading(isLoading: boolean): void;
  /** Ends all connections and refuses new ones at the same address. */
  refuseConnections(): Promise<void>;
  /** Listens again after `refuseConnections`. */
  acceptConnections(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Starts an engine on loopback that answers what it is told to, faults included, for tests and load tests. Close it at the end of the test.
 * It has five faces. Every one but the last serves OpenAI's `/v1/models`, `/v1/chat/completions`, `/v1/completions` and `/v1/embeddings`; beside these:
 * - `openai`: `/health`
 * - `vllm` (with the nulls and extras of 0.32.0): `/version`, `/health`, `/tokenize`, `/detokenize`, `/metrics`, `/v1/load_lora_adapter`,
 *   `/v1/unload_lora_adapter`, `/sleep`, `/wake_up`, `/is_sleeping`
 * - `ollama` (0.34.0): `/api/version`, `/api/tags`, `/api/show`, `/api/ps`, `/api/chat`, `/api/generate`,
 *   `/api/pull`, `/api/embed`
 * - `llama-server` (b11434): `/completion`, `/tokenize`, `/detokenize`, `/apply-template`, `/props`, `/slots`, `/health`
 * - `anthropic` (API version 2023-06-01): `/v1/messages`, `/v1/messages/count_tokens`, `/v1/models`; it refuses bodies that the API would refuse
 *
 * It answers what the script says and understands no field that is about the model: no constraint, no stop word and no limit binds it.
 */
export async function startFakeEngine(options: FakeEngineOptions = {}): Promise<FakeEngine> {
  const host = new FakeHost(options);
  await host.acceptConnections();
  return host;
}

const realWait: FakeWait = (delayMs, signal) => sleep(delayMs, undefined, { signal }).catch(() => {});

class FakeHost implements FakeEngine {
  readonly requests: FakeRequest[] = [];
  readonly departures: FakeDeparture[] = [];
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
  readonly #loaded = new Map<string, number>();
  readonly #pulled = new Set<string>();
  readonly #adapters: Map<string, string>;
  readonly #sleep: FakeState['sleep'];
  #isLoading: boolean;
  #connections = 0;

  constructor(options: FakeEngineOptions) {
    this.#options = options;
    this.#replies = options.replies ?? {};
    this.#port = options.port ?? 0;
    this.#isLoading = options.isLoading ?? false;
    this.#adapters = new Map(options.adapters?.map((name) => [name, `/adapters/${name}`]));
    this.#sleep = options.hasSleepMode ? { isAsleep: false } : undefined;
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

  setLoading(isLoading: boolean): void {
    this.#isLoading = isLoading;
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
    const face = fakeFaces[this.#options.face ?? 'openai'];
    const answer = this.#mayEnter(received) ? this.#answerOf(received) : face.wrongKey;
    if (isWriting(answer)) this.#generate(received, response, answer);
    else playBody(response, answer);
  }

  #mayEnter({ path, headers }: FakeRequest): boolean {
    const { apiKey, face = 'openai' } = this.#options;
    const { isGuarded, keyOf = bearerOf } = fakeFaces[face];
    return apiKey === undefined || !isGuarded(path) || keyOf(headers) === apiKey;
  }

  #answerOf(request: FakeRequest): FakeBody | FakeWriting {
    const face = fakeFaces[this.#options.face ?? 'openai'];
    const scripted = this.#options.routes?.[`${request.method} ${request.path}`];
    if (typeof scripted === 'function') return scripted(request);
    return scripted ?? face.answer(request, this.#state()) ?? face.noRoute(request);
  }

  #state(): FakeState {
    const {
      models = ['fake-model'],
      contextTokens = 8192,
      mostLoaded = Number.POSITIVE_INFINITY,
      slots = 1,
      version,
      chatTemplate = '',
      tokenizer = byteTokenizer,
    } = this.#options;
    const { capabilities = ['completion', 'tools', 'thinking'], refusesUnknownModels = false, hasToolParser = true } = this.#options;
    const told = {
      models,
      contextTokens,
      mostLoaded,
      slots,
      version,
      chatTemplate,
      capabilities,
      tokenizer,
      refusesUnknownModels,
      hasToolParser,
    };
    const changing = {
      isLoading: this.#isLoading,
      loaded: this.#loaded,
      pulled: this.#pulled,
      adapters: this.#adapters,
      sleep: this.#sleep,
    };
    return { ...told, ...changing, open: this.counts().open };
  }

  #generate(request: FakeRequest, response: ServerResponse, writing: FakeWriting): void {
    const reply = this.#nextReply(request);
    let isOurs = false;
    const hangUp = (how: FakeHangUp) => {
      isOurs = true;
      if (how === 'reset') response.socket?.resetAndDestroy();
      else response.destroy();
    };
    const signal = this.#follow(response, () => {
      if (!isOurs && this.#options.records !== 'none')
        this.departures.push({ request, when: response.headersSent ? 'midway' : 'before-first-byte' });
    });
    const wait = this.#options.wait ?? realWait;
    playReply({ response, reply, writing, wait, signal, hangUp }).catch((error) => {
      isOurs = true;
      response.destroy(error);
    });
  }

  /** Counts a generation from its start to its end; the signal is aborted when the connection closes, `onCut` called if that is before the end. */
  #follow(response: ServerResponse, onCut?: () => void): AbortSignal {
    const leaving = new AbortController();
    this.#count(() => this.#started++);
    response.on('close', () => {
      leaving.abort();
      this.#count(() => {
        if (response.writableFinished) return this.#completed++;
        onCut?.();
        return this.#aborted++;
      });
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
    const isFixed = typeof replies !== 'function' && !Array.isArray(replies) && (this.#options.face ?? 'openai') === 'openai';
    const api = path === '/v1/chat/completions' ? 'chat' : path === '/v1/completions' ? 'completions' : undefined;
    if (!isFixed || api === undefined) return false;
    const reply = fillReply(replies as FakeReply);
    if (reply.delayMs > 0 || reply.firstByteDelayMs > 0 || reply.fault) return false;
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
