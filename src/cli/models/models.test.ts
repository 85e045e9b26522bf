import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { pathOnHub, startLoopbackHub } from '../../sources/loopback-hub.test.support.ts';
import { makeTestFolder, writeTestModel } from '../../sources/sources.test.support.ts';
import { listModels, renderModels } from './list.ts';

const program = fileURLToPath(new URL('../main.js', import.meta.url));

function start(...args: readonly string[]): {
  readonly child: ChildProcess;
  readonly ended: Promise<{ code: number | null; out: string; error: string }>;
} {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let error = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => void (out += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => void (error += text));
  return { child, ended: once(child, 'close').then(([code]) => ({ code: code as number | null, out, error })) };
}

test('pull fetches a file of a hub, says where it lies, and does nothing the second time', async (t) => {
  const folder = makeTestFolder(t);
  const hub = await startLoopbackHub(t);
  writeTestModel(`${folder}/source.gguf`);
  hub.files.set(pathOnHub('owner/repo', 'model.gguf'), readFileSync(`${folder}/source.gguf`));
  const args = ['pull', 'hf:owner/repo/model.gguf', '--cache-dir', folder, '--hub', hub.url];
  const first = await start(...args).ended;
  assert.deepEqual([first.code, first.out], [0, `Fetched: ${folder}/models/hf/owner/repo/model.gguf (${first.out.split('(')[1]}`]);
  assert.match((await start(...args).ended).out, /^Already here: /);
});

test('pull refuses a wrong name before it fetches anything', async (t) => {
  const folder = makeTestFolder(t);
  const { code, error } = await start('pull', 'hf:owner/repo/model.gguf', 'smollm', '--cache-dir', `${folder}/cache`).ended;
  assert.equal(code, 1);
  assert.match(error, /Did you mean smollm2-135m-instruct\?[\s\S]*\(unknown_model\)/);
  assert.equal(existsSync(`${folder}/cache`), false);
});

test('Ctrl-C ends a pull and leaves only what the next one goes on with', async (t) => {
  const folder = makeTestFolder(t);
  const hub = await startLoopbackHub(t);
  hub.files.set(pathOnHub('owner/repo', 'model.gguf'), Buffer.alloc(1_000_000));
  hub.holdAfterBytes = 500_000;
  const { child, ended } = start('pull', 'hf:owner/repo/model.gguf', '--cache-dir', folder, '--hub', hub.url);
  const place = `${folder}/models/hf/owner/repo`;
  while (!existsSync(`${place}/model.gguf.part`)) await new Promise((resolve) => setTimeout(resolve, 10));
  child.kill('SIGINT');
  const { code, error } = await ended;
  assert.equal(code, 130);
  assert.match(error, /Stopped/);
  assert.deepEqual(readdirSync(place).sort(), ['model.gguf.part', 'model.gguf.part.json']);
});

test('models lists what is known and what lies in the cache', async (t) => {
  const folder = makeTestFolder(t);
  mkdirSync(`${folder}/models/hf/a/b`, { recursive: true });
  writeTestModel(`${folder}/models/SmolLM2-135M-Instruct.Q4_1.gguf`);
  writeTestModel(`${folder}/models/hf/a/b/Other.gguf`);
  const models = await listModels(folder);
  const installed = models.filter(({ isInstalled }) => isInstalled).map(({ id }) => id);
  assert.deepEqual(installed, ['smollm2-135m-instruct', 'other']);
  const table = renderModels(models, folder);
  assert.match(table, /^MODEL +SIZE +HERE +GOOD FOR\nsmollm2-135m-instruct +\d+ kB +installed +trying/);
  assert.match(table, /\nqwen3-4b +~2\.5 GB +rookery pull qwen3-4b +agents/);
  const { out, code } = await start('models', '--json', '--cache-dir', folder).ended;
  assert.equal(code, 0);
  assert.deepEqual(JSON.parse(out), { cacheFolder: folder, models: JSON.parse(JSON.stringify(models)) });
});
