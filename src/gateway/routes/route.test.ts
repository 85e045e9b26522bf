import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { policies } from '../../policies/index.ts';
import { plainRequest } from '../../policies/prefix/view-request.ts';
import { GatewayError } from '../../protocol/error.ts';
import { readFailure } from '../health/failure.ts';
import { makeContext, openPuppet, openUpstreams, routeOf, targetOf, testRules } from '../routing.test.support.ts';
import { Route, type Wish } from './route.ts';
import type { RouteOptions, TargetOptions } from './route-options.ts';
import type { Target } from './target.ts';

const closings: (() => Promise<void>)[] = [];
after(async () => {
  for (const close of closings) await close();
});

const any: Wish = { view: plainRequest, tags: [], only: undefined };
const none: ReadonlySet<Target> = new Set();
const gone = new GatewayError('engine_unavailable', 'It is gone.');

/** A route with these targets, each on an upstream of its own that is named after it. */
async function openRoute(
  targets: Readonly<Record<string, Partial<TargetOptions>>>,
  more: Partial<RouteOptions> & { readonly tagFiltering?: 'off' | 'any' | 'all' } = {},
) {
  const { tagFiltering = 'off', ...options } = more;
  const names = Object.keys(targets);
  const upstreams = await openUpstreams(...names.map((name) => [name, openPuppet(name)] as const));
  const context = makeContext({ tagFiltering });
  const places = names.map((name) => targetOf(name, targets[name]));
  const route = new Route(routeOf('m', places, options), upstreams, context);
  closings.push(async () => {
    route.close();
    for (const upstream of upstreams.values()) await upstream.close();
  });
  const target = (name: string) => route.targets.find(({ upstream }) => upstream.name === name) as Target;
  const rest = (name: string) => {
    const { id } = target(name);
    for (let time = 0; time < 9; time++) route.circuits.fail(id, route.circuits.begin(id), readFailure(gone));
  };
  const pick = (wish: Partial<Wish> = {}, tried = none) => route.pick({ ...any, ...wish }, tried).upstream.name;
  /** picks, and is busy with it from then on */
  const take = (wish: Partial<Wish> = {}) => {
    const chosen = route.pick({ ...any, ...wish }, none);
    chosen.limits.begin(context.clockMs);
    return chosen.upstream.name;
  };
  return { route, context, target, rest, pick, take };
}

for (const name of Object.keys(policies) as (keyof typeof policies)[]) {
  test(`the policy ${name} chooses among real targets, never one that rests, and spreads where nothing ties a request`, async () => {
    const rules = { ...testRules, policy: { name, options: {} } };
    const { rest, pick } = await openRoute({ a: {}, b: {}, c: {} }, { rules });
    const first = new Set(Array.from({ length: 12 }, (_, at) => pick({ view: { ...plainRequest, session: `s${at}` } })));
    assert.ok(first.size > 1, [...first].join());
    rest('b');
    for (let at = 0; at < 12; at++) assert.notEqual(pick({ view: { ...plainRequest, session: `s${at}` } }), 'b');
  });
}

test('targets of a lower order are used while one of them can be', async () => {
  const { pick, rest } = await openRoute({ a: { order: 2 }, b: { order: 1 }, c: { order: 1 } });
  const picked = () => new Set(Array.from({ length: 6 }, () => pick()));
  assert.deepEqual(picked(), new Set(['b', 'c']));
  rest('b');
  assert.deepEqual(picked(), new Set(['c']));
  rest('c');
  assert.deepEqual(picked(), new Set(['a']));
});

const tagged = { fast: { tags: ['fast', 'eu'] }, slow: { tags: ['slow', 'eu'] }, usual: { tags: ['default'] }, plain: {} };
const tagCases = [
  { filtering: 'off', tags: ['fast'], chosen: 'fast slow usual plain' },
  { filtering: 'any', tags: ['fast'], chosen: 'fast' },
  { filtering: 'any', tags: ['fast', 'slow'], chosen: 'fast slow' },
  { filtering: 'all', tags: ['fast', 'slow'], chosen: 'usual plain' },
  { filtering: 'all', tags: ['eu', 'slow'], chosen: 'slow' },
  { filtering: 'any', tags: ['nobody'], chosen: 'usual plain' },
  { filtering: 'any', tags: [], chosen: 'usual plain' },
  { filtering: 'all', tags: [], chosen: 'usual plain' },
] as const;

for (const { filtering, tags, chosen } of tagCases) {
  test(`tags ${tags.join('+') || 'none'} under ${filtering} choose ${chosen}`, async () => {
    const { pick } = await openRoute(tagged, { tagFiltering: filtering });
    assert.deepEqual(new Set(Array.from({ length: 12 }, () => pick({ tags }))), new Set(chosen.split(' ')));
  });
}

