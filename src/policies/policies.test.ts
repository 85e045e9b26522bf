import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import cheapest from './cheapest.ts';
import latency from './latency.ts';
import leastInFlight from './least-in-flight.ts';
import { countChoices, makeContext, makeFleet, makeUpstream, requestOf, type TestUpstream } from './load/fleet.test.support.ts';
import type { PolicyDefinition, UpstreamView } from './policy.ts';
import roundRobin from './round-robin.ts';
import sessionAffinity from './session-affinity.ts';
import weighted from './weighted.ts';

/** The ids that are chosen one after the other. */
function choose(definition: PolicyDefinition, fleet: readonly UpstreamView[], times: number): string {
  const policy = definition.open({}, makeContext());
  return Array.from({ length: times }, () => policy.choose(fleet, requestOf())?.id ?? '-').join(' ');
}

test('round-robin goes on in turn when an upstream leaves and comes back', () => {
  const fleet = makeFleet(3);
  const policy = roundRobin.open({}, makeContext());
  const next = () => policy.choose(fleet, requestOf())?.id;
  assert.deepEqual([next(), next(), next(), next()], ['u0', 'u1', 'u2', 'u0']);
  (fleet[1] as TestUpstream).isHealthy = false;
  assert.deepEqual([next(), next(), next()], ['u2', 'u0', 'u2']);
  (fleet[1] as TestUpstream).isHealthy = true;
  assert.deepEqual([next(), next(), next()], ['u1', 'u0', 'u2']);
});

const weights: readonly { readonly what: string; readonly weights: readonly number[]; readonly chosen: string }[] = [
  { what: 'interleaves shares', weights: [5, 1, 1], chosen: 'u0 u0 u1 u0 u2 u0 u0' },
  { what: 'alternates between equals', weights: [2, 2], chosen: 'u0 u1 u0 u1' },
  { what: 'gives nothing to a weight of 0', weights: [1, 0, 1], chosen: 'u0 u2 u0 u2' },
  { what: 'takes all alike where all are 0', weights: [0, 0, 0], chosen: 'u0 u1 u2 u0' },
];

for (const { what, weights: given, chosen } of weights) {
  test(`weighted ${what}`, () => {
    const fleet = given.map((weight, index) => makeUpstream(`u${index}`, { weight }));
    assert.equal(choose(weighted, fleet, chosen.split(' ').length), chosen);
  });
}

test('weighted uses upstreams of weight 0 where no other is healthy', () => {
  const fleet = [makeUpstream('a', { weight: 3, isHealthy: false }), makeUpstream('b', { weight: 0 })];
  assert.equal(choose(weighted, fleet, 2), 'b b');
});

test('weighted gives each its exact share in every round of so many requests as the weights sum up to', () => {
  const given = fc
    .array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 8 })
    .filter((list) => list.some((weight) => weight > 0));
  fc.assert(
    fc.property(given, fc.integer({ min: 1, max: 3 }), (list, rounds) => {
      const fleet = list.map((weight, index) => makeUpstream(`u${index}`, { weight }));
      const total = list.reduce((sum, weight) => sum + weight, 0);
      const counts = countChoices(weighted, fleet, { requests: total * rounds });
      assert.deepEqual(
        [...counts.values()],
        list.map((weight) => weight * rounds),
      );
    }),
  );
});

const loads: readonly { readonly what: string; readonly fleet: readonly UpstreamView[]; readonly chosen: string }[] = [
  { what: 'takes the fewest in flight', fleet: [makeUpstream('a', { inFlight: 2 }), makeUpstream('b', { inFlight: 1 })], chosen: 'b' },
  {
    what: 'takes a free place before a shorter queue',
    fleet: [makeUpstream('a', { inFlight: 1, slots: 1 }), makeUpstream('b', { inFlight: 9, slots: 10 })],
    chosen: 'b',
  },
  {
    what: 'compares queues by the places they wait for',
    fleet: [makeUpstream('a', { inFlight: 3, slots: 1 }), makeUpstream('b', { inFlight: 20, slots: 10 })],
    chosen: 'b',
  },
  { what: 'breaks ties by weight', fleet: [makeUpstream('a'), makeUpstream('b', { weight: 2 })], chosen: 'b b' },
  { what: 'then by turns', fleet: [makeUpstream('a'), makeUpstream('b')], chosen: 'a b a' },
];

for (const { what, fleet, chosen } of loads) {
  test(`least-in-flight ${what}`, () => assert.equal(choose(leastInFlight, fleet, chosen.split(' ').length), chosen));
}

test('least-in-flight never lets two equal upstreams differ by more than one', () => {
  const fleet = makeFleet(5);
  const policy = leastInFlight.open({}, makeContext());
  for (let sent = 0; sent < 200; sent++) {
    const chosen = policy.choose(fleet, requestOf());
    if (chosen) chosen.inFlight += 1;
    const counts = fleet.map(({ inFlight }) => inFlight);
    assert.ok(Math.max(...counts) - Math.min(...counts) <= 1);
  }
});

test('cheapest takes the lowest blended price, an own engine before a paid one, and equals by load', () => {
  const cloud = makeUpstream('cloud', { cost: { input: 1, output: 1 } });
  const dear = makeUpstream('dear', { cost: { input: 1, output: 2 } });
  const twin = makeUpstream('twin', { cost: { input: 1, output: 1 }, inFlight: 1 });
  const own = makeUpstream('own', { inFlight: 500 });
  assert.equal(choose(cheapest, [dear, twin, cloud], 3), 'cloud cloud cloud');
  assert.equal(choose(cheapest, [dear, cloud, own], 1), 'own');
  assert.equal(choose(cheapest, [dear, { ...cloud, isHealthy: false }], 1), 'dear');
});

