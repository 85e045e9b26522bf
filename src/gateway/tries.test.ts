import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import fc from 'fast-check';
import { plainRequest } from '../policies/prefix/view-request.ts';
import { type ErrorCode, errorKinds, GatewayError } from '../protocol/error.ts';
import type { RoutingWishes } from '../protocol/request.ts';
import { Route } from './routes/route.ts';
import type { RouteOptions, TargetOptions } from './routes/route-options.ts';
import { RouteTable } from './routes/route-table.ts';
import { makeContext, openPuppet, openUpstreams, routeOf, targetOf, testRules } from './routing.test.support.ts';
import { Tries, tryUntilAnswered } from './tries.ts';
import type { Upstream } from './upstream.ts';

let upstreams: ReadonlyMap<string, Upstream>;
beforeEach(async () => {
  upstreams = await openUpstreams(...['a', 'b', 'c'].map((name) => [name, openPuppet(name, ['m', 'n', 'x'])] as const));
});
afterEach(async () => {
  for (const upstream of upstreams.values()) await upstream.close();
});

interface Scene {
  readonly tries: Tries;
  readonly context: ReturnType<typeof makeContext>;
  readonly routes: readonly Route[];
  /** as after a reload */
  readonly change: (models: readonly RouteOptions[]) => void;
}

function open(models: readonly RouteOptions[], wishes: RoutingWishes = {}, model = 'm'): Scene {
  const context = makeContext();
  const openTable = (options: readonly RouteOptions[]) => {
    const routes = options.map((each) => new Route(each, upstreams, context));
    return { routes, table: new RouteTable({ routes, upstreams: [...upstreams.values()], openUnlisted: undefined }) };
  };
  let { routes, table } = openTable(models);
  const parts = { model, wishes, view: () => plainRequest, nowMs: context.nowMs };
  return {
    tries: new Tries({ ...parts, find: (name) => table.find(name) }),
    context,
    routes,
    change: (options) => {
      const before = table;
      ({ routes, table } = openTable(options));
      before.close();
    },
  };
}

const failed = (code: ErrorCode = 'engine_failed', details = {}) => new GatewayError(code, 'It failed.', details);
const withRules = (rules: Partial<RouteOptions['rules']>) => ({ rules: { ...testRules, ...rules } });
const at = (tries: Tries) => tries.begin().upstream.name;
const countHeld = (upstream: Upstream | undefined) => {
  let isIdle = false;
  void upstream?.idle().then(() => {
    isIdle = true;
  });
  return Promise.resolve().then(() => isIdle);
};

test('a failed try goes to the others in turn, then pauses, then ends at the number of retries', () => {
  const { tries } = open([routeOf('m', ['a', 'b'])]);
  const first = at(tries);
  assert.equal(tries.recover(failed(), true), 0);
  const second = at(tries);
  assert.deepEqual([first, second].sort(), ['a', 'b']);
  assert.ok(tries.recover(failed(), true) > 0);
  at(tries);
  assert.throws(() => tries.recover(failed(), true), { code: 'engine_failed' });
  assert.deepEqual(
    tries.reports.map(({ outcome, code }) => [outcome, code]),
    Array.from({ length: 3 }, () => ['failed', 'engine_failed']),
  );
});

const wishCases: readonly {
  readonly wish: string;
  readonly wishes: RoutingWishes;
  readonly rules?: Partial<RouteOptions['rules']>;
  readonly made: number;
}[] = [
  { wish: 'nothing', wishes: {}, made: 3 },
  { wish: 'no retries', wishes: { retries: 0 }, made: 1 },
  { wish: 'fewer retries', wishes: { retries: 1 }, made: 2 },
  { wish: 'more retries than the operator lets', wishes: { retries: 50 }, made: 3 },
  {
    wish: 'fewer retries of a kind that has its own number',
    wishes: { retries: 1 },
    rules: { retriesFor: { 'server-error': 4 } },
    made: 2,
  },
  { wish: 'nothing of such a kind', wishes: {}, rules: { retriesFor: { 'server-error': 4 } }, made: 5 },
];

