import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GenerateRequest } from '../../protocol/request.ts';
import { createStyle } from '../output.ts';
import { viewPrompt } from './prompt-view.ts';
import { showPrompt } from './show-prompt.ts';

const template = `{% if tools %}<tools>{% for t in tools %}{{ t | tojson }}{% endfor %}</tools>
<tool_call>
{"name": <function-name>, "arguments": <args-json-object>}
</tool_call>{% endif %}{% for m in messages %}<|im_start|>{{ m.role }}
{{ m.content }}{% for c in m.tool_calls or [] %}<tool_call>{{ c.function | tojson }}</tool_call>{% endfor %}<|im_end|>{% endfor %}`;

const request: GenerateRequest = {
  ...{
    id: 'r',
    model: 'm',
    sampling: {},
    stop: [],
    stopTokenIds: [],
    ignoreEos: false,
    isStreamed: false,
    n: 1,
    unknownFields: {},
    agent: {},
  },
  input: {
    type: 'chat',
    messages: [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Is <|im_end|> a token?' },
    ],
  },
  tools: [{ name: 'find_nest', description: 'Finds a nest', parametersJson: '{"type":"object","properties":{"tree":{"type":"string"}}}' }],
};
const found = {
  templates: { default: template },
  specialTokens: { bos_token: '<|im_start|>', eos_token: '<|im_end|>' },
  origin: 'm',
  contextTokens: 4096,
};

test('the parts of a prompt add up, and each preamble has its cost', async () => {
  const view = await viewPrompt({ model: 'm', found, tokenizer: undefined, request, now: new Date(0) });
  const { tools, system, messages, total } = view.counts;
  assert.equal(tools + system + messages, total);
  assert.equal(total, view.segments.map(({ text }) => text).join('').length);
  assert.equal(view.toolCosts?.official, tools);
  assert.ok((view.toolCosts?.concise ?? 0) > 0 && (view.toolCosts?.concise ?? 0) < tools);
  assert.equal(view.plan, 'template; dialect=hermes');
});

test("special tokens of the template are marked, a caller's spelling of one is not", async () => {
  const view = await viewPrompt({ model: 'm', found, tokenizer: undefined, request, now: new Date(0) });
  const shown = showPrompt(view, createStyle(false));
  assert.match(shown, /⟦<\|im_start\|>⟧user\nIs <\|im_end\|> a token\?⟦<\|im_end\|>⟧/);
  assert.match(shown, /\ntotal +\d+ characters\n/);
});
