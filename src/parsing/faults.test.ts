import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dialects } from '../dialects/index.ts';
import { checkTurnCase, type DialectName, type TurnCase, toolWith } from '../testing/turn-case.ts';
import { compileDialect } from './compile-dialect.ts';
import { readTurn } from './read-turn.ts';

// Each test names a fault that parsers of other systems have (reference/formats.md, column "Avoid") and shows that ours has not: JSON formats.

type NamedCase = TurnCase & { readonly fault: string };

/** One test for each fault. */
function testFaults(dialect: DialectName, cases: readonly NamedCase[]): void {
  for (const { fault, ...turnCase } of cases) test(`${dialect}: ${fault}`, () => void checkTurnCase(dialect, turnCase));
}

const good = '<tool_call>{"name": "g", "arguments": {"y": 2}}</tool_call>';

testFaults('hermes', [
  {
    fault: 'a closing tag quoted in a string does not end the call',
    written: '<tool_call>{"name": "f", "arguments": {"x": "a </tool_call> b"}}</tool_call>',
    calls: [['f', { x: 'a </tool_call> b' }]],
  },
  {
    fault: 'a closing tag and an opener in a string do not begin another call',
    written: `<tool_call>{"name": "f", "arguments": {"x": "</tool_call>\\n<tool_call>{\\"name\\": \\"g\\"}"}}</tool_call>`,
    calls: [['f', { x: '</tool_call>\n<tool_call>{"name": "g"}' }]],
  },
  {
    fault: 'arguments before the name are only the arguments (vLLM streams `{"x":1}, "name":"f"`)',
    written: '<tool_call>{"arguments": {"x": 1}, "name": "f"}</tool_call>',
    calls: [['f', '{"x": 1}']],
  },
  {
    fault: 'one bad call does not lose the good one behind it',
    written: `<tool_call>{"nam\n</tool_call>\n${good}`,
    text: '<tool_call>{"nam\n</tool_call>',
    calls: [['g', { y: 2 }]],
    issues: ['not-a-call'],
  },
  {
    fault: 'one bad call does not lose the good one before it',
    written: `${good}\n<tool_call>oops</tool_call>`,
    text: '<tool_call>oops</tool_call>',
    calls: [['g', { y: 2 }]],
    issues: ['not-a-call'],
  },
  {
    fault: 'arguments that break off do not take the next call with them',
    written: `<tool_call>{"name": "f", "arguments": {"x": [1, </tool_call>${good}`,
    calls: [
      ['f', { x: [1] }, 'truncated'],
      ['g', { y: 2 }],
    ],
  },
  { fault: 'text after a call is kept', written: `A${good}B`, text: 'AB', calls: [['g', { y: 2 }]] },
  {
    fault: 'text between calls is kept',
    written: `${good}\nand\n${good}`,
    text: 'and',
    calls: [
      ['g', { y: 2 }],
      ['g', { y: 2 }],
    ],
  },
  {
    fault: 'the first and the last brace of the arguments come too, nested ones included',
    written: '<tool_call>{"name": "f", "arguments": {"x": {"y": {}}}}</tool_call>',
    calls: [['f', '{"x": {"y": {}}}']],
  },
  {
    fault: 'a missing last brace is repaired',
    written: '<tool_call>\n{"name": "f", "arguments": {"x": 1}\n</tool_call>',
    calls: [['f', '{"x": 1}', 'repaired']],
  },
  {
    fault: 'a brace too many is no text and no second call',
    written: '<tool_call>{"name": "f", "arguments": {"x": 1}}}</tool_call>Done.',
    text: 'Done.',
    calls: [['f', { x: 1 }]],
    issues: ['orphan-markup'],
  },
  {
    fault: 'a call without its first brace stays text, whole',
    written: '<tool_call>"name": "f", "arguments": {"x": 1}}</tool_call>',
    text: '<tool_call>"name": "f", "arguments": {"x": 1}}</tool_call>',
    issues: ['not-a-call'],
  },
  {
    fault: 'a call in a code fence without tags stays text, whole',
    written: '```json\n{"name": "f", "arguments": {"x": 1}}\n```',
    text: '```json\n{"name": "f", "arguments": {"x": 1}}\n```',
  },
  {
    fault: 'arguments keep the bytes of the model: numbers, key order, escapes',
    written: '<tool_call>{"name": "f", "arguments": {"b": 1.0, "a": 1E5, "c": "\\u00e9\\/"}}</tool_call>',
    calls: [['f', '{"b": 1.0, "a": 1E5, "c": "\\u00e9\\/"}']],
  },
]);

