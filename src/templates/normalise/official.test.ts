import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readOfficialTemplates } from '../../dialects/detect/official-templates.test.support.ts';
import { dialects } from '../../dialects/index.ts';
import { type LiteralJson, parseLiteralJson } from '../../text/literal-json.ts';
import { makeWording } from '../../translate/wording.ts';
import { type ChatTemplate, compileChatTemplate } from '../chat-template.ts';

const tools = `[{"type":"function","function":{"name":"find_nest","description":"Finds a nest","parameters":{"type":"object","properties":{"tree":{"type":"string","description":"Which"}},"required":["tree"]}}},{"type":"function","function":{"name":"drop_nut","parameters":{"type":"object","properties":{}}}}]`;
const system = '{"role":"system","content":"Speak like SYSTEM-TEXT."}';
const user = '{"role":"user","content":"FIRST-QUESTION"}';
const answer = '{"role":"assistant","content":"FIRST-ANSWER"}';
const again = '{"role":"user","content":"SECOND-QUESTION"}';
const call = (id: string, name: string, args: string) =>
  `{"id":"${id}","type":"function","function":{"name":"${name}","arguments":${args}}}`;
const calls = (content: string, ...list: string[]) => `{"role":"assistant","content":${content},"tool_calls":[${list.join(',')}]}`;
const result = (id: string, content: string) => `{"role":"tool","tool_call_id":"${id}","content":${content}}`;
const first = call('call_1', 'find_nest', '"{\\"tree\\": \\"OAK-VALUE\\"}"');
const second = call('call_2', 'drop_nut', '{"where": "ROCK-VALUE"}');

interface Normal {
  readonly messages: readonly string[];
  /** texts that the prompt must hold, in this order */
  readonly shows: readonly string[];
  readonly hasTools?: boolean;
}

/** Conversations that any agent may send. */
const normal: Readonly<Record<string, Normal>> = {
  plain: { messages: [user], shows: ['FIRST-QUESTION'] },
  system: { messages: [system, user, answer, again], shows: ['SYSTEM-TEXT', 'FIRST-QUESTION', 'FIRST-ANSWER', 'SECOND-QUESTION'] },
  developer: { messages: [system.replace('system', 'developer'), user], shows: ['SYSTEM-TEXT', 'FIRST-QUESTION'] },
  'two systems': {
    messages: [system, '{"role":"system","content":"OTHER-TEXT"}', user],
    shows: ['SYSTEM-TEXT', 'OTHER-TEXT', 'FIRST-QUESTION'],
  },
  'a late system': { messages: [user, answer, system, again], shows: ['SYSTEM-TEXT'] },
  parts: {
    messages: ['{"role":"user","content":[{"type":"text","text":"PART-ONE"},{"type":"text","text":"PART-TWO"}]}'],
    shows: ['PART-ONE', 'PART-TWO'],
  },
  'two users': { messages: [user, again], shows: ['FIRST-QUESTION', 'SECOND-QUESTION'] },
  tools: { messages: [system, user], shows: ['FIRST-QUESTION'], hasTools: true },
  'a call with text arguments': {
    messages: [user, calls('null', first), result('call_1', '"RESULT-TEXT"')],
    shows: ['FIRST-QUESTION', 'find_nest', 'OAK-VALUE', 'RESULT-TEXT'],
    hasTools: true,
  },
  'a call with object arguments': {
    messages: [user, calls('""', second), result('call_2', '"RESULT-TEXT"')],
    shows: ['drop_nut', 'ROCK-VALUE', 'RESULT-TEXT'],
    hasTools: true,
  },
  'parallel calls': {
    messages: [system, user, calls('null', first, second), result('call_1', '"RESULT-ONE"'), result('call_2', '"RESULT-TWO"')],
    shows: ['SYSTEM-TEXT', 'find_nest', 'OAK-VALUE', 'drop_nut', 'ROCK-VALUE', 'RESULT-ONE', 'RESULT-TWO'],
    hasTools: true,
  },
  'a question right after a result': {
    messages: [user, calls('""', first), result('call_1', '"RESULT-TEXT"'), again],
    shows: ['FIRST-QUESTION', 'RESULT-TEXT', 'SECOND-QUESTION'],
    hasTools: true,
  },
  'an answer first': { messages: ['{"role":"assistant","content":"FIRST-ANSWER"}', user], shows: ['FIRST-ANSWER', 'FIRST-QUESTION'] },
  'a loop that went on': {
    messages: [system, user, calls('""', first), result('call_1', '"RESULT-TEXT"'), answer, again],
    shows: ['SYSTEM-TEXT', 'FIRST-QUESTION', 'OAK-VALUE', 'RESULT-TEXT', 'FIRST-ANSWER', 'SECOND-QUESTION'],
    hasTools: true,
  },
  'a result in parts': {
    messages: [user, calls('null', first), result('call_1', '[{"type":"text","text":"RESULT-TEXT"}]')],
    shows: ['RESULT-TEXT'],
    hasTools: true,
  },
  'no calls': {
    messages: [user, '{"role":"assistant","content":"FIRST-ANSWER","tool_calls":[]}', again],
    shows: ['FIRST-ANSWER', 'SECOND-QUESTION'],
  },
};

/** What these two do, Jinja2 does too: the first wants variables of its own, the second prints a generator as JSON. */
const broken: Readonly<Record<string, RegExp>> = {
  'fireworks-ai-llama-3-firefunction-v2': /'functions' is undefined/,
  'llama-cpp-deepseek-r1': /generator is not JSON serializable/,
};

const wording = makeWording({ definition: dialects.envelope });

function render(template: ChatTemplate, { messages, hasTools = false }: Normal): string {
  const conversation = {
    messages: parseLiteralJson(`[${messages.join(',')}]`) as readonly LiteralJson[],
    tools: hasTools ? (parseLiteralJson(tools) as readonly LiteralJson[]) : undefined,
    addGenerationPrompt: true,
    variables: new Map(),
  };
  return template.render(conversation, { now: new Date(0), fitting: { wording } }).text;
}

const { templates, missing } = readOfficialTemplates();
test('the official templates are here', { skip: missing ?? false }, () => assert.ok((templates?.size ?? 0) > 60));

for (const [name, source] of templates ?? []) {
  test(`${name}: no agent's conversation is refused or loses a text`, () => {
    const template = compileChatTemplate({ default: source }, { bos_token: '<s>', eos_token: '</s>' });
    const faults: string[] = [];
    for (const [what, conversation] of Object.entries(normal)) {
      let text: string;
      try {
        text = render(template, conversation);
      } catch (error) {
        faults.push(`${what}: ${(error as Error).message}`);
        continue;
      }
      const lost = conversation.shows.filter((each) => !text.includes(each));
      if (lost.length > 0) faults.push(`${what}: lost ${lost.join(', ')}`);
      if (text.includes('[{') && text.includes("'type': 'text'")) faults.push(`${what}: shows a list`);
      if (text.startsWith('<s><s>')) faults.push(`${what}: begins twice`);
    }
    const { [name]: known } = broken;
    assert.deepEqual(
      faults.filter((fault) => !known?.test(fault)),
      [],
    );
    assert.equal(faults.length > 0, known !== undefined);
  });
}
