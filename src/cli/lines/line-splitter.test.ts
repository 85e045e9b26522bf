import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LineSplitter } from './line-splitter.ts';

function split(chunks: readonly string[], mostBytes = 100): readonly string[] {
  const splitter = new LineSplitter(mostBytes);
  const found = [...chunks.flatMap((chunk) => [...splitter.push(Buffer.from(chunk, 'latin1'))]), ...splitter.end()];
  return found.map((line) => (typeof line === 'string' ? line : `error: ${line.message}`));
}

const utf8 = (text: string) => Buffer.from(text).toString('latin1');

for (const [what, chunks, lines] of [
  ['lines in one piece', ['a\nb\n'], ['a', 'b']],
  ['a last line without its end', ['a\nb'], ['a', 'b']],
  ['a line in many pieces', ['a', 'b', 'c\nd', '\n'], ['abc', 'd']],
  ['empty lines', ['\n\na\n'], ['', '', 'a']],
  ['nothing', [], []],
  ['a letter cut in two', [utf8('é').slice(0, 1), `${utf8('é').slice(1)}\n`], ['é']],
  ['bytes that are no text, and what follows', ['\xff\nb\n'], ['error: The line is not UTF-8.', 'b']],
  [
    'a line that is too long, and what follows',
    ['x'.repeat(60), 'x'.repeat(60), `x\nb\n${'y'.repeat(101)}`],
    ['error: The line is longer than 100 bytes.', 'b', 'error: The line is longer than 100 bytes.'],
  ],
] as const) {
  test(`${what} come out line by line`, () => {
    assert.deepEqual(split(chunks), lines);
  });
}
