import assert from 'node:assert/strict';
import { test } from 'node:test';
import { choice, repeat, rule, sequence, text, token, until } from './build.ts';
import { checkGrammar } from './check-grammar.ts';
import { derive } from './derive.ts';
import type { Grammar } from './ir.ts';
import { accepts } from './match.ts';
import { mutateText, randomGrammar, seededRandom } from './random-grammars.test.support.ts';
import { sample } from './sample.ts';

test('the rest after a text is what the grammar allows behind it', () => {
  const random = seededRandom(11);
  for (let run = 0; run < 300; run++) {
    const grammar = randomGrammar(random, { hasUntil: true, isRecursive: true });
    const written = sampleOrNothing(grammar, random);
    if (written === undefined) continue;
    const letters = Array.from(written);
    const end = Math.floor(random() * (letters.length + 1));
    const start = letters.slice(0, end).join('');
    const rest = derive(grammar, start);
    assert.ok(rest, `a beginning of a sample: ${JSON.stringify(start)}`);
    checkGrammar(rest);
    const tail = letters.slice(end).join('');
    for (const candidate of [tail, mutateText(tail, random), mutateText(tail, random)]) {
      assert.equal(accepts(rest, candidate), accepts(grammar, start + candidate), JSON.stringify([start, candidate]));
    }
    const sampled = sampleOrNothing(rest, random);
    if (sampled !== undefined) assert.ok(accepts(grammar, start + sampled), JSON.stringify([start, sampled]));
  }
});

test('after a text that the grammar does not allow there is no rest', () => {
  const grammar: Grammar = { root: sequence([text('{"name": '), until(['"'])]), rules: new Map() };
  assert.equal(derive(grammar, '{"nome'), undefined);
  assert.equal(derive(grammar, '{"name": a"'), undefined);
});

test('a token that straddles the trigger goes on in the middle of a text, a token, a repeat, a delimiter and a rule', () => {
  const grammar: Grammar = {
    root: sequence([token('<call>'), repeat(text('ab'), 2, 3), until(['</x>']), rule('close')]),
    rules: new Map([['close', choice([text('</x>\n'), sequence([text('</x>'), rule('close')])])]]),
  };
  const whole = '<call>ababzz</</x></x>\n';
  for (let end = 0; end <= whole.length; end++) {
    const rest = derive(grammar, whole.slice(0, end));
    assert.ok(rest && accepts(rest, whole.slice(end)), whole.slice(0, end));
    assert.equal(accepts(rest, `${whole.slice(end)}!`), false);
  }
});

function sampleOrNothing(grammar: Grammar, random: () => number): string | undefined {
  try {
    return sample(grammar, random, { maxChars: 60 });
  } catch (error) {
    assert.match(String(error), /allows no text/);
    return undefined;
  }
}
