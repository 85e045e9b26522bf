import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createJsonRepair } from './json-repair.ts';
import { compileMarks, type Reader, type Reading, type SpecialRange, startReading } from './reader.ts';

const marks = compileMarks([
  { text: '<call>\n', lax: true, special: true },
  { text: '\n</call>', lax: true, special: true },
  '<',
  '<<b>>',
  { text: '[X]', also: ['[XY]', '😀!'] },
]);

/** Tells all it reads, in an order that uses every primitive. */
function* tour(reader: Reader, told: string[]): Reading<void> {
  while (!(yield* reader.isAtEnd())) {
    const match = yield* reader.passUntil(marks, (text) => told.push(`text ${text}`), { keptBlanks: 5 });
    if (!match) return;
    told.push(`blanks ${yield* reader.whitespace()}`);
    const here = yield* reader.at(marks);
    const { text, mark } = here ?? match;
    reader.skip(text.length);
    told.push(`mark ${mark} ${text} ${here?.isSpecial} at ${reader.offset}`);
    const name = yield* reader.attempt(() => readName(reader));
    told.push(`name ${name} at ${reader.offset}`, `peek ${yield* reader.peek(2)}`);
    if (name !== undefined) yield* readJson(reader, told);
  }
}

function* readName(reader: Reader): Reading<string | undefined> {
  const name = yield* reader.run((letter) => letter >= 97 && letter <= 122, 6);
  if ((yield* reader.peek(1)) !== '=') return undefined;
  reader.skip(1);
  return name;
}

function* readJson(reader: Reader, told: string[]): Reading<void> {
  let json = '';
  const machine = createJsonRepair((text) => {
    json += text;
  });
  const match = yield* reader.feed(machine, marks);
  machine.end();
  told.push(`json ${json} ${machine.outcome} before ${match?.text}`);
}

interface Told {
  readonly told: readonly string[];
  readonly steps: number;
  readonly mostHeld: number;
}

/** The tour over chunks that begin at the given places. */
function takeTour(text: string, cuts: readonly number[], specials?: readonly SpecialRange[]): Told {
  const told: string[] = [];
  const run = startReading((reader) => tour(reader, told), specials !== undefined);
  let mostHeld = 0;
  for (const [index, start] of [0, ...cuts].entries()) {
    const end = cuts[index] ?? text.length;
    const inside = specials?.filter((range) => range.offset >= start && range.offset < end);
    run.push(
      text.slice(start, end),
      inside?.map((range) => ({ ...range, offset: range.offset - start })),
    );
    mostHeld = Math.max(mostHeld, run.heldBackChars);
  }
  run.end();
  return { told: joinText(told), steps: run.steps, mostHeld };
}

function joinText(told: readonly string[]): readonly string[] {
  const joined: string[] = [];
  let text: string[] = [];
  for (const line of [...told, '']) {
    if (line.startsWith('text ')) text.push(line.slice(5));
    else {
      if (text.length > 0) joined.push(`text ${text.join('')}`);
      text = [];
      joined.push(line);
    }
  }
  return joined.slice(0, -1);
}

const pieces = fc.array(
  fc.constantFrom(
    '<call>',
    '\n',
    ' ',
    '</call>',
    '<',
    '<<b>>',
    '[X',
    'Y]',
    ']',
    '😀',
    '!',
    'f=',
    'name',
    '{"a": "',
    '"}',
    '{',
    '}',
    '[1,',
    '"x"  ',
  ),
  { maxLength: 25 },
);

test('what is read does not depend on the chunks', () => {
  fc.assert(
    fc.property(pieces, (parts) => {
      const text = parts.join('');
      const whole = takeTour(text, []);
      const letters = Array.from({ length: Math.max(0, text.length - 1) }, (_, index) => index + 1);
      assert.deepEqual(takeTour(text, letters).told, whole.told);
      for (const at of letters) assert.deepEqual(takeTour(text, [at]).told, whole.told);
    }),
    { numRuns: 200 },
  );
});

