import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commonBeginning } from './beginning.ts';
import { anyText, choice, optional, repeat, rule, sequence, text } from './build.ts';
import type { Grammar, Node } from './ir.ts';
import { randomGrammar, seededRandom } from './random-grammars.test.support.ts';
import { sample } from './sample.ts';

const rules: Grammar['rules'] = new Map([['name', choice([text('rook'), text('robin')])]]);
const cases: readonly (readonly [Node, string])[] = [
  [sequence([text('{"name": "'), rule('name'), text('"')]), '{"name": "ro'],
  [sequence([text('a'), optional(text('b')), text('c')]), 'a'],
  [repeat(text('ab'), 1, 3), 'ab'],
  [choice([text('same'), text('same')]), 'same'],
  [anyText, ''],
];

for (const [root, expected] of cases) {
  test(`${JSON.stringify(root).slice(0, 60)} begins with ${JSON.stringify(expected)}`, () => {
    assert.equal(commonBeginning({ root, rules }), expected);
  });
}

test('every text of a grammar begins so', () => {
  const random = seededRandom(5);
  const trySample = (grammar: Grammar) => {
    try {
      return sample(grammar, random);
    } catch {
      // some random grammars allow no text
      return undefined;
    }
  };
  for (let run = 0; run < 200; run++) {
    const grammar = randomGrammar(random, { hasUntil: true, isRecursive: run % 2 === 0 });
    const beginning = commonBeginning(grammar);
    for (let count = 0; count < 4; count++) assert.ok(trySample(grammar)?.startsWith(beginning) !== false);
  }
});
