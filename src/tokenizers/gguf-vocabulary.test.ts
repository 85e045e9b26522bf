import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { GatewayError } from '../protocol/error.ts';
import { type GgufValue, writeGguf } from '../testing/gguf-writer.ts';
import { MoreBytesNeeded, NoGgufMetadata, readGgufMetadata } from './gguf-metadata.ts';
import { preTokenizers } from './gguf-pre-tokenizers.ts';
import { isTokenizerKey, readGgufVocabulary } from './gguf-vocabulary.ts';
import { literal, plain } from './small-tokenizers.test.support.ts';
import { byteOfLetter } from './token-bytes.ts';
import { createTokenizer, type Tokenizer } from './tokenizer.ts';

const type = { normal: 1, unknown: 2, control: 3, userDefined: 4, byte: 6 };

type Entries = Readonly<Record<string, GgufValue>>;

/** The bytes of a GGUF file with such metadata, written and read as a file. */
function bytesOf(metadata: Entries): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), 'rookery-vocabulary-'));
  try {
    const path = join(folder, 'v.gguf');
    writeGguf(path, { metadata: { 'general.architecture': { type: 'string', value: 'llama' }, ...metadata }, tensors: [] });
    return readFileSync(path);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function prefixed(entries: Entries): Entries {
  return Object.fromEntries(Object.entries(entries).map(([key, value]) => [`tokenizer.ggml.${key}`, value]));
}

function open(entries: Entries): Promise<Tokenizer> {
  return createTokenizer(readGgufVocabulary(readGgufMetadata(bytesOf(prefixed(entries)), isTokenizerKey)));
}

const letters = [...byteOfLetter].sort(([, left], [, right]) => left - right).map(([letter]) => letter);

function bytePairEntries(pre: string, more: Entries = {}): Entries {
  const tokens = [...letters, '12', 'aB', '<|im_end|>', '<think>', '<|im_start|>'];
  const types = tokens.map((token) => (token === '<|im_start|>' ? type.control : token === '<think>' ? type.userDefined : type.normal));
  return {
    model: { type: 'string', value: 'gpt2' },
    pre: { type: 'string', value: pre },
    tokens: { type: 'string[]', value: tokens },
    token_type: { type: 'int32[]', value: types },
    merges: { type: 'string[]', value: ['1 2', 'a B'] },
    ...more,
  };
}

describe('a byte-pair vocabulary of a GGUF file', () => {
  test('is merged in the words that its name stands for', async () => {
    const digitsTogether = await open(bytePairEntries('llama-bpe'));
    const digitsApart = await open(bytePairEntries('qwen2'));
    assert.deepEqual(digitsTogether.encode(plain('12')), [256]);
    assert.deepEqual(digitsApart.encode(plain('12')), [0x31, 0x32]);
    assert.deepEqual(digitsApart.encode(plain('aB')), [257]);
  });

  test('has control tokens where its types, or their well-known names, say so', async () => {
    const tokenizer = await open(bytePairEntries('qwen2'));
    const [end, think, start] = [258, 259, 260];
    assert.deepEqual(tokenizer.encode(plain('<|im_start|><think><|im_end|>')), [start, think, end]);
    assert.ok(!tokenizer.encode(literal('<|im_start|><|im_end|>')).some((id) => tokenizer.isSpecial(id)));
    assert.deepEqual(tokenizer.encode(literal('<think>')), [think]);
  });

  test('says which tokens go around a text', async () => {
    const id = (value: number): GgufValue => ({ type: 'uint32', value });
    const flag = (value: boolean): GgufValue => ({ type: 'bool', value });
    const ids = { bos_token_id: id(260), eos_token_id: id(258), padding_token_id: id(259) };
    const both = await open(bytePairEntries('qwen2', { ...ids, add_bos_token: flag(true), add_eos_token: flag(true) }));
    assert.deepEqual(both.encode(plain('a'), { addSpecial: true }), [260, 0x61, 258]);
    assert.deepEqual([both.bosId, both.eosId, both.paddingId], [260, 258, 259]);
    assert.deepEqual((await open(bytePairEntries('llama-bpe', ids))).encode([], { addSpecial: true }), [260]);
    assert.deepEqual((await open(bytePairEntries('qwen2', ids))).encode([], { addSpecial: true }), []);
  });

  for (const name of preTokenizers.keys()) {
    test(`opens, and gives every text back, with the words of ${name}`, async () => {
      const entries = bytePairEntries(name);
      const isInWords = preTokenizers.get(name)?.isSpelledInWords === true;
      const tokenizer = await open(
        isInWords ? wordEntries({ model: { type: 'string', value: 'gpt2' }, pre: { type: 'string', value: name } }) : entries,
      );
      const text = " Don't  stop: 12345 aB’s été 你好 नमस्ते\r\n\n\tx_y != 'z' 👨‍👩‍👧 ";
      assert.equal(tokenizer.decode(tokenizer.encode(literal(text))), text);
    });
  }
});

function wordEntries(more: Entries = {}): Entries {
  const bytes = Array.from({ length: 256 }, (_, byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`);
  const words = ['\u2581', 'a', 'b', '\u2581a', 'ab', '\u2581ab', 'aa', '<s', '<'];
  const tokens = ['<unk>', '<s>', '</s>', ...bytes, ...words];
  const types = tokens.map((_, id) => (id === 0 ? type.unknown : id < 3 ? type.control : id < 259 ? type.byte : type.normal));
  const scores = [0, 0, 0, ...bytes.map(() => 0), -9, -9, -9, -2, -1, -3, -1, -1, -9];
  return {
    model: { type: 'string', value: 'llama' },
    tokens: { type: 'string[]', value: tokens },
    token_type: { type: 'int32[]', value: types },
    scores: { type: 'float32[]', value: scores },
    merges: { type: 'string[]', value: [] },
    ...more,
  };
}

describe('a SentencePiece vocabulary of a GGUF file', () => {
  const id = { space: 259, a: 260, b: 261, spaceA: 262, ab: 263, spaceAb: 264, aa: 265 };

  test('joins neighbours by score, from left to right where scores are equal', async () => {
    const tokenizer = await open(wordEntries());
    const cases: readonly (readonly [string, readonly number[]])[] = [
      // "ab" has a better score than " a", and then " ab" is made of both
      ['ab', [id.spaceAb]],
      // "aa" and "ab" have one score: the left one is made first
      ['aab', [id.space, id.aa, id.b]],
      ['aaab', [id.space, id.aa, id.ab]],
      ['a', [id.spaceA]],
    ];
    for (const [text, expected] of cases) assert.deepEqual(tokenizer.encode(plain(text)), expected, text);
  });

  test('puts a space in front of a text, and of what follows a special token, unless the file says no', async () => {
    const tokenizer = await open(wordEntries());
    assert.deepEqual(tokenizer.encode(plain('a<s>a')), [id.spaceA, 1, id.spaceA]);
    const bare = await open(wordEntries({ add_space_prefix: { type: 'bool', value: false } }));
    assert.deepEqual(bare.encode(plain('a<s>a')), [id.a, 1, id.a]);
    assert.equal(bare.decode(bare.encode(plain(' a'))), ' a');
    assert.equal(tokenizer.decode(tokenizer.encode(plain(' a'))), ' a');
  });

  test('never joins letters to a control token or a byte token', async () => {
    const tokenizer = await open(wordEntries());
    for (const text of ['<s>', '</s>', '<unk>', '<0x41>']) {
      const ids = tokenizer.encode(literal(text));
      assert.ok(!ids.some((found) => tokenizer.isSpecial(found) || found === 3 + 0x41), text);
      assert.equal(tokenizer.decode(ids), text);
    }
  });

  test('begins a text of its own with its first token, by default', async () => {
    assert.deepEqual((await open(wordEntries())).encode(plain('a'), { addSpecial: true }), [1, id.spaceA]);
  });
});

describe('what cannot be read', () => {
  const refused: readonly (readonly [what: string, entries: Entries, code: string])[] = [
    ['a vocabulary of WordPiece', { ...bytePairEntries('qwen2'), model: { type: 'string', value: 'bert' } }, 'unsupported_feature'],
    ['an unknown way of cutting words', bytePairEntries('no-such-way'), 'unsupported_feature'],
    ['a file without a vocabulary', {}, 'model_file_invalid'],
  ];
  for (const [what, entries, code] of refused) {
    test(`${what} is refused with the next step`, async () => {
      await assert.rejects(
        async () => open(entries),
        (error) => error instanceof GatewayError && error.code === code && /(?:Use|Name) the model/.test(error.message),
      );
    });
  }

  test('a head that is cut off anywhere asks for more bytes', () => {
    const bytes = bytesOf({ ...prefixed(bytePairEntries('qwen2')), 'a.b': { type: 'float32[]', value: [1, 2] } });
    const whole = readGgufMetadata(bytes, () => true);
    assert.deepEqual(whole.get('a.b'), [1, 2]);
    for (let length = 0; length < bytes.length - 64; length += 7) {
      assert.throws(() => readGgufMetadata(bytes.subarray(0, length), () => length % 2 === 0), MoreBytesNeeded);
    }
  });

  test('bytes of another format are refused', () => {
    const bytes = bytesOf({});
    const changed = (at: number, value: number) => Uint8Array.from(bytes, (byte, index) => (index === at ? value : byte));
    for (const wrong of [changed(0, 0x50), changed(4, 9), changed(23, 1)])
      assert.throws(() => readGgufMetadata(wrong, () => true), NoGgufMetadata);
  });
});
