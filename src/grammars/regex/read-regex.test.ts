import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { matchesPattern } from './match-pattern.ts';
import { readRegex } from './read-regex.ts';
import { RegexError } from './regex-error.ts';

interface Example {
  readonly pattern: string;
  readonly dialect?: 'search' | 'full';
  readonly matching: readonly string[];
  readonly other: readonly string[];
}

const examples: readonly Example[] = [
  { pattern: 'abc', matching: ['abc'], other: ['', 'ab', 'xabc', 'abcx'] },
  { pattern: 'abc', dialect: 'search', matching: ['abc', 'xabcx'], other: ['ab c', ''] },
  { pattern: '^abc$', dialect: 'search', matching: ['abc'], other: ['xabc', 'abcx', 'abc\n'] },
  { pattern: '^a|b$', dialect: 'search', matching: ['ax', 'xb', 'a', 'b'], other: ['xa', 'bx'] },
  { pattern: '(^a|b)c', dialect: 'search', matching: ['acx', 'xbc'], other: ['xac'] },
  { pattern: '^', dialect: 'search', matching: ['', 'x'], other: [] },
  { pattern: '^$', dialect: 'search', matching: [''], other: ['x'] },
  { pattern: '', dialect: 'search', matching: ['', 'x'], other: [] },
  { pattern: '', matching: [''], other: ['x'] },
  { pattern: '\\Aa+\\Z', matching: ['a', 'aa'], other: [''] },
  { pattern: '[a-c]{2,3}', matching: ['ab', 'abc'], other: ['a', 'abca', 'ad'] },
  { pattern: '[^a-c\\d]', matching: ['x', 'é', '😀'], other: ['a', '1', 'xx'] },
  { pattern: '[\\w.-]+', matching: ['a.b-c_9'], other: ['', 'a b'] },
  { pattern: '[\\d-x]', matching: ['1', '-', 'x'], other: ['y'] },
  { pattern: 'a{,x}', matching: ['a{,x}'], other: ['a'] },
  { pattern: 'x{0}y', matching: ['y'], other: ['xy'] },
  { pattern: '(?:ab)*?c', matching: ['c', 'ababc'], other: ['abab'] },
  { pattern: '(?<year>\\d{4})-(?P<month>\\d\\d)', matching: ['2024-05'], other: ['2024-5'] },
  { pattern: '\\u00e9\\x41\\u{1F600}\\ud83d\\ude00\\t\\/', matching: ['éA😀😀\t/'], other: ['éA😀'] },
  { pattern: '.', matching: ['a', '😀'], other: ['\n', '\u2028', ''] },
  { pattern: '\\s\\S', matching: [' x', '\u00a0x'], other: ['xx', '  '] },
  { pattern: '\\p{Lu}\\P{L}', matching: ['Ä1'], other: ['ä1', 'ÄA'] },
  { pattern: 'a||b', matching: ['', 'a', 'b'], other: ['ab'] },
];

for (const { pattern, dialect = 'full', matching, other } of examples) {
  test(`/${pattern}/ as a ${dialect} match takes its texts and no others`, () => {
    for (const text of matching) assert.equal(matchesPattern(pattern, text, { dialect }), true, JSON.stringify(text));
    for (const text of other) assert.equal(matchesPattern(pattern, text, { dialect }), false, JSON.stringify(text));
  });
}

const refused: readonly (readonly [pattern: string, reason: RegexError['reason'], words: RegExp])[] = [
  ['a(?=b)', 'unsupported', /a look-ahead at character 2/],
  ['(?<!a)b', 'unsupported', /a negative look-behind at character 1/],
  ['(a)\\1', 'unsupported', /a backreference \(\\1\) at character 4/],
  ['(?P<n>a)(?P=n)', 'unsupported', /a backreference at character 9/],
  ['\\bword', 'unsupported', /a word boundary \(\\b\) at character 1/],
  ['a^b', 'unsupported', /an anchor in its middle, at character 2/],
  ['(a$)*', 'unsupported', /an anchor in what is repeated/],
  ['(?i)a', 'unsupported', /a group with flags/],
  ['a++', 'unsupported', /a possessive repetition/],
  ['[[:alpha:]]', 'unsupported', /a POSIX class/],
  ['[]', 'unsupported', /brackets with nothing/],
  ['\\q', 'unsupported', /the escape \\q/],
  ['\\p{Script=Greek}', 'unsupported', /the Unicode property/],
  ['(a', 'invalid', /not closed at character 1/],
  ['a)', 'invalid', /was not opened at character 2/],
  ['[a', 'invalid', /a bracket that is not closed/],
  ['[b-a]', 'invalid', /end is before its start/],
  ['*a', 'invalid', /nothing to repeat at character 1/],
  ['a{3,2}', 'invalid', /bounds are swapped/],
  ['a**', 'invalid', /a repetition of a repetition/],
  ['a\\', 'invalid', /a backslash with nothing behind it/],
  ['\ud800', 'invalid', /half of a surrogate pair/],
  ['a{1000000}', 'too-large', /a repetition of more than 100000/],
  ['(a{1000}){1000}', 'too-large', /more than 50000 characters/],
  [`${'('.repeat(5000)}a${')'.repeat(5000)}`, 'too-large', /groups more than 100 deep/],
  ['a'.repeat(30_000), 'too-large', /at most 20000/],
];

