import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonValue } from '../../protocol/json.ts';
import { anyText, chars, choice, optional, repeat, rule, sequence, text, token, until } from '../build.ts';
import type { Grammar, Node } from '../ir.ts';
import ebnf from './ebnf.ts';
import gbnf from './gbnf.ts';
import jsonSchema from './json-schema.ts';
import lark from './lark.ts';
import structuralTag from './structural-tag.ts';

const grammarOf = (root: Node, rules: Readonly<Record<string, Node>> = {}): Grammar => ({ root, rules: new Map(Object.entries(rules)) });

test('GBNF escapes quotes, backslashes, line breaks, and everything outside ASCII by number', () => {
  const { text: written } = gbnf.write(
    grammarOf(
      sequence([
        text('a"\\\n\u0007é😀'),
        chars([
          [45, 45],
          [93, 94],
          [0x1f600, 0x1f601],
        ]),
      ]),
    ),
  );
  assert.equal(written, 'root ::= "a\\"\\\\\\n\\u0007\\u00E9\\U0001F600" [\\u002D\\u005D\\u005E\\U0001F600\\U0001F601]\n');
});

test('a class that leaves out little is written as what it leaves out', () => {
  assert.equal(
    gbnf.write(
      grammarOf(
        repeat(
          chars([
            [0, 33],
            [35, 0xd7ff],
            [0xe000, 0x10ffff],
          ]),
          0,
          undefined,
        ),
      ),
    ).text,
    'root ::= [^"]*\n',
  );
  assert.equal(gbnf.write(grammarOf(anyText)).text, 'root ::= .*\n');
});

test('text up to a delimiter has a rule for each state', () => {
  assert.equal(
    gbnf.write(grammarOf(sequence([until(['</a>']), text('</a>')]))).text,
    [
      'root ::= until "</a>"',
      'until ::= [^<] until | [<] until-2 | ""',
      'until-2 ::= [^/<] until | [/] until-3 | [<] until-2 | ""',
      'until-3 ::= [^<a] until | [<] until-2 | [a] until-4 | ""',
      'until-4 ::= [^<>] until | [<] until-2 | ""',
      '',
    ].join('\n'),
  );
});

test('names that begin alike share their beginning', () => {
  const names = ['get_weather', 'get_time', 'stop'].map((name) => sequence([text(`{"${name}": `), rule('value')]));
  assert.equal(
    gbnf.write(grammarOf(choice(names), { value: text('1') })).text,
    'root ::= "{\\"" ("get_" ("weather\\": " value | "time\\": " value) | "stop\\": " value)\nvalue ::= "1"\n',
  );
});

test('a count over a million is left open and told', () => {
  const { text: written, unenforced } = gbnf.write(grammarOf(repeat(chars([[48, 57]]), 0, 2_000_000)));
  assert.equal(written, 'root ::= [0-9]*\n');
  assert.deepEqual(
    unenforced.map(({ keyword }) => keyword),
    ['repeat'],
  );
});

test('what is counted is a single thing, and large counts are groups of groups', () => {
  assert.equal(
    gbnf.write(grammarOf(repeat(sequence([text('a'), optional(text('b'))]), 0, 1_250))).text,
    'root ::= group{0,11} part{0,150}\npart ::= "a" "b"?\ngroup ::= part{100}\n',
  );
});

test('nothing that may be empty is repeated', () => {
  assert.equal(gbnf.write(grammarOf(repeat(rule('a'), 2, 5), { a: optional(text('x')) })).text, 'root ::= a-some{0,5}\na-some ::= "x"\n');
});

test('a rule that begins with itself and a rule that is missing are refused with their names', () => {
  const circle = grammarOf(rule('a'), { a: sequence([optional(text('x')), rule('b')]), b: choice([rule('a'), text('y')]) });
  for (const target of [gbnf, ebnf, lark, structuralTag]) {
    assert.throws(() => target.write(circle), /The rule [ab] begins with itself/);
    assert.throws(() => target.write(grammarOf(sequence([text('x'), rule('gone')]))), /The rule gone is named and not defined/);
  }
});

test('control tokens are named for the engine', () => {
  assert.deepEqual(gbnf.write(grammarOf(sequence([token('<call>'), token('<end>'), token('<call>')]))).tokens, ['<call>', '<end>']);
});

test('Lark has a terminal for each letter and names in small letters', () => {
  assert.equal(
    lark.write(grammarOf(rule('First-A'), { 'First-A': choice([text('a"'), chars([[97, 99]])]) })).text,
    'start : rule__first___a\nrule__first___a : (/[a]/ /[\\u{22}]/) | /[a-c]/\n',
  );
});

test('a structural tag says texts, schemas and texts up to a delimiter in its own words', () => {
  const schema: Node = { kind: 'json', schema: { type: 'string' }, whitespace: 'one-space', notation: 'json' };
  const { text: written } = structuralTag.write(grammarOf(sequence([text('a'), until(['</b>']), repeat(chars([[48, 57]]), 1, 3), schema])));
  assert.deepEqual(JSON.parse(written), {
    type: 'structural_tag',
    format: {
      type: 'sequence',
      elements: [
        { type: 'const_string', value: 'a' },
        { type: 'any_text', excludes: ['</b>'] },
        { type: 'grammar', grammar: 'root ::= [0-9]{1,3}\n' },
        { type: 'json_schema', json_schema: { type: 'string' }, style: 'json', max_whitespace_cnt: 1 },
      ],
    },
  });
});

test('closed objects say so in a structural tag, and are EBNF where a schema cannot say it', () => {
  const read = (schema: JsonValue) => {
    const node: Node = { kind: 'json', schema, whitespace: 'none', notation: 'json', areObjectsClosed: true };
    return (JSON.parse(structuralTag.write(grammarOf(node)).text) as { readonly format: JsonValue }).format;
  };
  const inner = { type: 'object', properties: { b: true } };
  const closed = { ...inner, additionalProperties: false };
  assert.deepEqual(read({ type: 'object', properties: { additionalProperties: inner, list: { items: inner } }, required: ['list'] }), {
    type: 'json_schema',
    json_schema: {
      type: 'object',
      properties: { additionalProperties: closed, list: { items: closed } },
      required: ['list'],
      additionalProperties: false,
    },
    style: 'json',
    max_whitespace_cnt: 0,
  });
  for (const odd of [{ anyOf: [inner, { type: 'null' }] }, { type: 'object', required: ['c'] }])
    assert.equal((read({ type: 'array', items: odd }) as { readonly type: string }).type, 'grammar');
});

test('a JSON schema is handed on, a choice becomes an enum, and anything else is refused', () => {
  const schema: Node = { kind: 'json', schema: { type: 'integer' }, whitespace: 'loose', notation: 'json' };
  assert.equal(jsonSchema.write(grammarOf(schema)).text, '{"type":"integer"}');
  assert.equal(jsonSchema.write(grammarOf(choice([text('a'), text('b')]))).text, '{"type":"string","enum":["a","b"]}');
  assert.throws(() => jsonSchema.write(grammarOf(repeat(text('a'), 0, 3))), /JSON schemas only/);
});
