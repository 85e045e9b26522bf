import { definePolicy, type UpstreamView } from './policy.ts';

/**
 * Shares by weight, interleaved: 5, 1, 1 gives a a b a c a a, never five in a row. A weight of 0 gets nothing while another has a weight; all 0 is all alike.
 * Source: the smooth weighted round robin of nginx (commit 52327e0, "Upstream: smooth weighted round-robin balancing").
 */
export default definePolicy({
  summary: 'shares of requests by the weights of the upstreams',
  options: {},
  create: () => {
    const claims = new WeakMap<UpstreamView, Claim>();
    const claimOf = (upstream: UpstreamView): Claim => {
      const known = claims.get(upstream);
      if (known) return known;
      const claim = { outstanding: 0 };
      claims.set(upstream, claim);
      return claim;
    };
    return { choose: (candidates) => takeTurn(candidates, claimOf) };
  },
});

/** How much more than it got an upstream should have got, in units of weight. Over all of them it sums up to 0. */
interface Claim {
  outstanding: number;
}

function takeTurn<View extends UpstreamView>(candidates: readonly View[], claimOf: (upstream: UpstreamView) => Claim): View | undefined {
  const hasWeights = candidates.some(({ isHealthy, weight }) => isHealthy && weight > 0);
  let next: View | undefined;
  let greatest: Claim | undefined;
  let total = 0;
  for (const upstream of candidates) {
    const weight = hasWeights ? upstream.weight : 1;
    if (!upstream.isHealthy || weight <= 0) continue;
    const claim = claimOf(upstream);
    claim.outstanding += weight;
    total += weight;
    if (greatest && claim.outstanding <= greatest.outstanding) continue;
    greatest = claim;
    next = upstream;
  }
  if (greatest) greatest.outstanding -= total;
  return next;
}