test('with special tokens told, what is read does not depend on the chunks either', () => {
  fc.assert(
    fc.property(pieces, fc.array(fc.boolean(), { minLength: 25, maxLength: 25 }), (parts, isToken) => {
      const specials: SpecialRange[] = [];
      const inner = new Set<number>();
      let text = '';
      for (const [index, part] of parts.entries()) {
        if (isToken[index] && part.includes('call>')) {
          specials.push({ offset: text.length, length: part.length });
          for (let at = 1; at < part.length; at++) inner.add(text.length + at);
        }
        text += part;
      }
      const whole = takeTour(text, [], specials);
      const cuts = Array.from({ length: Math.max(0, text.length - 1) }, (_, index) => index + 1).filter((at) => !inner.has(at));
      assert.deepEqual(takeTour(text, cuts, specials).told, whole.told);
      for (const at of cuts) assert.deepEqual(takeTour(text, [at], specials).told, whole.told);
    }),
    { numRuns: 200 },
  );
});

test('text passes, and a mark with the whitespace before it stays', () => {
  assert.deepEqual(takeTour('Hm. \n<call>\n f=[1] \n</call>', []).told, [
    'text Hm.',
    'blanks  \n',
    'mark 0 <call>\n  false at 13',
    'name f at 15',
    'peek [1',
    'json [1] complete before undefined',
    'blanks  \n',
    'mark 1 </call> false at 27',
    'name undefined at 27',
    'peek ',
  ]);
});

test('the longest mark wins, and a failed attempt reads again from its start', () => {
  assert.deepEqual(takeTour('<<b>>[XY]abc', []).told, [
    'blanks ',
    'mark 3 <<b>> false at 5',
    'name undefined at 5',
    'peek [X',
    'blanks ',
    'mark 4 [XY] false at 9',
    'name undefined at 9',
    'peek ab',
    'text abc',
  ]);
});

test('inside a string only the special token ends a value', () => {
  const text = '[X]f={"a": "</call> b</call>';
  const specials = [{ offset: 21, length: 7 }];
  assert.ok(takeTour(text, [], specials).told.includes('json {"a": "</call> b"} cut before </call>'));
  assert.ok(takeTour(text, [], []).told.includes('json {"a": "</call> b</call>"} cut before undefined'));
  assert.ok(takeTour('[X]f={"a": "b"</call>', []).told.includes('json {"a": "b"} cut before </call>'));
});

test('a surrogate pair is passed whole', () => {
  const told: string[] = [];
  const run = startReading((reader) => reader.passUntil(marks, (text) => told.push(text)));
  for (const letter of 'a😁b\ud83d'.split('')) run.push(letter);
  run.end();
  assert.deepEqual(told, ['a', '😁', 'b', '\ud83d']);
});

test('after a commit an attempt keeps what it read', () => {
  const run = startReading(function* (reader) {
    yield* reader.attempt(function* () {
      reader.skip((yield* reader.peek(2)).length);
      reader.commit();
      return undefined;
    });
    return reader.offset;
  });
  for (const letter of 'abcd') run.push(letter);
  assert.equal(run.end(), 2);
});

test('a parser that has returned holds nothing and takes nothing', () => {
  const run = startReading(function* (reader) {
    return yield* reader.peek(1);
  });
  run.push('abc');
  assert.equal(run.isDone, true);
  run.push('def');
  assert.equal(run.heldBackChars, 0);
  assert.equal(run.end(), 'a');
});

const long: readonly (readonly [string, string])[] = [
  ['prose', 'The quick [brown] fox. '],
  ['openers', '<call>'],
  ['half openers', '<cal'],
  ['blanks', ' \n'],
  ['one long string', '[X]f={"a": "'],
  ['values', '[X]f={"a": [1, true, "x"]}'],
  ['half attempts', '[X]abcdefgh'],
];

for (const [name, unit] of long) {
  for (const chunkChars of [1, 4, Number.POSITIVE_INFINITY]) {
    test(`${name} in chunks of ${chunkChars} cost the same steps a character at any length`, () => {
      const ratios = (Number.isFinite(chunkChars) ? [4, 16, 64] : [16, 64, 256]).map((kilobytes) => {
        const text = unit.repeat(Math.ceil((kilobytes * 1024) / unit.length));
        const cuts = Number.isFinite(chunkChars)
          ? Array.from({ length: Math.floor(text.length / chunkChars) }, (_, index) => (index + 1) * chunkChars)
          : [];
        const { steps, mostHeld } = takeTour(text, cuts);
        if (cuts.length > 0) assert.ok(mostHeld <= 64, `${mostHeld} characters were held`);
        return steps / text.length;
      });
      const [first = 0, second = 0, third = 0] = ratios;
      assert.ok(Math.abs(third - first) < 0.02 && Math.abs(second - first) < 0.02, ratios.join(' '));
      assert.ok(third < 12, `${third} steps a character`);
    });
  }
}
