import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createJsonRepair, type JsonRepairOptions } from './json-repair.ts';

interface Repaired {
  readonly json: string;
  readonly outcome: string;
  readonly fixes: readonly string[];
  readonly rest: string;
}

function repair(pieces: readonly string[], options: JsonRepairOptions = {}): Repaired {
  let json = '';
  let rest = '';
  const machine = createJsonRepair((text) => {
    json += text;
  }, options);
  for (const piece of pieces) rest += piece.slice(machine.isDone ? 0 : machine.take(piece, 0, piece.length));
  machine.end();
  return { json, outcome: machine.outcome, fixes: machine.fixes.map((fix) => `${fix.code} ${fix.path}`.trim()), rest };
}

/** written, sent, fixes */
const repairs: readonly (readonly [string, string, ...string[]])[] = [
  [
    '{"a": True, "b": False, "c": None}',
    '{"a": true, "b": false, "c": null}',
    'python-literals /a',
    'python-literals /b',
    'python-literals /c',
  ],
  ['[NaN, Infinity, -Infinity]', '[null, null, null]', 'python-literals /0', 'python-literals /1', 'python-literals /2'],
  [`{'a': 'say "hi"'}`, '{"a": "say \\"hi\\""}', 'single-quotes', 'single-quotes /a'],
  [`['it\\'s', 'it's']`, `["it's", "it's"]`, 'single-quotes /0', 'single-quotes /1', 'stray-quote /1'],
  ['[1, 2, ]', '[1, 2 ]', 'trailing-comma /2'],
  ['{"a": 1,\n}', '{"a": 1\n}', 'trailing-comma /a'],
  ['{"a": "x\ny\tz"}', '{"a": "x\\ny\\tz"}', 'raw-newline /a'],
  ['["\u0001"]', '["\\u0001"]', 'raw-newline /0'],
  ['["C:\\dir \\x41 \\u12G \\\'"]', '["C:\\\\dir \\\\x41 \\\\u12G \'"]', 'bad-escape /0'],
  ['{a: 1, $b-2.c: 2, ä: 3}', '{"a": 1, "$b-2.c": 2, "ä": 3}', 'bare-keys /a', 'bare-keys /$b-2.c', 'bare-keys /ä'],
  ['{"a": 1, // one\n "b": 2 /* two */, # three\n "c": 3}', '{"a": 1, \n "b": 2 , \n "c": 3}', 'comments /a', 'comments /b'],
  ['{"city": New York, "n": 3}', '{"city": "New York", "n": 3}', 'bare-value /city'],
  ['{"when": 2024-01-02, "zip": 02134}', '{"when": "2024-01-02", "zip": "02134"}', 'bare-value /when', 'bare-value /zip'],
  ['[+1, .5, 5., 1_000]', '[1, 0.5, 5, 1000]', 'number-spelling /0', 'number-spelling /1', 'number-spelling /2', 'number-spelling /3'],
  ['{"a": "say "hi" now"}', '{"a": "say \\"hi\\" now"}', 'stray-quote /a'],
  ['{"code": "print("hi")"}', '{"code": "print(\\"hi\\")"}', 'stray-quote /code'],
  ['{"a": "x" "b": 1}', '{"a": "x" ,"b": 1}', 'missing-comma /a'],
  ['[1 2 {} []]', '[1 ,2 ,{} ,[]]', 'missing-comma /1', 'missing-comma /2', 'missing-comma /3'],
  ['[1,, 2]', '[1, 2]', 'extra-comma /1'],
  ['{"a" 1, "b" = 2}', '{"a" :1, "b" : 2}', 'missing-colon /a', 'missing-colon /b'],
  ['{"a": , "b"}', '{"a": null, "b":null}', 'missing-value /a', 'missing-value /b'],
  ['{"a": [1, 2}', '{"a": [1, 2]}', 'wrong-bracket /a/2'],
  ['[1, 2}', '[1, 2]', 'wrong-bracket /2'],
  ['{{"a": 1}', '{"a": 1}', 'unexpected-text'],
  ['{"a": 3 apples, "b": 1}', '{"a": 3 , "b": 1}', 'unexpected-text /a'],
  ['{"a": 1, "a": 2}', '{"a": 1, "a": 2}', 'duplicate-key /a'],
  ['{"a": tru', '{"a": true}', 'python-literals /a', 'cut'],
  ['{"a": 1.5e', '{"a": 1.5}', 'number-spelling /a', 'cut /a'],
  ['{"a": -', '{"a": null}', 'number-spelling /a', 'cut /a'],
  ['{"a": "x\\u00', '{"a": "x"}', 'cut /a'],
  ['{"a": 1, "b', '{"a": 1, "b":null}', 'cut /b'],
  ['{"a": [1, ', '{"a": [1 ]}', 'cut /a/1'],
  ['', 'null', 'cut'],
];

for (const [written, sent, ...fixes] of repairs) {
  test(`${JSON.stringify(written)} is sent as ${sent}`, () => {
    const found = repair([written]);
    assert.equal(found.json, sent);
    assert.deepEqual(
      found.fixes.map((fix) => fix.replace(/^cut .*/, 'cut')),
      fixes.map((fix) => fix.replace(/^cut .*/, 'cut')),
    );
    JSON.parse(found.json);
  });
}

