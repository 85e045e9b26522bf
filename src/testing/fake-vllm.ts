import type { JsonObject } from '../protocol/json.ts';
import {
  type FakeBody,
  type FakeFace,
  type FakeState,
  type FakeWriting,
  isObject,
  isOn,
  jsonBody,
  promptTokens,
  sseFrame,
  tokenList,
  toldMessage,
} from './fake-face.ts';
import type { FakeError } from './fake-reply.ts';
import { type PrintedConversation, printConversation } from './fake-template.ts';
import { decodeTokens } from './fake-tokenizer.ts';
import { answerAdapters } from './fake-vllm-adapters.ts';
import { answerSleep } from './fake-vllm-sleep.ts';
import { vllmStream, vllmWhole } from './fake-vllm-wire.ts';
import { embeddingList, type FakeApi } from './fake-wire.ts';

const errorTypes: Readonly<Record<number, string>> = {
  400: 'BadRequestError',
  403: 'PermissionDeniedError',
  404: 'NotFoundError',
  422: 'UnprocessableEntityError',
  429: 'RateLimitError',
  501: 'NotImplementedError',
};

/** vLLM's API. Source: vLLM 0.32.0, asked on 2026-11-21 (docs/engines-notes.md), and its `entrypoints/openai/*\/protocol.py`. */
export const vllmFace: FakeFace = {
  answer({ method, path, body }, state) {
    const route = `${method} ${path}`;
    if (state.isLoading) return { status: 503, body: '' };
    if (route === 'GET /health') return { status: 200, body: '' };
    if (route === 'GET /version') return jsonBody({ version: state.version ?? '0.32.0' });
    if (route === 'GET /load') return jsonBody({ server_load: 0 });
    if (route === 'GET /metrics') return { status: 200, body: metrics(state), contentType: 'text/plain; version=0.0.4; charset=utf-8' };
    if (route === 'GET /v1/models') return jsonBody(modelList(state));
    const slept = answerSleep(route, state);
    if (slept !== undefined) return jsonBody(slept);
    return method === 'POST' ? answerPost(path, body, state) : undefined;
  },
  noRoute: () => jsonBody({ detail: 'Not Found' }, 404),
  isGuarded: (path) => /^\/(v1|v2|inference)\//.test(path),
  wrongKey: jsonBody({ error: 'Unauthorized' }, 401),
};

function answerPost(path: string, body: JsonObject | undefined, state: FakeState): FakeBody | FakeWriting | undefined {
  const { tokenizer, models, adapters } = state;
  if (path === '/tokenize') return tokenize(body, state);
  if (path === '/detokenize') return jsonBody({ prompt: decodeTokens(tokenizer, tokenList(body?.tokens)) });
  if (path === '/v1/embeddings') return jsonBody(embeddingList(String(body?.model), body?.input, body?.encoding_format));
  const adapted = answerAdapters(path, body, state);
  if (adapted !== undefined)
    return 'refused' in adapted ? refusal(adapted.refused, adapted) : { status: 200, body: adapted.done, contentType: 'text/plain' };
  const api = path === '/v1/chat/completions' ? 'chat' : path === '/v1/completions' ? 'completions' : undefined;
  if (api === undefined) return undefined;
  if (state.sleep?.isAsleep) return refusal(500, { message: 'The fake engine was asked while it sleeps.' });
  if (body === undefined) return refusal(400, { message: 'JSON decode error' });
  const model = String(body.model);
  if (state.refusesUnknownModels && !models.includes(model) && !adapters.has(model)) {
    return refusal(404, { message: `The model \`${model}\` does not exist.`, param: 'model' });
  }
  const message = api === 'chat' ? refusalOfTools(body, state) : undefined;
  if (message !== undefined) return refusal(400, { message });
  const printed = api === 'chat' ? printConversation(body, state) : undefined;
  return printed && 'refusal' in printed ? refusal(400, { message: printed.refusal }) : vllmWriting(body, { api, printed, state });
}

