import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fillName, matchName } from './name-pattern.ts';

const cases: readonly (readonly [string, string, readonly string[] | undefined])[] = [
  ['m', 'm', []],
  ['m', 'n', undefined],
  ['*', '', ['']],
  ['*', 'any/thing', ['any/thing']],
  ['openai/*', 'openai/gpt-4o', ['gpt-4o']],
  ['openai/*', 'openai', undefined],
  ['a::*::b::*', 'a::x::b::y', ['x', 'y']],
  ['a::*::b::*', 'a::x::y', undefined],
  ['*-*', 'one-two-three', ['one', 'two-three']],
  ['a*a', 'a', undefined],
  ['ab*ba', 'aba', undefined],
];
for (const [pattern, name, stars] of cases) {
  test(`${pattern} and ${name}`, () => assert.deepEqual(matchName(pattern, name), stars));
}

test('what fits a pattern is the pattern filled with what its stars stand for', () => {
  const words = fc.stringMatching(/^[ab/]{0,4}$/);
  fc.assert(
    fc.property(fc.array(words, { minLength: 1, maxLength: 4 }), fc.array(words, { minLength: 4, maxLength: 4 }), (pieces, given) => {
      const pattern = pieces.join('*');
      const name = fillName(pattern, given);
      const stars = matchName(pattern, name);
      assert.equal(stars?.length, pieces.length - 1);
      assert.equal(fillName(pattern, stars ?? []), name);
    }),
  );
});
