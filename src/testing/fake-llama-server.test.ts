import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask, dig, readEvents, startFake } from './fake-case.ts';
import type { FakeReply } from './fake-reply.ts';

const face = 'llama-server';
const reply: FakeReply = {
  pieces: ['Hel', 'lo.'],
  tokens: [[19556], [30]],
  endToken: 2,
  usage: { promptTokens: 5, completionTokens: 3, cachedTokens: 4 },
};

test('a streamed completion has ids, an event for the end token and no [DONE]', async () => {
  const fake = await startFake({ face, replies: reply });
  const read = await ask(fake, '/completion', { prompt: [1, 2], stream: true, n_predict: 9 });
  const events = readEvents(read);
  assert.equal(read.type, 'text/event-stream');
  assert.doesNotMatch(read.text, /DONE/);
  assert.deepEqual(
    events.map(({ content, tokens, stop, id_slot }) => [content, tokens, stop, id_slot]),
    [
      ['Hel', [19556], false, -1],
      ['lo.', [30], false, -1],
      ['', [2], false, -1],
      ['', [], true, 0],
    ],
  );
  const { stop_type, stopping_word, tokens_evaluated, tokens_predicted, tokens_cached, truncated, timings } = events[3] ?? {};
  assert.deepEqual([stop_type, stopping_word, tokens_evaluated, tokens_predicted, tokens_cached, truncated], ['eos', '', 5, 3, 7, false]);
  assert.equal(dig(timings, 'cache_n'), 4);
  assert.deepEqual(fake.requests[0]?.body, { prompt: [1, 2], stream: true, n_predict: 9 });
});

test('a whole completion tells ids only with return_tokens', async () => {
  const fake = await startFake({ face, replies: reply });
  const [without] = readEvents(await ask(fake, '/completion', { prompt: 'Hi' }));
  const [withTokens] = readEvents(await ask(fake, '/completion', { prompt: 'Hi', return_tokens: true }));
  assert.deepEqual([without?.content, without?.tokens, without?.prompt, without?.stop], ['Hello.', [], 'Hi', true]);
  assert.deepEqual(withTokens?.tokens, [19556, 30, 2]);
});

test('the end is told in its own words', async () => {
  const fake = await startFake({ face, replies: [{ stopReason: ' of' }, { finish: 'length', isTruncated: true }, {}] });
  const ends: unknown[] = [];
  for (let turn = 0; turn < 3; turn++) {
    const [{ stop_type, stopping_word, truncated } = {}] = readEvents(await ask(fake, '/completion', { prompt: 'x' }));
    ends.push([stop_type, stopping_word, truncated]);
  }
  assert.deepEqual(ends, [
    ['word', ' of', false],
    ['limit', '', true],
    ['eos', '', false],
  ]);
});

test('chances and progress come when asked for', async () => {
  const fake = await startFake({ face, replies: { pieces: ['é'], tokens: [[0xc3, 0xa9]] } });
  const events = readEvents(await ask(fake, '/completion', { prompt: 'x', stream: true, n_probs: 2, return_progress: true }));
  assert.deepEqual(
    events.map(({ tokens, prompt_progress }) => [tokens, prompt_progress !== undefined]),
    [
      [[0], true],
      [[0], true],
      [[0xc3, 0xa9], false],
      [[], false],
    ],
  );
  assert.deepEqual(events[2]?.completion_probabilities, [
    {
      ...{ id: 0xc3, token: '\uFFFD', bytes: [0xc3], logprob: -0.25 },
      top_logprobs: [
        { id: 0xc3, token: '\uFFFD', bytes: [0xc3], logprob: -0.25 },
        { id: 0xc4, token: '\uFFFD', bytes: [0xc4], logprob: -1.25 },
      ],
    },
    {
      ...{ id: 0xa9, token: '\uFFFD', bytes: [0xa9], logprob: -0.25 },
      top_logprobs: [
        { id: 0xa9, token: '\uFFFD', bytes: [0xa9], logprob: -0.25 },
        { id: 0xaa, token: '\uFFFD', bytes: [0xaa], logprob: -1.25 },
      ],
    },
  ]);
});

