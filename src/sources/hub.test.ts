import assert from 'node:assert/strict';
import { randomFillSync } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { test } from 'node:test';
import { partPathOf } from './file-store.ts';
import { describeHubFile, fetchFromHub } from './hub.ts';
import { openHubConnection } from './hub-request.ts';
import { installHubFile } from './install-model.ts';
import { pathOnHub, sha256Of, startLoopbackHub } from './loopback-hub.test.support.ts';
import { pathOfHubFile } from './model-files.ts';
import { makeTestFolder, recordOptions } from './sources.test.support.ts';

const file = { repo: 'owner/repo', file: 'model.gguf' };
const hubPath = pathOnHub(file.repo, file.file);
const content = randomFillSync(Buffer.alloc(300_000));

const hasCode = (code: string) => (error: unknown) => (error as { code?: unknown }).code === code;

test('a file comes whole, its size is said before, and nothing else stays', async (t) => {
  const hub = await startLoopbackHub(t);
  hub.files.set(hubPath, content);
  const options = recordOptions(makeTestFolder(t), hub.url);
  const { path, wasThere } = await installHubFile(file, options);
  assert.deepEqual(readFileSync(path), content);
  assert.equal(wasThere, false);
  assert.match(options.said.join('\n'), /owner\/repo\/model\.gguf, 300 kB/);
  for (const suffix of ['.part', '.part.json', '.lock']) assert.equal(existsSync(path + suffix), false, suffix);
  assert.equal((await installHubFile(file, options)).wasThere, true);
  assert.equal(hub.seen.filter(({ method }) => method === 'GET').length, 1);
});

test('a connection that breaks is taken up where it broke', async (t) => {
  const hub = await startLoopbackHub(t);
  const large = randomFillSync(Buffer.alloc(4_000_000));
  hub.files.set(hubPath, large);
  hub.cuts.push(2_000_000, 1_000_000);
  const connection = openHubConnection({ hubUrl: hub.url });
  t.after(connection.close);
  const partPath = `${makeTestFolder(t)}/model.part`;
  const { signal } = new AbortController();
  const facts = await describeHubFile(connection, file, { signal });
  await fetchFromHub({ connection, file, facts, partPath, onBytes: () => undefined, signal, retryDelayMs: 1 });
  assert.deepEqual(readFileSync(partPath), large);
  const [first, second, third] = hub.seen
    .filter(({ method }) => method === 'GET')
    .map(({ range }) => Number(/\d+/.exec(range ?? '')?.[0] ?? 0));
  assert.equal(first, 0);
  assert.ok((second ?? 0) > 0 && (third ?? 0) > (second ?? 0), `it went on at ${second} and ${third}`);
});

