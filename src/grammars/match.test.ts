import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chars, choice, optional, repeat, rule, sequence, text, token, until } from './build.ts';
import type { Grammar, Node } from './ir.ts';
import { accepts, acceptsPrefix } from './match.ts';
import { mutateText, randomGrammar, seededRandom } from './random-grammars.test.support.ts';
import { sample } from './sample.ts';

const grammarOf = (root: Node, rules: Readonly<Record<string, Node>> = {}): Grammar => ({ root, rules: new Map(Object.entries(rules)) });
const digit = chars([[48, 57]]);

interface Case {
  readonly name: string;
  readonly grammar: Grammar;
  readonly yes: readonly string[];
  readonly no: readonly string[];
}

const cases: readonly Case[] = [
  { name: 'a text', grammar: grammarOf(text('ab😀')), yes: ['ab😀'], no: ['', 'a', 'ab', 'ab😀c', 'ab\ud83d'] },
  { name: 'the empty text', grammar: grammarOf(text('')), yes: [''], no: ['a'] },
  { name: 'a token by its spelling', grammar: grammarOf(sequence([token('<|x|>'), text('y')])), yes: ['<|x|>y'], no: ['<|x|>', 'y'] },
  {
    name: 'a class with code points beyond 16 bits',
    grammar: grammarOf(repeat(chars([[0x1f600, 0x1f602]]), 1, 2)),
    yes: ['😀', '😂😁'],
    no: ['', '😃', '😀😀😀'],
  },
  { name: 'bounds', grammar: grammarOf(repeat(digit, 2, 4)), yes: ['12', '1234'], no: ['1', '12345', '1a'] },
  { name: 'a repeat of what may be empty', grammar: grammarOf(repeat(optional(digit), 3, 5)), yes: ['', '1', '12345'], no: ['123456'] },
  {
    name: 'a repeat of a million',
    grammar: grammarOf(sequence([repeat(digit, 0, 1_000_000), text('.')])),
    yes: ['.', '12.'],
    no: ['', '12'],
  },
  {
    name: 'rules in a circle',
    grammar: grammarOf(rule('value'), {
      value: choice([digit, sequence([text('['), optional(rule('list')), text(']')])]),
      list: sequence([rule('value'), repeat(sequence([text(','), rule('value')]), 0, undefined)]),
    }),
    yes: ['1', '[]', '[1,[2,[]],3]'],
    no: ['[', '[1', '[,]', '[1]]'],
  },
  {
    name: 'a rule that begins with itself',
    grammar: grammarOf(rule('sum'), { sum: choice([digit, sequence([rule('sum'), text('+'), digit])]) }),
    yes: ['1', '1+2+3'],
    no: ['1+', '+1'],
  },
  {
    name: 'a rule that may be empty and is asked for twice at one place',
    grammar: grammarOf(sequence([rule('a'), rule('a'), text('x')]), { a: optional(text('a')) }),
    yes: ['x', 'ax', 'aax'],
    no: ['aaax'],
  },
  { name: 'a rule that is not defined', grammar: grammarOf(choice([text('a'), rule('never')])), yes: ['a'], no: ['', 'b'] },
  {
    name: 'text up to delimiters',
    grammar: grammarOf(sequence([until(['</a>', '<!']), text('</a>')])),
    yes: ['</a>', 'x<</a>', '</b></a>', 'é\n</a>'],
    no: ['</a></a>', 'a<!</a>', 'a'],
  },
];

for (const { name, grammar, yes, no } of cases) {
  test(`the matcher knows ${name}`, () => {
    for (const written of yes) assert.equal(accepts(grammar, written), true, JSON.stringify(written));
    for (const written of no) assert.equal(accepts(grammar, written), false, JSON.stringify(written));
  });

  test(`every beginning of an allowed text may go on: ${name}`, () => {
    for (const written of yes) {
      const letters = Array.from(written);
      for (let end = 0; end <= letters.length; end++) assert.equal(acceptsPrefix(grammar, letters.slice(0, end).join('')), true);
    }
  });
}

