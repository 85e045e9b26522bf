import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EngineCapabilities, EngineModel } from '../protocol/engine.ts';
import { GatewayError } from '../protocol/error.ts';
import type { GenerateRequest } from '../protocol/request.ts';
import { collectTurn } from './collect.ts';
import { openInterpreter } from './interpret.ts';
import { learnModel } from './model-knowledge.ts';
import { type Plan, planRequest } from './plan.ts';
import { type PreparedChoice, prepareRequest } from './prepare.ts';

const specialTokens = { bos: '<s>', eos: '</s>', addsBos: true, control: ['<s>', '</s>'] };
const model: EngineModel = { id: 'm', contextTokens: 100, chatTemplate: 'x', specialTokens };
const knowledge = learnModel(model);
const capabilities: EngineCapabilities = {
  prompts: ['segments', 'tokens'],
  constraints: [],
  topLogprobsMax: 20,
  hasStopTokenIds: true,
  hasEmbeddings: false,
  hasTools: false,
  hasToolChoice: false,
  showsTools: false,
  hasImages: false,
  hasTokenizer: true,
  slots: 1,
  tellsSpecialTokens: true,
  takesUnknownFields: false,
};
const request: GenerateRequest = {
  id: 'r',
  model: 'm',
  input: { type: 'chat', messages: [{ role: 'user', content: 'Hi </s>' }] },
  sampling: {},
  stop: [],
  stopTokenIds: [],
  ignoreEos: false,
  isStreamed: true,
  n: 1,
  unknownFields: {},
  agent: {},
};
const templatePlan: Plan = {
  mode: 'template',
  renderer: 'us',
  dialect: knowledge.prompted,
  calls: undefined,
  constraint: undefined,
  enforcement: 'none',
  binding: undefined,
  warnings: [],
};
function prepare(from: GenerateRequest, plan: Plan, chatTemplate = 'x'): readonly PreparedChoice[] {
  return prepareRequest(from, { plan, knowledge: learnModel({ ...model, chatTemplate }), now: new Date(0) }).choices;
}

const picture = { type: 'image', url: 'data:image/png;base64,' } as const;
const usage = { promptTokens: 1, completionTokens: 2, cachedTokens: 0 };

test('an engine is told that it may be stopped where we read the calls and want no second one', () => {
  const told = { tools: [{ name: 'f' }], toolChoice: 'auto', parallel: true, preamble: 'official', isDemanded: false } as const;
  const mayBeStopped = (calls: Plan['calls'], dialect: Plan['dialect'] = knowledge.prompted) =>
    prepare(request, { ...templatePlan, mode: 'raw-chat', renderer: 'engine', dialect, calls })[0]?.request.mayBeStopped;
  assert.equal(mayBeStopped(told), undefined);
  assert.equal(mayBeStopped({ ...told, parallel: false }), true);
  assert.equal(mayBeStopped({ ...told, toolChoice: { name: 'f' } }), true);
});

test("the caller's own text of the messages goes with that very list only", () => {
  const messages = [{ role: 'user', content: 'Hi' }] as const;
  const native: Plan = { ...templatePlan, mode: 'native', renderer: 'engine', dialect: undefined };
  const textOf = (input: GenerateRequest['input']) => {
    const prompt = prepare({ ...request, input }, native)[0]?.request.prompt;
    return prompt?.form === 'messages' ? prompt.messagesJson : undefined;
  };
  const json = new TextEncoder().encode('[ ]');
  const written = { messages, json };
  assert.equal(textOf({ type: 'chat', messages, written }), json);
  assert.equal(textOf({ type: 'chat', messages: [...messages], written }), undefined);
});

test('what cannot be honoured yet is refused by name, never dropped', () => {
  const refusals: readonly [Partial<GenerateRequest>, string, string][] = [
    [{ constraint: { kind: 'grammar', grammar: 'root ::= "a"' } }, 'unsupported_feature', 'response_format'],
    [
      { constraint: { kind: 'json-object' }, input: { type: 'prompts', prompts: ['a'], echo: false } },
      'unsupported_feature',
      'response_format',
    ],
    [{ input: { type: 'chat', messages: [{ role: 'user', content: [picture] }] } }, 'unsupported_feature', 'messages'],
    [{ unknownFields: { tempurature: 1 } }, 'unknown_parameter', 'tempurature'],
  ];
  for (const [change, code, param] of refusals) {
    assert.throws(() => planRequest({ ...request, ...change }, knowledge, capabilities), { code, param });
  }
});

test('tools that may not be called are no reason to refuse', () => {
  assert.equal(planRequest({ ...request, tools: [{ name: 'f' }], toolChoice: 'none' }, knowledge, capabilities).mode, 'template');
});

