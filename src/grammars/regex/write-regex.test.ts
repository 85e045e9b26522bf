import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { choice, optional, repeat, rule, sequence, text, until } from '../build.ts';
import type { Grammar, Node } from '../ir.ts';
import { accepts } from '../match.ts';
import { sample } from '../sample.ts';
import regex from '../targets/regex.ts';
import { matchesPattern } from './match-pattern.ts';
import { readRegex } from './read-regex.ts';

const plain = (root: Node, rules: Readonly<Record<string, Node>> = {}): Grammar => ({ root, rules: new Map(Object.entries(rules)) });

const examples: readonly (readonly [what: string, grammar: Grammar, written: string])[] = [
  ['texts are escaped', plain(text('a.b*(c)\n"é😀')), 'a\\.b\\*\\(c\\)\\x0a"\\u00e9😀'],
  [
    'groups stand only where they are needed',
    plain(sequence([repeat(text('ab'), 0, undefined), choice([text('x'), text('yz')])])),
    '(?:ab)*(?:x|yz)',
  ],
  ['rules are put in', plain(sequence([rule('a'), rule('a')]), { a: optional(text('x')) }), 'x?x?'],
  [
    'a rule that names itself at its end is a repeat',
    plain(rule('a'), { a: choice([sequence([text('x'), rule('a')]), text('y')]) }),
    'x*y',
  ],
  [
    'a circle of rules is solved',
    plain(rule('a'), { a: sequence([text('x'), rule('b')]), b: choice([sequence([text('y'), rule('a')]), text('z')]) }),
    '(?:xy)*xz',
  ],
];

for (const [what, grammar, written] of examples) {
  test(what, () => assert.equal(regex.write(grammar).text, written));
}

test('what nests in itself is held three deep', () => {
  const grammar = plain(rule('a'), { a: sequence([text('('), optional(rule('a')), text(')')]) });
  const { text: pattern } = regex.write(grammar);
  for (const nested of ['()', '(())', '((()))']) assert.equal(matchesPattern(pattern, nested), true, nested);
  assert.equal(matchesPattern(pattern, '(((())))'), false);
  assert.equal(matchesPattern(pattern, '(()'), false);
});

test('a text up to a delimiter is what holds no delimiter', () => {
  const { text: pattern } = regex.write(plain(until(['aba', '</x>'])));
  for (const free of ['', 'abbab', 'aabb', '</x', '<</x']) assert.equal(matchesPattern(pattern, free), true, free);
  for (const full of ['aba', 'xababx', '</x>', '<</x>']) assert.equal(matchesPattern(pattern, full), false, full);
});

test('any JSON is refused: it nests too deep for a regular expression', () => {
  const grammar = plain({ kind: 'json', schema: true, whitespace: 'none', notation: 'json' });
  assert.throws(() => regex.write(grammar), /takes more than 200000 characters/);
});

test('a schema is a pattern that JavaScript reads and that takes the same texts', () => {
  const schema = {
    type: 'object',
    properties: {
      id: { type: 'integer', minimum: 1, maximum: 250 },
      tag: { enum: ['a"b', 'é'] },
      when: { type: 'string', format: 'date' },
      name: { type: 'string', maxLength: 4 },
    },
    required: ['id', 'when'],
    additionalProperties: false,
  };
  const grammar = plain({ kind: 'json', schema, whitespace: 'loose', notation: 'json' });
  const pattern = new RegExp(`^(?:${regex.write(grammar).text})$`, 'u');
  fc.assert(
    fc.property(
      fc.infiniteStream(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })),
      fc.nat(),
      fc.constantFrom('', '"', '1', '}', ' '),
      (stream, place, change) => {
        const written = sample(grammar, () => stream.next().value as number);
        assert.ok(pattern.test(written), written);
        const at = place % written.length;
        const other = written.slice(0, at) + change + written.slice(at + 1);
        assert.equal(pattern.test(other), accepts(grammar, other), other);
      },
    ),
    { numRuns: 200, seed: 7 },
  );
});

test('a pattern that is read and written again is the same language', () => {
  const patterns = ['a(b|c)*d?', '[^a-c]{2,}', '(?:x|yz){1,3}|q+', '\\d{4}-\\d\\d', '(a|b)*a(a|b)'];
  fc.assert(
    fc.property(
      fc.constantFrom(...patterns),
      fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'd', 'x', 'y', 'z', 'q', '1', '-'), maxLength: 6 }),
      (pattern, tried) => {
        const again = regex.write(readRegex(pattern).grammar).text;
        assert.equal(matchesPattern(again, tried), matchesPattern(pattern, tried), JSON.stringify([pattern, again, tried]));
      },
    ),
    { numRuns: 500, seed: 7 },
  );
});
