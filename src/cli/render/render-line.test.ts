import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderLine } from './render-line.ts';

const plain = '{% for m in messages %}{{ m.role }}={{ m.content }};{% endfor %}{% if add_generation_prompt %}>{% endif %}';

function line(fields: object): string {
  return JSON.stringify({ template: plain, messages: [{ role: 'user', content: 'Hi' }], ...fields });
}

test('a line is answered with its id and the prompt', () => {
  assert.deepEqual(renderLine(line({ id: 'a' })), { id: 'a', prompt: 'user=Hi;>' });
  assert.deepEqual(renderLine(line({ id: 7, add_generation_prompt: false })), { id: 7, prompt: 'user=Hi;' });
  assert.deepEqual(renderLine(line({})), { id: null, prompt: 'user=Hi;>' });
});

test('numbers, keys and their order reach the template as they were written', () => {
  const template = '{{ tools[0] }} {{ x }}';
  const written = `{"template":${JSON.stringify(template)},"messages":[],"tools":[{"10":1.0,"2":12345678901234567890}],"variables":{"x":1e21}}`;
  assert.deepEqual(renderLine(written), { id: null, prompt: "{'10': 1.0, '2': 12345678901234567890} 1e+21" });
});

test('a conversation is fitted to the template unless that is turned off', () => {
  const messages = [{ role: 'user', content: null }];
  assert.deepEqual(renderLine(line({ messages })), { id: null, prompt: 'user=;>' });
  assert.deepEqual(renderLine(line({ messages, normalise: false })), { id: null, prompt: 'user=None;>' });
});

test('the time is the one that the line gives', () => {
  const template = '{{ strftime_now("%Y-%m-%d") }}';
  assert.deepEqual(renderLine(line({ template, now: '2024-02-29T12:00:00Z' })), { id: null, prompt: '2024-02-29' });
});

const bad: readonly (readonly [string, string, RegExp])[] = [
  ['no JSON', 'x', /line 1, column 1/],
  ['an empty line', ' ', /is empty/],
  ['no object', '[]', /no object/],
  ['no template', '{"messages":[]}', /`template` must be a text, but it is missing/],
  ['messages that are none', line({ messages: {} }), /`messages` must be a list of messages, but it is an object/],
  ['a flag that is none', line({ normalise: 'no' }), /`normalise` must be true or false, but it is "no"/],
  ['a time that is none', line({ now: 'noon' }), /`now` must be a time/],
  ['a template that is no Jinja', line({ template: '{% if %}' }), /cannot be read/],
  ['a template that refuses', line({ template: '{{ raise_exception("no") }}' }), /refuses this conversation: no/],
  [
    'a template that never ends',
    line({ template: '{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}' }),
    /steps/,
  ],
];

for (const [what, written, error] of bad) {
  test(`${what} is answered with an error`, () => {
    const answer = renderLine(written);
    assert.match('error' in answer ? answer.error : '', error);
  });
}
