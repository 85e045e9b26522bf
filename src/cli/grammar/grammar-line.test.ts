import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerGrammarLine } from './grammar-line.ts';
import { targetNames } from './write-grammar.ts';

const tools = [
  { type: 'function', function: { name: 'find_nest', parameters: { type: 'object', properties: { tree: { type: 'string' } } } } },
];

const wishes: readonly (readonly [string, object])[] = [
  ['a schema', { schema: { type: 'object', properties: { a: { type: 'integer' } }, required: ['a'] } }],
  ['a pattern', { regex: '[a-z]{2,4}' }],
  ['choices', { choice: ['yes', 'no'] }],
  ['a grammar', { grammar: 'root ::= "a" [0-9]+' }],
  ['tools', { tools, dialect: 'qwen3-coder' }],
  ['one tool by name', { tools, tool_choice: { type: 'function', function: { name: 'find_nest' } } }],
];

for (const [what, wish] of wishes) {
  test(`${what} becomes a grammar for llama.cpp`, () => {
    const answer = answerGrammarLine(JSON.stringify({ id: 1, ...wish }));
    assert.ok('grammar' in answer, JSON.stringify(answer));
    assert.deepEqual([answer.id, answer.unenforced], [1, []]);
    assert.match(answer.grammar, /^root ::= /m);
  });
}

for (const target of targetNames) {
  test(`choices are written as ${target}`, () => {
    const answer = answerGrammarLine(JSON.stringify({ id: target, choice: ['yes', 'no'], target }));
    assert.ok('grammar' in answer && /yes|\[y\]/.test(answer.grammar), JSON.stringify(answer));
  });
}

test('what a grammar does not hold is told', () => {
  const answer = answerGrammarLine('{"id": "a", "schema": {"type": "array", "uniqueItems": true}}');
  assert.ok('unenforced' in answer);
  assert.deepEqual(
    answer.unenforced.map(({ keyword }) => keyword),
    ['uniqueItems'],
  );
});

const bad: readonly (readonly [string, string, RegExp])[] = [
  ['nothing wished for', '{"id": 1}', /Nothing says what is allowed/],
  ['an unknown notation', '{"id": 1, "choice": ["a"], "target": "gbnff"}', /Did you mean "gbnf"/],
  ['an unknown dialect', JSON.stringify({ tools, dialect: 'hermess' }), /Did you mean "hermes"/],
  ['a pattern that looks around', '{"regex": "(?=a)b"}', /look-?ahead|looks? ahead|look-?around/i],
  ['no choices', '{"choice": []}', /at least one/],
  ['no JSON', 'x', /not JSON/],
];

for (const [what, line, error] of bad) {
  test(`${what} is answered with an error`, () => {
    const answer = answerGrammarLine(line);
    assert.match('error' in answer ? answer.error : '', error);
  });
}
