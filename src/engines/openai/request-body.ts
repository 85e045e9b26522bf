import type { EnginePrompt, EngineRequest } from '../../protocol/engine.ts';
import { GatewayError } from '../../protocol/error.ts';
import type { JsonObject } from '../../protocol/json.ts';
import type { Message } from '../../protocol/message.ts';
import type { Sampling } from '../../protocol/request.ts';

/** A request in OpenAI's words. */
export interface WireRequest {
  readonly path: '/chat/completions' | '/completions';
  readonly body: JsonObject;
}

/**
 * Writes a request for an OpenAI-compatible upstream. It streams where the caller does, and asks for usage then; absent fields stay absent (null breaks some
 * upstreams). Fields beyond OpenAI's (`top_k`, `min_p`, `repetition_penalty`, `ignore_eos`) go along only where the caller set them.
 * Throws `unsupported_feature` for what has no field there. Source: OpenAI API reference, "Create chat completion" and "Create completion".
 */
export function writeRequest(request: EngineRequest): WireRequest {
  refuseUnsupported(request);
  const isChat = request.prompt.form === 'messages';
  const body: JsonObject = {
    ...request.unknownFields,
    model: request.model,
    ...promptField(request.prompt),
    ...samplingFields(request.sampling),
    ...(request.maxTokens === undefined ? {} : { max_tokens: request.maxTokens }),
    ...(request.stop.length === 0 ? {} : { stop: request.stop }),
    ...(request.ignoreEos ? { ignore_eos: true } : {}),
    ...logprobFields(request.topLogprobs, isChat),
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

function promptField(prompt: EnginePrompt): JsonObject {
  if (prompt.form === 'messages') return { messages: prompt.messages.map(writeMessage) };
  if (prompt.form === 'tokens') return { prompt: prompt.tokens };
  return { prompt: prompt.segments.map(({ text }) => text).join('') };
}

function writeMessage(message: Message): JsonObject {
  const { content, name, toolCalls, toolCallId, reasoning } = message;
  return {
    role: message.role,
    content: Array.isArray(content) ? content.map(({ text }) => ({ type: 'text', text })) : (content as string | null),
    ...(name === undefined ? {} : { name }),
    ...(toolCalls === undefined ? {} : { tool_calls: toolCalls.map(writeCall) }),
    ...(toolCallId === undefined ? {} : { tool_call_id: toolCallId }),
    ...(reasoning === undefined ? {} : { reasoning_content: reasoning }),
  };
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