/** What it says to tools that it would have to call by itself, and to a list of no allowed tokens, which it looks at later. */
function refusalOfTools({ tools, tool_choice: choice = 'auto', allowed_token_ids: allowed }: JsonObject, { hasToolParser }: FakeState) {
  if (Array.isArray(tools) && choice !== 'none' && !hasToolParser) {
    return choice === 'auto'
      ? '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set'
      : `tool_choice=${isObject(choice) ? 'named' : JSON.stringify(choice)} requires --tool-call-parser to be set`;
  }
  return Array.isArray(allowed) && allowed.length === 0 ? 'allowed_token_ids is not None and empty!' : undefined;
}

interface VllmTurn {
  readonly api: FakeApi;
  /** of a chat */
  readonly printed: Extract<PrintedConversation, { readonly text: string }> | undefined;
  readonly state: FakeState;
}

function vllmWriting(body: JsonObject, { api, printed, state }: VllmTurn): FakeWriting {
  const { stream_options } = body;
  const wantsUsage = isObject(stream_options) && stream_options.include_usage === true;
  const prompt = printed ? state.tokenizer.encode(printed.text) : promptTokens(body.prompt, state.tokenizer);
  const request = { api, body, prompt, wantsUsage, tokenizer: state.tokenizer };
  return {
    isStreamed: isOn(body, 'stream'),
    streamType: 'text/event-stream; charset=utf-8',
    stream: (reply) => vllmStream(reply, request),
    whole: (reply) => vllmWhole(reply, request),
    frame: sseFrame,
    quietEvent: { choices: [] },
    afterError: sseFrame('[DONE]'),
    errorBody: (status, error) => errorBody(status, error),
    overflow: (promptTokens) => {
      const told = `This model's maximum context length is ${state.contextTokens} tokens. However, your prompt contains ${promptTokens} input tokens, which exceeds this limit even without any output tokens. Please reduce the length of the input prompt. (parameter=input_tokens, value=${promptTokens})`;
      return refusal(400, { message: told, param: 'input_tokens' });
    },
  };
}

/** Ids of a prompt or of messages. */
function tokenize(body: JsonObject | undefined, state: FakeState): FakeBody {
  const { tokenizer, contextTokens } = state;
  const printed = body?.messages === undefined ? { text: String(body?.prompt ?? '') } : printConversation(body, state);
  if ('refusal' in printed) return refusal(400, { message: printed.refusal });
  const tokens = tokenizer.encode(printed.text);
  const strings = isOn(body, 'return_token_strs') ? tokens.map((token) => decodeTokens(tokenizer, [token])) : null;
  return jsonBody({ count: tokens.length, max_model_len: contextTokens, tokens, token_strs: strings });
}

function errorBody(status: number, error: FakeError = { message: toldMessage(status) }): object {
  const { message, type = errorTypes[status] ?? 'InternalServerError', param = null, code = status } = error;
  return { error: { message, type, param, code } };
}

function refusal(status: number, error: FakeError): FakeBody {
  return jsonBody(errorBody(status, error), status);
}

function modelList({ models, contextTokens, adapters }: FakeState): object {
  const card = { object: 'model', created: 1_700_000_000, owned_by: 'vllm', permission: [] };
  const own = models.map((id) => ({ id, ...card, root: id, parent: null, max_model_len: contextTokens }));
  const adapted = [...adapters].map(([id, root]) => ({ id, ...card, root, parent: models[0] ?? null, max_model_len: null }));
  return { object: 'list', data: [...own, ...adapted] };
}

/** What a metrics reader needs, with the generations going on as those that run. */
function metrics({ open, models }: FakeState): string {
  const labels = `{engine="0",model_name="${models[0]}"}`;
  const gauges = { num_requests_running: open, num_requests_waiting: 0, kv_cache_usage_perc: 0.25 };
  const counters = { prefix_cache_queries_total: 40, prefix_cache_hits_total: 10, prompt_tokens_total: 70, generation_tokens_total: 20 };
  const write = (type: string, values: Readonly<Record<string, number>>) =>
    Object.entries(values).map(([name, value]) => `# TYPE vllm:${name} ${type}\nvllm:${name}${labels} ${value}\n`);
  return [...write('gauge', gauges), ...write('counter', counters)].join('');
}
