import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { type GgufContent, writeGguf } from '../testing/gguf-writer.ts';
import { readGgufHeader, readGgufSpecialTokens } from './gguf-header.ts';
import { makeTestFolder } from './sources.test.support.ts';

const content: GgufContent = {
  metadata: {
    'general.architecture': { type: 'string', value: 'llama' },
    'general.name': { type: 'string', value: 'Tiny' },
    'general.size_label': { type: 'string', value: '1K' },
    'general.file_type': { type: 'uint32', value: 15 },
    'llama.context_length': { type: 'uint32', value: 512 },
    'llama.embedding_length': { type: 'uint32', value: 64 },
    'llama.block_count': { type: 'uint32', value: 2 },
    'llama.attention.head_count': { type: 'uint32', value: 4 },
    'llama.attention.head_count_kv': { type: 'int32[]', value: [1, 2] },
    'llama.attention.value_length': { type: 'uint32', value: 8 },
    'tokenizer.ggml.tokens': { type: 'string[]', value: Array.from({ length: 70_000 }, (_, index) => `token ${index}`) },
    'tokenizer.ggml.scores': { type: 'float32[]', value: Array.from({ length: 5_000 }, () => 1) },
    'tokenizer.chat_template': { type: 'string', value: `{{ ${'é'.repeat(200_000)} }}` },
    'tokenizer.chat_template.tool_use': { type: 'string', value: '{{ tools }}' },
    'tokenizer.ggml.bos_token_id': { type: 'uint32', value: 1 },
    'tokenizer.ggml.eos_token_id': { type: 'uint32', value: 69_999 },
    'tokenizer.ggml.unknown_token_id': { type: 'uint32', value: 70_000 },
    'tokenizer.ggml.add_bos_token': { type: 'bool', value: false },
  },
  tensors: [
    { name: 'first', shape: [32, 4], data: new Float32Array(128) },
    { name: 'second', shape: [10], data: new Float32Array(10) },
  ],
};

test('the header tells what the file says, across the edges of its buffer', (t) => {
  const path = `${makeTestFolder(t)}/model.gguf`;
  writeGguf(path, content);
  const header = readGgufHeader(path);
  assert.deepEqual(header, {
    ...{ version: 3, architecture: 'llama', name: 'Tiny', sizeLabel: '1K', quantisation: 'Q4_K_M', contextTokens: 512 },
    ...{ embeddingLength: 64, blockCount: 2, headCount: 4, headCountKv: 2, keyLength: 16, valueLength: 8, vocabularyTokens: 70_000 },
    ...{ chatTemplate: `{{ ${'é'.repeat(200_000)} }}`, bosTokenId: 1, eosTokenId: 69_999, addsBos: false, tensorCount: 2, parameters: 138 },
    templateVariants: { tool_use: '{{ tools }}' },
    fileBytes: readFileSync(path).length,
  });
});

test('special tokens are spelled; an id that no token has is left out', (t) => {
  const path = `${makeTestFolder(t)}/model.gguf`;
  writeGguf(path, content);
  assert.deepEqual(readGgufSpecialTokens(path), { bos_token: 'token 1', eos_token: 'token 69999' });
});

test('a file that is cut off anywhere is invalid', (t) => {
  const path = `${makeTestFolder(t)}/model.gguf`;
  writeGguf(path, content);
  const whole = readFileSync(path);
  for (const length of [0, 3, 10, 23, 24, 60, 200, 100_000, 900_000, whole.length - 600, whole.length - 64]) {
    writeFileSync(path, whole.subarray(0, length));
    assert.throws(() => readGgufHeader(path), { code: 'model_file_invalid', message: new RegExp(path) }, `${length} bytes`);
  }
});

test('what is no GGUF file is told apart', (t) => {
  const path = `${makeTestFolder(t)}/model.gguf`;
  const start = (version: number) => {
    const bytes = Buffer.alloc(64);
    bytes.write('GGUF');
    bytes.writeUInt32LE(version, 4);
    return bytes;
  };
  const faults: readonly [Buffer, RegExp][] = [
    [Buffer.from('<html>not found</html>            '), /not in the GGUF format/],
    [start(1), /version 1/],
    [start(0x03000000), /big-endian/],
    [start(3), /which architecture/],
    [lie(start(3), 8, 2n ** 63n), /beyond all bounds/],
    [lie(start(3), 8, 2n ** 40n), /tensors/],
    [lie(lie(start(3), 16, 1n), 24, 2n ** 40n), /claims 1099511627776 bytes/],
    [lie(start(3), 16, 2n ** 50n), /goes beyond|unknown type|ends/],
  ];
  for (const [bytes, message] of faults) {
    writeFileSync(path, bytes);
    assert.throws(() => readGgufHeader(path), { code: 'model_file_invalid', message });
  }
  assert.throws(() => readGgufHeader(`${path}.missing`), { code: 'model_file_invalid', message: /ENOENT/ });
});

test('junk after the magic never hangs and never crashes', (t) => {
  const path = `${makeTestFolder(t)}/model.gguf`;
  writeGguf(path, { ...content, tensors: [] });
  const whole = readFileSync(path).subarray(0, 2_000);
  for (let at = 8; at < whole.length; at += 3) {
    const bytes = Buffer.from(whole);
    bytes.writeUInt8(bytes.readUInt8(at) ^ 0x55, at);
    writeFileSync(path, bytes);
    assert.throws(() => readGgufHeader(path), { code: 'model_file_invalid' });
  }
});

function lie(bytes: Buffer, at: number, value: bigint): Buffer {
  bytes.writeBigUInt64LE(value, at);
  return bytes;
}
