import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { GenerateRequest, ReasoningEffort, Sampling } from '../../protocol/request.ts';
import { actOnFacts } from './act-on-facts.ts';
import type { FactSettings } from './fact-step.ts';
import { anyMessages, knowledgeOf, messagesOf, realModels, requestOf, toolsOf } from './facts.test.support.ts';

const tools = toolsOf('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l');
const efforts: readonly ReasoningEffort[] = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'];

test('all facts of a family act in one request, and the answer tells which', () => {
  const request = requestOf(
    { tools, toolSelection: 'auto', reasoningEffort: 'high' },
    { role: 'user', content: 'Use b.' },
    { role: 'assistant', content: null, toolCalls: [{ id: '1', name: 'l', argumentsJson: '{}' }] },
    { role: 'tool', content: 'Done.', toolCallId: '1' },
  );
  const { request: acted, acts, warnings } = actOnFacts(request, knowledgeOf('MadeAgents/Hammer2.1-7b'));
  assert.deepEqual(acts, ['temperature', 'tools-10-of-12', 'folded']);
  assert.equal(acted.sampling.temperature, 0);
  assert.ok(acted.tools?.some(({ name }) => name === 'l'));
  assert.equal(messagesOf(acted).length, 1);
  assert.equal(warnings.length, 4, 'the effort of a model that does not think is warned of too');
  for (const warning of warnings) assert.match(warning, /'MadeAgents\/Hammer2\.1-7b'/);
});

test('a model of no family is asked as the caller asks it', () => {
  const request = requestOf({ tools, parallelToolCalls: true }, { role: 'tool', content: 'x', toolCallId: '1' });
  const acted = actOnFacts(request, knowledgeOf('nobody-knows-it'));
  assert.equal(acted.request, request);
  assert.deepEqual([acted.acts, acted.warnings], [[], []]);
});

test('turning thinking off decides which sampling policy holds', () => {
  const { request } = actOnFacts(requestOf({ reasoningEffort: 'none' }), knowledgeOf('qwen3:4b'));
  assert.deepEqual(request.sampling, { temperature: 0.7, topP: 0.8 });
  const thinking = actOnFacts(requestOf({ reasoningEffort: 'low' }), knowledgeOf('qwen3:4b'));
  assert.deepEqual(thinking.request.sampling, { temperature: 0.6, topP: 0.95, topK: 20 });
});

test('a fact that is assumed is called so', () => {
  const [assumed] = actOnFacts(requestOf(), knowledgeOf('llama3.1')).warnings;
  assert.match(assumed ?? '', /\(assumed, not read in its files: starting policy/);
  const [read] = actOnFacts(requestOf(), knowledgeOf('mistral:7b')).warnings;
  assert.match(read ?? '', /\(collected from the files of mistralai/);
});

const anySampling: fc.Arbitrary<Sampling> = fc.record(
  {
    temperature: fc.constantFrom(0, 0.3, 1.5),
    topP: fc.constantFrom(0.5, 1),
    topK: fc.constantFrom(-1, 7),
    repetitionPenalty: fc.constant(1.1),
  },
  { requiredKeys: [] },
);

const anyRequest: fc.Arbitrary<GenerateRequest> = fc
  .record(
    {
      sampling: anySampling,
      n: fc.constantFrom(1, 3),
      tools: fc.nat({ max: tools.length }).map((most) => tools.slice(0, most)),
      toolChoice: fc.constantFrom('auto' as const, 'none' as const, 'required' as const),
      parallelToolCalls: fc.boolean(),
      reasoningEffort: fc.constantFrom(...efforts),
      toolSelection: fc.constantFrom('auto' as const, 'off' as const, 1, 4),
      templateVariablesJson: fc.constantFrom(
        '{}',
        '{"enable_thinking":false,"big":12345678901234567890,"one":1.0}',
        '{"reasoning_effort":"high"}',
      ),
    },
    { requiredKeys: ['sampling', 'n'] },
  )
  .chain((change) => anyMessages.map((messages) => requestOf(change, ...messages)));

const anySettings: fc.Arbitrary<FactSettings> = fc.record(
  { toolSelection: fc.constantFrom('auto' as const, 2), foldsToolTurns: fc.boolean(), isPrompted: fc.boolean(), takesTopK: fc.boolean() },
  { requiredKeys: [] },
);

test('what the caller says stays, whatever the family', () => {
  fc.assert(
    fc.property(anyRequest, anySettings, fc.constantFrom(...realModels), (request, settings, id) => {
      const { request: acted } = actOnFacts(request, knowledgeOf(id), settings);
      const { input: _, tools: all, sampling, templateVariablesJson: variables, ...said } = request;
      for (const [name, value] of Object.entries(said)) assert.deepEqual(acted[name as keyof GenerateRequest], value, name);
      for (const [name, value] of Object.entries(sampling)) assert.equal(acted.sampling[name as keyof Sampling], value, name);
      const inside = (variables ?? '{}').slice(1, -1);
      assert.ok((acted.templateVariablesJson ?? '{}').includes(inside), acted.templateVariablesJson);
      assert.deepEqual(acted.tools === undefined, all === undefined);
    }),
    { numRuns: 400 },
  );
});

test('acting again changes nothing more', () => {
  fc.assert(
    fc.property(anyRequest, anySettings, fc.constantFrom(...realModels), (request, settings, id) => {
      const knowledge = knowledgeOf(id);
      // folding hides which tools were called, so selection must not be asked twice
      const { toolSelection: _, ...once } = settings;
      const first = actOnFacts({ ...request, toolSelection: 'off' }, knowledge, once);
      const second = actOnFacts(first.request, knowledge, once);
      assert.equal(second.request, first.request);
      assert.deepEqual(second.acts, []);
    }),
    { numRuns: 400 },
  );
});

test('every change is told in the header and in the log', () => {
  fc.assert(
    fc.property(anyRequest, anySettings, fc.constantFrom(...realModels), (request, settings, id) => {
      const { request: acted, acts, warnings } = actOnFacts(request, knowledgeOf(id), settings);
      assert.equal(acts.length > 0, acted !== request);
      for (const word of acts) assert.match(word, /^[a-z0-9_-]+$/);
      for (const warning of warnings) assert.match(warning, /^[^\n]+\.$/);
    }),
    { numRuns: 400 },
  );
});
