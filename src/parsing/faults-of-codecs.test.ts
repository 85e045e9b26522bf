import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dialects } from '../dialects/index.ts';
import { checkTurnCase, type DialectName, type TurnCase, toolWith } from '../testing/turn-case.ts';
import { compileDialect } from './compile-dialect.ts';
import { readTurn } from './read-turn.ts';

// Each test names a fault that parsers of other systems have (reference/formats.md, column "Avoid") and shows that ours has not: Python, tags, pairs, objects.

type NamedCase = TurnCase & { readonly fault: string };

/** One test for each fault. */
function testFaults(dialect: DialectName, cases: readonly NamedCase[]): void {
  for (const { fault, ...turnCase } of cases) test(`${dialect}: ${fault}`, () => void checkTurnCase(dialect, turnCase));
}

testFaults('pythonic', [
  {
    fault: 'a negative number is a number (vLLM PR 15462, SGLang #27910)',
    written: '[f(x=-5, y=-0.5, z=+3)]',
    calls: [['f', '{"x": -5, "y": -0.5, "z": 3}']],
  },
  { fault: 'a leading space does not hide the call', written: ' [f(x=1)]', calls: [['f', { x: 1 }]] },
  {
    fault: 'prose before and after the list is kept',
    written: 'Sure! [f(x=1)] That is it.',
    text: 'Sure!That is it.',
    calls: [['f', { x: 1 }]],
  },
  { fault: 'a call without the brackets of the list is read at the end', written: "f(x='a')", calls: [['f', { x: 'a' }]] },
  {
    fault: 'true, false and null are literals too',
    written: '[f(a=true, b=false, c=null, d=True, e=False, g=None)]',
    calls: [['f', { a: true, b: false, c: null, d: true, e: false, g: null }]],
  },
  { fault: 'a tuple is an array', written: '[f(x=(1, 2), y=())]', calls: [['f', { x: [1, 2], y: [] }]] },
  { fault: 'a set is an array', written: '[f(x={1, 2})]', calls: [['f', { x: [1, 2] }]] },
  {
    fault: 'positional arguments take the names of the schema, in order',
    written: "[f('Rome', 3, unit='C')]",
    tools: [toolWith('f', { city: 'string', days: 'integer', unit: 'string' })],
    calls: [['f', { city: 'Rome', days: 3, unit: 'C' }, 'repaired']],
  },
  {
    fault: 'dotted names, underscores and hyphens are names',
    written: '[maps.find_it(x=1), _f(x=2), get-it(x=3)]',
    tools: [{ name: 'maps.find_it' }, { name: '_f' }, { name: 'get-it' }],
    calls: [
      ['maps.find_it', { x: 1 }],
      ['_f', { x: 2 }],
      ['get-it', { x: 3 }],
    ],
  },
  {
    fault: 'one bad argument does not drop every call',
    written: '[f(x=1, y=@!), g(z=2)]',
    calls: [
      ['f', { x: 1, y: '@!' }, 'repaired'],
      ['g', { z: 2 }],
    ],
  },
  {
    fault: 'brackets, parentheses and colons in a string do not end anything',
    written: `[f(x="a(b[c:d]e)f", y=':)]('), g(z="]")]`,
    calls: [
      ['f', { x: 'a(b[c:d]e)f', y: ':)](' }],
      ['g', { z: ']' }],
    ],
  },
  {
    fault: 'numbers with underscores, exponents, hexadecimal digits and no leading zero',
    written: '[f(a=1_000, b=1e3, c=0x1F, d=.5, e=9007199254740993)]',
    calls: [['f', '{"a": 1000, "b": 1e3, "c": 31, "d": 0.5, "e": 9007199254740993}']],
  },
  {
    fault: 'strings with prefixes, in triple quotes and side by side',
    written: `[f(a=r'\\d', b="""two\nlines""", c='a' "b", d='it\\'s')]`,
    calls: [['f', { a: '\\d', b: 'two\nlines', c: 'ab', d: "it's" }]],
  },
  {
    fault: 'nested dictionaries and lists',
    written: "[f(x={'a': [1, {'b': None}], \"c\": {}})]",
    calls: [['f', { x: { a: [1, { b: null }], c: {} } }]],
  },
  {
    fault: 'an expression becomes its own source',
    written: '[f(x=2*3, y=g(1, [2]), z=today)]',
    calls: [['f', { x: '2*3', y: 'g(1, [2])', z: 'today' }, 'repaired']],
  },
  {
    fault: 'a Markdown link is text',
    written: 'See [the page](http://a.b/(c)) and [f] and [f](x).',
    text: 'See [the page](http://a.b/(c)) and [f] and [f](x).',
  },
  { fault: 'a list of other things is text', written: '[1, 2] and [foo(x=1)]', text: '[1, 2] and [foo(x=1)]' },
  { fault: 'prose that mentions a call in brackets of code stays text', written: '```\n[f(x=1)]\n```', text: '```\n[f(x=1)]\n```' },
  {
    fault: 'a call that is cut keeps what came',
    written: "[f(x='ab",
    end: 'length',
    calls: [['f', { x: 'ab' }, 'truncated']],
  },
]);

