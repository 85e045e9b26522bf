import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GenerateRequest } from '../../protocol/request.ts';
import { knowledgeOf, requestOf, runStep, toolsOf } from './facts.test.support.ts';
import { limitToOneCall } from './one-call.ts';

const tools = toolsOf('f');

test('a model of one call a turn makes one unless the caller says otherwise', () => {
  type Row = readonly [string, Partial<GenerateRequest>, boolean | undefined, readonly string[], RegExp | undefined];
  const table: readonly Row[] = [
    ['llama3.1', { tools }, false, ['one-call'], /one call at most, since 'llama3\.1' makes one call a turn \(chat template of meta-llama/],
    ['llama3.1', { tools, parallelToolCalls: true }, true, [], /`parallel_tool_calls` is true, but 'llama3\.1'/],
    ['llama3.1', { tools, parallelToolCalls: false }, false, [], undefined],
    ['llama3.1', {}, undefined, [], undefined],
    ['llama3.1', { tools, toolChoice: 'none' }, undefined, [], undefined],
    ['gpt-oss:20b', { tools, toolChoice: 'required' }, false, ['one-call'], /prints one call a message/],
    ['mistral:7b', { tools }, undefined, [], undefined],
    ['smollm2:1.7b', { tools }, undefined, [], undefined],
    ['nobody-knows-it', { tools }, undefined, [], undefined],
  ];
  for (const [id, change, expected, acts, warning] of table) {
    const acted = runStep(limitToOneCall, requestOf(change), knowledgeOf(id));
    assert.equal(acted.request.parallelToolCalls, expected, id);
    assert.deepEqual(acted.acts, acts);
    assert.equal(acted.warnings.length, warning ? 1 : 0);
    if (warning) assert.match(acted.warnings[0] ?? '', warning);
  }
});
