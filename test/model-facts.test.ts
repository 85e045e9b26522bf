import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { FakeReply, FakeRequest } from 'rookery/testing';
import { type FactScene, openScene, type Question, readTemplate } from './fact-scene.ts';

const hermes = readTemplate('scripts/engines/tiny-tools.jinja');
const thinking = `${hermes}{% if add_generation_prompt and enable_thinking is false %}{{ '<think>\\n\\n</think>\\n\\n' }}{% endif %}`;
const harmony =
  "{{ '<|start|>system<|message|>Reasoning: ' + (reasoning_effort or 'medium') + '<|end|>' }}" +
  "{% for m in messages %}{{ '<|start|>' + m.role + '<|message|>' + m.content + '<|end|>' }}{% endfor %}" +
  "{% if add_generation_prompt %}{{ '<|start|>assistant' }}{% endif %}";
const toolless =
  "{% for m in messages %}{{ '<|im_start|>' + m.role + '\\n' + m.content + '<|im_end|>\\n' }}{% endfor %}{{ '<|im_start|>assistant\\n' }}";

/** More prompt tokens than any probe has: the engine's answers come as they were written. */
const raw: FakeReply = { usage: { promptTokens: 100_000, completionTokens: 2 } };
const large = {
  object: 'list',
  data: [{ id: 'Qwen2.5-7B-Instruct-Q4_K_M.gguf', meta: { n_vocab: 256, n_ctx_train: 8192, n_params: 7.6e9 } }],
};

let scene: FactScene;
before(async () => {
  scene = await openScene([
    {
      kind: 'openai',
      options: {
        models: ['mistral:7b', 'lab/mistral:7b', 'llama3.1', 'lab/llama3.1', 'nvidia/NVIDIA-Nemotron-Nano-9B-v2', 'nobody-knows-it'],
      },
    },
    {
      kind: 'vllm',
      options: { models: ['Qwen/Qwen3-0.6B', 'MadeAgents/Hammer2.1-7b'], chatTemplate: thinking, hasToolParser: false, replies: raw },
    },
    { kind: 'vllm', options: { models: ['openai/gpt-oss-20b'], chatTemplate: harmony, hasToolParser: false, replies: raw } },
    {
      kind: 'vllm',
      options: { models: ['mistralai/Mistral-7B-Instruct-v0.3'], chatTemplate: readTemplate('assets/templates/mistral-7b.jinja') },
    },
    { kind: 'llama-server', options: { models: ['SmolLM2-1.7B-Instruct-Q4_K_M.gguf'], chatTemplate: hermes } },
    {
      kind: 'llama-server',
      options: {
        models: ['Qwen2.5-7B-Instruct-Q4_K_M.gguf'],
        chatTemplate: hermes,
        routes: { 'GET /v1/models': { status: 200, body: large } },
      },
    },
    { kind: 'llama-server', options: { models: ['smollm2-135m-instruct'], chatTemplate: toolless } },
    { kind: 'ollama', options: { models: ['qwen3:4b', 'hammer2:1.5b'] } },
  ]);
});
after(() => scene.close());

const hi = [{ role: 'user', content: 'Hi' }];
const tool = (name: string) => ({
  type: 'function',
  function: {
    name,
    description: `Tells of ${name}`,
    parameters: { type: 'object', properties: { tree: { type: 'string' } }, required: ['tree'] },
  },
});
const toolsOf = (...names: readonly string[]) => names.map(tool);
const seven = toolsOf('nests', 'nuts', 'owls', 'weather', 'wings', 'worms', 'feathers');
const called = [
  { role: 'user', content: 'How many nests?' },
  {
    role: 'assistant',
    content: null,
    tool_calls: [{ id: 'abcdefgh1', type: 'function', function: { name: 'nests', arguments: '{"tree":"elm"}' } }],
  },
  { role: 'tool', tool_call_id: 'abcdefgh1', content: '3' },
];
const folded =
  'How many nests?\n\nEarlier you called nests({"tree":"elm"}) and it returned:\n```\n3\n```\n\nUse what was returned: answer me, or call the next function.';

interface FactCase {
  readonly fact: string;
  readonly model: string;
  readonly question: Question;
  readonly plan: string;
  /** fields of the body that the engine received, a dot before one inside of another; undefined: absent */
  readonly body: Readonly<Record<string, unknown>>;
  /** what the log says of it, once; a model's warnings are told once, so each case has one of its own */
  readonly warning?: RegExp;
}

