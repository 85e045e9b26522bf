import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GatewayError } from '../../protocol/error.ts';
import type { GenerateEvent, TokenLogprob } from '../../protocol/event.ts';
import { collectTurn } from '../../translate/collect.ts';
import { openChatEncoder } from './chat.ts';

const encoding = { id: 'chatcmpl-1', model: 'm"odel', createdSeconds: 7, includesUsage: false, hasLogprobs: true };
const about = '"id":"chatcmpl-1","object":"chat.completion.chunk","created":7,"model":"m\\"odel"';
const usage = { promptTokens: 1, completionTokens: 2, cachedTokens: 0 };
const logprob = (text: string, top: TokenLogprob['top'] = []): TokenLogprob => ({ token: 1, text, logprob: -1, top });

function chunks(
  written: string,
): { choices: { index: number; delta: Record<string, unknown>; logprobs: unknown; finish_reason: unknown }[]; usage?: unknown }[] {
  return written
    .split('\n\n')
    .filter((each) => each !== '' && each !== 'data: [DONE]')
    .map((each) => JSON.parse(each.replace(/^data: /, '')));
}

test('the bytes of a small stream are these', () => {
  const encoder = openChatEncoder({ ...encoding, includesUsage: true });
  const events: GenerateEvent[] = [
    { type: 'text-delta', text: 'a"\n' },
    { type: 'finish', reason: 'length' },
    { type: 'usage', usage },
  ];
  const choice = (delta: string, finish = 'null') =>
    `data: {${about},"choices":[{"index":0,"delta":${delta},"logprobs":null,"finish_reason":${finish}}],"usage":null}\n\n`;
  assert.equal(
    encoder.push({ choice: 0, events }) + encoder.end(),
    choice('{"role":"assistant","content":"","refusal":null}') +
      choice('{"content":"a\\"\\n"}') +
      choice('{}', '"length"') +
      `data: {${about},"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3,"prompt_tokens_details":{"cached_tokens":0}}}\n\n` +
      'data: [DONE]\n\n',
  );
});

test('usage is not written unless asked for', () => {
  const written = openChatEncoder(encoding).push({
    choice: 0,
    events: [
      { type: 'text-delta', text: 'a' },
      { type: 'usage', usage },
    ],
  });
  assert.deepEqual(
    chunks(written).map((each) => 'usage' in each),
    [false, false],
  );
});

test('pieces of one read are one chunk, and each choice opens once', () => {
  const encoder = openChatEncoder(encoding);
  const events: GenerateEvent[] = [
    { type: 'text-delta', text: 'a' },
    { type: 'logprobs-delta', tokens: [logprob('a')] },
    { type: 'text-delta', text: 'b' },
    { type: 'logprobs-delta', tokens: [logprob('b')] },
  ];
  const first = chunks(encoder.push({ choice: 1, events }));
  assert.deepEqual(
    first.map((each) => [each.choices[0]?.index, each.choices[0]?.delta.content]),
    [
      [1, ''],
      [1, 'ab'],
    ],
  );
  const logprobs = first[1]?.choices[0]?.logprobs as { content: unknown[] } | undefined;
  assert.equal(logprobs?.content.length, 2);
  assert.equal(chunks(encoder.push({ choice: 1, events: [{ type: 'text-delta', text: 'c' }] })).length, 1);
});

test('reasoning and text are chunks of their own, in order', () => {
  const events: GenerateEvent[] = [
    { type: 'reasoning-delta', text: 'r' },
    { type: 'text-delta', text: 't' },
  ];
  const deltas = chunks(openChatEncoder(encoding).push({ choice: 0, events })).map((each) => each.choices[0]?.delta);
  assert.deepEqual(deltas.slice(1), [{ reasoning_content: 'r' }, { content: 't' }]);
});

test('a token without text yet still tells its log probability', () => {
  const [, chunk] = chunks(
    openChatEncoder(encoding).push({
      choice: 0,
      events: [{ type: 'logprobs-delta', tokens: [{ ...logprob('\ufffd'), bytes: [240, 159] }] }],
    }),
  );
  assert.deepEqual(chunk?.choices[0]?.logprobs, {
    content: [{ token: '\ufffd', logprob: -1, bytes: [240, 159], top_logprobs: [] }],
    refusal: null,
  });
});

test('a probability of zero is a number', () => {
  const top = [{ token: 2, text: 'x', logprob: -Infinity }];
  const [, chunk] = chunks(
    openChatEncoder(encoding).push({ choice: 0, events: [{ type: 'logprobs-delta', tokens: [logprob('a', top)] }] }),
  );
  assert.match(JSON.stringify(chunk), /"top_logprobs":\[\{"token":"x","logprob":-9999,"bytes":\[120\]\}\]/);
});

test('every call has index, id and name in its first delta, and its arguments as they come', () => {
  const events: GenerateEvent[] = [
    { type: 'text-delta', text: 'Hm. ' },
    { type: 'tool-call-start', index: 0, id: 'c', name: 'f', isKnown: true },
    { type: 'tool-call-delta', index: 0, text: '{"a"' },
    { type: 'tool-call-delta', index: 0, text: ':1}' },
    { type: 'tool-call-end', index: 0, state: 'complete', fixes: [] },
  ];
  const deltas = chunks(openChatEncoder(encoding).push({ choice: 0, events })).map((each) => each.choices[0]?.delta);
  assert.deepEqual(deltas.slice(1), [
    { content: 'Hm. ' },
    { tool_calls: [{ index: 0, id: 'c', type: 'function', function: { name: 'f', arguments: '' } }] },
    { tool_calls: [{ index: 0, function: { arguments: '{"a"' } }] },
    { tool_calls: [{ index: 0, function: { arguments: ':1}' } }] },
  ]);
});

test('an error ends the stream once, and keeps the text before it', () => {
  const encoder = openChatEncoder(encoding);
  const error = new GatewayError('engine_failed', 'Gone.');
  const written = encoder.push({
    choice: 0,
    events: [
      { type: 'text-delta', text: 'a' },
      { type: 'error', error },
    ],
  });
  assert.match(written, /"content":"a"[\s\S]*"error":\{"message":"Gone\."[\s\S]*\[DONE\]\n\n$/);
  assert.equal(encoder.error(error) + encoder.end(), '');
});

test('a whole answer says what the stream says', () => {
  const events: GenerateEvent[] = [
    { type: 'tool-call-start', index: 0, name: 'f', isKnown: true },
    { type: 'tool-call-delta', index: 0, text: '{}' },
    { type: 'tool-call-end', index: 0, state: 'complete', fixes: [] },
    { type: 'finish', reason: 'tool_calls', stop: '</s>' },
    { type: 'usage', usage },
  ];
  const streamed = chunks(openChatEncoder(encoding).push({ choice: 0, events }));
  const whole = openChatEncoder(encoding).result(collectTurn([{ choice: 0, events }])) as {
    choices: { message: { content: unknown; tool_calls: { id: string }[] }; stop_reason: unknown }[];
  };
  const [choice] = whole.choices;
  assert.equal(choice?.message.content, null);
  assert.equal(choice?.stop_reason, '</s>');
  assert.match(JSON.stringify(streamed), new RegExp(`"id":"${choice?.message.tool_calls[0]?.id}"`));
});
