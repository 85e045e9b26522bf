/**
 * A secret with the place it was taken from. Only `reveal` gives the value: JSON, logs and inspection show the reference.
 * `reference` is `env:NAME` or `file:path`; of a value that stands in a LiteLLM file itself it is `literal`.
 */
export interface Secret {
  readonly reference: string;
  readonly reveal: () => string;
}

/** Keeps a value out of sight. */
export function createSecret(reference: string, value: string): Secret {
  return Object.freeze({ reference, reveal: () => value });
}

/** True for what `createSecret` made. */
export function isSecret(value: unknown): value is Secret {
  return typeof value === 'object' && value !== null && 'reveal' in value && typeof value.reveal === 'function';
}
