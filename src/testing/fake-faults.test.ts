import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask, dig, headers, type ReadBody, readEvents, startFake } from './fake-case.ts';
import type { FakeFaceName } from './fake-faces.ts';
import type { FakeFault, FakeReply, FakeRequest, FakeUsagePlace } from './fake-reply.ts';

interface FaceCase {
  readonly face: FakeFaceName;
  readonly path: string;
  readonly body: object;
  /** the text of the error inside of an event or a body */
  readonly errorText: (event: unknown) => unknown;
}

const errorMessage = (event: unknown) => dig(event, 'error', 'message');
const faces: readonly FaceCase[] = [
  { face: 'openai', path: '/v1/chat/completions', body: { model: 'm', messages: [] }, errorText: errorMessage },
  { face: 'vllm', path: '/v1/completions', body: { model: 'm', prompt: [1] }, errorText: errorMessage },
  { face: 'ollama', path: '/api/generate', body: { model: 'm', prompt: 'x', raw: true }, errorText: (event) => dig(event, 'error') },
  { face: 'llama-server', path: '/completion', body: { prompt: [1] }, errorText: errorMessage },
  {
    face: 'anthropic',
    path: '/v1/messages',
    body: { model: 'm', max_tokens: 9, messages: [{ role: 'user', content: 'Hi' }] },
    errorText: errorMessage,
  },
];
const pieces = ['one', 'two', 'three'];

async function start({ face }: FaceCase, reply: FakeReply) {
  const waits: number[] = [];
  const fake = await startFake({ face, replies: { pieces, ...reply }, wait: async (delayMs) => void waits.push(delayMs) });
  return { fake, waits };
}

async function play(one: FaceCase, reply: FakeReply, isStreamed = true): Promise<ReadBody> {
  const { fake } = await start(one, reply);
  return ask(fake, one.path, { ...one.body, stream: isStreamed });
}

const streams: readonly { readonly fault: FakeFault; readonly text: RegExp; readonly without?: RegExp; readonly isCut?: boolean }[] = [
  { fault: { kind: 'stall', afterPieces: 1, delayMs: 70 }, text: /"one".*"two".*"three"/s },
  { fault: { kind: 'cut', afterPieces: 1 }, text: /"one".*\n$/s, without: /"two"/, isCut: true },
  { fault: { kind: 'cut-inside', afterPieces: 1 }, text: /"one".*[^\n]$/s, without: /"two"\D*\}\n/, isCut: true },
  { fault: { kind: 'reset', afterPieces: 1 }, text: /^/, without: /"three"/, isCut: true },
  { fault: { kind: 'early-end', afterPieces: 1 }, text: /"one"/, without: /"two"/ },
  { fault: { kind: 'garbage', afterPieces: 1 }, text: /"one".*\n(data: )?\{"choices":\[\{\n.*"two"/s },
  { fault: { kind: 'slices', bytes: 3 }, text: /"one".*"two".*"three"/s },
  { fault: { kind: 'no-finish' }, text: /"one".*"two".*"three"/s, without: /"(stop|eos|end_turn)"[,}]/ },
  { fault: { kind: 'no-done' }, text: /"three".*"(stop|eos|end_turn)"[,}]/s, without: /DONE|message_stop/ },
];

