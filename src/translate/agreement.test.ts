import assert from 'node:assert/strict';
import { test } from 'node:test';
import { detectDialect } from '../dialects/detect/detect-dialect.ts';
import { readOfficialTemplates } from '../dialects/detect/official-templates.test.support.ts';
import { dialects } from '../dialects/index.ts';
import { compileDialect } from '../parsing/compile-dialect.ts';
import { readTurn } from '../parsing/read-turn.ts';
import type { Tool } from '../protocol/message.ts';
import { compileChatTemplate } from '../templates/chat-template.ts';
import { describeMessage, describeTool } from '../templates/conversation.ts';
import { makeWording } from './wording.ts';

// Law P9: what a template prints for an earlier call is what the dialect, found by that template's markers, reads as the same call.

const { templates, missing } = readOfficialTemplates();
const tools: readonly Tool[] = [
  {
    name: 'find_nest',
    description: 'Finds a nest.',
    parameters: {
      type: 'object',
      properties: { tree: { type: 'string', description: 'Which tree.' }, height: { type: 'integer' }, isHigh: { type: 'boolean' } },
      required: ['tree'],
    },
  },
];
const args = { tree: 'the old "oak" – by the pond', height: 12, isHigh: true };

/** Templates of which this cannot hold, and why. */
const exceptions: Readonly<Record<string, string>> = {
  // its instructions stand behind the last question, so a call is never where the answer was to begin
  'CohereForAI-c4ai-command-r-plus-tool_use': 'no beginning of the one with it',
};

function agree(source: string): string | undefined {
  const dialectName = detectDialect(source);
  if (dialectName === undefined) return undefined;
  const definition = dialects[dialectName as keyof typeof dialects];
  const template = compileChatTemplate({ default: source }, { bos_token: '<bos>', eos_token: '<eos>' });
  if (template.traits(true).tools.variable === undefined) return undefined;
  const user = describeMessage({ role: 'user', content: 'Where is the nest?' });
  const toolCalls = [{ id: 'call00001', name: 'find_nest', argumentsJson: JSON.stringify(args) }];
  const call = describeMessage({ role: 'assistant', content: null, toolCalls });
  const render = (messages: readonly ReturnType<typeof describeMessage>[], addGenerationPrompt: boolean) =>
    template.render(
      { messages, tools: tools.map(describeTool), addGenerationPrompt, variables: new Map() },
      { now: new Date(0), fitting: { ids: definition.ids, wording: makeWording({ definition }) } },
    ).text;
  const [before, after] = [render([user], false), render([user, call], false)];
  const opened = render([user], true);
  let shared = 0;
  while (shared < opened.length && opened[shared] === after[shared]) shared++;
  if (shared < before.length - 64) return `the prompt without the call is no beginning of the one with it (${shared} of ${before.length})`;
  // an answer that opens with thoughts opens otherwise than one with a call
  let written = after.slice(shared === opened.length ? shared : Math.min(shared, before.length));
  for (const stop of [...definition.turn.stop, '<eos>']) written = written.split(stop)[0] ?? '';
  const turn = readTurn(compileDialect(definition), [written], { tools, end: 'stop', promptTail: opened.slice(before.length) });
  const read = turn.calls.map((each) => [each.name, JSON.parse(each.argumentsJson || '{}')]);
  try {
    assert.deepEqual(read, [['find_nest', args]]);
  } catch {
    return `${dialectName} reads ${JSON.stringify(read)} in ${JSON.stringify(written)}`;
  }
  return undefined;
}

test('the official templates are here', { skip: missing ?? false }, () => assert.ok((templates?.size ?? 0) > 60));

for (const [name, source] of templates ?? []) {
  test(`${name}: its dialect reads the calls that it prints`, () => {
    const problem = agree(source);
    const { [name]: known } = exceptions;
    if (known === undefined) assert.equal(problem, undefined);
    else assert.match(problem ?? '', RegExp(known));
  });
}