test('hermes: the work is linear, where vLLM reads the whole text again at each delta', () => {
  const dialect = compileDialect(dialects.hermes);
  const [small = 0, large = 0] = [4096, 65_536].map((chars) => {
    const written = `<tool_call>{"name": "f", "arguments": {"x": "${'word '.repeat(chars / 5)}"}}</tool_call>`;
    return readTurn(dialect, written.match(/[\s\S]{1,4}/g) ?? [], { tools: [{ name: 'f' }] }).steps / written.length;
  });
  assert.ok(large <= small * 1.1, `${small} steps a character, then ${large}`);
  assert.ok(large <= 2, `${large} steps a character`);
});

testFaults('exaone-4', [
  {
    fault: 'a bare value as arguments goes to the only parameter',
    written: '<tool_call>{"name": "f", "arguments": "Rome"}</tool_call>',
    tools: [toolWith('f', { city: 'string' })],
    calls: [['f', { city: 'Rome' }, 'repaired']],
  },
  {
    fault: 'an empty block of thoughts is neither text nor reasoning',
    written: '<think>\n\n</think>\n\nHello.',
    text: 'Hello.',
  },
]);

testFaults('granite-4', [
  {
    fault: 'arguments in a string are read as the object they are',
    written: '<tool_call>{"name": "f", "arguments": "{\\"x\\": \\"a\\\\nb\\"}"}</tool_call>',
    calls: [['f', { x: 'a\nb' }]],
  },
  {
    fault: 'a truncated call stays a call, and the text before it stays text',
    written: 'Look:\n<tool_call>{"name": "f", "arguments": {"x": "ab',
    end: 'length',
    text: 'Look:',
    calls: [['f', { x: 'ab' }, 'truncated']],
    issues: ['unterminated'],
  },
]);

testFaults('smollm-3', [
  {
    fault: 'code of the other mode stays text',
    written: '<code>f(x=1)</code>',
    text: '<code>f(x=1)</code>',
  },
]);

testFaults('ernie-4-5', [
  {
    fault: 'the opener of the thoughts never comes, the wrapper of the text is no text',
    written: 'Hm.\n</think>\n\n<response>\nYes.\n</response>\n<tool_call>\n{"name": "f", "arguments": {"x": 1}}\n</tool_call>\n',
    reasoning: 'Hm.',
    text: 'Yes.',
    calls: [['f', { x: 1 }]],
  },
]);

testFaults('granite-20b-fc', [
  {
    fault: 'prose before the marker does not hide the call (vLLM streams calls only from the first character)',
    written: 'I call it.\n<function_call> {"name": "f", "arguments": {"x": 1}}',
    text: 'I call it.',
    calls: [['f', { x: 1 }]],
  },
  {
    fault: 'several calls, each behind its own marker',
    written: '<function_call> {"name": "f", "arguments": {"x": 1}}\n<function_call> {"name": "g", "arguments": {}}',
    calls: [
      ['f', { x: 1 }],
      ['g', {}],
    ],
  },
]);

testFaults('internlm', [
  {
    fault: 'malformed JSON raises nothing: what stands before it is kept',
    written: 'Text<|action_start|><|plugin|>\n{"name": "f", "parameters": {"x": }}<|action_end|>',
    text: 'Text',
    calls: [['f', { x: null }, 'repaired']],
    issues: ['malformed-arguments'],
  },
  {
    fault: 'no JSON at all raises nothing: it is text',
    written: '<|action_start|><|plugin|>\nno JSON<|action_end|>',
    text: '<|action_start|><|plugin|>\nno JSON<|action_end|>',
    issues: ['not-a-call'],
  },
]);

