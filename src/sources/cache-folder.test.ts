import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { findCacheFolder, measureFolder } from './cache-folder.ts';
import { formatBytes, formatSeconds } from './format-bytes.ts';
import { makeTestFolder } from './sources.test.support.ts';

test('the cache folder is the option, else below XDG_CACHE_HOME, else below the home folder', () => {
  const home = join(homedir(), '.cache', 'rookery');
  assert.equal(findCacheFolder('/given', '/xdg'), '/given');
  assert.equal(findCacheFolder('given', undefined), join(process.cwd(), 'given'));
  assert.equal(findCacheFolder(undefined, '/xdg'), '/xdg/rookery');
  assert.equal(findCacheFolder(undefined, 'relative'), home);
  assert.equal(findCacheFolder(undefined, ''), home);
  assert.equal(findCacheFolder(undefined, undefined), home);
});

test('a folder is as large as the files below it', async (t) => {
  const folder = makeTestFolder(t);
  mkdirSync(`${folder}/a/b`, { recursive: true });
  writeFileSync(`${folder}/one`, Buffer.alloc(10));
  writeFileSync(`${folder}/a/b/two`, Buffer.alloc(32));
  assert.equal(await measureFolder(folder), 42);
  assert.equal(await measureFolder(`${folder}/missing`), 0);
});

test('bytes and times read as people write them', () => {
  assert.deepEqual([0, 999, 1_000, 98_362_432, 1_107_409_472, 2e12].map(formatBytes), [
    '0 B',
    '999 B',
    '1 kB',
    '98 MB',
    '1.1 GB',
    '2.0 TB',
  ]);
  assert.deepEqual([0.4, 59, 60, 125, 4_350].map(formatSeconds), ['0 s', '59 s', '1 min 0 s', '2 min 5 s', '1 h 12 min']);
});
