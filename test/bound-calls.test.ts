import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GenerateChoice } from '#dist/protocol/event.js';
import type { Tool } from '#dist/protocol/message.js';
import type { GenerateRequest } from '#dist/protocol/request.js';
import { collectTurn } from '#dist/translate/collect.js';
import { askChat, openScripted } from './scripted-node.ts';

/** Closed, so that a model without sense comes to an end in them. */
const parameters = {
  type: 'object',
  properties: { city: { enum: ['Rome', 'Oslo'] }, days: { enum: [1, 2, 3] } },
  required: ['city', 'days'],
  additionalProperties: false,
};
const tools: readonly Tool[] = [
  { name: 'get_weather', parameters },
  { name: 'get_time', parameters },
];

const chatMl =
  "{% for m in messages %}{{ '<|im_start|>' + m.role + '\\n' + (m.content or '') + '<|im_end|>\\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";

interface Case {
  readonly dialect: string;
  /** what its chat template is known by */
  readonly marks: string;
  /** what the model would write, which is against the tools */
  readonly written: string;
  readonly controlTokens?: readonly string[];
  readonly pieceBytes?: number;
}

async function answer(
  { dialect, marks, written, controlTokens = [], pieceBytes }: Case,
  more: Partial<GenerateRequest> = {},
): Promise<{ plan: string; choice: GenerateChoice }> {
  const chatTemplate = `{# ${marks} #}${dialect === 'envelope' ? '' : '{% if tools %}{{ tools | tojson }}{% endif %}'}${chatMl}`;
  const pieces = pieceBytes === undefined ? {} : { pieceBytes };
  const node = await openScripted({ name: dialect, chatTemplate, scripts: [{ text: written }], controlTokens, ...pieces });
  try {
    const wishes = { tools, parallelToolCalls: false, maxTokens: 400, ...more };
    const request = askChat(dialect, [{ role: 'user', content: 'Weather in Rome?' }], wishes);
    const turn = node.generate(request, new AbortController().signal);
    const [choice] = collectTurn(await turn.whole()).choices;
    assert.ok(choice);
    return { plan: turn.plan, choice };
  } finally {
    await node.close(0);
  }
}

const hermes = { dialect: 'hermes', marks: '<tool_call> </tool_call> arguments' } as const;
const wrongCall = '<tool_call>\n{"name": "fetch_weather", "arguments": {"town": "Rome", "days": "2"}}\n</tool_call>';

const wrong: readonly Case[] = [
  {
    dialect: 'envelope',
    marks: 'no form that anybody knows',
    written: 'I look.\n{"name": "get_weather", "arguments": {"town": "Rome"}}',
  },
  { ...hermes, written: `I look.\n${wrongCall}` },
  { ...hermes, written: `I look.\n${wrongCall}`, controlTokens: ['<tool_call>', '</tool_call>'] },
  {
    dialect: 'qwen3-coder',
    marks: '<tool_call> <function= <parameter= xml',
    written: 'I look.\n<tool_call>\n<function=fetch_weather>\n<parameter=town>\nRome\n</parameter>\n</function>\n</tool_call>',
  },
  {
    dialect: 'mistral',
    marks: '[TOOL_CALLS]',
    written: 'I look.[TOOL_CALLS]fetch_weather[ARGS]{"town": "Rome"}',
    controlTokens: ['[TOOL_CALLS]', '[ARGS]'],
  },
  {
    dialect: 'functiongemma',
    marks: '<start_function_call>',
    written: 'I look.<start_function_call>call:fetch_weather{town:<escape>Rome<escape>}<end_function_call>',
    controlTokens: ['<start_function_call>', '<end_function_call>', '<escape>'],
  },
  // without an opener a call is one once it names a tool: its arguments are bound
  {
    dialect: 'llama-3-json',
    marks: '{"name": function name, "parameters": dictionary of argument name and its value}',
    written: '{"name": "get_weather", "parameters": {"town": "Rome", "days": "2"}}',
  },
];

for (const each of wrong) {
  const kind = each.controlTokens ? ', its marks being control tokens' : '';
  test(`${each.dialect}: a call that the model begins comes out right, whatever it would write${kind}`, async () => {
    const { plan, choice } = await answer(each);
    assert.match(plan, /enforcement=engine/);
    assert.equal(choice.finish, 'tool_calls', JSON.stringify(choice));
    assert.equal(choice.text, each.written.startsWith('I look.') ? 'I look.' : '');
    const [call] = choice.calls;
    assert.ok(call && choice.calls.length === 1);
    assert.ok(
      tools.some(({ name }) => name === call.name),
      call.name,
    );
    const { city, days, ...others } = JSON.parse(call.argumentsJson) as { city: string; days: number };
    assert.ok(['Rome', 'Oslo'].includes(city) && [1, 2, 3].includes(days), call.argumentsJson);
    assert.deepEqual(others, {});
  });
}

test('the opener may end inside of a token that holds the beginning of the call', async () => {
  const right = '<tool_call>\n{"name": "get_time", "arguments": {"city": "Rome", "days": 2}}\n</tool_call>';
  for (const pieceBytes of [1, 3, 5, 8, 12]) {
    const { choice } = await answer({ ...hermes, written: `Now. ${right}`, pieceBytes });
    assert.deepEqual(
      choice.calls.map(({ name, argumentsJson }) => [name, JSON.parse(argumentsJson)]),
      [['get_time', { city: 'Rome', days: 2 }]],
      `pieces of ${pieceBytes}: ${JSON.stringify(choice)}`,
    );
  }
});

test('calls that are right are left as they are, several of them too', async () => {
  const call = (city: string) => `<tool_call>\n{"name": "get_time", "arguments": {"city": "${city}", "days": 2}}\n</tool_call>`;
  const { choice } = await answer({ ...hermes, written: `Both.\n${call('Rome')}\n${call('Oslo')}` }, { parallelToolCalls: true });
  assert.deepEqual(
    choice.calls.map(({ argumentsJson }) => argumentsJson),
    ['{"city": "Rome", "days": 2}', '{"city": "Oslo", "days": 2}'],
  );
  assert.equal(choice.finish, 'tool_calls');
});

test('an opener in the thoughts binds nothing', async () => {
  const written = '<think>\nI could write <tool_call> and then {"name": "x"}.\n</think>\n\nNo need: it rains.';
  const { choice } = await answer({ ...hermes, written });
  assert.equal(choice.text, 'No need: it rains.');
  assert.equal(choice.reasoning, 'I could write <tool_call> and then {"name": "x"}.');
  assert.deepEqual(choice.calls, []);
});

test('an answer without calls is left as it is', async () => {
  const { choice } = await answer({ ...hermes, written: 'It rains. {"name": "fetch"} ```json\n[1]\n```' });
  assert.equal(choice.text, 'It rains. {"name": "fetch"} ```json\n[1]\n```');
});

test('who asks for free calls gets them, and what is wrong with them is not hidden', async () => {
  const { plan, choice } = await answer({ ...hermes, written: wrongCall }, { constrainToolCalls: false });
  assert.equal(plan, 'template; dialect=hermes');
  assert.deepEqual(
    choice.calls.map(({ name }) => name),
    ['fetch_weather'],
  );
});

test('a strict tool is bound even where calls are free', async () => {
  const strict = tools.map((tool) => ({ ...tool, strict: true }));
  const { plan, choice } = await answer({ ...hermes, written: wrongCall }, { constrainToolCalls: false, tools: strict });
  assert.match(plan, /enforcement=engine/);
  assert.notEqual(choice.calls[0]?.name, 'fetch_weather');
});
