import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Node } from '#dist/gateway/node.js';
import type { Constraint } from '#dist/protocol/constraint.js';
import type { GenerateEvent } from '#dist/protocol/event.js';
import type { Message, Tool } from '#dist/protocol/message.js';
import type { GenerateRequest } from '#dist/protocol/request.js';
import { collectTurn } from '#dist/translate/collect.js';
import { askChat, openScripted } from './scripted-node.ts';

const never = new AbortController().signal;

const parameters = { type: 'object', properties: { city: { type: 'string' }, days: { type: 'integer' } }, required: ['city'] };
const tools: readonly Tool[] = [
  { name: 'get_weather', description: 'Weather of a city', parameters },
  { name: 'get_time', parameters: { type: 'object', properties: {} } },
];
const user: Message = { role: 'user', content: 'Weather in Rome?' };

/** A chat template that tells of tools, with the marks its dialect is known by in a comment, and that starts the second script after a result. */
function templateWith(marks: string, begin = '<|im_start|>assistant\\n'): string {
  return (
    `{# ${marks} #}{% if tools %}{{ '<|im_start|>system\\n' + (tools | tojson) + '<|im_end|>\\n' }}{% endif %}` +
    "{% for m in messages %}{{ '<|im_start|>' + m.role + '\\n' }}{{ m.content or '' }}{% for c in m.tool_calls or [] %}{{ c.id }}{{ c.function.arguments | tojson }}{% endfor %}{{ '<|im_end|>\\n' }}{% endfor %}" +
    `{% if add_generation_prompt %}{{ '${begin}' }}{% if (messages | last).role == 'tool' or '<tool_response>' in (messages | last).content %}{{ '<|after_tool|>' }}{% endif %}{% endif %}`
  );
}

interface Case {
  readonly dialect: string;
  readonly template: string;
  readonly written: string;
  readonly controlTokens?: readonly string[];
  readonly reasoning?: string;
  readonly text?: string;
  /** what the model writes after the result; default: the plain answer */
  readonly secondAnswer?: string;
}

const cases: readonly Case[] = [
  {
    dialect: 'hermes',
    template: templateWith('<tool_call> </tool_call> arguments'),
    written:
      '<think>\nRome, then.\n</think>\n\nI look.\n<tool_call>\n{"name": "get_weather", "arguments": {"city": "Rome", "days": 2}}\n</tool_call>',
    reasoning: 'Rome, then.',
    text: 'I look.',
  },
  {
    dialect: 'qwen3-coder',
    template: templateWith('<tool_call> <function= <parameter= xml', '<|im_start|>assistant\\n<think>\\n'),
    written:
      'Rome!\n</think>\n\n<tool_call>\n<function=get_weather>\n<parameter=city>\nRome\n</parameter>\n<parameter=days>\n2\n</parameter>\n</function>\n</tool_call>',
    reasoning: 'Rome!',
    secondAnswer: 'Good.\n</think>\n\n21 degrees, said the tool.',
  },
  {
    dialect: 'mistral',
    template: templateWith('[TOOL_CALLS]'),
    written: 'Let me see.[TOOL_CALLS]get_weather[ARGS]{"city": "Rome", "days": 2}',
    controlTokens: ['[TOOL_CALLS]', '[ARGS]'],
    text: 'Let me see.',
  },
  {
    dialect: 'llama-3-json',
    template: templateWith('{"name": function name, "parameters": dictionary of argument name and its value}'),
    written: '{"name": "get_weather", "parameters": {"city": "Rome", "days": "2"}}',
  },
  {
    dialect: 'harmony',
    template: templateWith('<|channel|>commentary <|start|>assistant', '<|start|>assistant'),
    written: '<|channel|>commentary to=functions.get_weather <|constrain|>json<|message|>{"city": "Rome", "days": 2}',
    controlTokens: ['<|start|>', '<|channel|>', '<|message|>', '<|constrain|>'],
  },
  {
    dialect: 'functiongemma',
    template: templateWith('<start_function_call>'),
    written: '<start_function_call>call:get_weather{city:<escape>Rome<escape>,days:2}<end_function_call>',
    controlTokens: ['<start_function_call>', '<end_function_call>'],
  },
  {
    dialect: 'envelope',
    template: templateWith('no form that anybody knows').replaceAll('tools', 'xx'),
    written: 'Well:\n{"name": "get_weather", "arguments": {"city": "Rome", "days": 2}}',
    text: 'Well:',
  },
];

