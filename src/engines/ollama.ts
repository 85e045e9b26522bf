import type {
  Engine,
  EngineCapabilities,
  EngineEmbeddings,
  EngineModel,
  EngineRead,
  EngineRequest,
  EngineState,
} from '../protocol/engine.ts';
import { GatewayError } from '../protocol/error.ts';
import { defineEngine, type EngineContext } from './engine.ts';
import { Connection, type ConnectionOptions } from './http/connection.ts';
import { AnswerReader } from './ollama/answer-reader.ts';
import { describeUnseen, isSameModel, type OllamaModel, servedName } from './ollama/describe-model.ts';
import { readEmbeddingAnswer, writeEmbeddingBody } from './ollama/embeddings.ts';
import { learnModels, readNames } from './ollama/learn-models.ts';
import type { ModelFile } from './ollama/model-file.ts';
import { type KeepAlive, writeRequest } from './ollama/write-request.ts';
import type { EmbeddingInputs } from './openai/embeddings.ts';

/** Where Ollama is and what is known of it. */
export interface OllamaOptions extends ConnectionOptions {
  /** its address without a path: `http://127.0.0.1:11434` */
  readonly baseUrl: string;
  /** models to serve; default: all that it has */
  readonly models?: readonly string[];
  /** tokens of prompt and answer together, for every model; default: as a model is loaded now, else as its Modelfile says, else 8192 or what it was trained for */
  readonly contextTokens?: number;
  /** requests it works on at once for a model (OLLAMA_NUM_PARALLEL, which cannot be asked); default 1, its own */
  readonly slots?: number;
  /** how long a model stays in memory after a request; default: Ollama's own 5 minutes */
  readonly keepAlive?: KeepAlive;
  /** Reads what Ollama does not tell from a model's file, where it lies on this machine; without it Ollama renders every prompt. */
  readonly readModelFile?: (path: string) => Promise<ModelFile | undefined>;
}

/**
 * Ollama by its own API. Models whose file is at hand and whose marks survive raw mode get prompts of our rendering; the others Ollama renders and reads by itself.
 * It never cuts a prompt: one that is too long is `context_length_exceeded`. Versions before 0.12.6 cut all the same, which cannot be noticed afterwards: its counts
 * leave out what was cached, and no number of tokens is certain to be too low for a text. The log warns of them.
 */
export default defineEngine<OllamaOptions>({
  summary: 'Ollama, by its own API: raw prompts, formats, no silent truncation',
  open: (options, context) => new OllamaEngine(options, context),
});

class OllamaEngine implements Engine {
  readonly capabilities: EngineCapabilities;
  readonly #options: OllamaOptions;
  readonly #context: EngineContext;
  readonly #connection: Connection;
  #models: ReadonlyMap<string, OllamaModel> = new Map();

  constructor(options: OllamaOptions, context: EngineContext) {
    this.#options = options;
    this.#context = context;
    this.#connection = new Connection(options, context);
    this.capabilities = {
      prompts: ['messages', 'segments'],
      constraints: ['json-schema', 'regex', 'choice'],
      topLogprobsMax: 20,
      hasStopTokenIds: false,
      hasEmbeddings: true,
      hasTools: true,
      hasToolChoice: false,
      showsTools: false,
      hasImages: false,
      hasTokenizer: false,
      slots: options.slots ?? 1,
      tellsSpecialTokens: false,
      // its own words pass; the others are refused when the request is written
      takesUnknownFields: true,
    };
  }

  state(): EngineState {
    return this.#connection.state;
  }

  async models(signal?: AbortSignal): Promise<readonly EngineModel[]> {
    const { models, contextTokens, readModelFile } = this.#options;
    const learning = { connection: this.#connection, log: this.#context.log, models, contextTokens, readModelFile };
    const learned = await learnModels(learning, signal);
    this.#models = new Map(learned.map((each) => [each.model.id, each]));
    return learned.map(({ model }) => model);
  }

  async probe(signal: AbortSignal): Promise<readonly string[]> {
    const names = readNames(await this.#connection.ask({ method: 'GET', path: '/api/tags' }, signal));
    const wanted = this.#options.models?.map(servedName);
    return wanted?.filter((name) => names.some((each) => isSameModel(name, each))) ?? names;
  }

  async residents(signal: AbortSignal): Promise<readonly string[]> {
    const loaded = readNames(await this.#connection.ask({ method: 'GET', path: '/api/ps' }, signal));
    return [...this.#models.keys()].filter((name) => loaded.some((each) => isSameModel(name, each)));
  }

  describeUnlisted(name: string): EngineModel {
    return describeUnseen(servedName(name), this.#options.contextTokens).model;
  }

  stream(request: EngineRequest, signal: AbortSignal): AsyncIterable<EngineRead> {
    const wire = writeRequest(request, this.#find(request.model), this.#options.keepAlive);
    const outgoing = { method: 'POST', path: wire.path, body: wire.body, id: request.id } as const;
    return this.#connection.stream(outgoing, new AnswerReader(wire, this.#connection.secrets), signal);
  }

  async embed(model: string, inputs: EmbeddingInputs, signal: AbortSignal): Promise<EngineEmbeddings> {
    const { contextTokens } = this.#find(model).model;
    const body = writeEmbeddingBody({ model, inputs, contextTokens, keepAlive: this.#options.keepAlive });
    return readEmbeddingAnswer(await this.#connection.ask({ method: 'POST', path: '/api/embed', body }, signal), inputs.length);
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

  /** One that was pulled since the models were learned is taken as it comes. */
  #find(model: string): OllamaModel {
    return this.#models.get(servedName(model)) ?? describeUnseen(model, this.#options.contextTokens);
  }
}

function noTokenizer(): GatewayError {
  return new GatewayError('unsupported_feature', 'Ollama has no tokenizer to ask. Use the embedded engine for token counts.');
}
