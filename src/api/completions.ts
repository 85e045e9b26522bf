import type { JsonValue } from '../protocol/json.ts';
import type { GenerateRequest, Prompt } from '../protocol/request.ts';
import { type FieldTable, openBody } from './decode/body.ts';
import { constraintFields, readConstraint } from './decode/constraint.ts';
import { ignoredFields, refusedCompletionFields, refusedFields } from './decode/declared-fields.ts';
import { flag, integer, optional, required, text, unsupported } from './decode/decoder.ts';
import { given } from './decode/given.ts';
import { readIdentity } from './decode/identity.ts';
import { promptList } from './decode/prompts.ts';
import { readRouting, routingFields } from './decode/routing.ts';
import { mostTokenId, readSampling, samplingFields, stopTexts, stopTokenIds } from './decode/sampling.ts';
import { readStreaming, streamingFields } from './decode/streaming.ts';
import { openCompletionEncoder } from './encode/completion.ts';
import { encodeOpenAiError } from './encode/error.ts';
import { type ApiCall, type DecodedGenerate, defineSurface } from './surface.ts';

const path = '/v1/completions';

/** Most prompts of one request, as OpenAI's embeddings allow texts; each becomes `n` choices. */
const mostPrompts = 128;

/** Tokens written where the caller names no limit. Source: OpenAI API reference and vLLM, both 16. */
const defaultMaxTokens = 16;

const fields: FieldTable = {
  known: [
    'model',
    'prompt',
    'echo',
    'max_tokens',
    'logprobs',
    ...samplingFields,
    ...routingFields,
    ...streamingFields,
    ...constraintFields,
  ],
  ignored: ignoredFields,
  refused: { ...refusedFields, ...refusedCompletionFields },
};

/** OpenAI's legacy completions: prompts taken as they are, as text or token ids. Source: OpenAI API reference, "Create completion". */
export default defineSurface({
  routes: [{ kind: 'generate', method: 'POST', path, access: 'key', what: 'continue one or more prompts', decode }],
  encodeError: encodeOpenAiError,
  examples: [
    { path, body: { model: 'm', prompt: 'Once' } },
    { path, body: { model: 'm', prompt: ['Once', 'Twice'], echo: true, best_of: 1, suffix: null } },
    { path, body: { model: 'm', prompt: [1, 2, 3], logprobs: 2 } },
    { path, body: { model: 'm', prompt: [[1, 2], [3]], max_tokens: 4, stream: true } },
    { path, body: { model: 'm' }, refusedWith: 'invalid_request' },
    { path, body: { model: 'm', prompt: [] }, refusedWith: 'invalid_request' },
    { path, body: { model: 'm', prompt: [1, 'two'] }, refusedWith: 'invalid_request' },
    { path, body: { model: 'm', prompt: 'Once', max_tokens: 0 }, refusedWith: 'invalid_request' },
    { path, body: { model: 'm', prompt: 'Once', suffix: 'end' }, refusedWith: 'unsupported_feature' },
    { path, body: { model: 'm', prompt: 'Once', best_of: 4 }, refusedWith: 'unsupported_feature' },
    { path, body: { model: 'm', prompt: [1, 2], echo: true }, refusedWith: 'unsupported_feature' },
    { path, body: { model: 'm', prompt: 'Once', echo: true, logprobs: 1 }, refusedWith: 'unsupported_feature' },
    { path, body: { model: 'm', prompt: 'Once', api_key: 'k' }, refusedWith: 'forbidden_parameter' },
  ],
});

function decode(call: ApiCall): DecodedGenerate {
  const { fields: body, unknownFields } = openBody(call.body, fields);
  const { isStreamed, includesUsage } = readStreaming(body);
  const prompts = required(body, 'prompt', promptList(mostPrompts));
  const echo = optional(body, 'echo', flag) ?? false;
  const request: GenerateRequest = given({
    id: call.id,
    model: required(body, 'model', text(1, 512)),
    input: { type: 'prompts' as const, prompts, echo },
    sampling: readSampling(body),
    maxTokens: optional(body, 'max_tokens', integer(1, mostTokenId)) ?? defaultMaxTokens,
    stop: optional(body, 'stop', stopTexts) ?? [],
    stopTokenIds: optional(body, 'stop_token_ids', stopTokenIds) ?? [],
    ignoreEos: optional(body, 'ignore_eos', flag) ?? false,
    n: optional(body, 'n', integer(1, 128)) ?? 1,
    topLogprobs: optional(body, 'logprobs', topLogprobs),
    constraint: readConstraint(body),
    isStreamed,
    unknownFields,
    agent: readIdentity(call.headers, body),
    routing: readRouting(call.headers, body),
  });
  const hasLogprobs = request.topLogprobs !== undefined;
  if (echo) checkEcho(prompts, hasLogprobs);
  const encoder = openCompletionEncoder({
    id: `cmpl-${call.id}`,
    model: request.model,
    createdSeconds: Math.floor(Date.now() / 1000),
    includesUsage,
    hasLogprobs,
    echoOf: echo ? (choice) => echoOf(prompts[Math.floor(choice / request.n)]) : () => '',
  });
  return { request, encoder };
}

/** `false` is what some clients send for none. */
function topLogprobs(value: JsonValue, at: string): number | undefined {
  return value === false ? undefined : integer(0, 20)(value, at);
}

function checkEcho(prompts: readonly Prompt[], hasLogprobs: boolean): void {
  if (hasLogprobs)
    throw unsupported('echo', 'together with `logprobs` is not supported: only tokens of the answer have log probabilities.');
  if (prompts.some((each) => typeof each !== 'string'))
    throw unsupported('echo', 'needs prompts as text. Use `/detokenize` for token ids.');
}

function echoOf(prompt: Prompt | undefined): string {
  return typeof prompt === 'string' ? prompt : '';
}
