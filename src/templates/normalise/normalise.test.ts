import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dialects } from '../../dialects/index.ts';
import { type LiteralJson, parseLiteralJson } from '../../text/literal-json.ts';
import { makeWording } from '../../translate/wording.ts';
import { compileChatTemplate, type RenderedPrompt } from '../chat-template.ts';

const wording = makeWording({ definition: dialects.hermes });
const begin = { bos_token: '<s>' };

interface Given {
  readonly messages: string;
  readonly tools?: string;
  readonly variables?: string;
  readonly isRaw?: boolean;
}

function render(template: string, { messages, tools, variables = '{}', isRaw = false }: Given): RenderedPrompt {
  const conversation = {
    messages: parseLiteralJson(messages) as readonly LiteralJson[],
    tools: tools === undefined ? undefined : (parseLiteralJson(tools) as readonly LiteralJson[]),
    addGenerationPrompt: true,
    variables: parseLiteralJson(variables) as ReadonlyMap<string, LiteralJson>,
  };
  return compileChatTemplate({ default: template }, begin).render(conversation, {
    now: new Date(0),
    fitting: isRaw ? undefined : { wording },
  });
}

const call = (args: string, id = 'c1') => `{"id": "${id}", "type": "function", "function": {"name": "find", "arguments": ${args}}}`;
const calls = (args: string) => `[{"role": "assistant", "content": "", "tool_calls": [${call(args)}]}]`;
const plain = '{% for m in messages %}{{ m.role }}={{ m.content }};{% endfor %}';
const withCalls =
  '{% for m in messages %}{{ m.role }}={{ m.content or "" }}{% for c in m.tool_calls or [] %}[{{ c.function.name }} {{ c.function.arguments | tojson }}]{% endfor %};{% endfor %}';
const alternating =
  '{% for m in messages %}{% if (m.role == "user") != (loop.index0 % 2 == 0) %}{{ raise_exception("alternate") }}{% endif %}{{ m.role }}={{ m.content }};{% endfor %}';
const noSystem =
  '{% for m in messages %}{% if m.role == "system" %}{{ raise_exception("no system") }}{% endif %}{{ m.role }}={{ m.content }};{% endfor %}';
const oneCall =
  '{% for m in messages %}{% if m.tool_calls and m.tool_calls | length > 1 %}{{ raise_exception("one") }}{% endif %}{{ m.role }}{% for c in m.tool_calls or [] %}[{{ c.function.name }} {{ c.function.arguments | tojson }}]{% endfor %}{{ m.content or "" }};{% endfor %}';

const cases: readonly (readonly [what: string, template: string, given: Given, prompt: string, fixes: readonly string[]])[] = [
  ['what a template takes stays as it is', plain, { messages: '[{"role": "user", "content": "Hi"}]' }, 'user=Hi;', []],
  [
    'arguments in text and as an object give the same prompt',
    withCalls,
    { messages: calls('"{\\"x\\": 1.0, \\"10\\": 1, \\"2\\": 12345678901234567890}"') },
    'assistant=[find {"x": 1.0, "10": 1, "2": 12345678901234567890}];',
    ['arguments-as-object'],
  ],
  ['arguments that are no JSON stay what the model wrote', withCalls, { messages: calls('"{oops"') }, 'assistant=[find "{oops"];', []],
  ['no arguments are an empty object', withCalls, { messages: calls('""') }, 'assistant=[find {}];', ['arguments-as-object']],
  [
    'parts are joined for a template that prints text',
    plain,
    { messages: '[{"role": "user", "content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]}]' },
    'user=a\nb;',
    ['parts-joined'],
  ],
  [
    'a template that alternates gets alternating turns',
    alternating,
    { messages: '[{"role": "user", "content": "a"}, {"role": "user", "content": "b"}]' },
    'user=a\n\nb;',
    ['turns-joined'],
  ],
  [
    'a template that refuses system messages finds their text in the first question',
    noSystem,
    { messages: '[{"role": "system", "content": "s"}, {"role": "user", "content": "u"}]' },
    'user=s\n\nu;',
    ['system-in-user-turn'],
  ],
  [
    'a template that takes one call a turn gets each in a turn of its own, results in their places',
    oneCall,
    {
      messages: `[{"role": "assistant", "content": "Hm", "tool_calls": [${call('{"a": 1}')}, ${call('{"a": 2}', 'c2')}]}, {"role": "tool", "tool_call_id": "c2", "content": "two"}, {"role": "tool", "tool_call_id": "c1", "content": "one"}]`,
    },
    'assistant[find {"a": 1}]Hm;toolone;assistant[find {"a": 2}];tooltwo;',
    ['calls-in-turns-of-their-own'],
  ],
  [
    'calls that a template would not print are put into the text as the model writes them',
    plain,
    { messages: calls('{"a": 1}') },
    'assistant=<tool_call>\n{"name": "find", "arguments": {"a": 1}}\n</tool_call>;',
    ['calls-in-text'],
  ],
  [
    'a prompt begins once',
    `{{ bos_token }}{{ bos_token }}${plain}`,
    { messages: '[{"role": "user", "content": "Hi"}]' },
    '<s>user=Hi;',
    ['one-begin-token'],
  ],
  [
    'as it is means as it is',
    `{{ bos_token }}{{ bos_token }}${plain}`,
    { messages: '[{"role": "user", "content": null}]', isRaw: true },
    '<s><s>user=None;',
    [],
  ],
  [
    "a request's variables reach the template as they were written",
    `{{ mood }}${plain}`,
    { messages: '[{"role": "user", "content": "Hi"}]', variables: '{"mood": 1.0}' },
    '1.0user=Hi;',
    [],
  ],
];

for (const [what, template, given, prompt, fixes] of cases) {
  test(what, () => {
    const rendered = render(template, given);
    assert.equal(rendered.text, prompt);
    assert.deepEqual(rendered.fixes, fixes);
  });
}

test('a part that is no text is refused where the template takes texts', () => {
  const messages = '[{"role": "user", "content": [{"type": "image_url"}]}]';
  assert.throws(() => render(plain, { messages }), { code: 'unsupported_feature', message: /"image_url"/ });
});

test('variables do not take the place of messages or functions', () => {
  for (const name of ['messages', 'raise_exception']) {
    assert.throws(() => render(plain, { messages: '[]', variables: `{"${name}": []}` }), {
      code: 'invalid_request',
      message: RegExp(name),
    });
  }
});

test('a template that never ends is refused at its first probe', () => {
  const endless = '{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}';
  assert.throws(() => render(endless, { messages: '[]' }), { code: 'template_failed', message: /steps/ });
});
