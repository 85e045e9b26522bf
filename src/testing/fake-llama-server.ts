import type { JsonObject } from '../protocol/json.ts';
import {
  type FakeBody,
  type FakeFace,
  type FakeState,
  type FakeWriting,
  isOn,
  jsonBody,
  promptTokens,
  renderMessages,
  sseFrame,
  tokenList,
  toldMessage,
} from './fake-face.ts';
import { completionStream, completionWhole } from './fake-llama-wire.ts';
import { openAiFace } from './fake-openai.ts';
import type { FakeError, FakeRequest } from './fake-reply.ts';
import { decodeTokens } from './fake-tokenizer.ts';

const errorTypes: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  501: 'not_supported_error',
  503: 'unavailable_error',
};

/** llama-server's own API. Source: llama.cpp b11434, asked on 2026-11-21 (docs/engines-notes.md) and `tools/server/server-common.cpp`. */
export const llamaServerFace: FakeFace = {
  answer(request, state) {
    const { method, path, body } = request;
    const route = `${method} ${path}`;
    if (state.isLoading) return refusal(503, 'Loading model');
    if (route === 'GET /health' || route === 'GET /v1/health') return jsonBody({ status: 'ok' });
    if (route === 'GET /props') return jsonBody(props(state));
    if (route === 'GET /slots') return jsonBody(slotList(state));
    if (route === 'GET /v1/models' || route === 'GET /models') return jsonBody(modelList(state));
    if (method !== 'POST') return undefined;
    if (path !== '/completion' && path !== '/completions') return answerTool(request, state);
    return body ? completionWriting(body, state) : refusal(400, parseMessage);
  },
  noRoute: () => refusal(404, 'File Not Found'),
  isGuarded: (path) => !['/health', '/v1/health', '/models', '/v1/models'].includes(path),
  wrongKey: refusal(401, 'Invalid API Key'),
};

const parseMessage =
  '[json.exception.parse_error.101] parse error at line 1, column 1: syntax error while parsing value - invalid literal; expected a JSON value';

function answerTool(request: FakeRequest, state: FakeState): FakeBody | FakeWriting | undefined {
  const { path, body } = request;
  if (path === '/tokenize') return jsonBody({ tokens: tokenizeContent(body, state) });
  if (path === '/detokenize') return jsonBody({ content: decodeTokens(state.tokenizer, tokenList(body?.tokens)) });
  if (path === '/apply-template') return jsonBody({ prompt: renderMessages(body?.messages) });
  return path.startsWith('/v1/') ? openAiFace.answer(request, state) : undefined;
}

function tokenizeContent(body: JsonObject | undefined, { tokenizer }: FakeState): readonly unknown[] {
  const tokens = promptTokens(body?.content, tokenizer);
  if (!isOn(body, 'with_pieces')) return tokens;
  return tokens.map((id) => ({ id, piece: decodeTokens(tokenizer, [id]) }));
}

function completionWriting(body: JsonObject, state: FakeState): FakeWriting {
  const request = { body, state, prompt: promptTokens(body.prompt, state.tokenizer) };
  return {
    isStreamed: isOn(body, 'stream'),
    streamType: 'text/event-stream',
    stream: (reply) => completionStream(reply, request),
    whole: (reply) => completionWhole(reply, request),
    frame: sseFrame,
    quietEvent: { index: 0, content: '', tokens: [], stop: false, id_slot: -1 },
    afterError: '',
    errorBody: (status, error) => errorBody(status, error),
    overflow: (promptTokens) => jsonBody(exceedBody(promptTokens, state.contextTokens), 400),
  };
}

/** What llama-server answers to a prompt that is longer than a slot's context. */
export function exceedBody(promptTokens: number, contextTokens: number): object {
  const message = `request (${promptTokens} tokens) exceeds the available context size (${contextTokens} tokens), try increasing it`;
  return { error: { code: 400, message, type: 'exceed_context_size_error', n_prompt_tokens: promptTokens, n_ctx: contextTokens } };
}

function errorBody(status: number, error: FakeError = { message: toldMessage(status) }): object {
  return { error: { code: status, message: error.message, type: error.type ?? errorTypes[status] ?? 'server_error' } };
}

function refusal(status: number, message: string): FakeBody {
  return jsonBody(errorBody(status, { message }), status);
}

function props({ contextTokens, slots, models, chatTemplate, version = 'b11434-b11434' }: FakeState): object {
  const params = { seed: 4294967295, temperature: 0.8, top_k: 40, top_p: 0.95, min_p: 0.05, repeat_penalty: 1, n_predict: -1 };
  return {
    default_generation_settings: { params, n_ctx: contextTokens },
    total_slots: slots,
    model_alias: models[0],
    model_ftype: 'Q4_1',
    model_path: `/models/${models[0]}.gguf`,
    modalities: { vision: false, video: false, audio: false },
    media_marker: '<__media_fake__>',
    endpoint_slots: true,
    endpoint_props: false,
    endpoint_metrics: false,
    ui: true,
    ui_settings: {},
    chat_template: chatTemplate,
    chat_template_caps: {
      supports_object_arguments: false,
      supports_parallel_tool_calls: false,
      supports_string_content: true,
      supports_system_role: true,
      supports_tool_calls: chatTemplate.includes('tool_calls'),
      supports_tools: chatTemplate.includes('tools'),
    },
    bos_token: '<|im_start|>',
    eos_token: '<|im_end|>',
    build_info: version,
    is_sleeping: false,
  };
}

function slotList({ slots, open, contextTokens }: FakeState): readonly object[] {
  return Array.from({ length: slots }, (_, id) => ({ id, n_ctx: contextTokens, speculative: false, is_processing: id < open }));
}

function modelList({ models, contextTokens }: FakeState): object {
  const meta = { vocab_type: 2, n_vocab: 256, n_ctx: contextTokens, n_ctx_train: contextTokens, n_embd: 4, n_params: 1000, size: 4000 };
  const names = models.map((name) => ({ name, model: name, type: 'model', capabilities: ['completion'], details: { format: 'gguf' } }));
  const data = models.map((id) => ({ id, aliases: [id], tags: [], object: 'model', created: 1_700_000_000, owned_by: 'llamacpp', meta }));
  return { models: names, object: 'list', data };
}