test('a text that cannot go on is no beginning', () => {
  const grammar = grammarOf(sequence([text('ab'), until(['x']), text('x')]));
  assert.deepEqual(
    ['', 'a', 'abq', 'abqx'].map((written) => acceptsPrefix(grammar, written)),
    [true, true, true, true],
  );
  assert.deepEqual(
    ['b', 'aa', 'abqxq'].map((written) => acceptsPrefix(grammar, written)),
    [false, false, false],
  );
});

test('the matcher agrees with regular expressions on random grammars without recursion', () => {
  const random = seededRandom(7);
  let matched = 0;
  for (let run = 0; run < 400; run++) {
    const grammar = randomGrammar(random, { hasUntil: false, isRecursive: false });
    const pattern = new RegExp(`^(?:${toPattern(grammar.root)})$`, 'u');
    for (let count = 0; count < 8; count++) {
      const written = count < 3 ? sample(grammar, random) : mutateText(sample(grammar, random), random);
      const expected = pattern.test(written);
      if (expected) matched++;
      assert.equal(accepts(grammar, written), expected, `${pattern} on ${JSON.stringify(written)}`);
      if (count < 3) assert.equal(expected, true, `a sample of ${pattern}: ${JSON.stringify(written)}`);
    }
  }
  assert.ok(matched > 1200 && matched < 3000, `${matched} of 3200 matched`);
});

test('text up to a delimiter is any text without it', () => {
  const random = seededRandom(8);
  const delimiters = ['aba', 'bb', 'aac'];
  const grammar = grammarOf(until(delimiters));
  const counts = [0, 0];
  for (let run = 0; run < 2000; run++) {
    const written = Array.from({ length: Math.floor(random() * 9) }, () => 'abc'[Math.floor(random() * 3)]).join('');
    const expected = !delimiters.some((delimiter) => written.includes(delimiter));
    counts[expected ? 1 : 0] = (counts[expected ? 1 : 0] ?? 0) + 1;
    assert.equal(accepts(grammar, written), expected, written);
  }
  assert.ok(
    counts.every((count) => count > 300),
    counts.join(),
  );
});

test('the work for a letter does not grow with the text', () => {
  const list = grammarOf(rule('list'), {
    list: choice([text('.'), sequence([chars([[97, 122]]), rule('list')])]),
  });
  const nested = grammarOf(rule('value'), { value: choice([digit, sequence([text('['), rule('value'), text(']')])]) });
  assert.equal(accepts(list, `${'a'.repeat(20_000)}.`, 20_000 * 8), true);
  assert.equal(accepts(nested, `${'['.repeat(5_000)}1${']'.repeat(5_000)}`, 10_000 * 10), true);
});

test('matching that takes too many steps ends with a clear error', () => {
  const grammar = grammarOf(repeat(choice([text('a'), text('aa')]), 0, undefined));
  assert.throws(() => accepts(grammar, 'a'.repeat(1000), 500), /too many steps/);
});

function toPattern(node: Node): string {
  const spell = (codePoint: number) => `\\u{${codePoint.toString(16)}}`;
  switch (node.kind) {
    case 'text':
      return Array.from(node.text, (letter) => spell(letter.codePointAt(0) ?? 0)).join('');
    case 'token':
      return Array.from(node.spelling, (letter) => spell(letter.codePointAt(0) ?? 0)).join('');
    case 'sequence':
      return node.items.map((item) => `(?:${toPattern(item)})`).join('');
    case 'choice':
      return node.options.map((option) => `(?:${toPattern(option)})`).join('|');
    case 'repeat':
      return `(?:${toPattern(node.item)}){${node.least},${node.most ?? ''}}`;
    case 'chars':
      return `[${node.ranges.map(([from, to]) => `${spell(from)}-${spell(to)}`).join('')}]`;
    default:
      throw new Error(`${node.kind} is not written as a regular expression here.`);
  }
}
