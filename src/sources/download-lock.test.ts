import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { test } from 'node:test';
import { withDownloadLock } from './download-lock.ts';
import { makeTestFolder } from './sources.test.support.ts';

const { signal } = new AbortController();
const quick = { signal, onWait: () => undefined, pollMs: 1 };

/** No process has such a number: it is over the most that Linux gives. */
const deadPid = 2 ** 22 + 1;

function writeLock(path: string, holder: object, ageMs = 0): void {
  writeFileSync(path, JSON.stringify(holder));
  const then = new Date(Date.now() - ageMs);
  utimesSync(path, then, then);
}

test('one works at a time, and each gets its turn', async (t) => {
  const path = `${makeTestFolder(t)}/x.lock`;
  let working = 0;
  const turns = Array.from({ length: 8 }, (_, index) =>
    withDownloadLock(path, quick, async () => {
      working += 1;
      assert.equal(working, 1);
      await new Promise((resolve) => setTimeout(resolve, 2));
      working -= 1;
      return index;
    }),
  );
  assert.deepEqual(await Promise.all(turns), [0, 1, 2, 3, 4, 5, 6, 7]);
  assert.equal(existsSync(path), false);
});

test('many that find the same dead holder still work one at a time', async (t) => {
  const folder = makeTestFolder(t);
  for (let round = 0; round < 20; round += 1) {
    const path = `${folder}/${round}.lock`;
    writeLock(path, { pid: deadPid, host: hostname(), ticket: `dead-${round}` });
    let working = 0;
    const turn = () =>
      withDownloadLock(path, quick, async () => {
        working += 1;
        assert.equal(working, 1);
        await new Promise((resolve) => setImmediate(resolve));
        working -= 1;
      });
    await Promise.all(Array.from({ length: 6 }, turn));
  }
  assert.deepEqual(readdirSync(folder), []);
});

test('work that fails gives the lock back', async (t) => {
  const path = `${makeTestFolder(t)}/x.lock`;
  const fail = () => withDownloadLock(path, quick, () => Promise.reject(new Error('it broke')));
  await assert.rejects(fail(), /it broke/);
  assert.equal(existsSync(path), false);
});

test('a holder that lives, here or elsewhere, is waited for until the caller gives up', async (t) => {
  const path = `${makeTestFolder(t)}/x.lock`;
  for (const holder of [
    { pid: process.pid, host: hostname(), ticket: 'alive' },
    { pid: deadPid, host: 'another-machine', ticket: 'elsewhere' },
  ]) {
    writeLock(path, holder);
    const stop = new AbortController();
    let looks = 0;
    const onWait = () => {
      looks += 1;
      if (looks === 3) stop.abort(new Error('enough'));
    };
    const waiting = withDownloadLock(path, { ...quick, signal: stop.signal, onWait }, () => assert.fail('the lock is held'));
    await assert.rejects(waiting, /enough/);
    assert.equal(JSON.parse(readFileSync(path, 'utf8')).ticket, holder.ticket);
  }
});

test('a holder that has long not stirred is gone, whoever it was; so is a lock that nobody can read', async (t) => {
  const path = `${makeTestFolder(t)}/x.lock`;
  for (const holder of [
    { pid: process.pid, host: hostname(), ticket: 'frozen' },
    { pid: 1, host: 'another-machine', ticket: 'lost' },
    { junk: true },
  ]) {
    writeLock(path, holder, 60_000);
    assert.equal(await withDownloadLock(path, quick, async () => 'worked'), 'worked');
  }
});
