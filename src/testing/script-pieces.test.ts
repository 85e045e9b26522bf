import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type ScriptPiece, ScriptSplitter } from './script-pieces.ts';

const bytesOf = (piece: ScriptPiece) => (piece.kind === 'bytes' ? Buffer.from(piece.bytes) : Buffer.from(piece.spelling));

test('pieces join to the text, are all different and have at least two bytes', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '\n', 'é', '好', '🎉'), minLength: 4, maxLength: 120 });
  fc.assert(
    fc.property(letters, letters, fc.integer({ min: 2, max: 9 }), (first, second, pieceBytes) => {
      const splitter = new ScriptSplitter({ pieceBytes, wholeTokens: [] }, new Set(['ab', 'a ']));
      const texts = [first, second];
      const cut = texts.flatMap((text) => splitter.split(text).map(bytesOf));
      assert.equal(Buffer.concat(cut).toString(), texts.join(''));
      const keys = cut.map((bytes) => bytes.toString('latin1'));
      assert.equal(new Set(keys).size, keys.length);
      assert.ok(keys.every((key) => key.length >= 2 && key !== 'ab' && key !== 'a '));
    }),
  );
});

test('a whole token is cut out once, wherever it is', () => {
  const splitter = new ScriptSplitter({ pieceBytes: 4, wholeTokens: ['<a>', '<a><b>', '</a>'] }, new Set());
  const cut = splitter.split('<a><b>x y z</a>, again </a>');
  const tokens = cut.filter((piece) => piece.kind === 'token').map((piece) => piece.spelling);
  assert.deepEqual(tokens, ['<a><b>', '</a>']);
  assert.equal(cut.map((piece) => bytesOf(piece).toString()).join(''), '<a><b>x y z</a>, again </a>');
});

test('a text that cannot be cut is refused in bounded time', () => {
  const splitter = new ScriptSplitter({ pieceBytes: 5, wholeTokens: [] }, new Set());
  for (const text of ['x', 'ab'.repeat(20_000)]) assert.throws(() => splitter.split(text), /cannot be cut into pieces/);
});
