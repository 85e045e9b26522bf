import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { dialects } from '#dist/dialects/index.js';
import { chars, repeat, sequence } from '#dist/grammars/build.js';
import { derive } from '#dist/grammars/derive.js';
import type { Grammar } from '#dist/grammars/ir.js';
import { accepts } from '#dist/grammars/match.js';
import { randomGrammar, seededRandom } from '#dist/grammars/random-grammars.test.support.js';
import gbnf from '#dist/grammars/targets/gbnf.js';
import { callGrammar } from '#dist/parsing/grammar/call-grammar.js';
import { GbnfJudge } from './gbnf-judge.ts';
import { textsFor, tools } from './grammar-cases.ts';

const judge = new GbnfJudge();
after(() => judge.close());

test('llama.cpp takes what our matcher takes, and nothing else, on random grammars', { timeout: 120_000 }, async () => {
  const random = seededRandom(21);
  const counts = { grammars: 0, accepted: 0, rejected: 0 };
  for (let run = 0; run < 500; run++) {
    const grammar = randomGrammar(random, { hasUntil: true, isRecursive: run % 2 === 0 });
    const texts = textsFor(grammar, random);
    if (texts.length === 0) continue;
    await compare(grammar, texts, counts);
  }
  assert.ok(counts.grammars > 400 && counts.accepted > 1000 && counts.rejected > 800, JSON.stringify(counts));
});

test('llama.cpp takes what our matcher takes of the calls of every dialect', { timeout: 120_000 }, async () => {
  const random = seededRandom(22);
  const counts = { grammars: 0, accepted: 0, rejected: 0 };
  for (const dialect of Object.values(dialects)) {
    const { grammar } = callGrammar({ dialect, tools, reasoning: 'optional' });
    await compare(grammar, textsFor(grammar, random, 3), counts);
    const lazy = callGrammar({ dialect, tools, mode: 'lazy' });
    const [trigger = ''] = lazy.triggers;
    const rest = derive(lazy.grammar, trigger);
    assert.ok(rest, `${trigger} begins a region`);
    await compare(rest, textsFor(rest, random, 2), counts);
  }
  assert.ok(counts.accepted >= 280 && counts.rejected > 100, JSON.stringify(counts));
});

test('a hundred tools give a grammar that llama.cpp takes', { timeout: 120_000 }, async () => {
  const hundred = Array.from({ length: 100 }, (_, index) => ({ ...(tools[index % tools.length] ?? { name: '' }), name: `tool_${index}` }));
  const random = seededRandom(23);
  const { grammar } = callGrammar({ dialect: dialects.hermes, tools: hundred });
  await compare(grammar, textsFor(grammar, random, 3), { grammars: 0, accepted: 0, rejected: 0 });
});

test('bounds in the thousands hold', { timeout: 120_000 }, async () => {
  const digit = chars([[48, 57]]);
  const cases = [
    repeat(digit, 0, 5_432),
    repeat(digit, 3_210, 5_432),
    repeat(digit, 4_000, 4_000),
    repeat(sequence([digit, digit]), 0, 1_999),
  ];
  for (const root of cases) {
    const lengths = [0, 1, 1_000, 3_209, 3_210, 3_998, 3_999, 4_000, 4_001, 5_432, 5_433];
    const texts = lengths.map((length) => '7'.repeat(length));
    await compare({ root, rules: new Map() }, texts, { grammars: 0, accepted: 0, rejected: 0 });
  }
});

async function compare(
  grammar: Grammar,
  texts: readonly string[],
  counts: { grammars: number; accepted: number; rejected: number },
): Promise<void> {
  const { text, unenforced } = gbnf.write(grammar);
  assert.deepEqual(unenforced, []);
  const answer = await judge.ask({ gbnf: text, texts });
  if (!('accepted' in answer)) assert.fail(`${answer.refused}\n${text}`);
  counts.grammars++;
  for (const [index, written] of texts.entries()) {
    const isAccepted: boolean = answer.accepted[index] === true;
    assert.equal(isAccepted, accepts(grammar, written), `${JSON.stringify(written)} against\n${text}`);
    if (isAccepted) counts.accepted++;
    else counts.rejected++;
  }
}
