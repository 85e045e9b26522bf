import type { JsonObject } from '../protocol/json.ts';
import { chatDeltas, placeUsage, usageObject, wholeCalls } from './fake-deltas.ts';
import { isOn, type StreamParts } from './fake-face.ts';
import type { FilledReply } from './fake-reply.ts';
import { chanceOf, decodeTokens, endTokens, type FakeTokenizer, tokensOfPiece, tokensOfReply } from './fake-tokenizer.ts';
import type { FakeApi } from './fake-wire.ts';

/** One generating request to vLLM. */
export interface VllmRequest {
  readonly api: FakeApi;
  readonly body: JsonObject;
  /** ids of its prompt */
  readonly prompt: readonly number[];
  readonly wantsUsage: boolean;
  readonly tokenizer: FakeTokenizer;
}

const createdSeconds = 1_700_000_000;
const fingerprint = 'vllm-0.32.0-fake';

/** What one event of a stream says. */
interface Step {
  readonly delta: object;
  /** ids told with it */
  readonly tokens: readonly number[];
}

/**
 * The events of a stream. As the real one: the last piece and the finish reason come in one event (the end token, where the script has one, in an event
 * of its own without text), and `prompt_token_ids` are in the first.
 */
export function vllmStream(reply: FilledReply, request: VllmRequest): StreamParts {
  const { api, wantsUsage } = request;
  const all = stepsOf(reply, request);
  const hasEnd = reply.finish !== null;
  // the real one merges the last piece with the finish reason; the steps before it stay pieces of their own
  const last = hasEnd ? all.at(-1) : undefined;
  const steps = last ? all.slice(0, -1) : all;
  const head = api === 'chat' ? [{ delta: { role: 'assistant', content: '' }, tokens: [] }] : [];
  let offset = 0;
  const event = (step: Step, index: number, finish: string | null) => {
    const isFirst = index === 0;
    const logprobs = logprobsOf(step.tokens, request, offset);
    offset += spelledLength(step.tokens, request);
    return {
      ...envelope(request, 'chunk'),
      ...firstOfChat(isFirst, request),
      choices: [choiceOf(step, { reply, request, finish, isFirst, logprobs })],
    };
  };
  const events = [...head, ...steps].map((step, index) => event(step, index, null));
  return placeUsage(
    {
      head: events.slice(0, head.length),
      pieces: events.slice(head.length),
      finish: last ? [event(last, events.length, reply.finish)] : [],
      alone: (choices) => ({ ...envelope(request, 'chunk'), choices, system_fingerprint: fingerprint }),
      emptyChoice: api === 'chat' ? { index: 0, delta: {}, finish_reason: null } : { index: 0, text: '', finish_reason: null },
    },
    reply,
    wantsUsage,
  );
}

function stepsOf(reply: FilledReply, { api, tokenizer }: VllmRequest): readonly Step[] {
  const isLate = reply.fault?.kind === 'late-arguments';
  const texts = reply.pieces.map((text, index) => ({ text, tokens: tokensOfPiece(reply, tokenizer, index) }));
  const ends = endTokens(reply).map((token) => ({ delta: api === 'chat' ? {} : { text: '' }, tokens: [token] }));
  if (api === 'completions') {
    const held = [{ delta: { text: reply.pieces.join('') }, tokens: tokensOfReply(reply, tokenizer) }];
    if (isLate) return held;
    const steps = texts.map(({ text, tokens }) => ({ delta: { text }, tokens }));
    return steps.length + ends.length > 0 ? [...steps, ...ends] : [{ delta: { text: '' }, tokens: [] }];
  }
  const { pieces, last } = chatDeltas(reply, { reasoningField: 'reasoning', firstArguments: {} });
  const steps = pieces.map((delta, index) => ({ delta, tokens: texts[index - reply.reasoning.length]?.tokens ?? [] }));
  const hasLast = Object.keys(last).length > 0 || steps.length + ends.length === 0;
  return [...steps, ...(hasLast ? [{ delta: last, tokens: [] }] : []), ...ends];
}

interface ChoiceParts {
  readonly reply: FilledReply;
  readonly request: VllmRequest;
  readonly finish: string | null;
  readonly isFirst: boolean;
  readonly logprobs: object | null;
}

function choiceOf({ delta, tokens }: Step, { reply, request, finish, isFirst, logprobs }: ChoiceParts): object {
  const { api, body, prompt } = request;
  const ids = isOn(body, 'return_token_ids');
  const end = { finish_reason: finish, stop_reason: finish === null ? null : (reply.stopReason ?? null) };
  const told = { logprobs, ...end, token_ids: ids ? tokens : null };
  if (api === 'chat') return { index: 0, delta: withNullContent(delta), ...told };
  return { index: 0, ...delta, ...told, prompt_token_ids: ids && isFirst ? prompt : null };
}