for (const one of faces) {
  const { face, path, body, errorText } = one;

  for (const { fault, text, without, isCut = false } of streams) {
    test(`${face}: the fault ${fault.kind} in a stream sends what it says`, async () => {
      const read = await play(one, { fault });
      assert.equal(read.status, 200);
      assert.match(read.text, text);
      if (without) assert.doesNotMatch(read.text, without);
      assert.equal(read.isWhole, !isCut);
    });
  }

  test(`${face}: a huge event comes between two pieces`, async () => {
    const { text } = await play(one, { fault: { kind: 'huge-event', bytes: 70_000 } });
    const sizes = text
      .split('\n')
      .filter((line) => line.length > 0)
      .map((line) => line.length > 70_000);
    assert.equal(sizes.filter(Boolean).length, 1);
    assert.ok(text.indexOf('"one"') < text.indexOf('xxx') && text.indexOf('xxx') < text.indexOf('"two"'));
  });

  test(`${face}: a slow first byte and a stall go through the given clock`, async () => {
    const { fake, waits } = await start(one, { firstByteDelayMs: 900, fault: { kind: 'stall', afterPieces: 1, delayMs: 70 } });
    await ask(fake, path, { ...body, stream: true });
    assert.deepEqual(waits, [900, 70]);
    await ask(fake, path, { ...body, stream: false });
    assert.deepEqual(waits, [900, 70, 900]);
  });

  test(`${face}: errors of the head are the same for streams and whole answers`, async () => {
    for (const isStreamed of [true, false]) {
      const busy = await play(
        one,
        { fault: { kind: 'status', status: 429, headers: { 'retry-after': '7' }, error: { message: 'slow down' } } },
        isStreamed,
      );
      assert.deepEqual([busy.status, busy.retryAfter, errorText(readEvents(busy)[0])], [429, '7', 'slow down']);
      const broken = await play(one, { fault: { kind: 'status', status: 500 } }, isStreamed);
      assert.deepEqual([broken.status, errorText(readEvents(broken)[0])], [500, 'The fake engine answers 500 as it was told.']);
      const page = await play(one, { fault: { kind: 'content-type', contentType: 'text/html' } }, isStreamed);
      assert.deepEqual([page.status, page.type, page.text.startsWith('<!doctype')], [200, 'text/html', true]);
    }
  });

  test(`${face}: an error inside of a stream has its shape and ends it`, async () => {
    const read = await play(one, { fault: { kind: 'error-event', afterPieces: 1, error: { message: 'out of memory' } } });
    assert.deepEqual([read.status, errorText(readEvents(read).at(-1)), read.isWhole], [200, 'out of memory', true]);
    assert.doesNotMatch(read.text, /"two"/);
  });

  test(`${face}: a whole answer is cut, reset or broken in its middle`, async () => {
    for (const kind of ['cut', 'cut-inside'] as const) {
      const cut = await play(one, { fault: { kind, afterPieces: 1 } }, false);
      assert.deepEqual([cut.isWhole, cut.text.startsWith('{')], [false, true]);
    }
    assert.equal((await play(one, { fault: { kind: 'reset', afterPieces: 1 } }, false)).isWhole, false);
    const broken = await play(one, { fault: { kind: 'garbage', afterPieces: 0 } }, false);
    assert.ok(broken.isWhole);
    assert.throws(() => JSON.parse(broken.text), SyntaxError);
  });

  test(`${face}: a connection is reset before the first byte`, async () => {
    await assert.rejects(play(one, { fault: { kind: 'reset' } }), (error) => {
      assert.equal(dig(error, 'cause', 'code'), 'ECONNRESET');
      return true;
    });
  });

  test(`${face}: a prompt that is too long is refused`, async () => {
    const refusing = face === 'ollama' ? { ...one, body: { ...body, truncate: false, shift: false } } : one;
    for (const isStreamed of [true, false]) {
      const read = await play(refusing, { fault: { kind: 'overflow', promptTokens: 9000 } }, isStreamed);
      assert.equal(read.status, 400);
      assert.match(String(errorText(readEvents(read)[0])), /9000.*tokens/);
    }
  });

  test(`${face}: a client that leaves is recorded with its request, before the first byte and midway`, async () => {
    const { fake } = await start(one, { fault: { kind: 'hang-before-headers' } });
    for (const [count, when] of [
      [1, 'before-first-byte'],
      [2, 'midway'],
    ] as const) {
      if (count === 2) fake.setReplies({ pieces, fault: { kind: 'hang', afterPieces: 1 } });
      const leaving = new AbortController();
      const call = fetch(fake.origin + path, {
        method: 'POST',
        headers: { ...headers, 'x-turn': when },
        body: JSON.stringify({ ...body, stream: true }),
        signal: leaving.signal,
      });
      call.catch(() => {});
      if (when === 'midway') await (await call).body?.getReader().read();
      else await fake.until(({ open }) => open === 1);
      leaving.abort();
      await fake.until(({ aborted }) => aborted === count);
      assert.deepEqual([fake.departures.at(-1)?.when, fake.departures.at(-1)?.request.headers['x-turn']], [when, when]);
    }
    assert.equal(fake.departures.length, 2);
    assert.equal(fake.departures[0]?.request, fake.requests[0]);
  });

  test(`${face}: a stream that hangs at once has begun`, async () => {
    const { fake } = await start(one, { fault: { kind: 'hang', afterPieces: 0 } });
    const leaving = new AbortController();
    const response = await fetch(fake.origin + path, {
      method: 'POST',
      headers,
      body: JSON.stringify({ ...body, stream: true }),
      signal: leaving.signal,
    });
    assert.equal(response.status, 200);
    leaving.abort();
    await fake.until(({ aborted }) => aborted === 1);
    assert.equal(fake.departures[0]?.when, 'midway');
  });

  test(`${face}: what the fake cuts itself is no departure`, async () => {
    const { fake } = await start(one, { fault: { kind: 'cut', afterPieces: 1 } });
    await ask(fake, path, { ...body, stream: true });
    await fake.until(({ aborted }) => aborted === 1);
    assert.deepEqual(fake.departures, []);
  });
}

