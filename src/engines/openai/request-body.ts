import type { Constraint } from '../../protocol/constraint.ts';
import type { EnginePrompt, EngineRequest, NativeWishes } from '../../protocol/engine.ts';
import { GatewayError } from '../../protocol/error.ts';
import type { JsonObject, JsonValue } from '../../protocol/json.ts';
import type { ContentPart, Message, Tool, ToolChoice } from '../../protocol/message.ts';
import type { Sampling } from '../../protocol/request.ts';
import { listMessages } from './write-body.ts';

/** A request in OpenAI's words. */
export interface WireRequest {
  readonly path: '/chat/completions' | '/completions';
  readonly body: JsonObject;
}

/**
 * Writes a request for an OpenAI-compatible upstream. It streams where the caller does, and asks for usage then; absent fields stay absent (null breaks some
 * upstreams). Fields beyond OpenAI's (`top_k`, `min_p`, `repetition_penalty`, `ignore_eos`) go along only where the caller set them.
 * OpenAI itself takes `max_completion_tokens` only for models that reason, and `max_tokens` is what all others know (`isOpenAi`).
 * Throws `unsupported_feature` for what has no field there. Source: OpenAI API reference, "Create chat completion" and "Create completion".
 */
export function writeRequest(request: EngineRequest, { isOpenAi = false } = {}): WireRequest {
  refuseUnsupported(request);
  const isChat = request.prompt.form === 'messages';
  const body: JsonObject = {
    ...request.unknownFields,
    model: request.model,
    ...promptField(request.prompt),
    ...samplingFields(request.sampling),
    ...(request.maxTokens === undefined ? {} : { [isOpenAi && isChat ? 'max_completion_tokens' : 'max_tokens']: request.maxTokens }),
    ...(request.stop.length === 0 ? {} : { stop: request.stop }),
    ...(request.ignoreEos ? { ignore_eos: true } : {}),
    ...logprobFields(request.topLogprobs, isChat),
    ...templateFields(request.prompt),
    ...nativeFields(request.native),
    stream: request.isStreamed,
    ...(request.isStreamed ? { stream_options: { include_usage: true } } : {}),
  };
  return { path: isChat ? '/chat/completions' : '/completions', body };
}

function refuseUnsupported({ grammar, stopTokenIds }: EngineRequest): void {
  const field = grammar !== undefined ? 'grammar' : stopTokenIds.length > 0 ? 'stop_token_ids' : undefined;
  if (field === undefined) return;
  throw new GatewayError('unsupported_feature', `An OpenAI-compatible upstream takes no ${field}. Leave it out, or use another engine.`);
}

/** vLLM's word, which others that render templates have taken over. */
function templateFields(prompt: EnginePrompt): JsonObject {
  if (prompt.form !== 'messages' || prompt.variablesJson === undefined) return {};
  return { chat_template_kwargs: JSON.parse(prompt.variablesJson) as JsonObject };
}

function nativeFields({ tools, toolChoice, parallelToolCalls, reasoningEffort, constraint }: NativeWishes = {}): JsonObject {
  return {
    ...(tools === undefined ? {} : { tools: writeTools(tools) }),
    // `auto` is what every server does without a word
    ...(toolChoice === undefined || toolChoice === 'auto' ? {} : { tool_choice: writeChoice(toolChoice) }),
    ...(parallelToolCalls === false ? { parallel_tool_calls: false } : {}),
    ...(reasoningEffort === undefined ? {} : { reasoning_effort: reasoningEffort }),
    ...(constraint === undefined ? {} : { response_format: writeFormat(constraint) }),
  };
}

const written = new WeakMap<readonly Tool[], readonly JsonObject[]>();

/** A list of tools of OpenAI's chat API: the same one for the same list, so that its text can be kept. */
export function writeTools(tools: readonly Tool[]): readonly JsonObject[] {
  let list = written.get(tools);
  if (!list) written.set(tools, (list = tools.map(writeTool)));
  return list;
}

/** A tool of OpenAI's chat API; `parameters` and the rest only where they were given. */
export function writeTool({ name, description, parameters, strict }: Tool): JsonObject {
  return {
    type: 'function',
    function: {
      name,
      ...(description === undefined ? {} : { description }),
      ...(parameters === undefined ? {} : { parameters }),
      ...(strict === undefined ? {} : { strict }),
    },
  };
}

/** A `tool_choice` of OpenAI's chat API. */
export function writeChoice(choice: ToolChoice): JsonValue {
  return typeof choice === 'object' ? { type: 'function', function: { name: choice.name } } : choice;
}

function writeFormat(constraint: Constraint): JsonObject {
  if (constraint.kind === 'json-object') return { type: 'json_object' };
  if (constraint.kind !== 'json-schema') throw new GatewayError('internal_error', `No field of OpenAI's holds a ${constraint.kind}.`);
  return { type: 'json_schema', json_schema: { name: 'answer', schema: constraint.schema, strict: constraint.strict } };
}

function promptField(prompt: EnginePrompt): JsonObject {
  if (prompt.form === 'messages') return { messages: listMessages(prompt, writeMessage) };
  if (prompt.form === 'tokens') return { prompt: prompt.tokens };
  return { prompt: prompt.segments.map(({ text }) => text).join('') };
}

/** A message of OpenAI's chat API. */
export function writeMessage(message: Message): JsonObject {
  const { content, name, toolCalls, toolCallId, reasoning } = message;
  return {
    role: message.role,
    content: typeof content === 'string' || content === null ? content : content.map(writePart),
    ...(name === undefined ? {} : { name }),
    ...(toolCalls === undefined ? {} : { tool_calls: toolCalls.map(writeCall) }),
    ...(toolCallId === undefined ? {} : { tool_call_id: toolCallId }),
    ...(reasoning === undefined ? {} : { reasoning_content: reasoning }),
  };
}

function writePart(part: ContentPart): JsonObject {
  if (part.type === 'text') return { type: 'text', text: part.text };
  const { url, detail } = part;
  return { type: 'image_url', image_url: detail === undefined ? { url } : { url, detail } };
}

function writeCall({ id, name, argumentsJson }: NonNullable<Message['toolCalls']>[number]): JsonObject {
  return { id, type: 'function', function: { name, arguments: argumentsJson } };
}

const samplingNames = {
  temperature: 'temperature',
  topP: 'top_p',
  topK: 'top_k',
  minP: 'min_p',
  repetitionPenalty: 'repetition_penalty',
  presencePenalty: 'presence_penalty',
  frequencyPenalty: 'frequency_penalty',
  seed: 'seed',
} as const satisfies Partial<Record<keyof Sampling, string>>;

const samplingPairs = Object.entries(samplingNames) as [keyof typeof samplingNames, string][];

function samplingFields(sampling: Sampling): JsonObject {
  const fields: Record<string, JsonObject | number> = {};
  for (const [ours, theirs] of samplingPairs) {
    const value = sampling[ours];
    if (value !== undefined) fields[theirs] = value;
  }
  if (sampling.logitBias) fields.logit_bias = Object.fromEntries(sampling.logitBias);
  return fields;
}

function logprobFields(topLogprobs: number | undefined, isChat: boolean): JsonObject {
  if (topLogprobs === undefined) return {};
  return isChat ? { logprobs: true, top_logprobs: topLogprobs } : { logprobs: topLogprobs };
}
