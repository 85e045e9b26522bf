import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { GatewayError } from '../protocol/error.ts';
import { findHubCacheFolder } from './hub-cache.ts';
import { findTokenizer } from './tokenizer-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'rookery-tokenizer-files-'));
const places = { cacheFolder: join(folder, 'cache'), hubCacheFolder: join(folder, 'hub') };
after(() => rmSync(folder, { recursive: true }));

function write(...path: readonly string[]): string {
  const file = join(folder, ...path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, '{}');
  return file;
}

const find = (reference: string) => findTokenizer(reference, places);

async function refusalOf(reference: string): Promise<string> {
  const error = await find(reference).then(
    () => assert.fail(`${reference} was found`),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof GatewayError && error.code === 'unknown_model', String(error));
  return error.message;
}

test('a file is found by its path, a tokenizer.json with the configuration beside it', async () => {
  const gguf = write('a', 'model.GGUF');
  const json = write('a', 'tokenizer.json');
  assert.deepEqual(await find(gguf), { kind: 'gguf', path: gguf });
  assert.deepEqual(await find(json), { kind: 'json', path: json });
  const configPath = write('a', 'tokenizer_config.json');
  assert.deepEqual(await find(json), { kind: 'json', path: json, configPath });
  assert.deepEqual(await find(join(folder, 'a')), { kind: 'json', path: json, configPath });
});

test('a folder with one model is that model, and its first piece where it has several', async () => {
  const only = write('one', 'm.gguf');
  assert.deepEqual(await find(join(folder, 'one')), { kind: 'gguf', path: only });
  const first = write('pieces', 'm-00001-of-00002.gguf');
  write('pieces', 'm-00002-of-00002.gguf');
  assert.deepEqual(await find(join(folder, 'pieces')), { kind: 'gguf', path: first });
  write('several', 'a.gguf');
  write('several', 'b.gguf');
  assert.match(await refusalOf(join(folder, 'several')), /several models.*a\.gguf, b\.gguf/);
  mkdirSync(join(folder, 'empty'));
  assert.match(await refusalOf(join(folder, 'empty')), /neither a tokenizer\.json nor a GGUF/);
});

test('an installed model is found by its name', async () => {
  const path = write('cache', 'models', 'hf', 'o', 'r', 'My-Model.gguf');
  assert.deepEqual(await find('my-model'), { kind: 'gguf', path });
  assert.match(await refusalOf('my-modl'), /Did you mean my-model\?/);
  assert.match(await refusalOf('qwen3-4b'), /rookery pull qwen3-4b/);
});

test('a model of the hub cache is found by owner and name, at the revision that is meant', async () => {
  const repository = ['hub', 'models--Qwen--Qwen3'];
  const old = write(...repository, 'snapshots', 'aaa', 'tokenizer.json');
  assert.deepEqual(await find('Qwen/Qwen3'), { kind: 'json', path: old });
  const current = write(...repository, 'snapshots', 'bbb', 'tokenizer.json');
  writeFileSync(write(...repository, 'refs', 'main'), 'bbb\n');
  assert.deepEqual(await find('Qwen/Qwen3'), { kind: 'json', path: current });
  assert.deepEqual(await find('Qwen/Qwen3@aaa'), { kind: 'json', path: old });
  assert.match(await refusalOf('Qwen/Qwen3@ccc'), /hf download Qwen\/Qwen3 tokenizer\.json/);
});

test('what is nowhere is refused with the next step', async () => {
  assert.match(await refusalOf('owner/name'), /hf download owner\/name tokenizer\.json/);
  assert.match(await refusalOf('none.gguf'), /There is no file .*none\.gguf/);
  assert.match(await refusalOf('../../etc'), /No model|neither/);
  assert.match(await refusalOf('zzz'), /Known: .*smollm2-135m-instruct/);
});

test('the hub cache is where its own tools keep it', () => {
  const cases: readonly (readonly [environment: Record<string, string>, expected: string])[] = [
    [{ HF_HUB_CACHE: '/a', HF_HOME: '/b' }, '/a'],
    [{ HUGGINGFACE_HUB_CACHE: '/a' }, '/a'],
    [{ HF_HOME: '/b', XDG_CACHE_HOME: '/c' }, '/b/hub'],
    [{ XDG_CACHE_HOME: '/c' }, '/c/huggingface/hub'],
    [{ XDG_CACHE_HOME: 'relative', HF_HOME: '' }, join(homedir(), '.cache', 'huggingface', 'hub')],
  ];
  for (const [environment, expected] of cases) assert.equal(findHubCacheFolder(environment), expected);
});
