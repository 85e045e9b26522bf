import type { EngineRequest } from '../../protocol/engine.ts';
import { GatewayError } from '../../protocol/error.ts';
import type { JsonObject } from '../../protocol/json.ts';
import type { Sampling } from '../../protocol/request.ts';
import { isTokenTrigger, writeGrammar } from './lazy-grammar.ts';
import type { WirePrompt } from './prompt-body.ts';
import type { Vocabulary } from './vocabulary.ts';

/** What a request's body depends on beside the request. */
export interface BodyContext {
  readonly prompt: WirePrompt;
  readonly vocabulary: Vocabulary;
  /** tokens of prompt and answer together */
  readonly contextTokens: number;
}

/**
 * Writes the body of `POST /completion`. Every sampling value is there, since the server's own defaults can be set by its flags; those that we have no word
 * for are off unless the caller's unknown fields set them. It always streams. Source: llama.cpp, tools/server/README.md, and b11434.
 */
export function writeBody(request: EngineRequest, { prompt, vocabulary, contextTokens }: BodyContext): JsonObject {
  refuseReshaping(request.unknownFields);
  const { maxTokens = contextTokens, stop, ignoreEos, topLogprobs, stopTokenIds } = request;
  const bound = request.grammar === undefined ? {} : writeBinding(request, vocabulary);
  const preserved = [...request.keptSpecialTokens, ...preservedTrigger(request, vocabulary)];
  return {
    ...off,
    repeat_last_n: penaltyWindow(request.sampling, contextTokens),
    cache_prompt: true,
    ...request.unknownFields,
    model: request.model,
    prompt,
    n_predict: maxTokens,
    ...writeSampling(request.sampling),
    ...(stop.length + (bound.stop?.length ?? 0) === 0 ? {} : { stop: [...stop, ...(bound.stop ?? [])] }),
    ...(ignoreEos ? { ignore_eos: true } : {}),
    // 0 would give none, and we want the written token's own
    ...(topLogprobs === undefined ? {} : { n_probs: Math.max(1, topLogprobs) }),
    ...(preserved.length === 0 ? {} : { preserved_tokens: preserved }),
    ...bound.fields,
    // an answer that we end has no last event, which tells the cached tokens
    ...(stopTokenIds.length === 0 ? {} : { timings_per_token: true }),
    stream: true,
    return_tokens: true,
    response_fields: lastFields,
  };
}

/** Samplers that we have no word for. */
const off = {
  typical_p: 1,
  top_n_sigma: -1,
  xtc_probability: 0,
  dry_multiplier: 0,
  dynatemp_range: 0,
  mirostat: 0,
  adaptive_target: -1,
} as const;

/** What is wanted of a stream's last event, which else repeats the prompt and every setting. */
const lastFields = [
  'content',
  'tokens',
  'stop',
  'stop_type',
  'stopping_word',
  'truncated',
  'tokens_predicted',
  'tokens_evaluated',
  'timings',
  'completion_probabilities',
];

/** Fields with which the answer would come in another shape than we read. */
const reshaping = ['n_cmpl', 'post_sampling_probs', 'response_fields'];

function refuseReshaping(fields: JsonObject): void {
  const field = reshaping.find((name) => name in fields);
  if (field === undefined) return;
  throw new GatewayError(
    'unsupported_feature',
    `\`${field}\` would change how llama-server answers, so it is not forwarded. Leave it out.`,
    {
      param: field,
    },
  );
}

/** Kept when nobody says, as in the embedded engine. */
const defaultTopK = 200;
/** What llama.cpp looks back over by default. */
const defaultWindow = 64;

/**
 * The repetition penalty counts prompt and answer. The server cannot leave the prompt out for the two others, so they look back a little way only: a
 * prompt's line ends and turn markers would else be as good as forbidden.
 */
function penaltyWindow({ repetitionPenalty = 1 }: Sampling, contextTokens: number): number {
  return repetitionPenalty === 1 ? defaultWindow : contextTokens;
}

function writeSampling(sampling: Sampling): JsonObject {
  const { temperature = 1, topK = defaultTopK, topP = 1, minP = 0, seed, logitBias } = sampling;
  const { repetitionPenalty = 1, presencePenalty = 0, frequencyPenalty = 0 } = sampling;
  return {
    temperature,
    top_k: Math.max(0, topK),
    top_p: topP,
    min_p: minP,
    repeat_penalty: repetitionPenalty,
    presence_penalty: presencePenalty,
    frequency_penalty: frequencyPenalty,
    // 32 bits there, of which the largest value means a random one
    seed: seed === undefined ? -1 : seed % (2 ** 32 - 1),
    ...(logitBias === undefined ? {} : { logit_bias: logitBias }),
  };
}

interface Binding {
  readonly fields?: JsonObject;
  /** texts that end the first part of an answer */
  readonly stop?: readonly string[];
}

/** A grammar now, from a token on, or after the text at which the answer stops to be gone on with. */
function writeBinding({ grammar }: EngineRequest, vocabulary: Vocabulary): Binding {
  if (grammar === undefined) return {};
  if (grammar.trigger !== undefined && !isTokenTrigger(grammar.trigger, vocabulary)) return { stop: [grammar.trigger] };
  return { fields: writeGrammar(grammar, vocabulary) };
}

function preservedTrigger({ grammar, keptSpecialTokens }: EngineRequest, vocabulary: Vocabulary): readonly string[] {
  const trigger = grammar?.trigger;
  if (trigger === undefined || keptSpecialTokens.includes(trigger) || !isTokenTrigger(trigger, vocabulary)) return [];
  return [trigger];
}
