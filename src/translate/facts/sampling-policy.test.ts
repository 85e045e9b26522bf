import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GenerateRequest, Sampling } from '../../protocol/request.ts';
import type { FactSettings } from './fact-step.ts';
import { knowledgeOf, requestOf, runStep, toolsOf } from './facts.test.support.ts';
import { applySampling } from './sampling-policy.ts';

const tools = toolsOf('f');
const prompts: Partial<GenerateRequest> = { input: { type: 'prompts', prompts: ['a'], echo: false } };

test('values that the request leaves out are the family’s for the case', () => {
  const table: readonly (readonly [string, Partial<GenerateRequest>, Sampling])[] = [
    ['mistral:7b', {}, { temperature: 0.7 }],
    ['mistral:7b', prompts, { temperature: 0.7 }],
    ['mistral:7b', { tools }, { temperature: 0 }],
    ['mistral:7b', { tools, toolChoice: 'required' }, { temperature: 0 }],
    ['mistral:7b', { tools, toolChoice: 'none' }, { temperature: 0.7 }],
    ['mistral:7b', { tools: [] }, { temperature: 0.7 }],
    ['hammer2:1.5b', {}, {}],
    ['hammer2:1.5b', { tools }, { temperature: 0 }],
    ['qwen3:4b', {}, { temperature: 0.6, topP: 0.95, topK: 20 }],
    ['qwen3:4b', { tools }, { temperature: 0.6, topP: 0.95, topK: 20 }],
    ['qwen3:4b', { templateVariablesJson: '{"enable_thinking": false}' }, { temperature: 0.7, topP: 0.8 }],
    ['gpt-oss:20b', { tools }, { temperature: 1 }],
    ['qwq:32b', {}, { temperature: 0.6, topP: 0.95 }],
    ['LiquidAI/LFM2.5-1.2B-Instruct', { tools }, { temperature: 0.1, topK: 50, repetitionPenalty: 1.05 }],
    ['qwen3.5:4b', { tools }, {}],
    ['nobody-knows-it', { tools }, {}],
  ];
  for (const [id, change, expected] of table) {
    assert.deepEqual(
      runStep(applySampling, requestOf(change), knowledgeOf(id)).request.sampling,
      expected,
      `${id} ${JSON.stringify(change)}`,
    );
  }
});

test('each value is given apart: the caller’s stay', () => {
  const table: readonly (readonly [Sampling, Sampling, readonly string[]])[] = [
    [{ temperature: 0 }, { temperature: 0, topP: 0.95, topK: 20 }, ['top-p', 'top-k']],
    [{ topP: 1 }, { temperature: 0.6, topP: 1, topK: 20 }, ['temperature', 'top-k']],
    [{ topK: -1, seed: 7 }, { temperature: 0.6, topP: 0.95, topK: -1, seed: 7 }, ['temperature', 'top-p']],
    [{ temperature: 1, topP: 1, topK: 0 }, { temperature: 1, topP: 1, topK: 0 }, []],
  ];
  for (const [sampling, expected, acts] of table) {
    const acted = runStep(applySampling, requestOf({ sampling }), knowledgeOf('qwen3:4b'));
    assert.deepEqual(acted.request.sampling, expected);
    assert.deepEqual(acted.acts, acts);
  }
});

test('several answers differ: the family’s temperature is at least 0.7 for them', () => {
  const several = runStep(applySampling, requestOf({ tools, n: 3 }), knowledgeOf('mistral:7b'));
  assert.equal(several.request.sampling.temperature, 0.7);
  assert.match(several.warnings[0] ?? '', /several answers would be equal/);
  const own = runStep(applySampling, requestOf({ tools, n: 3, sampling: { temperature: 0 } }), knowledgeOf('mistral:7b'));
  assert.equal(own.request.sampling.temperature, 0);
});

test('an engine that takes OpenAI’s values only gets no others', () => {
  const settings: FactSettings = { takesTopK: false };
  const { request } = runStep(applySampling, requestOf(), knowledgeOf('qwen3:4b'), settings);
  assert.deepEqual(request.sampling, { temperature: 0.6, topP: 0.95 });
});

test('an engine that is told the effort thinks, or not, as it says', () => {
  const table: readonly (readonly [string, GenerateRequest['reasoningEffort'], Sampling])[] = [
    ['qwen3:4b', 'none', { temperature: 0.7, topP: 0.8 }],
    ['qwen3:4b', 'low', { temperature: 0.6, topP: 0.95, topK: 20 }],
    ['qwq:32b', 'none', { temperature: 0.6, topP: 0.95 }],
  ];
  for (const [id, reasoningEffort, expected] of table) {
    const change = reasoningEffort === undefined ? {} : { reasoningEffort };
    const { request } = runStep(applySampling, requestOf(change), knowledgeOf(id), { takesReasoningEffort: true });
    assert.deepEqual(request.sampling, expected, `${id} ${reasoningEffort}`);
  }
});

test('a temperature far over the family’s for tools is warned of and stays', () => {
  const table: readonly (readonly [string, Partial<GenerateRequest>, number, boolean])[] = [
    ['mistral:7b', { tools }, 0.7, true],
    ['mistral:7b', { tools }, 0.5, false],
    ['mistral:7b', {}, 1.5, false],
    ['mistral:7b', { tools, toolChoice: 'none' }, 1.5, false],
    ['smollm2:1.7b', { tools }, 0.7, false],
    ['smollm2:1.7b', { tools }, 0.8, true],
    ['gpt-oss:20b', { tools }, 2, false],
  ];
  for (const [id, change, temperature, isWarned] of table) {
    const { request, acts, warnings } = runStep(applySampling, requestOf({ ...change, sampling: { temperature } }), knowledgeOf(id));
    assert.equal(request.sampling.temperature, temperature);
    assert.ok(!acts.includes('temperature'));
    assert.equal(
      warnings.some((warning) => warning.includes('calls tools well at a temperature near')),
      isWarned,
      `${id} ${temperature}`,
    );
  }
});

test('the warning names the values, their source and the way out', () => {
  const { warnings } = runStep(applySampling, requestOf(), knowledgeOf('qwen3:4b'));
  assert.deepEqual(warnings, [
    "'qwen3:4b' gets temperature 0.6, top_p 0.95, top_k 20 for answers after thinking where the request gives none (vllm-project/recipes, models/Qwen/Qwen3-4B.yaml). Send values of your own to choose others.",
  ]);
});
