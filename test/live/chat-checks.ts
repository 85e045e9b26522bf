import assert from 'node:assert/strict';
import type { Check } from './check.ts';
import { situation } from './situation.ts';
import { type Answer, question, type Talk } from './talk.ts';
import { tools } from './tools.ts';

const story = [{ role: 'user', content: 'Tell me a long story about a lighthouse and a rook.' }];
/** " yes" is another token; this one is `yes` in SmolLM2's vocabulary. */
const yesToken = 10407;

/** Plain conversations: sampling, ends, log probabilities, and what is refused. */
export const chatChecks: readonly Check[] = [
  {
    id: 'chat.whole',
    name: 'a plain question is answered, with usage and a finish reason',
    run: async (talk) => {
      const { first } = await talk.ask();
      assert.ok(first.text.length > 0 && first.calls.length === 0);
    },
  },
  {
    id: 'chat.streamed',
    name: 'a stream, joined, is the whole answer, and so is its usage',
    run: async (talk) => {
      const whole = await talk.ask();
      const streamed = await talk.askStreamed();
      assert.deepEqual([streamed.first.text, streamed.first.finish], [whole.first.text, whole.first.finish]);
      assert.deepEqual(countsOf(streamed.usage), countsOf(whole.usage));
    },
  },
  {
    id: 'chat.seed',
    name: 'the same seed gives the same text at temperature 1, and another seed another text',
    run: async (talk) => {
      const drawn = async (seed: number) => (await talk.ask({ messages: story, temperature: 1, seed })).first.text;
      const texts = [await drawn(7), await drawn(7), await drawn(8)];
      assert.equal(texts[1], texts[0]);
      assert.notEqual(texts[2], texts[0]);
    },
  },
  {
    id: 'chat.n',
    name: 'n gives as many choices, streamed and whole, and they differ',
    run: async (talk) => {
      const wished = { messages: story, n: 2, temperature: 1, max_tokens: 16 };
      for (const reply of [await talk.ask(wished), await talk.askStreamed(wished)]) {
        assert.notEqual(reply.choices[0]?.text, reply.choices[1]?.text);
      }
    },
  },
  {
    id: 'chat.length',
    name: 'max_tokens ends a long answer with finish_reason length, and is its count of tokens',
    run: async (talk) => {
      for (const { first, usage } of [
        await talk.ask({ messages: story, max_tokens: 8 }),
        await talk.askStreamed({ messages: story, max_tokens: 8 }),
      ]) {
        assert.deepEqual([first.finish, usage.completion_tokens], ['length', 8]);
      }
    },
  },
  { id: 'chat.stop', name: 'a stop text ends the answer and is no part of it, streamed and whole', run: checkStop },
  { id: 'chat.stop-tokens', name: 'a stop token id ends the answer', run: checkStopTokens },
  {
    id: 'chat.sampling',
    name: 'top_p, top_k, min_p and the penalties are taken',
    run: async (talk) => {
      const penalties = { repetition_penalty: 1.1, presence_penalty: 0.5, frequency_penalty: 0.5 };
      const { first } = await talk.ask({ temperature: 0.8, top_p: 0.9, top_k: 20, min_p: 0.05, ...penalties });
      assert.ok(first.text.length > 0);
      // the likeliest of one candidate is the greedy answer
      const [greedy, single] = [await talk.ask(), await talk.ask({ temperature: 1, top_k: 1 })];
      assert.equal(single.first.text, greedy.first.text);
    },
  },
  {
    id: 'chat.logit-bias',
    name: 'logit_bias forces a token',
    run: async (talk) => {
      const { first } = await talk.ask({ logit_bias: { [yesToken]: 100 }, max_tokens: 3 });
      if (situation.isTiny) assert.equal(first.text, 'yesyesyes');
    },
  },
  {
    id: 'chat.logprobs',
    name: 'log probabilities come for every token, likeliest first, streamed and whole',
    run: async (talk) => {
      const wished = { messages: story, logprobs: true, top_logprobs: 3, max_tokens: 8 };
      const [whole, streamed] = [await talk.ask(wished), await talk.askStreamed(wished)];
      for (const { first, usage } of [whole, streamed]) {
        assert.equal(first.logprobs.length, usage.completion_tokens);
        assert.equal(first.logprobs.map(({ token }) => token).join(''), first.text);
        checkLogprobs(first);
      }
    },
  },
  {
    id: 'chat.unknown-field',
    name: 'a field nobody here knows reaches the engine, or is refused',
    run: async (talk) => {
      await talk.ask({ plumage: 'black', max_tokens: 2 });
    },
  },
  {
    id: 'chat.reasoning-effort',
    name: 'reasoning_effort is taken',
    run: async (talk) => {
      assert.ok((await talk.ask({ reasoning_effort: 'low' })).usage.completion_tokens > 0);
    },
  },
  {
    id: 'chat.history',
    name: 'a conversation with calls and their results is answered',
    run: async (talk) => {
      const { first } = await talk.ask({ messages: callHistory, tools, tool_choice: 'none' });
      assert.ok(first.text.length > 0 && first.calls.length === 0);
      await talk.askStreamed({ messages: callHistory });
    },
  },
  {
    id: 'chat.context',
    name: 'a prompt longer than the context is 400 context_length_exceeded, streamed and whole',
    run: checkContext,
  },
  {
    id: 'chat.model',
    name: 'a model that is not served is 404 model_not_found',
    run: (talk) => assert.rejects(talk.ask({ model: 'no-such-rook' }), { status: 404, code: 'model_not_found' }),
  },
  {
    id: 'chat.picture',
    name: 'a picture is looked at, or refused',
    run: async (talk) => {
      const url = 'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';
      const content = [
        { type: 'text', text: 'What do you see?' },
        { type: 'image_url', image_url: { url } },
      ];
      await talk.ask({ messages: [{ role: 'user', content }] });
    },
  },
];

