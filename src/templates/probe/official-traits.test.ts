import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readOfficialTemplates } from '../../dialects/detect/official-templates.test.support.ts';
import { compileTemplate } from '../../jinja/index.ts';
import { findContentFormat } from '../content-format.ts';
import { describeTraits } from './official-table.test.support.ts';
import { probeTemplate } from './probe-template.ts';
import type { PromptTraits, TemplateTraits, ThinkingToggle } from './traits.ts';

/**
 * p printed, d dropped, R refused, m merged into a user's turn, 1 first call only, i text instead of the call, L shown as a list;
 * = the same, ~ another prompt, N prints `None`, n prints `null`. Developer role: s as system, o its own, a as any role.
 *
 * name
 * | system: role, alone, with tools, in a tool loop, several, later; developer
 * | parts: system, user, assistant, tool
 * | variables of tools | tools: handling, in a tool loop; empty, none; description: missing, null; parameters: missing, null
 * | arguments, and `null` where content must be null | calls: one, two, beside text; content: null, absent; list: empty, null
 * | ids | results: one, two; without name
 * | turns: users in a row, assistants in a row, assistant first, user behind a result, answer behind a result
 * | reasoning: fields in a tool loop / in history / inline | toggle | effort | times bos_token, and the clock
 */
const expected = `
Apertus-8B-Instruct | ppppRRR | RRRL | tools | pp==RR== | object | ppp==== | no | pp= | ppppp | -/-/p | enable_thinking:off | - | 1 day
Apriel-1.6-15b-Thinker-fixed | ppppppd | dpdd | tools | pp==~N~N | object | ppp==== | whole | pp= | ppppp | -/-/p | - | - | 1 unused
Bielik-11B-v3.0-Instruct | ppppddd | LRRR | tools | pp==~n~n | either | pppR=== | no | pp= | ppppp | reasoning_content/reasoning_content/p | enable_thinking:off | - | 1 unused
ByteDance-Seed-OSS | ppppppa | RRdR | tools | pp===NRR | object | ppp==== | no | pp= | ppppp | reasoning_content/reasoning_content/p | thinking_budget:on | - | 0 unused
Cohere2MoE | ppppppd | pppp | tools | pp===NRn | object | ppd==== | no | pp= | ppppp | reasoning/reasoning/p | reasoning:on | - | 1 unused
CohereForAI-c4ai-command-r-plus-tool_use | ppppppd | RLLL | tools | pp=R=NR= | object | pppN=~R | no | pp= | ppppp | -/-/p | - | - | 1 unused
CohereForAI-c4ai-command-r7b-12-2024-tool_use | ppppppd | LLLL | tools | pp===NRn | object | ppd==== | no | pp= | ppppp | reasoning_content/-/p | enable_thinking:off | - | 1 unused
GLM-4.6 | ppppppd | pppL | tools | pp==~n~n | object | pppN=== | no | pp= | ppppp | reasoning_content/-/d | enable_thinking:on | - | 0 unused
GLM-4.7-Flash | ppppppd | pppL | tools | pp==~n~n | object | pppN=== | no | pp= | ppppp | reasoning_content/-/d | enable_thinking:on | - | 0 unused
GigaChat3-10B-A1.8B | ppppppa | LLLL | tools | pp====== | either | p1p==== | no | pp= | ppppp | -/-/p | - | - | 1 unused
GigaChat3.1-10B-A1.8B | ppppppa | LLLL | tools | pp====== | either | p1p==== | no | pp= | ppppp | -/-/p | - | - | 1 unused
HuggingFaceTB-SmolLM3-3B | ppppddd | Rddd | - | dd====== | none | ddi==== | no | pp= | ppppp | -/-/p | enable_thinking:on | - | 0 unused
Kimi-K2-Instruct | pppRppa | pppR | tools | pR==~n~n | none | RRRRR== | no | RRR | pppRR | -/-/p | - | - | 0 unused
Kimi-K2-Thinking | pppRppa | pppR | tools | pR==~n~n | none | RRRRR== | no | RRR | pppRR | -/-/p | - | - | 0 unused
Kimi-K3 | ppppppd | pppp | tools | pp==~n~n | object | ppp==== | no | pp= | ppppp | reasoning_content/reasoning_content/p | thinking:on | thinking_effort:low,high,max | 0 unused
LFM2-8B-A1B | ppppppa | RLLL | tools | pp==~n~n | none | ddinR== | no | pp= | ppppp | -/-/p | - | - | 1 unused
LFM2.5-8B-A1B | ppppppa | pppp | tools | pp==~n~n | object | pppR=~R | no | pp= | ppppp | thinking/-/d | - | - | 1 unused
LFM2.5-Instruct | ppppppa | RLLL | tools | pp==~n~n | none | ddinR== | no | pp= | ppppp | -/-/p | - | - | 1 unused
MiMo-VL | ppppppd | RRRL | tools | pp==~n~n | object | ppp==== | no | pp= | ppppp | -/-/p | - | - | 0 unused
MiniMax-M1 | ppppddd | dppp | tools+custom_tools | pp~=~n~n | object | ppd==~R | no | pp= | ppppp | -/-/p | - | - | 0 unused
MiniMax-M2 | ppppddd | pppp | tools | pp==~n~n | object | pppN=== | no | pp= | ppppp | reasoning_content/-/d | - | - | 0 unused
MiniMax-M3 | ppppdds | pppp | tools | pp==~n~n | object | ppp==== | no | pp= | ppppp | reasoning_content/reasoning_content/p | thinking_mode:neither | - | 0 unused
Mistral-Small-3.2-24B-Instruct-2506 | ppppRRR | dppL | tools | pp~=~n~n | object | ppd==== | exactly-nine whole | pp= | RRRRp | -/-/p | - | - | 1 day
NVIDIA-Nemotron-3-Nano-30B-A3B-BF16 | ppppppa | RLLL | tools | pp==~N== | object | ppp==== | no | pp= | ppppp | reasoning_content/-/d | enable_thinking:on | - | 0 unused
NVIDIA-Nemotron-Nano-v2 | pRppddd | RRRL | tools | pp==~n~n | either | ppp==== | no | pp= | ppppp | -/-/d | - | - | 0 unused
NousResearch-Hermes-2-Pro-Llama-3-8B-tool_use | ppppppd | RRRL | tools | pp=RRRR= | either | ppd==~R | no | pp= | ppppp | -/-/p | - | - | 1 unused
NousResearch-Hermes-3-Llama-3.1-8B-tool_use | ppppppd | RRRL | tools | pp=RRRR= | either | ppd==~R | no | pp= | ppppp | -/-/p | - | - | 1 unused
Qwen-QwQ-32B | ppppppd | RRRL | tools | pp==~n~n | object | pppRR== | no | pp= | ppppp | -/-/d | enable_thinking:off | - | 0 unused
Qwen-Qwen2.5-7B-Instruct | ppppppd | RRRL | tools | pp==~n~n | object | ppp==== | no | pp= | ppppp | -/-/p | - | - | 0 unused
Qwen-Qwen3-0.6B | ppppppd | RRRL | tools | pp==~n~n | either | pppRR== | no | pp= | ppppp | reasoning_content/-/d | enable_thinking:on | - | 0 unused
Qwen3-Coder | ppppppa | RRRL | tools | pp==~N== | object | ppp==== | no | pp= | ppppp | -/-/p | - | - | 0 unused
Qwen3.5-4B | pRppRRR | pppp | tools | pp==~n~n | object | ppp==== | no | pp= | ppppp | reasoning_content/-/d | enable_thinking:on | - | 0 unused
Reka-Edge | ppppdds | pppp | tools | pp==~n~n | either | ppp==== | no | pp= | ppppp | reasoning_content/-/d | enable_thinking:off | - | 0 unused
Spark2.5 | ppppppR | pppL | tools | pp==~n~n | object | ppp==== | no | pp= | ppppp | reasoning_content/reasoning_content/p | enable_thinking:on | - | 0 unused
StepFun3.5-Flash | ppppppd | pppp | tools | pp==~n~n | object | ppp==== | no | pp= | ppppp | reasoning_content/-/d | - | - | 1 unused
deepseek-ai-DeepSeek-R1-Distill-Llama-8B | ppppdpd | LRRR | - | dd====== | string null | ppi~R== | no | pp= | ppppp | -/-/d | - | - | 1 unused
deepseek-ai-DeepSeek-R1-Distill-Qwen-32B | ppppdpd | LRRR | - | dd====== | object | ppp~R== | no | pp= | ppppp | -/-/d | enable_thinking:off | - | 1 unused
deepseek-ai-DeepSeek-V3.1 | ppppppd | RRRR | - | dd====== | object | ppp==== | no | pp= | ppppp | -/-/d | enable_thinking:off | - | 1 unused
deepseek-ai-DeepSeek-V3.2 | ppppppd | RRLR | tools | pp==~n~n | object | ppp==== | no | pp= | ppppp | reasoning_content/-/p | enable_thinking:off | - | 1 unused
deepseek-ai-DeepSeek-V4-Flash-0731 | ppppppo | RLLR | tools | pp==~n~n | object | ppp==== | no | pp= | ppppp | reasoning_content/-/p | enable_thinking:off | reasoning_effort:none,minimal,low,medium,high,max | 1 unused
deepseek-ai-DeepSeek-V4 | ppppppo | RLLR | tools | pp==~n~n | object | ppp==== | no | pp= | ppppp | reasoning_content/-/p | enable_thinking:off | reasoning_effort:none,minimal,low,medium,high,max | 1 unused
fireworks-ai-llama-3-firefunction-v2 | RRRRRRR | RRRR | - | RRRRRRRR | none | RRRRRRR | no | RRR | RRRRR | -/-/R | - | - | 0 unused
google-gemma-2-2b-it | RRRRRRR | RLLR | - | dR====== | none | ddRRR== | no | RRR | RRRRR | -/-/p | - | - | 1 unused
google-gemma-4-31B-it-interleaved | pppppps | Lppp | tools | pp===N~~ | object | ppp==== | no | pp= | ppppp | reasoning_content/-/p | enable_thinking:off | - | 1 unused
google-gemma-4-31B-it | pppppps | Lppp | tools | pp===N~~ | object | ppp==== | no | pp= | ppppp | reasoning/-/p | enable_thinking:off | - | 1 unused
ibm-granite-granite-3.3-2B-Instruct | ppppppa | RRRR | tools | pp==~n~n | none | ddiRR== | no | pp= | ppppp | -/-/p | thinking:off | - | 0 day
ibm-granite-granite-4.0 | ppppppd | pppp | tools | pp==~n~n | either | ppp==== | no | pp= | ppppp | -/-/p | - | - | 0 unused
ibm-granite-granite-4.1 | ppppppd | pppp | tools | pp==~n~n | either | ppp==== | no | pp= | ppppp | -/-/p | - | - | 0 unused
inclusionai-ling-3.0-flash | ppppppd | RRdd | tools | pp==~n~n | object | ppp==== | no | pp= | ppppp | reasoning_content/reasoning_content/p | enable_thinking:on | - | 0 unused
llama-cpp-deepseek-r1 | ppppdpd | LRRR | - | Rd==RRRR | object | ppi==== | no | pp= | ppppp | -/-/d | - | - | 1 unused
llama-cpp-rwkv-world | ppppdpd | RLLd | - | dd====== | none | ddi~=== | no | dd= | pppdd | -/-/d | enable_thinking:neither | - | 1 unused
meetkai-functionary-medium-v3.1 | ppppppa | RRLR | tools | pp==RR~n | object | ppp==== | no | pp= | ppppp | -/-/p | - | - | 1 unused
meetkai-functionary-medium-v3.2 | ppppppa | RRRR | tools | pp===R== | string | ppp==== | no | pp= | ppppp | -/-/p | - | - | 1 unused
meta-llama-Llama-3.1-8B-Instruct | ppppppa | LLLL | tools+custom_tools | pp~=~n~n | object | pRd==RR | no | pp= | ppppp | -/-/p | - | - | 1 unused
meta-llama-Llama-3.2-3B-Instruct | ppppppa | LLLL | tools+custom_tools | pp~=~n~n | object | pRd==RR | no | pp= | ppppp | -/-/p | - | - | 1 day
meta-llama-Llama-3.3-70B-Instruct | ppppppa | LLLL | tools+custom_tools | pp~=~n~n | object | pRd==RR | no | pp= | ppppp | -/-/p | - | - | 1 unused
microsoft-Phi-3.5-mini-instruct | ppppppd | RRRd | - | dd====== | none | ddiRR== | no | dd= | pppdd | -/-/p | - | - | 0 unused
mistralai-Ministral-3-14B-Reasoning-2512 | ppppRRR | pppL | tools | pp==~n~n | either | pppR=== | no | pp= | RRRRp | -/-/p | - | - | 1 unused
mistralai-Mistral-Nemo-Instruct-2407 | mdpdRRR | RRRL | tools | pp~=~n~n | object | ppd==R= | exactly-nine whole | pp= | RRRRp | -/-/p | - | - | 1 unused
moonshotai-Kimi-K2 | ppppppa | pppL | tools | pp==~n~n | object | ppp==== | whole | pp= | ppppp | -/-/p | - | - | 0 unused
muse-glimmer | ppppppd | pppp | tools | pp==RnRn | object | ppd==== | no | pp= | ppppp | reasoning_content/reasoning_content/p | - | - | 1 day
openai-gpt-oss-120b | ppppdds | LRRL | tools | pp==RR== | object | p1pR=RR | no | pp= | ppppp | thinking/-/p | - | reasoning_effort:none,minimal,low,medium,high,max | 0 day
openbmb-MiniCPM5-1B | ppppppd | RddL | tools | pp==~n~n | object | ppp==== | no | pp= | ppppp | reasoning_content/-/d | enable_thinking:neither | - | 1 unused
poolside-Laguna-S-2.1 | ppppppd | Rddd | tools | pp==~n~n | object | ppp==== | no | pp= | ppppp | reasoning/reasoning/p | enable_thinking:on | - | 0 unused
poolside-Laguna-XS-2.1 | ppppppd | Rddd | tools | pp==~n~n | object | ppp==== | no | pp= | ppppp | reasoning/reasoning/p | enable_thinking:off | - | 0 unused
poolside-Laguna-XS.2 | ppppppd | Rddd | tools | pp==~n~n | object | ppp==== | no | pp= | ppppp | reasoning/reasoning/p | enable_thinking:off | - | 0 unused
tencent-Hy3 | ppppppd | pppp | tools | pp==~n~n | object | ppp==== | no | pp= | ppppp | reasoning_content/-/p | - | reasoning_effort:low,high | 0 unused
unsloth-Apriel-1.5 | ppppppd | dpdd | tools | pp==~N~N | object | ppp==== | whole | pp= | ppppp | -/-/p | - | - | 1 unused
unsloth-mistral-Devstral-Small-2507 | ppppppR | dpdL | tools | pp==~n~n | either | pppRR== | no | pp= | ppppp | -/-/p | - | - | 1 unused
upstage-Solar-Open-100B | ppppppd | LRRL | tools | pp==~n~n | either | ppd==== | whole | pp= | ppppp | reasoning/-/p | - | reasoning_effort:none,minimal,low,medium,high,max | 0 day
`;