testFaults('gigachat-3', [
  {
    fault: 'text behind the call does not undo it (vLLM reads to the end of the text)',
    written: 'A<|function_call|>{"name": "f", "arguments": {"x": 1}}\nThat was it.',
    text: 'AThat was it.',
    calls: [['f', { x: 1 }]],
  },
  {
    fault: 'both spellings of the opener are read',
    written: 'Text<|message_sep|>\n\nfunction call<|role_sep|>\n{"name": "f", "arguments": {"x": 1}}',
    text: 'Text',
    calls: [['f', { x: 1 }]],
  },
]);

testFaults('phi-4-mini', [
  {
    fault: 'a bracket inside the arguments does not end the list',
    written: 'functools[{"name": "f", "arguments": {"x": "a]b", "y": [1, [2]]}}, {"name": "g", "arguments": {}}]',
    calls: [
      ['f', { x: 'a]b', y: [1, [2]] }],
      ['g', {}],
    ],
  },
  {
    fault: 'text before the list is kept',
    written: 'Let me see. functools[{"name": "f", "arguments": {"x": 1}}]',
    text: 'Let me see.',
    calls: [['f', { x: 1 }]],
  },
  {
    fault: 'the word alone is no call',
    written: 'Python has functools[1] and functools.',
    text: 'Python has functools[1] and functools.',
    issues: ['not-a-call', 'not-a-call'],
  },
  {
    fault: 'the spelling in tags is read too',
    written: '<|tool_call|>{"name": "f", "arguments": {"x": 1}}<|/tool_call|>',
    calls: [['f', { x: 1 }]],
  },
]);

testFaults('jamba', [
  {
    fault: 'an apostrophe in a value stays one (vLLM makes `\'` to `"`)',
    written: `<tool_calls>[\n {"name": "f", "arguments": {"x": "it's 'so'"}}\n]</tool_calls>`,
    calls: [['f', { x: "it's 'so'" }]],
  },
]);

testFaults('hunyuan-a13b', [
  {
    fault: 'objects nested three and five deep are read (a regular expression of vLLM ends at two)',
    written: '<tool_calls>[{"name": "f", "arguments": {"a": {"b": {"c": {"d": {"e": 1}}}}, "l": [[[[1]]]]}}]</tool_calls>',
    calls: [['f', { a: { b: { c: { d: { e: 1 } } } }, l: [[[[1]]]] }]],
  },
  {
    fault: 'a call inside the thoughts does not count',
    written: '<think>\n<tool_calls>[{"name": "f", "arguments": {}}]</tool_calls>\n</think>\n<answer>\n助手：Yes.\n</answer>',
    reasoning: '<tool_calls>[{"name": "f", "arguments": {}}]</tool_calls>',
    text: 'Yes.',
  },
]);

testFaults('granite-3', [
  {
    fault: 'prose first does not hide the call',
    written: 'I look it up.\n<|tool_call|>[{"name": "f", "arguments": {"x": 1}}]',
    text: 'I look it up.',
    calls: [['f', { x: 1 }]],
  },
  {
    fault: 'arguments before the name wait for it',
    written: '<tool_call>[{"arguments": {"x": "a \\"name\\": b"}, "name": "f"}]',
    calls: [['f', { x: 'a "name": b' }]],
  },
]);

testFaults('smollm-2', [
  { fault: 'an empty list is no call and no content', written: '<tool_call>[]</tool_call>', issues: ['not-a-call'] },
  {
    fault: 'an element without a name is text, the others stay calls',
    written: '<tool_call>[{"name": "f", "arguments": {"x": 1}}, {"x": 1}, {"name": "g", "arguments": {}}]</tool_call>',
    text: '{"x": 1}',
    calls: [
      ['f', { x: 1 }],
      ['g', {}],
    ],
    issues: ['not-a-call'],
  },
  {
    fault: 'a first element without a name does not lose the others',
    written: '<tool_call>[{"x": 1}, {"name": "g", "arguments": {}}]</tool_call>',
    text: '{"x": 1}',
    calls: [['g', {}]],
    issues: ['not-a-call'],
  },
  {
    fault: 'one object instead of a list is read',
    written: '<tool_call>{"name": "f", "arguments": {"x": 1}}</tool_call>',
    calls: [['f', { x: 1 }]],
  },
]);

