import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GatewayError } from '../protocol/error.ts';
import type { JsonObject } from '../protocol/json.ts';
import type { GenerateRequest } from '../protocol/request.ts';
import chat from './chat-completions.ts';
import { callWith } from './decode/call.test.support.ts';
import type { ApiCall } from './surface.ts';

const messages = [{ role: 'user', content: 'Hi' }];

function decode(fields: JsonObject, headers: ApiCall['headers'] = {}, bodyText?: string): GenerateRequest {
  const [route] = chat.routes;
  assert.ok(route?.kind === 'generate');
  const body = { model: 'm', messages, ...fields };
  const call = callWith(body, { path: route.path, text: bodyText ?? '' });
  return route.decode({ ...call, headers, written: bodyText === undefined ? undefined : call.written }).request;
}

function refusal(fields: JsonObject, headers: ApiCall['headers'] = {}): readonly [string, string | undefined, string] {
  try {
    decode(fields, headers);
  } catch (error) {
    if (error instanceof GatewayError) return [error.code, error.param, error.message];
    throw error;
  }
  return ['taken', undefined, ''];
}

test('a small body becomes a request with nothing made up', () => {
  assert.deepEqual(decode({}), {
    ...{ id: 'id-1', model: 'm', input: { type: 'chat', messages }, sampling: {}, stop: [], stopTokenIds: [] },
    ...{ ignoreEos: false, isStreamed: false, n: 1, unknownFields: {}, agent: {} },
  });
});

test('every sampling field is read', () => {
  const request = decode({
    ...{ temperature: 0, top_p: 0.5, top_k: -1, min_p: 0.1, repetition_penalty: 1.1, presence_penalty: -2, frequency_penalty: 2 },
    ...{
      logit_bias: { '15': -100, '7': 1.5 },
      seed: 0,
      stop: 'x',
      stop_token_ids: [2],
      ignore_eos: true,
      max_tokens: 9,
      max_completion_tokens: 8,
    },
  });
  assert.deepEqual(request.sampling, {
    ...{ temperature: 0, topP: 0.5, topK: -1, minP: 0.1, repetitionPenalty: 1.1, presencePenalty: -2, frequencyPenalty: 2, seed: 0 },
    // an object's number-like keys come in their order
    logitBias: [
      [7, 1.5],
      [15, -100],
    ],
  });
  assert.deepEqual([request.stop, request.stopTokenIds, request.ignoreEos, request.maxTokens], [['x'], [2], true, 8]);
});

const wrong: readonly (readonly [JsonObject, string, string | undefined, RegExp])[] = [
  [{ temperature: 2.1 }, 'invalid_request', 'temperature', /must be a number from 0 to 2, but it is 2\.1/],
  [{ temperature: '1' }, 'invalid_request', 'temperature', /but it is "1"/],
  [{ top_p: 0 }, 'invalid_request', 'top_p', /over 0, up to 1/],
  [{ seed: -1 }, 'invalid_request', 'seed', /an integer of at least 0/],
  [{ n: 129 }, 'invalid_request', 'n', /from 1 to 128/],
  [{ max_tokens: 0 }, 'invalid_request', 'max_tokens', /an integer from 1/],
  [{ stop: Array(17).fill('x') }, 'invalid_request', 'stop', /at most 16/],
  [{ stop: [''] }, 'invalid_request', 'stop[0]', /not empty/],
  [{ logit_bias: { x: 1 } }, 'invalid_request', 'logit_bias', /keys are token ids/],
  [{ logit_bias: { '1': 101 } }, 'invalid_request', 'logit_bias.1', /-100 to 100/],
  [{ logprobs: 5 }, 'invalid_request', 'logprobs', /true or false/],
  [{ logprobs: true, top_logprobs: 21 }, 'invalid_request', 'top_logprobs', /0 to 20/],
  [{ stream_options: { include_usage: true } }, 'invalid_request', 'stream_options', /needs `stream: true`/],
  [{ stream: true, stream_options: { usage: true } }, 'unknown_parameter', 'stream_options.usage', /not a field/],
  [
    { stream: true, stream_options: { continuous_usage_stats: true } },
    'unsupported_feature',
    'stream_options.continuous_usage_stats',
    /once/,
  ],
  [{ messages: [{ role: 'wizard', content: '' }] }, 'invalid_request', 'messages[0].role', /"system" or "developer"/],
  [{ messages: [{ role: 'function', content: '' }] }, 'unsupported_feature', 'messages[0].role', /use "tool"/],
  [{ messages: [{ role: 'user', content: null }] }, 'invalid_request', 'messages[0].content', /missing/],
  [{ messages: [{ role: 'tool', content: 'x' }] }, 'invalid_request', 'messages[0].tool_call_id', /missing/],
  [{ messages: [{ role: 'user', content: 'x', colour: 1 }] }, 'unknown_parameter', 'messages[0].colour', /not a field/],
  [{ messages: [{ role: 'user', content: [{ type: 'input_audio' }] }] }, 'unsupported_feature', 'messages[0].content[0].type', /"text"/],
  [{ tool_choice: 'required' }, 'invalid_request', 'tool_choice', /names none/],
  [{ response_format: { type: 'xml' } }, 'invalid_request', 'response_format.type', /"json_schema"/],
  [{ response_format: { type: 'json_object' }, guided_regex: 'a' }, 'invalid_request', 'guided_regex', /both constrain/],
  [{ structured_outputs: { json: {}, regex: 'a' } }, 'invalid_request', 'structured_outputs', /one of/],
  [{ guided_json: 'not json' }, 'invalid_request', 'guided_json', /text of one/],
  [{ min_tokens: 3 }, 'unsupported_feature', 'min_tokens', /may always end early/],
  [{ functions: [{ name: 'f' }] }, 'unsupported_feature', 'functions', /Send `tools`/],
  [{ audio: {} }, 'unsupported_feature', 'audio', /only text/],
  [{ web_search_options: {} }, 'unsupported_feature', 'web_search_options', /web/],
  [{ echo: true }, 'unsupported_feature', 'echo', /completions/],
  [{ continue_final_message: true }, 'unsupported_feature', 'continue_final_message', /completions/],
];

