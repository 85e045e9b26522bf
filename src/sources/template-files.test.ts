import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { writeScriptedModel } from '../testing/scripted-gguf.ts';
import { makeTestFolder } from './sources.test.support.ts';
import { findTemplates, type TemplatePlaces } from './template-files.ts';
import { fetchTemplates } from './template-url.ts';

function makePlaces(t: TestContext): TemplatePlaces & { readonly folder: string } {
  const folder = makeTestFolder(t);
  const [cacheFolder, hubCacheFolder, ownFolder] = ['cache', 'hub', 'own'].map((name) => join(folder, name));
  const places = { folder, cacheFolder: cacheFolder ?? '', hubCacheFolder: hubCacheFolder ?? '', ownFolder: ownFolder ?? '' };
  for (const each of [join(places.cacheFolder, 'models'), places.hubCacheFolder, places.ownFolder]) mkdirSync(each, { recursive: true });
  return places;
}

function writeFiles(folder: string, files: Readonly<Record<string, string>>): string {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

test('a template file is the template', async (t) => {
  const places = makePlaces(t);
  const path = join(writeFiles(places.folder, { 'mine.jinja': '{{ 1 }}' }), 'mine.jinja');
  assert.deepEqual(await findTemplates(path, places), { templates: { default: '{{ 1 }}' }, specialTokens: {}, origin: path });
});

test('in a folder the newer file wins over the configuration, and further ones have their names', async (t) => {
  const places = makePlaces(t);
  const folder = writeFiles(join(places.folder, 'model'), {
    'tokenizer_config.json': JSON.stringify({ eos_token: '</s>', chat_template: 'old' }),
    'chat_template.jinja': 'new',
    'additional_chat_templates/tool_use.jinja': 'tools',
  });
  const { templates, specialTokens } = await findTemplates(folder, places);
  assert.deepEqual(
    { templates, specialTokens },
    { templates: { default: 'new', tool_use: 'tools' }, specialTokens: { eos_token: '</s>' } },
  );
});

test("a model of the hub's cache is read at the commit that main names", async (t) => {
  const places = makePlaces(t);
  const repository = join(places.hubCacheFolder, 'models--acme--rook');
  writeFiles(repository, { 'refs/main': 'b2\n', 'snapshots/a1/chat_template.jinja': 'old', 'snapshots/b2/chat_template.jinja': 'current' });
  assert.deepEqual((await findTemplates('acme/rook', places)).templates, { default: 'current' });
});

test('a model file tells its templates, tokens and context; so does an installed model by its name', async (t) => {
  const places = makePlaces(t);
  const path = join(places.cacheFolder, 'models', 'Rook.gguf');
  writeScriptedModel(path, { scripts: 'caw', chatTemplate: 'plain', templateVariants: { tool_use: 'tools' }, contextTokens: 512 });
  const told = await findTemplates(path, places);
  assert.deepEqual(told.templates, { default: 'plain', tool_use: 'tools' });
  assert.deepEqual([told.specialTokens.eos_token, told.contextTokens], ['<|im_end|>', 512]);
  assert.deepEqual(await findTemplates('rook', places), told);
});

test('ours go by their names', async (t) => {
  const places = makePlaces(t);
  writeFiles(places.ownFolder, { 'llama-3-1.jinja': 'ours' });
  assert.deepEqual(await findTemplates('llama-3-1', places), { templates: { default: 'ours' }, specialTokens: {}, origin: 'llama-3-1' });
});

test('what cannot be found or read says why', async (t) => {
  const places = makePlaces(t);
  writeFiles(places.folder, { 'bad.json': '{', 'none/tokenizer_config.json': '{}', 'bytes.jinja': '' });
  writeFileSync(join(places.folder, 'bytes.jinja'), Buffer.from([0xff, 0xfe]));
  const refusal = async (reference: string) =>
    findTemplates(reference, places).then(
      () => assert.fail(reference),
      (error: Error) => error.message,
    );
  assert.match(await refusal('nobody/knows'), /No chat template is found for "nobody\/knows".*hub's cache/);
  assert.match(await refusal(join(places.folder, 'none')), /has no chat template/);
  assert.match(await refusal(join(places.folder, 'bad.json')), /it is not JSON/);
  assert.match(await refusal(join(places.folder, 'bytes.jinja')), /it is not UTF-8/);
});

test('a template is fetched from an address, as text or out of a configuration', async (t) => {
  const server = createServer((request, response) => {
    if (request.url === '/config.json') response.end(JSON.stringify({ chat_template: '{{ 2 }}' }));
    else if (request.url === '/t.jinja') response.end('{{ 1 }}');
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { signal } = new AbortController();
  assert.deepEqual((await fetchTemplates(`${base}/t.jinja`, signal)).templates, { default: '{{ 1 }}' });
  assert.deepEqual((await fetchTemplates(`${base}/config.json`, signal)).templates, { default: '{{ 2 }}' });
  await assert.rejects(fetchTemplates(`${base}/gone`, signal), { code: 'download_failed', message: /status 404/ });
});
