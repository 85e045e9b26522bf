import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Tool } from '../../protocol/message.ts';
import { toolsOf } from './facts.test.support.ts';
import { scoreTools } from './tool-relevance.ts';

const score = (tools: readonly Tool[], text: string) => scoreTools(tools, [{ text, weight: 1 }]);

test('a rare word is worth more than one that most tools have', () => {
  const [files, mail, nest] = score(toolsOf('list_files', 'list_mail', 'list_nest'), 'list nest');
  assert.equal(files, mail);
  assert.ok((nest ?? 0) > 2 * (files ?? 0) && (files ?? 0) > 0);
});

test('a name counts more than a description, and a long description is held against a tool', () => {
  const tools: readonly Tool[] = [
    { name: 'a', description: 'nest' },
    { name: 'nest', description: 'a' },
    { name: 'b', description: 'nest and a lot of other words that say what else it is good for' },
  ];
  const [described, named, wordy] = score(tools, 'nest');
  assert.ok((named ?? 0) > (described ?? 0) && (described ?? 0) > (wordy ?? 0));
});

test('of two texts with the same word the greater weight counts, once', () => {
  const tools = toolsOf('nest', 'nut');
  const once = scoreTools(tools, [{ text: 'nest', weight: 1 }]);
  const twice = scoreTools(tools, [
    { text: 'nest nest', weight: 1 },
    { text: 'nest', weight: 0.5 },
  ]);
  assert.deepEqual(twice, once);
});

test('of a long text both ends are read', () => {
  const tools = toolsOf('nest', 'nut', 'oak');
  const [nest, nut, oak] = score(tools, `nest ${'- '.repeat(5000)} oak ${'- '.repeat(5000)} nut`);
  assert.ok((nest ?? 0) > 0 && (nut ?? 0) > 0);
  assert.equal(oak, 0);
});

test('no tools, no words', () => {
  assert.deepEqual(score([], 'nest'), []);
  assert.deepEqual(score(toolsOf('nest'), ''), [0]);
});
