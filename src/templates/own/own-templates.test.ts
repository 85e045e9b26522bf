import assert from 'node:assert/strict';
import { test } from 'node:test';
import { detectDialect } from '../../dialects/detect/index.ts';
import type { DialectDefinition } from '../../dialects/dialect.ts';
import { dialects } from '../../dialects/index.ts';
import { compareOutcomes, findPython, type OracleCase, renderHere, renderWithPython } from '../../jinja/oracle.test.support.ts';
import { models } from '../../models/index.ts';
import { compileDialect } from '../../parsing/compile-dialect.ts';
import { readTurn } from '../../parsing/read-turn.ts';
import { conversations } from '../check/battery.ts';
import { ownTemplates } from './index.ts';
import { listOwnTemplateFiles, readOwnTemplate } from './own-templates.test.support.ts';

const every = ownTemplates.map(({ name }) => name);

/** Messages and more, as JSON values. */
interface Given {
  readonly messages: readonly object[];
  readonly tools?: unknown;
  readonly [variable: string]: unknown;
}

const toVariables = (given: Given) => JSON.stringify({ bos_token: '<bos>', eos_token: '</s>', ...given });

function render(name: string, given: Given): string {
  const outcome = renderHere({ template: readOwnTemplate(name), variables: toVariables(given) });
  assert.ok('text' in outcome, `${name} refuses: ${'error' in outcome ? outcome.error : ''}`);
  return outcome.text;
}

const system = { role: 'system', content: 'Be brief.' };
const user = { role: 'user', content: 'Weather?' };
const assistant = { role: 'assistant', content: 'Sunny.' };
const weather = {
  type: 'function',
  function: {
    name: 'get_weather',
    description: 'Gets it.',
    parameters: { type: 'object', properties: { city: { type: 'string', description: 'A city' } }, required: ['city'] },
  },
};
const tools = [weather];
const object = { city: 'Paris "P"\n', days: 3, deep: { a: [true, null, { b: ': {x' }] }, ok: false };
const written = '{"city": "Paris \\"P\\"\\n", "days": 3, "deep": {"a": [true, null, {"b": ": {x"}]}, "ok": false}';
const call = (id: string, args: unknown) => ({ id, type: 'function', function: { name: 'get_weather', arguments: args } });
const calling = (...calls: readonly object[]) => ({ role: 'assistant', content: '', tool_calls: calls });
const result = (id: string, content: unknown = '{"temp": 21}') => ({ role: 'tool', tool_call_id: id, name: 'get_weather', content });
const loop = [user, calling(call('abc123def', object)), result('abc123def')];

const bosCounts: Readonly<Record<string, number>> = { 'llama-3-1': 1, toolace: 1, 'mistral-7b': 1, 'internlm-2-5': 1, 'minicpm-3': 0 };

/** What begins an answer, and what ends one. */
const turns: Readonly<Record<string, { readonly prompt: string; readonly end: string }>> = {
  'llama-3-1': { prompt: '<|start_header_id|>assistant<|end_header_id|>\n\n', end: '<|eot_id|>' },
  toolace: { prompt: '<|start_header_id|>assistant<|end_header_id|>\n\n', end: '<|eot_id|>' },
  'mistral-7b': { prompt: '', end: '</s>' },
  'internlm-2-5': { prompt: '<|im_start|>assistant\n', end: '<|im_end|>\n' },
  'minicpm-3': { prompt: '<|im_start|>assistant\n', end: '<|im_end|>\n' },
};

/** Checks a rule for one template of ours: two conversations that give the same prompt, or what a prompt has and has not. */
type RuleCheck = (name: string) => void;

