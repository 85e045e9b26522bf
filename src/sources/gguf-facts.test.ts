import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { type GgufValue, writeGguf } from '../testing/gguf-writer.ts';
import { readGgufFacts } from './gguf-facts.ts';

const folder = mkdtempSync(join(tmpdir(), 'gguf-facts-'));
after(() => rmSync(folder, { recursive: true }));

const path = join(folder, 'sha256-0');
const metadata: Readonly<Record<string, GgufValue>> = {
  'general.architecture': { type: 'string', value: 'llama' },
  'tokenizer.ggml.tokens': { type: 'string[]', value: ['<unk>', '<s>', 'a', '<|im_end|>', '<tool_call>', '[INST]', '<think>'] },
  'tokenizer.ggml.token_type': { type: 'int32[]', value: [2, 3, 1, 1, 4, 3, 4] },
  'tokenizer.ggml.bos_token_id': { type: 'uint32', value: 1 },
  'tokenizer.ggml.eos_token_id': { type: 'uint32', value: 3 },
  'tokenizer.ggml.unknown_token_id': { type: 'uint32', value: 0 },
  'tokenizer.chat_template': { type: 'string', value: '{{ messages }}' },
  'tokenizer.chat_template.tool_use': { type: 'string', value: '{{ tools }}' },
};

test('templates and special tokens are read from the head of a file', async () => {
  writeGguf(path, { metadata, tensors: [{ name: 'weights', shape: [4], data: new Float32Array(4) }] });
  assert.deepEqual(await readGgufFacts(path), {
    chatTemplate: '{{ messages }}',
    templateVariants: { tool_use: '{{ tools }}' },
    bos: '<s>',
    eos: '<|im_end|>',
    unknown: '<unk>',
    control: ['<|im_end|>', '[INST]', '<unk>', '<s>'],
    userDefined: ['<tool_call>', '<think>'],
  });
});

test('a file without a vocabulary or template tells nothing of them', async () => {
  const bare = join(folder, 'bare');
  writeGguf(bare, { metadata: { 'general.architecture': { type: 'string', value: 'clip' } }, tensors: [] });
  assert.deepEqual(await readGgufFacts(bare), { control: [], userDefined: [] });
});

test('what is missing, cut off or of another kind has no facts', async () => {
  assert.equal(await readGgufFacts(join(folder, 'nowhere')), undefined);
  const other = join(folder, 'other');
  writeFileSync(other, 'PK\u0003\u0004 and so on, for more than a few bytes');
  assert.equal(await readGgufFacts(other), undefined);
  const cut = join(folder, 'cut');
  writeGguf(cut, { metadata, tensors: [] });
  truncateSync(cut, 100);
  assert.equal(await readGgufFacts(cut), undefined);
});
