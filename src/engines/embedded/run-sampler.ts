import type { Sampling } from '../../protocol/request.ts';
import type { AddonGrammarState, AddonSampler, AddonSamplerConfig } from './addon.ts';

/** Candidates kept when nobody says: llama.cpp sorts what is left, and a full vocabulary of 150,000 costs three times as much a token. */
const defaultTopK = 200;

/** Draws the tokens of one run: engine defaults never apply, penalties follow OpenAI's formula, a grammar can bind from any token on. */
export class RunSampler {
  readonly sampler: AddonSampler;
  readonly #sampling: Sampling;
  readonly #fixed: AddonSamplerConfig;
  /** prompt and answer, kept only for the repetition penalty */
  readonly #history: number[] | undefined;
  readonly #written = new Map<number, number>();
  #grammar: AddonGrammarState | undefined;

  constructor(sampler: AddonSampler, sampling: Sampling, prompt: readonly number[]) {
    this.sampler = sampler;
    this.#sampling = sampling;
    this.#fixed = fixedConfig(sampling);
    this.#history = (sampling.repetitionPenalty ?? 1) === 1 ? undefined : [...prompt];
    this.#apply();
  }

  /** From the next token on, only what the grammar allows is drawn; without one, anything. */
  bind(grammar: AddonGrammarState | undefined): void {
    this.#grammar = grammar;
    this.#apply();
  }

  /** Tells it the token that was drawn. */
  accept(token: number): void {
    this.#history?.push(token);
    if (!this.#countsWritten()) return;
    this.#written.set(token, (this.#written.get(token) ?? 0) + 1);
    this.#apply();
  }

  dispose(): void {
    this.sampler.dispose();
  }

  #countsWritten(): boolean {
    return Boolean(this.#sampling.presencePenalty || this.#sampling.frequencyPenalty);
  }

  #apply(): void {
    const bias = this.#bias();
    this.sampler.applyConfig({
      ...this.#fixed,
      ...(this.#history
        ? {
            repeatPenalty: this.#sampling.repetitionPenalty ?? 1,
            repeatPenaltyMaxTokens: 1 << 20,
            repeatPenaltyTokens: Uint32Array.from(this.#history),
          }
        : {}),
      ...(bias.size > 0 ? { tokenBiasKeys: Uint32Array.from(bias.keys()), tokenBiasValues: Float32Array.from(bias.values()) } : {}),
      ...(this.#grammar ? { grammarEvaluationState: this.#grammar } : {}),
    });
  }

  /** logit - count * frequency - (count > 0) * presence. Source: OpenAI API reference, "frequency and presence penalties". */
  #bias(): ReadonlyMap<number, number> {
    const { logitBias = [], presencePenalty = 0, frequencyPenalty = 0 } = this.#sampling;
    const bias = new Map<number, number>(logitBias);
    for (const [token, count] of this.#written) bias.set(token, (bias.get(token) ?? 0) - count * frequencyPenalty - presencePenalty);
    return bias;
  }
}

function fixedConfig(sampling: Sampling): AddonSamplerConfig {
  const { temperature = 1, topK = defaultTopK, topP = 1, minP = 0, seed = Math.floor(Math.random() * 2 ** 32) } = sampling;
  if (temperature === 0) return { temperature: 0 };
  return { temperature, topK: Math.max(0, topK), topP, minP, seed: foldSeed(seed) };
}

/** A seed of up to 53 bits in the 32 that llama.cpp takes; one of up to 32 bits is itself. */
function foldSeed(seed: number): number {
  const high = Math.floor(seed / 2 ** 32);
  return ((seed % 2 ** 32) ^ Math.imul(high, 0x9e3779b1)) >>> 0;
}
