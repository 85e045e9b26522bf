import assert from 'node:assert/strict';
import { test } from 'node:test';
import { showSpellings } from './show-spellings.ts';

test('the way in which tokens make up the text is found', () => {
  assert.deepEqual(showSpellings(['Hi', ' there'], 'Hi there'), ['Hi', ' there']);
  assert.deepEqual(showSpellings(['Z', 'Ã¼', 'Ġa', 'Ċ'], 'Zü a\n'), ['Z', 'ü', ' a', '\\n']);
  assert.deepEqual(showSpellings(['ĠðŁĺ', 'Ģ'], ' 😀'), [' \\xf0\\x9f\\x98', '\\x80']);
  assert.deepEqual(showSpellings(['\u2581Hi', '\u2581a', '<0x0A>'], 'Hi a\n'), [' Hi', ' a', '\\n']);
});

test('tokens around the text are allowed, and what fits no way is shown as it was told', () => {
  assert.deepEqual(showSpellings(['<s>', 'Hi'], 'Hi'), ['<s>', 'Hi']);
  assert.deepEqual(showSpellings(['##ing', '\u2581x'], 'other'), ['##ing', '\u2581x']);
});
