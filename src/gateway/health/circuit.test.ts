import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { CircuitAttempt, CircuitRules } from './circuit.ts';
import { CircuitGroup } from './circuit-group.ts';
import type { Failure, FailureKind } from './failure.ts';

const rules: CircuitRules = { cooldownMs: 5000, longestCooldownMs: 60_000, allowedFails: 3, failsFor: {}, isSelfHosted: true };
const broken: Failure = { kind: 'server-error', isOfUpstream: true, mayRetry: true, isPassing: true, retryAfterMs: undefined };
const busy: Failure = { ...broken, kind: 'rate-limit', retryAfterMs: 2000 };

/** Targets `a`, `b` and so on, and a clock. */
function makeGroup(count: number, changed: Partial<CircuitRules> = {}) {
  const clock = { nowMs: 0 };
  const group = new CircuitGroup(() => clock.nowMs);
  const ids = [...'abcdefgh'.slice(0, count)];
  for (const id of ids) group.add(id, { ...rules, ...changed });
  const fail = (id: string, times = 1, failure = broken) => {
    for (let time = 0; time < times; time++) group.fail(id, group.begin(id), failure);
  };
  return { clock, group, ids, fail, healthy: () => ids.filter((id) => group.isHealthy(id)).join('') };
}

test('a target rests after more failures than allowed, and gets one trial after its rest', () => {
  const { clock, group, fail, healthy } = makeGroup(2);
  fail('a', 3);
  assert.equal(healthy(), 'ab');
  fail('a');
  assert.equal(healthy(), 'b');
  assert.deepEqual(group.health('a'), { state: 'resting', restsForMs: 5000 });
  clock.nowMs = 4999;
  assert.equal(healthy(), 'b');
  clock.nowMs = 5000;
  assert.equal(healthy(), 'ab');
  assert.deepEqual(group.health('a'), { state: 'trial', restsForMs: 0 });
  const trial = group.begin('a');
  assert.equal(healthy(), 'b');
  group.succeed('a', trial);
  assert.equal(healthy(), 'ab');
  assert.deepEqual(group.health('a'), { state: 'healthy', restsForMs: 0 });
});

test('a rest doubles with each trial that fails, up to the longest, and begins anew after one that passes', () => {
  const { clock, group, fail } = makeGroup(2);
  fail('a', 4);
  const rests: number[] = [];
  for (let round = 0; round < 6; round++) {
    rests.push(group.health('a').restsForMs);
    clock.nowMs += group.health('a').restsForMs;
    fail('a');
  }
  assert.deepEqual(rests, [5000, 10_000, 20_000, 40_000, 60_000, 60_000]);
  clock.nowMs += 60_000;
  group.succeed('a', group.begin('a'));
  fail('a', 4);
  assert.equal(group.health('a').restsForMs, 5000);
});

test('failures of more than a minute ago are forgotten, and an answer makes up for a failure', () => {
  const { clock, group, fail, healthy } = makeGroup(2);
  fail('a', 3);
  clock.nowMs = 60_000;
  fail('a', 3);
  assert.equal(healthy(), 'ab');
  group.succeed('a', group.begin('a'));
  fail('a');
  assert.equal(healthy(), 'ab');
  fail('a');
  assert.equal(healthy(), 'b');
});

test('kinds with a number of their own are counted apart', () => {
  const { fail, healthy } = makeGroup(2, { failsFor: { auth: 0, timeout: 5 } });
  fail('a', 3);
  fail('a', 5, { ...broken, kind: 'timeout' });
  assert.equal(healthy(), 'ab');
  fail('a', 1, { ...broken, kind: 'auth' });
  assert.equal(healthy(), 'b');
});

test('what is not the fault of the upstream never rests it', () => {
  const { fail, healthy } = makeGroup(2);
  fail('a', 50, { ...broken, isOfUpstream: false });
  assert.equal(healthy(), 'ab');
});

test('an engine of our own that is busy never rests, the only one or not', () => {
  for (const count of [1, 2]) {
    const { ids, fail, healthy } = makeGroup(count);
    fail('a', 50, busy);
    assert.equal(healthy(), ids.join(''));
  }
});

test('a cloud that is busy rests for as long as it asks, at once, unless it is the last', () => {
  const { clock, group, fail, healthy } = makeGroup(2, { isSelfHosted: false });
  fail('a', 1, busy);
  assert.equal(group.health('a').restsForMs, 2000);
  fail('b', 50, busy);
  assert.equal(healthy(), 'b');
  clock.nowMs = 2000;
  assert.equal(healthy(), 'ab');
  fail('a', 1, { ...busy, retryAfterMs: 3_600_000 });
  assert.equal(group.health('a').restsForMs, 60_000);
});

test('a burst of requests that fail together rests its target once', () => {
  const { group } = makeGroup(2);
  const burst = Array.from({ length: 2048 }, () => group.begin('a'));
  for (const attempt of burst) group.fail('a', attempt, broken);
  assert.equal(group.health('a').restsForMs, 5000);
});

test('an answer to a request from before the rest does not end it', () => {
  const { group, fail, healthy } = makeGroup(2);
  const early = group.begin('a');
  fail('a', 4);
  group.succeed('a', early);
  assert.equal(healthy(), 'b');
});

