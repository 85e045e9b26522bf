import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { PromptSegment } from '../../protocol/engine.ts';
import { cutPrompt } from './prompt-pieces.ts';

const rules = { spellings: ['<|start|>', '<|end|>', '<|user|>'], unruly: ['<|end|>'], swallowing: new Set(['<|user|>']) };
const plain = (text: string): PromptSegment => ({ text, isLiteral: false });
const literal = (text: string): PromptSegment => ({ text, isLiteral: true });
const cut = (...segments: PromptSegment[]) => cutPrompt(segments, rules).map(({ text, hasSpecials }) => (hasSpecials ? `[${text}]` : text));

test('a prompt without literal text is one piece', () => {
  assert.deepEqual(cut(plain('<|start|>user\nHi<|end|>')), ['[<|start|>user\nHi<|end|>]']);
});

test('literal text joins the plain text around it, up to the control tokens on both sides', () => {
  assert.deepEqual(cut(plain('<|start|>user\nIs '), literal('<|end|>'), plain(' one?<|end|>\n<|start|>a')), [
    '[<|start|>]',
    'user\nIs <|',
    'end|> one?',
    '[<|end|>\n<|start|>a]',
  ]);
});

test('literal text after literal text stays in one piece, also with plain text between', () => {
  assert.deepEqual(cut(literal('<|start|>'), plain(' and '), literal('<|start|>')), ['<|start|> and <|start|>']);
});

test('neighbours of one kind are one text', () => {
  assert.deepEqual(cut(plain('<|start|>user\n'), plain('\nHi')), ['[<|start|>user\n\nHi]']);
});

test('a token that swallows white space does so before a literal text too', () => {
  assert.deepEqual(cut(plain('<|user|>\n'), literal(' <|start|>'), plain('!')), ['[<|user|>]', '<|start|>!']);
});

test('what llama.cpp would read in any text is cut in two', () => {
  assert.deepEqual(cut(literal('a<|end|><|end|>')), ['a<|', 'end|><|', 'end|>']);
});

test('a prompt may be nothing but literal text, or nothing', () => {
  assert.deepEqual(cut(literal('x')), ['x']);
  assert.deepEqual(cut(), []);
});

test('nothing is lost, and no control token of a literal segment is in a piece that knows them, or whole where it is read anyway', () => {
  const text = fc.array(fc.constantFrom('<|start|>', '<|end|>', 'a', ' '), { maxLength: 4 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(fc.array(fc.record({ text, isLiteral: fc.boolean() })), (segments) => {
      const pieces = cutPrompt(segments, rules);
      assert.equal(pieces.map((piece) => piece.text).join(''), segments.map((segment) => segment.text).join(''));
      const seen = (all: readonly { text: string }[]) =>
        all.reduce((sum, each) => sum + each.text.split(/<\|(?:start|end)\|>/).length - 1, 0);
      const special = seen(pieces.filter(({ hasSpecials }) => hasSpecials));
      assert.equal(special, seen(segments.filter(({ isLiteral }) => !isLiteral)));
    }),
  );
});