test('tags that nobody has are told where every target has others; without tags all of these serve', async () => {
  const { pick } = await openRoute({ a: { tags: ['x'] } }, { tagFiltering: 'any' });
  assert.throws(() => pick({ tags: ['y'] }), { code: 'invalid_request', param: 'tags' });
  assert.equal(pick(), 'a');
});

test('tags of the model are those of each of its targets', async () => {
  const { pick } = await openRoute({ a: {} }, { tagFiltering: 'all', tags: ['eu'] });
  assert.equal(pick({ tags: ['eu'] }), 'a');
});

test('a target at its limit is given nothing more, and the time to retry is told when all are', async () => {
  const { take, context, route } = await openRoute({ a: { limits: { requestsPerMinute: 2 } }, b: { limits: { requestsPerMinute: 3 } } });
  const given = Array.from({ length: 5 }, () => take());
  assert.deepEqual([given.filter((name) => name === 'a').length, given.filter((name) => name === 'b').length], [2, 3]);
  assert.throws(() => take(), { code: 'queue_full', retryAfterSeconds: 60 });
  context.clockMs += 59_000;
  assert.throws(() => take(), { code: 'queue_full', retryAfterSeconds: 1 });
  context.clockMs += 1_000;
  assert.equal(route.countUntried(any, none), 2);
  take();
});

test('a target works on no more at once than it may', async () => {
  const { take, target, context } = await openRoute({ a: { limits: { parallel: 2 } } });
  take();
  take();
  assert.throws(() => take(), { code: 'queue_full' });
  target('a').limits.end(10, context.clockMs);
  assert.equal(take(), 'a');
});

test('tokens of prompts and answers count for a target’s limit once they are known', async () => {
  const { take, target, context } = await openRoute({ a: { limits: { tokensPerMinute: 100 } } });
  take();
  target('a').limits.end(99, context.clockMs);
  take();
  target('a').limits.end(1, context.clockMs);
  assert.throws(() => take(), { code: 'queue_full' });
});

test('the one target that is asked for by its id is used, and no other in its place', async () => {
  const { pick, target, rest, take } = await openRoute({ a: { id: 'the-a', limits: { parallel: 1 } }, b: {} });
  const only = { only: target('a') };
  for (let time = 0; time < 4; time++) assert.equal(pick(only), 'a');
  rest('a');
  assert.throws(() => pick(only), { code: 'engine_unavailable' });
  assert.equal(take(), 'b');
});

test('targets that were tried are left for others, and taken again where there are none', async () => {
  const { pick, target } = await openRoute({ a: {}, b: {} });
  for (let time = 0; time < 4; time++) assert.equal(pick({}, new Set([target('a')])), 'b');
  assert.match(pick({}, new Set([target('a'), target('b')])), /^[ab]$/);
});

test('the last healthy target never rests', async () => {
  const { route, rest, pick } = await openRoute({ a: {}, b: {} });
  rest('a');
  rest('b');
  assert.deepEqual(
    route.states().map(({ health }) => health.state),
    ['resting', 'healthy'],
  );
  assert.equal(pick(), 'b');
});

test('rules of a target stand over those of its model', async () => {
  const { route, rest } = await openRoute({ a: { rules: { cooldownMs: 0 } }, b: {} });
  rest('a');
  rest('b');
  assert.deepEqual(
    route.states().map(({ health }) => health.state),
    ['healthy', 'resting'],
  );
});

test('rules for bodies are those of the model with those of the target over them, one object for all that have the same', async () => {
  const drops = { dropsUnsupported: false, paths: ['user'] };
  const { target } = await openRoute(
    { a: {}, b: {}, c: { defaults: { seed: 2, top_p: 0.5 }, drops: { dropsUnsupported: true, paths: ['tools[*].x'] } } },
    { defaults: { seed: 1 }, drops },
  );
  assert.deepEqual(target('a').bodyRules, { defaults: { seed: 1 }, drops: ['user'], dropsUnsupported: false });
  assert.equal(target('a').bodyRules, target('b').bodyRules);
  assert.deepEqual(target('c').bodyRules, { defaults: { seed: 2, top_p: 0.5 }, drops: ['user', 'tools[*].x'], dropsUnsupported: true });
  const plain = await openRoute({ a: {} });
  assert.equal(plain.target('a').bodyRules, undefined);
});

test('an upstream that is not there, and an option that a policy does not have, are told', async () => {
  const upstreams = await openUpstreams(['a', openPuppet('a')]);
  const context = makeContext();
  assert.throws(() => new Route(routeOf('m', ['b']), upstreams, context), /no upstream 'b'/);
  const rules = { ...testRules, policy: { name: 'latency' as const, options: { widow: 1 } } };
  assert.throws(() => new Route(routeOf('m', ['a'], { rules }), upstreams, context), { code: 'configuration_invalid' });
  for (const upstream of upstreams.values()) await upstream.close();
});
