import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Admission } from './admission.ts';

const never = new AbortController().signal;
const open = (more: Partial<ConstructorParameters<typeof Admission>[0]> = {}) =>
  new Admission({ inFlight: 1, queueLimit: 2, queueTimeoutMs: 60_000, ...more });

test('places are given in the order of asking', async () => {
  const admission = open();
  const first = await admission.admit(never);
  const order: number[] = [];
  const second = admission.admit(never).then((place) => {
    order.push(2);
    place.release();
  });
  const third = admission.admit(never).then((place) => {
    order.push(3);
    place.release();
  });
  first.release();
  await Promise.all([second, third]);
  assert.deepEqual(order, [2, 3]);
  assert.deepEqual([admission.inFlight, admission.waiting], [0, 0]);
});

test('a full queue refuses at once with queue_full and a time to retry', async () => {
  const admission = open({ queueLimit: 0 });
  await admission.admit(never);
  await assert.rejects(admission.admit(never), { code: 'queue_full', retryAfterSeconds: 1 });
});

test('a wait over the limit ends with queue_timeout and leaves the queue', async () => {
  const admission = open({ queueTimeoutMs: 1 });
  await admission.admit(never);
  await assert.rejects(admission.admit(never), { code: 'queue_timeout' });
  assert.equal(admission.waiting, 0);
});

test('a client that leaves gives its wait up, and the place goes to the next', async () => {
  const admission = open();
  const first = await admission.admit(never);
  const leaving = new AbortController();
  const left = assert.rejects(admission.admit(leaving.signal), { code: 'client_closed' });
  const next = admission.admit(never);
  leaving.abort();
  await left;
  first.release();
  (await next).release();
  assert.equal(admission.inFlight, 0);
});

test('releasing twice frees one place only', async () => {
  const admission = open({ inFlight: 2 });
  const [first] = await Promise.all([admission.admit(never), admission.admit(never)]);
  first.release();
  first.release();
  assert.equal(admission.inFlight, 1);
});

test('closing refuses who waits and who comes, and resolves when the last place is free', async () => {
  const admission = open();
  const first = await admission.admit(never);
  const waiting = assert.rejects(admission.admit(never), { code: 'shutting_down' });
  const closed = admission.close();
  await waiting;
  await assert.rejects(admission.admit(never), { code: 'shutting_down' });
  first.release();
  await closed;
});

test('an engine that tells more slots lets those in who wait for one', async () => {
  const admission = open();
  await admission.admit(never);
  const waiting = [admission.admit(never), admission.admit(never)];
  admission.resize(2);
  await waiting[0];
  assert.deepEqual([admission.inFlight, admission.waiting], [2, 1]);
  admission.resize(3);
  await waiting[1];
  assert.equal(admission.inFlight, 3);
});
