import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonValue } from '../../protocol/json.ts';
import { accepts } from '../match.ts';
import { readStructuralTag } from './read-structural-tag.ts';

const schema = { type: 'object', properties: { x: { type: 'integer' } }, required: ['x'], additionalProperties: false };
const tagOf = (name: string) => ({
  type: 'tag',
  begin: `<fn=${name}>`,
  content: { type: 'json_schema', json_schema: schema },
  end: '</fn>',
});
const whole = (format: JsonValue): JsonValue => ({ type: 'structural_tag', format });

const cases: readonly {
  readonly about: string;
  readonly tag: JsonValue;
  readonly good: readonly string[];
  readonly bad: readonly string[];
}[] = [
  {
    about: 'the older form: free text, and a structure wherever a trigger is written',
    tag: { structures: [{ begin: '<fn=a>', schema, end: '</fn>' }], triggers: ['<fn='] },
    good: ['', 'Hello <b>', 'I see.<fn=a>{"x": 1}</fn> Then <fn=a>{"x":2}</fn>'],
    bad: ['<fn=', '<fn=b>{"x": 1}</fn>', '<fn=a>{"y": 1}</fn>', '<fn=a>{"x": 1}'],
  },
  {
    about: 'triggered tags of which there must be one, and only one',
    tag: whole({ type: 'triggered_tags', triggers: ['<fn='], tags: [tagOf('a'), tagOf('b')], at_least_one: true, stop_after_first: true }),
    good: ['<fn=b>{"x": 1}</fn>'],
    bad: ['', 'text', '<fn=b>{"x": 1}</fn><fn=a>{"x": 1}</fn>', '<fn=b>{"x": 1}</fn>.'],
  },
  {
    about: 'tags with a separator',
    tag: whole({ type: 'tags_with_separator', tags: [tagOf('a')], separator: ',', at_least_one: true }),
    good: ['<fn=a>{"x": 1}</fn>', '<fn=a>{"x": 1}</fn>,<fn=a>{"x": 2}</fn>'],
    bad: ['', '<fn=a>{"x": 1}</fn>,'],
  },
  {
    about: 'sequences, choices, counts, patterns, grammars and text up to an end',
    tag: whole({
      type: 'sequence',
      elements: [
        { type: 'tag', begin: '<think>', content: { type: 'any_text' }, end: '</think>' },
        {
          type: 'or',
          elements: [
            { type: 'const_string', value: 'yes' },
            { type: 'regex', pattern: '[0-9]{2}' },
          ],
        },
        { type: 'optional', content: { type: 'grammar', grammar: 'root ::= "!" root | "!"' } },
        { type: 'repeat', min: 1, max: 2, content: { type: 'const_string', value: '.' } },
      ],
    }),
    good: ['<think>a < b</think>yes!!!.', '<think></think>42..'],
    bad: ['yes.', '<think>a</think>yes', '<think>a</think>4.', '<think>a</think>yes...'],
  },
];

for (const { about, tag, good, bad } of cases) {
  test(about, () => {
    const grammar = readStructuralTag(tag);
    for (const text of good) assert.ok(accepts(grammar, text), text);
    for (const text of bad) assert.ok(!accepts(grammar, text), text);
  });
}

const faults: readonly (readonly [JsonValue, RegExp])[] = [
  [{}, /`format`, or `structures`/],
  [whole({ type: 'magic' }), /at \/format\/type: 'magic' is no format known here/],
  [whole({ type: 'sequence', elements: [] }), /at \/format\/elements: a list/],
  [whole({ type: 'repeat', min: 3, max: 2, content: { type: 'any_text' } }), /`max` is less/],
  [whole({ type: 'json_schema', json_schema: 7 }), /a JSON schema was expected/],
  [whole({ type: 'json_schema', json_schema: schema, style: 'qwen_xml' }), /only the style `json`/],
  [whole({ type: 'triggered_tags', triggers: ['['], tags: [tagOf('a')] }), /begins with none of the triggers/],
  [whole({ type: 'grammar', grammar: 'start: x' }), /Lark|`::=`/],
  [{ structures: [{ begin: '<a>', schema, end: '</a>' }] }, /\/triggers: a list/],
  [nest(100), /nest at most 64/],
];

function nest(depth: number): JsonValue {
  let format: JsonValue = { type: 'any_text' };
  for (let count = 0; count < depth; count++) format = { type: 'optional', content: format };
  return whole(format);
}

for (const [tag, message] of faults) {
  test(`${JSON.stringify(tag).slice(0, 60)} is refused with its place`, () => {
    assert.throws(() => readStructuralTag(tag), { code: 'invalid_request', message });
  });
}