/** Texts of JSON's letters and of what models write instead. */
const wild = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...'{}[],:"\'\\/#*\n \tabntu0123456789.eE+-_<(=') },
    {
      weight: 1,
      arbitrary: fc.constantFrom('true', 'None', 'NaN', '\\u00e4', '\\ud83d', '😀', '\u00a0', '": "', '{"a": ', '//', '/*', '*/'),
    },
    { weight: 1, arbitrary: fc.constant(' '.repeat(70)) },
    { weight: 1, arbitrary: fc.constant('7'.repeat(70)) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 5 }) },
  ),
  { maxLength: 40 },
);

const mutated = fc
  .tuple(fc.json({ maxDepth: 4 }), fc.nat(), fc.nat({ max: 3 }), fc.constantFrom('', '"', ',', '}', '\\', "'", 'x', '\n'))
  .map(([json, at, gone, put]) => json.slice(0, at % (json.length + 1)) + put + json.slice((at % (json.length + 1)) + gone));

const texts = fc.oneof(
  wild.map((parts) => parts.join('')),
  wild.map((parts) => `{"a": ${parts.join('')}`),
  wild.map((parts) => `[${parts.join('')}`),
  mutated,
);

test('whatever is read, what is sent is JSON, wherever the end comes', () => {
  fc.assert(
    fc.property(texts, (text) => {
      for (let end = 0; end <= text.length; end++) {
        const { json } = repair([text.slice(0, end)], { maxDepth: 9 });
        assert.doesNotThrow(() => JSON.parse(json), `${JSON.stringify(text.slice(0, end))} gave ${json}`);
      }
    }),
    { numRuns: 300 },
  );
});

test('the chunks make no difference', () => {
  fc.assert(
    fc.property(texts, fc.array(fc.nat({ max: 7 }), { minLength: 1, maxLength: 5 }), (text, sizes) => {
      const whole = repair([text]);
      assert.deepEqual(repair([...text.split('')]), whole);
      for (let at = 1; at < text.length; at++) assert.deepEqual(repair([text.slice(0, at), text.slice(at)]), whole);
      const pieces: string[] = [];
      for (let at = 0, turn = 0; at < text.length; turn++) {
        const size = (sizes[turn % sizes.length] ?? 0) + 1;
        pieces.push(text.slice(at, at + size));
        at += size;
      }
      assert.deepEqual(repair(pieces), whole);
    }),
    { numRuns: 200 },
  );
});

test('valid JSON is copied byte for byte and what follows is left unread', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }), fc.constantFrom(undefined, 1, '\t'), (value, indent) => {
      const json = JSON.stringify(value, null, indent);
      const isNested = typeof value === 'object' && value !== null;
      const found = repair([` ${json}${isNested ? ' rest' : '\n'}`]);
      assert.equal(found.json, json);
      assert.equal(found.outcome, 'complete');
      assert.deepEqual(
        found.fixes.filter((fix) => !fix.startsWith('duplicate-key')),
        [],
      );
      if (isNested) assert.equal(found.rest, ' rest');
    }),
    { numRuns: 300 },
  );
});

test('a number longer than what is held is copied', () => {
  for (const number of ['9'.repeat(200), `-0.${'1'.repeat(100)}e-${'2'.repeat(90)}`, `${'3'.repeat(64)}.5`, `${'3'.repeat(63)}e+1`]) {
    assert.deepEqual(repair([`[${number}]`]), { json: `[${number}]`, outcome: 'complete', fixes: [], rest: '' });
    assert.equal(repair([`[${number}`]).json, `[${number}]`);
  }
});

test('an open string is sent as it arrives', () => {
  const sent: string[] = [];
  const machine = createJsonRepair((text) => sent.push(text));
  for (const piece of ['{"a": "x', 'y', ' z', '"', '}']) machine.take(piece, 0, piece.length);
  assert.deepEqual(sent, ['{"a": "x', 'y', ' z', '"}']);
});

test('ten thousand brackets are closed at the depth that is allowed', () => {
  for (const text of ['['.repeat(10_000), '{"a":'.repeat(10_000)]) {
    const found = repair([text]);
    assert.equal(found.outcome, 'too-deep');
    assert.match(found.fixes.at(-1) ?? '', /^too-deep/);
    JSON.parse(found.json);
  }
});

test('a scalar can be changed on its way', () => {
  const options: JsonRepairOptions = {
    onScalar: ({ kind, path }) => {
      if (kind === 'string' && path.join('.') === 'n') return (json) => String(JSON.parse(json));
      return kind === 'number' && path[0] === 'list' ? (json) => `"${json}"` : undefined;
    },
  };
  const whole = repair(['{"n": "5", "list": [1, 2.0], "s": "5"}'], options);
  assert.equal(whole.json, '{"n": 5, "list": ["1", "2.0"], "s": "5"}');
  assert.deepEqual(whole.fixes, ['coerced /n', 'coerced /list/0', 'coerced /list/1']);
  assert.equal(repair(['{"n": "5'], options).json, '{"n": "5"}');
  assert.equal(repair([`{"n": "${'5'.repeat(100)}"}`], options).json, `{"n": "${'5'.repeat(100)}"}`);
});
