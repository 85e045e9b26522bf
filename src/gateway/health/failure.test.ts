import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ErrorCode, GatewayError } from '../../protocol/error.ts';
import { type FailureKind, readFailure } from './failure.ts';

/** What is written after the kind: `up` the upstream is at fault, `again` another attempt may go better, `pause` and after a pause too. */
const table: readonly (readonly [code: ErrorCode, status: number | undefined, kind: FailureKind, rest: string])[] = [
  ['engine_unavailable', undefined, 'server-error', 'up again pause'],
  ['engine_unavailable', 503, 'server-error', 'up again pause'],
  ['engine_busy', 429, 'rate-limit', 'up again pause'],
  ['engine_unavailable', 529, 'rate-limit', 'up again pause'],
  ['engine_unavailable', 408, 'timeout', 'up again pause'],
  ['engine_failed', undefined, 'server-error', 'up again pause'],
  ['engine_failed', 500, 'server-error', 'up again pause'],
  ['engine_failed', 504, 'timeout', 'up again pause'],
  ['engine_failed', 401, 'auth', 'up again'],
  ['engine_failed', 403, 'auth', 'up again'],
  ['engine_failed', 404, 'server-error', 'up again pause'],
  ['model_not_found', 404, 'server-error', 'up again'],
  ['model_not_found', undefined, 'bad-request', ''],
  ['invalid_request', 400, 'bad-request', ''],
  ['context_length_exceeded', 400, 'bad-request', ''],
  ['context_length_exceeded', 500, 'bad-request', ''],
  ['output_invalid', undefined, 'bad-request', ''],
  ['queue_full', undefined, 'rate-limit', 'again'],
  ['queue_timeout', undefined, 'timeout', 'again'],
  ['shutting_down', undefined, 'server-error', 'again'],
  ['internal_error', undefined, 'server-error', ''],
];

for (const [code, status, kind, rest] of table) {
  test(`${code} with status ${status ?? 'none'} is ${kind}, ${rest || 'and final'}`, () => {
    const failure = readFailure(new GatewayError(code, 'x'), status);
    const words = [failure.isOfUpstream && 'up', failure.mayRetry && 'again', failure.isPassing && 'pause'];
    assert.deepEqual([failure.kind, words.filter((word) => word !== false).join(' ')], [kind, rest]);
    assert.equal(failure.retryAfterMs, undefined);
  });
}

test('what an upstream asks for is kept in milliseconds', () => {
  assert.equal(readFailure(new GatewayError('engine_unavailable', 'x', { retryAfterSeconds: 1.5 }), 429).retryAfterMs, 1500);
});
