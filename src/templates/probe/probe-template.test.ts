import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileTemplate } from '../../jinja/index.ts';
import { probeTemplate } from './probe-template.ts';
import type { TemplateTraits } from './traits.ts';

const loop = '{% for m in messages %}{% if m.tool_calls %}{% for call in m.tool_calls %}';
const rest =
  '{% endfor %}{% else %}[{{ m.role }}]{{ m.content }}{% endif %}{% endfor %}{% if add_generation_prompt %}[assistant]{% endif %}';

/** A template that prints calls like this, and everything else plainly. */
function printCalls(call: string): string {
  return `${loop}${call}${rest}`;
}

const plain = printCalls('[call]{{ call.function.name }} {{ call.function.arguments | tojson }}');

function probe(source: string): TemplateTraits {
  const template = compileTemplate(source);
  return probeTemplate((variables, now) => template.render(variables, { now }).text);
}

test('a template that prints everything plainly has no fault that it does not have', () => {
  const traits = probe(plain);
  assert.deepEqual(
    { ...traits.system },
    {
      role: 'printed',
      alone: 'printed',
      withTools: 'printed',
      inToolLoop: 'printed',
      several: 'printed',
      later: 'printed',
      developer: 'any-role',
    },
  );
  assert.deepEqual(
    { ...traits.turns },
    {
      usersInRow: 'printed',
      assistantsInRow: 'printed',
      assistantFirst: 'printed',
      userAfterResult: 'printed',
      answerAfterResult: 'printed',
    },
  );
  assert.equal(traits.tools.variable, undefined);
  assert.deepEqual(
    { ...traits.prompt },
    {
      bosCount: 0,
      opening: '[assistant]',
      openingAfterResult: '[assistant]',
      closing: '',
      answerEnding: '',
      clock: 'unused',
    },
  );
});

const argumentForms: readonly (readonly [string, TemplateTraits['calls']['arguments'], string])[] = [
  ['JSON of whatever comes', 'object', '{{ call.function.name }} {{ call.function.arguments | tojson }}'],
  ["text as it comes, Python's repr for objects", 'string', '{{ call.function.name }} {{ call.function.arguments }}'],
  ['text and nothing else', 'string', '{{ call.function.name + call.function.arguments }}'],
  [
    'JSON of objects, text as it is',
    'either',
    '{{ call.function.name }} {{ call.function.arguments if call.function.arguments is string else call.function.arguments | tojson }}',
  ],
  ['pairs', 'object', '{{ call.function.name }}{% for key, value in call.function.arguments | items %}{{ key }}={{ value }}{% endfor %}'],
  ['names only', 'none', '{{ call.function.name }}'],
];

for (const [name, form, call] of argumentForms) {
  test(`arguments are wanted as ${form} by a template that prints ${name}`, () => {
    const { calls } = probe(printCalls(call));
    assert.equal(calls.arguments, form);
    assert.equal(calls.handling, form === 'none' ? 'dropped' : 'printed');
  });
}

test('calls that are printed without text only are found with null content and text for arguments', () => {
  const call = '[call]{{ call.function.name }} {{ "" + call.function.arguments }}';
  const { calls } = probe(printCalls(call).replace('if m.tool_calls', 'if m.tool_calls and m.content is none'));
  assert.equal(calls.emptyContent, 'null');
  assert.equal(calls.arguments, 'string');
  assert.equal(calls.handling, 'printed');
  assert.equal(calls.contentBeside, 'instead');
});

test('an id that stands where the name should is told from a name', () => {
  assert.equal(probe(printCalls('{{ call.id }} {{ call.function.arguments | tojson }}')).calls.names, 'id');
  assert.equal(probe(printCalls('{{ call.id }} {{ call.function.name }} {{ call.function.arguments | tojson }}')).calls.names, 'name');
  assert.equal(probe(printCalls('{{ call.function.arguments | tojson }}')).calls.handling, 'dropped');
});

test('a name that only the tools mention does not count as a call', () => {
  const source = `{% if tools %}{{ tools | tojson }}{% endif %}${printCalls('{{ call.function.arguments | tojson }}')}`;
  assert.equal(probe(source).calls.handling, 'dropped');
});

const idShapes: readonly (readonly [string, TemplateTraits['ids']['shape'], TemplateTraits['ids']['shown']])[] = [
  ['{{ call.id }}', 'any', 'whole'],
  ['{{ call.id[-9:] }}', 'any', 'last-nine'],
  ['', 'any', 'no'],
  ['{% if call.id|length != 9 %}{{ raise_exception("nine") }}{% endif %}{{ call.id }}', 'exactly-nine', 'whole'],
  ['{% if call.id|length < 9 %}{{ raise_exception("nine") }}{% endif %}{{ call.id[-9:] }}', 'at-least-nine', 'last-nine'],
  ['{% if call.id|length > 9 %}{{ raise_exception("nine") }}{% endif %}', 'at-most-nine', 'no'],
];

