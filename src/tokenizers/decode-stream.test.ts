import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { bytePairJson, literal, wordJson } from './small-tokenizers.test.support.ts';
import { createTokenizer } from './tokenizer.ts';
import { readTokenizerJson } from './tokenizer-json.ts';

const bytePair = await createTokenizer(
  readTokenizerJson(
    bytePairJson({
      merges: [
        ['ð', 'Ł'],
        ['ðŁ', 'ĺ'],
      ],
      added: [{ content: '<|end|>' }],
    }),
    undefined,
  ),
);
const words = await createTokenizer(readTokenizerJson(wordJson({ added: [{ content: '<s>' }] }), undefined));

describe('texts that come token by token', () => {
  const texts = ['plain', ' leading and trailing ', '你好，世界', '👨‍👩‍👧‍👦🏳️‍🌈', '𝔘𝔫𝔦𝔠𝔬𝔡𝔢', 'é ﬀ\u0301', '\ufeffmark', 'a\u0000b', '  two'];
  for (const [kind, tokenizer] of [
    ['bytes', bytePair],
    ['words', words],
  ] as const) {
    for (const text of texts) {
      test(`are whole characters at every step: ${JSON.stringify(text)} (${kind})`, () => {
        const stream = tokenizer.openDecodeStream();
        const pieces = tokenizer.encode(literal(text)).map((id) => stream.push(id));
        assert.ok(pieces.every((piece) => !/[\ufffd\p{Surrogate}]/u.test(piece)));
        assert.equal(pieces.join('') + stream.end(), text);
      });
    }
  }
});

test('an emoji comes with its last token', () => {
  const stream = bytePair.openDecodeStream();
  const ids = bytePair.encode(literal('😀!'));
  assert.deepEqual(
    ids.map((id) => stream.push(id)),
    ['', '😀', '!'],
  );
});

test('pieces of any ids, cut anywhere, join to what decoding all of them gives', () => {
  for (const tokenizer of [bytePair, words]) {
    const id = fc.oneof(fc.nat(tokenizer.vocabularyTokens + 2), fc.constantFrom(0xe2, 0x82, 0xf0, 0x9f, 0xff, 0xe3, 0x83));
    fc.assert(
      fc.property(fc.array(id, { maxLength: 40 }), fc.array(fc.nat(6)), fc.boolean(), (ids, lengths, skipSpecial) => {
        const stream = tokenizer.openDecodeStream({ skipSpecial });
        let joined = '';
        let at = 0;
        for (const length of lengths) {
          joined += stream.push(ids.slice(at, at + length));
          at += length;
        }
        joined += stream.push(ids.slice(at)) + stream.end();
        assert.equal(joined, tokenizer.decode(ids, { skipSpecial }));
      }),
    );
  }
});

test('bytes that cannot become a character are not held back: never more than three tokens wait', () => {
  const stream = bytePair.openDecodeStream();
  let waiting = 0;
  for (const id of [0xff, 0xf0, 0x9f, 0x98, 0xff, 0xe2, 0x82, 0x41, 0xc3, 0xc3, 0xc3, 0x42]) {
    waiting = stream.push(id) === '' ? waiting + 1 : 0;
    assert.ok(waiting <= 3);
  }
  assert.equal(stream.end(), '');
  assert.equal(stream.push([0xe2, 0x82]), '');
  assert.equal(stream.end(), '\ufffd');
});

test('a stream that has ended can be used anew', () => {
  const stream = words.openDecodeStream();
  const ids = words.encode(literal('ab'));
  assert.equal(stream.push(ids) + stream.end(), 'ab');
  assert.equal(stream.push(ids) + stream.end(), 'ab');
});

test('only the first space is the vocabulary’s own, and only at the very start', () => {
  const [space] = words.encode(literal(''));
  assert.equal(space, undefined);
  const ids = words.encode(literal(' a'));
  assert.equal(words.decode(ids), ' a');
  const begin = words.idOf('<s>') ?? -1;
  assert.equal(words.decode([begin, ...ids]), '<s>  a');
  assert.equal(words.decode([begin, ...ids], { skipSpecial: true }), ' a');
});
