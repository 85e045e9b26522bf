import type { EngineRequest } from '../../protocol/engine.ts';
import { GatewayError } from '../../protocol/error.ts';
import { toLiteralJson } from '../../templates/conversation.ts';
import type { LiteralJson, LiteralJsonObject } from '../../text/literal-json.ts';
import { literalObject } from './literal-object.ts';
import type { OwnFields } from './own-fields.ts';

/** What options are made of. */
export interface OptionSource {
  readonly contextTokens: number;
  /** undefined: the Modelfile's own */
  readonly stops: readonly string[] | undefined;
  readonly own: OwnFields['options'];
}

/** Candidates kept when nobody says, as in the embedded engine. */
const defaultTopK = 200;

/** A seed that means "any". Source: Ollama 0.34.0, api/types.go, DefaultOptions. */
const anySeed = -1;

/** Seeds of llama.cpp have 32 bits; the last of them means "any" too. */
const seeds = 2 ** 32 - 1;

/**
 * How the answer is drawn, said in full: an option that is missing would be Ollama's or the Modelfile's own. Options that the caller named in Ollama's words win.
 * Penalties count the whole context: presence and frequency the prompt's tokens too, which OpenAI's do not.
 */
export function writeOptions({ sampling, maxTokens }: EngineRequest, { contextTokens, stops, own }: OptionSource): LiteralJsonObject {
  const { temperature = 1, topP = 1, topK = defaultTopK, minP = 0, seed } = sampling;
  const { repetitionPenalty = 1, presencePenalty = 0, frequencyPenalty = 0 } = sampling;
  const plain = {
    num_ctx: contextTokens,
    // where an old version shifts the context, the answer ends all the same
    num_predict: maxTokens ?? contextTokens,
    temperature,
    top_p: topP,
    top_k: Math.max(0, topK),
    min_p: minP,
    typical_p: 1,
    repeat_penalty: repetitionPenalty,
    repeat_last_n: contextTokens,
    presence_penalty: presencePenalty,
    frequency_penalty: frequencyPenalty,
    seed: seed === undefined ? anySeed : seed % seeds,
    ...(stops === undefined ? {} : { stop: stops }),
    ...own,
  };
  const members = Object.entries(plain).map(([name, value]) => [name, toLiteralJson(value)] as const);
  return literalObject(Object.fromEntries(members) as Record<string, LiteralJson>);
}

/** Refuses what Ollama has no word for. */
export function refuseUnsupported({ grammar, stopTokenIds, ignoreEos, sampling, prompt }: EngineRequest): void {
  const field =
    grammar !== undefined
      ? 'grammar'
      : stopTokenIds.length > 0
        ? 'stop_token_ids'
        : ignoreEos
          ? 'ignore_eos'
          : (sampling.logitBias?.length ?? 0) > 0
            ? 'logit_bias'
            : prompt.form === 'tokens'
              ? 'prompt'
              : undefined;
  if (field === undefined) return;
  const what = field === 'prompt' ? 'no token ids as a prompt' : `no \`${field}\``;
  throw new GatewayError('unsupported_feature', `Ollama takes ${what}. Leave it out, or use another engine.`, { param: field });
}
