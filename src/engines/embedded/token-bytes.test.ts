import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tokenAttribute, vocabularyType } from './addon.ts';
import { readTokenBytes } from './token-bytes.ts';

function read(type: number, spelling: string, attributes: number): string {
  const model = {
    getVocabularyType: () => type,
    getTokenString: () => spelling,
    getTokenAttributes: () => attributes,
    detokenize: () => 'whole',
  };
  return Buffer.from(readTokenBytes(model, { has: () => false }).of(0)).toString('hex');
}
const hex = (text: string) => Buffer.from(text).toString('hex');

test('byte-pair spellings become the bytes they stand for', () => {
  assert.equal(read(vocabularyType.bytePair, 'ĠHello', tokenAttribute.normal), hex(' Hello'));
  assert.equal(read(vocabularyType.bytePair, 'Ċ', tokenAttribute.normal), hex('\n'));
  assert.equal(read(vocabularyType.bytePair, 'ðŁ', tokenAttribute.normal), 'f09f');
});

test('sentence-piece spellings become text, byte tokens their byte', () => {
  assert.equal(read(vocabularyType.sentencePiece, '▁Hello', tokenAttribute.normal), hex(' Hello'));
  assert.equal(read(vocabularyType.sentencePiece, '<0xF0>', tokenAttribute.byte), 'f0');
});

test('control and user-defined tokens are their spelling, whatever the vocabulary', () => {
  assert.equal(read(vocabularyType.bytePair, '<|im_end|>', tokenAttribute.control), hex('<|im_end|>'));
  assert.equal(read(vocabularyType.sentencePiece, '▁x', tokenAttribute.userDefined), hex('▁x'));
});

test('an unknown kind of vocabulary is asked for the text', () => {
  assert.equal(read(99, 'x', tokenAttribute.normal), hex('whole'));
});
