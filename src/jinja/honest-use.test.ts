import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readOfficialTemplates } from '../dialects/detect/official-templates.test.support.ts';
import { type LiteralJson, parseLiteralJson } from '../text/literal-json.ts';
import { compileTemplate, JinjaError } from './index.ts';

const makeTool = (index: number) => ({
  type: 'function',
  function: {
    name: `tool_${index}`,
    description: `Does thing ${index}. ${'With care. '.repeat(10)}`,
    parameters: {
      type: 'object',
      properties: Object.fromEntries(
        Array.from({ length: 6 }, (_, place) => [`p${place}`, { type: 'string', description: 'What it is for' }]),
      ),
      required: ['p0'],
    },
  },
});

const makeTurn = (turn: number) => {
  const id = `call${String(turn).padStart(5, '0')}`;
  const call = {
    id,
    type: 'function',
    function: { name: `tool_${turn % 50}`, arguments: { p0: turn, p1: ['a', { b: 'text '.repeat(20) }] } },
  };
  return [
    { role: 'user', content: `Please do step ${turn}. ${'More words. '.repeat(80)}` },
    { role: 'assistant', content: '', reasoning_content: 'Hm. '.repeat(120), tool_calls: [call] },
    {
      role: 'tool',
      tool_call_id: id,
      name: `tool_${turn % 50}`,
      content: JSON.stringify({ rows: Array.from({ length: 20 }, (_, row) => ({ row })) }),
    },
    { role: 'assistant', content: 'That is done. '.repeat(50) },
  ];
};

const large = JSON.stringify({
  messages: Array.from({ length: 100 }, (_, turn) => makeTurn(turn)).flat(),
  tools: Array.from({ length: 50 }, (_, index) => makeTool(index)),
  add_generation_prompt: true,
  bos_token: '<s>',
  eos_token: '</s>',
});

test('every official template has steps for 400 messages and 50 tools, twice over', (context) => {
  const official = readOfficialTemplates();
  if (official.templates === undefined) {
    assert.notEqual(process.env.ROOKERY_REQUIRE_ALL, '1', official.missing);
    return context.skip(official.missing);
  }
  const variables = parseLiteralJson(large) as ReadonlyMap<string, LiteralJson>;
  const rendered = [...official.templates].filter(([name, source]) => {
    try {
      compileTemplate(source).render(variables, { now: new Date(0), maxSteps: 1_000_000 });
      return true;
    } catch (error) {
      // some templates refuse such a conversation in their own words, which is theirs to do
      assert.ok(error instanceof JinjaError && error.kind !== 'limit', `${name}: ${error}`);
      return false;
    }
  });
  assert.ok(rendered.length > 50, `only ${rendered.length} render it`);
});