testFaults('nemotron-json', [
  {
    fault: 'arguments in a string are read as the object they are',
    written: '<TOOLCALL>[{"name": "f", "arguments": "{\\"x\\": 1}"}]</TOOLCALL>',
    calls: [['f', { x: 1 }]],
  },
]);

testFaults('firefunction-2', [
  { fault: 'the usual leading space is no text', written: ' functools[{"name": "f", "arguments": {"x": 1}}]', calls: [['f', { x: 1 }]] },
]);

testFaults('apertus', [
  {
    fault: 'the name is the key, and thoughts may stand several times, between calls too',
    written:
      '<|inner_prefix|>A<|inner_suffix|><|tools_prefix|>[{"f": {"a": 1}}]<|tools_suffix|><|inner_prefix|>B<|inner_suffix|><|tools_prefix|>[{"g": {}}]<|tools_suffix|>',
    reasoning: 'AB',
    calls: [
      ['f', { a: 1 }],
      ['g', {}],
    ],
  },
]);

testFaults('command-a', [
  {
    fault: 'wrappers are no text, citations are, the id is its own',
    written:
      '<|START_THINKING|>Hm.<|END_THINKING|><|START_RESPONSE|>See <co>this</co: 0:[1]>.<|END_RESPONSE|><|START_ACTION|>[{"tool_call_id": "0", "tool_name": "f", "parameters": {"a": 1}}]<|END_ACTION|>',
    reasoning: 'Hm.',
    text: 'See <co>this</co: 0:[1]>.',
    calls: [['f', { a: 1 }]],
  },
]);

testFaults('command-r', [
  {
    fault: 'the closing fence may lack its newline',
    written: 'Action: ```json\n[\n    {\n        "tool_name": "f",\n        "parameters": {"a": 1}\n    }\n]```',
    calls: [['f', { a: 1 }]],
  },
  {
    fault: 'directly-answer is no call',
    written: 'Action: ```json\n[{"tool_name": "directly-answer", "parameters": {}}]\n```',
    issues: ['not-a-call'],
  },
  {
    fault: 'directly-answer is a call where a tool has that name',
    written: 'Action: ```json\n[{"tool_name": "directly-answer", "parameters": {}}]\n```',
    tools: [{ name: 'directly-answer' }],
    calls: [['directly-answer', {}]],
  },
]);

testFaults('mistral', [
  {
    fault: 'the marker twice raises nothing',
    written: '[TOOL_CALLS][TOOL_CALLS]f[ARGS]{"a": 1}',
    text: '[TOOL_CALLS]',
    calls: [['f', { a: 1 }]],
    issues: ['not-a-call'],
  },
  {
    fault: 'the marker before each call, `[ARGS]` or not, an id or not',
    written: '[TOOL_CALLS]f[CALL_ID]abc123def[ARGS]{"a": 1}[TOOL_CALLS]g{"b": 2}',
    calls: [
      ['f', { a: 1 }],
      ['g', { b: 2 }],
    ],
  },
  {
    fault: 'the old list is read with its ids',
    written: 'Text [TOOL_CALLS] [{"name": "f", "arguments": {"a": 1}, "id": "123456789"}, {"name": "g", "arguments": {}}]',
    text: 'Text',
    calls: [
      ['f', { a: 1 }],
      ['g', {}],
    ],
  },
  { fault: 'thoughts end at the marker of a call', written: '[THINK]Hm.[TOOL_CALLS]f{}', reasoning: 'Hm.', calls: [['f', {}]] },
]);

