import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { writeNewFile } from './write-new-file.ts';

test('a file that is there is replaced only when told so', async (context) => {
  const folder = await mkdtemp(join(tmpdir(), 'rookery-config-'));
  context.after(() => rm(folder, { recursive: true }));
  const file = join(folder, 'rookery.yaml');
  await writeNewFile(file, 'first', {});
  await assert.rejects(writeNewFile(file, 'second', {}), { code: 'bad_usage', message: /is there already\. .*--force/ });
  assert.equal(await readFile(file, 'utf8'), 'first');
  await writeNewFile(file, 'second', { force: true });
  assert.equal(await readFile(file, 'utf8'), 'second');
  await assert.rejects(writeNewFile(join(folder, 'none', 'a.yaml'), '', {}), {
    code: 'bad_usage',
    message: /cannot be written \(ENOENT\)/,
  });
});
