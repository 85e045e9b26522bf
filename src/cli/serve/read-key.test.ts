import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { GatewayError } from '../../protocol/error.ts';
import { readKey } from './read-key.ts';

const good = 'f3Zq8LmW2rTn5YxC';

async function codeFor(reference: Parameters<typeof readKey>[0], environment: Record<string, string> = {}): Promise<string> {
  const error = await readKey(reference, environment).then(
    () => new Error('accepted'),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof GatewayError);
  for (const secret of Object.values(environment)) if (secret !== '') assert.ok(!error.message.includes(secret), error.message);
  return error.code;
}

test('no reference means no key', async () => {
  assert.equal(await readKey({}, {}), undefined);
});

test('a key comes from the environment, and a shell line names it without showing it', async () => {
  assert.deepEqual(await readKey({ key: 'env:MY_KEY' }, { MY_KEY: good }), { key: good, shellText: '$MY_KEY' });
});

test('a key comes from a file, without its line end', async (context) => {
  const folder = await mkdtemp(join(tmpdir(), 'rookery-key-'));
  context.after(() => rm(folder, { recursive: true }));
  const path = join(folder, "it's a key");
  await writeFile(path, `${good}\n`);
  assert.deepEqual(await readKey({ keyFile: path }, {}), { key: good, shellText: `$(cat '${path.replace("'", "'\\''")}')` });
});

for (const bad of [
  '',
  '  ',
  'short',
  'sk-1234567890abcdef',
  'changeme-changeme',
  'your-api-key-here',
  'aaaaaaaaaaaaaaaaaaaa',
  'two words of a key!',
  '<put your key here>',
]) {
  test(`the key ${JSON.stringify(bad)} is refused`, async () => {
    assert.equal(await codeFor({ key: 'env:MY_KEY' }, { MY_KEY: bad }), 'key_unusable');
  });
}

test('a missing variable and a missing file are refused', async () => {
  assert.equal(await codeFor({ key: 'env:NONE' }), 'key_unusable');
  assert.equal(await codeFor({ keyFile: '/nowhere/key' }), 'key_unusable');
});

test('a key on the command line, or two references, are wrong usage, and the key is not repeated', async () => {
  const error = await readKey({ key: good }, {}).catch((thrown: unknown) => thrown);
  assert.ok(error instanceof GatewayError && error.code === 'bad_usage' && !error.message.includes(good));
  assert.equal(await codeFor({ key: 'env:A', keyFile: 'b' }), 'bad_usage');
});
