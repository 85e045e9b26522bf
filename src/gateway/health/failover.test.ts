import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type ErrorCode, type ErrorDetails, errorKinds, GatewayError } from '../../protocol/error.ts';
import { decideFailover, type FailedAttempt, type FailoverRules, type FailoverStep, type RequestProgress } from './failover.ts';
import { type FailureKind, readFailure } from './failure.ts';

const rules: FailoverRules = {
  retries: 2,
  retriesFor: {},
  retryPauseMs: 0,
  fallbacks: [],
  contextFallbacks: [],
  contentFallbacks: [],
  mostFallbacks: 5,
};
const first: RequestProgress = { hasBegun: false, attempts: 1, untried: 1, usedFallbacks: [], deadlineMs: undefined };

interface Case {
  readonly what: string;
  readonly code?: ErrorCode;
  readonly status?: number;
  readonly kind?: FailureKind;
  readonly details?: ErrorDetails;
  readonly rules?: Partial<FailoverRules>;
  readonly progress?: Partial<RequestProgress>;
  readonly step: FailoverStep;
}

const giveUp: FailoverStep = { type: 'give-up', retryAfterMs: undefined };
const next: FailoverStep = { type: 'next-upstream', waitMs: 0 };
const away = (model: string): FailoverStep => ({ type: 'fallback', model });
const again = (waitMs: number): FailoverStep => ({ type: 'retry', waitMs });
const slow = { retryAfterSeconds: 30 };

const cases: readonly Case[] = [
  { what: 'another upstream is tried at once', step: next },
  { what: 'nothing is tried once an event was given', progress: { hasBegun: true }, rules: { fallbacks: ['m'] }, step: giveUp },
  { what: 'nothing is tried for a caller who left', code: 'client_closed', step: giveUp },
  {
    what: 'nothing is tried for a request that no upstream would take',
    code: 'invalid_request',
    rules: { fallbacks: ['m'] },
    step: giveUp,
  },
  { what: 'a model that is missing on one upstream is looked for on another', code: 'model_not_found', status: 404, step: next },
  { what: 'tries end at the number of retries', progress: { attempts: 3 }, step: giveUp },
  {
    what: 'a kind may have a number of its own',
    status: 504,
    progress: { attempts: 3 },
    rules: { retriesFor: { timeout: 3 } },
    step: next,
  },
  { what: 'a kind may have no retries', status: 504, rules: { retriesFor: { timeout: 0 } }, step: giveUp },
  { what: 'the least pause holds for another upstream too', rules: { retryPauseMs: 70 }, step: { ...next, waitMs: 70 } },
  { what: 'where all were tried, it pauses', progress: { untried: 0 }, step: again(187.5) },
  { what: 'pauses are doubled', progress: { untried: 0, attempts: 2 }, step: again(375) },
  { what: 'pauses have a bound', progress: { untried: 0, attempts: 90 }, rules: { retries: 99 }, step: again(6000) },
  {
    what: 'what the upstream asks for is waited, and a little more',
    details: { retryAfterSeconds: 1 },
    progress: { untried: 0 },
    step: again(1050),
  },
  { what: 'another upstream need not wait for the first', details: slow, step: next },
  { what: 'a long wait is waited where there is no fallback', details: slow, progress: { untried: 0 }, step: again(31_500) },
  { what: 'a fallback is better than a long wait', details: slow, progress: { untried: 0 }, rules: { fallbacks: ['m'] }, step: away('m') },
  { what: 'a short pause is better than a fallback', progress: { untried: 0 }, rules: { fallbacks: ['m'] }, step: again(187.5) },
  {
    what: 'a wait of hours is left to the caller, who is told',
    details: { retryAfterSeconds: 3600 },
    progress: { untried: 0 },
    step: { ...giveUp, retryAfterMs: 3_600_000 },
  },
  { what: 'nothing is tried after the deadline', progress: { deadlineMs: 1000 }, rules: { fallbacks: ['m'] }, step: giveUp },
  { what: 'a pause beyond the deadline is not begun', progress: { untried: 0, deadlineMs: 1187 }, step: giveUp },
  { what: 'a pause within the deadline is', progress: { untried: 0, deadlineMs: 1188 }, step: again(187.5) },
  {
    what: 'our full queue is not waited for',
    code: 'queue_full',
    details: { retryAfterSeconds: 1 },
    progress: { untried: 0 },
    step: { ...giveUp, retryAfterMs: 1000 },
  },
  { what: 'another queue may have room', code: 'queue_full', step: next },
  { what: 'a key that is refused is not tried again', code: 'engine_failed', status: 401, progress: { untried: 0 }, step: giveUp },
  { what: 'fallbacks follow the last try', progress: { attempts: 3 }, rules: { fallbacks: ['m', 'n'] }, step: away('m') },
  { what: 'a fallback is used once', progress: { attempts: 3, usedFallbacks: ['m'] }, rules: { fallbacks: ['m', 'n'] }, step: away('n') },
  {
    what: 'fallbacks have a bound',
    progress: { attempts: 3, usedFallbacks: ['x'] },
    rules: { fallbacks: ['m'], mostFallbacks: 1 },
    step: giveUp,
  },
  {
    what: 'a prompt that is too long goes to a longer context at once',
    code: 'context_length_exceeded',
    rules: { contextFallbacks: ['long'] },
    step: away('long'),
  },
  { what: 'and to no other fallback', code: 'context_length_exceeded', rules: { fallbacks: ['m'] }, step: giveUp },
  {
    what: 'a refused content goes to its fallbacks',
    kind: 'content-policy',
    rules: { contentFallbacks: ['lenient'], fallbacks: ['m'] },
    step: away('lenient'),
  },
];

