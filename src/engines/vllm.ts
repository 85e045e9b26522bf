import type {
  Engine,
  EngineCapabilities,
  EngineEmbeddings,
  EngineModel,
  EngineRead,
  EngineRequest,
  EngineState,
  Sleep,
  TextToTokenize,
} from '../protocol/engine.ts';
import { GatewayError } from '../protocol/error.ts';
import type { JsonObject } from '../protocol/json.ts';
import { defineEngine, type EngineContext } from './engine.ts';
import { Connection, type ConnectionOptions } from './http/connection.ts';
import { readLater } from './http/later-reads.ts';
import type { OutgoingBody } from './http/transport.ts';
import { AnswerReader } from './openai/answer-reader.ts';
import { type EmbeddingInputs, groupInputs, joinEmbeddings, readEmbeddings } from './openai/embeddings.ts';
import { writeBody } from './openai/write-body.ts';
import { chooseRoute } from './vllm/choose-route.ts';
import { learnModels } from './vllm/learn-models.ts';
import { readModelCards } from './vllm/model-cards.ts';
import { type EngineLoad, readMetrics } from './vllm/read-metrics.ts';
import { writeRendering } from './vllm/request-body.ts';
import { type SleepLevel, sleepOf } from './vllm/sleep.ts';
import { readDetokenized, readTokenized, type Tokenized } from './vllm/wire-answers.ts';

/** Where a vLLM server is and what of it is served. */
export interface VllmOptions extends ConnectionOptions {
  /** its origin, such as `http://127.0.0.1:8000` */
  readonly baseUrl: string;
  /** which of its models are served; default: all */
  readonly models?: readonly string[];
  /** tokens of prompt and answer together; default: what the server says */
  readonly contextTokens?: number;
  /** requests it works on at once; more wait in its own queue; default 64 */
  readonly slots?: number;
  /** how deep it sleeps when it gives its GPU to another engine; default 1 */
  readonly sleepLevel?: SleepLevel;
}

/**
 * A vLLM server. It renders the model's own template with the tools in it; we read the answer as it was written, whichever parsers it was started with:
 * where it has some, the conversation is rendered by `/tokenize` and goes as token ids to the completions route. An answer that the
 * caller wants whole comes so, unless it may have to be stopped. Texts are searched for special tokens there, literal stretches too. Source: vLLM 0.32.0.
 */
export default defineEngine<VllmOptions>({
  summary: 'vLLM, on the GPU or the CPU',
  open: (options, context) => new VllmEngine(options, context),
});

/** An engine that tells how busy it is. */
export interface LoadTeller {
  load(signal?: AbortSignal): Promise<EngineLoad>;
}

class VllmEngine implements Engine, LoadTeller {
  readonly capabilities: EngineCapabilities;
  readonly sleep: Sleep;
  readonly #options: VllmOptions;
  readonly #context: EngineContext;
  readonly #connection: Connection;
  /** models whose chat answers come as they were written */
  readonly #rawModels = new Set<string>();

  constructor(options: VllmOptions, context: EngineContext) {
    this.#options = options;
    this.#context = context;
    this.#connection = new Connection(options, context);
    this.sleep = sleepOf(this.#connection, options.sleepLevel ?? 1);
    this.capabilities = {
      prompts: ['messages', 'segments', 'tokens'],
      grammars: 'structural-tag',
      lazyGrammars: 'whole',
      constraints: [],
      topLogprobsMax: 20,
      hasStopTokenIds: true,
      hasEmbeddings: true,
      hasTools: false,
      hasToolChoice: false,
      showsTools: true,
      hasImages: true,
      hasTokenizer: true,
      slots: options.slots ?? 64,
      tellsSpecialTokens: false,
      takesUnknownFields: true,
    };
  }

  state(): EngineState {
    return this.#connection.state;
  }

  async models(signal?: AbortSignal): Promise<readonly EngineModel[]> {
    const { models: names, contextTokens } = this.#options;
    const learned = await learnModels({
      ask: (path, body, limit) => this.#ask(path, body, limit && signal ? AbortSignal.any([signal, limit]) : (limit ?? signal)),
      log: this.#context.log,
      names,
      contextTokens,
    });
    for (const { model, answersRaw } of learned) {
      if (answersRaw) this.#rawModels.add(model.id);
      else this.#rawModels.delete(model.id);
    }
    return learned.map(({ model }) => model);
  }

  /** Its list of models is answered by the front end, whether or not the engine behind it is dead: `/health` tells that. */
  async probe(signal: AbortSignal): Promise<readonly string[]> {
    await this.#connection.reach('/health', signal);
    const cards = readModelCards(await this.#ask('/v1/models', undefined, signal));
    return cards.map(({ id }) => id).filter((id) => this.#options.models?.includes(id) ?? true);
  }

  stream(request: EngineRequest, signal: AbortSignal): AsyncIterable<EngineRead> {
    const { contextTokens } = this.#options;
    const route = chooseRoute(request, { answersRaw: this.#rawModels.has(request.model), contextTokens });
    const send = (body: JsonObject, either: AbortSignal) => {
      const outgoing = { method: 'POST', path: route.path, body: writeBody(body, request.prompt), id: request.id } as const;
      return this.#connection.stream(outgoing, new AnswerReader(this.#connection.secrets, request.topLogprobs), either);
    };
    if (route.asks === undefined) return send(route.body, signal);
    return readLater(
      async (either) => send(route.write(await this.#tokenize(writeBody(route.asks, request.prompt), either)), either),
      signal,
    );
  }

  async load(signal?: AbortSignal): Promise<EngineLoad> {
    const load = readMetrics(await this.#connection.askText({ method: 'GET', path: '/metrics' }, signal));
    if (load === undefined) throw new GatewayError('engine_failed', 'The engine tells no metrics of vLLM at /metrics.');
    return load;
  }

  async embed(model: string, inputs: EmbeddingInputs, signal: AbortSignal): Promise<EngineEmbeddings> {
    const calls = groupInputs(inputs).map(async (group) => {
      const answer = await this.#ask('/v1/embeddings', { model, input: group, encoding_format: 'float' }, signal);
      return readEmbeddings(answer, group.length);
    });
    return joinEmbeddings(await Promise.all(calls));
  }

  async tokenize(model: string, { segments, isPrompt }: TextToTokenize, signal: AbortSignal): Promise<readonly number[]> {
    const prompt = segments.map(({ text }) => text).join('');
    return (await this.#tokenize(JSON.stringify({ model, prompt, add_special_tokens: isPrompt }), signal)).tokens;
  }

  async tokenizeConversation(request: EngineRequest, signal: AbortSignal): Promise<readonly number[]> {
    const { prompt } = request;
    if (prompt.form !== 'messages') throw new GatewayError('internal_error', 'Only conversations are rendered by the engine.');
    return (await this.#tokenize(writeBody(writeRendering(request, prompt), prompt), signal)).tokens;
  }

  async detokenize(model: string, tokens: readonly number[], signal: AbortSignal): Promise<string> {
    return readDetokenized(await this.#ask('/detokenize', { model, tokens }, signal));
  }

  close(): Promise<void> {
    return this.#connection.close();
  }

  async #tokenize(body: OutgoingBody, signal: AbortSignal): Promise<Tokenized> {
    return readTokenized(await this.#connection.ask({ method: 'POST', path: '/tokenize', body }, signal));
  }

  #ask(path: string, body: JsonObject | undefined, signal: AbortSignal | undefined): Promise<unknown> {
    return this.#connection.ask(
      body === undefined ? { method: 'GET', path } : { method: 'POST', path, body: JSON.stringify(body) },
      signal,
    );
  }
}
