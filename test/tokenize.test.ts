import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { writeScriptedModel } from 'rookery/testing';
import { mainPath, tinyModel } from './program.ts';

const folder = mkdtempSync(join(tmpdir(), 'rookery-tokenize-'));
after(() => rmSync(folder, { recursive: true }));

/** Runs `rookery tokenize`; `input` is what comes through the pipe. */
function tokenize(args: readonly string[], input = '') {
  const { stdout, stderr, status } = spawnSync(process.execPath, [mainPath, 'tokenize', ...args], {
    encoding: 'utf8',
    input,
    timeout: 60_000,
  });
  return { stdout, stderr, status };
}

describe('rookery tokenize with the tiny model', { skip: process.env.ROOKERY_TINY_MODEL_MISSING ?? false }, () => {
  const text = '<|im_start|>user\n 你😀<|im_end|>';

  test('prints ids with their pieces, special tokens marked', () => {
    const { stdout, stderr, status } = tokenize([tinyModel, text]);
    assert.deepEqual([status, stderr], [0, '']);
    assert.match(stdout, /^ +1 {2}<\|im_start\|> {2}special\n +\d+ {2}\|user\|\n/);
    assert.match(stdout, /\|\\n\|/);
    assert.match(stdout, /\n\d+ tokens, 2 of them special\n$/);
  });

  test('reads a pipe, and ids go back to the same text', () => {
    const ids = tokenize([tinyModel, '--ids'], text).stdout;
    assert.match(ids, /^1 \d[\d ]* 2\n$/);
    assert.equal(tokenize([tinyModel, '--decode', ids]).stdout, `${text}\n`);
    assert.equal(tokenize([tinyModel, '--decode', '-'], `[${ids.trim().replaceAll(' ', ', ')}]`).stdout, `${text}\n`);
    assert.equal(tokenize([tinyModel, '--count', text]).stdout, `${ids.trim().split(' ').length}\n`);
    assert.deepEqual(JSON.parse(tokenize([tinyModel, '--json', text]).stdout).ids.join(' '), ids.trim());
  });

  test('takes special tokens for plain text where it is asked to', () => {
    const { tokens } = JSON.parse(tokenize([tinyModel, '--plain', '--json', text]).stdout) as {
      tokens: { text: string; special: boolean }[];
    };
    assert.ok(tokens.every(({ special }) => !special));
    assert.match(tokens.map((token) => token.text).join(''), /^<\|im_start\|>user/);
  });
});

test('a model file is read without its weights, in whatever folder it lies', () => {
  const { path } = writeScriptedModel(join(folder, 'scripted.gguf'), { scripts: 'Good day' });
  const { stdout, status } = tokenize([path, '--decode', tokenize([path, '--ids', 'Hi there']).stdout]);
  assert.deepEqual([stdout, status], ['Hi there\n', 0]);
  assert.equal(tokenize([folder, '--count', 'Hi']).status, 0);
});

test('what does not go together, or is not there, is refused with the next step', () => {
  const cases: readonly (readonly [args: readonly string[], status: number, words: RegExp])[] = [
    [['no-such-model', 'x'], 1, /No model is named "no-such-model".*\n +Next:/],
    [['owner/name', 'x'], 1, /hf download owner\/name tokenizer\.json/],
    [[join(folder, 'none.gguf'), 'x'], 1, /There is no file .*none\.gguf/],
    [[mainPath, 'x'], 1, /main\.js.*GGUF/],
    [['m', '--ids', '--count', 'x'], 2, /--ids and --count do not go together/],
    [['m', '--decode', '--add-special', '1'], 2, /--add-special does not go with --decode/],
    [[], 2, /Name a model, or a running server/],
  ];
  for (const [args, status, words] of cases) {
    const answer = tokenize(args);
    assert.equal(answer.status, status, answer.stderr);
    assert.match(answer.stderr, words);
    assert.equal(answer.stdout, '');
  }
});
