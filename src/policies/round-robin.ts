import { Rotation } from './load/rotation.ts';
import { definePolicy, type UpstreamView } from './policy.ts';

/** Each healthy upstream in turn; one that comes back, or is new, is next. */
export default definePolicy({
  summary: 'each upstream in turn',
  options: {},
  create: () => {
    const rotation = new Rotation();
    return {
      choose<View extends UpstreamView>(candidates: readonly View[]) {
        let next: View | undefined;
        for (const upstream of candidates) {
          if (!upstream.isHealthy) continue;
          if (next === undefined || rotation.lastTurn(upstream) < rotation.lastTurn(next)) next = upstream;
        }
        return next && rotation.note(next);
      },
    };
  },
});