test('the mode follows the prompt and the engine', () => {
  const raw: GenerateRequest = { ...request, input: { type: 'prompts', prompts: ['a'], echo: false } };
  assert.equal(planRequest(raw, knowledge, capabilities).mode, 'text');
  assert.equal(planRequest(request, knowledge, { ...capabilities, prompts: ['messages'] }).mode, 'native');
  assert.equal(planRequest(request, knowledge, { ...capabilities, prompts: ['messages'], showsTools: true }).mode, 'raw-chat');
  const { chatTemplate: _, ...untemplated } = model;
  assert.throws(() => planRequest(request, learnModel(untemplated), capabilities), { code: 'unsupported_feature' });
});

test('special tokens that a caller wrote reach the engine as literal text', () => {
  const chatTemplate = '{{ bos_token }}{% for m in messages %}{{ m.role }}: {{ m.content }}{{ eos_token }}{% endfor %}';
  const [prepared] = prepare(request, templatePlan, chatTemplate);
  assert.deepEqual(prepared?.request.prompt, {
    form: 'segments',
    isRendered: true,
    segments: [
      { text: '<s>user: Hi ', isLiteral: false },
      { text: '</s>', isLiteral: true },
      { text: '</s>', isLiteral: false },
    ],
  });
});

test('n copies of each prompt are choices in order, with seeds that follow the first', () => {
  const many: GenerateRequest = {
    ...request,
    n: 2,
    sampling: { seed: 7 },
    input: { type: 'prompts', prompts: ['a', [1, 2]], echo: false },
  };
  const prepared = prepare(many, { ...templatePlan, mode: 'text', dialect: undefined });
  assert.deepEqual(
    prepared.map((each) => [each.choice, each.request.sampling.seed]),
    [
      [0, 7],
      [1, 8],
      [2, 7],
      [3, 8],
    ],
  );
  assert.deepEqual(prepared[2]?.request.prompt, { form: 'tokens', tokens: [1, 2] });
});

test('a template that refuses a conversation says so in its own words', () => {
  const refusal = { code: 'template_failed', message: /roles must alternate/ };
  assert.throws(() => prepare(request, templatePlan, "{{ raise_exception('roles must alternate') }}"), refusal);
  assert.throws(() => prepare(request, templatePlan, '{% if %}'), { code: 'template_failed' });
});

test('one read becomes one text delta, its log probabilities and the finish', () => {
  const logprob = { token: 1, text: 'a', logprob: -1, top: [] };
  const events = openInterpreter({ parser: undefined, plan: templatePlan, makeCallId: () => 'c' }).push({
    deltas: [{ text: 'a', logprobs: [logprob] }, { text: '', reasoning: 'hm' }, { text: 'b' }],
    end: { reason: 'length', usage },
  });
  assert.deepEqual(events, [
    { type: 'reasoning-delta', text: 'hm' },
    { type: 'text-delta', text: 'ab' },
    { type: 'logprobs-delta', tokens: [logprob] },
    { type: 'finish', reason: 'length' },
  ]);
});

test('a complete answer is the stream, joined choice by choice', () => {
  const result = collectTurn([
    { choice: 1, events: [{ type: 'text-delta', text: 'two' }] },
    { choice: 0, events: [{ type: 'reasoning-delta', text: 'hm' }] },
    { choice: 0, events: [{ type: 'tool-call-start', index: 0, name: 'f', id: 'c1', isKnown: true }] },
    {
      choice: 0,
      events: [
        { type: 'tool-call-delta', index: 0, text: '{"a"' },
        { type: 'tool-call-delta', index: 0, text: ':1}' },
      ],
    },
    {
      choice: 0,
      events: [
        { type: 'tool-call-end', index: 0, state: 'complete', fixes: [] },
        { type: 'finish', reason: 'tool_calls' },
      ],
    },
    { choice: 1, events: [{ type: 'finish', reason: 'stop', stop: '.' }] },
    { choice: 0, events: [{ type: 'usage', usage }] },
  ]);
  const call = { id: 'c1', name: 'f', argumentsJson: '{"a":1}', state: 'complete' };
  assert.deepEqual(result, {
    choices: [
      { index: 0, text: '', reasoning: 'hm', calls: [call], logprobs: [], finish: 'tool_calls' },
      { index: 1, text: 'two', reasoning: '', calls: [], logprobs: [], finish: 'stop', stop: '.' },
    ],
    usage,
  });
});

test('an error in the stream is the error of the complete answer', () => {
  const error = new GatewayError('engine_failed', 'gone');
  assert.throws(() => collectTurn([{ choice: 0, events: [{ type: 'error', error }] }]), error);
});