for (const count of [22, 10_000]) {
  test(`pythonic: ${count} times \`b=c, \` take no time (a regular expression of vLLM needs 2^n steps)`, () => {
    const written = `[f(a=1, ${'b=c, '.repeat(count)}`;
    const turn = readTurn(compileDialect(dialects.pythonic), [written], { tools: [{ name: 'f' }] });
    assert.equal(turn.calls.length, 1);
    assert.ok(turn.steps <= 8 * written.length, `${turn.steps} steps for ${written.length} characters`);
  });
  test(`pythonic: ${count} times \`b=c, \` before no known name are text in as many steps`, () => {
    const written = `[h(${'b=c, '.repeat(count)}`;
    const turn = readTurn(compileDialect(dialects.pythonic), [written], { tools: [{ name: 'f' }] });
    assert.equal(turn.text, written);
    assert.ok(turn.steps <= 8 * written.length, `${turn.steps} steps for ${written.length} characters`);
  });
}

testFaults('llama-4-pythonic', [
  {
    fault: 'the JSON of Llama 3 is read too (vLLM #46863, #22917)',
    written: '{"name": "f", "parameters": {"x": 1}}',
    calls: [['f', { x: 1 }]],
  },
  { fault: 'both markers are optional', written: '<|python_start|>[f(x=1)]<|python_end|>', calls: [['f', { x: 1 }]] },
]);

testFaults('olmo-3', [
  {
    fault: 'a string over several lines keeps them (vLLM joins lines by `, `)',
    written: '<function_calls>f(a="one\ntwo")\ng(b=null)</function_calls>',
    calls: [
      ['f', { a: 'one\ntwo' }],
      ['g', { b: null }],
    ],
  },
]);

testFaults('lfm-2', [
  {
    fault: 'an orphan end token is dropped, the echo of the body is text',
    written: '<|tool_call_start|>[f(a="x")]<|tool_call_end|>Done.<|tool_call_end|>',
    text: 'Done.',
    calls: [['f', { a: 'x' }]],
    issues: ['orphan-markup'],
  },
  {
    fault: 'keywords as names, leading zeros, control characters and nested quotes are values',
    written: `<|tool_call_start|>[f(class="x", b=007, n=007, c="a\tb\u0001", d="say \\"hi\\" 'now'")]<|tool_call_end|>`,
    tools: [toolWith('f', { n: 'integer' })],
    calls: [['f', { class: 'x', b: '007', n: 7, c: 'a\tb\u0001', d: 'say "hi" \'now\'' }, 'repaired']],
  },
  {
    fault: 'the JSON form is read where the model writes it',
    written: '<|tool_call_start|>[{"name": "f", "arguments": {"a": 1}}]<|tool_call_end|>',
    calls: [['f', { a: 1 }]],
  },
]);

