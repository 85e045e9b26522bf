import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readOfficialTemplates } from '../../dialects/detect/official-templates.test.support.ts';
import { findPython, type OracleCase, type Outcome, renderHere, renderWithPython } from '../../jinja/oracle.test.support.ts';
import { ownTemplates } from './index.ts';
import { readOwnTemplate } from './own-templates.test.support.ts';

const { name, parity } = ownTemplates.find((each) => each.parity !== undefined) ?? { name: '', parity: '' };
const official = readOfficialTemplates();
const theirSource = official.templates?.get(parity ?? '');
const skip = official.missing ?? false;
const python = findPython();

const system = { role: 'system', content: '  You are  kind.\n' };
const user = { role: 'user', content: '\n What is it? 日本 "q" <b> ' };
const assistant = { role: 'assistant', content: ' This. ' };
const weather = {
  type: 'function',
  function: {
    name: 'get_weather',
    description: 'Gets "it" <now>',
    parameters: {
      type: 'object',
      properties: { city: { type: 'string', enum: ['Paris', 'Zürich'] }, '10': { type: 'integer' } },
      required: ['city'],
    },
  },
};
const time = { name: 'get_time', parameters: { type: 'object', properties: {} } };
const call = (args: unknown, tool = 'get_weather') => ({ id: 'c1', type: 'function', function: { name: tool, arguments: args } });
const calling = { role: 'assistant', content: '', tool_calls: [call({ city: 'Zürich 😀', days: 3, share: 1.5, deep: [{ a: null }] })] };
const result = { role: 'tool', tool_call_id: 'c1', name: 'get_weather', content: '{"temp": 21, "sky": "blue"}' };
const searching = { role: 'assistant', content: null, tool_calls: [call({ query: 'Rome' }, 'brave_search')] };

/** Conversations that the official template renders properly, once a date is given. */
const battery: Readonly<Record<string, object>> = {
  'one message': { messages: [user] },
  'a system message': { messages: [system, user] },
  'an empty system message': { messages: [{ role: 'system', content: '' }, user] },
  'many turns': { messages: [system, user, assistant, user, assistant, user] },
  'two system messages': { messages: [system, system, user] },
  'two users': { messages: [user, user] },
  'tools that are null': { messages: [user], tools: null },
  'one tool': { messages: [user], tools: [weather] },
  'two tools of unlike shapes': { messages: [system, user], tools: [weather, time] },
  'custom tools': { messages: [user], custom_tools: [time] },
  'tools in the system message': { messages: [system, user], tools: [weather], tools_in_user_message: false },
  'a call': { messages: [user, calling], tools: [weather] },
  'a call without tools': { messages: [user, calling] },
  'a call without arguments': { messages: [user, { ...calling, tool_calls: [call({})] }], tools: [weather] },
  'a call of null content': { messages: [user, { ...calling, content: null }], tools: [weather] },
  'a result': { messages: [system, user, calling, result], tools: [weather] },
  'a result of plain text': { messages: [user, calling, { ...result, content: 'It\'s "wet"\n' }], tools: [weather] },
  'a result that is an object': { messages: [user, calling, { ...result, content: { temp: 21 } }], tools: [weather] },
  'a result of the role ipython': { messages: [user, calling, { role: 'ipython', content: 'wet' }], tools: [weather] },
  'a long loop': { messages: [system, user, calling, result, assistant, user, calling, result], tools: [weather, time] },
  'built-in tools': { messages: [system, user], builtin_tools: ['brave_search', 'code_interpreter'] },
  'a call of a built-in tool': { messages: [user, searching, result], builtin_tools: ['brave_search'], tools: [weather] },
};

