import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { PromptSegment } from '../../protocol/engine.ts';
import { cutPrompt } from './prompt-pieces.ts';

const control = ['<|start|>', '<|end|>'];
const plain = (text: string): PromptSegment => ({ text, isLiteral: false });
const literal = (text: string): PromptSegment => ({ text, isLiteral: true });
const cut = (...segments: PromptSegment[]) =>
  cutPrompt(segments, control).map(({ text, hasSpecials }) => (hasSpecials ? `[${text}]` : text));

test('a prompt without literal text is one piece', () => {
  assert.deepEqual(cut(plain('<|start|>user\nHi<|end|>')), ['[<|start|>user\nHi<|end|>]']);
});

test('literal text joins the plain text around it, up to the control tokens on both sides', () => {
  assert.deepEqual(cut(plain('<|start|>user\nIs '), literal('<|end|>'), plain(' one?<|end|>\n<|start|>a')), [
    '[<|start|>]',
    'user\nIs <|end|> one?',
    '[<|end|>\n<|start|>a]',
  ]);
});

test('literal text after literal text stays in one piece, also with plain text between', () => {
  assert.deepEqual(cut(literal('<|end|>'), plain(' and '), literal('<|start|>')), ['<|end|> and <|start|>']);
});

test('a prompt may be nothing but literal text, or nothing', () => {
  assert.deepEqual(cut(literal('x')), ['x']);
  assert.deepEqual(cut(), []);
});

test('nothing is lost, and no control token of a literal segment is in a piece that knows them', () => {
  const text = fc.array(fc.constantFrom('<|start|>', '<|end|>', 'a', ' '), { maxLength: 4 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(fc.array(fc.record({ text, isLiteral: fc.boolean() })), (segments) => {
      const pieces = cutPrompt(segments, control);
      assert.equal(pieces.map((piece) => piece.text).join(''), segments.map((segment) => segment.text).join(''));
      const seen = (all: readonly { text: string }[]) =>
        all.reduce((sum, each) => sum + each.text.split(/<\|(?:start|end)\|>/).length - 1, 0);
      const special = seen(pieces.filter(({ hasSpecials }) => hasSpecials));
      assert.equal(special, seen(segments.filter(({ isLiteral }) => !isLiteral)));
    }),
  );
});