testFaults('deepseek-v3', [
  {
    fault: 'JSON over several lines is a call (without dot-all vLLM finds none)',
    written:
      '<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>f\n```json\n{\n  "a": 1,\n  "b": "x"\n}\n```<｜tool▁call▁end｜><｜tool▁calls▁end｜>',
    calls: [['f', { a: 1, b: 'x' }]],
  },
  {
    fault: 'type word and fence may be missing, the markers may be spelt in ASCII',
    written:
      '<|tool_calls_begin|><|tool_call_begin|>function<|tool_sep|>f\n{"a": 1}<|tool_call_end|><|tool_call_begin|><｜tool▁sep｜>g\n{}<|tool_call_end|><|tool_calls_end|>',
    calls: [
      ['f', { a: 1 }],
      ['g', {}],
    ],
  },
  {
    fault: 'a fence quoted in a string does not end the arguments',
    written:
      '<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>f\n```json\n{"a": "```\\n```"}\n```<｜tool▁call▁end｜><｜tool▁calls▁end｜>',
    calls: [['f', { a: '```\n```' }]],
  },
]);

testFaults('deepseek-v3-1', [
  {
    fault: 'JSON over several lines is a call',
    written: '<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>f<｜tool▁sep｜>{\n  "a": 1\n}<｜tool▁call▁end｜><｜tool▁calls▁end｜>',
    calls: [['f', { a: 1 }]],
  },
]);

testFaults('kimi-k2', [
  {
    fault: 'streamed values are coerced like complete ones, ids without prefix or index are read, text behind the section is kept',
    written:
      '<|tool_calls_section_begin|><|tool_call_begin|>functions.f:0<|tool_call_argument_begin|>{"n": "5"}<|tool_call_end|><|tool_call_begin|>f<|tool_call_argument_begin|>{"n": 6}<|tool_call_end|><|tool_calls_section_end|>After.',
    tools: [toolWith('f', { n: 'integer' })],
    text: 'After.',
    calls: [
      ['f', '{"n": 5}', 'repaired'],
      ['f', '{"n": 6}'],
    ],
  },
]);

testFaults('functionary-3-1', [
  { fault: 'a newline in the arguments is no end', written: '<function=f>{\n"a": 1\n}</function>', calls: [['f', { a: 1 }]] },
  {
    fault: '`</function>` in a string does not cut the arguments',
    written: '<function=f>{"a": "</function>"}</function>',
    calls: [['f', { a: '</function>' }]],
  },
  {
    fault: 'invalid JSON is not passed on',
    written: "<function=f>{'a': True,}</function>",
    calls: [['f', { a: true }, 'repaired']],
    issues: ['malformed-arguments'],
  },
  {
    fault: 'a call that is not terminated is kept',
    written: '<function=f>{"a": 1}',
    calls: [['f', { a: 1 }, 'repaired']],
    issues: ['unterminated'],
  },
  {
    fault: 'text around calls holds no markup',
    written: 'A\n<function=f>{"a": 1}</function>\nB\n<function=g>{}</function>\nC',
    text: 'ABC',
    calls: [
      ['f', { a: 1 }],
      ['g', {}],
    ],
  },
  {
    fault: 'code of the built-in interpreter is text where no tool has its name',
    written: '<|python_tag|>import math\nprint(1)',
    text: '<|python_tag|>import math\nprint(1)',
    issues: ['not-a-call'],
  },
]);

testFaults('mirothinker', [
  {
    fault: 'the server is markup and no argument',
    written:
      'Text.\n<use_mcp_tool>\n<server_name>s</server_name>\n<tool_name>f</tool_name>\n<arguments>\n{"a": 1}\n</arguments>\n</use_mcp_tool>',
    text: 'Text.',
    calls: [['f', { a: 1 }]],
  },
]);

