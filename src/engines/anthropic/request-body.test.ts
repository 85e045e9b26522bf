import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EngineRequest, NativeWishes } from '../../protocol/engine.ts';
import { type ErrorCode, GatewayError } from '../../protocol/error.ts';
import type { JsonObject } from '../../protocol/json.ts';
import type { Message } from '../../protocol/message.ts';
import { type ModelFacts, readModel } from './model-facts.ts';
import { writeRequest } from './request-body.ts';
import { type TurnBlock, TurnMemory } from './turn-memory.ts';

const user: Message = { role: 'user', content: 'Hi' };
const plain: EngineRequest = {
  id: 'request-1',
  model: 'claude',
  prompt: { form: 'messages', messages: [user] },
  sampling: {},
  stop: [],
  stopTokenIds: [],
  ignoreEos: false,
  isStreamed: false,
  keptSpecialTokens: [],
  unknownFields: {},
};
const hi = { role: 'user', content: [{ type: 'text', text: 'Hi' }] };

/** Told by names alone, as a compatible server's models are. */
const untold: ModelFacts = { id: 'claude' };
const adaptive: ModelFacts = {
  id: 'claude',
  answerTokens: 64_000,
  hasFormats: true,
  thinking: new Set(['adaptive', 'disabled']),
  efforts: new Set(['low', 'medium', 'high']),
};
const budgeted: ModelFacts = { ...adaptive, thinking: new Set(['enabled', 'disabled']), efforts: new Set() };

function write(change: Partial<EngineRequest>, facts = untold, memory = new TurnMemory()) {
  const notes: string[] = [];
  const { body, answerTool } = writeRequest({ ...plain, ...change }, { facts, memory, note: (what) => notes.push(what) });
  return { text: body, body: JSON.parse(body) as JsonObject, answerTool, notes };
}

const chat = (...messages: readonly Message[]) => ({ prompt: { form: 'messages', messages } }) as const;
const wish = (native: NativeWishes, ...messages: readonly Message[]) => ({ native, ...(messages.length > 0 ? chat(...messages) : {}) });
const called = (id: string, name: string, argumentsJson: string): Message => ({
  role: 'assistant',
  content: null,
  toolCalls: [{ id, name, argumentsJson }],
});
const result = (toolCallId: string, content = 'done'): Message => ({ role: 'tool', content, toolCallId });

const png = 'data:image/png;base64,iVBORw0KGgo=';
const weather = { name: 'weather', description: 'Tells it.', parameters: { type: 'object', properties: { city: { type: 'string' } } } };
const inputSchema = weather.parameters;
const wireWeather = { name: 'weather', description: 'Tells it.', input_schema: inputSchema };

