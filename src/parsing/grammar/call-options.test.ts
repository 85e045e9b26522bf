import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dialects } from '../../dialects/index.ts';
import { derive } from '../../grammars/derive.ts';
import { accepts } from '../../grammars/match.ts';
import type { Tool } from '../../protocol/message.ts';
import { callGrammar } from './call-grammar.ts';

const tools: readonly Tool[] = [
  { name: 'f', parameters: { type: 'object', properties: { x: { type: 'integer' } }, required: ['x'], additionalProperties: false } },
  { name: 'g', parameters: { type: 'object', properties: {}, additionalProperties: false } },
];
const dialect = dialects.hermes;
const callF = '<tool_call>\n{"name": "f", "arguments": {"x": 1}}\n</tool_call>';
const callG = '<tool_call>\n{"name": "g", "arguments": {}}\n</tool_call>';

test('required: one call or several, known names and nothing around them', () => {
  const { grammar } = callGrammar({ dialect, tools });
  for (const written of [callF, callG, `${callF}\n${callG}`]) assert.ok(accepts(grammar, written), written);
  for (const written of [
    '',
    `Hm. ${callF}`,
    `${callF} `,
    callF.replace('"f"', '"h"'),
    callF.replace('1', '"1"'),
    callF.replace('"x": 1', ''),
  ]) {
    assert.equal(accepts(grammar, written), false, written);
  }
});

test('a named choice allows that tool alone, once, and so does `parallel: false` with any', () => {
  const named = callGrammar({ dialect, tools, toolChoice: { name: 'g' } }).grammar;
  assert.deepEqual(
    [callG, callF, `${callG}\n${callG}`].map((written) => accepts(named, written)),
    [true, false, false],
  );
  const single = callGrammar({ dialect, tools, parallel: false }).grammar;
  assert.deepEqual(
    [callG, callF, `${callF}\n${callG}`].map((written) => accepts(single, written)),
    [true, true, false],
  );
});

test('thoughts stand before the calls where they are asked for', () => {
  const open = callGrammar({ dialect, tools, reasoning: 'open' }).grammar;
  assert.ok(accepts(open, `So f it is.</think>\n\n${callF}`));
  assert.equal(accepts(open, callF), false);
  const free = callGrammar({ dialect, tools, reasoning: 'optional' }).grammar;
  for (const written of [callF, `<think>f?</think>${callF}`, `<think>\nf\n</think>\n\n${callF}`])
    assert.ok(accepts(free, written), written);
});

test('a lazy grammar begins at its trigger, goes on behind any token that holds it, and ends with any text', () => {
  const { grammar, triggers } = callGrammar({ dialect, tools, mode: 'lazy' });
  assert.deepEqual(triggers, ['<tool_call>']);
  assert.ok(accepts(grammar, `${callF}\n and so on ${callG}`));
  for (let end = 0; end <= 20; end++) {
    const rest = derive(grammar, callF.slice(0, 11 + end));
    assert.ok(rest && accepts(rest, callF.slice(11 + end)), callF.slice(0, 11 + end));
  }
  assert.equal(derive(grammar, '<tool_call>oops'), undefined);
  assert.ok(derive(grammar, '<tool_call>{"name": "f"'), 'the line break behind the opener may be missing');
});

test('a framed answer goes on in the header that the prompt has opened', () => {
  const { grammar } = callGrammar({ dialect: dialects.harmony, tools, frameStart: 'header', reasoning: 'optional' });
  const call = ' to=functions.f<|message|>{"x": 1}<|call|>';
  assert.ok(accepts(grammar, call));
  assert.ok(accepts(grammar, `<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant${call}`));
});

test('a schema that cannot be written out is held as far as it can be, and told', () => {
  const odd: Tool = {
    name: 'odd',
    parameters: { type: 'object', properties: { a: { type: 'integer' }, b: { type: 'strange' } }, required: ['a'] },
  };
  const { grammar, unenforced } = callGrammar({ dialect, tools: [odd, ...tools] });
  assert.deepEqual(
    unenforced.map(({ path }) => path),
    ['/odd'],
  );
  assert.ok(accepts(grammar, callF));
  assert.ok(accepts(grammar, callF.replace('"f", "arguments": {"x": 1}', '"odd", "arguments": {"a": 1, "b": [true]}')));
  assert.equal(accepts(grammar, callF.replace('"f", "arguments": {"x": 1}', '"odd", "arguments": {"a": "1"}')), false);
});

test('a tool whose name the format cannot write is left out and told; without any other there is no grammar', () => {
  const spaced: Tool = { name: 'get weather' };
  const { leftOut, unenforced } = callGrammar({ dialect: dialects['qwen3-coder'], tools: [spaced, ...tools] });
  assert.deepEqual(leftOut, ['get weather']);
  assert.deepEqual(
    unenforced.map(({ path, keyword }) => [path, keyword]),
    [['/get weather', 'name']],
  );
  assert.throws(() => callGrammar({ dialect: dialects['qwen3-coder'], tools: [spaced] }), /None of the tools/);
});

test('what raw text cannot be held to is told', () => {
  const tool: Tool = { name: 'f', parameters: { type: 'object', properties: { zip: { type: 'string', pattern: '^[0-9]{5}$' } } } };
  const { unenforced } = callGrammar({ dialect: dialects['qwen3-coder'], tools: [tool] });
  assert.deepEqual(
    unenforced.map(({ path, keyword }) => [path, keyword]),
    [['/f/properties/zip', 'pattern']],
  );
  assert.deepEqual(callGrammar({ dialect, tools: [tool] }).unenforced, []);
});

test('arguments that no schema declares are not written, in no format, unless the schema asks for them', () => {
  const parameters = { type: 'object', properties: { x: { type: 'object', properties: { y: { type: 'integer' } } } } };
  const call = (args: string) => `<tool_call>\n{"name": "f", "arguments": ${args}}\n</tool_call>`;
  const closed = callGrammar({ dialect, tools: [{ name: 'f', parameters }] });
  assert.deepEqual(
    ['{}', '{"x": {"y": 1}}', '{"z": 1}', '{"x": {"y": 1, "z": 1}}'].map((args) => accepts(closed.grammar, call(args))),
    [true, true, false, false],
  );
  assert.deepEqual(closed.unenforced, []);
  const open = callGrammar({ dialect, tools: [{ name: 'f', parameters: { ...parameters, additionalProperties: true } }] });
  assert.ok(accepts(open.grammar, call('{"z": 1}')));
  const kwargs = callGrammar({ dialect: dialects.pythonic, tools: [{ name: 'f', parameters }] }).grammar;
  assert.deepEqual(
    ['[f(x={"y": 1})]', '[f(z=1)]', '[f(x={"z": 1})]'].map((written) => accepts(kwargs, written)),
    [true, false, false],
  );
});