testFaults('llama-3-json', [
  {
    fault: 'prose first: the call is one all the same, streamed or complete',
    written: 'Let me call it.\n{"name": "f", "parameters": {"a": 1}}',
    text: 'Let me call it.',
    calls: [['f', { a: 1 }]],
  },
  {
    fault: 'one object that is no call does not stop the calls',
    written: '{"answer": 42}\n{"name": "f", "parameters": {"a": 1}}\n{"answer": 43}\n{"name": "g", "parameters": {}}',
    text: '{"answer": 42}{"answer": 43}',
    calls: [
      ['f', { a: 1 }],
      ['g', {}],
    ],
  },
  {
    fault: 'text behind a call is kept',
    written: '{"name": "f", "parameters": {"a": 1}}\nThat is all.',
    text: 'That is all.',
    calls: [['f', { a: 1 }]],
  },
  {
    fault: 'calls with every separator of the models are read',
    written:
      '<|python_tag|>{"name": "f", "parameters": {"a": 1}}; {"name": "g", "parameters": {}};{"name": "g", "parameters": {}}\n{"name": "g", "parameters": {}}, {"name": "g", "parameters": {}}',
    calls: [
      ['f', { a: 1 }],
      ['g', {}],
      ['g', {}],
      ['g', {}],
      ['g', {}],
    ],
  },
  {
    fault: 'both other spellings of the models are read',
    written: '{"type": "function", "name": "f", "parameters": {"a": 1}}\n<function=g>{"b": 2}</function>',
    calls: [
      ['f', { a: 1 }],
      ['g', { b: 2 }],
    ],
  },
  {
    fault: 'a JSON answer whose name is no tool stays an answer, byte for byte',
    written: '{"name": "Alice", "parameters": {"age": 3}}',
    text: '{"name": "Alice", "parameters": {"age": 3}}',
  },
  {
    fault: 'a call shown in a code fence is text',
    written: 'Like so:\n```json\n{"name": "f", "parameters": {"a": 1}}\n```\n',
    text: 'Like so:\n```json\n{"name": "f", "parameters": {"a": 1}}\n```\n',
  },
]);

testFaults('xlam', [
  {
    fault: 'an opener where a value or an element belongs ends the list, and what it opens is read (no endless loop)',
    written: '[{"name": "f", "arguments": [TOOL_CALLS][{"name": "g", "arguments": {"y": 2}}]',
    calls: [
      ['f', null, 'truncated'],
      ['g', { y: 2 }],
    ],
    issues: ['malformed-arguments', 'unterminated'],
  },
  {
    fault: 'the format is not guessed from the text so far: fence, marker, tag or bare',
    written: '```json\n[{"name": "f", "arguments": {"a": 1}}]\n```',
    calls: [['f', { a: 1 }]],
  },
  { fault: 'an empty list is no call', written: '[]', issues: ['not-a-call'] },
  {
    fault: 'a list of data stays text',
    written: '[{"city": "Rome"}, {"city": "Oslo"}]',
    text: '[{"city": "Rome"}, {"city": "Oslo"}]',
  },
  {
    fault: 'calls after the thoughts are read',
    written: '<think>Hm.</think>[{"name": "f", "arguments": {"a": 1}}]',
    reasoning: 'Hm.',
    calls: [['f', { a: 1 }]],
  },
]);

testFaults('hammer', [
  {
    fault: 'the fence is optional',
    written: '[{"name": "f", "arguments": {"a": 1}}]',
    calls: [['f', { a: 1 }]],
  },
  {
    fault: 'a fence of code is text',
    written: '```\n[1, 2]\n```',
    text: '```\n[1, 2]\n```',
    issues: ['not-a-call', 'not-a-call'],
  },
]);

testFaults('arch-function-chat', [
  {
    fault: 'a response is text, its escapes decoded',
    written: '{"response": "Hi\\n\\"you\\" \\u00e9"}',
    text: 'Hi\n"you" é',
  },
  {
    fault: 'a clarification is text and the functions it names are markup',
    written: '```json\n{"required_functions": ["f"], "clarification": "Which city?"}\n```',
    text: 'Which city?',
  },
  {
    fault: 'calls in a fenced object are read',
    written: '```json\n{"tool_calls": [{"name": "f", "arguments": {"a": 1}}, {"name": "g", "arguments": {}}]}\n```',
    calls: [
      ['f', { a: 1 }],
      ['g', {}],
    ],
  },
]);
