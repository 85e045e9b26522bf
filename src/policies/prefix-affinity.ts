import { LeastLoaded } from './load/least-loaded.ts';
import { definePolicy, type PrefixBlocks, type PrefixIndexView, type UpstreamView } from './policy.ts';

/**
 * The upstream that holds most of the conversation in its memory, as far as was sent there lately; of several the least loaded. One that has more than its share
 * of the load is passed over, so that a beginning which all share spreads. Where little is known: the fewest requests in flight.
 * Source of the bound: Mirrokni, Thorup, Zadimoghaddam, "Consistent Hashing with Bounded Loads" (2018).
 */
export default definePolicy({
  summary: 'the upstream that already holds most of the conversation',
  options: {
    load: { kind: 'number', default: 1.25, least: 1, most: 1000, about: 'Most load of an upstream, as a multiple of the average.' },
    free: {
      kind: 'whole',
      default: 4,
      least: 1,
      most: 100_000,
      about: 'Requests in flight that an upstream may always have, up to its slots, whatever the average.',
    },
    match: {
      kind: 'number',
      default: 0.1,
      least: 0,
      most: 1,
      about: 'Least share of the conversation that must be known for it to count.',
    },
  },
  create: ({ load, free, match }, { prefixes }) => {
    const least = new LeastLoaded();
    return {
      choose: (candidates, request) => {
        const blocks = request.prefix();
        if (blocks.length === 0) return least.choose(candidates);
        const bound = load * averageLoad(candidates);
        const mayTake = ({ inFlight, slots }: UpstreamView) => inFlight < Math.max(Math.min(free, slots), Math.ceil(bound));
        const holder = findHolder({ candidates, blocks, prefixes, least, mayTake, match });
        return holder ? least.note(holder) : least.choose(candidates);
      },
      noteSent: (upstream, request) => {
        const blocks = request.prefix();
        if (blocks.length > 0) prefixes.record(upstream.id, blocks);
      },
    };
  },
});

/** Requests in flight for each healthy upstream, the one that is to be placed included. */
function averageLoad(candidates: readonly UpstreamView[]): number {
  let count = 0;
  let inFlight = 1;
  for (const upstream of candidates) {
    if (!upstream.isHealthy) continue;
    count += 1;
    inFlight += upstream.inFlight;
  }
  return count === 0 ? 0 : inFlight / count;
}

interface Search<View extends UpstreamView> {
  readonly candidates: readonly View[];
  readonly blocks: PrefixBlocks;
  readonly prefixes: PrefixIndexView;
  readonly least: LeastLoaded;
  readonly mayTake: (upstream: UpstreamView) => boolean;
  readonly match: number;
}

function findHolder<View extends UpstreamView>({ candidates, blocks, prefixes, least, mayTake, match }: Search<View>): View | undefined {
  let holder: View | undefined;
  let most = Math.max(1, Math.ceil((match * blocks.length) / 2));
  for (const upstream of candidates) {
    if (!upstream.isHealthy || !mayTake(upstream)) continue;
    const known = prefixes.countKnown(upstream.id, blocks, most);
    if (known < most || (known === most && holder && !least.isBefore(upstream, holder))) continue;
    holder = upstream;
    most = known;
  }
  return holder;
}
