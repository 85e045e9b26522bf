import type { JsonObject } from '../protocol/json.ts';
import { type FakeBody, type FakeFace, type FakeState, type FakeWriting, isOn, jsonBody, toldMessage } from './fake-face.ts';
import { exceedBody } from './fake-llama-server.ts';
import { createdAt, loadLine, type OllamaApi, ollamaStream, ollamaWhole } from './fake-ollama-wire.ts';
import { openAiFace } from './fake-openai.ts';
import type { FilledReply } from './fake-reply.ts';
import { embeddingVectors } from './fake-wire.ts';

/** Ollama's own API. Source: Ollama 0.34.0, asked on 2026-11-21 (docs/engines-notes.md). */
export const ollamaFace: FakeFace = {
  answer(request, state) {
    const { method, path, body } = request;
    const route = `${method} ${path}`;
    if (route === 'GET /') return { status: 200, body: 'Ollama is running', contentType: 'text/plain; charset=utf-8' };
    if (route === 'GET /api/version') return jsonBody({ version: state.version ?? '0.34.0' });
    if (route === 'GET /api/tags') return jsonBody({ models: [...state.models, ...state.pulled].map((model) => tag(model, state)) });
    if (route === 'GET /api/ps') return jsonBody({ models: [...state.loaded].map(([model, context]) => process(model, context)) });
    if (path.startsWith('/v1/')) return openAiFace.answer(request, state);
    return method === 'POST' ? answerPost(path, body, state) : undefined;
  },
  noRoute: () => ({ status: 404, body: '404 page not found', contentType: 'text/plain' }),
  isGuarded: () => true,
  wrongKey: { status: 401, body: { error: 'unauthorized' } },
};

const generating: Readonly<Record<string, OllamaApi>> = { '/api/chat': 'chat', '/api/generate': 'generate' };

function answerPost(path: string, body: JsonObject | undefined, state: FakeState): FakeBody | FakeWriting | undefined {
  const api = generating[path];
  if (api === undefined && !['/api/show', '/api/pull', '/api/embed'].includes(path)) return undefined;
  if (body === undefined) return refusal(400, 'unexpected EOF');
  const model = String(body.model);
  if (path === '/api/pull') return pull(model, isOn(body, 'stream') || body.stream === undefined, state);
  if (!isKnown(model, state)) return refusal(404, `model '${model}' not found`);
  if (api !== undefined) return answerGeneration(api, body, state);
  return jsonBody(path === '/api/show' ? show(state) : embed(model, body.input));
}

function isKnown(model: string, { models, pulled, refusesUnknownModels }: FakeState): boolean {
  const plain = model.replace(/:latest$/, '');
  return !refusesUnknownModels || [...models, ...pulled].some((known) => known.replace(/:latest$/, '') === plain);
}

/** Pulls at once; the model is listed from now on. Source: Ollama's API reference, "Pull a Model" (not asked). */
function pull(model: string, isStreamed: boolean, { models, pulled }: FakeState): FakeBody {
  if (!models.includes(model)) pulled.add(model);
  const layer = { status: 'pulling fd5f44c0b5af', digest: 'sha256:fd5f44c0b5af', total: 98362745, completed: 98362745 };
  const lines = [{ status: 'pulling manifest' }, layer, { status: 'success' }];
  if (!isStreamed) return jsonBody({ status: 'success' });
  return { status: 200, body: lines.map((line) => `${JSON.stringify(line)}\n`).join(''), contentType: 'application/x-ndjson' };
}

/** Source: Ollama's API reference, "Generate Embeddings" (not asked: the runner used here has none). */
function embed(model: string, input: unknown): object {
  const vectors = embeddingVectors(input);
  return { model, embeddings: vectors, total_duration: 14143917, load_duration: 1019500, prompt_eval_count: vectors.length * 3 };
}

function answerGeneration(api: OllamaApi, body: JsonObject, state: FakeState): FakeBody | FakeWriting {
  const refused = refusalOf(api, body, state);
  if (refused !== undefined) return refusal(400, refused);
  const model = String(body.model);
  const { options } = body;
  const asked = typeof options === 'object' && options !== null && 'num_ctx' in options ? options.num_ctx : undefined;
  const isEmpty = api === 'chat' ? !Array.isArray(body.messages) || body.messages.length === 0 : !body.prompt;
  const isUnload = isEmpty && (body.keep_alive === 0 || body.keep_alive === '0');
  if (isUnload) state.loaded.delete(model);
  else load(model, typeof asked === 'number' ? asked : state.contextTokens, state);
  return isEmpty ? jsonBody(loadLine(api, model, isUnload ? 'unload' : 'load')) : generationWriting(api, body, state);
}

