import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EngineRequest, NativeWishes } from '../../protocol/engine.ts';
import { GatewayError } from '../../protocol/error.ts';
import type { JsonValue } from '../../protocol/json.ts';
import type { Message } from '../../protocol/message.ts';
import { describeUnseen, type OllamaModel } from './describe-model.ts';
import { readVersion } from './version.ts';
import { writeRequest } from './write-request.ts';

const unseen = describeUnseen('tiny', 2048);
const model: OllamaModel = { ...unseen, stops: ['<|im_end|>'] };
const thinker: OllamaModel = { ...model, thinks: true };
const rendered: OllamaModel = {
  ...model,
  model: { ...unseen.model, specialTokens: { bos: '<s>', addsBos: true, control: ['<|im_start|>', '<s>', '<>'] } },
};

const request: EngineRequest = {
  id: 'request-1',
  model: 'tiny',
  prompt: { form: 'messages', messages: [{ role: 'user', content: 'Hi' }] },
  sampling: {},
  stop: [],
  stopTokenIds: [],
  ignoreEos: false,
  isStreamed: true,
  keptSpecialTokens: [],
  unknownFields: {},
};
const raw: EngineRequest = { ...request, prompt: { form: 'segments', segments: [{ text: 'Once', isLiteral: false }], isRendered: false } };

const options = {
  num_ctx: 2048,
  num_predict: 2048,
  temperature: 1,
  top_p: 1,
  top_k: 200,
  min_p: 0,
  typical_p: 1,
  repeat_penalty: 1,
  repeat_last_n: 2048,
  presence_penalty: 0,
  frequency_penalty: 0,
  seed: -1,
};
const always = { stream: true, truncate: false, shift: false };
const chat = { model: 'tiny', messages: [{ role: 'user', content: 'Hi' }], ...always, options };
const once = { model: 'tiny', prompt: 'Once', raw: true, think: false, ...always, options: { ...options, stop: [] } };

const wire = (written: EngineRequest, of: OllamaModel = model) => writeRequest(written, of, undefined);
const bodyOf = (written: EngineRequest, of: OllamaModel = model): unknown => JSON.parse(wire(written, of).body);
const withMessages = (...messages: readonly Message[]): EngineRequest => ({ ...request, prompt: { form: 'messages', messages } });
const withNative = (native: NativeWishes): EngineRequest => ({ ...request, native });
const withVariables = (variables: JsonValue): EngineRequest => ({
  ...request,
  prompt: { form: 'messages', messages: [{ role: 'user', content: 'Hi' }], variablesJson: JSON.stringify(variables) },
});

test('a chat and a raw prompt say how they are drawn in full, and have no nulls', () => {
  assert.equal(wire(request).path, '/api/chat');
  assert.deepEqual(bodyOf(request), chat);
  assert.equal(wire(raw).path, '/api/generate');
  assert.deepEqual(bodyOf(raw), once);
  for (const each of [request, raw]) assert.doesNotMatch(wire(each).body, /null/);
});

test('sampling, limits and stops go along', () => {
  const sampling = {
    ...{ temperature: 0, topP: 0.9, topK: -1, minP: 0.1, seed: 2 ** 40 + 3 },
    ...{ repetitionPenalty: 1.1, presencePenalty: 1, frequencyPenalty: -1 },
  };
  const asked = { sampling, maxTokens: 12, stop: ['END'], topLogprobs: 2 };
  const drawn = {
    ...{ ...options, num_predict: 12, temperature: 0, top_p: 0.9, top_k: 0, min_p: 0.1, seed: 259 },
    ...{ repeat_penalty: 1.1, presence_penalty: 1, frequency_penalty: -1 },
  };
  const logprobs = { logprobs: true, top_logprobs: 2 };
  assert.deepEqual(bodyOf({ ...request, ...asked }), { ...chat, ...logprobs, options: { ...drawn, stop: ['<|im_end|>', 'END'] } });
  assert.deepEqual(bodyOf({ ...raw, ...asked }), { ...once, ...logprobs, options: { ...drawn, stop: ['END'] } });
});

