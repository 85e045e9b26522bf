import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { GatewayError } from '../protocol/error.ts';
import { countChoices, makeContext, makeFleet, requestOf } from './load/fleet.test.support.ts';
import type { PolicyDefinition, UpstreamView } from './policy.ts';

/** Read from the folder: what holds for a policy holds for the one that is added next. */
const names = readdirSync(dirname(fileURLToPath(import.meta.url)))
  .filter((name) => name.endsWith('.js') && !name.endsWith('.test.js') && name !== 'index.js' && name !== 'policy.js')
  .map((name) => name.slice(0, -'.js'.length));

const all: readonly (readonly [string, PolicyDefinition])[] = await Promise.all(
  names.map(async (name) => [name, ((await import(`./${name}.js`)) as { readonly default: PolicyDefinition }).default] as const),
);

const upstreamFacts = fc.record({
  isHealthy: fc.boolean(),
  weight: fc.nat(5),
  inFlight: fc.nat(12),
  slots: fc.integer({ min: 1, max: 8 }),
  cost: fc.option(fc.record({ input: fc.nat(3), output: fc.nat(3) }), { nil: undefined }),
});

const requests = fc.tuple(fc.option(fc.string(), { nil: undefined }), fc.array(fc.nat(6), { maxLength: 5 }));

test('the policies that DESIGN 7 names are there', () => {
  const expected = ['cheapest', 'latency', 'least-in-flight', 'prefix-affinity', 'round-robin', 'session-affinity', 'weighted'];
  for (const name of expected) assert.ok(names.includes(name), name);
});

for (const [name, definition] of all) {
  test(`${name}: an unhealthy upstream is never chosen, and one that is healthy always`, () => {
    const rounds = fc.array(fc.tuple(fc.array(upstreamFacts, { minLength: 4, maxLength: 4 }), requests), { maxLength: 20 });
    fc.assert(fc.property(rounds, (steps) => checkChoices(definition, steps)));
  });

  test(`${name}: no candidate, no choice`, () => {
    assert.equal(definition.open({}, makeContext()).choose([], requestOf('s')), undefined);
  });

  test(`${name}: equal upstreams get equal shares, with nothing in flight and with much`, () => {
    for (const held of [0, 40]) {
      const counts = countChoices(definition, makeFleet(8), { requests: 4000, held });
      for (const [id, count] of counts) assert.ok(count >= 400 && count <= 600, `${id} of 8 got ${count} of 4000, ${held} held`);
    }
  });

  test(`${name}: an upstream that comes back is used again`, () => {
    const fleet = makeFleet(3);
    const [first] = fleet;
    assert.ok(first);
    const policy = definition.open({}, makeContext());
    const send = () => Array.from({ length: 60 }, (_, index) => policy.choose(fleet, requestOf(`s${index}`))?.id);
    first.isHealthy = false;
    assert.ok(!send().includes(first.id));
    first.isHealthy = true;
    assert.ok(send().includes(first.id));
  });

  test(`${name}: its cost is bounded by the number of upstreams`, () => {
    const blocks = Array.from({ length: 1000 }, (_, index) => index);
    const few = countReads(definition, 16, blocks);
    const many = countReads(definition, 64, blocks);
    assert.ok(many <= few * 4 + 64, `${few} reads for 16 upstreams, ${many} for 64`);
    assert.ok(many <= 64 * 40, `${many} reads for 64 upstreams`);
  });

  test(`${name}: an option that it has not is refused`, () => {
    const isRefusal = (error: unknown) => error instanceof GatewayError && error.code === 'configuration_invalid';
    assert.throws(() => definition.open({ surely_not: 1 }, makeContext()), isRefusal);
  });

  test(`${name}: its defaults are in their ranges`, () => {
    for (const option of Object.values(definition.options)) {
      assert.ok(option.default >= option.least && option.default <= option.most);
      assert.ok(option.about.endsWith('.'));
    }
  });
}

type Step = readonly [facts: readonly Partial<UpstreamView>[], request: readonly [session: string | undefined, blocks: readonly number[]]];

/** One policy, the same four upstreams in ever new states. */
function checkChoices(definition: PolicyDefinition, steps: readonly Step[]): void {
  const fleet = makeFleet(4);
  const policy = definition.open({}, makeContext());
  for (const [states, [session, blocks]] of steps) {
    for (const [index, state] of states.entries()) Object.assign(fleet[index] ?? {}, state);
    const request = requestOf(session, blocks);
    const chosen = policy.choose(fleet, request);
    assert.equal(
      chosen?.isHealthy ?? false,
      fleet.some(({ isHealthy }) => isHealthy),
    );
    if (!chosen) continue;
    assert.ok(fleet.some((upstream) => upstream === chosen));
    policy.noteSent?.(chosen, request);
    policy.noteOutcome?.(chosen, { hasFailed: blocks.length > 3, tookMs: blocks.length });
  }
}

/** How often a warm policy looks at its upstreams and its index for one choice. */
function countReads(definition: PolicyDefinition, upstreams: number, blocks: readonly number[]): number {
  let reads = 0;
  const count = <Value extends object>(value: Value): Value =>
    new Proxy(value, {
      get: (target, field) => {
        reads += 1;
        const found: unknown = Reflect.get(target, field);
        return typeof found === 'function' ? found.bind(target) : found;
      },
    });
  const { nowMs, prefixes } = makeContext();
  const fleet = makeFleet(upstreams, { cost: { input: 1, output: 1 } }).map(count);
  const policy = definition.open({}, { nowMs, prefixes: count(prefixes) });
  const request = requestOf('s', blocks);
  for (const upstream of fleet) {
    policy.noteSent?.(upstream, request);
    policy.noteOutcome?.(upstream, { hasFailed: false, tookMs: 10 });
  }
  reads = 0;
  policy.choose(fleet, request);
  return reads;
}