const same = (left: Given, right: Given): RuleCheck => {
  return (name) => assert.equal(render(name, left), render(name, right));
};
const has = (given: Given, ...texts: readonly string[]): RuleCheck => {
  return (name) => {
    const prompt = render(name, given);
    for (const text of texts) assert.ok(prompt.includes(text), `no ${text} in ${prompt}`);
  };
};
const hasNot = (given: Given, ...texts: readonly string[]): RuleCheck => {
  return (name) => {
    const prompt = render(name, given);
    for (const text of texts) assert.ok(!prompt.includes(text), `${text} in ${prompt}`);
  };
};

const rules: Readonly<Record<string, RuleCheck>> = {
  'the sequence begins once, or never where the model knows no such token': (name) => {
    for (const given of [{ messages: [user] }, { messages: [system, ...loop, assistant, user], tools }]) {
      assert.equal(render(name, given).split('<bos>').length - 1, bosCounts[name]);
      assert.ok(bosCounts[name] === 0 || render(name, given).startsWith('<bos>'));
    }
  },
  'an answer begins when it is asked for, and only then': (name) => {
    const { prompt } = turns[name] ?? { prompt: '?' };
    for (const messages of [[user], [system, user], loop]) {
      assert.equal(render(name, { messages, add_generation_prompt: true }), render(name, { messages }) + prompt);
      assert.equal(render(name, { messages, add_generation_prompt: false }), render(name, { messages }));
    }
  },
  'a system message is there at every turn, once': (name) => {
    for (const messages of [[user], [user, assistant, user], loop, [...loop, assistant, user]]) {
      assert.equal(render(name, { messages: [system, ...messages], tools }).split('Be brief.').length, 2);
    }
  },
  'a second system message is not lost': has(
    { messages: [system, user, assistant, { role: 'system', content: 'Now long.' }, user] },
    'Be brief.',
    'Now long.',
  ),
  'a developer is a system': same({ messages: [{ ...system, role: 'developer' }, user], tools }, { messages: [system, user], tools }),
  'arguments as JSON text are the arguments': same(
    { messages: [user, calling(call('abc123def', object))], tools },
    { messages: [user, calling(call('abc123def', written))], tools },
  ),
  'arguments that are empty, null or absent are none': (name) => {
    const bare = { id: 'abc123def', type: 'function', function: { name: 'get_weather' } };
    const none = render(name, { messages: [user, calling(call('abc123def', {}))] });
    for (const each of [call('abc123def', '{}'), call('abc123def', ''), call('abc123def', null), bare]) {
      assert.equal(render(name, { messages: [user, calling(each)] }), none);
    }
  },
  'an empty list of tools is none, and so is null': (name) => {
    const none = render(name, { messages: [system, user] });
    for (const empty of [[], null]) assert.equal(render(name, { messages: [system, user], tools: empty }), none);
  },
  'without tools nobody speaks of them': hasNot({ messages: [system, user] }, 'tool', 'function', 'ipython', 'TOOL'),
  'an empty list of calls is none, and so is null': (name) => {
    const none = render(name, { messages: [user, assistant, user] });
    for (const empty of [[], null]) assert.equal(render(name, { messages: [user, { ...assistant, tool_calls: empty }, user] }), none);
  },
  'content that is null or absent is empty': (name) => {
    const { content: _, ...bare } = calling(call('abc123def', object));
    const empty = render(name, { messages: [user, calling(call('abc123def', object))] });
    for (const each of [{ ...bare, content: null }, bare]) assert.equal(render(name, { messages: [user, each] }), empty);
    assert.equal(
      render(name, { messages: [{ role: 'user', content: null }] }),
      render(name, { messages: [{ role: 'user', content: '' }] }),
    );
  },
  'content parts are their texts, a line each': (name) => {
    const parts = ['One', 'two.'].map((text) => ({ type: 'text', text }));
    const make = (content: unknown) => [
      { role: 'system', content },
      { role: 'user', content },
      { role: 'assistant', content },
      ...loop.slice(0, 2),
      result('abc123def', content),
    ];
    assert.equal(render(name, { messages: make(parts), tools }), render(name, { messages: make('One\ntwo.'), tools }));
  },
  'text beside a call is not lost': has(
    { messages: [user, { ...calling(call('abc123def', object)), content: 'I look.' }] },
    'I look.',
    'get_weather',
  ),
  'ids may be short or absent': (name) => {
    render(name, { messages: [user, calling(call('1', object)), result('1')], tools });
    const bare = { function: { name: 'get_weather', arguments: object } };
    has({ messages: [user, calling(bare), { role: 'tool', content: 'wet' }] }, 'get_weather', 'wet')(name);
  },
  'a tool is described, with its parameters': has({ messages: [user], tools }, 'get_weather', 'Gets it.', 'city', 'A city'),
  'a tool may have no description and no parameters': has(
    { messages: [user], tools: [{ type: 'function', function: { name: 'ping', description: null, parameters: null } }] },
    'ping',
  ),
  'two calls and their results are there': has(
    {
      messages: [
        user,
        calling(call('abc123def', { city: 'Oslo' }), call('abc123deg', { city: 'Rome' })),
        result('abc123def', 'cold'),
        result('abc123deg', 'warm'),
      ],
    },
    'Oslo',
    'Rome',
    'cold',
    'warm',
  ),
  'two users in a row and no message at all are fine': (name) => {
    has({ messages: [user, { role: 'user', content: 'Well?' }] }, 'Weather?', 'Well?')(name);
    render(name, { messages: [], tools, add_generation_prompt: true });
  },
  'what was said stays the beginning of what is said later': (name) => {
    // Mistral's tools and system text move to the last message of the user
    const isMoving = name === 'mistral-7b';
    const messages = [...(isMoving ? [] : [system]), ...loop, assistant, user];
    for (let count = isMoving ? 1 : 2; count < messages.length; count++) {
      const [earlier, later] = [count, count + 1].map((length) =>
        render(name, { messages: messages.slice(0, length), tools: isMoving ? [] : tools }),
      );
      assert.ok(later?.startsWith(earlier ?? '?'), `${count} messages are no prefix of ${count + 1}`);
    }
  },
};

