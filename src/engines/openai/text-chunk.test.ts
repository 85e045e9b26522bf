import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { TextChunks } from './text-chunk.ts';

const write = (content: string, more: object = {}) =>
  JSON.stringify({ id: 'x', choices: [{ index: 0, delta: { content }, finish_reason: null }], ...more });

function learnt(data: string, text: string): TextChunks {
  const chunks = new TextChunks();
  chunks.learn(data, text);
  return chunks;
}

test('a chunk like the one before gives its text, whatever the text is', () => {
  const chunks = learnt(write(' the "first"\n'), ' the "first"\n');
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => assert.equal(chunks.read(write(text)), text)));
});

test('a space after the colon is no hindrance, nor is the field of completions', () => {
  assert.equal(learnt('{"choices": [{"text": "a"}]}', 'a').read('{"choices": [{"text": "\\u00e9"}]}'), 'é');
});

const others: Readonly<Record<string, string>> = {
  'another field': write('b', { usage: { prompt_tokens: 1 } }),
  'another value': write('b').replace('null', '"stop"'),
  'no text': write('b').replace('"b"', 'null'),
  'a field in the place of the text': write('b').replace('"b"', '"b","content":"c"'),
  'half a chunk': write('b').slice(0, -4),
  'a text that is cut': write('b').replace('"b"', '"b'),
};

for (const [what, data] of Object.entries(others)) {
  test(`a chunk with ${what} is left to the parser`, () => {
    assert.equal(learnt(write('a'), 'a').read(data), undefined);
  });
}

for (const data of [write('a', { content: 'a' }), write('a', { text: 'a' }), write('a', { kind: 'content' }), '{"content":"\\u0061"}']) {
  test(`nothing is learnt where the place of the text is in doubt: ${data}`, () => {
    assert.equal(learnt(data, 'a').read(data), undefined);
  });
}

test('before anything is learnt every chunk is left to the parser', () => {
  assert.equal(new TextChunks().read('""'), undefined);
});
