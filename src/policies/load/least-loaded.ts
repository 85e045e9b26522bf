import type { UpstreamView } from '../policy.ts';
import { Rotation } from './rotation.ts';

/**
 * Prefers the upstream that can begin soonest: a free place before none; among free ones the fewest requests in flight, among full ones
 * the fewest for each of their places; then the greater weight; then the one whose last turn is longest ago.
 */
export class LeastLoaded {
  readonly #rotation = new Rotation();

  /** The best of the healthy ones that `isAllowed` lets through, by default all; undefined where there is none. */
  choose<View extends UpstreamView>(candidates: readonly View[], isAllowed?: (upstream: View) => boolean): View | undefined {
    let best: View | undefined;
    for (const upstream of candidates) {
      if (!upstream.isHealthy || isAllowed?.(upstream) === false) continue;
      if (best === undefined || this.isBefore(upstream, best)) best = upstream;
    }
    return best && this.#rotation.note(best);
  }

  /** Whether the first one is to be preferred. */
  isBefore(upstream: UpstreamView, other: UpstreamView): boolean {
    const byLoad = compareLoads(upstream, other);
    if (byLoad !== 0) return byLoad < 0;
    if (upstream.weight !== other.weight) return upstream.weight > other.weight;
    return this.#rotation.lastTurn(upstream) < this.#rotation.lastTurn(other);
  }

  /** It was chosen by another rule; this counts as its turn. */
  note<View extends UpstreamView>(upstream: View): View {
    return this.#rotation.note(upstream);
  }
}

function compareLoads(upstream: UpstreamView, other: UpstreamView): number {
  const isFull = upstream.inFlight >= upstream.slots;
  const isOtherFull = other.inFlight >= other.slots;
  if (isFull !== isOtherFull) return isFull ? 1 : -1;
  if (isFull) return upstream.inFlight / upstream.slots - other.inFlight / other.slots;
  return upstream.inFlight - other.inFlight;
}