test('a conversation is written in the words of Ollama, numbers and keys of arguments as they were', () => {
  const argumentsJson = '{"b": 1.0, "10": 12345678901234567890, "1": [1e2]}';
  const written = withMessages(
    {
      role: 'developer',
      content: [
        { type: 'text', text: 'Be ' },
        { type: 'text', text: 'brief.' },
      ],
    },
    {
      role: 'user',
      content: [
        { type: 'text', text: 'See' },
        { type: 'image', url: 'data:image/png;base64,QUJD' },
      ],
    },
    {
      role: 'assistant',
      content: null,
      reasoning: 'hm',
      toolCalls: [
        { id: 'c1', name: 'f', argumentsJson },
        { id: 'c2', name: 'g', argumentsJson: 'oops' },
      ],
    },
    { role: 'tool', content: 'two', toolCallId: 'c2' },
    { role: 'tool', content: 'other', toolCallId: 'nobody', name: 'h' },
  );
  assert.ok(wire(written).body.includes('"arguments":{"b":1.0,"10":12345678901234567890,"1":[1e2]}'));
  assert.deepEqual((bodyOf(written) as { messages: unknown }).messages, [
    { role: 'system', content: 'Be \nbrief.' },
    { role: 'user', content: 'See', images: ['QUJD'] },
    {
      role: 'assistant',
      content: '',
      thinking: 'hm',
      tool_calls: [
        { id: 'c1', function: { index: 0, name: 'f', arguments: JSON.parse(argumentsJson) } },
        { id: 'c2', function: { index: 1, name: 'g', arguments: { arguments: 'oops' } } },
      ],
    },
    { role: 'tool', content: 'two', tool_name: 'g', tool_call_id: 'c2' },
    { role: 'tool', content: 'other', tool_name: 'h', tool_call_id: 'nobody' },
  ]);
});

test('tools are shown with their schemas as written', () => {
  const parametersJson = '{"type": "object", "properties": {"x": {"minimum": 1.0}}}';
  const tools = [
    { name: 'f', strict: true },
    { name: 'g', description: 'G', parameters: JSON.parse(parametersJson), parametersJson },
  ];
  const written = withNative({ tools, toolChoice: 'auto', parallelToolCalls: true });
  assert.ok(wire(written).body.includes('{"minimum":1.0}'));
  assert.deepEqual((bodyOf(written) as { tools: unknown }).tools, [
    { type: 'function', function: { name: 'f', description: '', parameters: { type: 'object', properties: {} } } },
    { type: 'function', function: { name: 'g', description: 'G', parameters: { type: 'object', properties: { x: { minimum: 1 } } } } },
  ]);
  assert.throws(() => wire(withNative({ tools, constraint: { kind: 'json-object' } })), isError('internal_error'));
});

const thoughts: readonly (readonly [string, EngineRequest, OllamaModel, unknown])[] = [
  ['nobody says', request, thinker, undefined],
  ['effort none', withNative({ reasoningEffort: 'none' }), thinker, false],
  ['effort minimal', withNative({ reasoningEffort: 'minimal' }), thinker, 'low'],
  ['effort medium', withNative({ reasoningEffort: 'medium' }), thinker, 'medium'],
  ['effort xhigh', withNative({ reasoningEffort: 'xhigh' }), thinker, 'max'],
  ['effort max before 0.30', withNative({ reasoningEffort: 'max' }), { ...thinker, version: readVersion('0.17.4') }, 'high'],
  ['effort without thinking', withNative({ reasoningEffort: 'high' }), model, undefined],
  ['variable off', withVariables({ enable_thinking: false }), thinker, false],
  ['variable off without thinking', withVariables({ enable_thinking: false }), model, undefined],
  ['variable on', withVariables({ thinking: true }), thinker, true],
  ['variable of the level', withVariables({ reasoning_effort: 'low' }), thinker, 'low'],
  ['variable over effort', { ...withVariables({ enable_thinking: false }), native: { reasoningEffort: 'high' } }, thinker, false],
  ['its own word', { ...request, unknownFields: { think: 'high' } }, thinker, 'high'],
];