for (const [written, shape, shown] of idShapes) {
  test(`ids: ${JSON.stringify(written)} is ${shape}, shown ${shown}`, () => {
    const { ids } = probe(printCalls(`${written}{{ call.function.name }} {{ call.function.arguments | tojson }}`));
    assert.deepEqual({ ...ids }, { shape, shown });
  });
}

const system: readonly (readonly [string, string, Partial<TemplateTraits['system']>])[] = [
  [
    'refuses it',
    `{% if messages[0].role == "system" %}{{ raise_exception("no") }}{% endif %}${plain}`,
    { role: 'refused', alone: 'refused' },
  ],
  [
    'puts it before the last question',
    '{% for m in messages %}{% if m.role == "user" %}[user]{% if loop.last %}{{ messages[0].content }}\n{% endif %}{{ m.content }}{% endif %}{% endfor %}',
    { role: 'merged', inToolLoop: 'dropped', alone: 'dropped' },
  ],
  [
    'forgets all but the first',
    '{% for m in messages %}{% if m.role != "system" or loop.first %}[{{ m.role }}]{{ m.content }}{% endif %}{% endfor %}',
    {
      role: 'printed',
      several: 'dropped',
      later: 'dropped',
    },
  ],
  [
    'knows developer as another word',
    plain.replace('[{{ m.role }}]', '[{{ "system" if m.role == "developer" else m.role }}]'),
    { developer: 'as-system' },
  ],
  [
    'has a turn for developer',
    plain.replace('[{{ m.role }}]', '{% if m.role == "developer" %}# Developer:{% else %}[{{ m.role }}]{% endif %}'),
    {
      developer: 'own',
    },
  ],
];

for (const [name, source, traits] of system) {
  test(`system: found in a template that ${name}`, () => {
    const probed: Readonly<Record<string, string>> = { ...probe(source).system };
    assert.deepEqual(Object.fromEntries(Object.keys(traits).map((key) => [key, probed[key]])), traits);
  });
}

test('tools are found in the variable where the template looks', () => {
  assert.deepEqual([...probe(`{{ xml_tools | default([]) | tojson }}${plain}`).tools.variables], ['xml_tools']);
  const { tools } = probe(`{% if tools is not none and tools is defined %}TOOLS{{ tools | tojson }}{% endif %}${plain}`);
  assert.equal(tools.variable, 'tools');
  assert.equal(tools.empty, 'differs');
  assert.equal(tools.none, 'same');
  assert.equal(probe(`{% for tool in tools or [] %}{{ tool.function.name }}{% endfor %}${plain}`).tools.handling, 'dropped');
});

test('what a template shows for missing descriptions is found', () => {
  const show = (written: string) =>
    probe(`{% for t in tools or [] %}{{ t.function.name }}${written}{{ t.function.parameters | tojson }}{% endfor %}${plain}`).tools;
  assert.equal(show('{{ t.function.description }}').nullDescription, 'prints-none');
  assert.equal(show('{{ t.function.description }}').missingDescription, 'same');
  assert.equal(show('{{ t.function.description | tojson }}').nullDescription, 'prints-null');
  assert.equal(show('{{ "" + t.function.description }}').missingDescription, 'refused');
  assert.equal(show('{{ t.function.description or "" }}').missingParameters, 'refused');
});

test('a template that refuses tools: none is asked without tools, and one for tools only with them', () => {
  const withoutNone = probe(`{% if tools is defined and tools is none %}{{ raise_exception("none") }}{% endif %}${plain}`);
  assert.equal(withoutNone.tools.none, 'refused');
  assert.equal(withoutNone.content.string.user, 'printed');
  const withTools = probe(`{% if not tools %}{{ raise_exception("no tools") }}{% endif %}${plain}`);
  assert.equal(withTools.content.string.user, 'printed');
  assert.equal(withTools.tools.empty, 'refused');
});

test('thinking: variable, what leaving it out means, tails', () => {
  const { toggle } = probe(
    `${plain}{% if add_generation_prompt %}{{ "<think>" if thinking_mode == "enabled" else "</think>" }}{% endif %}`,
  ).reasoning;
  assert.deepEqual(toggle, {
    variable: 'thinking_mode',
    on: 'enabled',
    off: 'disabled',
    preset: 'off',
    tails: { absent: '[assistant]</think>', on: '[assistant]<think>', off: '[assistant]</think>' },
  });
  assert.equal(probe(plain).reasoning.toggle, undefined);
});