/** A question, a call of a tool, its result, and another question. */
export const callHistory = [
  { role: 'user', content: 'What is the weather in Rome for the next 2 days?' },
  {
    role: 'assistant',
    content: null,
    tool_calls: [{ id: 'call_rome00001', type: 'function', function: { name: 'get_weather', arguments: '{"city": "Rome", "days": 2}' } }],
  },
  { role: 'tool', tool_call_id: 'call_rome00001', content: '{"sky": "sunny", "celsius": 21}' },
  { role: 'user', content: 'Say it in one sentence.' },
];

/** The counts that do not depend on what was asked before. */
export function countsOf(usage: { readonly prompt_tokens: number; readonly completion_tokens: number }): readonly number[] {
  return [usage.prompt_tokens, usage.completion_tokens];
}

/** No model has more: a server that tells no limit lists a larger number. */
const mostContextTokens = 2_000_000;

/** The limit is what the model list tells, where it tells one. */
async function checkContext(talk: Talk): Promise<void> {
  const { max_model_len: told = 0 } = (await talk.client.models.retrieve(talk.model)) as unknown as { readonly max_model_len?: number };
  const contextTokens = told > mostContextTokens ? situation.contextTokens : Math.max(told, situation.contextTokens);
  const messages = [{ role: 'user', content: 'nut '.repeat(contextTokens + 400) }];
  const refused = { status: 400, code: 'context_length_exceeded' };
  await assert.rejects(talk.ask({ messages }), refused);
  await assert.rejects(talk.askStreamed({ messages }), refused);
}

/** A word from the middle of the greedy answer is the stop text: it is known to come. */
async function checkStop(talk: Talk): Promise<void> {
  const free = (await talk.ask({ messages: story })).first.text;
  const words = free.trim().split(/\s+/);
  const stop = words[Math.floor(words.length / 2)] ?? '';
  assert.ok(stop.length > 1, `the answer '${free}' has no word to stop at`);
  const before = free.slice(0, free.indexOf(stop));
  for (const { first } of [await talk.ask({ messages: story, stop: [stop] }), await talk.askStreamed({ messages: story, stop: [stop] })]) {
    assert.deepEqual([first.text, first.finish], [before, 'stop']);
  }
}

/** A token from the middle of the greedy answer is the stop token. */
async function checkStopTokens(talk: Talk): Promise<void> {
  const free = (await talk.ask({ messages: story })).first.text;
  // an engine that is to refuse has no tokenizer to ask either
  const ids = await talk.post<{ tokens: number[] }>('/tokenize', { prompt: free }).catch(() => ({ tokens: [yesToken] }));
  const stop = ids.tokens[Math.floor(ids.tokens.length / 2)];
  const { first } = await talk.ask({ messages: story, stop_token_ids: [stop] });
  assert.equal(first.finish, 'stop');
  assert.ok(free.startsWith(first.text) && first.text.length < free.length, `'${first.text}' does not end early in '${free}'`);
}

function checkLogprobs({ logprobs }: Answer): void {
  for (const { logprob, top_logprobs: top } of logprobs) {
    assert.equal(top.length, 3);
    const values = top.map((each) => each.logprob);
    assert.deepEqual(
      values,
      [...values].sort((left, right) => right - left),
    );
    assert.ok([logprob, ...values].every((value) => value <= 0));
    // greedy: what was written is the likeliest
    assert.equal(logprob, values[0]);
  }
}

export { question, story };