/** No family's name, whose facts would act. */
const name = 'scripted';

function open({ template, written, secondAnswer, controlTokens = [] }: Case, takesGrammars = true): Promise<Node> {
  const scripts = [{ text: written }, { text: secondAnswer ?? '21 degrees, said the tool.', after: 'tool' }];
  return openScripted({ name, chatTemplate: template, scripts, controlTokens, takesGrammars });
}

function ask(messages: readonly Message[], more: Partial<GenerateRequest> = {}): GenerateRequest {
  return askChat(name, messages, { tools, ...more });
}

for (const each of cases) {
  test(`${each.dialect}: a real engine's answer becomes a call, its result is read, and the answer follows`, async () => {
    const node = await open(each);
    // written freely: what binds calls is in bound-calls.test.ts
    const turn = node.generate(ask([user], { constrainToolCalls: false }), never);
    const mode = each.dialect === 'envelope' ? 'prompted' : 'template';
    assert.equal(turn.plan, `${mode}; dialect=${each.dialect}`);
    const [choice] = collectTurn(await turn.whole()).choices;
    assert.deepEqual(
      [choice?.text, choice?.reasoning, choice?.finish, choice?.calls.map(({ name, argumentsJson }) => [name, JSON.parse(argumentsJson)])],
      [each.text ?? '', each.reasoning ?? '', 'tool_calls', [['get_weather', { city: 'Rome', days: 2 }]]],
    );
    const [call] = choice?.calls ?? [];
    assert.match(call?.id ?? '', /^call_[A-Za-z0-9]{24}$/);
    const history: readonly Message[] = [
      user,
      {
        role: 'assistant',
        content: null,
        toolCalls: [{ id: call?.id ?? '', name: 'get_weather', argumentsJson: call?.argumentsJson ?? '' }],
      },
      { role: 'tool', content: '21', toolCallId: call?.id ?? '' },
    ];
    const answer = collectTurn(await node.generate(ask(history), never).whole());
    assert.deepEqual([answer.choices[0]?.text, answer.choices[0]?.finish], ['21 degrees, said the tool.', 'stop']);
    await node.close(1000);
  });
}

test('the choice of tools is honoured: none, named, one call only, and a demand that is not met', async () => {
  const each: Case = {
    dialect: 'two',
    template: templateWith('<tool_call> </tool_call> arguments'),
    written:
      '<tool_call>{"name": "get_weather", "arguments": {"city": "Rome"}}</tool_call>\n<tool_call>{"name": "get_time", "arguments": {}}</tool_call> And a long end.',
  };
  const node = await open(each, false);
  const read = async (more: Partial<GenerateRequest>) => collectTurn(await node.generate(ask([user], more), never).whole()).choices[0];
  const both = await read({});
  assert.deepEqual(
    [both?.calls.map(({ name }) => name), both?.text, both?.finish],
    [['get_weather', 'get_time'], 'And a long end.', 'tool_calls'],
  );
  const none = await read({ toolChoice: 'none' });
  assert.deepEqual([none?.calls.length, none?.text.startsWith('<tool_call>{'), none?.finish], [0, true, 'stop']);
  const one = await read({ parallelToolCalls: false });
  assert.deepEqual([one?.calls.map(({ name }) => name), one?.finish], [['get_weather'], 'tool_calls']);
  const named = await read({ toolChoice: { name: 'get_weather' } });
  assert.deepEqual([named?.calls.map(({ name }) => name), named?.finish], [['get_weather'], 'tool_calls']);
  await assert.rejects(read({ toolChoice: { name: 'get_time' } }), { code: 'output_invalid' });
  assert.equal(node.generate(ask([user], { toolChoice: 'required' }), never).plan, 'template; dialect=hermes; enforcement=checked');
  const cut = await read({ maxTokens: 12 });
  assert.equal(cut?.finish, 'length');
  assert.ok(cut?.calls.every(({ argumentsJson }) => JSON.parse(argumentsJson)));
  await node.close(1000);
});

