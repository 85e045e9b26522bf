import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EngineCapabilities, EngineModel } from '../protocol/engine.ts';
import type { Tool } from '../protocol/message.ts';
import type { GenerateRequest, ToolPreamble } from '../protocol/request.ts';
import { learnModel } from '../translate/model-knowledge.ts';
import { planRequest } from '../translate/plan.ts';
import { isNewToolList, measureTools, warnOfShare } from './tool-share.ts';

const chatTemplate = `{% if tools %}<tools>{% for t in tools %}{{ t | tojson }}
{% endfor %}</tools>
<tool_call>
{"name": <function-name>, "arguments": <args-json-object>}
</tool_call>{% endif %}{% for m in messages %}<|im_start|>{{ m.role }}
{{ m.content }}{% for c in m.tool_calls or [] %}<tool_call>{{ c.function | tojson }}</tool_call>{% endfor %}<|im_end|>{% endfor %}`;

/** A tool of about 110 tokens, four characters a token. */
function makeTool(index: number): Tool {
  const properties = { place: { type: 'string', description: 'Where the bird was seen. '.repeat(9) } };
  return { name: `report_bird_${index}`, description: 'Reports a bird.', parameters: { type: 'object', properties, required: ['place'] } };
}

const capabilities: EngineCapabilities = {
  ...{ prompts: ['segments'], constraints: [], topLogprobsMax: undefined, hasStopTokenIds: true, hasEmbeddings: false },
  ...{
    hasTools: false,
    hasToolChoice: false,
    showsTools: false,
    hasImages: false,
    hasTokenizer: true,
    slots: 1,
    tellsSpecialTokens: true,
    takesUnknownFields: false,
  },
};

function ask(contextTokens: number, toolPreamble: ToolPreamble, tools = Array.from({ length: 10 }, (_, index) => makeTool(index))) {
  const model: EngineModel = { id: 'm', contextTokens, chatTemplate, specialTokens: { addsBos: false, control: [] } };
  const request: GenerateRequest = {
    ...{ id: 'r', model: 'm', input: { type: 'chat', messages: [{ role: 'user', content: 'Where?' }] }, sampling: {}, stop: [] },
    ...{ stopTokenIds: [], ignoreEos: false, isStreamed: false, n: 1, unknownFields: {}, agent: {}, tools, toolPreamble },
  };
  const knowledge = learnModel(model);
  const plan = planRequest(request, knowledge, capabilities);
  const countTokens = async (segments: readonly { readonly text: string }[]) =>
    Math.ceil(segments.map(({ text }) => text).join('').length / 4);
  return { request, plan, knowledge, countTokens };
}

test('ten tools are over a quarter of a context of 4k, and under one of 8k', async () => {
  const small = await measureTools(ask(4096, 'official'));
  assert.ok(small.tokens > 1024 && small.tokens < 2048, String(small.tokens));
  assert.match(warnOfShare(small) ?? '', /^10 tools take \d+ of 4096 context tokens \(\d+ %\).*`tool_preamble` to "concise"\.$/);
  assert.equal(warnOfShare(await measureTools(ask(8192, 'official'))), undefined);
});

test('ten longer tools are over a quarter of a context of 8k', async () => {
  const long = Array.from({ length: 10 }, (_, index) => ({ ...makeTool(index), description: 'Reports a bird. '.repeat(60) }));
  assert.match(warnOfShare(await measureTools(ask(8192, 'official', long))) ?? '', /of 8192 context tokens/);
});

test('each preamble has its cost', async () => {
  const costs = await Promise.all((['official', 'concise', 'none'] as const).map((preamble) => measureTools(ask(4096, preamble))));
  const [official = 0, concise = 0, none = 0] = costs.map(({ tokens }) => tokens);
  assert.ok(concise > 0 && concise < official / 2, `${concise} of ${official}`);
  assert.equal(none, 0);
});

test('a list of tools is counted once for a model and a preamble', () => {
  const tools = [makeTool(1)];
  const first = ask(4096, 'official', tools);
  assert.deepEqual([isNewToolList(first), isNewToolList(first), isNewToolList(ask(4096, 'concise', tools))], [true, false, true]);
});
