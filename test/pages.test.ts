import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { readConfiguration } from '#dist/server/config/index.js';

test('the generated pages of docs are those of the built program', () => {
  const script = fileURLToPath(new URL('../../scripts/generate-docs.mjs', import.meta.url));
  const { status, stderr } = spawnSync(process.execPath, [script, '--check'], { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
});

test('the example of docs/configuration.md is right', async () => {
  const page = await readFile(fileURLToPath(new URL('../../docs/configuration.md', import.meta.url)), 'utf8');
  const [, example = ''] = /```yaml\n(server:[\s\S]*?)```/.exec(page) ?? [];
  const environment = { ROOKERY_KEY: 'a-key-that-nobody-knows', VLLM_KEY: 'x-0123456789', EXAMPLE_KEY: 'y-0123456789' };
  const reading = await readConfiguration('rookery.yaml', { environment, readFile: async () => example });
  assert.deepEqual([reading.isUsable ? [] : reading.faults, reading.warnings], [[], []]);
});