/** What a request adds to, or changes of, the plainest body. */
const bodies: readonly (readonly [about: string, change: Partial<EngineRequest>, added: JsonObject, facts?: ModelFacts])[] = [
  ['nothing but the user', {}, {}],
  ['the most tokens of the model where nobody set a limit', {}, { max_tokens: 64_000 }, adaptive],
  [
    'a limit, stops and sampling',
    { maxTokens: 5, stop: ['END'], sampling: { temperature: 0, topP: 0.5, topK: 3 } },
    {
      ...{ max_tokens: 5, stop_sequences: ['END'], temperature: 0, top_p: 0.5, top_k: 3 },
    },
  ],
  [
    'values that mean what the API does anyway are not sent',
    {
      sampling: {
        temperature: 1,
        topP: 1,
        topK: -1,
        minP: 0,
        repetitionPenalty: 1,
        presencePenalty: 0,
        frequencyPenalty: 0,
        logitBias: [],
      },
    },
    {},
  ],
  [
    "fields of the API's own",
    { unknownFields: { thinking: { type: 'adaptive' }, cache_control: { type: 'ephemeral' } } },
    {
      ...{ thinking: { type: 'adaptive' }, cache_control: { type: 'ephemeral' } },
    },
  ],
  [
    'an effort beside settings of the caller',
    { native: { reasoningEffort: 'low' }, unknownFields: { output_config: { task: 1 } } },
    {
      ...{ max_tokens: 64_000, thinking: { type: 'adaptive', display: 'summarized' }, output_config: { task: 1, effort: 'low' } },
    },
    adaptive,
  ],
  [
    'system and developer messages, wherever they stand',
    chat({ role: 'system', content: 'A' }, user, { role: 'developer', content: 'B' }),
    {
      system: [
        { type: 'text', text: 'A' },
        { type: 'text', text: 'B' },
      ],
    },
  ],
  [
    'turns of one side are one, empty ones none',
    chat(user, { role: 'user', content: 'B' }, { role: 'assistant', content: '' }, { role: 'user', content: 'C' }),
    {
      messages: [{ role: 'user', content: ['Hi', 'B', 'C'].map((text) => ({ type: 'text', text })) }],
    },
  ],
  [
    'results come first',
    chat(user, called('a', 'f', '{}'), { role: 'user', content: 'wait' }, result('a'), { role: 'assistant', content: 'ok' }),
    {
      messages: [
        hi,
        { role: 'assistant', content: [{ type: 'tool_use', id: 'a', name: 'f', input: {} }] },
        {
          role: 'user',
          content: [
            { type: 'tool_result', tool_use_id: 'a', content: [{ type: 'text', text: 'done' }] },
            { type: 'text', text: 'wait' },
          ],
        },
        { role: 'assistant', content: [{ type: 'text', text: 'ok' }] },
      ],
      tools: [{ name: 'f', input_schema: { type: 'object' } }],
      tool_choice: { type: 'none' },
    },
  ],
  [
    'pictures',
    chat({
      role: 'user',
      content: [
        { type: 'image', url: png },
        { type: 'image', url: 'https://host/a.png', detail: 'low' },
      ],
    }),
    {
      messages: [
        {
          role: 'user',
          content: [
            { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' } },
            { type: 'image', source: { type: 'url', url: 'https://host/a.png' } },
          ],
        },
      ],
    },
  ],
  [
    'a picture without base64',
    chat({ role: 'user', content: [{ type: 'image', url: 'data:image/gif,GIF%38%ff' }] }),
    {
      messages: [
        {
          role: 'user',
          content: [
            {
              type: 'image',
              source: { type: 'base64', media_type: 'image/gif', data: Buffer.from([71, 73, 70, 0x38, 0xff]).toString('base64') },
            },
          ],
        },
      ],
    },
  ],
  [
    'tools',
    wish({ tools: [weather, { name: 'now' }, { name: 'any', parameters: { properties: {} } }] }),
    {
      tools: [
        wireWeather,
        { name: 'now', input_schema: { type: 'object' } },
        { name: 'any', input_schema: { type: 'object', properties: {} } },
      ],
    },
  ],
  ['no call', wish({ tools: [weather], toolChoice: 'none' }), { tools: [wireWeather], tool_choice: { type: 'none' } }],
  ['any call', wish({ tools: [weather], toolChoice: 'required' }), { tools: [wireWeather], tool_choice: { type: 'any' } }],
  [
    'one call at most',
    wish({ tools: [weather], toolChoice: 'auto', parallelToolCalls: false }),
    {
      ...{ tools: [wireWeather], tool_choice: { type: 'auto', disable_parallel_tool_use: true } },
    },
  ],
  [
    'a named call',
    wish({ tools: [weather], toolChoice: { name: 'weather' }, parallelToolCalls: false }),
    {
      ...{ tools: [wireWeather], tool_choice: { type: 'tool', name: 'weather', disable_parallel_tool_use: true } },
    },
  ],
  [
    'a strict tool that fits',
    wish({ tools: [{ ...weather, strict: true }] }),
    {
      ...{ max_tokens: 64_000, tools: [{ ...wireWeather, strict: true, input_schema: { ...inputSchema, additionalProperties: false } }] },
    },
    adaptive,
  ],
  [
    'a strict tool that does not fit',
    wish({ tools: [{ name: 'map', strict: true, parameters: { type: 'object' } }] }),
    {
      ...{ max_tokens: 64_000, tools: [{ name: 'map', input_schema: { type: 'object' } }] },
    },
    adaptive,
  ],
  [
    'thoughts by effort',
    wish({ reasoningEffort: 'high' }),
    {
      ...{ max_tokens: 64_000, thinking: { type: 'adaptive', display: 'summarized' }, output_config: { effort: 'high' } },
    },
    adaptive,
  ],
  [
    'an effort that the model does not have',
    wish({ reasoningEffort: 'max' }),
    {
      ...{ max_tokens: 64_000, thinking: { type: 'adaptive', display: 'summarized' }, output_config: { effort: 'high' } },
    },
    adaptive,
  ],
  ['no thoughts', wish({ reasoningEffort: 'none' }), { max_tokens: 64_000, thinking: { type: 'disabled' } }, adaptive],
  [
    'thoughts by budget',
    wish({ reasoningEffort: 'medium' }),
    { max_tokens: 64_000, thinking: { type: 'enabled', budget_tokens: 5000 } },
    budgeted,
  ],
  [
    'a budget that leaves the answer half',
    wish({ reasoningEffort: 'max' }),
    {
      ...{ max_tokens: 8000, thinking: { type: 'enabled', budget_tokens: 4000 } },
    },
    { ...budgeted, answerTokens: 8000 },
  ],
  [
    'a budget raises the limit',
    { maxTokens: 100, native: { reasoningEffort: 'low' } },
    { max_tokens: 2100, thinking: { type: 'enabled', budget_tokens: 2000 } },
  ],
  [
    'a demanded call is made without a budget',
    wish({ tools: [weather], toolChoice: 'required', reasoningEffort: 'low' }),
    {
      ...{ tools: [wireWeather], tool_choice: { type: 'any' } },
    },
  ],
  [
    'a demanded call is made with adaptive thoughts',
    wish({ tools: [weather], toolChoice: 'required', reasoningEffort: 'low' }),
    {
      ...{ max_tokens: 64_000, thinking: { type: 'adaptive', display: 'summarized' }, output_config: { effort: 'low' } },
      ...{ tools: [wireWeather], tool_choice: { type: 'any' } },
    },
    adaptive,
  ],
];

for (const [about, change, added, facts] of bodies) {
  test(`the body of a request with ${about}`, () => {
    const { body, text } = write(change, facts);
    assert.deepEqual(body, { model: 'claude', max_tokens: 4096, messages: [hi], stream: true, ...added });
    assert.ok(!text.includes('null'));
  });
}

const schema = { type: 'object', properties: { a: { type: 'integer', minimum: 1 } }, required: ['a'] };
const closed = {
  ...{
    type: 'object',
    properties: { a: { type: 'integer', description: 'Limits: {"minimum":1}' } },
    required: ['a'],
    additionalProperties: false,
  },
};
const open = { type: 'object', additionalProperties: { type: 'number' } };
const held = (kind: JsonObject, tools: NativeWishes = {}): NativeWishes => ({
  ...tools,
  constraint: { kind: 'json-schema', strict: true, schema: kind },
});

test('a schema is held by structured outputs where the model has them and the schema fits, beside tools too', () => {
  for (const tools of [{}, { tools: [weather] }]) {
    const { body, answerTool } = write(wish(held(schema, tools)), adaptive);
    assert.deepEqual(
      [body.output_config, answerTool, body.tool_choice],
      [{ format: { type: 'json_schema', schema: closed } }, undefined, undefined],
    );
  }
});

test('else a schema is the input of a tool that must be called, or one of those that may be', () => {
  const answer = { name: 'answer', input_schema: open };
  const toolsOf = ({ body }: ReturnType<typeof write>) =>
    (body.tools as JsonObject[]).map(({ name, input_schema }) => ({ name, input_schema }));
  for (const [facts, native] of [
    [untold, held(open)],
    [adaptive, held(open)],
    [adaptive, held(open, { tools: [], toolChoice: 'none' })],
  ] as const) {
    const written = write(wish(native), facts);
    assert.deepEqual(toolsOf(written), [answer]);
    assert.deepEqual(
      [written.answerTool, written.body.tool_choice],
      ['answer', { type: 'tool', name: 'answer', disable_parallel_tool_use: true }],
    );
  }
  const beside = write(wish({ constraint: { kind: 'json-object' }, tools: [weather, { name: 'answer' }] }), adaptive);
  assert.deepEqual([beside.answerTool, beside.body.tool_choice], ['answer_2', { type: 'any' }]);
  assert.deepEqual(
    toolsOf(beside).map(({ name }) => name),
    ['weather', 'answer', 'answer_2'],
  );
  const demanded = write(wish(held(open, { tools: [weather], toolChoice: 'required' })));
  assert.deepEqual([demanded.answerTool, toolsOf(demanded).length], [undefined, 1]);
});

test('arguments of earlier calls keep their numbers, and are mended where they are no JSON', () => {
  const inputs = [
    ['{"x": 1.0, "n": 9007199254740993}', '"input":{"x": 1.0, "n": 9007199254740993}'],
    ['{"a": 1, "b": [2', '"input":{"a": 1, "b": [2]}'],
    ["{'a': True}", '"input":{"a": true}'],
    ['', '"input":{}'],
    ['null', '"input":{}'],
    ['[1.0]', '"input":{"value":[1.0]}'],
  ] as const;
  for (const [argumentsJson, expected] of inputs) {
    const { text } = write(chat(user, called('a', 'f', argumentsJson), result('a')));
    assert.ok(text.includes(expected), text);
    assert.doesNotThrow(() => JSON.parse(text));
  }
});

test('the schema of a tool goes as it was written', () => {
  const parametersJson = '{"type":"object","properties":{"10":{"type":"number","maximum":1.0},"2":{"type":"string"}}}';
  const { text } = write(wish({ tools: [{ name: 'f', parameters: JSON.parse(parametersJson) as JsonObject, parametersJson }] }));
  assert.ok(text.includes(`"input_schema":${parametersJson}`));
});

test('ids that the API would refuse are spelled anew, and repeated ones told apart', () => {
  const { body } = write(
    chat(
      user,
      called('functions.f:0', 'f', '{}'),
      result('functions.f:0', 'one'),
      called('functions.f:0', 'f', '{}'),
      result('functions.f:0', 'two'),
    ),
  );
  const ids = (body.messages as readonly { content: readonly JsonObject[] }[]).flatMap(({ content }) =>
    content.map(({ id, tool_use_id }) => id ?? tool_use_id).filter((id) => id !== undefined),
  );
  assert.deepEqual(ids, ['functions_2e_f_3a_0', 'functions_2e_f_3a_0', 'functions_2e_f_3a_0-2', 'functions_2e_f_3a_0-2']);
});

const thought: TurnBlock = { type: 'thinking', thinking: 'hm', signature: 's1' };
const redacted: TurnBlock = { type: 'redacted_thinking', data: 'xx' };
const turn: readonly TurnBlock[] = [
  { type: 'text', text: 'Well.' },
  thought,
  { type: 'tool_use', id: 'a' },
  redacted,
  { type: 'tool_use', id: 'b' },
];
const returned: Message = {
  role: 'assistant',
  content: 'Well.',
  reasoning: 'hm',
  toolCalls: ['a', 'b'].map((id) => ({ id, name: 'weather', argumentsJson: '{}' })),
};
const call = (id: string) => ({ type: 'tool_use', id, name: 'weather', input: {} });

function answerOf(change: Partial<EngineRequest>, facts: ModelFacts, content: Message['content'] = 'Well.'): unknown {
  const memory = new TurnMemory();
  memory.remember('claude', turn);
  const { body } = write({ ...chat(user, { ...returned, content }, result('a'), result('b')), ...change }, facts, memory);
  return (body.messages as readonly JsonObject[])[1]?.content;
}

test('thoughts that led to calls go back with their signatures while the model thinks, in their order', () => {
  const inOrder = [{ type: 'text', text: 'Well.' }, thought, call('a'), redacted, call('b')];
  const without = [{ type: 'text', text: 'Well.' }, call('a'), call('b')];
  assert.deepEqual(answerOf(wish({ reasoningEffort: 'low' }), budgeted), inOrder);
  assert.deepEqual(answerOf({}, adaptive), inOrder);
  assert.deepEqual(answerOf({}, adaptive, 'Changed.'), [thought, redacted, { type: 'text', text: 'Changed.' }, call('a'), call('b')]);
  assert.deepEqual(answerOf({}, untold), without);
  assert.deepEqual(answerOf(wish({ reasoningEffort: 'none' }), adaptive), without);
  assert.deepEqual(answerOf({ model: 'another' }, adaptive), without);
});

test('results of calls whose thoughts are not known are answered without a budget, and it is said', () => {
  const { body, notes } = write(wish({ reasoningEffort: 'low' }, user, called('x', 'f', '{}'), result('x')), budgeted);
  assert.equal(body.thinking, undefined);
  assert.match(notes.join(), /thoughts before the last calls/);
});

test('what cannot be as it was asked for is said', () => {
  const { notes } = write({
    ...chat({ ...user, name: 'Ann' }),
    maxTokens: 10,
    sampling: { temperature: 1.7, seed: 3 },
    native: { reasoningEffort: 'high' },
  });
  assert.equal(notes.length, 4);
  for (const words of [/max_tokens raised from 10 to 10010/, /temperature 1.7/, /seed/, /names/]) assert.match(notes.join('\n'), words);
});

const refused: readonly (readonly [Partial<EngineRequest>, ErrorCode, param: string, facts?: ModelFacts])[] = [
  [{ sampling: { presencePenalty: 1 } }, 'unsupported_feature', 'presence_penalty'],
  [{ sampling: { frequencyPenalty: -1 } }, 'unsupported_feature', 'frequency_penalty'],
  [{ sampling: { repetitionPenalty: 1.1 } }, 'unsupported_feature', 'repetition_penalty'],
  [{ sampling: { minP: 0.1 } }, 'unsupported_feature', 'min_p'],
  [{ sampling: { logitBias: [[1, 2]] } }, 'unsupported_feature', 'logit_bias'],
  [{ topLogprobs: 0 }, 'unsupported_feature', 'logprobs'],
  [{ ignoreEos: true }, 'unsupported_feature', 'ignore_eos'],
  [{ stopTokenIds: [1] }, 'unsupported_feature', 'stop_token_ids'],
  [{ grammar: { notation: 'gbnf', text: 'root ::= "a"' } }, 'unsupported_feature', 'grammar'],
  [{ prompt: { form: 'messages', messages: [user], variablesJson: '{"a":1}' } }, 'unsupported_feature', 'chat_template_kwargs'],
  [{ prompt: { form: 'tokens', tokens: [1] } }, 'unsupported_feature', 'prompt'],
  [{ unknownFields: { colour: 'red' } }, 'unknown_parameter', 'colour'],
  [{ stop: ['ok', ' \n'] }, 'invalid_request', 'stop'],
  [chat({ role: 'system', content: 'x' }), 'invalid_request', 'messages'],
  [chat(user, { role: 'system', content: [{ type: 'image', url: png }] }), 'invalid_request', 'messages'],
  [chat({ role: 'user', content: [{ type: 'image', url: 'data:image/bmp;base64,AA' }] }), 'invalid_request', 'messages'],
  [wish({ tools: [{ name: 'get weather' }] }), 'invalid_request', 'tools'],
  [chat(user, called('a', 'get.it', '{}'), result('a')), 'invalid_request', 'tools'],
  [wish({ constraint: { kind: 'regex', pattern: 'a' } }), 'unsupported_feature', 'response_format'],
  [wish(held({ type: 'array', items: {} })), 'unsupported_feature', 'response_format'],
  [
    wish({ reasoningEffort: 'low' }),
    'unsupported_feature',
    'reasoning_effort',
    { id: 'claude', thinking: new Set(['disabled']), efforts: new Set() },
  ],
  [wish({ reasoningEffort: 'none' }), 'unsupported_feature', 'reasoning_effort', { id: 'claude', thinking: new Set(['adaptive']) }],
];

for (const [change, code, param, facts] of refused) {
  test(`${param} is refused where it is ${JSON.stringify(change).slice(0, 90)}`, () => {
    assert.throws(
      () => write(change, facts),
      (error) => {
        assert.ok(error instanceof GatewayError, String(error));
        assert.deepEqual([error.code, error.param], [code, param]);
        return true;
      },
    );
  });
}

test('a model that has levels of effort but no thinking gets the level; the least effort needs neither', () => {
  const { body } = write(wish({ reasoningEffort: 'minimal' }), { id: 'claude', thinking: new Set(), efforts: new Set(['medium']) });
  assert.deepEqual([body.thinking, body.output_config], [undefined, { effort: 'medium' }]);
  const { body: none } = write(wish({ reasoningEffort: 'minimal' }), { id: 'claude', thinking: new Set(), efforts: new Set() });
  assert.deepEqual([none.thinking, none.output_config], [undefined, undefined]);
});

test('what the API tells of a model is read, and what it leaves out is not known', () => {
  const yes = { supported: true };
  const no = { supported: false };
  const capabilities = {
    ...{ image_input: no, structured_outputs: yes, effort: { ...yes, low: yes, medium: no, high: yes, max: yes, xhigh: null } },
    thinking: { ...yes, types: { adaptive: yes, enabled: no, disabled: no } },
  };
  assert.deepEqual(readModel({ id: 'a', max_input_tokens: 9, max_tokens: 5, capabilities }), {
    ...{ id: 'a', contextTokens: 9, answerTokens: 5, hasImages: false, hasFormats: true },
    ...{ thinking: new Set(['adaptive']), efforts: new Set(['low', 'high', 'max']) },
  });
  assert.deepEqual(readModel({ id: 'a', max_input_tokens: null, max_tokens: null, capabilities: null }), { id: 'a' });
  assert.deepEqual(readModel({ id: 'a', capabilities: { thinking: no, effort: no } }), {
    id: 'a',
    thinking: new Set(['disabled']),
    efforts: new Set(),
  });
  for (const wrong of [null, 7, {}, { id: 7 }]) assert.equal(readModel(wrong), undefined);
});