const official = readOfficialTemplates();
const found: ReadonlyMap<string, TemplateTraits> = new Map([...(official.templates ?? [])].map(([name, source]) => [name, probe(source)]));

function probe(source: string): TemplateTraits {
  const template = compileTemplate(source);
  return probeTemplate((variables, now) => template.render(variables, { now }).text);
}

test('the traits of the official templates are those of the table', (context) => {
  if (official.missing !== undefined) return context.skip(official.missing);
  const lines = expected.trim().split('\n');
  const described = [...found].map(([name, traits]) => `${name} | ${describeTraits(traits)}`);
  assert.deepEqual(described.sort(), lines.sort());
});

test('the rule for parts and the rendered prompts agree, but for templates that hide the loop behind another name', (context) => {
  if (official.missing !== undefined) return context.skip(official.missing);
  const differs = [...official.templates].filter(
    ([name, source]) => (findContentFormat(source) === 'parts') !== (found.get(name)?.content.parts.user === 'printed'),
  );
  assert.deepEqual(differs.map(([name]) => name).sort(), ['Kimi-K2-Instruct', 'Kimi-K2-Thinking']);
});

const emptyThought = '<think>\n\n</think>\n\n';
const chatml = '<|im_start|>assistant\n';
const llama = '<|start_header_id|>assistant<|end_header_id|>\n\n';

