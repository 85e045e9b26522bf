import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { type ErrorCode, GatewayError } from '../protocol/error.ts';
import type { JsonObject } from '../protocol/json.ts';
import { bytePairJson, literal, plain } from '../tokenizers/small-tokenizers.test.support.ts';
import { createTokenizer } from '../tokenizers/tokenizer.ts';
import { readTokenizerJson } from '../tokenizers/tokenizer-json.ts';
import type { TokenizerSource } from '../tokenizers/tokenizer-source.ts';
import { openTokenizer } from './tokenizer.ts';

const folder = mkdtempSync(join(tmpdir(), 'rookery-tokenizer-'));
const json = bytePairJson({ merges: [['h', 'i']], added: [{ content: '<|end|>' }] });

function write(name: string, content: JsonObject | string): TokenizerSource {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return { kind: name.endsWith('.json') ? 'json' : 'gguf', path };
}

const source = write('tokenizer.json', json);

function isError(code: ErrorCode, words: RegExp) {
  return (error: unknown) => error instanceof GatewayError && error.code === code && words.test(error.message);
}

after(() => rmSync(folder, { recursive: true }));

describe('a tokenizer in its thread', () => {
  const tokenizer = openTokenizer(source);
  after(() => tokenizer.close());

  test('gives what the tokenizer itself gives', async () => {
    const here = await createTokenizer(readTokenizerJson(json, undefined));
    const segments = [...plain('hi<|end|>'), ...literal('<|end|>')];
    const ids = here.encode(segments);
    assert.deepEqual(await tokenizer.encode(segments), ids);
    assert.equal(await tokenizer.decode(ids), here.decode(ids));
    assert.equal(await tokenizer.decode(ids, { skipSpecial: true }), here.decode(ids, { skipSpecial: true }));
    assert.deepEqual(await tokenizer.count([segments, [], plain('hi')]), [ids.length, 0, 1]);
    const { fingerprint, vocabularyTokens, specials } = await tokenizer.describe();
    assert.deepEqual([fingerprint, vocabularyTokens, specials], [here.fingerprint, here.vocabularyTokens, here.specials()]);
    assert.deepEqual(await tokenizer.pieces([256, 257]), [
      { id: 256, text: 'hi', isSpecial: false },
      { id: 257, text: '<|end|>', isSpecial: true },
    ]);
  });

  test('answers many questions at once, each with its own answer', async () => {
    const texts = Array.from({ length: 50 }, (_, index) => `${index} hi`);
    const answers = await Promise.all(texts.map(async (text) => tokenizer.decode(await tokenizer.encode(plain(text)))));
    assert.deepEqual(answers, texts);
  });
});

describe('a tokenizer that cannot be', () => {
  const cases: readonly (readonly [what: string, source: TokenizerSource, code: ErrorCode, words: RegExp])[] = [
    ['a file that is gone', { kind: 'json', path: join(folder, 'none.json') }, 'model_file_invalid', /none\.json.*ENOENT/],
    ['broken JSON', write('broken.json', '{"model": '), 'model_file_invalid', /broken\.json.*JSON/],
    ['another JSON file', write('other.json', { a: 1 }), 'model_file_invalid', /other\.json.*`model`/],
    ['an unknown kind', write('strange.json', { ...json, decoder: { type: 'Odd' } }), 'unsupported_feature', /Odd/],
    ['a file that is no GGUF', write('text.gguf', 'hello, this is text'), 'model_file_invalid', /text\.gguf.*GGUF/],
    ['a GGUF file that is cut off', write('cut.gguf', 'GGUF\u0003\0\0\0'), 'model_file_invalid', /cut\.gguf.*ends in the middle/],
  ];
  for (const [what, wrong, code, words] of cases) {
    test(`${what} is refused at each call, naming the file`, async () => {
      const tokenizer = openTokenizer(wrong);
      await assert.rejects(tokenizer.encode(plain('a')), isError(code, words));
      await assert.rejects(tokenizer.describe(), isError(code, words));
      await tokenizer.close();
    });
  }
});

test('a call that takes too long ends its thread, and the next call starts a new one', async () => {
  const tokenizer = openTokenizer(source, { timeLimitMs: 1 });
  const slow = literal('x'.repeat(20_000_000));
  const calls = [tokenizer.encode(slow), tokenizer.encode(plain('hi'))];
  for (const call of calls) await assert.rejects(call, isError('engine_failed', /0\.001 s and was stopped/));
  await tokenizer.close();
  const patient = openTokenizer(source, { timeLimitMs: 60_000 });
  assert.deepEqual(await patient.encode(plain('hi')), [256]);
  await patient.close();
});

test('a thread that needs too much memory is ended, and the process lives', async () => {
  const tokenizer = openTokenizer(source, { mostMegabytes: 16 });
  const words = Array.from({ length: 3_000_000 }, (_, index) => `w${index.toString(36)}`).join(' ');
  await assert.rejects(tokenizer.encode(literal(words)), isError('engine_failed', /memory/));
  assert.deepEqual(await tokenizer.encode(plain('hi')), [256]);
  await tokenizer.close();
});

test('closing refuses calls under way and later ones', async () => {
  const tokenizer = openTokenizer(source);
  const call = assert.rejects(tokenizer.encode(plain('hi')), isError('shutting_down', /closed/));
  await tokenizer.close();
  await call;
  await assert.rejects(tokenizer.describe(), isError('shutting_down', /closed/));
  await tokenizer.close();
});

test('a tokenizer that was used and not closed does not keep the process alive', () => {
  const code = `
    const { openTokenizer } = await import(${JSON.stringify(new URL('./tokenizer.js', import.meta.url).href)});
    const tokenizer = openTokenizer(${JSON.stringify(source)});
    process.stdout.write(String(await tokenizer.encode([{ text: 'hi', isLiteral: false }])));`;
  const { stdout, status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', code], {
    encoding: 'utf8',
    timeout: 60_000,
  });
  assert.deepEqual([stdout, status, stderr], ['256', 0, '']);
});
