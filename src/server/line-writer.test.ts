import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { Writable } from 'node:stream';
import { test } from 'node:test';
import { openLineWriter } from './line-writer.ts';

const path = new URL('./line-writer.js', import.meta.url).href;

function record() {
  const written: string[] = [];
  const write = (text: string, _encoding: string, done: () => void): void => {
    written.push(text);
    done();
  };
  const stream = new Writable({ decodeStrings: false, write });
  return { written, write: openLineWriter(stream) };
}

test('lines of one turn are one write, in their order', async () => {
  const { written, write } = record();
  for (const line of ['a\n', 'b\n', 'c\n']) write(line);
  assert.deepEqual(written, []);
  await new Promise(setImmediate);
  write('d\n');
  await new Promise(setImmediate);
  assert.deepEqual(written, ['a\nb\nc\n', 'd\n']);
});

test('a flood does not wait', () => {
  const { written, write } = record();
  for (let count = 0; count < 2000; count++) write(`${'x'.repeat(99)}\n`);
  assert.ok(written.length > 0);
  assert.ok(written.every((text) => text.length < 70_000));
});

test('what waits when the process ends is written, also where it ends by a fault', () => {
  for (const end of ['process.exit(0)', 'throw new Error("gone")']) {
    const script = `import { openLineWriter } from '${path}'; openLineWriter(process.stdout)('last words\\n'); ${end}`;
    assert.equal(spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' }).stdout, 'last words\n');
  }
});
