import { LeastLoaded } from './load/least-loaded.ts';
import { definePolicy, type UpstreamView } from './policy.ts';

/** The lowest price of a token, input and output blended; equal prices go to the fewest requests in flight. Engines without a price cost nothing. */
export default definePolicy({
  summary: 'the upstream whose tokens cost least',
  options: {
    input_share: {
      kind: 'number',
      default: 0.75,
      least: 0,
      most: 1,
      about: 'Share of input tokens among all that are paid for, by which the two prices are blended.',
    },
  },
  create: ({ input_share: inputShare }) => {
    const least = new LeastLoaded();
    const priceOf = ({ cost }: UpstreamView): number => (cost ? cost.input * inputShare + cost.output * (1 - inputShare) : 0);
    return {
      choose: (candidates) => {
        let lowest = Number.POSITIVE_INFINITY;
        for (const upstream of candidates) {
          if (upstream.isHealthy) lowest = Math.min(lowest, priceOf(upstream));
        }
        return least.choose(candidates, (upstream) => priceOf(upstream) === lowest);
      },
    };
  },
});
