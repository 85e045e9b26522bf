import type { JsonObject } from '../protocol/json.ts';
import { chatDeltas, placeUsage, usageObject, wholeCalls } from './fake-deltas.ts';
import { type FakeState, type FakeWriting, isObject, jsonBody, type StreamParts, sseFrame, toldMessage } from './fake-face.ts';
import type { FakeError, FilledReply } from './fake-reply.ts';

/** Which of OpenAI's two generating APIs is spoken. */
export type FakeApi = 'chat' | 'completions';

/** What of the request shapes its answer. */
export interface AnswerShape {
  readonly api: FakeApi;
  readonly model: string;
  readonly wantsStream: boolean;
  readonly wantsUsage: boolean;
}

const id = 'fake-1';
const createdSeconds = 1_700_000_000;

/** How OpenAI answers this generating request. */
export function openAiWriting(api: FakeApi, body: JsonObject | undefined, { contextTokens }: FakeState): FakeWriting {
  const streamOptions = body?.stream_options;
  const wantsUsage = isObject(streamOptions) && streamOptions.include_usage === true;
  const shape = { api, model: String(body?.model), wantsStream: body?.stream === true, wantsUsage };
  return {
    isStreamed: shape.wantsStream,
    streamType: 'text/event-stream; charset=utf-8',
    stream: (reply) => streamParts(reply, shape),
    whole: (reply) => wholeAnswer(reply, shape),
    frame: sseFrame,
    quietEvent: { choices: [] },
    afterError: sseFrame('[DONE]'),
    errorBody: (status, error) => errorBody(error ?? { message: toldMessage(status), type: 'server_error', code: 'fake_fault' }),
    overflow: (promptTokens) => {
      const message = `This model's maximum context length is ${contextTokens} tokens. However, your messages resulted in ${promptTokens} tokens.`;
      return jsonBody(errorBody({ message, code: 'context_length_exceeded', param: 'messages' }), 400);
    },
  };
}

/** Source: OpenAI API reference, "Chat completion chunk object" and "Completion object". */
export function streamParts(reply: FilledReply, shape: AnswerShape): StreamParts {
  const event = (choices: readonly object[]) => ({ ...envelope(shape, 'chunk'), choices });
  const stopped = { finish_reason: reply.finish, ...(reply.stopReason === undefined ? {} : { stop_reason: reply.stopReason }) };
  const { head, pieces, last, choice } = shape.api === 'chat' ? chatChoices(reply) : textChoices(reply);
  return placeUsage(
    {
      head: head.map((delta) => event([choice(delta, { finish_reason: null })])),
      pieces: pieces.map((delta) => event([choice(delta, { finish_reason: null })])),
      finish: reply.finish === null ? [] : [event([choice(last, stopped)])],
      alone: event,
      emptyChoice: choice(shape.api === 'chat' ? {} : { text: '' }, { finish_reason: null }),
    },
    reply,
    shape.wantsUsage,
  );
}

interface Choices {
  readonly head: readonly object[];
  readonly pieces: readonly object[];
  readonly last: object;
  readonly choice: (delta: object, stopped: object) => object;
}

function chatChoices(reply: FilledReply): Choices {
  const deltas = chatDeltas(reply, { reasoningField: 'reasoning_content', firstArguments: { arguments: '' } });
  return { ...deltas, head: [{ role: 'assistant', content: '' }], choice: (delta, stopped) => ({ index: 0, delta, ...stopped }) };
}

function textChoices({ pieces, fault }: FilledReply): Choices {
  const isLate = fault?.kind === 'late-arguments';
  return {
    head: [],
    pieces: isLate ? [] : pieces.map((text) => ({ text })),
    last: { text: isLate ? pieces.join('') : '' },
    choice: (delta, stopped) => ({ index: 0, ...delta, ...stopped }),
  };
}

/** The body of an answer that is not streamed. */
export function wholeAnswer(reply: FilledReply, shape: AnswerShape): object {
  const text = reply.pieces.join('');
  const stopped = { finish_reason: reply.finish, ...(reply.stopReason === undefined ? {} : { stop_reason: reply.stopReason }) };
  const choice = shape.api === 'chat' ? { message: wholeMessage(reply, text) } : { text };
  return {
    ...envelope(shape, 'answer'),
    choices: [{ index: 0, ...choice, logprobs: null, ...stopped }],
    ...(reply.usage && reply.usagePlace !== 'missing' ? { usage: usageObject(reply.usage) } : {}),
  };
}

function wholeMessage(reply: FilledReply, text: string): object {
  const calls = wholeCalls(reply);
  return {
    role: 'assistant',
    content: calls.length > 0 && text === '' ? null : text,
    ...(reply.reasoning.length > 0 ? { reasoning_content: reply.reasoning.join('') } : {}),
    ...(calls.length > 0 ? { tool_calls: calls } : {}),
  };
}

/** OpenAI's error body. */
export function errorBody(error: FakeError): object {
  return { error: { type: 'invalid_request_error', code: null, param: null, ...error } };
}

/** The list of models, with the context length where vLLM writes it. */
export function modelList(models: readonly string[], contextTokens: number): object {
  const data = models.map((model) => ({
    id: model,
    object: 'model',
    created: createdSeconds,
    owned_by: 'fake',
    max_model_len: contextTokens,
  }));
  return { object: 'list', data };
}

/** Vectors of length 2 in four dimensions that depend on the input alone, as numbers or base64. */
export function embeddingList(model: string, input: unknown, encoding: unknown): object {
  const vectors = embeddingVectors(input);
  const data = vectors.map((vector, index) => ({ object: 'embedding', index, embedding: encodeVector(vector, encoding) }));
  return { object: 'list', data, model, usage: { prompt_tokens: vectors.length * 3, total_tokens: vectors.length * 3 } };
}

/** A vector for each input: of a list of texts or of token lists each has its own, all else is one input. */
export function embeddingVectors(input: unknown): number[][] {
  const isTokens = Array.isArray(input) && typeof input[0] === 'number';
  const inputs: readonly unknown[] = Array.isArray(input) && !isTokens ? input : [input];
  return inputs.map(vectorOf);
}

function vectorOf(input: unknown): number[] {
  const vector = [1, 2, 3, 4].map((axis) => {
    let sum = axis;
    for (const letter of JSON.stringify(input)) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 1009;
    return sum / 1009 + 0.001;
  });
  const length = Math.hypot(...vector);
  return vector.map((value) => (2 * value) / length);
}

function encodeVector(vector: number[], encoding: unknown): number[] | string {
  return encoding === 'base64' ? Buffer.from(Float32Array.from(vector).buffer).toString('base64') : vector;
}

function envelope({ api, model }: AnswerShape, kind: 'chunk' | 'answer'): object {
  const object = api === 'completions' ? 'text_completion' : kind === 'chunk' ? 'chat.completion.chunk' : 'chat.completion';
  return { id, object, created: createdSeconds, model };
}
