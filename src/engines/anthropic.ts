import type { Engine, EngineCapabilities, EngineModel, EngineRead, EngineRequest, EngineState } from '../protocol/engine.ts';
import { toGatewayError } from '../protocol/error.ts';
import { AnswerReader } from './anthropic/answer-reader.ts';
import { describeModel, type ModelFacts, readModel, readModelPage } from './anthropic/model-facts.ts';
import { unsupported } from './anthropic/refuse.ts';
import { writeRequest } from './anthropic/request-body.ts';
import { TurnMemory } from './anthropic/turn-memory.ts';
import { defineEngine, type EngineContext } from './engine.ts';
import { Connection, type ConnectionOptions } from './http/connection.ts';

/** Where the API is and what is known of it. */
export interface AnthropicOptions extends Omit<ConnectionOptions, 'baseUrl'> {
  /** address without the path `/v1`; default https://api.anthropic.com */
  readonly baseUrl?: string;
  /** names of the models it serves; default: all that the API lists */
  readonly models?: readonly string[];
  /** tokens of prompt and answer together; default: what the API says, else no limit of ours */
  readonly contextTokens?: number;
  /** requests it works on at once; default 64 */
  readonly slots?: number;
}

/** The version of the API that this was written for. */
const apiVersion = '2023-06-01';
const pageSize = 1000;
/** More pages than any list has: one that goes on is a fault. */
const mostPages = 20;

/**
 * Anthropic's Messages API, or a server that speaks it. It renders, calls tools and thinks by itself; a schema is held by structured outputs, or by a tool whose
 * input is the answer. What a model can do is asked for once (`GET /v1/models`). Where that is not told, only what every version of the API knows is used.
 */
export default defineEngine<AnthropicOptions>({
  summary: "Anthropic's Messages API: Claude, and servers that speak it",
  open: (options, context) => new AnthropicEngine(options, context),
});

class AnthropicEngine implements Engine {
  readonly capabilities: EngineCapabilities;
  readonly #options: AnthropicOptions;
  readonly #context: EngineContext;
  readonly #connection: Connection;
  readonly #memory = new TurnMemory();
  readonly #facts = new Map<string, ModelFacts>();

  constructor(options: AnthropicOptions, context: EngineContext) {
    this.#options = options;
    this.#context = context;
    const baseUrl = (options.baseUrl ?? 'https://api.anthropic.com').replace(/\/v1\/?$/, '');
    this.#connection = new Connection({ ...options, baseUrl }, context, {
      headers: { 'anthropic-version': apiVersion },
      headersFor: (apiKey) => ({ 'x-api-key': apiKey }),
    });
    this.capabilities = {
      prompts: ['messages'],
      constraints: ['json-schema'],
      topLogprobsMax: undefined,
      hasStopTokenIds: false,
      hasEmbeddings: false,
      hasTools: true,
      hasToolChoice: true,
      showsTools: false,
      hasImages: true,
      hasTokenizer: false,
      slots: options.slots ?? 64,
      tellsSpecialTokens: false,
      takesTopK: false,
      // a few fields of the API's own; all others are refused here
      takesUnknownFields: true,
    };
  }

  state(): EngineState {
    return this.#connection.state;
  }

  async models(signal?: AbortSignal): Promise<readonly EngineModel[]> {
    const { models, contextTokens } = this.#options;
    const all = models === undefined ? await this.#listModels(signal) : await Promise.all(models.map((id) => this.#askModel(id, signal)));
    this.#connection.assumeReady();
    for (const facts of all) this.#facts.set(facts.id, facts);
    return all.map((facts) => describeModel(facts, contextTokens));
  }

  describeUnlisted(name: string): EngineModel {
    return describeModel(this.#facts.get(name) ?? { id: name }, this.#options.contextTokens);
  }

  stream(request: EngineRequest, signal: AbortSignal): AsyncIterable<EngineRead> {
    const { id, model } = request;
    const note = (change: string) => this.#context.log('debug', 'request-changed', { request: id, model, change });
    const facts = this.#facts.get(model) ?? { id: model };
    const { body, answerTool } = writeRequest(request, { facts, memory: this.#memory, note });
    const reader = new AnswerReader({
      secrets: this.#connection.secrets,
      answerTool,
      onTurn: (blocks) => this.#memory.remember(model, blocks),
      onRequestId: (upstreamId) => this.#context.log('debug', 'upstream-request', { request: id, upstreamId }),
    });
    return this.#connection.stream({ method: 'POST', path: '/v1/messages', body, id }, reader, signal);
  }

  async embed(): Promise<never> {
    throw unsupported('model', "Anthropic's API gives no embeddings. Use another engine for them.");
  }

  async tokenize(): Promise<never> {
    throw noTokenizer();
  }

  async detokenize(): Promise<never> {
    throw noTokenizer();
  }

  close(): Promise<void> {
    return this.#connection.close();
  }

  async #listModels(signal: AbortSignal | undefined): Promise<readonly ModelFacts[]> {
    const all: ModelFacts[] = [];
    let after = '';
    for (let page = 0; page < mostPages; page++) {
      const answer = await this.#connection.ask({ method: 'GET', path: `/v1/models?limit=${pageSize}${after}` }, signal);
      const { models, next } = readModelPage(answer);
      all.push(...models);
      if (next === undefined) break;
      after = `&after_id=${encodeURIComponent(next)}`;
    }
    return all;
  }

  /** A name that the operator gave is served even where the API tells nothing of it; an alias stays what it is called. */
  async #askModel(id: string, signal: AbortSignal | undefined): Promise<ModelFacts> {
    try {
      const answer = await this.#connection.ask({ method: 'GET', path: `/v1/models/${encodeURIComponent(id)}` }, signal);
      return { ...readModel(answer), id };
    } catch (error) {
      if (signal?.aborted) throw error;
      const { code, message } = toGatewayError(error);
      this.#context.log('warn', 'model-not-told', { model: id, code, message });
      return { id };
    }
  }
}

function noTokenizer(): Error {
  return unsupported('model', "Anthropic's API shows no tokenizer. Use the embedded engine for token counts.");
}
