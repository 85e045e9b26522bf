import { LeastLoaded } from './load/least-loaded.ts';
import { definePolicy, type UpstreamView } from './policy.ts';
import { hashText, mixBits } from './prefix/mix.ts';

/**
 * The requests of a session go to one upstream, by rendezvous hashing: each upstream draws a number for the session, the highest has it. When one leaves,
 * its sessions move and no other; when it is back, they return. Without a session: the fewest requests in flight.
 */
export default definePolicy({
  summary: 'one upstream for each agent or session',
  options: {},
  create: () => {
    const least = new LeastLoaded();
    const hashes = new WeakMap<UpstreamView, number>();
    const hashOf = (upstream: UpstreamView): number => {
      const known = hashes.get(upstream);
      if (known !== undefined) return known;
      const hash = hashText(upstream.id);
      hashes.set(upstream, hash);
      return hash;
    };
    return {
      choose: (candidates, { session }) => {
        if (session === undefined) return least.choose(candidates);
        const home = findHome(candidates, hashText(session), hashOf);
        return home && least.note(home);
      },
    };
  },
});

function findHome<View extends UpstreamView>(
  candidates: readonly View[],
  sessionHash: number,
  hashOf: (upstream: UpstreamView) => number,
): View | undefined {
  let home: View | undefined;
  let highest = -1;
  for (const upstream of candidates) {
    if (!upstream.isHealthy) continue;
    const drawn = mixBits(mixBits(sessionHash ^ 0x9e3779b9) + hashOf(upstream));
    if (drawn < highest || (drawn === highest && home !== undefined && upstream.id > home.id)) continue;
    home = upstream;
    highest = drawn;
  }
  return home;
}
