import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Node } from '#dist/gateway/node.js';
import type { GenerateEvent, GenerateResult } from '#dist/protocol/event.js';
import type { Message, Tool } from '#dist/protocol/message.js';
import type { GenerateRequest } from '#dist/protocol/request.js';
import { collectTurn } from '#dist/translate/collect.js';
import { askChat, openScripted } from './scripted-node.ts';

const tools: readonly Tool[] = [
  { name: 'move', parameters: { type: 'object', properties: { steps: { type: 'integer', maximum: 9 } }, required: ['steps'] } },
];
const strictTools = tools.map((tool) => ({ ...tool, strict: true }));
const user: Message = { role: 'user', content: 'Two steps, please.' };

/** The second script begins where the last message is a tool's or says that an answer cannot be used. */
const chatTemplate =
  '{# <tool_call> </tool_call> arguments #}{% if tools %}{{ tools | tojson }}{% endif %}' +
  "{% for m in messages %}{{ '<|im_start|>' + m.role + '\\n' + (m.content or '') }}{% for c in m.tool_calls or [] %}{{ c | tojson }}{% endfor %}{{ '<|im_end|>\\n' }}{% endfor %}" +
  "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% if (messages | last).role == 'tool' or 'That was not' in (messages | last).content %}{{ '<|after_tool|>' }}{% endif %}{% endif %}";

const callOf = (steps: string) => `<tool_call>\n{"name": "move", "arguments": {"steps": ${steps}}}\n</tool_call>`;

function open(first: string, second: string): Promise<Node> {
  const scripts = [{ text: first }, { text: second, after: 'tool' }];
  return openScripted({ name: 'm', chatTemplate, scripts, takesGrammars: false });
}

async function collect(node: Node, more: Partial<GenerateRequest>): Promise<GenerateResult> {
  const turn = node.generate(askChat('m', [user], { tools, isStreamed: false, ...more }), new AbortController().signal);
  return collectTurn(await turn.whole());
}

const argumentsOf = ({ choices }: GenerateResult) => choices.map(({ calls }) => calls.map(({ argumentsJson }) => argumentsJson));

test('arguments against the schema are asked for once more, and the caller sees the better answer only', async () => {
  const node = await open(`I go.\n${callOf('"far"')}`, `Sorry.\n${callOf('2')}`);
  const once = await collect(node, {});
  assert.deepEqual([argumentsOf(once), once.choices[0]?.text, once.choices[0]?.finish], [[['{"steps": 2}']], 'Sorry.', 'tool_calls']);
  const twice = await collect(node, { n: 2 });
  assert.deepEqual(argumentsOf(twice), [['{"steps": 2}'], ['{"steps": 2}']]);
  // both answers were paid for
  assert.ok(once.usage.completionTokens > 20 && twice.usage.completionTokens === 2 * once.usage.completionTokens);
  await node.close(0);
});

test('a demanded call that did not come is asked for once more', async () => {
  const node = await open('I would rather sleep.', callOf('2'));
  assert.deepEqual(argumentsOf(await collect(node, { toolChoice: 'required' })), [['{"steps": 2}']]);
  assert.deepEqual(argumentsOf(await collect(node, { toolChoice: { name: 'move' } })), [['{"steps": 2}']]);
  // without a demand an answer in words is an answer
  assert.equal((await collect(node, {})).choices[0]?.text, 'I would rather sleep.');
  await node.close(0);
});

test('what is still wrong the second time is given, or refused where the tool is strict', async () => {
  const node = await open(`I go.\n${callOf('"far"')}`, `Sorry.\n${callOf('77')}`);
  const tolerated = await collect(node, {});
  assert.deepEqual(argumentsOf(tolerated), [['{"steps": 77}']]);
  const refusal = { code: 'output_invalid', message: /'move' is against the tool's schema: \/steps/ };
  await assert.rejects(collect(node, { tools: strictTools }), refusal);
  await node.close(0);
});

test('an answer that was cut off is not asked for again', async () => {
  const node = await open(`I go.\n${callOf('"far"')}`, `Sorry.\n${callOf('2')}`);
  const { choices, usage } = await collect(node, { maxTokens: 9 });
  assert.equal(choices[0]?.finish, 'length');
  assert.equal(usage.completionTokens, 9);
  await node.close(0);
});

test('a streamed answer that has begun is not asked for again: its fault is told at the end', async () => {
  const node = await open(`I go.\n${callOf('"far"')}`, `Sorry.\n${callOf('2')}`);
  const readAll = async (more: Partial<GenerateRequest>) => {
    const events: GenerateEvent[] = [];
    const { batches } = node.generate(askChat('m', [user], { tools, ...more }), new AbortController().signal);
    for await (const batch of batches) events.push(...batch.events);
    return events;
  };
  const tolerated = await readAll({});
  assert.ok(tolerated.some((event) => event.type === 'issue' && event.code === 'schema-mismatch'));
  assert.ok(tolerated.some((event) => event.type === 'finish' && event.reason === 'tool_calls'));
  const strict = (await readAll({ tools: strictTools })).at(-1);
  assert.ok(strict?.type === 'error' && strict.error.code === 'output_invalid', JSON.stringify(strict));
  await node.close(0);
});
