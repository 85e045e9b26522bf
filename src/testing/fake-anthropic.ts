import type { JsonObject } from '../protocol/json.ts';
import { findFault } from './fake-anthropic-check.ts';
import { anthropicFrame, anthropicStream, anthropicWhole } from './fake-anthropic-wire.ts';
import { bearerOf, type FakeBody, type FakeFace, type FakeState, type FakeWriting, isOn, jsonBody, toldMessage } from './fake-face.ts';
import type { FakeError } from './fake-reply.ts';

/**
 * Anthropic's Messages API as of @anthropic-ai/sdk 0.137.0 (2026-10-20), API version 2023-06-01. Any model name is answered; bodies that the API would refuse are
 * refused. Its models can do all that is told of models, but think with a budget.
 */
export const anthropicFace: FakeFace = {
  answer({ method, path, body, headers }, state) {
    if (headers['anthropic-version'] === undefined) return refusal(400, { message: 'anthropic-version: header is required' });
    if (method === 'GET') return answerModels(path, state);
    if (path === '/v1/messages/count_tokens') return jsonBody({ input_tokens: state.tokenizer.encode(JSON.stringify(body ?? {})).length });
    if (path !== '/v1/messages') return undefined;
    const message = findFault(body);
    return message === undefined ? anthropicWriting(body, state) : refusal(400, { message });
  },
  noRoute: () => refusal(404, { message: 'Not found' }),
  isGuarded: () => true,
  wrongKey: jsonBody({ type: 'error', error: { type: 'authentication_error', message: 'invalid x-api-key' } }, 401),
  // its clients since 2026-10-21 send a bearer token
  keyOf: (headers) => headers['x-api-key'] ?? bearerOf(headers),
};

function anthropicWriting(body: JsonObject | undefined, { contextTokens }: FakeState): FakeWriting {
  return {
    isStreamed: isOn(body, 'stream'),
    streamType: 'text/event-stream; charset=utf-8',
    stream: (reply) => anthropicStream(reply, body),
    whole: (reply) => anthropicWhole(reply, body),
    frame: anthropicFrame,
    quietEvent: { type: 'ping' },
    afterError: '',
    errorBody,
    overflow: (promptTokens) => refusal(400, { message: `prompt is too long: ${promptTokens} tokens > ${contextTokens} maximum` }),
  };
}

/** Source: platform.claude.com, "Errors", 2026. */
const errorTypes: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  402: 'billing_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  504: 'timeout_error',
  529: 'overloaded_error',
};

function errorBody(
  status: number,
  { message, type = errorTypes[status] ?? 'api_error' }: FakeError = { message: toldMessage(status) },
): object {
  return { type: 'error', error: { type, message }, request_id: 'req_fake' };
}

function refusal(status: number, error: FakeError): FakeBody {
  return jsonBody(errorBody(status, error), status);
}

function answerModels(path: string, { models, contextTokens, refusesUnknownModels }: FakeState): FakeBody | undefined {
  if (path === '/v1/models') {
    const data = models.map((id) => describeModel(id, contextTokens));
    return jsonBody({ data, has_more: false, first_id: models[0] ?? null, last_id: models.at(-1) ?? null });
  }
  const name = decodeURIComponent(/^\/v1\/models\/([^/]+)$/.exec(path)?.[1] ?? '');
  if (name === '') return undefined;
  if (refusesUnknownModels && !models.includes(name)) return refusal(404, { message: `model: ${name}` });
  return jsonBody(describeModel(name, contextTokens));
}

function describeModel(id: string, contextTokens: number): object {
  const yes = { supported: true };
  const no = { supported: false };
  const capabilities = {
    ...{ batch: yes, citations: yes, code_execution: yes, image_input: yes, pdf_input: yes, structured_outputs: yes },
    effort: { ...yes, low: yes, medium: yes, high: yes, xhigh: yes, max: yes },
    thinking: { ...yes, types: { adaptive: yes, between_tools: yes, disabled: yes, enabled: no } },
  };
  return {
    ...{ id, type: 'model', display_name: id, created_at: '2026-01-01T00:00:00Z', lifecycle: 'active', line: null },
    ...{ max_input_tokens: contextTokens, max_tokens: 64_000, capabilities, deprecated_at: null, retires_at: null },
  };
}