test('cheapest blends prices by the share of input tokens', () => {
  const reads = makeUpstream('reads', { cost: { input: 1, output: 10 } });
  const writes = makeUpstream('writes', { cost: { input: 5, output: 5 } });
  const chosenAt = (share: number) => cheapest.open({ input_share: share }, makeContext()).choose([reads, writes], requestOf())?.id;
  assert.equal(chosenAt(0.9), 'reads');
  assert.equal(chosenAt(0.1), 'writes');
});

/** A latency policy that has seen a wait of each of its upstreams. */
function openLatency(waitsMs: readonly number[], options = {}) {
  const context = makeContext();
  const fleet = makeFleet(waitsMs.length);
  const policy = latency.open(options, context);
  const note = (index: number, tookMs: number, hasFailed = false) => {
    policy.noteOutcome?.(fleet[index] as TestUpstream, { hasFailed, tookMs });
  };
  for (const [index, tookMs] of waitsMs.entries()) note(index, tookMs);
  return { context, fleet, note, next: () => policy.choose(fleet, requestOf())?.id };
}

test('latency takes the fastest, times what is in flight', () => {
  const { fleet, next } = openLatency([100, 250]);
  assert.equal(next(), 'u0');
  (fleet[0] as TestUpstream).inFlight = 2;
  assert.equal(next(), 'u1');
});

test('latency follows a slow answer at once, a fast one by and by, and tries who was slow again', () => {
  const { context, note, next } = openLatency([100, 250]);
  note(0, 5000);
  assert.equal(next(), 'u1');
  note(0, 10);
  assert.equal(next(), 'u1');
  for (let second = 0; second < 40; second++) {
    context.clockMs += 1000;
    note(1, 250);
  }
  assert.equal(next(), 'u0');
});

test('latency counts a failure as twice as slow, however fast it failed', () => {
  const { note, next } = openLatency([100, 150]);
  note(0, 1, true);
  assert.equal(next(), 'u1');
});

test('latency asks an upstream that never answered first, and does not flood it', () => {
  const { fleet, next } = openLatency([100]);
  const fresh = makeUpstream('fresh');
  const policy = latency.open({}, makeContext());
  const [known] = fleet;
  assert.ok(known);
  policy.noteOutcome?.(known, { hasFailed: false, tookMs: 100 });
  assert.equal(policy.choose([known, fresh], requestOf())?.id, 'fresh');
  fresh.inFlight = 1;
  assert.equal(policy.choose([known, fresh], requestOf())?.id, 'u0');
  assert.equal(next(), 'u0');
});

test('latency takes turns among those that its buffer makes equal', () => {
  const { next } = openLatency([100, 115, 200], { buffer: 0.2 });
  assert.deepEqual([next(), next(), next(), next()], ['u0', 'u1', 'u0', 'u1']);
});

test('a session keeps its upstream, whatever the order of the candidates', () => {
  fc.assert(
    fc.property(fc.string(), fc.shuffledSubarray([...makeFleet(9)], { minLength: 9 }), (session, shuffled) => {
      const home = sessionAffinity.open({}, makeContext()).choose(makeFleet(9), requestOf(session))?.id;
      assert.equal(sessionAffinity.open({}, makeContext()).choose(shuffled, requestOf(session))?.id, home);
    }),
  );
});

test('when an upstream leaves, its sessions move and no other; when it is back, they return', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.string(), { maxLength: 50 }), fc.nat(8), (sessions, gone) => {
      const fleet = makeFleet(9);
      const policy = sessionAffinity.open({}, makeContext());
      const homes = () => sessions.map((session) => policy.choose(fleet, requestOf(session))?.id);
      const before = homes();
      (fleet[gone] as TestUpstream).isHealthy = false;
      for (const [index, id] of homes().entries()) {
        if (before[index] === `u${gone}`) assert.notEqual(id, `u${gone}`);
        else assert.equal(id, before[index]);
      }
      (fleet[gone] as TestUpstream).isHealthy = true;
      assert.deepEqual(homes(), before);
    }),
  );
});

test('the sessions of an upstream that leaves spread over all that stay', () => {
  const fleet = makeFleet(5);
  const policy = sessionAffinity.open({}, makeContext());
  const sessions = Array.from({ length: 2000 }, (_, index) => `agent-${index}`);
  const homeOf = (session: string) => policy.choose(fleet, requestOf(session))?.id ?? '-';
  const moving = sessions.filter((session) => homeOf(session) === 'u2');
  (fleet[2] as TestUpstream).isHealthy = false;
  const counts = new Map<string, number>();
  for (const session of moving) counts.set(homeOf(session), (counts.get(homeOf(session)) ?? 0) + 1);
  assert.equal(counts.size, 4);
  for (const count of counts.values()) assert.ok(count > moving.length / 8 && count < moving.length / 2, `${count} of ${moving.length}`);
});

test('without a session the least loaded is taken', () => {
  assert.equal(choose(sessionAffinity, [makeUpstream('a', { inFlight: 1 }), makeUpstream('b')], 2), 'b b');
});