for (const [about, written, of, think] of thoughts) {
  test(`thinking: ${about} is ${String(think)}`, () =>
    assert.deepEqual(bodyOf(written, of), think === undefined ? chat : { ...chat, think }));
}

test('its own words pass, in options over ours', () => {
  const unknownFields = { options: { mirostat: 1, temperature: 0.3, stop: ['x'] }, keep_alive: '10m', think: null };
  assert.deepEqual(bodyOf({ ...raw, unknownFields }), {
    ...once,
    options: { ...options, mirostat: 1, temperature: 0.3, stop: ['x'] },
    keep_alive: '10m',
  });
  assert.deepEqual(JSON.parse(writeRequest(request, model, -1).body), { ...chat, keep_alive: -1 });
});

const isError = (code: string, param?: string) => (error: unknown) => {
  assert.ok(error instanceof GatewayError, String(error));
  assert.deepEqual([error.code, error.param], [code, param], error.message);
  return true;
};

const refused: readonly (readonly [string, Partial<EngineRequest>, string, string?])[] = [
  ['a grammar', { grammar: { notation: 'gbnf', text: 'root ::= "a"' } }, 'unsupported_feature', 'grammar'],
  ['stop token ids', { stopTokenIds: [1] }, 'unsupported_feature', 'stop_token_ids'],
  ['ignore_eos', { ignoreEos: true }, 'unsupported_feature', 'ignore_eos'],
  ['a bias', { sampling: { logitBias: [[1, 1]] } }, 'unsupported_feature', 'logit_bias'],
  ['token ids', { prompt: { form: 'tokens', tokens: [1] } }, 'unsupported_feature', 'prompt'],
  ['an empty prompt', { prompt: { form: 'segments', segments: [], isRendered: false } }, 'invalid_request', 'prompt'],
  ['unknown fields', { unknownFields: { guided: 1 } }, 'unknown_parameter', 'guided'],
  ['options that are no object', { unknownFields: { options: [1] } }, 'invalid_request', 'options'],
  ['options that load the model again', { unknownFields: { options: { num_ctx: 1 } } }, 'unsupported_feature', 'options.num_ctx'],
  ['options of a wrong type', { unknownFields: { options: { top_k: 'x' } } }, 'invalid_request', 'options.top_k'],
  ['stops of a wrong type', { unknownFields: { options: { stop: 'x' } } }, 'invalid_request', 'options.stop'],
  ['think on a prompt of ours', { prompt: raw.prompt, unknownFields: { think: true } }, 'unsupported_feature', 'think'],
  ['other variables', { prompt: withVariables({ documents: [] }).prompt }, 'unsupported_feature', 'chat_template_kwargs.documents'],
  [
    'thinking it cannot',
    { prompt: withVariables({ enable_thinking: true }).prompt },
    'unsupported_feature',
    'chat_template_kwargs.enable_thinking',
  ],
  [
    'a picture elsewhere',
    { prompt: withMessages({ role: 'user', content: [{ type: 'image', url: 'https://example.org/a.png' }] }).prompt },
    'unsupported_feature',
    'messages[0].content[0]',
  ],
  [
    'a schema that allows nothing',
    { native: { constraint: { kind: 'json-schema', schema: false, strict: true } } },
    'invalid_request',
    'response_format',
  ],
];

for (const [about, wishes, code, param] of refused) {
  test(`${about} is refused: ${code}`, () => assert.throws(() => wire({ ...request, ...wishes }), isError(code, param)));
}