for (const { wish, wishes, rules, made } of wishCases) {
  test(`a caller who wishes ${wish} has ${made} tries`, () => {
    const { tries } = open([routeOf('m', ['a', 'b', 'c'], withRules(rules ?? {}))], wishes);
    assert.throws(() => {
      for (;;) {
        tries.begin();
        tries.recover(failed(), true);
      }
    });
    assert.equal(tries.reports.length, made);
  });
}

test('fallbacks take over when the tries of a model are spent: the operator’s, or those that the caller names', () => {
  const models = [
    routeOf('m', ['a'], withRules({ retries: 0, fallbacks: ['n', 'missing', 'x'] })),
    routeOf('n', [targetOf('b', { model: 'n' })], withRules({ retries: 0 })),
    routeOf('x', [targetOf('c', { model: 'x' })]),
  ];
  const { tries } = open(models);
  const names = [at(tries)];
  for (let time = 0; time < 2; time++) {
    assert.equal(tries.recover(failed(), true), 0);
    names.push(at(tries));
  }
  assert.deepEqual([names, tries.fallback, tries.asked, tries.found.route.name], [['a', 'b', 'c'], 'x', 'm', 'x']);
  const wished = open(models, { fallbacks: ['x'] }).tries;
  at(wished);
  wished.recover(failed(), true);
  assert.equal(at(wished), 'c');
});

test('a prompt that is too long goes to a model with more context at once, and nowhere else', () => {
  const models = [
    routeOf('m', ['a', 'b'], withRules({ contextFallbacks: ['n'], fallbacks: ['x'] })),
    routeOf('n', [targetOf('c', { model: 'n' })]),
  ];
  const { tries, routes } = open(models);
  const first = at(tries);
  assert.equal(tries.recover(failed('context_length_exceeded'), true), 0);
  assert.deepEqual([at(tries), tries.fallback], ['c', 'n']);
  assert.equal(routes[0]?.states().find(({ upstream }) => upstream === first)?.health.state, 'healthy');
  const plain = open([routeOf('m', ['a', 'b'])]).tries;
  at(plain);
  assert.throws(() => plain.recover(failed('context_length_exceeded'), true), { code: 'context_length_exceeded' });
});

test('what no engine has seen is not tried again on the same one, but may go to a fallback', () => {
  const { tries } = open([routeOf('m', ['a'], withRules({ fallbacks: [] }))]);
  at(tries);
  assert.throws(() => tries.recover(failed('engine_unavailable'), false), { code: 'engine_unavailable' });
  const other = open([
    routeOf('m', ['a'], withRules({ fallbacks: ['n'], retries: 0 })),
    routeOf('n', [targetOf('b', { model: 'n' })]),
  ]).tries;
  at(other);
  assert.equal(other.recover(failed('engine_unavailable'), false), 0);
  assert.equal(at(other), 'b');
});

test('a caller’s own time bounds all tries together, and its end is no fault of the upstream', () => {
  const { tries, context, routes } = open([routeOf('m', ['a', 'b'], withRules({ allowedFails: 0 }))], { timeoutMs: 500 });
  at(tries);
  assert.equal(tries.leftMs, 500);
  context.clockMs += 200;
  assert.equal(tries.leftMs, 300);
  context.clockMs += 400;
  assert.throws(() => tries.recover(failed('answer_timeout'), true), { code: 'answer_timeout' });
  const states = () => routes.flatMap((route) => route.states().map(({ health }) => health.state));
  assert.deepEqual(states(), ['healthy', 'healthy']);
  const operators = open([routeOf('m', ['a', 'b'], withRules({ allowedFails: 0 }))]);
  at(operators.tries);
  operators.tries.recover(failed('answer_timeout'), true);
  assert.deepEqual(operators.routes[0]?.states().filter(({ health }) => health.state === 'resting').length, 1);
});

test('names that fit a pattern and are none never make an upstream rest', () => {
  const { tries, routes } = open(
    [routeOf('*', [targetOf('a', { model: '*' }), targetOf('b', { model: '*' })], withRules({ allowedFails: 0 }))],
    {},
    'nonsense',
  );
  const missing = failed('model_not_found', { upstreamStatus: 404 });
  at(tries);
  assert.equal(tries.recover(missing, true), 0);
  at(tries);
  assert.throws(() => tries.recover(missing, false), { code: 'model_not_found' });
  assert.deepEqual(
    routes[0]?.states().map(({ health }) => health.state),
    ['healthy', 'healthy'],
  );
});

