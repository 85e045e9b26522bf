import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GatewayError } from '../../protocol/error.ts';
import { createStyle } from '../output.ts';
import { readIds } from './read-ids.ts';
import { showTokens } from './show-tokens.ts';

test('ids are read in every common form', () => {
  for (const text of ['1 22 333', '1,22,333', '[1, 22, 333]', ' [1,22\n,333] \n', '1\t22  333'])
    assert.deepEqual(readIds(text, 1000), [1, 22, 333]);
  assert.deepEqual(readIds('', 1), []);
  assert.deepEqual(readIds('[]', 1), []);
});

test('what is no id of the vocabulary is refused, naming it', () => {
  for (const wrong of ['-1', '1.5', 'x', '1000', '9'.repeat(30), '0x10']) {
    assert.throws(
      () => readIds(`1 ${wrong}`, 1000),
      (error) =>
        error instanceof GatewayError &&
        error.code === 'bad_usage' &&
        error.message.includes(wrong.slice(0, 20)) &&
        /0 to 999/.test(error.message),
    );
  }
});

test('tokens are shown one a line, with special ones marked, and counted', () => {
  const pieces = [
    { id: 1, text: '<s>', isSpecial: true },
    { id: 4093, text: ' user', isSpecial: false },
    { id: 198, text: '\\n', isSpecial: false },
  ];
  const shown = ['   1  <s>  special', '4093  | user|', ' 198  |\\n|', '3 tokens, 1 of them special', ''];
  assert.equal(showTokens(pieces, createStyle(false)), shown.join('\n'));
  assert.equal(showTokens([], createStyle(false)), '0 tokens\n');
  assert.equal(showTokens(pieces.slice(1, 2), createStyle(false)), '4093  | user|\n1 token\n');
  assert.match(showTokens(pieces, createStyle(true)), /\u001b\[33m<s>\u001b\[0m/);
});
