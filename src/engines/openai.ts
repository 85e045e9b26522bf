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
import { AnswerReader } from './openai/answer-reader.ts';
import { type EmbeddingInputs, groupInputs, joinEmbeddings, readEmbeddings } from './openai/embeddings.ts';
import { describeModel, isLlamaServers, readModelList } from './openai/model-list.ts';
import { writeRequest } from './openai/request-body.ts';
import { writeBody } from './openai/write-body.ts';

/** Where the upstream is and what is known of it. */
export interface OpenAiOptions extends ConnectionOptions {
  /** address of the API, usually ending in `/v1` */
  readonly baseUrl: string;
  /** names of the models it serves; default: it is asked (`GET /models`) */
  readonly models?: readonly string[];
  /** tokens of prompt and answer together; default: what the upstream says, else no limit of ours */
  readonly contextTokens?: number;
  /** requests it works on at once; default 64 */
  readonly slots?: number;
}

/**
 * Any server that speaks OpenAI's chat, completions and embeddings APIs. It renders templates and calls tools by itself; literal text in `segments` cannot be
 * kept apart there. It is asked to stream where our caller wants a stream, a llama-server always: as long as it writes nothing and works for others too, it does not
 * see that its reader has left. Fields we don't know are forwarded.
 */
export default defineEngine<OpenAiOptions>({
  summary: 'any server with an OpenAI-compatible API, local or in the cloud',
  open: (options, context) => new OpenAiEngine(options, context),
});

class OpenAiEngine implements Engine {
  readonly capabilities: EngineCapabilities;
  readonly #options: OpenAiOptions;
  readonly #connection: Connection;
  readonly #isOpenAi: boolean;
  #isLlamaServer = false;

  constructor(options: OpenAiOptions, context: EngineContext) {
    this.#options = options;
    this.#connection = new Connection(options, context);
    this.#isOpenAi = new URL(options.baseUrl).hostname === 'api.openai.com';
    this.capabilities = {
      prompts: ['messages', 'segments', 'tokens'],
      constraints: ['json-schema'],
      topLogprobsMax: 20,
      hasStopTokenIds: false,
      hasEmbeddings: true,
      hasTools: true,
      hasToolChoice: true,
      showsTools: false,
      hasImages: true,
      hasTokenizer: false,
      slots: options.slots ?? 64,
      tellsSpecialTokens: false,
      takesTopK: false,
      takesUnknownFields: true,
    };
  }

  state(): EngineState {
    return this.#connection.state;
  }

  async models(signal?: AbortSignal): Promise<readonly EngineModel[]> {
    const { models, contextTokens } = this.#options;
    if (models === undefined) {
      const list = await this.#connection.ask({ method: 'GET', path: '/models' }, signal);
      this.#isLlamaServer = isLlamaServers(list);
      return readModelList(list, contextTokens);
    }
    this.#connection.assumeReady();
    return models.map((id) => describeModel(id, contextTokens));
  }

  /** Models that the operator named are taken at their word: not every upstream lists all it serves, or has a list. */
  async probe(signal: AbortSignal): Promise<readonly string[]> {
    const { models } = this.#options;
    if (models === undefined) return (await this.models(signal)).map(({ id }) => id);
    await this.#connection.reach('/models', signal);
    return models;
  }

  describeUnlisted(name: string): EngineModel {
    return describeModel(name, this.#options.contextTokens);
  }

  stream(request: EngineRequest, signal: AbortSignal): AsyncIterable<EngineRead> {
    const asked = this.#isLlamaServer ? { ...request, isStreamed: true } : request;
    const { path, body } = writeRequest(asked, { isOpenAi: this.#isOpenAi });
    const outgoing = { method: 'POST', path, body: writeBody(body, request.prompt), id: request.id } as const;
    return this.#connection.stream(outgoing, new AnswerReader(this.#connection.secrets), signal);
  }

  async embed(model: string, inputs: EmbeddingInputs, signal: AbortSignal): Promise<EngineEmbeddings> {
    const calls = groupInputs(inputs).map(async (group) => {
      const body = JSON.stringify({ model, input: group, encoding_format: 'float' });
      return readEmbeddings(await this.#connection.ask({ method: 'POST', path: '/embeddings', body }, signal), group.length);
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
    return this.#connection.close();
  }
}

function noTokenizer(): GatewayError {
  return new GatewayError(
    'unsupported_feature',
    'An OpenAI-compatible upstream has no tokenizer to ask. Use the embedded engine for token counts.',
  );
}