test('a try that the operator’s change has overtaken is followed by one by the new options', () => {
  const { tries, change } = open([routeOf('m', ['a'])]);
  assert.equal(at(tries), 'a');
  change([routeOf('m', ['b'])]);
  assert.ok(tries.recover(failed(), true) > 0);
  assert.equal(at(tries), 'b');
  change([]);
  tries.recover(failed(), true);
  assert.equal(at(tries), 'b', 'a model that is gone may still answer where it was');
});

test('an upstream is held from the choice of it to the end of the try', async () => {
  const { tries } = open([routeOf('m', ['a'])]);
  assert.equal(await countHeld(upstreams.get('a')), true);
  tries.begin();
  assert.equal(await countHeld(upstreams.get('a')), false);
  tries.end();
  assert.equal(await countHeld(upstreams.get('a')), true);
});

const codes = (Object.keys(errorKinds) as ErrorCode[]).filter((code) => errorKinds[code].type !== 'setup_error');
const target: fc.Arbitrary<Partial<TargetOptions>> = fc.record(
  { order: fc.integer({ min: 0, max: 1 }), limits: fc.record({ parallel: fc.integer({ min: 1, max: 3 }) }), tags: fc.subarray(['x', 'y']) },
  { requiredKeys: [] },
);

test('whatever fails however often, tries end, every place is given back, and one target stays healthy', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(target, { minLength: 1, maxLength: 3 }),
      fc.array(
        fc.record({ code: fc.constantFrom(...codes, undefined), wasSent: fc.boolean(), waitMs: fc.integer({ min: 0, max: 90_000 }) }),
        { minLength: 1, maxLength: 40 },
      ),
      fc.record(
        {
          retries: fc.integer({ min: 0, max: 9 }),
          fallbacks: fc.subarray(['n', 'm', 'missing']),
          timeoutMs: fc.integer({ min: 1, max: 99_999 }),
        },
        { requiredKeys: [] },
      ),
      async (targets, outcomes, wishes) => {
        const places = targets.map((more, index) => targetOf(['a', 'b', 'c'][index] ?? 'a', more));
        const { tries, context, routes } = open([routeOf('m', places), routeOf('n', [targetOf('c', { model: 'n' })])], wishes);
        try {
          for (const { code, wasSent, waitMs } of outcomes) {
            tries.begin();
            context.clockMs += waitMs;
            if (code === undefined) {
              tries.answered();
              tries.end({ tokens: 5 });
              break;
            }
            tries.recover(failed(code, code === 'engine_unavailable' ? { retryAfterSeconds: 2 } : {}), wasSent);
          }
        } catch (error) {
          assert.ok(error instanceof GatewayError, String(error));
        }
        tries.end();
        assert.ok(tries.reports.length <= 3 * (1 + 3));
        assert.ok(tries.reports.every(({ outcome }) => outcome !== 'running'));
        for (const route of routes) {
          assert.ok(route.states().some(({ health }) => health.state === 'healthy'));
          for (const { limits } of route.targets) assert.equal(limits.waitMs(context.clockMs), 0);
        }
        for (const upstream of upstreams.values()) assert.equal(await countHeld(upstream), true);
      },
    ),
  );
});

test('embeddings and the like are tried until one gives an answer, or the caller has left', async () => {
  const { tries } = open([routeOf('m', ['a', 'b'])]);
  const seen: string[] = [];
  const answer = await tryUntilAnswered(tries, new AbortController().signal, async ({ upstream }, noteSent) => {
    noteSent();
    seen.push(upstream.name);
    if (seen.length === 1) throw failed();
    return upstream.name;
  });
  tries.end({ tokens: 3 });
  assert.equal(answer, seen[1]);
  assert.deepEqual(
    tries.reports.map(({ outcome }) => outcome),
    ['failed', 'answered'],
  );
  const left = open([routeOf('m', ['a', 'b'])]).tries;
  const leaving = new AbortController();
  const call = tryUntilAnswered(left, leaving.signal, async () => {
    leaving.abort();
    throw failed();
  });
  await assert.rejects(call, { code: 'client_closed' });
  assert.deepEqual(
    left.reports.map(({ outcome }) => outcome),
    ['left'],
  );
});