test('the last healthy one stays, and rests once another is healthy', () => {
  const { clock, group, fail, healthy } = makeGroup(2);
  fail('a', 4);
  fail('b', 100);
  assert.equal(healthy(), 'b');
  clock.nowMs = 5000;
  fail('b', 100);
  assert.equal(healthy(), 'ab');
  group.succeed('a', group.begin('a'));
  fail('b', 1);
  assert.equal(healthy(), 'a');
});

test('failures of one that had to stay are not held against it for longer than those of others', () => {
  const { clock, group, fail, healthy } = makeGroup(2);
  fail('a', 4);
  fail('b', 1000);
  clock.nowMs = 5000;
  group.succeed('a', group.begin('a'));
  for (let answers = 0; answers < 2; answers++) group.succeed('b', group.begin('b'));
  fail('b');
  assert.equal(healthy(), 'ab');
  fail('b');
  assert.equal(healthy(), 'a');
});

test('a trial that the caller gives up, or that nobody ends, is given to another', () => {
  const { clock, group, fail, healthy } = makeGroup(2);
  fail('a', 4);
  clock.nowMs = 5000;
  group.abandon('a', group.begin('a'));
  assert.equal(healthy(), 'ab');
  group.begin('a');
  clock.nowMs = 64_999;
  assert.equal(healthy(), 'b');
  clock.nowMs = 65_000;
  assert.equal(healthy(), 'ab');
});

test('without a cool-down nothing rests', () => {
  const { fail, healthy } = makeGroup(2, { cooldownMs: 0 });
  fail('a', 100);
  assert.equal(healthy(), 'ab');
});

test('what does not answer its probes is out, but for the last, and its rest is over when it is back', () => {
  const { group, fail, healthy } = makeGroup(2);
  group.noteProbe('a', false);
  assert.equal(healthy(), 'b');
  assert.deepEqual(group.health('a'), { state: 'down', restsForMs: 0 });
  group.noteProbe('b', false);
  assert.equal(healthy(), 'ab');
  assert.deepEqual(group.health('a'), { state: 'kept', restsForMs: 0 });
  assert.equal(group.noteProbe('b', true), true);
  assert.equal(group.noteProbe('b', true), false);
  assert.equal(healthy(), 'b');
  group.noteProbe('a', true);
  fail('a', 4);
  group.noteProbe('a', false);
  group.noteProbe('a', true);
  assert.equal(healthy(), 'ab');
});

test('when the last healthy one is removed, the one with the shortest rest is healthy', () => {
  const { clock, group, fail, healthy } = makeGroup(3);
  fail('a', 4);
  clock.nowMs = 1000;
  fail('b', 4);
  group.remove('c');
  assert.equal(healthy(), 'a');
});

test('a target that is unknown is not healthy, and telling of it is harmless', () => {
  const { group } = makeGroup(1);
  assert.equal(group.isHealthy('z'), false);
  assert.equal(group.health('z').state, 'down');
  group.succeed('z', group.begin('z'));
  assert.equal(group.fail('z', group.begin('z'), broken), false);
  assert.equal(group.noteProbe('z', true), false);
});

type Move = readonly [
  act: 'begin' | 'succeed' | 'fail' | 'abandon' | 'well' | 'unwell' | 'wait' | 'remove',
  target: number,
  kind: FailureKind,
];

test('however attempts, probes and time come, a group is never without a healthy target', () => {
  const acts = fc.constantFrom<Move[0]>('begin', 'begin', 'succeed', 'fail', 'fail', 'fail', 'abandon', 'well', 'unwell', 'wait', 'remove');
  const kinds = fc.constantFrom<FailureKind>('timeout', 'rate-limit', 'server-error', 'auth');
  const moves = fc.array(fc.tuple(acts, fc.nat(2), kinds), { maxLength: 120 });
  fc.assert(
    fc.property(moves, fc.boolean(), (list, isSelfHosted) => {
      const { clock, group, ids } = makeGroup(3, { isSelfHosted, allowedFails: 1 });
      const attempts = new Map<string, CircuitAttempt[]>(ids.map((id) => [id, []]));
      for (const [act, index, kind] of list) {
        play({ group, clock, attempts, id: ids[index] ?? 'a', act, kind });
        const left = [...attempts.keys()];
        assert.ok(
          left.some((id) => group.isHealthy(id)),
          `${act} ${ids[index]}`,
        );
        assert.ok(left.every((id) => group.health(id).restsForMs <= rules.longestCooldownMs));
      }
    }),
    { numRuns: 300 },
  );
});

interface Play {
  readonly group: CircuitGroup;
  readonly clock: { nowMs: number };
  /** under way, by target; a target that is removed is not in it */
  readonly attempts: Map<string, CircuitAttempt[]>;
  readonly id: string;
  readonly act: Move[0];
  readonly kind: FailureKind;
}

function play({ group, clock, attempts, id, act, kind }: Play): void {
  const open = attempts.get(id) ?? [];
  if (act === 'begin') open.push(group.begin(id));
  if (act === 'wait') clock.nowMs += 1700;
  if (act === 'well' || act === 'unwell') group.noteProbe(id, act === 'well');
  if (act === 'remove' && attempts.size > 1) {
    group.remove(id);
    attempts.delete(id);
  }
  const attempt = open.shift() ?? group.begin(id);
  if (act === 'succeed') group.succeed(id, attempt);
  else if (act === 'fail') group.fail(id, attempt, { ...broken, kind });
  else if (act === 'abandon') group.abandon(id, attempt);
  else open.unshift(attempt);
}
