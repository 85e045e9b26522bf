import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createStopScanner } from './stop-scanner.ts';

interface Outcome {
  readonly text: string;
  readonly stop?: string;
}

function scan(stops: readonly string[], pieces: readonly string[]): Outcome {
  const scanner = createStopScanner(stops);
  let text = '';
  for (const piece of pieces) {
    const found = scanner.push(piece);
    text += found.text;
    if (found.stop !== undefined) return { text, stop: found.stop };
  }
  return { text: text + scanner.end() };
}

/** The definition, slowly: the first end at which any stop is complete, the longest of those. */
function scanSlowly(stops: readonly string[], text: string): Outcome {
  const longestFirst = stops.filter((stop) => stop !== '').sort((left, right) => right.length - left.length);
  for (let end = 1; end <= text.length; end++) {
    const stop = longestFirst.find((candidate) => text.slice(0, end).endsWith(candidate));
    if (stop !== undefined) return { text: text.slice(0, end - stop.length), stop };
  }
  return { text };
}

const cases: readonly { readonly stops: readonly string[]; readonly pieces: readonly string[]; readonly outcome: Outcome }[] = [
  { stops: [], pieces: ['a', 'b'], outcome: { text: 'ab' } },
  { stops: [''], pieces: ['a', 'b'], outcome: { text: 'ab' } },
  { stops: ['END'], pieces: ['one E', 'N', 'D two'], outcome: { text: 'one ', stop: 'END' } },
  { stops: ['END'], pieces: ['one EN', 'TRY'], outcome: { text: 'one ENTRY' } },
  { stops: ['END'], pieces: ['one EN'], outcome: { text: 'one EN' } },
  { stops: ['abcd', 'bc'], pieces: ['xabc'], outcome: { text: 'xa', stop: 'bc' } },
  { stops: ['bc', 'abc'], pieces: ['xabc'], outcome: { text: 'x', stop: 'abc' } },
  { stops: ['aab'], pieces: ['aa', 'ab'], outcome: { text: 'a', stop: 'aab' } },
  { stops: ['\n\n'], pieces: ['a\n', 'b\n', '\nc'], outcome: { text: 'a\nb', stop: '\n\n' } },
  { stops: ['😁'], pieces: ['😀', '😁'], outcome: { text: '😀', stop: '😁' } },
];

for (const { stops, pieces, outcome } of cases) {
  test(`stops ${JSON.stringify(stops)} in ${JSON.stringify(pieces)}`, () => assert.deepEqual(scan(stops, pieces), outcome));
}

test('only text that may still become a stop is held back', () => {
  const scanner = createStopScanner(['<|end|>']);
  assert.equal(scanner.push('a<').text, 'a');
  assert.equal(scanner.push('b <|en').text, '<b ');
  assert.equal(scanner.push('e').text, '<|ene');
  assert.equal(scanner.end(), '');
});

test('after a stop everything is dropped', () => {
  const scanner = createStopScanner(['.']);
  assert.deepEqual(scanner.push('a.b'), { text: 'a', stop: '.' });
  assert.deepEqual(scanner.push('c'), { text: '', stop: '.' });
  assert.equal(scanner.end(), '');
});

test('any stops in any text at any split give what the slow definition gives', () => {
  const word = (maxLength: number) => fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength });
  fc.assert(
    fc.property(fc.array(word(4), { maxLength: 5 }), fc.array(word(9), { maxLength: 9 }), (stops, pieces) => {
      assert.deepEqual(scan(stops, pieces), scanSlowly(stops, pieces.join('')));
    }),
    { numRuns: 2000 },
  );
});
