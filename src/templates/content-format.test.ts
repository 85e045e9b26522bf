import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readOfficialTemplates } from '../dialects/detect/official-templates.test.support.ts';
import { type ContentFormat, findContentFormat } from './content-format.ts';

const small: readonly (readonly [string, ContentFormat, string])[] = [
  ['a text that is printed', 'string', '{% for message in messages %}{{ message.content }}{% endfor %}'],
  ['a loop over an attribute', 'parts', '{% for m in messages %}{% for part in m.content %}{{ part.text }}{% endfor %}{% endfor %}'],
  ['a loop over an item', 'parts', '{% for m in messages %}{% for part in m["content"] %}{{ part.text }}{% endfor %}{% endfor %}'],
  ['a loop over another item', 'string', '{% for m in messages %}{% for call in m["tool_calls"] %}{{ call }}{% endfor %}{% endfor %}'],
  ['a variable of that name', 'parts', '{% macro show(content) %}{% for part in content %}{{ part.text }}{% endfor %}{% endmacro %}'],
  ['another variable', 'string', '{% macro show(words) %}{% for part in words %}{{ part.text }}{% endfor %}{% endmacro %}'],
  [
    'slices, filters and variables in between',
    'parts',
    '{% set rest = messages[1:] %}{% set list = rest|list %}{% for m in list if m %}{% for p in m.content|reject("none") %}{{ p }}{% endfor %}{% endfor %}',
  ],
  ['the first message only', 'string', '{% for part in messages[0].content %}{{ part.text }}{% endfor %}'],
  ['the content of something else', 'string', '{% for d in documents %}{% for part in d.content %}{{ part }}{% endfor %}{% endfor %}'],
  [
    'a loop in a loop that is not taken',
    'parts',
    '{% for m in messages %}{% if false %}{% else %}{% for p in m.content %}{% endfor %}{% endif %}{% endfor %}',
  ],
  [
    'a list in a namespace, which the rule does not follow',
    'string',
    '{% set ns = namespace(list=[]) %}{% set ns.list = messages %}{% for m in messages %}{% for p in m.content %}{% endfor %}{% endfor %}',
  ],
  ['a message that is taken apart', 'string', '{% for key, value in messages %}{% endfor %}{% for part in content %}{% endfor %}'],
  ['no template', 'string', '{% for m in messages %}{% for part in content %}'],
];

for (const [name, format, source] of small) {
  test(`content is wanted as ${format}: ${name}`, () => {
    assert.equal(findContentFormat(source), format);
  });
}

test('lists that are made of each other end', () => {
  assert.equal(
    findContentFormat('{% set a = messages %}{% set b = a %}{% set a = b %}{% for m in b %}{{ m.content }}{% endfor %}'),
    'string',
  );
});

/** Checked against the rule over Jinja2's own syntax tree, too. All others want text. */
const wantParts: readonly string[] = [
  'Apriel-1.6-15b-Thinker-fixed',
  'Cohere2MoE',
  'GLM-4.6',
  'GLM-4.7-Flash',
  'Kimi-K3',
  'LFM2.5-8B-A1B',
  'MiniMax-M1',
  'MiniMax-M2',
  'MiniMax-M3',
  'Mistral-Small-3.2-24B-Instruct-2506',
  'Qwen3.5-4B',
  'Reka-Edge',
  'Spark2.5',
  'StepFun3.5-Flash',
  'google-gemma-4-31B-it',
  'google-gemma-4-31B-it-interleaved',
  'ibm-granite-granite-4.0',
  'ibm-granite-granite-4.1',
  'mistralai-Ministral-3-14B-Reasoning-2512',
  'moonshotai-Kimi-K2',
  'muse-glimmer',
  'tencent-Hy3',
  'unsloth-Apriel-1.5',
  'unsloth-mistral-Devstral-Small-2507',
];

test('of the official templates, these want parts', (context) => {
  const { templates, missing } = readOfficialTemplates();
  if (templates === undefined) return context.skip(missing);
  const found = [...templates].filter(([, source]) => findContentFormat(source) === 'parts').map(([name]) => name);
  assert.deepEqual(found.sort(), [...wantParts].sort());
});
