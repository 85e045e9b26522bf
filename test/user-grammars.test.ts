import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Constraint } from '#dist/protocol/constraint.js';
import { collectTurn } from '#dist/translate/collect.js';
import { askChat, openScripted } from './scripted-node.ts';

const chatTemplate = "{% for m in messages %}{{ m.role + ': ' + m.content + '\\n' }}{% endfor %}{{ 'assistant: ' }}";
const node = await openScripted({ name: 'm', chatTemplate, scripts: [{ text: 'Birds fly.' }] });
test.after(() => node.close(0));

async function ask(constraint: Constraint, maxTokens = 200) {
  const request = askChat('m', [{ role: 'user', content: 'Say.' }], { constraint, maxTokens });
  const [choice] = collectTurn(await node.generate(request, new AbortController().signal).whole()).choices;
  return [choice?.text, choice?.finish];
}

test("a user's grammar binds the answer", async () => {
  assert.deepEqual(await ask({ kind: 'grammar', grammar: 'root ::= bird " is " [b] "lack"\nbird ::= "rook"' }), ['rook is black', 'stop']);
});

test("a user's structural tag binds the answer", async () => {
  const content = { type: 'json_schema', json_schema: { const: true } };
  const format = { type: 'tag', begin: '<answer>', content, end: '</answer>' };
  assert.deepEqual(await ask({ kind: 'structural-tag', tag: { type: 'structural_tag', format } }), ['<answer>true</answer>', 'stop']);
});

const refused: readonly (readonly [string, string, RegExp])[] = [
  ['one that is none', 'root = x', /`::=` was expected/],
  ['one that nests without end', `root ::= ${'('.repeat(20_000)}"a"${')'.repeat(20_000)}`, /nest deeper/],
  ['one that can be read in too many ways', 'root ::= "a" (root root root)? | "a" root?', /cannot be used: .*more than/],
];

for (const [about, grammar, message] of refused) {
  test(`${about} is refused, and the node goes on`, async () => {
    await assert.rejects(ask({ kind: 'grammar', grammar }), { code: 'invalid_request', message });
    assert.deepEqual(await ask({ kind: 'choice', options: ['rook'] }), ['rook', 'stop']);
  });
}
