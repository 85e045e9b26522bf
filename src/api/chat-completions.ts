import type { JsonObject } from '../protocol/json.ts';
import type { GenerateRequest } from '../protocol/request.ts';
import { type FieldTable, openBody } from './decode/body.ts';
import { constraintFields, readConstraint } from './decode/constraint.ts';
import { ignoredFields, refusedChatFields, refusedFields } from './decode/declared-fields.ts';
import { type Decoder, flag, integer, optional, required, text, word, wrongValue } from './decode/decoder.ts';
import { given } from './decode/given.ts';
import { readIdentity } from './decode/identity.ts';
import { readMessages } from './decode/messages.ts';
import { readRouting, routingFields } from './decode/routing.ts';
import { mostTokenId, readSampling, samplingFields, stopTexts, stopTokenIds } from './decode/sampling.ts';
import { readStreaming, streamingFields } from './decode/streaming.ts';
import { readTools, toolFields } from './decode/tools.ts';
import { readTemplateVariables, WrittenFields } from './decode/written.ts';
import { openChatEncoder } from './encode/chat.ts';
import { encodeOpenAiError } from './encode/error.ts';
import { type ApiCall, type DecodedGenerate, defineSurface } from './surface.ts';

const path = '/v1/chat/completions';

const fields: FieldTable = {
  known: [
    ...['model', 'messages', 'max_tokens', 'max_completion_tokens', 'logprobs', 'top_logprobs'],
    ...['chat_template', 'chat_template_kwargs', 'reasoning_effort', 'tool_selection'],
    ...[...samplingFields, ...routingFields, ...streamingFields, ...toolFields, ...constraintFields],
  ],
  ignored: ignoredFields,
  refused: { ...refusedFields, ...refusedChatFields },
};

/** OpenAI's chat completions, with vLLM's additions. Source: OpenAI API reference, "Create chat completion"; vLLM 0.11, extra parameters. */
export default defineSurface({
  routes: [{ kind: 'generate', method: 'POST', path, access: 'key', what: 'answer a conversation', decode }],
  encodeError: encodeOpenAiError,
  examples: [
    { path, body: { model: 'm', messages: [{ role: 'user', content: 'Hi' }] } },
    { path, body: { model: 'm', messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }], temperature: null, user: 'ada' } },
    {
      path,
      body: { model: 'm', messages: [{ role: 'user', content: 'Hi' }], stream: true, stream_options: { include_usage: true }, n: 2 },
    },
    { path, body: { model: 'm', messages: [{ role: 'user', content: 'Hi' }], logprobs: true, top_logprobs: 5, stop: ['\n'], seed: 7 } },
    { path, body: { model: 'm', messages: [] }, refusedWith: 'invalid_request' },
    { path, body: { model: 'm', messages: [{ role: 'user' }] }, refusedWith: 'invalid_request' },
    { path, body: { model: 'm', messages: [{ role: 'user', content: 'Hi' }], n: 1e6 }, refusedWith: 'invalid_request' },
    { path, body: { model: 'm', messages: [{ role: 'user', content: 'Hi' }], top_logprobs: 3 }, refusedWith: 'invalid_request' },
    {
      path,
      body: { model: 'm', messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,' } }] }] },
    },
    {
      path,
      body: { model: 'm', messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'file:///etc/passwd' } }] }] },
      refusedWith: 'invalid_request',
    },
    {
      path,
      body: { model: 'm', messages: [{ role: 'user', content: [{ type: 'input_audio', input_audio: {} }] }] },
      refusedWith: 'unsupported_feature',
    },
    { path, body: { model: 'm', messages: [{ role: 'user', content: 'Hi' }], reasoning_effort: 'low', tool_selection: 4 } },
    {
      path,
      body: { model: 'm', messages: [{ role: 'user', content: 'Hi' }], modalities: ['text', 'audio'] },
      refusedWith: 'unsupported_feature',
    },
    { path, body: { model: 'm', messages: [{ role: 'user', content: 'Hi' }], tool_preamble: 'concise', chat_template: '{{ 1 }}' } },
    { path, body: { model: 'm', messages: [{ role: 'user', content: 'Hi' }], tool_preamble: 'short' }, refusedWith: 'invalid_request' },
    {
      path,
      body: { model: 'm', messages: [{ role: 'user', content: 'Hi' }], extra_body: { api_base: 'http://x' } },
      refusedWith: 'forbidden_parameter',
    },
  ],
});

function decode(call: ApiCall): DecodedGenerate {
  const { fields: body, unknownFields } = openBody(call.body, fields);
  const { isStreamed, includesUsage } = readStreaming(body);
  const written = new WrittenFields(call, ['messages', 'tools', 'chat_template_kwargs']);
  const request: GenerateRequest = given({
    id: call.id,
    model: required(body, 'model', text(1, 512)),
    input: readMessages(body, written.part('messages')),
    sampling: readSampling(body),
    maxTokens: optional(body, 'max_completion_tokens', integer(1, mostTokenId)) ?? optional(body, 'max_tokens', integer(1, mostTokenId)),
    stop: optional(body, 'stop', stopTexts) ?? [],
    stopTokenIds: optional(body, 'stop_token_ids', stopTokenIds) ?? [],
    ignoreEos: optional(body, 'ignore_eos', flag) ?? false,
    n: optional(body, 'n', integer(1, 128)) ?? 1,
    topLogprobs: readTopLogprobs(body),
    ...readTools(body, written.text('tools')),
    constraint: readConstraint(body),
    reasoningEffort: optional(body, 'reasoning_effort', reasoningEffort),
    toolSelection: optional(body, 'tool_selection', toolSelection),
    chatTemplate: optional(body, 'chat_template', text()),
    templateVariablesJson: readTemplateVariables(body, written),
    isStreamed,
    unknownFields,
    agent: readIdentity(call.headers, body),
    routing: readRouting(call.headers, body),
  });
  const encoder = openChatEncoder({
    id: `chatcmpl-${call.id}`,
    model: request.model,
    createdSeconds: Math.floor(Date.now() / 1000),
    includesUsage,
    hasLogprobs: request.topLogprobs !== undefined,
  });
  return { request, encoder };
}

const reasoningEffort = word('none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max');

const toolSelection: Decoder<number | 'auto' | 'off'> = (value, at) =>
  typeof value === 'number' ? integer(1, 1024)(value, at) : word('auto', 'off')(value, at);

function readTopLogprobs(body: JsonObject): number | undefined {
  const wanted = optional(body, 'logprobs', flag) ?? false;
  const most = optional(body, 'top_logprobs', integer(0, 20)) ?? 0;
  if (!wanted && most > 0) throw wrongValue('top_logprobs', 'left out unless `logprobs` is true', most);
  return wanted ? most : undefined;
}
