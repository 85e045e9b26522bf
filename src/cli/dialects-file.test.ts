import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { stringify } from 'yaml';
import type { DialectDefinition } from '../dialects/dialect.ts';
import { dialects as builtIn } from '../dialects/index.ts';
import { sampleDialects } from '../dialects/validate/sample-dialects.test.support.ts';
import { loadDialects } from './dialects-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'rookery-dialects-'));
after(() => rmSync(folder, { recursive: true }));

function write(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

for (const [name, definition] of Object.entries(sampleDialects)) {
  test(`a dialect in YAML is taken as it is: ${name}`, async () => {
    const { dialects } = await loadDialects(write('sample.yaml', stringify({ dialects: { acme: definition } })));
    assert.deepEqual(dialects.acme, definition);
  });
}

test('the dialects of the house survive YAML unchanged, with their first example', async () => {
  const all: readonly (readonly [string, DialectDefinition])[] = Object.entries(builtIn);
  for (const [name, { aliases: _aliases, examples, ...others }] of all) {
    // each example is read at every split when a file is loaded: test/dialect-files.test.ts has them all
    const definition = { ...others, examples: examples.slice(0, 1) };
    const { dialects } = await loadDialects(write('own.yaml', stringify({ own: definition })));
    assert.deepEqual((dialects as Record<string, DialectDefinition>).own, definition, name);
  }
});

test('JSON is read too, and the dialects of the house are there besides', async () => {
  const { dialects, models } = await loadDialects(
    write('acme.json', JSON.stringify({ acme: { ...sampleDialects.pairs, models: ['acme/*'] } })),
  );
  assert.deepEqual(Object.keys(dialects), [...Object.keys(builtIn), 'acme']);
  assert.deepEqual(models, [{ pattern: 'acme/*', dialect: 'acme' }]);
});

const wrongFiles: readonly (readonly [what: string, content: string | Uint8Array, message: RegExp])[] = [
  ['a quote that is not closed', 'dialects:\n  acme:\n    about: "oh', /wrong\.yaml:3:\d+: something that was opened is not closed/],
  ['a key that is there twice', 'acme:\n  about: a\n  about: b\n', /wrong\.yaml:3:3: this key is in the same map twice/],
  [
    'a misspelt key',
    'dialects:\n  acme:\n    layuot: {}\n',
    /wrong\.yaml:3:13: dialects\.acme\.layuot: this key is not known\. Did you mean `layout`\?/,
  ],
  ['a missing key', 'dialects:\n  acme:\n    about: Acme\n', /wrong\.yaml:3:5: dialects\.acme: the key `layout` is missing/],
  ['an empty file', '', /wrong\.yaml:1:1: the file: expected an object with `dialects`, found nothing/],
  ['text that is no map', 'hello', /wrong\.yaml:1:1: the file: expected an object/],
  ['two documents', 'a: 1\n---\nb: 2\n', /wrong\.yaml:\d+:\d+: a file holds one document/],
  ['bytes that are no text', Uint8Array.of(0x61, 0xff, 0x0a), /wrong\.yaml is not UTF-8 text/],
  ['a file that is too long', `# ${'x'.repeat(1024 * 1024)}`, /wrong\.yaml is longer than 1048576 bytes/],
  [
    'a value that JSON cannot hold',
    stringify({ a: { ...sampleDialects.pairs, examples: [{ written: '', calls: [{ name: 'f', arguments: Number.NaN }] }] } }),
    /arguments: expected a number that JSON can hold, found NaN/,
  ],
  [
    'aliases that would fill the memory',
    `a: &a [1,1,1,1,1,1,1,1,1]\n${[...'bcdefgh'].map((name, index) => `${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[index]}`).join(',')}]`).join('\n')}`,
    /wrong\.yaml: it holds aliases that grow without end/,
  ],
];

for (const [what, content, message] of wrongFiles) {
  test(`${what} is refused with its place`, async () => {
    await assert.rejects(loadDialects(write('wrong.yaml', content)), { name: 'GatewayError', code: 'dialects_invalid', message });
  });
}

test('a file that is not there is told by its name', async () => {
  await assert.rejects(loadDialects(join(folder, 'none.yaml')), {
    code: 'dialects_invalid',
    message: /none\.yaml cannot be read \(ENOENT\)/,
  });
  await assert.rejects(loadDialects(folder), { code: 'dialects_invalid', message: /cannot be read \(EISDIR\)/ });
});
