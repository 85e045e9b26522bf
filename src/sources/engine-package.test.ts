import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { enginePackageVersion, installEnginePackage, locateEnginePackage, manifestFor } from './engine-package.ts';
import { makeTestFolder, recordOptions } from './sources.test.support.ts';

test('the package beside rookery is found without any network', async (t) => {
  const found = await locateEnginePackage({ ...recordOptions(makeTestFolder(t), ''), usesGpu: false, mayInstall: false });
  assert.match(found, /^file:.*\/node_modules\/node-llama-cpp\/dist\/index\.js$/);
  assert.ok(existsSync(fileURLToPath(found)));
});

test('the version that is fetched is the one the root package pins', async () => {
  const root = new URL(import.meta.resolve('rookery/package.json'));
  const { peerDependencies, overrides } = JSON.parse(readFileSync(root, 'utf8'));
  assert.equal(peerDependencies['node-llama-cpp'], enginePackageVersion);
  const manifest = manifestFor(['linux-x64']) as { overrides: Record<string, object> };
  assert.deepEqual(Object.keys(manifest.overrides['node-llama-cpp'] ?? {}), Object.keys(overrides['node-llama-cpp']));
});

test('the build for the platform itself is never replaced', () => {
  const { overrides } = manifestFor(['linux-arm64']) as { overrides: Record<string, object> };
  assert.ok(!('@node-llama-cpp/linux-arm64' in (overrides['node-llama-cpp'] ?? {})));
});

test('a package that lies in the cache is not fetched again, and a failed fetch leaves nothing', async (t) => {
  const folder = `${makeTestFolder(t)}/engines/node-llama-cpp-${enginePackageVersion}`;
  const stop = new AbortController();
  const options = { ...recordOptions('', ''), usesGpu: false };
  stop.abort(new Error('enough'));
  await assert.rejects(installEnginePackage(folder, ['linux-x64'], { ...options, signal: stop.signal }), /enough/);
  assert.deepEqual(readdirSync(dirname(folder)), []);
  mkdirSync(`${folder}/node_modules/node-llama-cpp/dist`, { recursive: true });
  writeFileSync(`${folder}/node_modules/node-llama-cpp/dist/index.js`, '');
  const later = { ...recordOptions('', ''), usesGpu: false };
  await installEnginePackage(folder, ['linux-x64'], later);
  assert.deepEqual(later.said, []);
});
