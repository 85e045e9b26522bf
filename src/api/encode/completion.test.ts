import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openCompletionEncoder } from './completion.ts';

const encoding = { id: 'cmpl-1', model: 'm', createdSeconds: 7, includesUsage: false, hasLogprobs: false, echoOf: () => '' };
const finish = { type: 'finish', reason: 'stop' } as const;
const usage = { promptTokens: 1, completionTokens: 2, cachedTokens: 0 };

test('the bytes of a small stream are these', () => {
  const encoder = openCompletionEncoder(encoding);
  const written = encoder.push({ choice: 0, events: [{ type: 'text-delta', text: 'a' }, finish] }) + encoder.end();
  const choice = (text: string, end: string) =>
    `data: {"id":"cmpl-1","object":"text_completion","created":7,"model":"m","choices":[{"index":0,"text":"${text}","logprobs":null,"finish_reason":${end}}]}\n\n`;
  assert.equal(written, `${choice('a', 'null')}${choice('', '"stop"')}data: [DONE]\n\n`);
});

test('an echo comes before the text, once for each choice, even where nothing is written after it', () => {
  const encoder = openCompletionEncoder({ ...encoding, echoOf: (choice) => `prompt${choice} ` });
  assert.match(encoder.push({ choice: 1, events: [{ type: 'text-delta', text: 'a' }] }), /"index":1,"text":"prompt1 a"/);
  assert.doesNotMatch(encoder.push({ choice: 1, events: [{ type: 'text-delta', text: 'b' }] }), /prompt1/);
  assert.match(encoder.push({ choice: 0, events: [finish] }), /"text":"prompt0 "[\s\S]*"finish_reason":"stop"/);
});

test('log probabilities are in the older form, and offsets go on over chunks', () => {
  const encoder = openCompletionEncoder({ ...encoding, hasLogprobs: true });
  const top = [
    { token: 2, text: 'x', logprob: -0.1 },
    { token: 3, text: 'x', logprob: -4 },
  ];
  const write = (text: string) =>
    encoder.push({
      choice: 0,
      events: [
        { type: 'text-delta', text },
        { type: 'logprobs-delta', tokens: [{ token: 1, text, logprob: -2, top }] },
      ],
    });
  const logprobs = [write('ab'), write('c')].map((each) => JSON.parse(each.slice(6)).choices[0].logprobs);
  assert.deepEqual(logprobs, [
    { tokens: ['ab'], token_logprobs: [-2], top_logprobs: [{ x: -0.1, ab: -2 }], text_offset: [0] },
    { tokens: ['c'], token_logprobs: [-2], top_logprobs: [{ x: -0.1, c: -2 }], text_offset: [2] },
  ]);
});

test('usage comes after the last finish where it is asked for', () => {
  const encoder = openCompletionEncoder({ ...encoding, includesUsage: true });
  const written = encoder.push({ choice: 0, events: [finish, { type: 'usage', usage }] });
  assert.match(written, /"finish_reason":"stop"\}\],"usage":null\}\n\ndata: .*"choices":\[\],"usage":\{"prompt_tokens":1/);
});
