import { Rotation } from './load/rotation.ts';
import { type AttemptOutcome, definePolicy, type UpstreamView } from './policy.ts';

/** No attempt counts as slower. */
const longestMs = 600_000;

/**
 * The lowest expected wait for a first event: peak EWMA of the past ones, times the requests that would then be in flight. A slow answer counts at once and is
 * forgotten over the window, so that who was slow is tried again. A failure counts as twice as slow as before. Source: Finagle's load balancer (PeakEwma).
 */
export default definePolicy({
  summary: 'the upstream with the shortest wait for a first event',
  options: {
    window: { kind: 'time', default: 10_000, least: 1, most: 86_400_000, about: 'Time over which a past wait is forgotten.' },
    buffer: {
      kind: 'number',
      default: 0,
      least: 0,
      most: 100,
      about: 'Waits that are longer by this share of the shortest count as equal.',
    },
  },
  create: ({ window: windowMs, buffer }, { nowMs }) => {
    const rotation = new Rotation();
    const waits = new WeakMap<UpstreamView, PeakAverage>();
    return {
      choose<View extends UpstreamView>(candidates: readonly View[]) {
        const expect = expectWaits(candidates, (upstream) => waits.get(upstream)?.read(nowMs()));
        let shortest = Number.POSITIVE_INFINITY;
        for (const upstream of candidates) if (upstream.isHealthy) shortest = Math.min(shortest, expect(upstream));
        let next: View | undefined;
        for (const upstream of candidates) {
          if (!upstream.isHealthy || expect(upstream) > shortest * (1 + buffer)) continue;
          if (next === undefined || rotation.lastTurn(upstream) < rotation.lastTurn(next)) next = upstream;
        }
        return next && rotation.note(next);
      },
      noteOutcome: (upstream, outcome) => {
        const average = waits.get(upstream) ?? new PeakAverage(windowMs);
        waits.set(upstream, average);
        average.note(outcome, nowMs());
      },
    };
  },
});

/** An upstream that has never answered is asked first; while that answer is out, it is taken to be as fast as the fastest. */
function expectWaits(
  candidates: readonly UpstreamView[],
  readMs: (upstream: UpstreamView) => number | undefined,
): (upstream: UpstreamView) => number {
  let fastestMs = Number.POSITIVE_INFINITY;
  for (const upstream of candidates) if (upstream.isHealthy) fastestMs = Math.min(fastestMs, readMs(upstream) ?? fastestMs);
  const assumedMs = Number.isFinite(fastestMs) ? fastestMs : 1;
  return (upstream) => {
    const knownMs = readMs(upstream);
    if (knownMs === undefined && upstream.inFlight === 0) return 0;
    return (knownMs ?? assumedMs) * (upstream.inFlight + 1);
  };
}

/** An average over time that follows a rise at once. */
class PeakAverage {
  readonly #windowMs: number;
  #averageMs = 0;
  #atMs = 0;

  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  /** What is left of it by now. */
  read(nowMs: number): number {
    return this.#averageMs * this.#keptShare(nowMs);
  }

  note({ hasFailed, tookMs }: AttemptOutcome, nowMs: number): void {
    const waitMs = Math.min(longestMs, hasFailed ? Math.max(tookMs, 2 * this.#averageMs) : tookMs);
    const kept = this.#keptShare(nowMs);
    this.#averageMs = waitMs > this.#averageMs ? waitMs : this.#averageMs * kept + waitMs * (1 - kept);
    this.#atMs = nowMs;
  }

  #keptShare(nowMs: number): number {
    return Math.exp(-Math.max(0, nowMs - this.#atMs) / this.#windowMs);
  }
}
