import type { PolicyContext, PolicyDefinition, RequestView, UpstreamView } from '../policy.ts';
import { PrefixIndex } from '../prefix/prefix-index.ts';

/** An upstream whose state a test may change. */
export type TestUpstream = { -readonly [Field in keyof UpstreamView]: UpstreamView[Field] };

export function makeUpstream(id: string, facts: Partial<UpstreamView> = {}): TestUpstream {
  return { id, isHealthy: true, weight: 1, inFlight: 0, slots: 1000, cost: undefined, ...facts };
}

/** Upstreams `u0`, `u1` and so on. */
export function makeFleet(count: number, facts: Partial<UpstreamView> = {}): readonly TestUpstream[] {
  return Array.from({ length: count }, (_, index) => makeUpstream(`u${index}`, facts));
}

/** A clock that stands still until it is told, and an empty index. */
export function makeContext(): PolicyContext & { clockMs: number } {
  const context = { clockMs: 1000, nowMs: () => context.clockMs, prefixes: new PrefixIndex(7) };
  return context;
}

export function requestOf(session?: string, blocks: readonly number[] = []): RequestView {
  const hashes = Uint32Array.from(blocks.flatMap((block) => [block, ~block]));
  return { session, prefix: () => hashes };
}

/** Sends requests one after the other, each of which is over `held` requests later, and counts where they went. */
export function countChoices(
  definition: PolicyDefinition,
  fleet: readonly TestUpstream[],
  options: { readonly requests: number; readonly held?: number; readonly requestAt?: (index: number) => RequestView },
): ReadonlyMap<string, number> {
  const { requests, held = 0, requestAt = (index) => requestOf(`session-${index}`, [index]) } = options;
  const policy = definition.open({}, makeContext());
  const counts = new Map(fleet.map(({ id }) => [id, 0]));
  const underWay: TestUpstream[] = [];
  for (let index = 0; index < requests; index++) {
    const request = requestAt(index);
    const chosen = policy.choose(fleet, request);
    if (!chosen) throw new Error('no upstream was chosen');
    policy.noteSent?.(chosen, request);
    counts.set(chosen.id, (counts.get(chosen.id) ?? 0) + 1);
    chosen.inFlight += 1;
    underWay.push(chosen);
    if (underWay.length <= held) continue;
    const done = underWay.shift();
    if (!done) continue;
    done.inFlight -= 1;
    policy.noteOutcome?.(done, { hasFailed: false, tookMs: 100 });
  }
  return counts;
}