testFaults('minicpm-3', [
  {
    fault: 'a value that looks like a keyword argument stays as it is (`is=` does not become `is_=`)',
    written: '<|tool_call_start|>\n```python\nf(x="what is= this")\n```\n<|tool_call_end|>\n',
    calls: [['f', { x: 'what is= this' }]],
  },
  {
    fault: 'a name that begins with letters of "python" keeps them',
    written: '<|tool_call_start|>\n```python\npython_on(x=1)\n```\n<|tool_call_end|>',
    tools: [{ name: 'python_on' }],
    calls: [['python_on', { x: 1 }]],
  },
  {
    fault: 'positional arguments are not dropped',
    written: '<|tool_call_start|>\n```python\nf("Rome", 2)\n```\n<|tool_call_end|>',
    tools: [toolWith('f', { city: 'string', days: 'integer' })],
    calls: [['f', { city: 'Rome', days: 2 }, 'repaired']],
  },
  {
    fault: 'a syntax error loses neither the text nor the other call',
    written: 'A<|tool_call_start|>\n```python\nf(x=)\ng(y=2)\n```\n<|tool_call_end|>\nB',
    text: 'AB',
    calls: [
      ['f', { x: null }, 'repaired'],
      ['g', { y: 2 }],
    ],
  },
  { fault: 'a plain answer is text at once', written: 'Just an answer.', text: 'Just an answer.' },
]);

test('minicpm-3: a plain answer streams, where the plugin waits for the end of thoughts', () => {
  const parser = compileDialect(dialects['minicpm-3']).openParser({ tools: [{ name: 'f' }] });
  assert.deepEqual(parser.push('Just an answer.'), [{ type: 'text-delta', text: 'Just an answer.' }]);
});

testFaults('gorilla-2', [
  {
    fault: 'literals of Java and JavaScript are values, unknown forms text',
    written: '<<function>>f(a=null, b=true, c=new Date(1, 2))',
    calls: [['f', { a: null, b: true, c: 'new Date(1, 2)' }, 'repaired']],
  },
]);

const coder = (inside: string) => `<tool_call>\n<function=f>\n${inside}</function>\n</tool_call>`;
const parameter = (key: string, value: string) => `<parameter=${key}>\n${value}\n</parameter>\n`;

testFaults('qwen3-coder', [
  {
    fault: 'a call without the wrapper is read (Ollama #16686, #18530)',
    written: `Text.\n<function=f>\n${parameter('a', 'x')}</function>`,
    text: 'Text.',
    calls: [['f', { a: 'x' }]],
  },
  {
    fault: 'lines and indentation of a value are kept, one newline on each side is not',
    written: coder(parameter('a', '\n  def g():\n\treturn 1\n')),
    calls: [['f', { a: '\n  def g():\n\treturn 1\n' }]],
  },
  {
    fault: 'a value that holds `<parameter=` is not split',
    written: coder(parameter('a', 'write <parameter=b> here')),
    calls: [['f', { a: 'write <parameter=b> here' }]],
  },
  {
    fault: 'a value that holds `</parameter>` and `</function>` is not split where no legal continuation follows',
    written: coder(parameter('a', 'x</parameter> y </function> z')),
    calls: [['f', { a: 'x</parameter> y </function> z' }]],
  },
  {
    fault: 'prose that mentions `<tool_call>` does not fall silent',
    written: 'I write <tool_call> in prose, and go on.',
    text: 'I write <tool_call> in prose, and go on.',
    issues: ['not-a-call'],
  },
  {
    fault: 'values that are no XML break nothing off (Ollama #14834, #17276, #18563, #12357, #12380, #16810)',
    written: coder(parameter('a', 'if (a < b && c > d) { x = "<y"; } & </z>')),
    calls: [['f', { a: 'if (a < b && c > d) { x = "<y"; } & </z>' }]],
  },
  {
    fault: 'an extra `</parameter>` is an orphan and no error',
    written: coder(`<parameter=a>\n1\n</parameter>\n</parameter>\n${parameter('b', '2')}`),
    calls: [['f', { a: '1', b: '2' }]],
    issues: ['orphan-markup'],
  },
  {
    fault: '"null", "5" and "true" stay strings where the schema says string',
    written: coder(parameter('a', 'null') + parameter('b', '5') + parameter('c', 'true')),
    tools: [toolWith('f', { a: 'string', b: 'string', c: 'string' })],
    calls: [['f', { a: 'null', b: '5', c: 'true' }]],
  },
  {
    fault: 'a call without `</function>` is kept',
    written: '<tool_call>\n<function=f>\n<parameter=a>\n1\n</parameter>\n</tool_call>',
    calls: [['f', { a: '1' }, 'repaired']],
  },
]);

