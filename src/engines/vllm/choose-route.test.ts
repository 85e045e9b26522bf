import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EngineRequest } from '../../protocol/engine.ts';
import { GatewayError } from '../../protocol/error.ts';
import { chooseRoute, type Route } from './choose-route.ts';

const messages = [{ role: 'user', content: 'Hi' }] as const;
const tool = { name: 'f', description: 'd', parameters: { type: 'object' } };
const wireTool = { type: 'function', function: tool };
const request: EngineRequest = {
  ...{ id: 'r', model: 'm', prompt: { form: 'messages', messages } },
  ...{ sampling: {}, stop: [], stopTokenIds: [], ignoreEos: false, isStreamed: true, keptSpecialTokens: [], unknownFields: {} },
};
const neutral = {
  ...{ temperature: 1, top_p: 1, top_k: -1, min_p: 0 },
  ...{ repetition_penalty: 1, presence_penalty: 0, frequency_penalty: 0 },
};
const streamed = { stream: true, stream_options: { include_usage: true, continuous_usage_stats: true } };
const markers = { skip_special_tokens: false, spaces_between_special_tokens: false };
const chat = { model: 'm', messages, ...neutral, ...streamed, ...markers };
const completion = { model: 'm', ...neutral, ...streamed };
const raw = { answersRaw: true, contextTokens: undefined };
const parsed = { answersRaw: false, contextTokens: undefined };

/** The body that is sent in the end, where `/tokenize` answers 90 tokens of a context of 100. */
function bodyOf(route: Route): unknown {
  return route.asks === undefined ? route.body : route.write({ tokens: Array.from({ length: 90 }, () => 7), contextTokens: 100 });
}

const bodies: readonly { readonly name: string; readonly request: Partial<EngineRequest>; readonly body: object }[] = [
  { name: 'a question', request: {}, body: chat },
  {
    name: 'tools that are shown',
    request: { prompt: { form: 'messages', messages, shownTools: [tool] } },
    body: { ...chat, tools: [wireTool], tool_choice: 'none' },
  },
  { name: 'no tool to show', request: { prompt: { form: 'messages', messages, shownTools: [] } }, body: chat },
  {
    name: 'template variables and effort',
    request: { prompt: { form: 'messages', messages, variablesJson: '{"enable_thinking": false}' }, native: { reasoningEffort: 'low' } },
    body: { ...chat, chat_template_kwargs: { enable_thinking: false }, reasoning_effort: 'low' },
  },
  {
    name: 'every way of drawing',
    request: {
      sampling: {
        ...{ temperature: 0, topP: 0.9, topK: 40, minP: 0.1, repetitionPenalty: 1.1, presencePenalty: 1, frequencyPenalty: -1, seed: 3 },
        logitBias: [[5, -100]],
      },
      ...{ maxTokens: 9, stop: ['END'], stopTokenIds: [4], ignoreEos: true, topLogprobs: 2 },
    },
    body: {
      ...chat,
      ...{
        temperature: 0,
        top_p: 0.9,
        top_k: 40,
        min_p: 0.1,
        repetition_penalty: 1.1,
        presence_penalty: 1,
        frequency_penalty: -1,
        seed: 3,
      },
      ...{
        logit_bias: { '5': -100 },
        max_tokens: 9,
        stop: ['END'],
        stop_token_ids: [4],
        ignore_eos: true,
        logprobs: true,
        top_logprobs: 2,
      },
    },
  },
  { name: 'all candidates', request: { sampling: { topK: 0 } }, body: chat },
  {
    name: 'fields that nobody here knows, which are not ours to lose',
    request: { unknownFields: { priority: 1, cache_salt: 'a', stream: false, model: 'other' } },
    body: { ...chat, priority: 1, cache_salt: 'a' },
  },
  {
    name: 'a structural tag',
    request: { grammar: { notation: 'structural-tag', text: '{"type":"structural_tag"}' } },
    body: { ...chat, structured_outputs: { structural_tag: '{"type":"structural_tag"}' } },
  },
  {
    name: 'a grammar for an old version',
    request: { grammar: { notation: 'ebnf', text: 'root ::= "a"' } },
    body: { ...chat, guided_grammar: 'root ::= "a"' },
  },
];

for (const { name, request: more, body } of bodies) {
  test(`the chat route gets ${name}`, () => {
    assert.deepEqual(bodyOf(chooseRoute({ ...request, ...more }, raw)), body);
  });
}

test('an answer that nobody reads piece by piece is asked for whole', () => {
  const { stream_options: _, ...whole } = { ...chat, stream: false };
  assert.deepEqual(bodyOf(chooseRoute({ ...request, isStreamed: false }, raw)), whole);
  assert.deepEqual(bodyOf(chooseRoute({ ...request, isStreamed: false, mayBeStopped: true }, raw)), chat);
});