const formats: readonly (readonly [NonNullable<NativeWishes['constraint']>, unknown, string])[] = [
  [{ kind: 'json-object' }, 'json', 'none'],
  [{ kind: 'json-schema', schema: { type: 'integer' }, strict: true }, { type: 'integer' }, 'none'],
  [{ kind: 'json-schema', schema: true, strict: true }, {}, 'none'],
  [{ kind: 'choice', options: ['a', 'b"'] }, { type: 'string', enum: ['a', 'b"'] }, 'json-string'],
  [{ kind: 'regex', pattern: 'yes|no' }, { type: 'string', pattern: '^(?:yes|no)$' }, 'quotes'],
  [{ kind: 'regex', pattern: '\\d{3}/é' }, { type: 'string', pattern: '^(?:[0-9]{3}/\\u00e9)$' }, 'quotes'],
  [{ kind: 'regex', pattern: '[\\^\\-a]' }, { type: 'string', pattern: '^(?:[\\x2d\\x5ea])$' }, 'quotes'],
  [{ kind: 'regex', pattern: '[\\s\\S]' }, { type: 'string', pattern: '^(?:[^\\x00])$' }, 'quotes'],
];

for (const [constraint, format, wrapping] of formats) {
  test(`a ${constraint.kind} is the format ${JSON.stringify(format)}`, () => {
    for (const each of [request, raw]) {
      const written = wire({ ...each, native: { constraint } });
      assert.deepEqual((JSON.parse(written.body) as { format: unknown }).format, format);
      assert.equal(written.wrapping, wrapping);
    }
  });
}

const segmentsOf = (isRendered: boolean, ...texts: readonly (readonly [string, boolean])[]): EngineRequest => ({
  ...request,
  prompt: { form: 'segments', isRendered, segments: texts.map(([text, isLiteral]) => ({ text, isLiteral })) },
});
const promptOf = (written: EngineRequest) => (bodyOf(written, rendered) as { prompt: string }).prompt;

test('the begin-of-text token that a template wrote is cut where Ollama puts one, and a caller keeps theirs', () => {
  assert.equal(promptOf(segmentsOf(true, ['<s>Hi', false])), 'Hi');
  assert.equal(promptOf(segmentsOf(true, ['<s>', true], ['Hi', false])), '<\u2060s>Hi');
  assert.equal(promptOf(segmentsOf(false, ['<s>Hi', false])), '<s>Hi');
  const { specialTokens } = rendered.model;
  const bare = { ...rendered, model: { ...rendered.model, specialTokens: { ...specialTokens, addsBos: false } } };
  assert.equal((bodyOf(segmentsOf(true, ['<s>Hi', false]), bare) as { prompt: string }).prompt, '<s>Hi');
});

test('control tokens in the words of a caller are broken, wherever one begins', () => {
  assert.equal(
    promptOf(segmentsOf(true, ['<|im_start|>', false], ['<|im_start|> <><>', true])),
    '<|im_start|><\u2060|im_start|> <\u2060><\u2060>',
  );
});

test('control tokens in messages are broken too, but in what the model wrote', () => {
  const written = withMessages(
    { role: 'user', content: 'a<s>' },
    { role: 'assistant', content: 'b<s>' },
    { role: 'tool', content: 'c<s>' },
  );
  const { messages } = bodyOf(written, rendered) as { messages: readonly Message[] };
  assert.deepEqual(
    messages.map(({ content }) => content),
    ['a<\u2060s>', 'b<s>', 'c<\u2060s>'],
  );
});

test('thoughts that the prompt has opened are closed where a format binds, and the answer begins with what closed them', () => {
  const opened = segmentsOf(true, ['<|im_start|>assistant\n<think>\n', false]);
  const bound: EngineRequest = { ...opened, native: { constraint: { kind: 'json-object' } } };
  assert.equal(wire(bound).lead, '</think>\n\n');
  assert.ok(promptOf(bound).endsWith('<think>\n</think>\n\n'));
  assert.equal(wire(opened).lead, '');
  assert.equal(wire({ ...segmentsOf(true, ['<|im_start|>assistant\n', false]), native: { constraint: { kind: 'json-object' } } }).lead, '');
});
