/** What Ollama's versions learned after its API was made. */
export interface VersionTraits {
  /** refuses prompts that are too long when told to; older ones cut them and say nothing */
  readonly refusesLongPrompts: boolean;
  readonly hasLogprobs: boolean;
  /** the most that a model can be told to think */
  readonly mostThinking: 'max' | 'high';
}

/**
 * Reads the version that `/api/version` tells. One that is not of the form `0.12.11` is a build of somebody's own and taken for new.
 * Source: ollama/ollama pull requests 12519 and 12582 (`truncate`, `shift`: 0.12.6), release notes of 0.12.11 (`logprobs`), `api/types.go` of 0.17.4 and
 * 0.30.0 (`max`).
 */
export function readVersion(version: unknown): VersionTraits {
  const parts = /^v?(\d+)\.(\d+)\.(\d+)/.exec(String(version))?.slice(1).map(Number) ?? [];
  const isOwnBuild = parts.every((part) => part === 0);
  const isFrom = (wanted: readonly number[]) => isOwnBuild || compare(parts, wanted) >= 0;
  return {
    refusesLongPrompts: isFrom([0, 12, 6]),
    hasLogprobs: isFrom([0, 12, 11]),
    mostThinking: isFrom([0, 30, 0]) ? 'max' : 'high',
  };
}

function compare(left: readonly number[], right: readonly number[]): number {
  const differences = right.map((part, index) => (left[index] ?? 0) - part);
  return differences.find((difference) => difference !== 0) ?? 0;
}