/** Where we differ, and the piece that is only in our prompt. Also in assets/templates/README.md. */
const differences: Readonly<Record<string, { readonly given: object; readonly ours: string; readonly theirs: string }>> = {
  'the date is the day of the clock, not a day in July 2024': {
    given: { messages: [user], date_string: undefined },
    ours: 'Today Date: 04 Jul 2025',
    theirs: 'Today Date: 26 Jul 2024',
  },
  'two calls stand in one turn and do not raise': {
    given: { messages: [user, { ...calling, tool_calls: [call({ city: 'Rome' }), call({ city: 'Oslo' })] }] },
    ours: '{"city": "Rome"}}; {"name": "get_weather", "parameters": {"city": "Oslo"}}<|eot_id|>',
    theirs: 'single tool-calls',
  },
  'an empty list of calls is none and does not raise': {
    given: { messages: [user, { ...assistant, tool_calls: [] }] },
    ours: 'This.<|eot_id|>',
    theirs: 'single tool-calls',
  },
  'arguments that are JSON text are not quoted again': {
    given: { messages: [user, { ...calling, tool_calls: [call('{"city": "Rome"}')] }] },
    ours: '"parameters": {"city": "Rome"}}',
    theirs: '"parameters": "{\\"city\\": \\"Rome\\"}"}',
  },
  'an empty list of tools is none': {
    given: { messages: [user], tools: [] },
    ours: 'system<|end_header_id|>\n\nCutting',
    theirs: 'Environment: ipython\nCutting',
  },
  'text beside a call stays': {
    given: { messages: [user, { ...calling, content: 'I look.' }] },
    ours: 'I look.\n\n{"name"',
    theirs: 'assistant<|end_header_id|>\n\n{"name"',
  },
  'content parts are their texts': {
    given: { messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }] },
    ours: '\n\nHi<|eot_id|>',
    theirs: "[{'type': 'text', 'text': 'Hi'}]",
  },
  'the parts of a result are their texts': {
    given: { messages: [user, calling, { ...result, content: [{ type: 'text', text: 'wet' }] }] },
    ours: '\n\n"wet"<|eot_id|>',
    theirs: '[{"type": "text", "text": "wet"}]',
  },
  'null is no text': {
    given: { messages: [user, { role: 'assistant', content: null }] },
    ours: 'assistant<|end_header_id|>\n\n<|eot_id|>',
    theirs: 'None<|eot_id|>',
  },
  'a developer is a system': {
    given: { messages: [{ role: 'developer', content: 'Be kind.' }, user] },
    ours: '2025\n\nBe kind.<|eot_id|>',
    theirs: 'developer<|end_header_id|>',
  },
  'tools without a first user message get a turn of their own': {
    given: { messages: [system], tools: [weather] },
    ours: '}\n\n<|eot_id|>',
    theirs: 'no first user message',
  },
  'a built-in tool takes values that are no text': {
    given: { messages: [user, { ...calling, tool_calls: [call({ count: 3 }, 'brave_search')] }], builtin_tools: ['brave_search'] },
    ours: '<|python_tag|>brave_search.call(count="3")',
    theirs: 'can only concatenate str',
  },
};

const tokens = { bos_token: '<|begin_of_text|>', eos_token: '<|eot_id|>' };
const makeCase = (template: string, given: object): OracleCase => ({
  template,
  variables: JSON.stringify({ ...tokens, date_string: '04 Jul 2025', ...given }),
});
const show = (outcome: Outcome | undefined) => (outcome === undefined ? 'nothing' : 'text' in outcome ? outcome.text : outcome.error);

for (const [what, given] of Object.entries(battery)) {
  test(`${what}: ours and Meta's template give the same bytes`, { skip }, () => {
    for (const add of [true, false]) {
      const [ours, theirs] = [readOwnTemplate(name), theirSource ?? ''].map((source) =>
        renderHere(makeCase(source, { ...given, add_generation_prompt: add })),
      );
      assert.ok(theirs !== undefined && 'text' in theirs, `theirs refuses: ${show(theirs)}`);
      assert.equal(show(ours), theirs.text);
    }
  });
}

for (const [what, { given, ours, theirs }] of Object.entries(differences)) {
  test(`unlike Meta's template: ${what}`, { skip }, () => {
    const our = show(renderHere(makeCase(readOwnTemplate(name), given)));
    const their = show(renderHere(makeCase(theirSource ?? '', given)));
    assert.ok(our.includes(ours), `no ${ours} in ours: ${our}`);
    assert.ok(their.includes(theirs), `no ${theirs} in theirs: ${their}`);
    assert.notEqual(our, their);
  });
}

test("ours and Meta's template give the same bytes in Jinja2 too", { skip }, (context) => {
  if ('missing' in python) {
    assert.ok(process.env.ROOKERY_REQUIRE_ALL !== '1', python.missing);
    return context.skip(python.missing);
  }
  const givens = Object.values(battery).flatMap((given) => [true, false].map((add) => ({ ...given, add_generation_prompt: add })));
  const [ours, theirs] = [readOwnTemplate(name), theirSource ?? ''].map((source) =>
    renderWithPython(
      python.python,
      givens.map((given) => makeCase(source, given)),
    ),
  );
  assert.deepEqual(
    theirs?.filter((outcome) => 'error' in outcome),
    [],
  );
  return assert.deepEqual(ours, theirs);
});
