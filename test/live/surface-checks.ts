import assert from 'node:assert/strict';
import { callHistory } from './chat-checks.ts';
import type { Check } from './check.ts';
import { situation } from './situation.ts';
import { tools } from './tools.ts';

interface Tokens {
  readonly count: number;
  readonly tokens: readonly number[];
}

const rookPrompt = 'The rook is a bird that';
/** The same in SmolLM2's vocabulary. */
const rookTokens = [504, 651, 2231, 314, 253, 5615, 338];
const mixed = 'Rooks 🐦 fly — über 漢字!';

/** Routes beside the chat. */
export const surfaceChecks: readonly Check[] = [
  {
    id: 'models.list',
    name: 'the model is listed with its context',
    run: async (talk) => {
      const { data } = await talk.client.models.list();
      const listed = data.find(({ id }) => id === talk.model) as unknown as { readonly max_model_len: number } | undefined;
      assert.ok(listed);
      // a server that does not tell its context has no limit of ours
      if (situation.isTiny) assert.ok(listed.max_model_len >= situation.contextTokens, `${listed.max_model_len} tokens`);
    },
  },
  {
    id: 'completions.text',
    name: 'a raw prompt goes on, the same streamed and whole',
    run: async (talk) => {
      const { choices, usage } = await talk.complete({ prompt: rookPrompt });
      assert.ok((choices[0]?.text ?? '').length > 0 && (usage?.prompt_tokens ?? 0) > 0);
      let text = '';
      const body = { model: talk.model, prompt: rookPrompt, temperature: 0, seed: 1, max_tokens: 16, stream: true } as const;
      for await (const chunk of await talk.client.completions.create(body)) text += chunk.choices[0]?.text ?? '';
      assert.equal(text, choices[0]?.text);
    },
  },
  {
    id: 'completions.tokens',
    name: 'a prompt of token ids goes on as its text does',
    run: async (talk) => {
      const byTokens = await talk.complete({ prompt: rookTokens });
      if (situation.isTiny) assert.equal(byTokens.choices[0]?.text, (await talk.complete({ prompt: rookPrompt })).choices[0]?.text);
    },
  },
  {
    id: 'tokenize.text',
    name: 'a text becomes tokens and comes back',
    run: async (talk) => {
      const { count, tokens } = await talk.post<Tokens>('/tokenize', { prompt: mixed });
      assert.equal(count, tokens.length);
      const back = await talk.post<{ prompt: string }>('/detokenize', { tokens });
      assert.equal(back.prompt, mixed);
    },
  },
  {
    id: 'tokenize.chat',
    name: 'a conversation with tools is counted as its prompt is',
    run: async (talk) => {
      const { count } = await talk.post<Tokens>('/tokenize', { messages: callHistory, tools });
      const { usage } = await talk.ask({ messages: callHistory, tools, max_tokens: 1 });
      assert.equal(count, usage.prompt_tokens);
    },
  },
  {
    id: 'embeddings',
    name: 'texts become vectors of unit length, in their order',
    run: async (talk) => {
      const input = ['A cat sleeps.', 'Stock prices fell sharply in March.'];
      const { data, usage } = await talk.client.embeddings.create({ model: talk.model, input });
      assert.equal(data.length, 2);
      for (const { embedding } of data) assert.ok(Math.abs(Math.hypot(...embedding) - 1) < 1e-3);
      assert.ok(usage.prompt_tokens > 0);
    },
  },
];
