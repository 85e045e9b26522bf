import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseLiteralJson } from '../text/literal-json.ts';
import { compileTemplate, fromJson, JinjaError, type JinjaErrorKind } from './index.ts';

const now = new Date('2025-07-04T13:05:09Z');

function failOf(source: string): JinjaError {
  try {
    compileTemplate(source).render(new Map(), { now });
  } catch (error) {
    assert.ok(error instanceof JinjaError, String(error));
    return error;
  }
  return assert.fail(`${source.slice(0, 60)} does not fail`);
}

const hostile: Readonly<Record<string, string>> = {
  'loops in loops': '{% for a in range(99999) %}{% for b in range(99999) %}{% for c in range(99999) %}{% endfor %}{% endfor %}{% endfor %}',
  'a loop that prints': '{% for a in range(99999) %}{% for b in range(999) %}xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx{% endfor %}{% endfor %}',
  'a repeated text': "{{ 'x' * 10**9 }}",
  'a repeated list': '{{ [1] * 10**9 }}',
  'a doubled text': "{% set n = namespace(s='xx') %}{% for i in range(60) %}{% set n.s = n.s ~ n.s %}{% endfor %}{{ n.s }}",
  'a doubled list': '{% set n = namespace(s=[1]) %}{% for i in range(60) %}{% set n.s = n.s + n.s %}{% endfor %}',
  'a text made by replacing': "{% set n = namespace(s='x') %}{% for i in range(60) %}{% set n.s = n.s|replace('x', 'xxx') %}{% endfor %}",
  'a macro without end': '{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}',
  'two macros that call each other': '{% macro a() %}{{ b() }}{% endmacro %}{% macro b() %}{{ a() }}{% endmacro %}{{ a() }}',
  'a macro that calls itself twice': '{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(60) }}',
  'a value in itself many times over': '{% set n = namespace(s=[]) %}{% for i in range(9999) %}{% set n.s = [n.s] %}{% endfor %}{{ n.s }}',
  'a wide value': '{% set n = namespace(s=[1]) %}{% for i in range(40) %}{% set n.s = [n.s, n.s] %}{% endfor %}{{ n.s }}',
  'a wide value as JSON': '{% set n = namespace(s=[1]) %}{% for i in range(40) %}{% set n.s = [n.s, n.s] %}{% endfor %}{{ n.s|tojson }}',
  'a wide value compared':
    '{% set n = namespace(a=[1], b=[1]) %}{% for i in range(40) %}{% set n.a = [n.a, n.a] %}{% set n.b = [n.b, n.b] %}{% endfor %}{{ n.a == n.b }}',
  'a huge number': '{{ 10 ** (10 ** 10) }}',
  'a huge number by squares': '{% set n = namespace(s=7) %}{% for i in range(99) %}{% set n.s = n.s * n.s %}{% endfor %}',
  'a wide format': "{{ '%999999999d' % 1 }}",
  'a wide padding': "{{ 'x'.center(10 ** 9) }}",
  'a wide indent': "{{ 'a\\nb'|indent(10 ** 9) }}",
  'a long range': '{{ range(10 ** 9)|list }}',
  'deep parentheses': `{{ ${'('.repeat(5000)}1${')'.repeat(5000)} }}`,
  'deep blocks': '{% if 1 %}'.repeat(5000) + '{% endif %}'.repeat(5000),
  'a long sum': `{{ ${'1+'.repeat(200_000)}1 }}`,
  'a search for a long text': `{% set a = 'a' * 2000000 ~ 'b' %}{% set h = 'a' * 4000000 %}${'{% for x in range(99999) %}{% set y = a in h %}{% endfor %}'}`,
  'a loop that replaces': "{% set h = 'ab' * 400000 %}{% for x in range(99999) %}{% set y = h|replace('a', 'c') %}{% endfor %}",
  'a loop that splits': "{% set h = 'ab' * 400000 %}{% for x in range(99999) %}{% set y = h.split('a') %}{% endfor %}",
  'a loop over a long expression': `{% for a in range(99999) %}{% for b in range(99999) %}{% set x = ${'a+'.repeat(500)}b %}{% endfor %}{% endfor %}`,
  'a loop over a long list': `{% for a in range(99999) %}{% set x = [${'a,'.repeat(5000)}] %}{% endfor %}`,
  'a loop over a long key': "{% set h = 'x' * 4000000 %}{% set d = {h: 1} %}{% for q in range(99999) %}{% set x = d[h] %}{% endfor %}",
  'a loop that numbers grow in': '{% set a = 7 ** 3000 %}{% for x in range(99999) %}{% set b = a * a %}{% endfor %}',
  'many names in branches': Array.from({ length: 25_000 }, (_, index) => `{% if a %}{% set b${index} = 1 %}{% endif %}`).join(''),
  'a long source': 'x'.repeat(1024 * 1024 + 1),
};

