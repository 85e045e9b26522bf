import type {
  Engine,
  EngineCapabilities,
  EngineEmbeddings,
  EngineModel,
  EngineRead,
  EngineRequest,
  EngineState,
  TextToTokenize,
} from '../protocol/engine.ts';
import { GatewayError } from '../protocol/error.ts';
import type { JsonObject } from '../protocol/json.ts';
import { defineEngine, type EngineContext } from './engine.ts';
import { Connection, type ConnectionOptions } from './http/connection.ts';
import { readLater } from './http/later-reads.ts';
import { AnswerReader } from './llama-server/answer-reader.ts';
import { type LearnedServer, learnServer } from './llama-server/learn-server.ts';
import { describeModel, readNames } from './llama-server/model-facts.ts';
import { askForIds, planPrompt, tokenizeText, type WirePrompt } from './llama-server/prompt-body.ts';
import { writeBody } from './llama-server/request-body.ts';
import { findTextTrigger, goOnBehind } from './llama-server/text-trigger.ts';
import type { AskServer } from './llama-server/token-lists.ts';
import { type EmbeddingInputs, groupInputs, joinEmbeddings, readEmbeddings } from './openai/embeddings.ts';

/** Where the server is and what is known of it. */
export interface LlamaServerOptions extends ConnectionOptions {
  /** names of the model it serves; default: as it says */
  readonly models?: readonly string[];
  /** tokens of prompt and answer together; default: one slot's */
  readonly contextTokens?: number;
  /** requests it works on at once, until it has told its slots; default 4 */
  readonly slots?: number;
}

/**
 * llama.cpp's own server. We render the chat template, read the answer and write the grammars, which its `/completion` takes as they are; its own chat and tool
 * layer is not used. It serves one model. Source: llama.cpp b11434, docs/engines-notes.md.
 */
export default defineEngine<LlamaServerOptions>({
  summary: "llama.cpp's llama-server, with our templates, grammars and parsers in place of its own",
  open: (options, context) => new LlamaServerEngine(options, context),
});

class LlamaServerEngine implements Engine {
  readonly capabilities: EngineCapabilities;
  readonly #options: LlamaServerOptions;
  readonly #connection: Connection;
  readonly #ask: AskServer;
  #learned: LearnedServer | undefined;

  constructor(options: LlamaServerOptions, context: EngineContext) {
    this.#options = options;
    this.#connection = new Connection(options, context);
    this.#ask = async (path, body, signal) => {
      const request = body ? ({ method: 'POST', path, body: JSON.stringify(body) } as const) : ({ method: 'GET', path } as const);
      return toObject(await this.#connection.ask(request, signal), path);
    };
    this.capabilities = {
      prompts: ['segments', 'tokens'],
      grammars: 'gbnf',
      lazyGrammars: 'trigger',
      constraints: [],
      topLogprobsMax: 20,
      hasStopTokenIds: true,
      hasEmbeddings: true,
      hasTools: false,
      hasToolChoice: false,
      showsTools: false,
      hasImages: false,
      hasTokenizer: true,
      slots: options.slots ?? 4,
      tellsSpecialTokens: true,
      takesUnknownFields: true,
    };
  }

  state(): EngineState {
    return this.#connection.state;
  }

  async models(signal?: AbortSignal): Promise<readonly EngineModel[]> {
    const learned = await this.#learn(signal);
    const { models, contextTokens } = this.#options;
    return (models ?? learned.facts.names).map((id) => describeModel(id, learned, contextTokens));
  }

  /** Any name is answered by its one model: those that the operator gave are served while there is one. */
  async probe(signal: AbortSignal): Promise<readonly string[]> {
    await this.#connection.reach('/health', signal);
    const names = readNames(await this.#ask('/v1/models', undefined, signal));
    return names.length === 0 ? [] : (this.#options.models ?? names);
  }

  stream(request: EngineRequest, signal: AbortSignal): AsyncIterable<EngineRead> {
    if (this.#learned) return this.#begin(request, this.#learned, signal);
    return readLater(async (either) => this.#begin(request, await this.#learn(either), either), signal);
  }

  async embed(model: string, inputs: EmbeddingInputs, signal: AbortSignal): Promise<EngineEmbeddings> {
    const { hasEmbeddings } = this.#learned ?? (await this.#learn(signal));
    if (!hasEmbeddings)
      throw new GatewayError(
        'unsupported_feature',
        'This llama-server gives no embeddings. Start it with `--embeddings` and a `--pooling`.',
      );
    const calls = groupInputs(inputs).map(async (input) => {
      const body = { model, input, encoding_format: 'float' };
      return readEmbeddings(await this.#ask('/v1/embeddings', body, signal), input.length);
    });
    return joinEmbeddings(await Promise.all(calls));
  }

  async tokenize(_model: string, text: TextToTokenize, signal: AbortSignal): Promise<readonly number[]> {
    const { vocabulary } = this.#learned ?? (await this.#learn(signal));
    return tokenizeText(text, { ask: this.#ask, vocabulary, signal });
  }

  async detokenize(_model: string, tokens: readonly number[], signal: AbortSignal): Promise<string> {
    const { content } = await this.#ask('/detokenize', { tokens }, signal);
    if (typeof content === 'string') return content;
    throw new GatewayError('engine_failed', 'llama-server answered /detokenize without a text.');
  }

  close(): Promise<void> {
    return this.#connection.close();
  }

  async #learn(signal: AbortSignal | undefined): Promise<LearnedServer> {
    return (this.#learned = await learnServer(this.#ask, this.#learned, signal));
  }

  #begin(request: EngineRequest, learned: LearnedServer, signal: AbortSignal): AsyncIterable<EngineRead> {
    const trigger = findTextTrigger(request, learned.vocabulary);
    const first = this.#send(request, learned, signal);
    if (trigger === undefined) return first;
    return goOnBehind(trigger, first, { request, send: (rest) => this.#send(rest, learned, signal) });
  }

  #send(request: EngineRequest, learned: LearnedServer, signal: AbortSignal): AsyncIterable<EngineRead> {
    const { vocabulary, facts } = learned;
    const { contextTokens = facts.contextTokens } = this.#options;
    const plan = planPrompt(request.prompt, vocabulary);
    const complete = (prompt: WirePrompt, either: AbortSignal) => {
      const body = JSON.stringify(writeBody(request, { prompt, vocabulary, contextTokens }));
      const { keptSpecialTokens: kept, stopTokenIds, topLogprobs, id } = request;
      const reader = new AnswerReader({ secrets: this.#connection.secrets, vocabulary, kept, stopTokenIds, topLogprobs });
      return this.#connection.stream({ method: 'POST', path: '/completion', body, id }, reader, either);
    };
    if ('wire' in plan) return complete(plan.wire, signal);
    const askIds = (either: AbortSignal) => askForIds(plan, { ask: this.#ask, vocabulary, signal: either });
    return readLater(async (either) => complete(await askIds(either), either), signal);
  }
}

function toObject(answer: unknown, path: string): JsonObject {
  if (typeof answer === 'object' && answer !== null && !Array.isArray(answer)) return answer as JsonObject;
  throw new GatewayError('engine_failed', `llama-server answered ${path} without a JSON object.`);
}
