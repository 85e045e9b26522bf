import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { readGgufFileInfo } from 'node-llama-cpp';
import { writeGguf } from './gguf-writer.ts';

const folder = mkdtempSync(join(tmpdir(), 'rookery-gguf-'));
after(() => rmSync(folder, { recursive: true, force: true }));

test('another reader finds the metadata and tensors that were written', async () => {
  const path = join(folder, 'all.gguf');
  writeGguf(path, {
    metadata: {
      'general.architecture': { type: 'string', value: 'llama' },
      'general.name': { type: 'string', value: 'naïve 🎉' },
      'llama.context_length': { type: 'uint32', value: 4_000_000_000 },
      'llama.embedding_length': { type: 'int32', value: -7 },
      'tokenizer.ggml.add_bos_token': { type: 'bool', value: true },
      'tokenizer.ggml.tokens': { type: 'string[]', value: Array.from({ length: 20_000 }, (_, index) => `token ${index}`) },
      'tokenizer.ggml.token_type': { type: 'int32[]', value: [1, -2, 3] },
      'tokenizer.ggml.scores': { type: 'float32[]', value: [0.5, -1.25] },
    },
    tensors: [
      { name: 'first', shape: [3], data: Float32Array.of(1, 2, 3) },
      { name: 'second', shape: [2, 2], data: Float32Array.of(4, 5, 6, 7) },
    ],
  });
  const info = await readGgufFileInfo(path, { logWarnings: false });
  const metadata = info.metadata as unknown as Record<string, Record<string, unknown>>;
  assert.equal(info.version, 3);
  assert.equal(metadata.general?.name, 'naïve 🎉');
  assert.equal(metadata.llama?.context_length, 4_000_000_000);
  assert.equal(metadata.llama?.embedding_length, -7);
  const tokenizer = metadata.tokenizer?.ggml as Record<string, unknown>;
  assert.equal(tokenizer.add_bos_token, true);
  assert.equal((tokenizer.tokens as string[])[19_999], 'token 19999');
  assert.deepEqual(tokenizer.token_type, [1, -2, 3]);
  assert.deepEqual(tokenizer.scores, [0.5, -1.25]);
  assert.deepEqual(
    info.fullTensorInfo?.map(({ name, dimensions, offset }) => ({ name, dimensions, offset })),
    [
      { name: 'first', dimensions: [3], offset: 0 },
      { name: 'second', dimensions: [2, 2], offset: 32 },
    ],
  );
  const bytes = readFileSync(path);
  assert.equal(bytes.length % 32, 0);
  assert.equal(bytes.readFloatLE(bytes.length - 32), 4);
});

test('a tensor that does not fill its shape is refused', () => {
  const tensors = [{ name: 'short', shape: [2, 2], data: new Float32Array(3) }];
  assert.throws(
    () => writeGguf(join(folder, 'short.gguf'), { metadata: {}, tensors }),
    /tensor short: shape \[2,2\] needs 4 numbers, got 3/,
  );
});
