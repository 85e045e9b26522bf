import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sseData } from '../../text/sse-writer.test.support.ts';
import { AnswerReader } from './answer-reader.ts';

function readAll(...chunks: readonly (object | string)[]) {
  const reader = new AnswerReader([]);
  const body = chunks.map((chunk) => sseData(typeof chunk === 'string' ? chunk : JSON.stringify(chunk))).join('');
  const first = reader.push(Buffer.from(body));
  const last = reader.end();
  return { deltas: [...(first?.deltas ?? []), ...(last?.deltas ?? [])], end: first?.end ?? last?.end };
}

const finish = (choice: object = {}) => ({ choices: [{ index: 0, delta: {}, finish_reason: 'stop', ...choice }] });

test('log probabilities of chat answers', () => {
  const content = [
    {
      token: 'Hi',
      logprob: -0.1,
      top_logprobs: [
        { token: 'Hi', logprob: -0.1 },
        { token: 'Yo', logprob: -2 },
      ],
    },
  ];
  const { deltas } = readAll({ choices: [{ delta: { content: 'Hi' }, logprobs: { content } }] }, finish());
  const top = [
    { token: -1, text: 'Hi', logprob: -0.1 },
    { token: -1, text: 'Yo', logprob: -2 },
  ];
  assert.deepEqual(deltas, [{ text: 'Hi', logprobs: [{ token: -1, text: 'Hi', logprob: -0.1, top }] }]);
});

test('log probabilities of completions', () => {
  const logprobs = { tokens: ['a', 'b'], token_logprobs: [-1, null], top_logprobs: [{ c: -3, a: -1 }, null] };
  const { deltas } = readAll({ choices: [{ text: 'ab', logprobs }] }, finish());
  const top = [
    { token: -1, text: 'a', logprob: -1 },
    { token: -1, text: 'c', logprob: -3 },
  ];
  assert.deepEqual(deltas[0]?.logprobs, [
    { token: -1, text: 'a', logprob: -1, top },
    { token: -1, text: 'b', logprob: 0, top: [] },
  ]);
});

test('usage counts on any chunk, the last one wins, and zero is a value', () => {
  const usage = (completion: number) => ({ prompt_tokens: 5, completion_tokens: completion, prompt_tokens_details: { cached_tokens: 0 } });
  const { end } = readAll(
    { choices: [{ delta: { content: 'x' } }], usage: usage(1) },
    { ...finish(), usage: usage(2) },
    { choices: [], usage: null },
    '[DONE]',
  );
  assert.deepEqual(end, { reason: 'stop', usage: { promptTokens: 5, completionTokens: 2, cachedTokens: 0 } });
});

test('finish reasons and what stopped the answer', () => {
  assert.deepEqual(readAll(finish({ stop_reason: 'END' }), '[DONE]').end?.stop, 'END');
  assert.deepEqual(readAll(finish({ stop_reason: 42 }), '[DONE]').end?.stop, 42);
  assert.equal(readAll(finish({ stop_reason: null }), '[DONE]').end?.stop, undefined);
  assert.equal(readAll(finish({ finish_reason: 'length' }), '[DONE]').end?.reason, 'length');
  assert.equal(readAll(finish({ finish_reason: 'tool_calls' }), '[DONE]').end?.reason, 'stop');
  assert.throws(() => readAll(finish({ finish_reason: 'abort' }), '[DONE]'), /gave the answer up/);
});

test('nulls and empty chunks are nothing', () => {
  const { deltas } = readAll(
    { choices: null },
    { choices: [{ delta: null }] },
    { choices: [{ delta: { content: null } }] },
    {},
    finish(),
    '[DONE]',
  );
  assert.deepEqual(deltas, []);
});

test('bytes after the end are ignored', () => {
  const reader = new AnswerReader([]);
  assert.equal(reader.push(Buffer.from('data: [DONE]\n\n'))?.end?.reason, 'stop');
  assert.equal(reader.push(Buffer.from('data: not json\n\n')), undefined);
  assert.equal(reader.end(), undefined);
});

test('an event that is no object is refused', () => {
  for (const data of ['', '7', '"text"', 'null', '{"choices"']) assert.throws(() => readAll(data), /not a JSON object/);
});
