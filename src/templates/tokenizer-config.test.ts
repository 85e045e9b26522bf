import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseTemplate } from './named-templates.ts';
import { readTokenizerConfig } from './tokenizer-config.ts';

test('a template is a text or a list of named ones, and a token a text or an object', () => {
  const config = {
    bos_token: { content: '<s>', lstrip: false },
    eos_token: '</s>',
    unk_token: null,
    add_bos_token: true,
    chat_template: [{ name: 'default', template: 'd' }, { name: 'tool_use', template: 't' }, { name: 'broken' }, 3],
  };
  assert.deepEqual(readTokenizerConfig(config), {
    templates: { default: 'd', tool_use: 't' },
    specialTokens: { bos_token: '<s>', eos_token: '</s>' },
  });
  assert.deepEqual(readTokenizerConfig({ chat_template: 'x' }).templates, { default: 'x' });
  for (const odd of [null, 1, 'x', [], { chat_template: 4, bos_token: 4 }]) {
    assert.deepEqual(readTokenizerConfig(odd), { templates: {}, specialTokens: {} });
  }
});

test('tools and documents choose the template that was written for them', () => {
  const all = { default: 'd', tool_use: 't', rag: 'r' };
  assert.equal(chooseTemplate(all, { hasTools: false, hasDocuments: false }), 'd');
  assert.equal(chooseTemplate(all, { hasTools: true, hasDocuments: true }), 't');
  assert.equal(chooseTemplate(all, { hasTools: false, hasDocuments: true }), 'r');
  assert.equal(chooseTemplate({ default: 'd' }, { hasTools: true, hasDocuments: true }), 'd');
  assert.equal(chooseTemplate({ constructor: 'x' } as Record<string, string>, { hasTools: true, hasDocuments: true }), undefined);
});
