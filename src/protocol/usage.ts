/** Tokens of one request, as the engine counted them. */
export interface Usage {
  readonly promptTokens: number;
  readonly completionTokens: number;
  /** tokens of the prompt that were not evaluated again */
  readonly cachedTokens: number;
}

/** Adds up the usage of several answers to one request. */
export function addUsage(left: Usage, right: Usage): Usage {
  return {
    promptTokens: left.promptTokens + right.promptTokens,
    completionTokens: left.completionTokens + right.completionTokens,
    cachedTokens: left.cachedTokens + right.cachedTokens,
  };
}

/** No tokens at all. */
export const noUsage: Usage = { promptTokens: 0, completionTokens: 0, cachedTokens: 0 };

/** Tokens of prompt and answer together. */
export function totalTokens({ promptTokens, completionTokens }: Usage): number {
  return promptTokens + completionTokens;
}
