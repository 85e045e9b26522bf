import { LeastLoaded } from './load/least-loaded.ts';
import { definePolicy } from './policy.ts';

/** The default. Weights decide between equally loaded ones only. */
export default definePolicy({
  summary: 'the upstream with the fewest requests in flight',
  options: {},
  create: () => {
    const least = new LeastLoaded();
    return { choose: (candidates) => least.choose(candidates) };
  },
});
