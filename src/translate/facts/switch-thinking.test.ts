import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readOfficialTemplates } from '../../dialects/detect/official-templates.test.support.ts';
import { dialects } from '../../dialects/index.ts';
import { models } from '../../models/index.ts';
import type { Message } from '../../protocol/message.ts';
import type { ReasoningEffort } from '../../protocol/request.ts';
import { compileChatTemplate } from '../../templates/chat-template.ts';
import { describeMessage } from '../../templates/conversation.ts';
import { makeWording } from '../wording.ts';
import { knowledgeOf, messagesOf, requestOf, runStep } from './facts.test.support.ts';
import { nearestLevel, switchThinking } from './switch-thinking.ts';
import { readVariables, switchOf, willThink } from './thinking.ts';

const efforts: readonly ReasoningEffort[] = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'];

test('an effort becomes the variable that the family’s template takes', () => {
  type Row = readonly [string, ReasoningEffort, string | undefined, readonly string[]];
  const table: readonly Row[] = [
    ['qwen3:4b', 'none', '{"enable_thinking":false}', ['thinking-off']],
    ['qwen3:4b', 'minimal', '{"enable_thinking":true}', ['thinking-on']],
    ['granite-3.3-2b-instruct', 'high', '{"thinking":true}', ['thinking-on']],
    ['gpt-oss:20b', 'minimal', '{"reasoning_effort":"low"}', ['effort-low']],
    ['gpt-oss:20b', 'medium', '{"reasoning_effort":"medium"}', ['effort-medium']],
    ['gpt-oss:20b', 'max', '{"reasoning_effort":"high"}', ['effort-high']],
    ['Hy3', 'none', '{"reasoning_effort":"no_think"}', ['effort-no_think']],
    ['Hy3', 'minimal', '{"reasoning_effort":"low"}', ['effort-low']],
    ['MiniMax-M3', 'none', '{"thinking_mode":"disabled"}', ['effort-disabled']],
    ['MiniMax-M3', 'low', '{"thinking_mode":"adaptive"}', ['effort-adaptive']],
    ['MiniMax-M3', 'high', '{"thinking_mode":"enabled"}', ['effort-enabled']],
    ['mistral:7b', 'high', undefined, []],
  ];
  for (const [id, effort, variables, acts] of table) {
    const acted = runStep(switchThinking, requestOf({ reasoningEffort: effort }), knowledgeOf(id));
    assert.equal(acted.request.templateVariablesJson, variables, `${id} ${effort}`);
    assert.deepEqual(acted.acts, acts);
  }
});

test('variables of the caller stay, byte for byte where they are numbers', () => {
  const change = { reasoningEffort: 'none', templateVariablesJson: '{"big": 12345678901234567890, "one": 1.0}' } as const;
  const added = runStep(switchThinking, requestOf(change), knowledgeOf('qwen3:4b'));
  assert.equal(added.request.templateVariablesJson, '{"big":12345678901234567890,"one":1.0,"enable_thinking":false}');
  for (const [said, warnings] of [
    ['{"enable_thinking": true}', 1],
    ['{"enable_thinking": false}', 0],
  ] as const) {
    const request = requestOf({ reasoningEffort: 'none', templateVariablesJson: said });
    const kept = runStep(switchThinking, request, knowledgeOf('qwen3:4b'));
    assert.equal(kept.request, request);
    assert.equal(kept.warnings.length, warnings);
  }
});

test('a model that takes words is told in its system message, once', () => {
  const user: Message = { role: 'user', content: 'Hi' };
  const id = 'nvidia/Llama-3.1-Nemotron-Nano-8B-v1';
  type Row = readonly [ReasoningEffort, readonly Message[], readonly Message[]];
  const table: readonly Row[] = [
    ['high', [user], [{ role: 'system', content: 'detailed thinking on' }, user]],
    ['high', [{ role: 'system', content: 'Be brief.' }, user], [{ role: 'system', content: 'detailed thinking on\n\nBe brief.' }, user]],
    ['none', [user], [user]],
    ['none', [{ role: 'system', content: 'detailed thinking on' }, user], [{ role: 'system', content: 'detailed thinking on' }, user]],
  ];
  for (const [effort, messages, expected] of table) {
    const acted = runStep(switchThinking, requestOf({ reasoningEffort: effort }, ...messages), knowledgeOf(id));
    assert.deepEqual(messagesOf(acted.request), expected);
  }
  const parts: Message = { role: 'system', content: [{ type: 'text', text: 'Be brief.' }] };
  const acted = runStep(switchThinking, requestOf({ reasoningEffort: 'low' }, parts), knowledgeOf(id));
  const texts = ['detailed thinking on', 'Be brief.'].map((text) => ({ type: 'text', text }));
  assert.deepEqual(messagesOf(acted.request), [{ role: 'system', content: texts }]);
});

