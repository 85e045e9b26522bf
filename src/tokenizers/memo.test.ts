import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cutAtSpecials } from './cut-at-specials.ts';
import { memoiseRuns } from './memo.ts';
import { plain } from './small-tokenizers.test.support.ts';
import { SpecialFinder } from './special-finder.ts';

/** An encoder that counts the characters it is given. */
function countingEncoder() {
  const counter = { chars: 0 };
  const encode = (text: string, isFirst: boolean) => {
    counter.chars += text.length;
    return [...(isFirst ? [-1] : []), ...text].map((letter) => (typeof letter === 'number' ? letter : letter.charCodeAt(0)));
  };
  return { counter, encode };
}

const finder = new SpecialFinder([{ id: 7, content: '<|im_end|>', kind: 'control', stripsBefore: false, stripsAfter: false }]);

function encodePrompt(encode: (text: string, isFirst: boolean) => readonly number[], prompt: string): readonly number[] {
  return cutAtSpecials(plain(prompt), finder).flatMap((fragment, index) =>
    'id' in fragment ? [fragment.id] : encode(fragment.text, index === 0),
  );
}

test('a second prompt with the same beginning costs only its new text, and its ids are the same', () => {
  const { counter, encode } = countingEncoder();
  const memoised = memoiseRuns(encode);
  const shared = `${'You use tools. '.repeat(50)}<|im_end|>${'{"name": "f"}'.repeat(50)}<|im_end|>`;
  encodePrompt(memoised, `${shared}first`);
  counter.chars = 0;
  const second = encodePrompt(memoised, `${shared}second`);
  assert.equal(counter.chars, 'second'.length);
  assert.deepEqual(second, encodePrompt(encode, `${shared}second`));
});

test('short texts are not remembered, and texts longer than the limit neither', () => {
  const { counter, encode } = countingEncoder();
  const memoised = memoiseRuns(encode, { leastChars: 4, mostChars: 10 });
  for (const text of ['abc', 'abc', 'abcdefghijk', 'abcdefghijk']) memoised(text, false);
  assert.equal(counter.chars, 3 + 3 + 11 + 11);
});

test('the texts used last stay, within the limit', () => {
  const { counter, encode } = countingEncoder();
  const memoised = memoiseRuns(encode, { leastChars: 1, mostChars: 10 });
  for (const text of ['aaaa', 'bbbb', 'aaaa', 'cccc']) memoised(text, false);
  counter.chars = 0;
  memoised('aaaa', false);
  memoised('cccc', false);
  assert.equal(counter.chars, 0);
  memoised('bbbb', false);
  assert.equal(counter.chars, 4);
});

test('a text at the start and the same text later are not mixed up', () => {
  const { encode } = countingEncoder();
  const memoised = memoiseRuns(encode, { leastChars: 1 });
  const texts = [true, false, false, true].map((isFirst) => memoised('ab', isFirst));
  assert.deepEqual(texts, [
    [-1, 97, 98],
    [97, 98],
    [97, 98],
    [-1, 97, 98],
  ]);
});
