import type { JsonObject } from '../protocol/json.ts';
import { eventOf } from './fake-deltas.ts';
import { type FakeState, isOn, type StreamParts } from './fake-face.ts';
import type { FilledReply } from './fake-reply.ts';
import { chanceOf, decodeTokens, endTokens, type FakeTokenizer, tokensOfPiece, tokensOfReply } from './fake-tokenizer.ts';

/** One request to `/completion`. */
export interface CompletionRequest {
  readonly body: JsonObject;
  readonly state: FakeState;
  /** ids of its prompt */
  readonly prompt: readonly number[];
}

/**
 * The events of `/completion`: one a piece, the end token's with empty content, then one with `stop: true`; no `[DONE]`. Ids are in the events
 * whether asked for or not. With `return_progress` two events come before, whose token 0 is none. Usage is in the last event unless the reply says else.
 */
export function completionStream(reply: FilledReply, request: CompletionRequest): StreamParts {
  const { tokenizer } = request.state;
  const isLate = reply.fault?.kind === 'late-arguments';
  const pieces = isLate ? [] : reply.pieces.map((content, index) => ({ content, tokens: tokensOfPiece(reply, tokenizer, index) }));
  const ends = endTokens(reply).map((token) => ({ content: '', tokens: [token] }));
  let predicted = 0;
  const events = [...pieces, ...ends].map(({ content, tokens }, index) => {
    predicted += tokens.length;
    return eventOf({
      ...{ index: 0, content, tokens, stop: false, id_slot: -1 },
      ...(tellsCounts(reply, index) ? { tokens_predicted: predicted, tokens_evaluated: reply.usage?.promptTokens } : {}),
      ...chances(tokens, request),
    });
  });
  const last = { ...lastEvent(reply, request), content: isLate ? reply.pieces.join('') : '', tokens: [] };
  const progress = isOn(request.body, 'return_progress') ? progressEvents(reply) : [];
  return {
    head: progress.map(eventOf).join(''),
    pieces: events.slice(0, pieces.length),
    finish: reply.finish === null ? '' : [...events.slice(pieces.length), eventOf(last)].join(''),
    usage: '',
    done: '',
  };
}

/** The whole answer of `/completion`: ids only with `return_tokens`. */
export function completionWhole(reply: FilledReply, request: CompletionRequest): object {
  const tokens = tokensOfReply(reply, request.state.tokenizer);
  const last = lastEvent(reply.usagePlace === 'first' ? { ...reply, usagePlace: 'end' } : reply, request);
  return {
    ...last,
    content: reply.pieces.join(''),
    tokens: isOn(request.body, 'return_tokens') ? tokens : [],
    ...chances(tokens, request),
  };
}

const stopTypes: Readonly<Record<string, string>> = { length: 'limit', stop: 'eos' };

function lastEvent(reply: FilledReply, { body, state, prompt }: CompletionRequest): object {
  const isWord = typeof reply.stopReason === 'string';
  const hasUsage = reply.usage !== null && reply.usagePlace !== 'missing' && reply.usagePlace !== 'first';
  const { promptTokens, completionTokens, cachedTokens = 0 } = reply.usage ?? { promptTokens: 0, completionTokens: 0 };
  return {
    index: 0,
    content: '',
    tokens: [],
    id_slot: 0,
    stop: true,
    model: state.models[0],
    ...(hasUsage ? { tokens_predicted: completionTokens, tokens_evaluated: promptTokens } : {}),
    generation_settings: { n_predict: body.n_predict ?? -1, temperature: body.temperature ?? 0.8, stop: body.stop ?? [] },
    prompt: typeof body.prompt === 'string' ? body.prompt : decodeTokens(state.tokenizer, prompt),
    has_new_line: reply.pieces.some((text) => text.includes('\n')),
    truncated: reply.isTruncated,
    stop_type: isWord ? 'word' : (stopTypes[reply.finish ?? ''] ?? 'none'),
    stopping_word: isWord ? reply.stopReason : '',
    ...(hasUsage ? { tokens_cached: promptTokens + completionTokens - 1 } : {}),
    ...(hasUsage ? { timings: timings(promptTokens, completionTokens, cachedTokens) } : {}),
  };
}

/** As the real one, unless the reply says else, every event tells the counts so far. */
function tellsCounts({ usage, usagePlace }: FilledReply, index: number): boolean {
  if (usage === null || usagePlace === 'missing' || usagePlace === 'finish') return false;
  return usagePlace !== 'first' || index === 0;
}

function timings(promptTokens: number, completionTokens: number, cachedTokens: number): object {
  const prompt = { prompt_n: promptTokens - cachedTokens, prompt_ms: 10, prompt_per_token_ms: 1, prompt_per_second: 1000 };
  const predicted = { predicted_n: completionTokens, predicted_ms: 20, predicted_per_token_ms: 2, predicted_per_second: 500 };
  return { cache_n: cachedTokens, ...prompt, ...predicted };
}

function progressEvents({ usage }: FilledReply): readonly object[] {
  const { promptTokens: total, cachedTokens: cache = 0 } = usage ?? { promptTokens: 0 };
  return [cache, total].map((processed) => ({
    ...{ index: 0, content: '', tokens: [0], stop: false, id_slot: -1, tokens_predicted: 0, tokens_evaluated: total },
    prompt_progress: { total, cache, processed, time_ms: 0 },
  }));
}

/** `n_probs` adds the chance of each token. */
function chances(tokens: readonly number[], { body, state: { tokenizer } }: CompletionRequest): object {
  const count = body.n_probs;
  if (typeof count !== 'number' || count <= 0 || tokens.length === 0) return {};
  const probabilities = tokens.map((token) => {
    const { logprob, others } = chanceOf(token, count);
    const top = others.map((other) => spell(tokenizer, other.token, other.logprob));
    return { ...spell(tokenizer, token, logprob), top_logprobs: top };
  });
  return { completion_probabilities: probabilities };
}

function spell(tokenizer: FakeTokenizer, id: number, logprob: number): object {
  return { id, token: decodeTokens(tokenizer, [id]), bytes: [...tokenizer.bytesOf(id)], logprob };
}
