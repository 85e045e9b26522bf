import type { Usage } from '../../protocol/usage.ts';

/** Counts as the API tells them, each so far; any may be missing or null. */
export interface WireUsage {
  readonly input_tokens?: number | null;
  readonly output_tokens?: number | null;
  readonly cache_read_input_tokens?: number | null;
  readonly cache_creation_input_tokens?: number | null;
}

/** Keeps the last told count of each kind. Tokens that the cache read or wrote are not among `input_tokens`, but were part of the prompt. */
export class UsageCounter {
  #last: Required<WireUsage> = { input_tokens: 0, output_tokens: 0, cache_read_input_tokens: 0, cache_creation_input_tokens: 0 };

  get total(): Usage {
    const { input_tokens, output_tokens, cache_read_input_tokens, cache_creation_input_tokens } = this.#last;
    const cachedTokens = cache_read_input_tokens ?? 0;
    return {
      promptTokens: (input_tokens ?? 0) + cachedTokens + (cache_creation_input_tokens ?? 0),
      completionTokens: output_tokens ?? 0,
      cachedTokens,
    };
  }

  take(usage: WireUsage | null | undefined): void {
    if (!usage) return;
    const last = this.#last;
    this.#last = {
      input_tokens: usage.input_tokens ?? last.input_tokens,
      output_tokens: usage.output_tokens ?? last.output_tokens,
      cache_read_input_tokens: usage.cache_read_input_tokens ?? last.cache_read_input_tokens,
      cache_creation_input_tokens: usage.cache_creation_input_tokens ?? last.cache_creation_input_tokens,
    };
  }
}