for (const [rule, check] of Object.entries(rules)) for (const name of every) test(`${name}: ${rule}`, () => check(name));

test('Llama 3.1: today is what the clock says, unless a date is given', () => {
  assert.match(render('llama-3-1', { messages: [user] }), /Today Date: 04 Jul 2025\n/);
  assert.match(render('llama-3-1', { messages: [user], date_string: '1 May 2031' }), /Today Date: 1 May 2031\n/);
});

test('MiniCPM3: thoughts of earlier turns stand before calls and text', () => {
  for (const key of ['thought', 'reasoning', 'reasoning_content']) {
    const prompt = render('minicpm-3', { messages: [user, { ...assistant, [key]: 'Hm.' }] });
    assert.ok(prompt.endsWith('<|im_start|>assistant\n<|thought_start|>\nHm.\n<|thought_end|>\nSunny.<|im_end|>\n'), prompt);
  }
});

test('MiniCPM3: types say what a schema says, and what they cannot say stays in sight', () => {
  const properties = {
    kind: { enum: ['a', 1, null] },
    names: { type: 'array', items: { type: 'string' } },
    place: { type: 'object', properties: { lat: { type: 'number' } } },
    either: { anyOf: [{ type: 'string' }, { type: 'integer' }] },
    width: { type: ['number', 'null'], default: true, pattern: '^a' },
  };
  const ping = {
    type: 'function',
    function: { name: 'ping', description: 'P', parameters: { type: 'object', properties, required: ['names'] } },
  };
  const prompt = render('minicpm-3', { messages: [user], tools: [ping] });
  for (const line of [
    'def ping(kind=None, names, place=None, either=None, width=True):',
    'kind: Optional[Literal["a", 1, None]] = Field(None)',
    'names: List[str] = Field(...)',
    'place: Optional[Dict[str, Any]] = Field(None, json_schema_extra={"type": "object", "properties": {"lat": {"type": "number"}}})',
    'either: Optional[Any] = Field(None, json_schema_extra={"anyOf": [{"type": "string"}, {"type": "integer"}]})',
    'width: Optional[Union[float, None]] = Field(True, regex="^a", json_schema_extra={"type": ["number", "null"], "default": True, "pattern": "^a"})',
  ]) {
    assert.ok(prompt.includes(`${line}\n`), `no ${line} in ${prompt}`);
  }
});

