import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readOfficialTemplates } from '../../dialects/detect/official-templates.test.support.ts';
import { compileTemplate, type Template } from '../../jinja/index.ts';
import { ownTemplates } from '../own/index.ts';
import { readOwnTemplate } from '../own/own-templates.test.support.ts';
import { type Fault, type FaultName, faultMeanings } from './fault.ts';
import { findFaults } from './find-faults.ts';
import { goodChatml, knownBad } from './known-bad.test.support.ts';

const official = readOfficialTemplates();
const skip = official.missing ?? false;

function findIn(source: string): readonly Fault[] {
  let template: Template | undefined;
  return findFaults((variables, now) => {
    template ??= compileTemplate(source);
    return template.render(variables, { now }).text;
  });
}

const listFaults = (source: string) => findIn(source).map(({ fault }) => fault);

for (const { name, template, fault, expect } of knownBad) {
  test(`${name}: ${fault} is found, and nothing that does not follow from it`, () => assert.deepEqual(listFaults(template), expect));
}

for (const { name } of ownTemplates) {
  test(`our template for ${name} has no fault`, () => assert.deepEqual(findIn(readOwnTemplate(name)), []));
}

test('the template that the bad ones are made of has no fault', () => assert.deepEqual(findIn(goodChatml), []));

test('there is a known bad template for every fault', () => {
  const names = Object.keys(faultMeanings);
  assert.deepEqual(
    names.filter((name) => !knownBad.some(({ fault }) => fault === name)),
    [],
  );
});

test('a fault says what was seen, what was expected and with which conversation', () => {
  const template = knownBad.find(({ name }) => name === 'ToolACE: the last lines are lost')?.template ?? '';
  const [fault] = findIn(template);
  assert.match(fault?.message ?? '', /^The prompt ends .*question\?<\|eot_id\|>.*assistant.* was to follow\.$/);
  assert.equal(fault?.example, 'user, the answer begun');
});

test('what is no refusal of a template goes through', () => {
  assert.throws(
    () =>
      findFaults(() => {
        throw new RangeError('not yours');
      }),
    RangeError,
  );
});

/** How many of the official templates carry each fault. Normalisation before rendering is there for these. */
const inOfficialTemplates: Readonly<Partial<Record<FaultName, number>>> = {
  'calls-lost': 8,
  'calls-refused': 3,
  'content-parts-differ': 31,
  'content-parts-refused': 24,
  'date-frozen': 2,
  'developer-lost': 37,
  'developer-refused': 8,
  'empty-calls-differ': 5,
  'empty-calls-refused': 5,
  'empty-tools-differ': 6,
  'generation-prompt-unasked': 1,
  'null-content-printed': 5,
  'null-content-refused': 9,
  'null-tools-refused': 3,
  'object-arguments-refused': 1,
  'parallel-call-lost': 3,
  'parallel-calls-refused': 3,
  'plain-chat-refused': 1,
  'short-ids-refused': 2,
  'string-arguments-differ': 23,
  'string-arguments-refused': 21,
  'system-lost': 1,
  'system-refused': 1,
  'tool-result-lost': 2,
  'tool-results-refused': 1,
  'tools-without-tools': 8,
};

test('the official templates carry the faults that normalisation is there for', { skip }, () => {
  const counts: Partial<Record<FaultName, number>> = {};
  for (const source of official.templates?.values() ?? []) for (const fault of listFaults(source)) counts[fault] = (counts[fault] ?? 0) + 1;
  const sorted = Object.fromEntries(Object.entries(counts).sort(([left], [right]) => (left < right ? -1 : 1)));
  assert.deepEqual(sorted, inOfficialTemplates);
});

const officialFaults: Readonly<Record<string, readonly FaultName[]>> = {
  'meta-llama-Llama-3.1-8B-Instruct': [
    'date-frozen',
    'empty-tools-differ',
    'string-arguments-differ',
    'parallel-calls-refused',
    'empty-calls-refused',
    'content-parts-differ',
  ],
  'mistralai-Mistral-Nemo-Instruct-2407': [
    'system-lost',
    'developer-refused',
    'empty-tools-differ',
    'string-arguments-differ',
    'empty-calls-refused',
    'short-ids-refused',
    'content-parts-refused',
  ],
  'NousResearch-Hermes-3-Llama-3.1-8B-tool_use': [
    'developer-lost',
    'null-tools-refused',
    'tools-without-tools',
    'empty-calls-differ',
    'content-parts-refused',
  ],
  'ibm-granite-granite-4.0': ['developer-lost'],
  'Reka-Edge': [],
};

for (const [name, expected] of Object.entries(officialFaults)) {
  test(`of the official template of ${name} exactly this is found: ${expected.join(', ') || 'nothing'}`, { skip }, () => {
    assert.deepEqual(listFaults(official.templates?.get(name) ?? ''), expected);
  });
}