testFaults('seed-oss', [
  {
    fault: 'thoughts with text about their budget are reasoning',
    written:
      '<seed:think>Hm.<seed:cot_budget_reflect>I used 9 tokens.</seed:cot_budget_reflect></seed:think><seed:tool_call>\n<function=f>\n<parameter=a>1</parameter>\n</function>\n</seed:tool_call>',
    reasoning: 'Hm.<seed:cot_budget_reflect>I used 9 tokens.</seed:cot_budget_reflect>',
    calls: [['f', { a: '1' }]],
  },
]);

testFaults('minimax-m2', [
  {
    fault: 'a name in either quote or none is read',
    written: `</think><minimax:tool_call>\n<invoke name='f'>\n<parameter name='a'>x</parameter>\n</invoke>\n<invoke name=g>\n<parameter name=b>y</parameter>\n</invoke>\n</minimax:tool_call>`,
    calls: [
      ['f', { a: 'x' }],
      ['g', { b: 'y' }],
    ],
  },
]);

testFaults('dots', [
  {
    fault: 'an object inside the wrapper is read as well',
    written: '<dots_function_call>\n{"name": "f", "arguments": {"a": 1}}\n</dots_function_call>',
    calls: [['f', { a: 1 }]],
  },
]);

testFaults('minicpm-5', [
  {
    fault: 'names damaged in detokenisation are read',
    written: '<functionname="f"><paramname="a">x</param></function>',
    calls: [['f', { a: 'x' }]],
  },
]);

testFaults('step-3', [
  {
    fault: 'a value with `<` is not lost',
    written:
      '</think><｜tool_calls_begin｜><｜tool_call_begin｜>function<｜tool_sep｜><steptml:invoke name="f"><steptml:parameter name="a">1 < 2 <b></steptml:parameter></steptml:invoke><｜tool_call_end｜><｜tool_calls_end｜>',
    calls: [['f', { a: '1 < 2 <b>' }]],
  },
]);

const dsml = (inside: string) =>
  `<｜DSML｜function_calls>\n<｜DSML｜invoke name="f">\n${inside}</｜DSML｜invoke>\n</｜DSML｜function_calls>`;

testFaults('deepseek-v3-2', [
  {
    fault: 'the type in the tag comes before the schema',
    written: dsml(
      '<｜DSML｜parameter name="a" string="true">5</｜DSML｜parameter>\n<｜DSML｜parameter name="b" string="false">[1, "x"]</｜DSML｜parameter>\n',
    ),
    calls: [['f', { a: '5', b: [1, 'x'] }]],
  },
  {
    fault: 'a spurious parameter around all arguments is taken off',
    written: dsml('<｜DSML｜parameter name="arguments" string="false">{"a": 1}</｜DSML｜parameter>\n'),
    tools: [toolWith('f', { a: 'integer' })],
    calls: [['f', { a: 1 }, 'repaired']],
  },
]);

testFaults('kimi-k3', [
  {
    fault: 'attributes escape only `&amp;` and `&quot;`, types stand in the tag, text in its wrapper',
    written:
      '<|open|>response<|sep|>Hi.<|close|>response<|sep|><|open|>tools<|sep|><|open|>call tool="f" index="1"<|sep|><|open|>argument key="a" type="number"<|sep|>1<|close|>argument<|sep|><|open|>argument key="b" type="string"<|sep|>2 &amp; 3<|close|>argument<|sep|><|close|>call<|sep|><|close|>tools<|sep|>',
    text: 'Hi.',
    calls: [['f', { a: 1, b: '2 &amp; 3' }]],
  },
]);

const tag = ']<]minimax[>[';

testFaults('minimax-m3', [
  {
    fault: 'nested elements are objects, repeated items a list',
    written: `${tag}<tool_call>${tag}<invoke name="f">${tag}<a>${tag}<b>x${tag}</b>${tag}</a>${tag}<l>${tag}<item>1${tag}</item>${tag}<item>2${tag}</item>${tag}</l>${tag}</invoke>${tag}</tool_call>`,
    tools: [
      toolWith('f', { a: { type: 'object', properties: { b: { type: 'string' } } }, l: { type: 'array', items: { type: 'integer' } } }),
    ],
    calls: [['f', { a: { b: 'x' }, l: [1, 2] }]],
  },
]);

