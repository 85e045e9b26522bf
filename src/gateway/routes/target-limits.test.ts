import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { LimitCounter } from './target-limits.ts';

type Step =
  | { readonly kind: 'ask' }
  | { readonly kind: 'end'; readonly tokens: number }
  | { readonly kind: 'wait'; readonly forMs: number };

const steps = fc.array(
  fc.oneof<fc.Arbitrary<Step>[]>(
    fc.constant({ kind: 'ask' }),
    fc.record({ kind: fc.constant('end' as const), tokens: fc.integer({ min: 0, max: 40 }) }),
    fc.record({
      kind: fc.constant('wait' as const),
      forMs: fc.oneof(fc.integer({ min: 0, max: 900 }), fc.double({ min: 0, max: 70_000, noNaN: true })),
    }),
  ),
  { maxLength: 120 },
);

const bounds = fc.record(
  {
    requestsPerMinute: fc.integer({ min: 1, max: 9 }),
    tokensPerMinute: fc.integer({ min: 1, max: 200 }),
    parallel: fc.integer({ min: 1, max: 5 }),
  },
  { requiredKeys: [] },
);

/** What counts at a moment: everything since 59 whole seconds before the present one began. */
function sumSince(nowMs: number, entries: readonly (readonly [atMs: number, amount: number])[]): number {
  const sinceMs = (Math.floor(nowMs / 1000) - 59) * 1000;
  return entries.reduce((sum, [atMs, amount]) => sum + (atMs >= sinceMs ? amount : 0), 0);
}

test('a target is given exactly what its limits let it be given, and the time to wait is the true one', () => {
  fc.assert(
    fc.property(bounds, fc.integer({ min: 0, max: 5_000_000 }), steps, (limits, startMs, played) => {
      const counter = new LimitCounter(limits);
      const { requestsPerMinute = Infinity, tokensPerMinute = Infinity, parallel = Infinity } = limits;
      const requests: [number, number][] = [];
      const tokens: [number, number][] = [];
      let inParallel = 0;
      let nowMs = startMs;
      const mayBegin = (atMs: number) =>
        inParallel < parallel && sumSince(atMs, requests) < requestsPerMinute && sumSince(atMs, tokens) < tokensPerMinute;
      for (const step of played) {
        if (step.kind === 'wait') nowMs += step.forMs;
        else if (step.kind === 'end' && inParallel > 0) {
          counter.end(step.tokens, nowMs);
          tokens.push([nowMs, step.tokens]);
          inParallel -= 1;
        } else if (step.kind === 'ask' && counter.hasRoom(nowMs)) {
          counter.begin(nowMs);
          requests.push([nowMs, 1]);
          inParallel += 1;
        }
        assert.equal(counter.hasRoom(nowMs), mayBegin(nowMs));
        const waitMs = counter.waitMs(nowMs);
        if (inParallel >= parallel || waitMs === 0) continue;
        assert.ok(mayBegin(nowMs + waitMs), 'there is room after the wait');
        assert.ok(waitMs <= 1 || !mayBegin(nowMs + waitMs - 1), 'and not before');
      }
    }),
  );
});

test('without limits there is always room', () => {
  const counter = new LimitCounter({});
  for (let count = 0; count < 100; count++) counter.begin(count);
  assert.equal(counter.waitMs(100), 0);
});

test('requests a minute are spent once, and come back a minute later', () => {
  const counter = new LimitCounter({ requestsPerMinute: 2 });
  counter.begin(500);
  counter.begin(30_000);
  assert.deepEqual([counter.hasRoom(59_999), counter.hasRoom(60_000)], [false, true]);
  counter.begin(60_000);
  assert.equal(counter.waitMs(60_000), 30_000);
});
