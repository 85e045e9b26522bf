import type { FakeError, FakeUsage, FilledReply } from './fake-reply.ts';

/** Which of OpenAI's two generating APIs is spoken. */
export type FakeApi = 'chat' | 'completions';

/** What of the request shapes its answer. */
export interface AnswerShape {
  readonly api: FakeApi;
  readonly model: string;
  readonly wantsStream: boolean;
  readonly wantsUsage: boolean;
}

/** The parts of a streamed answer, each ready to be written. */
export interface StreamParts {
  /** the role chunk; '' on completions */
  readonly head: string;
  readonly pieces: readonly string[];
  readonly finish: string;
  readonly usage: string;
  readonly done: string;
}

const id = 'fake-1';
const createdSeconds = 1_700_000_000;

/** Source: OpenAI API reference, "Chat completion chunk object" and "Completion object". */
export function streamParts(reply: FilledReply, shape: AnswerShape): StreamParts {
  const event = (choices: readonly object[], more: object = {}) => fakeEvent({ ...envelope(shape, 'chunk'), choices, ...more });
  const chat = shape.api === 'chat';
  const stopped = { finish_reason: reply.finish, ...(reply.stopReason === undefined ? {} : { stop_reason: reply.stopReason }) };
  const piece = (text: string) =>
    chat ? { index: 0, delta: { content: text }, finish_reason: null } : { index: 0, text, finish_reason: null };
  return {
    head: chat ? event([{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }]) : '',
    pieces: reply.pieces.map((text) => event([piece(text)])),
    finish: reply.finish === null ? '' : event([chat ? { index: 0, delta: {}, ...stopped } : { index: 0, text: '', ...stopped }]),
    usage: shape.wantsUsage && reply.usage ? event([], { usage: usageObject(reply.usage) }) : '',
    done: 'data: [DONE]\n\n',
  };
}

/** A server-sent event of a JSON value. */
export function fakeEvent(value: object): string {
  return `data: ${JSON.stringify(value)}\n\n`;
}

/** The body of an answer that is not streamed. */
export function wholeAnswer(reply: FilledReply, shape: AnswerShape): object {
  const text = reply.pieces.join('');
  const stopped = { finish_reason: reply.finish, ...(reply.stopReason === undefined ? {} : { stop_reason: reply.stopReason }) };
  const choice = shape.api === 'chat' ? { message: { role: 'assistant', content: text } } : { text };
  return {
    ...envelope(shape, 'answer'),
    choices: [{ index: 0, ...choice, logprobs: null, ...stopped }],
    ...(reply.usage ? { usage: usageObject(reply.usage) } : {}),
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
  const isTokens = Array.isArray(input) && typeof input[0] === 'number';
  const inputs: readonly unknown[] = Array.isArray(input) && !isTokens ? input : [input];
  const data = inputs.map((one, index) => ({ object: 'embedding', index, embedding: encodeVector(vectorOf(one), encoding) }));
  return { object: 'list', data, model, usage: { prompt_tokens: inputs.length * 3, total_tokens: inputs.length * 3 } };
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

function usageObject({ promptTokens, completionTokens, cachedTokens }: FakeUsage): object {
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
    ...(cachedTokens === undefined ? {} : { prompt_tokens_details: { cached_tokens: cachedTokens } }),
  };
}