testFaults('glm-4-5', [
  { fault: 'a call without arguments is legal', written: '<tool_call>f\n</tool_call>', calls: [['f', {}]] },
  {
    fault: 'whitespace between the tags is optional',
    written: '<tool_call>f<arg_key>a</arg_key><arg_value>x</arg_value></tool_call><tool_call>g\n</tool_call>',
    calls: [
      ['f', { a: 'x' }],
      ['g', {}],
    ],
  },
  {
    fault: 'a value that quotes `</arg_value>` and `</tool_call>` is not cut where no legal continuation follows',
    written: '<tool_call>f\n<arg_key>a</arg_key>\n<arg_value>x</arg_value> and </tool_call> y</arg_value>\n</tool_call>',
    calls: [['f', { a: 'x</arg_value> and </tool_call> y' }]],
  },
]);

testFaults('hy-3', [
  {
    fault: 'several calls in one section',
    written:
      '<tool_calls><tool_call>f<tool_sep><arg_key>a</arg_key><arg_value>1</arg_value></tool_call>\n<tool_call>g<tool_sep></tool_call></tool_calls>',
    calls: [
      ['f', { a: '1' }],
      ['g', {}],
    ],
  },
]);

testFaults('solar-open-2', [
  {
    fault: 'a character of two halves stays one, wherever in a long value it stands',
    written: [29, 30, 31, 32, 33, 62, 63, 64, 65]
      .map((count) => `<|tool_call:start|>f\n<|tool_arg:start|>a<|tool_arg:value|>${'x'.repeat(count)}😀<|tool_arg:end|><|tool_call:end|>`)
      .join(''),
    calls: [29, 30, 31, 32, 33, 62, 63, 64, 65].map((count) => ['f', { a: `${'x'.repeat(count)}😀` }] as const),
  },
  {
    fault: 'a dropped end of an argument is ended by the next sentinel',
    written:
      '<|tool_call:start|>f\n<|tool_arg:start|>a<|tool_arg:value|>1<|tool_arg:start|>b<|tool_arg:value|>2<|tool_arg:end|>\n<|tool_call:end|>',
    calls: [['f', { a: '1', b: '2' }, 'repaired']],
  },
  {
    fault: 'a dropped end of a call is ended by the next start',
    written:
      '<|tool_call:start|>f\n<|tool_arg:start|>a<|tool_arg:value|>1<|tool_arg:end|>\n<|tool_call:start|>g\n<|tool_arg:start|>b<|tool_arg:value|>2<|tool_arg:end|>\n<|tool_call:end|>',
    calls: [
      ['f', { a: '1' }, 'repaired'],
      ['g', { b: '2' }],
    ],
    issues: ['unterminated'],
  },
]);

testFaults('gemma-4', [
  {
    fault: 'keys without quotes, strings in their own quotes, nested objects and lists',
    written: '<|tool_call>call:f{a:<|"|>x, y: {z}<|"|>,n:42,o:{k:<|"|>v<|"|>},l:[1,2]}<tool_call|>',
    calls: [['f', { a: 'x, y: {z}', n: 42, o: { k: 'v' }, l: [1, 2] }]],
  },
  {
    fault: 'bare scalars are typed by the schema',
    written: '<|tool_call>call:f{a:5,b:5,c:true}<tool_call|>',
    tools: [toolWith('f', { a: 'string', b: 'integer', c: 'string' })],
    calls: [['f', { a: '5', b: 5, c: 'true' }]],
  },
  {
    fault: 'thoughts end at the opener of a call',
    written: '<|channel>thought\nHm.<|tool_call>call:f{}<tool_call|>',
    reasoning: 'Hm.',
    calls: [['f', {}]],
  },
]);

testFaults('functiongemma', [
  {
    fault: 'the string "10115" does not become a number, a bare value is not dropped',
    written: '<start_function_call>call:f{zip:<escape>10115<escape>,city:Berlin}<end_function_call>',
    calls: [['f', { zip: '10115', city: 'Berlin' }]],
  },
]);
