import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { splitIntoWords, weighWords } from './tool-words.ts';

test('words are found in names and in any script', () => {
  const table: readonly (readonly [string, readonly string[]])[] = [
    ['get_weather', ['get', 'weather']],
    ['getWeatherNow', ['get', 'weather', 'now']],
    ['HTTPServer2Go', ['http', 'server', '2', 'go']],
    ['read-file.v10', ['read', 'file', 'v', '10']],
    ['Café für Ærø', ['cafe', 'fur', 'ærø']],
    ['Погода в Москве', ['погода', 'в', 'москве']],
    ['मौसम', ['मौसम']],
    ['查询天气', ['查询', '询天', '天气']],
    ['猫', ['猫']],
    ['  !? ', []],
    ['', []],
  ];
  for (const [text, expected] of table) assert.deepEqual(splitIntoWords(text), expected, text);
});

test('splitting never throws, and its words are found in them again', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
      const words = splitIntoWords(text);
      assert.ok(words.every((word) => word !== ''));
      assert.deepEqual(splitIntoWords(words.join(' ')), words.flatMap(splitIntoWords));
    }),
    { numRuns: 500 },
  );
});

test('plain English text is split as any other', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme-ascii', maxLength: 40 }), (text) => {
      assert.deepEqual(splitIntoWords(`${text} é`), [...splitIntoWords(text), 'e']);
    }),
    { numRuns: 500 },
  );
});

test('a tool is its name most of all, then what it says of itself and of its parameters', () => {
  const weights = weighWords({
    name: 'find_nest',
    description: 'Find it',
    parameters: {
      type: 'object',
      properties: {
        tree: { type: 'object', description: 'Which oak', properties: { description: { type: 'string' } } },
        any: { anyOf: [{ type: 'string', description: 'Deep' }] },
      },
      required: ['tree'],
    },
  });
  const expected = { find: 4, nest: 3, it: 1, tree: 1, which: 1, oak: 1, description: 1, any: 1, deep: 1 };
  assert.deepEqual(Object.fromEntries(weights), expected);
});