for (const [what, source] of Object.entries(hostile)) {
  test(`${what} ends with a limit`, () => {
    assert.equal(failOf(source).kind, 'limit' satisfies JinjaErrorKind);
  });
}

test('an error says where it happened', () => {
  const error = failOf('a\n  {{ undef.x }}');
  assert.deepEqual([error.kind, error.line, error.column, error.reason], ['undefined', 2, 11, "'undef' is undefined"]);
  assert.equal(error.message, "'undef' is undefined (line 2, column 11)");
});

const kinds: readonly (readonly [string, JinjaErrorKind, RegExp])[] = [
  ['{% if %}', 'syntax', /Expected an expression, got 'end of statement block'/],
  ['{{ 1 + "a" }}', 'type', /unsupported operand type/],
  ['{{ [].append(1) }}', 'security', /access to attribute 'append' of 'list' object is unsafe/],
  ['{{ raise_exception("Roles must alternate") }}', 'template', /^Roles must alternate \(line 1/],
  ['{{ lipsum() }}', 'security', /lipsum/],
  ['{% for x in 5 %}{% endfor %}', 'type', /'int' object is not iterable/],
];
for (const [source, kind, message] of kinds) {
  test(`${source} fails as ${kind}`, () => {
    const error = failOf(source);
    assert.equal(error.kind, kind);
    assert.match(error.message, message);
  });
}

test('the words __proto__ and constructor are ordinary keys', () => {
  const variables = new Map([['d', parseLiteralJson('{"__proto__": 1, "constructor": 2}')]]);
  assert.equal(compileTemplate("{{ d['__proto__'] }}{{ d.constructor }}{{ {}.constructor }}").render(variables, { now }).text, '12');
});

test('generation tags say what they printed', () => {
  const { text, generationSpans } = compileTemplate(
    'a{% for x in [1, 2] %}b{% generation %}<{{ x }}>{% endgeneration %}{% endfor %}',
  ).render(new Map(), { now });
  assert.equal(text, 'ab<1>b<2>');
  assert.deepEqual(
    generationSpans.map(({ start, end }) => text.slice(start, end)),
    ['<1>', '<2>'],
  );
});

test('values read once may be rendered often', () => {
  const template = compileTemplate('{{ v[0] }} {{ v[1] }} {{ v[2] }}');
  const variables = new Map([['v', fromJson(parseLiteralJson('[1.50, 9007199254740993, 1]'))]]);
  assert.equal(template.render(variables, { now }).text, '1.5 9007199254740993 1');
  assert.equal(template.render(variables, { now }).text, '1.5 9007199254740993 1');
});

test('a compiled template is not spoilt by a render that reached a limit', () => {
  const template = compileTemplate('{% for x in range(n) %}{{ x }}{% endfor %}');
  const render = (count: number) => template.render(new Map([['n', count]]), { now, maxSteps: 1000 }).text;
  assert.throws(() => render(5000), JinjaError);
  assert.equal(render(3), '012');
});

test('the steps grow with the work and no faster', () => {
  const stepsOf = (source: string) => compileTemplate(source).render(new Map(), { now }).steps;
  for (const work of works) {
    const [once, twice] = [stepsOf(work(6_000)), stepsOf(work(12_000))];
    assert.ok(once > 6_000 / 257 && twice > once * 1.5 && twice < once * 2.5, `${work(1)}: ${once} and ${twice}`);
  }
});

/** Work on a text or a list of some size: all of it is counted, whatever does it. */
const onText = [
  ...[
    "|replace('a', 'b')",
    "|replace('', '-')",
    '|upper',
    '|title',
    '|capitalize',
    "|trim('x')",
    '|list',
    '|reverse',
    '|wordcount',
    '|e',
    '|urlencode',
  ],
  ...[
    '|tojson',
    '|string|list',
    '|wordwrap(9)',
    '|striptags',
    '|indent',
    '|int',
    '|float',
    ".split('a')",
    '.split()',
    ".count('a')",
    ".find('b')",
    ".rfind('b')",
  ],
  ...[
    ".partition('b')",
    '.splitlines()',
    '.swapcase()',
    '.title()',
    '.isalpha()',
    '.encode()',
    '.translate({1: 2})',
    '.expandtabs()',
    '[::-1]',
    '[1:]',
    ' ~ 1',
    ' is lower',
  ],
  ...[" < 'b'", " in 'b'", '|unique|list', '|sort', '|center(9)', '|format', '.format(1)'],
];
const onList = [
  '|list',
  '|sort',
  '|reverse|list',
  '|map("string")|list',
  '|join',
  '|tojson',
  '|string',
  '|sum',
  '|max',
  '|unique|list',
  '|batch(3)|list',
  '[::-1]',
  ' + [1]',
  '.copy()',
  '.count(2)',
];
const works: readonly ((size: number) => string)[] = [
  ...onText.map((use) => (size: number) => `{% set t = ('a' * ${size})${use} %}`),
  ...onList.map((use) => (size: number) => `{% set t = ([1] * ${size})${use} %}`),
];
