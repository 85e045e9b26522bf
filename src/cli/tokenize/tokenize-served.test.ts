import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { after, test } from 'node:test';
import { GatewayError } from '../../protocol/error.ts';
import { type FakeFaceName, startFakeEngine } from '../../testing/index.ts';
import { bytePairJson } from '../../tokenizers/small-tokenizers.test.support.ts';
import { createStyle } from '../output.ts';
import type { TokenizeFlags } from './tokenize.ts';
import { tokenizeServed } from './tokenize-served.ts';

const folder = mkdtempSync(join(tmpdir(), 'rookery-served-'));
after(() => rmSync(folder, { recursive: true }));

function writeTokenizer(name: string, content: object): string {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(content));
  return path;
}

const bytes = writeTokenizer('bytes.json', bytePairJson());
const merged = writeTokenizer('merged.json', bytePairJson({ merges: [['l', 'l']] }));

async function run(face: FakeFaceName, given: string | undefined, flags: TokenizeFlags = {}) {
  const engine = await startFakeEngine({ face });
  let text = '';
  let failure: GatewayError | undefined;
  const settings = {
    ...{ environment: {}, style: createStyle(false), signal: new AbortController().signal },
    write: (piece: string) => void (text += piece),
    input: Readable.from([Buffer.from('Hi')]),
  };
  try {
    await tokenizeServed(given, { ...flags, server: engine.origin }, settings);
  } catch (error) {
    assert.ok(error instanceof GatewayError, String(error));
    failure = error;
  } finally {
    await engine.close();
  }
  return { text, failure };
}

for (const face of ['llama-server', 'vllm'] as const) {
  test(`${face}: tokens, ids, counts and texts in every form`, async () => {
    assert.equal((await run(face, 'Hi', { ids: true })).text, '72 105\n');
    assert.equal((await run(face, 'Hi', { ids: true, json: true })).text, '[72,105]\n');
    assert.equal((await run(face, 'Zü', { count: true })).text, '3\n');
    assert.equal((await run(face, undefined)).text, ' 72  |H|\n105  |i|\n2 tokens\n');
    assert.equal((await run(face, '-', { ids: true })).text, '72 105\n');
    const told = JSON.parse((await run(face, 'Hi', { json: true })).text) as object;
    assert.deepEqual(told, {
      count: 2,
      ids: [72, 105],
      tokens: [
        { id: 72, text: 'H' },
        { id: 105, text: 'i' },
      ],
    });
    assert.equal((await run(face, '[72, 105]', { decode: true })).text, 'Hi\n');
    assert.equal((await run(face, '72', { decode: true, json: true })).text, '{"text":"H"}\n');
  });

  test(`${face}: a tokenizer at hand that agrees`, async () => {
    const { text, failure } = await run(face, 'Hello', { against: bytes });
    assert.equal(failure, undefined);
    assert.match(text, /^✔ the same 5 tokens from .* and .*bytes\.json\n$/);
  });

  test(`${face}: the first token where a tokenizer at hand differs`, async () => {
    const { text, failure } = await run(face, 'Hello', { against: merged });
    assert.equal(failure?.code, 'tokens_differ');
    assert.match(text, /✖ 5 and 4 tokens, different from token 3 on/);
    assert.match(text, /72 \|H\| {2}101 \|e\| » 108 \|l\| {2}108 \|l\| {2}111 \|o\|\n/);
    assert.match(text, /72 \|H\| {2}101 \|e\| » 256 \|ll\| {2}111 \|o\|\n/);
    const json = JSON.parse((await run(face, 'Hello', { against: merged, json: true })).text) as {
      firstDifference: number;
      isEqual: boolean;
    };
    assert.deepEqual([json.isEqual, json.firstDifference], [false, 2]);
  });
}

test('vLLM cannot take special tokens as plain text, and is not asked to', async () => {
  const { failure } = await run('vllm', 'Hi', { plain: true });
  assert.equal(failure?.code, 'unsupported_feature');
  assert.equal((await run('llama-server', 'Hi', { plain: true, ids: true })).text, '72 105\n');
});

test('a server without a route to its tokenizer: what to do instead', async () => {
  for (const face of ['ollama', 'openai'] as const) {
    const { failure } = await run(face, 'Hi');
    assert.equal(failure?.code, 'unsupported_feature');
    assert.match(failure?.message ?? '', /Name the model's own files instead/);
  }
});

test('what is no id is refused before the server is asked', async () => {
  assert.equal((await run('vllm', '1 x', { decode: true })).failure?.code, 'bad_usage');
});