for (const [fields, code, param, message] of wrong) {
  test(`${JSON.stringify(fields).slice(0, 90)} is ${code}`, () => {
    const [gotCode, gotParam, gotMessage] = refusal(fields);
    assert.deepEqual([gotCode, gotParam], [code, param]);
    assert.match(gotMessage, message);
  });
}

for (const fields of [
  { functions: [] },
  { function_call: 'none' },
  { min_tokens: 0 },
  { modalities: ['text'] },
  { add_generation_prompt: true },
  { echo: false, continue_final_message: false, best_of: 1 },
  { tool_choice: 'none' },
  { store: true, metadata: { a: 'b' }, service_tier: 'auto', safety_identifier: 'x', prompt_cache_key: 'y' },
  { response_format: { type: 'text' } },
]) {
  test(`${JSON.stringify(fields)} asks for nothing and passes`, () => {
    assert.deepEqual(decode(fields as JsonObject), decode({}));
  });
}

test('tools, choice and constraints are decoded for the plan to judge', () => {
  const tool = { type: 'function', function: { name: 'f', description: 'd', parameters: { type: 'object' }, strict: true } };
  const { tools, toolChoice, parallelToolCalls } = decode({
    tools: [tool],
    tool_choice: { type: 'function', function: { name: 'f' } },
    parallel_tool_calls: false,
  });
  assert.deepEqual([tools, toolChoice, parallelToolCalls], [[tool.function], { name: 'f' }, false]);
  assert.equal(refusal({ tools: [tool, tool] })[1], 'tools[1].function.name');
  assert.equal(refusal({ tools: [tool], tool_choice: { type: 'function', function: { name: 'g' } } })[1], 'tool_choice.function.name');

  const schema = { type: 'object' };
  const table: readonly (readonly [JsonObject, unknown])[] = [
    [{ response_format: { type: 'json_object' } }, { kind: 'json-object' }],
    [{ response_format: { type: 'json_schema', json_schema: { name: 'x', schema } } }, { kind: 'json-schema', schema, strict: false }],
    [{ structured_outputs: { json: schema, regex: null } }, { kind: 'json-schema', schema, strict: true }],
    [{ guided_json: JSON.stringify(schema) }, { kind: 'json-schema', schema, strict: true }],
    [{ guided_regex: 'a+' }, { kind: 'regex', pattern: 'a+' }],
    [{ structured_outputs: { choice: ['a', 'b'] } }, { kind: 'choice', options: ['a', 'b'] }],
    [{ guided_grammar: 'root ::= "a"' }, { kind: 'grammar', grammar: 'root ::= "a"' }],
    [{ structured_outputs: { structural_tag: '{"a":1}' } }, { kind: 'structural-tag', tag: { a: 1 } }],
  ];
  for (const [fields, constraint] of table) assert.deepEqual(decode(fields).constraint, constraint);
});

test('the text of messages is kept where it says in the same words all that was understood, and nowhere else', () => {
  const call = { id: 'c1', type: 'function', function: { name: 'f', arguments: '{}' } };
  const turn = { role: 'assistant', content: null, tool_calls: [call] };
  const table: readonly (readonly [boolean, JsonObject])[] = [
    [true, { role: 'user', content: 'Łódź\n"1.0"' }],
    [true, { role: 'system', content: '', name: 'ada' }],
    [true, turn],
    [true, { role: 'tool', tool_call_id: 'c1', content: 'ok' }],
    [false, { role: 'user', content: [{ type: 'text', text: 'Hi' }] }],
    [false, { role: 'user', content: 'Hi', name: null }],
    [false, { role: 'user', content: 'Hi', tool_calls: [call] }],
    [false, { role: 'user', content: 'Hi', tool_call_id: 'c1' }],
    [false, { role: 'assistant', content: 'Hi', refusal: null }],
    [false, { role: 'assistant', content: 'Hi', tool_calls: [] }],
    [false, { role: 'assistant', refusal: 'No.' }],
    [false, { role: 'assistant', tool_calls: [call] }],
    [false, { role: 'assistant', content: 'Hi', reasoning: 'hm' }],
    [false, { role: 'assistant', content: 'Hi', reasoning_content: 'hm' }],
    [false, { ...turn, tool_calls: [{ ...call, index: 0 }] }],
    [false, { ...turn, tool_calls: [{ id: 'c1', index: 0, function: call.function }] }],
    [false, { ...turn, tool_calls: [{ id: 'c1', function: call.function }] }],
    [false, { ...turn, tool_calls: [{ ...call, function: { ...call.function, name: 'f' }, type: null }] }],
  ];
  for (const [isKept, message] of table) {
    const json = JSON.stringify([...messages, message], undefined, 1);
    const { input } = decode({ messages: [...messages, message] }, {}, `{"model": "m", "messages": ${json}}`);
    assert.ok(input.type === 'chat');
    assert.equal(input.written && Buffer.from(input.written.json).toString(), isKept ? json : undefined);
    assert.ok(!isKept || input.written?.messages === input.messages);
  }
  const twice = decode({}, {}, '{"messages":[{"role":"user","content":"No: {","content":"Hi"}]}').input;
  assert.deepEqual(twice, { type: 'chat', messages });
});