function attemptOf({ code = 'engine_unavailable', status, kind, details, progress }: Omit<Case, 'what' | 'step'>): FailedAttempt {
  const error = new GatewayError(code, 'x', details);
  const failure = readFailure(error, status);
  return { error, failure: kind ? { ...failure, kind } : failure, progress: { ...first, ...progress }, nowMs: 1000, random: () => 0.5 };
}

for (const each of cases) {
  test(each.what, () => assert.deepEqual(decideFailover({ ...rules, ...each.rules }, attemptOf(each)), each.step));
}

const codes = Object.keys(errorKinds) as ErrorCode[];
const anyCase = fc.record({
  code: fc.constantFrom(...codes),
  status: fc.constantFrom(undefined, 400, 401, 404, 429, 500, 503, 504),
  retryAfterSeconds: fc.option(fc.integer({ min: 0, max: 100 }), { nil: undefined }),
  retries: fc.nat(4),
  fallbacks: fc.subarray(['m', 'n', 'o']),
  upstreams: fc.nat(3),
  deadlineMs: fc.option(fc.integer({ min: 0, max: 60_000 }), { nil: undefined }),
  random: fc.double({ min: 0, max: 0.999, noNaN: true }),
});

test('whatever fails again and again, a request ends, in time, after no more tries than allowed', () => {
  fc.assert(
    fc.property(anyCase, ({ code, status, retryAfterSeconds, retries, fallbacks, upstreams, deadlineMs, random }) => {
      const error = new GatewayError(code, 'x', retryAfterSeconds === undefined ? {} : { retryAfterSeconds });
      const failure = readFailure(error, status);
      const used: string[] = [];
      let nowMs = 0;
      let tries = 0;
      for (let attempts = 1, untried = upstreams; ; attempts++) {
        tries += 1;
        const progress = { hasBegun: false, attempts, untried, usedFallbacks: used, deadlineMs };
        const step = decideFailover({ ...rules, retries, fallbacks }, { error, failure, progress, nowMs, random: () => random });
        if (step.type === 'give-up') break;
        if (step.type === 'fallback') {
          used.push(step.model);
          attempts = 0;
        } else {
          nowMs += step.waitMs;
          assert.ok(deadlineMs === undefined || nowMs < deadlineMs);
        }
        untried = step.type === 'next-upstream' ? untried - 1 : upstreams;
      }
      assert.ok(tries <= (retries + 1) * (fallbacks.length + 1), `${tries} tries`);
      assert.equal(new Set(used).size, used.length);
      if (!failure.mayRetry) assert.equal(tries, 1);
    }),
    { numRuns: 500 },
  );
});

test('those who wait do not all come back at once', () => {
  for (const details of [{}, { retryAfterSeconds: 1 }]) {
    const waits = [0, 0.3, 0.6, 0.9].map((drawn) => {
      const step = decideFailover(rules, { ...attemptOf({ details, progress: { untried: 0 } }), random: () => drawn });
      return step.type === 'retry' ? step.waitMs : Number.NaN;
    });
    assert.equal(new Set(waits).size, 4, waits.join(' '));
    assert.ok(
      waits.every((waitMs) => waitMs >= ('retryAfterSeconds' in details ? 1000 : 125)),
      waits.join(' '),
    );
  }
});