test("the engine's own tools go to the chat route, whatever it parses, and its parsers decide about special tokens", () => {
  const { skip_special_tokens: _, spaces_between_special_tokens: __, ...own } = chat;
  const ask = (native: EngineRequest['native']) => bodyOf(chooseRoute({ ...request, ...(native ? { native } : {}) }, parsed));
  assert.deepEqual(ask({ tools: [tool], toolChoice: 'auto', parallelToolCalls: true }), { ...own, tools: [wireTool], tool_choice: 'auto' });
  const strictTool = { type: 'function', function: { ...tool, strict: true } };
  assert.deepEqual(ask({ tools: [tool], toolChoice: 'required', parallelToolCalls: false }), {
    ...{ ...own, tools: [strictTool], tool_choice: 'required' },
    parallel_tool_calls: false,
  });
  const named = { type: 'function', function: { name: 'f' } };
  assert.deepEqual(ask({ tools: [tool], toolChoice: { name: 'f' } }), { ...own, tools: [strictTool], tool_choice: named });
  const loose = { ...tool, strict: false };
  assert.deepEqual(ask({ tools: [loose], toolChoice: 'required' }), {
    ...{ ...own, tools: [{ type: 'function', function: loose }], tool_choice: 'required' },
  });
});

test('behind parsers a conversation is rendered first and its ids are completed', () => {
  const prompt = { form: 'messages', messages, shownTools: [tool], variablesJson: '{"a":1,"enable_thinking":true}' } as const;
  const route = chooseRoute({ ...request, prompt, topLogprobs: 1, native: { reasoningEffort: 'none' } }, parsed);
  assert.equal(route.path, '/v1/completions');
  assert.deepEqual(route.asks, {
    ...{ model: 'm', messages, tools: [wireTool] },
    chat_template_kwargs: { reasoning_effort: 'none', enable_thinking: true, a: 1 },
  });
  const prompted = Array.from({ length: 90 }, () => 7);
  assert.deepEqual(bodyOf(route), { ...completion, ...markers, prompt: prompted, max_tokens: 10, logprobs: 1 });
  assert.deepEqual(chooseRoute(request, parsed).asks, { model: 'm', messages });
});

test('past thoughts go under both of their names', () => {
  const prompt = { form: 'messages', messages: [{ role: 'assistant', content: 'Yes.', reasoning: 'Hm' }] } as const;
  const told = [{ role: 'assistant', content: 'Yes.', reasoning_content: 'Hm', reasoning: 'Hm' }];
  assert.deepEqual(bodyOf(chooseRoute({ ...request, prompt }, raw)), { ...chat, messages: told });
  assert.deepEqual(chooseRoute({ ...request, prompt }, parsed).asks, { model: 'm', messages: told });
});

test('pictures go to the chat route', () => {
  const pictured = [{ role: 'user' as const, content: [{ type: 'image' as const, url: 'data:image/png;base64,AA==' }] }];
  assert.equal(chooseRoute({ ...request, prompt: { form: 'messages', messages: pictured } }, parsed).path, '/v1/chat/completions');
});

const segments = [
  { text: 'Once ', isLiteral: false },
  { text: 'upon', isLiteral: true },
];

test('a text that a template wrote gets no second begin-of-text token, and its answer keeps the markers', () => {
  const prompt = { form: 'segments', segments, isRendered: true } as const;
  assert.deepEqual(bodyOf(chooseRoute({ ...request, prompt, maxTokens: 5 }, parsed)), {
    ...{ ...completion, ...markers, prompt: 'Once upon', add_special_tokens: false, max_tokens: 5 },
  });
});

test("a raw text and raw ids are the caller's", () => {
  const asText = { form: 'segments', segments, isRendered: false } as const;
  assert.deepEqual(bodyOf(chooseRoute({ ...request, prompt: asText, maxTokens: 5 }, raw)), {
    ...completion,
    prompt: 'Once upon',
    max_tokens: 5,
  });
  const asIds = { form: 'tokens', tokens: [1, 2] } as const;
  assert.deepEqual(bodyOf(chooseRoute({ ...request, prompt: asIds, maxTokens: 5 }, raw)), { ...completion, prompt: [1, 2], max_tokens: 5 });
});

test('a prompt without a token limit is counted first and may be answered to the end of the context', () => {
  const asText = chooseRoute({ ...request, prompt: { form: 'segments', segments, isRendered: false } }, raw);
  assert.deepEqual(asText.asks, { model: 'm', prompt: 'Once upon', add_special_tokens: true });
  assert.equal((bodyOf(asText) as { max_tokens: number }).max_tokens, 10);
  const rendered = chooseRoute({ ...request, prompt: { form: 'segments', segments, isRendered: true } }, raw);
  assert.deepEqual(rendered.asks, { model: 'm', prompt: 'Once upon', add_special_tokens: false });
  const asIds = chooseRoute({ ...request, prompt: { form: 'tokens', tokens: [1, 2] } }, { ...raw, contextTokens: 50 });
  assert.deepEqual(bodyOf(asIds), { ...completion, prompt: [1, 2], max_tokens: 48 });
});

test('a prompt that fills the context is sent to be refused', () => {
  const full = chooseRoute({ ...request, prompt: { form: 'segments', segments, isRendered: true } }, { ...raw, contextTokens: 80 });
  assert.equal((bodyOf(full) as { max_tokens: number }).max_tokens, 1);
});

test('a grammar of another notation or start is our mistake', () => {
  const lazy = { trigger: '<', dialectJson: '{}', toolsJson: '[]', parallel: true, promptTail: '', hasSpecials: false };
  const wrong = [
    { notation: 'gbnf', text: 'root ::= "a"' },
    { notation: 'ebnf', text: 'root ::= "a"', trigger: '<' },
    { notation: 'structural-tag', text: '{}', lazy },
  ] as const;
  for (const grammar of wrong) {
    assert.throws(
      () => chooseRoute({ ...request, grammar }, raw),
      (error) => error instanceof GatewayError && error.code === 'internal_error',
    );
  }
});