// anthropic tells both in events of its own: see fake-anthropic.test.ts
for (const one of faces.filter(({ face }) => face !== 'anthropic')) {
  const { face } = one;

  test(`${face}: late arguments come with the finish reason`, async () => {
    const text = await play(one, { fault: { kind: 'late-arguments' } });
    assert.match(text.text, /onetwothree/);
    assert.deepEqual(
      readEvents(text).map((event) => JSON.stringify(event).includes('onetwothree')),
      [...(face === 'openai' ? [false] : []), true],
    );
  });

  test(`${face}: usage is told where the script says`, async () => {
    const tells = async (usagePlace: FakeUsagePlace) => {
      const events = readEvents(await play(one, { usagePlace, usage: { promptTokens: 4711, completionTokens: 3 } }));
      return events.map((event) => (JSON.stringify(event).includes('4711') ? 1 : 0)).join('');
    };
    const length = face === 'openai' ? 5 : face === 'vllm' ? 3 : 4;
    assert.equal(await tells('first'), '1'.padEnd(length, '0'));
    assert.equal(await tells('every'), '1'.repeat(length));
    assert.equal(await tells('missing'), '0'.repeat(length));
    assert.equal(await tells('finish'), '1'.padStart(length, '0'));
  });
}

const call = { id: 'call_1', name: 'f', argumentPieces: ['{"x":', '1}'] };
const chats = [
  {
    face: 'openai',
    path: '/v1/chat/completions',
    place: ['choices', 0, 'delta', 'tool_calls', 0, 'function', 'arguments'],
    told: '{"x":1}',
  },
  { face: 'vllm', path: '/v1/chat/completions', place: ['choices', 0, 'delta', 'tool_calls', 0, 'function', 'arguments'], told: '{"x":1}' },
  { face: 'ollama', path: '/api/chat', place: ['message', 'tool_calls', 0, 'function', 'arguments'], told: { x: 1 } },
] as const;

for (const { face, path, place, told } of chats) {
  test(`${face}: tool arguments come only in the last event when told so`, async () => {
    const fake = await startFake({ face, replies: { toolCalls: [call], fault: { kind: 'late-arguments' } } });
    const events = readEvents(await ask(fake, path, { model: 'm', messages: [{ role: 'user', content: 'x' }], stream: true }));
    const args = events.map((event) => dig(event, ...place)).filter((one) => one !== undefined && one !== '');
    assert.deepEqual(args, [told]);
    assert.deepEqual(dig(events.at(-1), ...place), told);
  });
}

test('usage comes in an event of its own that has a choice', async () => {
  for (const face of ['openai', 'vllm'] as const) {
    const fake = await startFake({ face, replies: { usagePlace: 'end-with-choices' } });
    const events = readEvents(await ask(fake, '/v1/chat/completions', { model: 'm', messages: [], stream: true }));
    assert.deepEqual([dig(events.at(-1), 'choices', 0, 'delta'), dig(events.at(-1), 'usage', 'prompt_tokens')], [{}, 7]);
    assert.equal(dig(events.at(-2), 'choices', 0, 'finish_reason'), 'stop');
  }
});

test('a stall splits no character', async () => {
  const fake = await startFake({ face: 'ollama', wait: async () => {} });
  for (let length = 30; length < 34; length++) {
    const pieces = [`${'é'.repeat(length % 2)}${'🎉'.repeat(length * 3)}`];
    fake.setReplies({ pieces, fault: { kind: 'stall', afterPieces: 0, delayMs: 1 } });
    const [line] = readEvents(await ask(fake, '/api/generate', { model: 'm', prompt: 'x' }));
    assert.equal(line?.response, pieces[0]);
  }
});

test('a route is answered as the script says', async () => {
  const routes = {
    'GET /props': { status: 200, body: { total_slots: 7 } },
    'POST /echo': ({ body }: FakeRequest) => ({ status: 418, body: body ?? '' }),
  };
  const fake = await startFake({ face: 'llama-server', routes });
  const echo = await ask(fake, '/echo', { x: 1 });
  assert.deepEqual([echo.status, echo.text], [418, '{"x":1}']);
  assert.deepEqual(readEvents(await ask(fake, '/props')), [{ total_slots: 7 }]);
});