test('thoughts: fields in a tool loop, in history, and inside of content', () => {
  const source = plain
    .replace('[{{ m.role }}]', '[{{ m.role }}]{{ m.reasoning if m.role == "assistant" }}')
    .replace('m.content }}', 'm.content.split("</think>")[-1] }}');
  const { reasoning } = probe(source);
  assert.deepEqual([...reasoning.inHistory], ['reasoning']);
  assert.deepEqual([...reasoning.inToolLoop], []);
  assert.equal(reasoning.inline, 'dropped');
});

test('effort: the variable, and the words that it takes', () => {
  const check =
    '{% if reasoning_effort is defined and reasoning_effort not in ["low", "high"] %}{{ raise_exception("effort") }}{% endif %}';
  const { effort } = probe(`${check}{{ reasoning_effort }}${plain}`).reasoning;
  assert.deepEqual(effort, { name: 'reasoning_effort', accepted: ['low', 'high'] });
  assert.equal(probe(plain).reasoning.effort, undefined);
});

test('the clock: day and hour', () => {
  assert.equal(probe(`{{ strftime_now("%d %B %Y") }}${plain}`).prompt.clock, 'day');
  assert.equal(probe(`{{ strftime_now("%d %B %Y %H:%M") }}${plain}`).prompt.clock, 'hour');
});

test('special tokens are counted and shown by name', () => {
  const { prompt } = probe(`{{ bos_token }}{{ bos_token }}${plain}{% if not add_generation_prompt %}{{ eos_token }}{% endif %}`);
  assert.equal(prompt.bosCount, 2);
  assert.equal(prompt.closing, '⟦eos_token⟧');
  assert.equal(prompt.answerEnding, '⟦eos_token⟧');
});

test('parts: printed, shown as a list, refused', () => {
  const textOf = '{% for part in m.content %}{{ part.text }}{% endfor %}';
  assert.equal(probe(plain).content.parts.user, 'as-list');
  assert.equal(probe(plain.replace('{{ m.content }}', '{{ "" + m.content }}')).content.parts.user, 'refused');
  const loops = probe(plain.replace('{{ m.content }}', textOf)).content;
  assert.equal(loops.parts.user, 'printed');
  assert.equal(loops.string.user, 'dropped');
});

test('two calls: the second one is missing, or refused', () => {
  const call = '{{ call.function.name }} {{ call.function.arguments | tojson }}';
  assert.equal(probe(printCalls(call)).calls.parallel, 'printed');
  assert.equal(probe(printCalls(`{% if loop.first %}${call}{% endif %}`)).calls.parallel, 'first-only');
  assert.equal(probe(printCalls(`{% if not loop.last %}{{ raise_exception("one") }}{% endif %}${call}`)).calls.parallel, 'refused');
});

test('null content beside a call: nothing, None, refused', () => {
  const show = (content: string) => probe(plain.replace('[call]', content)).calls;
  assert.equal(show('{{ m.content or "" }}').nullContent, 'same');
  assert.equal(show('{{ m.content }}').nullContent, 'prints-none');
  assert.equal(show('{{ m.content }}').absentContent, 'same');
  assert.equal(show('{{ m.content | tojson }}').nullContent, 'prints-null');
  assert.equal(show('{{ "" + m.content }}').nullContent, 'refused');
});

test('the result is frozen plain data, the same each time', () => {
  const traits = probe(plain);
  assert.ok(Object.isFrozen(traits) && Object.isFrozen(traits.content.parts) && Object.isFrozen(traits.tools.variables));
  assert.deepEqual(JSON.parse(JSON.stringify(probe(plain))), JSON.parse(JSON.stringify(traits)));
});

test('a template that refuses everything has traits, too', () => {
  const traits = probe('{{ raise_exception("never") }}');
  assert.equal(traits.content.string.user, 'refused');
  assert.equal(traits.calls.handling, 'refused');
  assert.equal(traits.reasoning.toggle, undefined);
});

test("an error that is not the template's is thrown", () => {
  const broken = () => {
    throw new TypeError('not of the template');
  };
  assert.throws(() => probeTemplate(broken), TypeError);
});

test('fewer than 80 renders are enough for a template that has every variable', () => {
  let renders = 0;
  const template = compileTemplate(`${plain}{{ thinking_budget }}{{ thinking_effort }}`);
  probeTemplate((variables, now) => {
    renders++;
    return template.render(variables, { now }).text;
  });
  assert.ok(renders > 0 && renders < 80, `${renders} renders`);
});