/** What the prompt ends with: as it is, and with thinking off and on where that is a question. Source: templates.md section 10. */
const tails: Readonly<Record<string, readonly [absent: string, off?: string, on?: string]>> = {
  'Qwen-Qwen2.5-7B-Instruct': [chatml],
  'NousResearch-Hermes-3-Llama-3.1-8B-tool_use': [chatml],
  'Qwen3-Coder': [chatml],
  'LFM2-8B-A1B': [chatml],
  'ibm-granite-granite-4.0': ['<|start_of_role|>assistant<|end_of_role|>'],
  'Qwen-Qwen3-0.6B': [chatml, `${chatml}${emptyThought}`, chatml],
  'Qwen3.5-4B': [`${chatml}<think>\n`, `${chatml}${emptyThought}`, `${chatml}<think>\n`],
  'HuggingFaceTB-SmolLM3-3B': [chatml, `${chatml}<think>\n\n</think>\n`, chatml],
  'deepseek-ai-DeepSeek-R1-Distill-Llama-8B': ['<｜Assistant｜><think>\n'],
  'deepseek-ai-DeepSeek-R1-Distill-Qwen-32B': [
    '<｜Assistant｜><think>\n</think>',
    '<｜Assistant｜><think>\n</think>',
    '<｜Assistant｜><think>\n',
  ],
  'Qwen-QwQ-32B': [`${chatml}<think>\n</think>`, `${chatml}<think>\n</think>`, `${chatml}<think>\n`],
  'google-gemma-4-31B-it': ['<|turn>model\n<|channel>thought\n<channel|>', '<|turn>model\n<|channel>thought\n<channel|>', '<|turn>model\n'],
  'meetkai-functionary-medium-v3.2': [`${llama}>>>`],
  'openai-gpt-oss-120b': ['<|start|>assistant'],
  'mistralai-Mistral-Nemo-Instruct-2407': [''],
  'Mistral-Small-3.2-24B-Instruct-2506': [''],
  'mistralai-Ministral-3-14B-Reasoning-2512': [''],
};