/** Deltas of calls have a null content beside them. */
function withNullContent(delta: object): object {
  return 'tool_calls' in delta ? { content: null, ...delta } : delta;
}

function firstOfChat(isFirst: boolean, { api, body, prompt }: VllmRequest): object {
  return api === 'chat' && isFirst ? { prompt_token_ids: isOn(body, 'return_token_ids') ? prompt : null } : {};
}

/** The whole answer, with the nulls vLLM writes. */
export function vllmWhole(reply: FilledReply, request: VllmRequest): object {
  const { api, body, prompt, tokenizer } = request;
  const ids = isOn(body, 'return_token_ids');
  const tokens = tokensOfReply(reply, tokenizer);
  const end = { finish_reason: reply.finish, stop_reason: reply.stopReason ?? null };
  const said = api === 'chat' ? { message: message(reply) } : { text: reply.pieces.join('') };
  const ofPrompt = { prompt_logprobs: null, prompt_token_ids: ids ? prompt : null };
  const told = { logprobs: logprobsOf(tokens, request, 0), ...end, token_ids: ids ? tokens : null, routed_experts: null };
  return {
    ...envelope(request, 'answer'),
    choices: [{ index: 0, ...said, ...told, ...(api === 'chat' ? {} : ofPrompt) }],
    service_tier: null,
    system_fingerprint: fingerprint,
    usage: wholeUsage(reply),
    ...(api === 'chat' ? { ...ofPrompt, prompt_text: null } : {}),
    ...{ kv_transfer_params: null, ec_transfer_params: null, metrics: null },
  };
}

function wholeUsage({ usage, usagePlace }: FilledReply): object | null {
  if (usage === null || usagePlace === 'missing') return null;
  return { prompt_tokens_details: null, ...usageObject(usage), completion_tokens_details: null };
}

function message(reply: FilledReply): object {
  const calls = wholeCalls(reply);
  return {
    role: 'assistant',
    content: reply.pieces.join(''),
    ...{ refusal: null, annotations: null, audio: null, function_call: null },
    ...(calls.length > 0 ? { tool_calls: calls } : {}),
    reasoning: reply.reasoning.length > 0 ? reply.reasoning.join('') : null,
  };
}

function envelope({ api, body }: VllmRequest, kind: 'chunk' | 'answer'): object {
  const object = api === 'completions' ? 'text_completion' : kind === 'chunk' ? 'chat.completion.chunk' : 'chat.completion';
  return { id: api === 'chat' ? 'chatcmpl-fake' : 'cmpl-fake', object, created: createdSeconds, model: String(body.model) };
}

/** Chats have OpenAI's shape; completions the legacy one, whose offsets count from `offset` and whose keys may be `token_id:N`. */
function logprobsOf(tokens: readonly number[], request: VllmRequest, offset: number): object | null {
  const { api, body, tokenizer } = request;
  const spelled = (token: number) => spell(token, request);
  if (api === 'chat') {
    if (!isOn(body, 'logprobs') || tokens.length === 0) return null;
    const count = typeof body.top_logprobs === 'number' ? body.top_logprobs : 0;
    const told = (token: number, logprob: number) => ({ token: spelled(token), logprob, bytes: [...tokenizer.bytesOf(token)] });
    const content = tokens.map((token) => {
      const { logprob, others } = chanceOf(token, count);
      return { ...told(token, logprob), top_logprobs: others.map((other) => told(other.token, other.logprob)) };
    });
    return { content };
  }
  if (typeof body.logprobs !== 'number' || tokens.length === 0) return null;
  const count = body.logprobs;
  const chances = tokens.map((token) => chanceOf(token, count));
  return {
    text_offset: tokens.map((_, index) => offset + spelledLength(tokens.slice(0, index), request)),
    token_logprobs: chances.map(({ logprob }) => logprob),
    tokens: tokens.map(spelled),
    top_logprobs: chances.map(({ others }) => Object.fromEntries(others.map((other) => [spelled(other.token), other.logprob]))),
  };
}

function spell(token: number, { body, tokenizer }: VllmRequest): string {
  return isOn(body, 'return_tokens_as_token_ids') ? `token_id:${token}` : decodeTokens(tokenizer, [token]);
}

/** Characters of the tokens as they are spelled: offsets count the markers where ids are told. */
function spelledLength(tokens: readonly number[], request: VllmRequest): number {
  return tokens.reduce((sum, token) => sum + spell(token, request).length, 0);
}
