import type { JsonObject, JsonValue } from '../protocol/json.ts';
import { isOn, type StreamParts } from './fake-face.ts';
import type { FilledReply } from './fake-reply.ts';
import { chanceOf, decodeTokens, type FakeTokenizer, tokensOfPiece } from './fake-tokenizer.ts';

/** Which of Ollama's two generating APIs is spoken. */
export type OllamaApi = 'chat' | 'generate';

/** One generating request to Ollama. */
export interface OllamaRequest {
  readonly api: OllamaApi;
  readonly body: JsonObject;
  readonly tokenizer: FakeTokenizer;
}

/** The time every answer tells. */
export const createdAt = '2026-11-21T15:32:32.153429143Z';

interface Said {
  readonly text?: string;
  readonly thinking?: string;
  readonly calls?: readonly object[];
}

/** The lines of a stream: one a piece, each call whole in a line of its own, then the line with `done: true` and the counts. */
export function ollamaStream(reply: FilledReply, request: OllamaRequest): StreamParts {
  const { usagePlace, pieces } = reply;
  const isLate = reply.fault?.kind === 'late-arguments';
  const calls = toolCalls(reply);
  const held: Said = calls.length > 0 ? { calls } : { text: pieces.join('') };
  const lines: readonly object[] = [
    ...reply.reasoning.map((thinking) => said(request, { thinking })),
    ...(isLate && calls.length === 0
      ? []
      : pieces.map((text, index) => ({ ...said(request, { text }), ...chances(reply, request, [index]) }))),
    ...(isLate ? [] : calls.map((call) => said(request, { calls: [call] }))),
  ];
  const carries = (index: number) => usagePlace === 'every' || (usagePlace === 'first' && index === 0);
  const last = { ...said(request, isLate ? held : {}), ...endOf(reply), ...(usagePlace === 'first' ? {} : countsOf(reply)) };
  return {
    head: '',
    pieces: lines.map((line, index) => lineOf({ ...line, done: false, ...(carries(index) ? countsOf(reply) : {}) })),
    finish: reply.finish === null ? '' : lineOf(last),
    usage: '',
    done: '',
  };
}

/** The answer with `stream: false`. */
export function ollamaWhole(reply: FilledReply, request: OllamaRequest): object {
  const calls = toolCalls(reply);
  const thinking = reply.reasoning.join('');
  const all = { text: reply.pieces.join(''), ...(thinking === '' ? {} : { thinking }), ...(calls.length > 0 ? { calls } : {}) };
  const indexes = reply.pieces.map((_, index) => index);
  return { ...said(request, all), ...endOf(reply), ...countsOf(reply), ...chances(reply, request, indexes) };
}

/** A line that says nothing: the last one of a request that only loads or unloads a model, or one in the middle of a stream. */
export function loadLine(api: OllamaApi, model: string, reason?: 'load' | 'unload'): object {
  const end = reason === undefined ? { done: false } : { done: true, done_reason: reason };
  return { model, created_at: createdAt, ...spell(api, {}), ...end };
}

function lineOf(line: object): string {
  return `${JSON.stringify(line)}\n`;
}

function said({ api, body }: OllamaRequest, what: Said): object {
  return { model: String(body.model), created_at: createdAt, ...spell(api, what) };
}

function spell(api: OllamaApi, { text = '', thinking, calls }: Said): object {
  const more = thinking === undefined ? {} : { thinking };
  if (api === 'generate') return { response: text, ...more };
  return { message: { role: 'assistant', content: text, ...more, ...(calls === undefined ? {} : { tool_calls: calls }) } };
}

function toolCalls({ toolCalls: calls }: FilledReply): readonly object[] {
  return calls.map(({ id, name, argumentPieces }, index) => ({
    id,
    function: { index, name, arguments: parseArguments(argumentPieces.join('')) },
  }));
}

/** Ollama tells arguments as an object; what is no JSON stays text. */
function parseArguments(text: string): JsonValue {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function endOf({ finish }: FilledReply): object {
  return { done: true, ...(finish === null ? {} : { done_reason: finish === 'tool_calls' ? 'stop' : finish }) };
}

function countsOf({ usage, usagePlace }: FilledReply): object {
  const times = { total_duration: 65389306, load_duration: 978429 };
  if (usage === null || usagePlace === 'missing') return times;
  return {
    ...times,
    prompt_eval_count: usage.promptTokens,
    prompt_eval_cached_count: usage.cachedTokens ?? 0,
    prompt_eval_duration: 30982000,
    eval_count: usage.completionTokens,
    eval_duration: 30769000,
  };
}

/** `logprobs: true` adds the chance of each token, without ids. */
function chances(reply: FilledReply, { body, tokenizer }: OllamaRequest, indexes: readonly number[]): object {
  if (!isOn(body, 'logprobs')) return {};
  const count = typeof body.top_logprobs === 'number' ? body.top_logprobs : 0;
  const spellToken = (token: number, logprob: number) => ({
    token: decodeTokens(tokenizer, [token]),
    logprob,
    bytes: [...tokenizer.bytesOf(token)],
  });
  const tokens = indexes.flatMap((index) => tokensOfPiece(reply, tokenizer, index));
  const logprobs = tokens.map((token) => {
    const { logprob, others } = chanceOf(token, count);
    const top = others.map((other) => spellToken(other.token, other.logprob));
    return { ...spellToken(token, logprob), ...(count > 0 ? { top_logprobs: top } : {}) };
  });
  return { logprobs };
}
