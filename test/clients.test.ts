import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { generateText, streamText } from 'ai';
import OpenAI, { APIError } from 'openai';
import { writeScriptedModel } from 'rookery/testing';
import { type Program, post, readJson, startProgram } from './program.ts';

const script = 'The rook picks up a stick, 漢字 and 👩🏽‍🚀, then "flies".\nDone.';
const folder = mkdtempSync(join(tmpdir(), 'rookery-clients-'));
let program: Program;
let openai: OpenAI;

before(async () => {
  const path = join(folder, 'scripted.gguf');
  writeScriptedModel(path, { scripts: script });
  program = await startProgram(['--model', path]);
  openai = new OpenAI({ baseURL: `${program.url}/v1`, apiKey: 'unused', maxRetries: 0 });
});

after(async () => {
  assert.equal(await program.stop('SIGINT'), 0);
  rmSync(folder, { recursive: true });
});

const messages = [{ role: 'user' as const, content: 'Hello' }];
const wanted = { model: 'scripted', messages, temperature: 0 };

test('the whole path gives the scripted text byte for byte, streamed and complete', async () => {
  const response = await post(`${program.url}/v1/chat/completions`, { ...wanted, stream: true });
  assert.equal(response.headers.get('content-type'), 'text/event-stream; charset=utf-8');
  const body = await response.text();
  const chunks = body
    .split('\n\n')
    .slice(0, -2)
    .map((line) => JSON.parse(line.slice('data: '.length)));
  const { id, created } = chunks[0];
  const shape = { id, object: 'chat.completion.chunk', created, model: 'scripted' };
  assert.deepEqual(chunks[0], {
    ...shape,

    choices: [{ index: 0, delta: { role: 'assistant', content: '', refusal: null }, logprobs: null, finish_reason: null }],
  });
  assert.equal(chunks.map((chunk) => chunk.choices[0].delta.content ?? '').join(''), script);
  assert.equal(chunks.at(-1).choices[0].finish_reason, 'stop');
  assert.ok(body.endsWith('data: [DONE]\n\n'));
  const complete = await readJson(await post(`${program.url}/v1/chat/completions`, wanted));
  assert.equal(complete.choices[0].message.content, script);
  assert.deepEqual(Object.keys(complete.choices[0]).sort(), ['finish_reason', 'index', 'logprobs', 'message']);
});

test('the openai client chats, streams, completes, embeds and lists models', async () => {
  assert.equal((await openai.chat.completions.create(wanted)).choices[0]?.message.content, script);
  let text = '';
  for await (const chunk of await openai.chat.completions.create({ ...wanted, stream: true, stream_options: { include_usage: true } })) {
    text += chunk.choices[0]?.delta.content ?? '';
    if (chunk.usage) assert.ok(chunk.usage.total_tokens > 0);
  }
  assert.equal(text, script);
  assert.equal((await openai.completions.create({ model: 'scripted', prompt: 'x', max_tokens: 400 })).choices[0]?.text, script);
  const { data } = await openai.embeddings.create({ model: 'scripted', input: ['one', 'two'] });
  assert.ok(Math.abs(Math.hypot(...(data[0]?.embedding ?? [])) - 1) < 1e-3);
  assert.equal((await openai.models.list()).data[0]?.id, 'scripted');
  assert.equal((await openai.models.retrieve('scripted')).id, 'scripted');
});

test('the openai client sees errors as its own kinds', async () => {
  const refused = openai.chat.completions.create({ ...wanted, web_search_options: {} });
  await assert.rejects(
    refused,
    (error) =>
      error instanceof APIError && error.status === 400 && error.code === 'unsupported_feature' && error.param === 'web_search_options',
  );
  await assert.rejects(openai.chat.completions.create({ ...wanted, model: 'parrot' }), { status: 404, code: 'model_not_found' });
});

test('the openai client stops a stream without harm', async () => {
  const stream = await openai.chat.completions.create({ ...wanted, stream: true });
  for await (const _ of stream) break;
  assert.equal((await openai.chat.completions.create(wanted)).choices[0]?.message.content, script);
});

test('the ai package generates and streams', async () => {
  const provider = createOpenAICompatible({ name: 'rookery', baseURL: `${program.url}/v1` });
  const { text, usage } = await generateText({ model: provider('scripted'), prompt: 'Hello', temperature: 0 });
  assert.equal(text, script);
  assert.ok((usage.totalTokens ?? 0) > 0);
  let streamed = '';
  for await (const part of streamText({ model: provider('scripted'), prompt: 'Hello', temperature: 0 }).textStream) streamed += part;
  assert.equal(streamed, script);
});
