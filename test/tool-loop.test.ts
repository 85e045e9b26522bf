import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { generateText, jsonSchema, stepCountIs, streamText, tool } from 'ai';
import OpenAI, { APIError } from 'openai';
import { writeScriptedModel } from 'rookery/testing';
import { type Program, post, startProgram } from './program.ts';

/** Hermes' marks; after one result the second script begins, after two the third. */
const chatTemplate =
  "{# <tool_call> </tool_call> arguments #}{% if tools %}{{ '<|im_start|>system\\n' + (tools | tojson) + '<|im_end|>\\n' }}{% endif %}" +
  "{% for m in messages %}{{ '<|im_start|>' + m.role + '\\n' + (m.content or '') }}{% for c in m.tool_calls or [] %}{{ c.function.name + (c.function.arguments | tojson) }}{% endfor %}{{ '<|im_end|>\\n' }}{% endfor %}" +
  "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% set results = messages | selectattr('role', 'equalto', 'tool') | list %}" +
  "{% if results | length == 1 %}{{ '<|after_one|>' }}{% elif results | length > 1 %}{{ '<|after_two|>' }}{% endif %}{% endif %}";

const scripts = [
  {
    text: '<think>\nWhere is Rome?\n</think>\n\nI look it up.\n<tool_call>\n{"name": "find_city", "arguments": {"name": "Rome", "count": 1.0}}\n</tool_call>',
  },
  {
    text: '<tool_call>\n{"name": "get_weather", "arguments": {"latitude": 41.9, "note": "line\\none"}}\n</tool_call>',
    after: 'one',
  },
  { text: 'It is sunny in Rome: 21°.', after: 'two' },
];
const found = { latitude: 41.9 };
const weather = { celsius: 21 };
const folder = mkdtempSync(join(tmpdir(), 'rookery-tool-loop-'));
let program: Program;
let openai: OpenAI;

before(async () => {
  const path = join(folder, 'scripted.gguf');
  writeScriptedModel(path, { scripts, chatTemplate });
  program = await startProgram(['--model', path]);
  openai = new OpenAI({ baseURL: `${program.url}/v1`, apiKey: 'unused', maxRetries: 0 });
});

after(async () => {
  assert.equal(await program.stop('SIGINT'), 0);
  rmSync(folder, { recursive: true });
});

const cityParameters = { type: 'object', properties: { name: { type: 'string' }, count: { type: 'number' } } } as const;
const weatherParameters = { type: 'object', properties: { latitude: { type: 'number' }, note: { type: 'string' } } } as const;
const tools = [
  { type: 'function' as const, function: { name: 'find_city', description: 'Finds a city', parameters: cityParameters } },
  { type: 'function' as const, function: { name: 'get_weather', parameters: weatherParameters } },
];
const wanted = { model: 'scripted', temperature: 0, tools };
const question = { role: 'user' as const, content: 'What is the weather in Rome?' };

test('tool calls stream in the shape that SDKs read: index, id and name first, then arguments as they come', async () => {
  const response = await post(`${program.url}/v1/chat/completions`, { ...wanted, messages: [question], stream: true });
  assert.equal(response.headers.get('x-rookery-plan'), 'template; dialect=hermes; enforcement=engine');
  const body = await response.text();
  const lines = body.split('\n\n').slice(0, -2);
  const choices = lines.map((line) => JSON.parse(line.slice('data: '.length)).choices[0]);
  const deltas = choices.map((choice) => choice.delta);
  assert.equal(deltas.map((delta) => delta.reasoning_content ?? '').join(''), 'Where is Rome?');
  assert.equal(deltas.map((delta) => delta.content ?? '').join(''), 'I look it up.');
  const calls = deltas.flatMap((delta) => delta.tool_calls ?? []);
  assert.match(calls[0].id, /^call_[A-Za-z0-9]{24}$/);
  assert.deepEqual(calls[0], { index: 0, id: calls[0].id, type: 'function', function: { name: 'find_city', arguments: '' } });
  assert.ok(calls.length > 3, 'arguments come in pieces');
  for (const piece of calls.slice(1)) assert.deepEqual(Object.keys(piece), ['index', 'function']);
  assert.equal(calls.map((call) => call.function.arguments).join(''), '{"name": "Rome", "count": 1.0}');
  assert.equal(choices.at(-1).finish_reason, 'tool_calls');
});

