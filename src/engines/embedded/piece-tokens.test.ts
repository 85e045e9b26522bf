import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PieceTokens } from './piece-tokens.ts';

/** A tokenizer of one id a letter and one for each marker; `chars` counts what it was given. */
function open() {
  const counted = { chars: 0 };
  const tokens = new PieceTokens({
    ...{ spellings: ['<|im_start|>', '<|im_end|>'], swallowing: new Set<string>(), markers: [] },
    *tokenize(text, hasSpecials) {
      counted.chars += text.length;
      const pieces = text.match(hasSpecials ? /<\|im_(start|end)\|>|[\s\S]/g : /[\s\S]/g) ?? [];
      for (const piece of pieces) yield piece.length > 1 ? 1000 + piece.length : piece.charCodeAt(0);
    },
  });
  return { counted, read: (text: string) => tokens.read({ text, hasSpecials: true }) };
}

const turn = (count: number) => `<|im_start|>user\n${'word '.repeat(100)}${count}<|im_end|>\n`;
const ask = '<|im_start|>assistant\n';

test("the work of an agent's turn follows its new tokens, and the ids are those of the whole text", () => {
  const { counted, read } = open();
  let prompt = '';
  for (let count = 0; count < 40; count++) {
    prompt += turn(count);
    const before = counted.chars;
    const ids = read(prompt + ask);
    assert.ok(counted.chars - before <= turn(count).length + ask.length, `turn ${count} cost ${counted.chars - before} characters`);
    assert.deepEqual(ids, open().read(prompt + ask));
  }
});

test('a prompt that was seen before costs nothing', () => {
  const { counted, read } = open();
  const prompt = turn(1) + turn(2) + ask;
  const first = read(prompt);
  const { chars } = counted;
  assert.deepEqual(read(prompt), first);
  assert.equal(counted.chars, chars);
});