test('a demanded call that does not come is an error in the stream once text was sent, and before that a refusal', async () => {
  const each: Case = {
    dialect: 'mute',
    template: templateWith('<tool_call> </tool_call> arguments'),
    written: 'I would rather talk about birds.',
  };
  const node = await open(each, false);
  const events: GenerateEvent[] = [];
  for await (const batch of node.generate(ask([user], { toolChoice: 'required' }), never).batches) events.push(...batch.events);
  const last = events.at(-1);
  assert.ok(last?.type === 'error' && last.error.code === 'output_invalid', JSON.stringify(last));
  assert.ok(events.some((event) => event.type === 'text-delta'));
  await node.close(1000);
});

test('where the engine takes grammars, a demanded call is written even by a model that would not', async () => {
  const each: Case = {
    dialect: 'bound',
    template: templateWith('<tool_call> </tool_call> arguments'),
    written: 'I would rather talk about birds.',
  };
  const node = await open(each);
  const bound: readonly Tool[] = [
    {
      name: 'get_time',
      parameters: { type: 'object', properties: { zone: { enum: ['UTC'] } }, required: ['zone'], additionalProperties: false },
    },
  ];
  const turn = node.generate(ask([user], { tools: bound, toolChoice: 'required', parallelToolCalls: false }), never);
  assert.equal(turn.plan, 'template; dialect=hermes; enforcement=engine');
  const [choice] = collectTurn(await turn.whole()).choices;
  assert.deepEqual(
    choice?.calls.map(({ name, argumentsJson }) => [name, JSON.parse(argumentsJson)]),
    [['get_time', { zone: 'UTC' }]],
  );
  assert.equal(choice?.finish, 'tool_calls');
  await node.close(1000);
});

const constraints: readonly (readonly [Constraint, RegExp])[] = [
  [{ kind: 'choice', options: ['rook', 'crow'] }, /^(rook|crow)$/],
  [{ kind: 'regex', pattern: '[0-9]{3}-[a-c]' }, /^[0-9]{3}-[a-c]$/],
  [
    {
      kind: 'json-schema',
      schema: { type: 'object', properties: { a: { const: 1 } }, required: ['a'], additionalProperties: false },
      strict: true,
    },
    /^\{\s*"a"\s*:\s*1\s*\}$/,
  ],
];

for (const [constraint, expected] of constraints) {
  test(`an answer bound to a ${constraint.kind} is one, whatever the model would say`, async () => {
    const each: Case = {
      dialect: `bound-${constraint.kind}`,
      template: templateWith('plain').replaceAll('tools', 'xx'),
      written: 'Birds are not data.',
    };
    const node = await open(each);
    const { tools: _, ...request } = ask([user], { constraint, maxTokens: 400 });
    const turn = node.generate(request, never);
    assert.equal(turn.plan, 'template; enforcement=engine');
    const [choice] = collectTurn(await turn.whole()).choices;
    assert.match(choice?.text ?? '', expected);
    assert.equal(choice?.finish, 'stop');
    await node.close(1000);
  });
}

const rook = { type: 'object', properties: { rook: { const: true } }, required: ['rook'], additionalProperties: false };

test('where answers come in frames, the schema binds the frame of the answer, behind the thoughts', async () => {
  const each: Case = {
    dialect: 'framed',
    template: templateWith('<|channel|>commentary <|start|>assistant', '<|start|>assistant'),
    written: '<|channel|>analysis<|message|>Data, then.<|end|><|start|>assistant<|channel|>final<|message|>Birds are not data.',
  };
  const node = await open(each);
  const constraint: Constraint = { kind: 'json-schema', schema: rook, strict: true };
  const read = async (more: Partial<GenerateRequest>) =>
    collectTurn(await node.generate(ask([user], { constraint, maxTokens: 400, ...more }), never).whole()).choices[0];
  for (const more of [{ tools: [] }, {}]) {
    const choice = await read(more);
    assert.deepEqual([choice?.reasoning, choice?.finish], ['Data, then.', 'stop'], JSON.stringify(choice));
    assert.match(choice?.text ?? '', /^\{\s*"rook"\s*:\s*true\s*\}$/);
  }
  await node.close(1000);
});
