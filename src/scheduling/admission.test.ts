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

/** Serves requests of these groups one after another, each asked for at once, and gives the order in which they were worked on. */
async function orderOf(groups: string, more: Partial<ConstructorParameters<typeof Admission>[0]>): Promise<string> {
  const admission = open({ queueLimit: 100, ...more });
  const order: string[] = [];
  const serve = async (group: string) => {
    const place = await admission.admit(never, group);
    order.push(group);
    await new Promise((resolve) => setImmediate(resolve));
    place.release();
  };
  await Promise.all([...groups].map(serve));
  assert.deepEqual([admission.inFlight, admission.waiting], [0, 0]);
  return order.join('');
}

const countSwaps = (order: string) => [...order].filter((group, at) => at > 0 && group !== order[at - 1]).length;

test('requests for models that cannot be loaded together are grouped', async () => {
  const order = await orderOf('ABCABC', { mayShare: () => false });
  assert.equal(order, 'AABBCC');
  assert.equal(countSwaps(await orderOf('ABCABCABCABC', { inFlight: 3, mayShare: () => false })), 2);
});

test('where models are loaded together, all come in their order', async () => {
  assert.equal(await orderOf('ABCABC', { mayShare: () => true, inFlight: 6 }), 'ABCABC');
  const pairs = { mayShare: (groups: readonly string[]) => !groups.includes('C'), inFlight: 2 };
  assert.equal(countSwaps((await orderOf('ABCABC', pairs)).replaceAll('B', 'A')), 1);
});

test('a model that has waited too long is let in before more of the one that is loaded', async () => {
  const admission = open({ queueLimit: 100, mayShare: () => false, swapWaitMs: 0 });
  const first = await admission.admit(never, 'A');
  const order: string[] = [];
  const serve = async (group: string) => {
    const place = await admission.admit(never, group);
    order.push(group);
    place.release();
  };
  const all = ['A', 'B', 'A'].map(serve);
  await new Promise((resolve) => setTimeout(resolve, 2));
  first.release();
  await Promise.all(all);
  assert.equal(order[0], 'B');
});

test('never are groups worked on together that may not be, whoever leaves', async () => {
  const admission = open({ inFlight: 4, queueLimit: 1000, mayShare: () => false });
  const working = new Map<string, number>();
  const serve = async (at: number) => {
    const group = 'ABC'[at % 3] ?? 'A';
    const leaving = new AbortController();
    if (at % 5 === 0) setImmediate(() => leaving.abort());
    try {
      const place = await admission.admit(leaving.signal, group);
      working.set(group, (working.get(group) ?? 0) + 1);
      assert.equal([...working.values()].filter((count) => count > 0).length, 1);
      await new Promise((resolve) => setImmediate(resolve));
      working.set(group, (working.get(group) ?? 1) - 1);
      place.release();
    } catch (error) {
      assert.equal((error as { code?: string }).code, 'client_closed');
    }
  };
  await Promise.all(Array.from({ length: 300 }, (_, at) => serve(at)));
  assert.deepEqual([admission.inFlight, admission.waiting], [0, 0]);
});

test('the time to retry grows with the queue and the time that answers take', async () => {
  const admission = open({ queueLimit: 3 });
  const places = [await admission.admit(never)];
  const next = async () => void places.push(await admission.admit(new AbortController().signal));
  const waiting = [next(), next(), next()];
  const secondsNow = async () => {
    const refused = await admission.admit(never).then(undefined, (error: { retryAfterSeconds?: number }) => error);
    return (refused as { retryAfterSeconds?: number }).retryAfterSeconds ?? 0;
  };
  assert.equal(await secondsNow(), 1);
  for (let count = 0; count < 2; count++) {
    await new Promise((resolve) => setTimeout(resolve, 400));
    places.at(-1)?.release();
    waiting.push(next());
    await new Promise((resolve) => setImmediate(resolve));
  }
  const seconds = await secondsNow();
  assert.ok(seconds >= 2 && seconds <= 60, `${seconds} s`);
  while (admission.inFlight > 0) {
    places.at(-1)?.release();
    await new Promise((resolve) => setImmediate(resolve));
  }
  await Promise.all(waiting);
});
