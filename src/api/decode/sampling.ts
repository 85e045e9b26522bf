import type { JsonObject } from '../../protocol/json.ts';
import type { Sampling } from '../../protocol/request.ts';
import { type Decoder, integer, list, number, object, optional, text, wrongValue } from './decoder.ts';
import { given } from './given.ts';

/** Fields of a body that `readSampling` and `readLimits` decode: OpenAI's and vLLM's. */
export const samplingFields: readonly string[] = [
  'temperature',
  'top_p',
  'top_k',
  'min_p',
  'repetition_penalty',
  'presence_penalty',
  'frequency_penalty',
  'logit_bias',
  'seed',
  'n',
  'stop',
  'stop_token_ids',
  'ignore_eos',
];

/** Largest token id that any tokenizer has. */
export const mostTokenId = 2 ** 31 - 1;

const mostStops = 16;
const mostStopChars = 1024;
const mostBiases = 1024;

/** How tokens are drawn. Ranges are those of `Sampling`. */
export function readSampling(body: JsonObject): Sampling {
  return given({
    temperature: optional(body, 'temperature', number(0, 2)),
    topP: optional(body, 'top_p', number(0, 1, true)),
    topK: optional(body, 'top_k', integer(-1, mostTokenId)),
    minP: optional(body, 'min_p', number(0, 1)),
    repetitionPenalty: optional(body, 'repetition_penalty', number(0, 2, true)),
    presencePenalty: optional(body, 'presence_penalty', number(-2, 2)),
    frequencyPenalty: optional(body, 'frequency_penalty', number(-2, 2)),
    logitBias: optional(body, 'logit_bias', logitBias),
    seed: optional(body, 'seed', integer(0)),
  });
}

/** Texts that end the answer: one, or up to 16 of 1 to 1024 characters each. */
export const stopTexts: Decoder<readonly string[]> = (value, path) => {
  const stop = text(1, mostStopChars);
  return typeof value === 'string' ? [stop(value, path)] : list(stop, 0, mostStops)(value, path);
};

/** Token ids, as many as fit a body. */
export const tokenIds: Decoder<readonly number[]> = list(integer(0, mostTokenId), 1);

/** Token ids that end the answer, at most 64. */
export const stopTokenIds: Decoder<readonly number[]> = list(integer(0, mostTokenId), 0, 64);

const logitBias: Decoder<NonNullable<Sampling['logitBias']>> = (value, path) => {
  const entries = Object.entries(object(value, path));
  if (entries.length > mostBiases) throw wrongValue(path, `an object of at most ${mostBiases} token ids`, value);
  const addend = number(-100, 100);
  return entries.map(([key, each]) => {
    if (!/^\d{1,10}$/.test(key) || Number(key) > mostTokenId) throw wrongValue(path, 'an object whose keys are token ids', key);
    return [Number(key), addend(each, `${path}.${key}`)] as const;
  });
};