for (const [pattern, reason, words] of refused) {
  test(`/${pattern.length > 40 ? `${pattern.slice(0, 40)}…` : pattern}/ is refused with the place`, () => {
    assert.throws(
      () => readRegex(pattern),
      (error) => error instanceof RegexError && error.reason === reason && error.code === 'invalid_request' && words.test(error.message),
    );
  });
}

test('patterns that make backtracking matchers explode are matched in linear work', () => {
  const text = `${'a'.repeat(5_000)}!`;
  for (const pattern of ['^(a+)+$', '^(a|a)*$', '^(a|aa)+$', '^(([a-z])+.)+[A-Z]([a-z])+$']) {
    assert.equal(matchesPattern(pattern, text, { dialect: 'search' }), false, pattern);
  }
});

test('a match that takes too many steps is refused', () => {
  assert.throws(() => matchesPattern('(?:a?){20000}', 'a'.repeat(10_000)), /more than 5000000 steps/);
});

const letter = fc.constantFrom('a', 'b', 'c', '-', '1', 'é', '.');
const atom: fc.Arbitrary<string> = fc.oneof(
  letter.map((text) => (text === '.' ? '\\.' : text)),
  fc.constantFrom('.', '\\d', '\\w', '\\s', '\\D', '\\W', '[ab]', '[^a]', '[a-c1-]', '[^\\d]', '[\\wé]', '\\x61', '\\u0062'),
);
const { pattern: regexSource } = fc.letrec<{ pattern: string; sequence: string; item: string }>((tie) => ({
  pattern: fc.array(tie('sequence'), { minLength: 1, maxLength: 3 }).map((options) => options.join('|')),
  sequence: fc.array(tie('item'), { maxLength: 4 }).map((items) => items.join('')),
  item: fc
    .tuple(
      fc.oneof({ weight: 4, arbitrary: atom }, { weight: 1, arbitrary: tie('pattern').map((inner) => `(${inner})`) }),
      fc.constantFrom('', '', '', '*', '+', '?', '{2}', '{1,2}', '{0,3}', '*?', '{2,}?'),
    )
    .map(([item, quantifier]) => item + quantifier),
}));
const anchored = fc.tuple(fc.constantFrom('', '^'), regexSource, fc.constantFrom('', '$')).map((parts) => parts.join(''));
const someText = fc
  .array(fc.constantFrom('a', 'b', 'c', '-', '1', 'é', '.', ' ', '\n', 'A', '😀'), { maxLength: 8 })
  .map((letters) => letters.join(''));

test('random patterns match the texts that JavaScript matches, searched and whole', () => {
  fc.assert(
    fc.property(anchored, fc.array(someText, { maxLength: 8 }), (pattern, texts) => {
      const searched = new RegExp(pattern, 'u');
      const whole = new RegExp(`^(?:${pattern})$`, 'u');
      for (const text of texts) {
        assert.equal(matchesPattern(pattern, text, { dialect: 'search' }), searched.test(text), JSON.stringify([pattern, text]));
        assert.equal(matchesPattern(pattern, text), whole.test(text), JSON.stringify([pattern, text]));
      }
    }),
    { numRuns: 500 },
  );
});

test('random characters in a row never do anything but give a grammar or a RegexError', () => {
  const junk = fc.array(fc.constantFrom(...'ab()[]{}|*+?^$\\.-,:<>=!Pdwux0123é'), { maxLength: 25 }).map((letters) => letters.join(''));
  fc.assert(
    fc.property(junk, (pattern) => {
      try {
        assert.equal(readRegex(pattern).unenforced.length, 0);
      } catch (error) {
        assert.ok(error instanceof RegexError, String(error));
      }
    }),
    { numRuns: 2_000 },
  );
});