test('the whole answer is the stream, joined', async () => {
  const { choices } = await openai.chat.completions.create({ ...wanted, messages: [question] });
  const [choice] = choices;
  assert.equal(choice?.finish_reason, 'tool_calls');
  assert.equal(choice.message.content, 'I look it up.');
  assert.equal(Object.entries(choice.message).find(([key]) => key === 'reasoning_content')?.[1], 'Where is Rome?');
  const [call] = choice.message.tool_calls ?? [];
  assert.deepEqual(call?.type === 'function' && call.function, { name: 'find_city', arguments: '{"name": "Rome", "count": 1.0}' });
});

test('the openai client runs a loop over two tools, streamed and not', async () => {
  for (const stream of [true, false] as const) {
    const seen: unknown[] = [];
    const callable = [
      {
        type: 'function' as const,
        function: {
          name: 'find_city',
          description: '',
          parameters: cityParameters,
          parse: JSON.parse,
          function: (args: object) => (seen.push(args), JSON.stringify(found)),
        },
      },
      {
        type: 'function' as const,
        function: {
          name: 'get_weather',
          description: '',
          parameters: weatherParameters,
          parse: JSON.parse,
          function: (args: object) => (seen.push(args), JSON.stringify(weather)),
        },
      },
    ];
    const options = { model: 'scripted', temperature: 0, tools: callable, messages: [question] };
    const runner = stream ? openai.chat.completions.runTools({ ...options, stream: true }) : openai.chat.completions.runTools(options);
    assert.equal(await runner.finalContent(), 'It is sunny in Rome: 21°.');
    assert.deepEqual(seen, [
      { name: 'Rome', count: 1 },
      { latitude: 41.9, note: 'line\none' },
    ]);
  }
});

test('the ai client runs a loop over two tools, streamed and not', async () => {
  const provider = createOpenAICompatible({ name: 'rookery', baseURL: `${program.url}/v1` });
  const seen: unknown[] = [];
  const options = {
    model: provider('scripted'),
    prompt: question.content,
    temperature: 0,
    stopWhen: stepCountIs(5),
    tools: {
      find_city: tool({ inputSchema: jsonSchema<object>(cityParameters), execute: async (args) => (seen.push(args), found) }),
      get_weather: tool({ inputSchema: jsonSchema<object>(weatherParameters), execute: async (args) => (seen.push(args), weather) }),
    },
  };
  const whole = await generateText(options);
  const streamed = streamText(options);
  assert.deepEqual([whole.text, await streamed.text], ['It is sunny in Rome: 21°.', 'It is sunny in Rome: 21°.']);
  assert.equal(whole.steps[0]?.reasoningText, 'Where is Rome?');
  const loop = [
    { name: 'Rome', count: 1 },
    { latitude: 41.9, note: 'line\none' },
  ];
  assert.deepEqual(seen, [...loop, ...loop]);
});

test('a choice of none leaves the tools out, and a demand that is not met is answered with output_invalid', async () => {
  const none = await openai.chat.completions.create({ ...wanted, messages: [question], tool_choice: 'none' });
  assert.equal(none.choices[0]?.message.tool_calls, undefined);
  assert.equal(none.choices[0]?.finish_reason, 'stop');
  const named = { type: 'function' as const, function: { name: 'get_weather' } };
  await assert.rejects(
    openai.chat.completions.create({ ...wanted, messages: [question], tool_choice: named }),
    (error) =>
      error instanceof APIError &&
      error.status === 422 &&
      error.code === 'output_invalid' &&
      error.headers?.get('x-should-retry') === 'false',
  );
});

test('an answer cut at its limit says length, and its arguments are JSON all the same', async () => {
  for (const limit of [12, 18, 24]) {
    const cut = await openai.chat.completions.create({ ...wanted, messages: [question], max_tokens: limit });
    assert.equal(cut.choices[0]?.finish_reason, 'length');
    for (const call of cut.choices[0]?.message.tool_calls ?? []) if (call.type === 'function') JSON.parse(call.function.arguments);
  }
});
