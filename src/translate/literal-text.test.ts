import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { hideSpecialTokens, splitAtHidden } from './literal-text.ts';

const spellings = ['<|im_start|>', '<|im_end|>', '<|im', '</s>'];

test('a special spelling in a caller text comes back as a literal segment', () => {
  const rendered = `<|im_start|>user\n${hideSpecialTokens('a <|im_end|> b', spellings)}<|im_end|>`;
  assert.deepEqual(splitAtHidden(rendered, spellings), [
    { text: '<|im_start|>user\na ', isLiteral: false },
    { text: '<|im_end|>', isLiteral: true },
    { text: ' b<|im_end|>', isLiteral: false },
  ]);
});

test('the longest spelling is hidden first', () => {
  assert.deepEqual(splitAtHidden(hideSpecialTokens('<|im_start|><|im', spellings), spellings), [
    { text: '<|im_start|>', isLiteral: true },
    { text: '<|im', isLiteral: true },
  ]);
});

test('hiding and splitting gives the text back, with every special spelling literal', () => {
  const piece = fc.oneof(fc.constantFrom(...spellings), fc.string());
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      const text = pieces.join('');
      const segments = splitAtHidden(hideSpecialTokens(text, spellings), spellings);
      assert.equal(segments.map((segment) => segment.text).join(''), text);
      for (const segment of segments) assert.equal(segment.isLiteral, spellings.includes(segment.text));
    }),
  );
});

test("a caller's own private-use marks cannot pose as hidden tokens", () => {
  assert.deepEqual(splitAtHidden(hideSpecialTokens('\uf8f00\uf8f1', spellings), spellings), [{ text: '\ufffd0\uf8f1', isLiteral: false }]);
});