test('text becomes ids and ids become text', async () => {
  const fake = await startFake({ face });
  assert.deepEqual(readEvents(await ask(fake, '/tokenize', { content: 'Hé' })), [{ tokens: [72, 195, 169] }]);
  assert.deepEqual(readEvents(await ask(fake, '/tokenize', { content: 'H', with_pieces: true })), [{ tokens: [{ id: 72, piece: 'H' }] }]);
  assert.deepEqual(readEvents(await ask(fake, '/detokenize', { tokens: [72, 195, 169] })), [{ content: 'Hé' }]);
  const [{ prompt } = {}] = readEvents(await ask(fake, '/apply-template', { messages: [{ role: 'user', content: 'x' }] }));
  assert.equal(prompt, '<|im_start|>user\nx<|im_end|>\n<|im_start|>assistant\n');
});

test('the server tells about itself, and which slots are busy', async () => {
  const fake = await startFake({
    face,
    slots: 2,
    contextTokens: 1024,
    chatTemplate: '{{ tools }}',
    replies: { fault: { kind: 'hang-before-headers' } },
  });
  const [props] = readEvents(await ask(fake, '/props'));
  assert.deepEqual([props?.total_slots, props?.chat_template, props?.build_info], [2, '{{ tools }}', 'b11434-b11434']);
  assert.equal(dig(props, 'default_generation_settings', 'n_ctx'), 1024);
  const [models] = readEvents(await ask(fake, '/v1/models'));
  assert.equal(dig(models, 'data', 0, 'id'), 'fake-model');
  const busy = async () => (JSON.parse((await ask(fake, '/slots')).text) as { is_processing: boolean }[]).map((slot) => slot.is_processing);
  assert.deepEqual(await busy(), [false, false]);
  const leaving = new AbortController();
  const call = fetch(`${fake.origin}/completion`, { method: 'POST', body: '{"prompt":"x"}', signal: leaving.signal });
  call.catch(() => {});
  await fake.until(({ open }) => open === 1);
  assert.deepEqual(await busy(), [true, false]);
  leaving.abort();
  await fake.until(({ open }) => open === 0);
  assert.deepEqual(await busy(), [false, false]);
});

test('health is 503 while the model is being loaded', async () => {
  const fake = await startFake({ face, isLoading: true });
  const loading = await ask(fake, '/health');
  assert.deepEqual(
    [loading.status, readEvents(loading)],
    [503, [{ error: { code: 503, message: 'Loading model', type: 'unavailable_error' } }]],
  );
  assert.equal((await ask(fake, '/completion', { prompt: 'x' })).status, 503);
  fake.setLoading(false);
  const ready = await ask(fake, '/health');
  assert.deepEqual([ready.status, readEvents(ready)], [200, [{ status: 'ok' }]]);
});

test('errors have its shapes', async () => {
  const fake = await startFake({
    face,
    contextTokens: 1024,
    apiKey: 'right',
    replies: { fault: { kind: 'overflow', promptTokens: 1101 } },
  });
  const ask401 = await ask(fake, '/props');
  assert.deepEqual(readEvents(ask401), [{ error: { code: 401, message: 'Invalid API Key', type: 'authentication_error' } }]);
  const open = await startFake({ face, contextTokens: 1024, replies: { fault: { kind: 'overflow', promptTokens: 1101 } } });
  const tooLong = await ask(open, '/completion', { prompt: 'x', stream: true });
  assert.deepEqual(readEvents(tooLong), [
    {
      error: {
        code: 400,
        message: 'request (1101 tokens) exceeds the available context size (1024 tokens), try increasing it',
        type: 'exceed_context_size_error',
        n_prompt_tokens: 1101,
        n_ctx: 1024,
      },
    },
  ]);
  assert.equal(tooLong.status, 400);
  const unknown = await ask(open, '/nope');
  assert.deepEqual(
    [unknown.status, readEvents(unknown)],
    [404, [{ error: { code: 404, message: 'File Not Found', type: 'not_found_error' } }]],
  );
  const broken = await ask(open, '/completion', '{bad');
  assert.deepEqual([broken.status, dig(readEvents(broken), 0, 'error', 'type')], [400, 'invalid_request_error']);
});