test('what cannot be done is warned of, unless the engine is told the effort', () => {
  type Row = readonly [string, ReasoningEffort, RegExp];
  const table: readonly Row[] = [
    ['mistral:7b', 'high', /it does not think \(/],
    ['qwq:32b', 'none', /it thinks, and no switch of it is known/],
    ['nobody-knows-it', 'low', /how it thinks is not known here/],
  ];
  for (const [id, effort, warning] of table) {
    const request = requestOf({ reasoningEffort: effort });
    assert.match(runStep(switchThinking, request, knowledgeOf(id)).warnings.join(), warning);
    const told = runStep(switchThinking, request, knowledgeOf(id), { takesReasoningEffort: true });
    assert.deepEqual([told.request, told.warnings], [request, []]);
  }
  const deaf = { takesTemplateVariables: false };
  const unset = runStep(switchThinking, requestOf({ reasoningEffort: 'none' }), knowledgeOf('qwen3:4b'), deaf);
  assert.equal(unset.request.templateVariablesJson, undefined);
  assert.match(unset.warnings.join(), /its engine takes no variables/);
  const words = runStep(switchThinking, requestOf({ reasoningEffort: 'none' }), knowledgeOf('NVIDIA-Nemotron-Nano-9B-v2'), deaf);
  assert.deepEqual(messagesOf(words.request)[0], { role: 'system', content: '/no_think' });
  const least = runStep(switchThinking, requestOf({ reasoningEffort: 'none' }), knowledgeOf('gpt-oss:20b'));
  assert.equal(least.request.templateVariablesJson, '{"reasoning_effort":"low"}');
  assert.match(least.warnings.join(), /cannot be kept from thinking: .* "none" becomes "low"/);
});

test('requests without an effort, and prompts, are left alone', () => {
  const prompts = { type: 'prompts', prompts: ['a'], echo: false } as const;
  for (const request of [requestOf(), requestOf({ input: prompts, reasoningEffort: 'none' })]) {
    assert.equal(runStep(switchThinking, request, knowledgeOf('qwen3:4b')).request, request);
  }
});

test('every level of every family is near to some effort', () => {
  for (const [name, family] of Object.entries(models)) {
    const way = switchOf(family);
    if (way?.kind !== 'levels') continue;
    const reached = new Set(efforts.map((effort) => nearestLevel(way.levels, effort)));
    assert.deepEqual([...reached].toSorted(), [...way.levels].toSorted(), `${name}: a level has no rank in switch-thinking.ts`);
  }
});

test('whether a model will think is asked of its family, its variables and its words', () => {
  type Row = readonly [string, Parameters<typeof requestOf>[0], readonly string[], boolean];
  const table: readonly Row[] = [
    ['mistral:7b', {}, [], false],
    ['qwq:32b', {}, [], true],
    ['qwen3:4b', {}, [], true],
    ['qwen3:4b', { templateVariablesJson: '{"enable_thinking":false}' }, [], false],
    ['granite-3.3-2b-instruct', {}, [], false],
    ['gpt-oss:20b', {}, [], true],
    ['Hy3', {}, [], false],
    ['Hy3', { templateVariablesJson: '{"reasoning_effort":"low"}' }, [], true],
    ['NVIDIA-Nemotron-Nano-9B-v2', {}, [], true],
    ['NVIDIA-Nemotron-Nano-9B-v2', {}, ['/no_think'], false],
    ['NVIDIA-Nemotron-Nano-9B-v2', {}, ['/no_think', 'Now /think!'], true],
    ['NVIDIA-Nemotron-Nano-9B-v2', {}, ['/no_think', 'a </think> b', 'usr/thinking'], false],
    ['NVIDIA-Nemotron-Nano-9B-v2', {}, ['/think about /no_think'], false],
    ['nobody-knows-it', {}, [], false],
  ];
  for (const [id, change, said, expected] of table) {
    const request = requestOf(change, ...said.map((content): Message => ({ role: 'user', content })));
    assert.equal(willThink(request, knowledgeOf(id).family), expected, `${id} ${said.join()}`);
  }
});

const { templates, missing } = readOfficialTemplates();
const switched = {
  'Qwen-Qwen3-0.6B': 'Qwen/Qwen3-0.6B',
  'NVIDIA-Nemotron-Nano-v2': 'nvidia/NVIDIA-Nemotron-Nano-9B-v2',
  'openai-gpt-oss-120b': 'openai/gpt-oss-120b',
  'ibm-granite-granite-3.3-2B-Instruct': 'ibm-granite/granite-3.3-2b-instruct',
  'tencent-Hy3': 'tencent/Hy3',
};

for (const [name, id] of Object.entries(switched)) {
  test(`${name}: the template prints another prompt for no effort than for a high one`, { skip: missing ?? false }, () => {
    const template = compileChatTemplate({ default: templates?.get(name) ?? '' }, { bos_token: '<s>', eos_token: '</s>' });
    const prompts = (['none', 'high'] as const).map((reasoningEffort) => {
      const { request } = runStep(switchThinking, requestOf({ reasoningEffort }), knowledgeOf(id));
      const variables = readVariables(request.templateVariablesJson);
      const conversation = { messages: messagesOf(request).map(describeMessage), tools: undefined, addGenerationPrompt: true, variables };
      return template.render(conversation, { now: new Date(0), fitting: { wording: makeWording({ definition: dialects.envelope }) } }).text;
    });
    assert.notEqual(prompts[0], prompts[1]);
  });
}
