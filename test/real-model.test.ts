import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before, describe, test } from 'node:test';
import { type Program, post, readJson, startProgram, tinyModel, type Wire } from './program.ts';

describe('the real model', { skip: process.env.ROOKERY_TINY_MODEL_MISSING ?? false }, () => {
  let program: Program;

  before(async () => {
    program = await startProgram(['--tiny', '--slots', '4', '--context', '2048']);
  });

  after(async () => {
    assert.equal(await program.stop(), 0);
  });

  async function chat(content: string, more: Record<string, unknown> = {}) {
    const response = await post(`${program.url}/v1/chat/completions`, {
      model: tinyModel,
      messages: [{ role: 'user', content }],
      max_tokens: 24,
      ...more,
    });
    const body = await readJson(response);
    assert.equal(response.status, 200, JSON.stringify(body));
    return { response, body, text: body.choices[0].message.content as string };
  }

  async function complete(prompt: unknown, more: Record<string, unknown> = {}): Promise<Wire> {
    const response = await post(`${program.url}/v1/completions`, { model: tinyModel, prompt, max_tokens: 16, ...more });
    const body = await readJson(response);
    assert.equal(response.status, 200, JSON.stringify(body));
    return body;
  }

  test('the real model answers a plain question', async () => {
    const { response, body, text } = await chat('What is the capital of France? Answer in one sentence.', {
      temperature: 0,
      max_tokens: 40,
    });
    assert.match(text, /Paris/);
    assert.equal(response.headers.get('x-rookery-plan'), 'template');
    assert.ok(body.usage.prompt_tokens > 10 && body.usage.completion_tokens > 3);
  });

  test('the curl line that it prints works as printed', () => {
    const line = /^curl .*$/m.exec(program.output())?.[0] ?? '';
    const answer = JSON.parse(execFileSync('bash', ['-c', `${line} -s`], { encoding: 'utf8' })) as Wire;
    assert.ok(answer.choices[0].message.content.length > 0);
  });

  test('the model list tells what the model is', async () => {
    const { data } = (await (await fetch(`${program.url}/v1/models`)).json()) as { data: Record<string, unknown>[] };
    const facts = { id: tinyModel, quantisation: 'Q4_1', architecture: 'llama', max_model_len: 2048, parameters: 134_515_008 };
    assert.deepEqual({ ...data[0], ...facts }, data[0]);
  });

  test('a stream, joined, is the complete answer', async () => {
    const complete = await chat('Name three birds.', { temperature: 0 });
    const response = await post(`${program.url}/v1/chat/completions`, {
      model: tinyModel,
      messages: [{ role: 'user', content: 'Name three birds.' }],
      max_tokens: 24,
      temperature: 0,
      stream: true,
      stream_options: { include_usage: true },
    });
    const data = (await response.text())
      .split('\n\n')
      .filter((line) => line.startsWith('data: '))
      .map((line) => line.slice(6));
    assert.equal(data.pop(), '[DONE]');
    const chunks = data.map((line) => JSON.parse(line));
    assert.equal(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join(''), complete.text);
    assert.deepEqual(chunks.at(-1).usage.completion_tokens, complete.body.usage.completion_tokens);
  });

  test('the same seed gives the same text, alone or among seven others', async () => {
    const prompts = Array.from({ length: 8 }, (_, at) => `Once upon a time, bird number ${at} of the tower`);
    const alone = [];
    for (const [at, prompt] of prompts.entries()) alone.push((await complete(prompt, { seed: at, temperature: 1 })).choices[0]?.text);
    const fresh = await startProgram(['--tiny', '--slots', '8', '--context', '512']);
    const together = await Promise.all(
      prompts.map(async (prompt, at) => {
        const response = await post(`${fresh.url}/v1/completions`, { model: tinyModel, prompt, max_tokens: 16, seed: at, temperature: 1 });
        return (await readJson(response)).choices[0]?.text;
      }),
    );
    await fresh.stop();
    assert.deepEqual(together, alone);
    assert.ok(new Set(alone).size > 4);
  });

  test('the second request with the same 1,000-token system prompt evaluates only its tail', async () => {
    const system = 'Rooks live in colonies and use tools. '.repeat(120);
    const ask = (content: string) =>
      chat(content, {
        messages: [
          { role: 'system', content: system },
          { role: 'user', content },
        ],
        max_tokens: 1,
      });
    const first = await ask('Who are they?');
    const second = await ask('Where do they live?');
    assert.ok(first.body.usage.prompt_tokens > 1000);
    const evaluated = second.body.usage.prompt_tokens - second.body.usage.prompt_tokens_details.cached_tokens;
    assert.ok(evaluated < 30, `${evaluated} tokens were evaluated again`);
  });

  test('completions take a text, several, and token ids; echo puts the prompt before the answer', async () => {
    const several = await complete(['The tower', 'The nut'], { n: 2, temperature: 0 });
    assert.deepEqual(
      several.choices.map((choice) => choice.index),
      [0, 1, 2, 3],
    );
    const tokens = (await readJson(await post(`${program.url}/tokenize`, { model: tinyModel, prompt: 'The tower' }))).tokens;
    const byTokens = await complete(tokens, { temperature: 0 });
    assert.equal(byTokens.choices[0]?.text, several.choices[0]?.text);
    const echoed = await complete('The tower', { temperature: 0, echo: true });
    assert.equal(echoed.choices[0]?.text, `The tower${byTokens.choices[0]?.text}`);
  });

  test('log probabilities are the same at any temperature, and sum to less than one', async () => {
    const ask = async (temperature: number) =>
      (await chat('Hello!', { temperature, top_k: 1, logprobs: true, top_logprobs: 5, max_tokens: 4 })).body.choices[0].logprobs.content;
    const [cold, hot] = [await ask(0), await ask(1.5)];
    assert.deepEqual(hot, cold);
    for (const { token, logprob, top_logprobs: top } of cold) {
      assert.deepEqual([top[0].token, top[0].logprob], [token, logprob]);
      const sum = top.reduce((total: number, each: { logprob: number }) => total + Math.exp(each.logprob), 0);
      assert.ok(sum > 0 && sum <= 1 + 1e-6);
    }
  });

  test('logit_bias forbids and forces tokens; penalties and min_p are taken', async () => {
    const [yes] = (await readJson(await post(`${program.url}/tokenize`, { model: tinyModel, prompt: 'yes' }))).tokens;
    const forced = await complete('Is it?', { logit_bias: { [yes]: 100 }, max_tokens: 3, temperature: 0 });
    assert.equal(forced.choices[0]?.text, 'yesyesyes');
    const spread = await complete('Is it?', {
      logit_bias: { [yes]: 100 },
      frequency_penalty: 2,
      presence_penalty: 2,
      repetition_penalty: 1.3,
      min_p: 0.1,
      max_tokens: 3,
    });
    assert.equal(spread.choices[0]?.finish_reason, 'length');
  });

  test('a prompt longer than the context is refused with both numbers, before anything is dropped', async () => {
    const response = await post(`${program.url}/v1/completions`, { model: tinyModel, prompt: 'nut '.repeat(3000), max_tokens: 5 });
    const { error } = await readJson(response);
    assert.equal(response.status, 400);
    assert.equal(error.code, 'context_length_exceeded');
    assert.match(error.message, /\d{4} tokens .* the context holds 2048/);
  });

  test('embeddings of like texts are nearer than those of unlike ones', async () => {
    const response = await post(`${program.url}/v1/embeddings`, {
      model: tinyModel,
      input: ['A cat sleeps.', 'A cat is sleeping.', 'Stock prices fell sharply in March.'],
    });
    const { data } = await readJson(response);
    const dot = (left: readonly number[], right: readonly number[]) => left.reduce((sum, part, at) => sum + part * (right[at] ?? 0), 0);
    const [cat = [], sleeping = [], stock = []] = data.map((each) => each.embedding);
    assert.ok(Math.abs(dot(cat, cat) - 1) < 1e-4);
    assert.ok(dot(cat, sleeping) > dot(cat, stock));
  });

  test('tokens and text go there and back', async () => {
    const text = 'Rooks 🐦 fly — über 漢字!';
    const {
      tokens,
      count,
      max_model_len: most,
    } = await readJson(await post(`${program.url}/tokenize`, { model: tinyModel, prompt: text }));
    assert.equal(count, tokens.length);
    assert.equal(most, 2048);
    assert.equal((await readJson(await post(`${program.url}/detokenize`, { model: tinyModel, tokens }))).prompt, text);
  });

  test('special tokens in a user message are plain text: they cannot end the turn', async () => {
    const count = async (content: string) =>
      (await readJson(await post(`${program.url}/tokenize`, { model: tinyModel, messages: [{ role: 'user', content }] }))).count;
    assert.ok((await count('<|im_end|>')) - (await count('')) > 2);
  });
});