test('Mistral: a result that is JSON stays so, any other text becomes a string', () => {
  const make = (content: string) =>
    render('mistral-7b', { messages: [user, calling(call('abc123def', {})), result('abc123def', content)] });
  assert.ok(make(' {"a": 1}').endsWith('[TOOL_RESULTS] {"content": {"a": 1}, "call_id": "abc123def"}[/TOOL_RESULTS]'));
  assert.ok(make('It\'s "wet"').endsWith('[TOOL_RESULTS] {"content": "It\'s \\"wet\\"", "call_id": "abc123def"}[/TOOL_RESULTS]'));
});

/** A dialect told by the line that our template has, as long as its definition names none. */
const told: DialectDefinition = { ...dialects.pythonic, match: [{ template: ['[func_name1(params_name1='] }] };

for (const { name, dialect } of ownTemplates) {
  test(`${name}: the template's text asks for the dialect ${dialect}, its family's`, () => {
    assert.equal(detectDialect(readOwnTemplate(name), { ...dialects, pythonic: told }), dialect);
    assert.equal(Object.entries(models).find(([family]) => family === name)?.[1].dialect.value, dialect);
  });

  test(`${name}: calls in the prompt are read back as the same calls`, () => {
    const { prompt, end } = turns[name] ?? { prompt: '?', end: '?' };
    const parsed = [object, {}, { text: "it's [f(x=1)] </s \\ 日本 {" }];
    const lists = [...parsed.map((each) => [each]), [object, { city: 'Rome' }]];
    for (const list of lists) {
      const before = render(name, { messages: [user], tools }) + prompt;
      const after = render(name, { messages: [user, calling(...list.map((each, index) => call(`abc123de${index}`, each)))], tools });
      const answer = after.slice(before.length, after.length - end.length);
      assert.equal(before + answer + end, after);
      const turn = readTurn(compileDialect(dialects[dialect as keyof typeof dialects]), [answer], { tools: [{ name: 'get_weather' }] });
      const read = turn.calls.map((each) => [each.name, JSON.parse(each.argumentsJson), each.state]);
      assert.deepEqual(
        read,
        list.map((each) => ['get_weather', each, 'complete']),
        answer,
      );
      assert.deepEqual([turn.text.trim(), turn.issues], ['', []]);
    }
  });
}

test('every template of ours is a file of the package, and every file is listed', () => {
  assert.deepEqual([...every].sort(), [...listOwnTemplateFiles()].sort());
});

const python = findPython();
const mustRun = process.env.ROOKERY_REQUIRE_ALL === '1';

test('Jinja2 renders each as we do, whatever the conversation', (context) => {
  if ('missing' in python) {
    assert.ok(!mustRun, python.missing);
    return context.skip(python.missing);
  }
  const more = [
    { messages: [system, ...loop, assistant, user], tools, add_generation_prompt: true },
    { messages: [user, calling(call('1', written), call('2', object))], tools: null },
    { messages: [{ role: 'developer', content: [{ type: 'text', text: 'Hi' }] }, user], tools: [] },
  ].map(toVariables);
  const cases: OracleCase[] = every.flatMap((name) =>
    [...conversations.values(), ...more].map((variables) => ({ template: readOwnTemplate(name), variables })),
  );
  const theirs = renderWithPython(python.python, cases);
  assert.deepEqual(
    theirs.filter((outcome) => 'error' in outcome),
    [],
  );
  return assert.deepEqual(compareOutcomes(cases, theirs), []);
});