const cases: readonly FactCase[] = [
  {
    fact: 'a family’s temperature for tools is sent where the request has none',
    model: 'mistral:7b',
    question: { messages: hi, tools: toolsOf('nests') },
    plan: 'native; facts=temperature',
    body: { temperature: 0, top_p: undefined, tools: toolsOf('nests'), tool_choice: undefined, messages: hi },
    warning: /^'mistral:7b' gets temperature 0 for requests with tools where the request gives none \(collected from .*\)\. Send values/,
  },
  {
    fact: 'a family’s temperature for chat is another one',
    model: 'mistral:7b',
    question: { messages: hi },
    plan: 'native; facts=temperature',
    body: { temperature: 0.7, tools: undefined },
    warning: /^'mistral:7b' gets temperature 0\.7 for answers without tools or thinking/,
  },
  {
    fact: 'the caller’s temperature stays, and one far over the family’s is warned of',
    model: 'lab/mistral:7b',
    question: { messages: hi, tools: toolsOf('nests'), temperature: 1.5 },
    plan: 'native',
    body: { temperature: 1.5 },
    warning: /^'lab\/mistral:7b' calls tools well at a temperature near 0 .* more than 0\.5 over it/,
  },
  {
    fact: 'the policy of a family reaches vLLM with every other value said too',
    model: 'mistralai/Mistral-7B-Instruct-v0.3',
    question: { messages: hi, tools: toolsOf('nests') },
    plan: 'raw-chat; dialect=mistral; facts=temperature',
    body: {
      temperature: 0,
      top_p: 1,
      top_k: -1,
      min_p: 0,
      repetition_penalty: 1,
      presence_penalty: 0,
      frequency_penalty: 0,
      seed: undefined,
    },
    warning: /^'mistralai\/Mistral-7B-Instruct-v0\.3' gets temperature 0 for requests with tools/,
  },
  {
    fact: 'a model of single calls is asked for one',
    model: 'llama3.1',
    question: { messages: hi, tools: toolsOf('nests') },
    plan: 'native; facts=temperature,one-call',
    body: { temperature: 0, parallel_tool_calls: false },
    warning: /^Answers have one call at most, since 'llama3\.1' makes one call a turn \(chat template of .*`parallel_tool_calls: true`/,
  },
  {
    fact: 'a caller who asks for several calls of such a model gets them, with a warning',
    model: 'lab/llama3.1',
    question: { messages: hi, tools: toolsOf('nests'), parallel_tool_calls: true, temperature: 0 },
    plan: 'native',
    body: { parallel_tool_calls: undefined, temperature: 0 },
    warning: /^`parallel_tool_calls` is true, but 'lab\/llama3\.1' makes one call a turn .*several may be lost or wrong/,
  },
  {
    fact: 'more tools than a family copes with are warned of and all told',
    model: 'lab/mistral:7b',
    question: { messages: hi, tools: seven, temperature: 0 },
    plan: 'native',
    body: { tools: seven },
    warning: /^The request has 7 tools; 'lab\/mistral:7b' chooses reliably among about 5 \(assumed.*`tool_selection: "auto"`/,
  },
  {
    fact: 'where selection is asked for, the likeliest tools are told, in their order',
    model: 'lab/mistral:7b',
    question: { messages: [{ role: 'user', content: 'What weather for feathers?' }], tools: seven, temperature: 0, tool_selection: 'auto' },
    plan: 'native; facts=tools-5-of-7',
    body: { tools: toolsOf('nests', 'nuts', 'owls', 'weather', 'feathers'), tool_selection: undefined },
    warning: /^'lab\/mistral:7b' is told of 5 of 7 tools, the likeliest for the user's words: .*`tool_selection: "off"`/,
  },
  {
    fact: 'calls and results are told in words to a model of single turns',
    model: 'MadeAgents/Hammer2.1-7b',
    question: { messages: called, tools: toolsOf('nests') },
    plan: 'raw-chat; dialect=hermes; facts=temperature,folded',
    body: { messages: [{ role: 'user', content: folded }], tools: toolsOf('nests'), tool_choice: 'none', temperature: 0 },
    warning: /^'MadeAgents\/Hammer2\.1-7b' does not go on after a tool's result \(.*all in one user turn/,
  },
  {
    fact: 'thinking is turned off by the variable of the template, and sampled as without thoughts',
    model: 'Qwen/Qwen3-0.6B',
    question: { messages: hi, reasoning_effort: 'none' },
    plan: 'raw-chat; facts=thinking-off,temperature,top-p',
    body: { chat_template_kwargs: { enable_thinking: false }, reasoning_effort: undefined, temperature: 0.7, top_p: 0.8, top_k: -1 },
    warning: /^'Qwen\/Qwen3-0\.6B' gets temperature 0\.7, top_p 0\.8 for answers without tools or thinking/,
  },
  {
    fact: 'thinking has sampling values of its own',
    model: 'Qwen/Qwen3-0.6B',
    question: { messages: hi, reasoning_effort: 'high' },
    plan: 'raw-chat; facts=thinking-on,temperature,top-p,top-k',
    body: { chat_template_kwargs: { enable_thinking: true }, reasoning_effort: undefined, temperature: 0.6, top_p: 0.95, top_k: 20 },
    warning: /^'Qwen\/Qwen3-0\.6B' gets temperature 0\.6, top_p 0\.95, top_k 20 for answers after thinking/,
  },
  {
    fact: 'the caller’s own variable wins over the effort',
    model: 'Qwen/Qwen3-0.6B',
    question: {
      messages: hi,
      reasoning_effort: 'none',
      chat_template_kwargs: { enable_thinking: true },
      temperature: 1,
      top_p: 1,
      top_k: 5,
    },
    plan: 'raw-chat',
    body: { chat_template_kwargs: { enable_thinking: true }, temperature: 1, top_k: 5 },
    warning: /^`chat_template_kwargs` sets `enable_thinking` for 'Qwen\/Qwen3-0\.6B', so `reasoning_effort` does not/,
  },
  {
    fact: 'a family of levels gets the nearest one, and one that cannot be kept from thinking its least',
    model: 'openai/gpt-oss-20b',
    question: { messages: hi, reasoning_effort: 'none', temperature: 1 },
    plan: 'raw-chat; facts=effort-low',
    body: { chat_template_kwargs: { reasoning_effort: 'low' } },
    warning: /^'openai\/gpt-oss-20b' cannot be kept from thinking: `reasoning_effort` "none" becomes "low"/,
  },
  {
    fact: 'words switch thinking where a family has words for it',
    model: 'nvidia/NVIDIA-Nemotron-Nano-9B-v2',
    question: { messages: [{ role: 'system', content: 'Be kind.' }, ...hi], reasoning_effort: 'none' },
    plan: 'native; facts=thinking-off',
    body: { messages: [{ role: 'system', content: '/no_think\n\nBe kind.' }, ...hi], reasoning_effort: undefined },
  },
  {
    fact: 'an effort that changes nothing is warned of',
    model: 'mistralai/Mistral-7B-Instruct-v0.3',
    question: { messages: hi, reasoning_effort: 'high', temperature: 0.7 },
    plan: 'raw-chat',
    body: { chat_template_kwargs: undefined, temperature: 0.7 },
    warning: /^`reasoning_effort` changes nothing on 'mistralai\/Mistral-7B-Instruct-v0\.3': it does not think/,
  },
  {
    fact: 'an engine with a word of its own for effort is told it, and sampled as it will answer',
    model: 'qwen3:4b',
    question: { messages: hi, reasoning_effort: 'none' },
    plan: 'native; facts=temperature,top-p',
    body: { think: false, 'options.temperature': 0.7, 'options.top_p': 0.8, 'options.top_k': 200 },
    warning: /^'qwen3:4b' gets temperature 0\.7, top_p 0\.8 for answers without tools or thinking/,
  },
  {
    fact: 'calls and results are told in words where the engine calls by its own means, too',
    model: 'hammer2:1.5b',
    question: { messages: called, tools: toolsOf('nests') },
    plan: 'native; facts=temperature,folded',
    body: { messages: [{ role: 'user', content: folded }], tools: toolsOf('nests'), 'options.temperature': 0 },
    warning: /^'hammer2:1\.5b' does not go on after a tool's result/,
  },
  {
    fact: 'a model that was never taught tools is told of them in words',
    model: 'smollm2-135m-instruct',
    question: { messages: hi, tools: toolsOf('nests'), constrain_tool_calls: false },
    plan: 'prompted; dialect=envelope; facts=temperature',
    body: { temperature: 0, tools: undefined, grammar: undefined },
    warning: /^The chat template of 'smollm2-135m-instruct' does not tell it about tools in a known form: .*dialect envelope/,
  },
  {
    fact: 'a model of 7 billion parameters writes its calls freely',
    model: 'Qwen2.5-7B-Instruct-Q4_K_M.gguf',
    question: { messages: hi, tools: toolsOf('nests') },
    plan: 'template; dialect=hermes; facts=temperature',
    body: { temperature: 0.2, stop: undefined, grammar: undefined },
    warning: /^'Qwen2\.5-7B-Instruct-Q4_K_M\.gguf' gets temperature 0\.2 for requests with tools/,
  },
  {
    fact: 'the calls of a small one are not bound where the caller says so',
    model: 'SmolLM2-1.7B-Instruct-Q4_K_M.gguf',
    question: { messages: hi, tools: toolsOf('nests'), constrain_tool_calls: false },
    plan: 'template; dialect=hermes; facts=temperature',
    body: { temperature: 0.2, stop: undefined, grammar: undefined },
    warning: /^'SmolLM2-1\.7B-Instruct-Q4_K_M\.gguf' gets temperature 0\.2 for requests with tools/,
  },
];

const dig = (body: unknown, path: string) =>
  path.split('.').reduce((inside, name) => (inside as Record<string, unknown> | undefined)?.[name], body);
const asked = new Map<string, number>();

for (const { fact, model, question, plan, body, warning } of cases) {
  test(`${fact} (${model})`, async () => {
    for (const isStreamed of [false, true, false]) {
      const count = scene.fakeOf(model).requests.length;
      const told = await scene.ask(model, question, isStreamed);
      assert.equal(told.plan, plan);
      assert.equal(told.text, 'Hello from the fake engine.');
      const [received, ...more] = scene.bodiesSince(model, count);
      assert.deepEqual(more, []);
      for (const [path, value] of Object.entries(body)) assert.deepEqual(dig(received, path), value, path);
    }
    const requests = (asked.get(model) ?? 0) + 3;
    asked.set(model, requests);
    const warnings = await scene.warnings(model, requests);
    if (warning) assert.equal(warnings.filter((each) => warning.test(each)).length, 1, warnings.join('\n'));
    assert.equal(new Set(warnings).size, warnings.length);
  });
}

test('the model of a family that nobody knows gets what the caller says and nothing else', async () => {
  const model = 'nobody-knows-it';
  const question = { messages: called, tools: seven, parallel_tool_calls: true };
  const told = await scene.ask(model, question);
  assert.equal(told.plan, 'native');
  assert.deepEqual(scene.bodiesSince(model, 0).at(-1), { model, messages: called, tools: seven, stream: false });
  assert.deepEqual(await scene.warnings(model, 1), []);
});

test('an engine with a parser of calls renders first, and answers to those tokens', async () => {
  const model = 'mistralai/Mistral-7B-Instruct-v0.3';
  const fake = scene.fakeOf(model);
  await scene.ask(model, { messages: called, tools: toolsOf('nests') });
  const { prompt } = scene.bodiesSince(model, 0).at(-1) ?? {};
  const text = Buffer.from(prompt as number[]).toString();
  assert.match(
    text,
    /^\[AVAILABLE_TOOLS\].*"name": "nests".*\[\/AVAILABLE_TOOLS\]\[INST\] How many nests\?\[\/INST\]\[TOOL_CALLS\].*\[TOOL_RESULTS\]/s,
  );
  assert.equal(fake.requests.at(-2)?.path, '/tokenize');
});

/** Writes prose, then a call; the prose ends at the opener where that is a stop text. */
function writeCall({ body }: FakeRequest): FakeReply {
  if (body?.grammar !== undefined) return { pieces: ['\n{"name": "nests", "arguments": ', '{"tree": "elm"}}\n</tool_call>'] };
  return { pieces: ['I count.', '\n'], stopReason: '<tool_call>' };
}

test('calls of a model under 7B are bound once begun, and text stays free', async () => {
  const model = 'SmolLM2-1.7B-Instruct-Q4_K_M.gguf';
  scene.fakeOf(model).setReplies(writeCall);
  for (const isStreamed of [false, true]) {
    const count = scene.fakeOf(model).requests.length;
    const told = await scene.ask(model, { messages: hi, tools: toolsOf('nests') }, isStreamed);
    assert.equal(told.plan, 'template; dialect=hermes; enforcement=engine; facts=temperature');
    assert.equal(told.text.trim(), 'I count.');
    assert.deepEqual(told.calls, [{ name: 'nests', arguments: '{"tree": "elm"}' }]);
    const [free, bound] = scene.bodiesSince(model, count);
    assert.deepEqual([free?.stop, free?.grammar], [['<tool_call>'], undefined]);
    assert.match(String(bound?.grammar), /^root ::= .*nests.*tree/s);
    assert.match(String(bound?.prompt), /I count\.\n<tool_call>$/);
  }
});
