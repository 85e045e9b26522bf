import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GatewayError } from '../../protocol/error.ts';
import { chars, choice, repeat, rule, sequence, text, token, until } from '../build.ts';
import type { Grammar, Node } from '../ir.ts';
import { randomGrammar, seededRandom } from '../random-grammars.test.support.ts';
import { targets } from './index.ts';
import type { TargetDefinition, WrittenGrammar } from './target.ts';

const all: readonly (readonly [string, TargetDefinition])[] = Object.entries(targets);

const grammarOf = (root: Node, rules: Readonly<Record<string, Node>> = {}): Grammar => ({ root, rules: new Map(Object.entries(rules)) });
const json = (type: string): Node => ({ kind: 'json', schema: { type }, whitespace: 'one-space', notation: 'json' });
const letter = (code: number) => chars([[code, code + 3]]);

/** For each kind of node two grammars that differ in it alone and allow different texts. */
const pairs: Readonly<Record<Node['kind'], readonly [Grammar, Grammar]>> = {
  text: [grammarOf(text('one')), grammarOf(text('two'))],
  token: [grammarOf(token('<one>')), grammarOf(token('<two>'))],
  sequence: [grammarOf(sequence([letter(97), letter(65)])), grammarOf(sequence([letter(65), letter(97)]))],
  choice: [grammarOf(choice([text('a'), text('b')])), grammarOf(choice([text('a'), text('c')]))],
  repeat: [grammarOf(repeat(letter(97), 2, 4)), grammarOf(repeat(letter(97), 2, 5))],
  chars: [grammarOf(letter(97)), grammarOf(letter(98))],
  rule: [grammarOf(rule('a'), { a: text('x') }), grammarOf(rule('a'), { a: text('y') })],
  until: [grammarOf(until(['</a>'])), grammarOf(until(['</b>']))],
  json: [grammarOf(json('integer')), grammarOf(json('boolean'))],
};

/** Undefined where the target refuses the grammar in the way its type promises. */
function write(target: TargetDefinition, grammar: Grammar): WrittenGrammar | undefined {
  try {
    return target.write(grammar);
  } catch (error) {
    assert.ok(error instanceof GatewayError && error.code === 'invalid_request', String(error));
    assert.match(error.message, /^[A-Z].+\.$/s, 'a refusal is a sentence');
    return undefined;
  }
}

for (const [name, target] of all) {
  test(`${name}: says who takes it`, () => {
    assert.match(target.about, /^\w.{20,300}\.$/);
  });

  for (const [kind, [first, second]] of Object.entries(pairs)) {
    test(`${name}: what a ${kind} says is in the text, or told as unenforced, or refused`, () => {
      const [left, right] = [write(target, first), write(target, second)];
      assert.equal(left === undefined, right === undefined, 'both are refused or neither');
      if (left === undefined || right === undefined) return;
      assert.ok(left.text !== right.text || left.unenforced.length > 0, `both are ${left.text}`);
      for (const { path, keyword, reason } of left.unenforced) {
        assert.equal(typeof path, 'string');
        assert.ok(keyword !== '' && reason !== '');
      }
      assert.deepEqual(left.tokens, kind === 'token' ? ['<one>'] : []);
    });
  }

  test(`${name}: some kind of node is written`, () => {
    assert.ok(Object.values(pairs).some(([grammar]) => write(target, grammar) !== undefined));
  });

  test(`${name}: the same grammar gives the same text`, () => {
    const random = seededRandom(41);
    for (let run = 0; run < 100; run++) {
      const grammar = randomGrammar(random, { hasUntil: true, isRecursive: run % 2 === 0 });
      assert.deepEqual(write(target, structuredClone(grammar)), write(target, grammar));
    }
  });

  test(`${name}: a long grammar gives a text as long, and rules that double one another do not grow without end`, () => {
    const words = Array.from({ length: 2_000 }, (_, index) => text(`word ${index * 7919}`));
    const long = write(target, grammarOf(choice(words)));
    assert.ok(long === undefined || long.text.length < 500_000, `${long?.text.length} characters`);
    const levels = Array.from({ length: 18 }, (_, level): [string, Node] => [
      `r${level}`,
      sequence([rule(`r${level + 1}`), rule(`r${level + 1}`)]),
    ]);
    const doubled = write(
      target,
      grammarOf(rule('r0'), { ...Object.fromEntries(levels), r18: choice([text('a'), json('null'), until(['b'])]) }),
    );
    assert.ok(doubled === undefined || doubled.text.length < 2_000_000, `${doubled?.text.length} characters`);
    const many = write(target, grammarOf(repeat(sequence([text('a'), letter(98)]), 0, 10_000_000)));
    assert.ok(
      many === undefined || (many.text.length < 10_000 && (many.unenforced.length > 0 || many.text.includes('10000000'))),
      'a count of ten million',
    );
  });
}