test('an earlier turn with calls and thoughts is kept byte for byte', () => {
  const argumentsJson = '{ "a": 1.0,\n "big": 12345678901234567890 }';
  const earlier = [
    {
      role: 'assistant',
      content: null,
      reasoning_content: 'hm',
      refusal: null,
      annotations: [],
      tool_calls: [{ id: 'c1', type: 'function', function: { name: 'f', arguments: argumentsJson } }],
    },
    { role: 'tool', tool_call_id: 'c1', content: 'ok' },
  ];
  const { input } = decode({ messages: earlier });
  assert.ok(input.type === 'chat');
  assert.deepEqual(input.messages, [
    { role: 'assistant', content: null, toolCalls: [{ id: 'c1', name: 'f', argumentsJson }], reasoning: 'hm' },
    { role: 'tool', content: 'ok', toolCallId: 'c1' },
  ]);
});

test('what nobody here knows is kept for the plan, names of every object included', () => {
  const fields = JSON.parse('{"priority": 3, "constructor": 1, "__proto__": {"n": 5}}') as JsonObject;
  const request = decode(fields);
  assert.deepEqual(Object.keys(request.unknownFields).sort(), ['__proto__', 'constructor', 'priority']);
  assert.equal(request.n, 1);
});

test('nesting is bounded wherever JSON is taken as it is', () => {
  const deep = JSON.parse(`${'[{"a":'.repeat(40)}1${'}]'.repeat(40)}`) as JsonObject;
  for (const fields of [{ colour: deep }, { chat_template_kwargs: { deep } }, { guided_json: { deep } }]) {
    assert.match(refusal(fields)[2], /nested deeper than 64/);
  }
});

test('the agent comes from headers, then from `user`', () => {
  const headers = { 'x-rookery-agent': 'a1', 'x-rookery-run': 'r1', 'x-rookery-step': '7' };
  assert.deepEqual(decode({ user: 'ada' }, headers).agent, { agent: 'a1', run: 'r1', step: 7 });
  assert.deepEqual(decode({ user: 'ada' }).agent, { agent: 'ada' });
  assert.equal(refusal({}, { 'x-rookery-step': '-1' })[1], 'x-rookery-step');
  assert.equal(refusal({}, { 'x-rookery-agent': 'a'.repeat(257) })[1], 'x-rookery-agent');
});

test('wishes of where a request goes are understood, and never forwarded', () => {
  const { routing, unknownFields } = decode({
    ...{ tags: ['a'], metadata: { tags: ['b', 3], trace: 'x' }, num_retries: 1, timeout: 2.5, cache: { 'no-cache': true } },
    fallbacks: ['m2', { model: 'm3' }],
  });
  assert.deepEqual(routing, { tags: ['a', 'b'], fallbacks: ['m2', 'm3'], retries: 1, timeoutMs: 2500 });
  assert.deepEqual(unknownFields, {});
  assert.deepEqual(decode({}, { 'x-litellm-tags': 'a, b' }).routing, { tags: ['a', 'b'] });
  assert.deepEqual(decode({ fallbacks: ['m2'], disable_fallbacks: true }).routing, { fallbacks: [] });
  assert.equal(decode({ metadata: { tags: 'words' }, tags: [] }).routing, undefined);
  assert.throws(() => decode({ fallbacks: [{ model: 'm2', temperature: 0 }] }), { code: 'invalid_request', param: 'fallbacks[0]' });
  assert.throws(() => decode({ mock_response: 'hi' }), { code: 'unsupported_feature' });
});

test('`extra_body` that was not merged by the client is merged here, and chooses no upstream', () => {
  const { sampling, unknownFields } = decode({ temperature: 1, extra_body: { temperature: 0.5, top_k: 3, other: 1 } });
  assert.deepEqual([sampling.temperature, sampling.topK, unknownFields], [0.5, 3, { other: 1 }]);
  assert.throws(() => decode({ extra_body: { api_base: 'http://x' } }), { code: 'forbidden_parameter' });
});
