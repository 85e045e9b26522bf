import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readErrorEvent, readRefusal } from './upstream-error.ts';

const bodies = {
  words: '{"error": {"message": "No, thank you.", "param": "top_k"}}',
  route: '{"detail": "Not Found"}',
  long: '{"error": {"message": "This model\'s maximum context length is 10 tokens."}}',
  empty: '',
  page: '<html>Bad Gateway</html>',
};

test('every refusal tells the HTTP status that the upstream answered with', () => {
  const statuses = [204, 302, 400, 401, 403, 404, 405, 408, 409, 413, 422, 425, 429, 500, 501, 502, 503, 504, 529];
  for (const status of statuses) {
    for (const [name, body] of Object.entries(bodies)) {
      const { upstreamStatus, message } = readRefusal({ status, headers: { 'retry-after': '3' }, body, secrets: [] });
      assert.equal(upstreamStatus, status, `${status} ${name}: ${message}`);
    }
  }
});

test('beside the status the field that is wrong and the time to wait are told', () => {
  const { code, param, upstreamStatus } = readRefusal({ status: 422, headers: {}, body: bodies.words, secrets: [] });
  assert.deepEqual([code, param, upstreamStatus], ['invalid_request', 'top_k', 422]);
  const busy = readRefusal({ status: 429, headers: { 'retry-after': '3' }, body: bodies.words, secrets: [] });
  assert.deepEqual([busy.code, busy.retryAfterSeconds, busy.upstreamStatus], ['engine_busy', 3, 429]);
});

test('an error in the middle of a stream has no status: the answer had begun well', () => {
  assert.equal(readErrorEvent({ message: 'Out of memory.' }, []).upstreamStatus, undefined);
});

test('secrets are hidden before a message is cut', () => {
  const secret = 'tok-1234567';
  for (let before = 980; before <= 1000; before++) {
    const body = JSON.stringify({ error: { message: `${'.'.repeat(before)}${secret}` } });
    assert.doesNotMatch(readRefusal({ status: 400, headers: {}, body, secrets: [secret] }).message, /tok/);
  }
});
