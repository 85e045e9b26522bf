import type { TokenCandidate, TokenLogprob } from '../../protocol/event.ts';
import type { AddonContext, AddonSampler } from './addon.ts';
import type { TokenBytes } from './token-bytes.ts';

/**
 * Reads raw log probabilities of one position: the logits are sampled a second time by a neutral sampler, so neither temperature nor
 * penalties nor a grammar show. Costs a sort of the vocabulary. `top` is 0 to 20.
 */
export async function readLogprob(options: {
  readonly context: AddonContext;
  readonly neutral: AddonSampler;
  readonly bytes: TokenBytes;
  readonly logitIndex: number;
  readonly token: number;
  readonly top: number;
}): Promise<TokenLogprob> {
  const { context, neutral, logitIndex, token } = options;
  const filter = [[token], false, false, false, Math.max(1, options.top)] as const;
  const [, , , flat, totalWeight] = await context.sampleToken(logitIndex, neutral, false, false, filter, true);
  const largest = flat[1] ?? 0;
  const logOfTotal = Math.log(totalWeight);
  const candidates = new Map<number, TokenCandidate>();
  for (let at = 0; at + 1 < flat.length; at += 2) {
    const candidate = flat[at] ?? 0;
    candidates.set(candidate, describeToken(options.bytes, candidate, (flat[at + 1] ?? 0) - largest - logOfTotal));
  }
  const chosen = candidates.get(token) ?? describeToken(options.bytes, token, Number.NEGATIVE_INFINITY);
  return { ...chosen, top: [...candidates.values()].slice(0, options.top) };
}

function describeToken(bytes: TokenBytes, token: number, logprob: number): TokenCandidate {
  const raw = bytes.of(token);
  const text = Buffer.from(raw).toString('utf8');
  return text.includes('\ufffd') ? { token, text, logprob, bytes: [...raw] } : { token, text, logprob };
}