/** The model that was used least lately makes room. */
function load(model: string, contextTokens: number, { loaded, mostLoaded }: FakeState): void {
  loaded.delete(model);
  loaded.set(model, contextTokens);
  const [oldest] = loaded.keys();
  if (loaded.size > mostLoaded && oldest !== undefined) loaded.delete(oldest);
}

/** What it refuses for the model's capabilities and in raw mode. */
function refusalOf(api: OllamaApi, body: JsonObject, { capabilities }: FakeState): string | undefined {
  const model = String(body.model);
  if (api === 'generate' && isOn(body, 'raw') && (body.template || body.system || body.context)) {
    return 'raw mode does not support template, system, or context';
  }
  if (Array.isArray(body.tools) && body.tools.length > 0 && !capabilities.includes('tools')) {
    return `registry.ollama.ai/library/${model}:latest does not support tools`;
  }
  if (body.think && !capabilities.includes('thinking')) return `"${model}" does not support thinking`;
  return undefined;
}

function generationWriting(api: OllamaApi, body: JsonObject, state: FakeState): FakeWriting {
  const request = { api, body, tokenizer: state.tokenizer };
  const frame = (text: string) => `${text}\n`;
  return {
    isStreamed: body.stream !== false,
    streamType: 'application/x-ndjson',
    stream: (reply) => ollamaStream(reply, request),
    whole: (reply) => ollamaWhole(reply, request),
    frame,
    quietEvent: loadLine(api, String(body.model)),
    afterError: '',
    errorBody: (status, error) => ({ error: error?.message ?? toldMessage(status) }),
    overflow: (promptTokens, reply) => {
      const contextTokens = state.loaded.get(String(body.model)) ?? state.contextTokens;
      if (body.truncate !== false || body.shift !== false) return shortened(reply, Math.ceil(contextTokens / 2));
      return refusal(400, JSON.stringify(exceedBody(promptTokens, contextTokens)));
    },
  };
}

/** The reply to a prompt of which this much was kept. */
function shortened(reply: FilledReply, promptTokens: number): FilledReply {
  return { ...reply, usage: { completionTokens: 0, ...reply.usage, promptTokens } };
}

function refusal(status: number, error: string): FakeBody {
  return jsonBody({ error }, status);
}

const details = {
  parent_model: '',
  format: 'gguf',
  family: 'llama',
  families: ['llama'],
  parameter_size: '134.52M',
  quantization_level: 'Q4_1',
};
const digest = 'fd5f44c0b5aff6453726119fc560d73a8a995a55b4a49804bc24b1969ecf1794';

function named(model: string): object {
  const name = model.includes(':') ? model : `${model}:latest`;
  return { name, model: name };
}

function tag(model: string, { contextTokens, capabilities }: FakeState): object {
  const told = { ...details, context_length: contextTokens, embedding_length: 576 };
  return { ...named(model), modified_at: createdAt, size: 98362745, digest, details: told, capabilities };
}

function process(model: string, contextTokens: number): object {
  return { ...named(model), size: 136765766, digest, details, expires_at: createdAt, size_vram: 0, context_length: contextTokens };
}

function show({ chatTemplate, capabilities, contextTokens, models }: FakeState): object {
  return {
    modelfile: `FROM /models/${models[0]}.gguf\n`,
    parameters: 'stop                           "<|im_end|>"',
    template: chatTemplate,
    details,
    model_info: {
      'general.architecture': 'llama',
      'general.parameter_count': 134515008,
      'llama.context_length': contextTokens,
      'llama.embedding_length': 576,
      'tokenizer.ggml.add_bos_token': false,
      'tokenizer.ggml.bos_token_id': 1,
      'tokenizer.ggml.eos_token_id': 2,
      'tokenizer.ggml.model': 'gpt2',
      'tokenizer.ggml.tokens': null,
    },
    capabilities,
    modified_at: createdAt,
  };
}