test('the ends of the prompts are the observed ones, with thinking on and off', (context) => {
  if (official.missing !== undefined) return context.skip(official.missing);
  for (const [name, [absent, off, on]] of Object.entries(tails)) {
    const traits = found.get(name);
    assert.equal(traits?.prompt.opening, absent, name);
    assert.deepEqual(tailsOf(traits?.reasoning.toggle), off === undefined ? undefined : { absent, off, on }, name);
  }
});

function tailsOf(toggle: ThinkingToggle | undefined): ThinkingToggle['tails'] | undefined {
  return toggle && { ...toggle.tails };
}

const otherEnds: readonly (readonly [string, Partial<PromptTraits>])[] = [
  ['microsoft-Phi-3.5-mini-instruct', { closing: '⟦eos_token⟧', answerEnding: '<|end|>\n⟦eos_token⟧' }],
  ['deepseek-ai-DeepSeek-R1-Distill-Llama-8B', { openingAfterResult: '' }],
  ['google-gemma-4-31B-it', { openingAfterResult: '' }],
  ['google-gemma-4-31B-it-interleaved', { openingAfterResult: '<|turn>model\n<|channel>thought\n<channel|>' }],
  ['deepseek-ai-DeepSeek-V3.2', { openingAfterResult: '\n\n<think></think>' }],
  ['CohereForAI-c4ai-command-r7b-12-2024-tool_use', { opening: '', closing: '' }],
  ['google-gemma-2-2b-it', { openingAfterResult: undefined, answerEnding: '<end_of_turn>\n' }],
  ['Qwen-Qwen3-0.6B', { openingAfterResult: chatml, closing: '', answerEnding: '<|im_end|>\n' }],
];

test('other ends of the prompts: behind a result, behind an answer, without a generation prompt', (context) => {
  if (official.missing !== undefined) return context.skip(official.missing);
  for (const [name, ends] of otherEnds) {
    const prompt: Readonly<Record<string, unknown>> = { ...found.get(name)?.prompt };
    assert.deepEqual(Object.fromEntries(Object.keys(ends).map((key) => [key, prompt[key]])), ends, name);
  }
});