test('a later run goes on with the part of an earlier one, asking for the same content only', async (t) => {
  const hub = await startLoopbackHub(t);
  hub.files.set(hubPath, content);
  const folder = makeTestFolder(t);
  const path = pathOfHubFile(folder, file);
  await leavePart(folder, hub);
  const partBytes = readFileSync(partPathOf(path)).length;
  await installHubFile(file, recordOptions(folder, hub.url));
  assert.deepEqual(readFileSync(path), content);
  const last = hub.seen.at(-1);
  assert.equal(last?.range, `bytes=${partBytes}-`);
  assert.match(last?.ifRange ?? '', /^"store-/);
});

test('a part of a file that has changed meanwhile is begun again', async (t) => {
  for (const isPlain of [false, true]) {
    const hub = await startLoopbackHub(t);
    hub.isPlain = isPlain;
    hub.files.set(hubPath, content);
    const folder = makeTestFolder(t);
    await leavePart(folder, hub);
    const changed = randomFillSync(Buffer.alloc(content.length));
    hub.files.set(hubPath, changed);
    const { path } = await installHubFile(file, recordOptions(folder, hub.url));
    assert.deepEqual(readFileSync(path), changed);
  }
});

test('content of another check sum is refused and deleted', async (t) => {
  const hub = await startLoopbackHub(t);
  hub.files.set(hubPath, content);
  hub.claimedSha256 = sha256Of(Buffer.from('another'));
  const folder = makeTestFolder(t);
  await assert.rejects(installHubFile(file, recordOptions(folder, hub.url)), hasCode('checksum_mismatch'));
  const path = pathOfHubFile(folder, file);
  for (const suffix of ['', '.part', '.part.json', '.lock']) assert.equal(existsSync(path + suffix), false, suffix);
});

test('the token goes to the hub and never to the store it redirects to', async (t) => {
  const hub = await startLoopbackHub(t);
  const store = await startLoopbackHub(t);
  hub.files.set(hubPath, content);
  store.files.set(hubPath, content);
  store.isPlain = true;
  hub.storeUrl = store.url;
  const { path } = await installHubFile(file, { ...recordOptions(makeTestFolder(t), hub.url), token: 'hf_secret' });
  assert.deepEqual(readFileSync(path), content);
  assert.ok(hub.seen.every(({ authorization }) => authorization === 'Bearer hf_secret'));
  assert.deepEqual(
    store.seen.map(({ method, authorization }) => [method, authorization]),
    [['GET', undefined]],
  );
});

test('a redirect to what is not http, or in a circle, is refused', async (t) => {
  const hub = await startLoopbackHub(t);
  hub.files.set(hubPath, content);
  hub.isPlain = true;
  for (const storeUrl of ['file:///etc/passwd?', hub.url]) {
    hub.storeUrl = storeUrl;
    await assert.rejects(installHubFile(file, recordOptions(makeTestFolder(t), hub.url)), hasCode('download_failed'));
  }
});

test('a file that is not there, or hidden, is an unknown model; a hub that fails says so', async (t) => {
  const hub = await startLoopbackHub(t);
  const connection = openHubConnection({ hubUrl: hub.url });
  t.after(connection.close);
  const { signal } = new AbortController();
  await assert.rejects(describeHubFile(connection, file, { signal }), hasCode('unknown_model'));
  hub.files.set(hubPath, content);
  const partPath = `${makeTestFolder(t)}/model.part`;
  const fetch = { connection, file, facts: {}, partPath, onBytes: () => undefined, signal, retryDelayMs: 1 };
  for (const [status, code] of [
    [403, 'unknown_model'],
    [500, 'download_failed'],
  ] as const) {
    hub.status = status;
    await assert.rejects(fetchFromHub(fetch), hasCode(code));
  }
  assert.equal(hub.seen.filter(({ method }) => method === 'GET').length, 1 + 4);
});

test('a hub that nothing answers for is named with the reason', async (t) => {
  const options = recordOptions(makeTestFolder(t), 'http://127.0.0.1:9');
  await assert.rejects(installHubFile(file, options), /http:\/\/127\.0\.0\.1:9 cannot be reached.*ECONNREFUSED/);
});

test('a hub that takes the connection and says nothing is given up after the limit', async (t) => {
  const silent = createServer();
  t.after(() => silent.close());
  silent.on('connection', (socket) => t.after(() => socket.destroy()));
  await once(silent.listen(0, '127.0.0.1'), 'listening');
  const connection = openHubConnection({ hubUrl: `http://127.0.0.1:${(silent.address() as AddressInfo).port}` });
  t.after(connection.close);
  const { signal } = new AbortController();
  await assert.rejects(describeHubFile(connection, file, { signal, timeoutMs: 20 }), { code: 'download_failed', message: /timeout/ });
});

test('an address that is none is wrong usage, and its password is not repeated', () => {
  for (const hubUrl of ['huggingface.co', 'ftp://hub', 'https://user:secret@hub']) {
    assert.throws(
      () => openHubConnection({ hubUrl }),
      (error: Error) => hasCode('bad_usage')(error) && !error.message.includes('secret'),
    );
  }
});

test('a part longer than the file is begun again', async (t) => {
  const hub = await startLoopbackHub(t);
  hub.files.set(hubPath, content);
  const folder = makeTestFolder(t);
  await leavePart(folder, hub);
  const path = pathOfHubFile(folder, file);
  writeFileSync(partPathOf(path), Buffer.alloc(content.length + 1));
  await installHubFile(file, recordOptions(folder, hub.url));
  assert.deepEqual(readFileSync(path), content);
});

/** Stops a download in its middle. */
async function leavePart(folder: string, hub: Awaited<ReturnType<typeof startLoopbackHub>>): Promise<void> {
  const stop = new AbortController();
  hub.holdAfterBytes = 120_000;
  const options = recordOptions(folder, hub.url);
  const onProgress = () => stop.abort();
  await assert.rejects(installHubFile(file, { ...options, onProgress, signal: stop.signal }), { name: 'AbortError' });
  hub.holdAfterBytes = undefined;
  assert.equal(existsSync(pathOfHubFile(folder, file)), false);
  assert.equal(existsSync(`${pathOfHubFile(folder, file)}.lock`), false);
}
