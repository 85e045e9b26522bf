/** Limits of silence for a test with a fault: short where the fault is silence, and out of reach on a busy machine where it is another. */
export function limitsFor({ kind }: { readonly kind: string }): { readonly firstByteTimeoutMs: number; readonly silenceTimeoutMs: number } {
  const limitMs = kind.startsWith('hang') ? 200 : 20_000;
  return { firstByteTimeoutMs: limitMs, silenceTimeoutMs: limitMs };
}
