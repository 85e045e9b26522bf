import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createJsonStringDecoder } from './json-string-decoder.ts';

function decode(pieces: readonly string[]): { readonly texts: readonly string[]; readonly rest: string } {
  const texts: string[] = [];
  let rest = '';
  const decoder = createJsonStringDecoder((text) => texts.push(text));
  for (const piece of pieces) rest += piece.slice(decoder.isDone ? 0 : decoder.take(piece, 0, piece.length));
  decoder.end();
  return { texts, rest };
}

test('every JSON string is decoded as JSON.parse does, letter by letter too', () => {
  const strings = fc.string({ unit: fc.oneof(fc.constantFrom('"', '\\', '\n', '\ud83d', '😁', 'ä', 'u'), fc.string({ unit: 'binary' })) });
  fc.assert(
    fc.property(strings, fc.boolean(), (text, isAscii) => {
      const json = JSON.stringify(text);
      const written = isAscii ? json.replace(/[^ -~]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`) : json;
      const rest = `${written.slice(1)} rest`;
      assert.deepEqual([decode([rest]).texts.join(''), decode([rest]).rest], [text, ' rest']);
      assert.deepEqual([decode(rest.split('')).texts.join(''), decode(rest.split('')).rest], [text, ' rest']);
    }),
    { numRuns: 1000 },
  );
});

test('an escape that is none stays, and a cut one is dropped', () => {
  assert.deepEqual(decode(['a\\d\\u12"b']).texts.join(''), 'a\\d\\u12');
  assert.deepEqual(decode(['a\\u00']).texts, ['a']);
});

test('the halves of a pair come together', () => {
  assert.deepEqual(decode(['x\\ud83d', '\\ude01', 'y"']).texts, ['x', '😁', 'y']);
});
