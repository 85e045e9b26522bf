import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { randomFillSync } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { partPathOf, storeFile, type WantedFile } from './file-store.ts';
import { installHubFile } from './install-model.ts';
import { type LoopbackHub, pathOnHub, startLoopbackHub } from './loopback-hub.test.support.ts';
import { pathOfHubFile } from './model-files.ts';
import { makeTestFolder, recordOptions } from './sources.test.support.ts';

const file = { repo: 'owner/repo', file: 'model.gguf' };
const content = randomFillSync(Buffer.alloc(2_000_000));
const program = fileURLToPath(new URL('./download.test.support.js', import.meta.url));

function want(path: string, changes: Partial<WantedFile> = {}): WantedFile {
  return {
    ...{ path, title: 'A file', signal: new AbortController().signal, onProgress: () => undefined },
    fill: async (partPath) => writeFileSync(partPath, 'whole'),
    ...changes,
  };
}

test('a file is there whole or not at all', async (t) => {
  const path = `${makeTestFolder(t)}/deep/file.bin`;
  const fill = async (partPath: string) => {
    assert.equal(partPath, partPathOf(path));
    writeFileSync(partPath, 'half');
    throw new Error('the network is gone');
  };
  await assert.rejects(storeFile(want(path, { fill })), /network is gone/);
  assert.deepEqual(readdirSync(dirname(path)), ['file.bin.part']);
  await storeFile(want(path));
  assert.deepEqual(readdirSync(dirname(path)), ['file.bin']);
  await storeFile(want(path, { fill: () => assert.fail('it is there already') }));
});

test('a file of another length or check sum than was published is deleted', async (t) => {
  const path = `${makeTestFolder(t)}/file.bin`;
  await assert.rejects(storeFile(want(path, { sizeBytes: 6 })), { code: 'checksum_mismatch', message: /5 bytes long, and 6/ });
  await assert.rejects(storeFile(want(path, { sha256: '0'.repeat(64) })), { code: 'checksum_mismatch' });
  assert.deepEqual(readdirSync(dirname(path)), []);
});

test('a disk without room is told before anything is fetched', async (t) => {
  const path = `${makeTestFolder(t)}/file.bin`;
  const fill = () => assert.fail('nothing is fetched');
  await assert.rejects(storeFile(want(path, { roomBytes: 2 ** 60, fill })), { code: 'disk_full', message: /GB free.*TB are needed/ });
});

test('a folder that cannot be made is named', async (t) => {
  const folder = makeTestFolder(t);
  writeFileSync(`${folder}/taken`, '');
  await assert.rejects(storeFile(want(`${folder}/taken/file.bin`)), { code: 'download_failed', message: /taken.*--cache-dir/ });
});

test('a process that is killed in its download leaves no final name, and the next run goes on', async (t) => {
  const { hub, folder, path } = await prepare(t);
  hub.holdAfterBytes = 1_000_000;
  const child = startDownload(folder, hub);
  await untilSays(child, /step Downloading/);
  await untilTrue(() => existsSync(partPathOf(path)) && readFileSync(partPathOf(path)).length > 0);
  child.kill('SIGKILL');
  await once(child, 'close');
  assert.equal(existsSync(path), false);
  assert.equal(existsSync(`${path}.lock`), true, 'the dead process could not take its lock away');
  const partBytes = readFileSync(partPathOf(path)).length;
  hub.holdAfterBytes = undefined;
  await installHubFile(file, recordOptions(folder, hub.url));
  assert.deepEqual(readFileSync(path), content);
  assert.equal(hub.seen.at(-1)?.range, `bytes=${partBytes}-`);
  assert.deepEqual(readdirSync(dirname(path)), ['model.gguf']);
});

test('two processes share one download, and the second says what it waits for', async (t) => {
  const { hub, folder, path } = await prepare(t);
  hub.holdAfterBytes = 1_000_000;
  const first = startDownload(folder, hub);
  await untilSays(first, /step Downloading/);
  const second = startDownload(folder, hub);
  await untilSays(second, /another rookery is downloading this/);
  hub.holdAfterBytes = undefined;
  const codes = await Promise.all([first, second].map(async (child) => (await once(child, 'close'))[0]));
  assert.deepEqual(codes, [0, 0]);
  assert.deepEqual(readFileSync(path), content);
  assert.equal(hub.seen.filter(({ method }) => method === 'GET').length, 1);
});

test('a process that waits takes over when the first is killed', async (t) => {
  const { hub, folder, path } = await prepare(t);
  hub.holdAfterBytes = 1_000_000;
  const first = startDownload(folder, hub);
  await untilSays(first, /step Downloading/);
  const second = startDownload(folder, hub);
  await untilSays(second, /another rookery is downloading this/);
  first.kill('SIGKILL');
  hub.holdAfterBytes = undefined;
  assert.deepEqual(await once(second, 'close'), [0, null]);
  assert.deepEqual(readFileSync(path), content);
});

async function prepare(t: TestContext) {
  const hub = await startLoopbackHub(t);
  hub.files.set(pathOnHub(file.repo, file.file), content);
  const folder = makeTestFolder(t);
  return { hub, folder, path: pathOfHubFile(folder, file) };
}

function startDownload(folder: string, hub: LoopbackHub): ChildProcess {
  return spawn(process.execPath, [program, folder, hub.url, `hf:${file.repo}/${file.file}`], { stdio: ['ignore', 'pipe', 'inherit'] });
}

function untilSays(child: ChildProcess, wanted: RegExp): Promise<void> {
  let said = '';
  return new Promise((resolve, reject) => {
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (wanted.test(said)) resolve();
    });
    child.once('close', () => reject(new Error(`it ended without saying ${wanted}: ${said}`)));
  });
}

async function untilTrue(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 5));
}
