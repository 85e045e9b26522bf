import type {
  Engine,
  EngineCapabilities,
  EngineEmbeddings,
  EngineModel,
  EngineRead,
  EngineRequest,
  EngineState,
} from '../protocol/engine.ts';
import { GatewayError, toGatewayError } from '../protocol/error.ts';
import { defineEngine, type EngineContext } from './engine.ts';
import { streamAnswer } from './openai/answer-stream.ts';
import { type EmbeddingInputs, groupInputs, joinEmbeddings, readEmbeddings } from './openai/embeddings.ts';
import { callJson } from './openai/json-call.ts';
import { describeModel, readModelList } from './openai/model-list.ts';
import { writeRequest } from './openai/request-body.ts';
import { type OutgoingRequest, openTransport, type Transport } from './openai/transport.ts';

/** Where the upstream is and what is known of it. */
export interface OpenAiOptions {
  /** address of the API, usually ending in `/v1` */
  readonly baseUrl: string;
  /** sent as a bearer token to that address only */
  readonly apiKey?: string;
  /** names of the models it serves; default: it is asked (`GET /models`) */
  readonly models?: readonly string[];
  /** tokens of prompt and answer together; default: what the upstream says, else no limit of ours */
  readonly contextTokens?: number;
  /** requests it works on at once; default 64 */
  readonly slots?: number;
  /** longest wait for the first byte of an answer; default 10 minutes, as engines queue and load models */
  readonly firstByteTimeoutMs?: number;
  /** longest silence in the middle of an answer; default 2 minutes */
  readonly silenceTimeoutMs?: number;
}

/**
 * Any server that speaks OpenAI's chat, completions and embeddings APIs. It renders templates and calls tools by itself; literal text in `segments` cannot be
 * kept apart there. It is asked to stream where our caller wants a stream. Fields we don't know are forwarded.
 */
export default defineEngine<OpenAiOptions>({
  summary: 'any server with an OpenAI-compatible API, local or in the cloud',
  open: (options, context) => new OpenAiEngine(options, context),
});

class OpenAiEngine implements Engine {
  readonly capabilities: EngineCapabilities;
  readonly #options: OpenAiOptions;
  readonly #context: EngineContext;
  readonly #transport: Transport;
  #isClosed = false;
  #state: EngineState = { status: 'starting', reason: 'it has not answered yet' };

  constructor(options: OpenAiOptions, context: EngineContext) {
    const { firstByteTimeoutMs = 600_000, silenceTimeoutMs = 120_000 } = options;
    this.#options = options;
    this.#context = context;
    this.#transport = openTransport({ ...options, firstByteTimeoutMs, silenceTimeoutMs });
    this.capabilities = {
      prompts: ['messages', 'segments', 'tokens'],
      constraints: ['json-schema'],
      topLogprobsMax: 20,
      hasStopTokenIds: false,
      hasEmbeddings: true,
      hasTools: true,
      hasTokenizer: false,
      slots: options.slots ?? 64,
      tellsSpecialTokens: false,
      takesUnknownFields: true,
    };
  }

  state(): EngineState {
    return this.#state;
  }

  async models(signal?: AbortSignal): Promise<readonly EngineModel[]> {
    const { models, contextTokens } = this.#options;
    if (models === undefined) return readModelList(await this.#ask({ method: 'GET', path: '/models' }, signal), contextTokens);
    if (this.#state.status === 'starting') this.#state = { status: 'ready' };
    return models.map((id) => describeModel(id, contextTokens));
  }

  stream(request: EngineRequest, signal: AbortSignal): AsyncIterable<EngineRead> {
    const { path, body } = writeRequest(request);
    return streamAnswer({
      transport: this.#transport,
      request: { method: 'POST', path, body: JSON.stringify(body), id: request.id },
      signal,
      apiKey: this.#options.apiKey,
      onOutcome: (error) => this.#note(error),
    });
  }

  async embed(model: string, inputs: EmbeddingInputs, signal: AbortSignal): Promise<EngineEmbeddings> {
    const calls = groupInputs(inputs).map(async (group) => {
      const body = JSON.stringify({ model, input: group, encoding_format: 'float' });
      return readEmbeddings(await this.#ask({ method: 'POST', path: '/embeddings', body }, signal), group.length);
    });
    return joinEmbeddings(await Promise.all(calls));
  }

  async tokenize(): Promise<never> {
    throw noTokenizer();
  }

  async detokenize(): Promise<never> {
    throw noTokenizer();
  }

  close(): Promise<void> {
    this.#isClosed = true;
    this.#state = { status: 'down', reason: 'it was closed' };
    return this.#transport.close();
  }

  async #ask(request: OutgoingRequest, signal: AbortSignal | undefined): Promise<unknown> {
    try {
      const answer = await callJson({ transport: this.#transport, request, signal, apiKey: this.#options.apiKey });
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

function noTokenizer(): GatewayError {
  return new GatewayError(
    'unsupported_feature',
    'An OpenAI-compatible upstream has no tokenizer to ask. Use the embedded engine for token counts.',
  );
}
