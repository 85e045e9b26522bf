import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import OpenAI, { APIError } from 'openai';
import { type FakeEngine, startFakeEngine } from './fake-engine.ts';
import type { FakeEngineOptions } from './fake-options.ts';
import type { FakeFault } from './fake-reply.ts';

const running: FakeEngine[] = [];
after(async () => {
  for (const fake of running) await fake.close();
});

async function start(options: FakeEngineOptions = {}): Promise<{ readonly fake: FakeEngine; readonly client: OpenAI }> {
  const fake = await startFakeEngine(options);
  running.push(fake);
  return { fake, client: new OpenAI({ baseURL: fake.url, apiKey: 'none', maxRetries: 0 }) };
}

const question = { model: 'fake-model', messages: [{ role: 'user' as const, content: 'Hi' }] };

async function streamedText(client: OpenAI): Promise<string> {
  let text = '';
  for await (const chunk of await client.chat.completions.create({ ...question, stream: true })) {
    text += chunk.choices[0]?.delta.content ?? '';
  }
  return text;
}

test('the official client reads whole and streamed answers', async () => {
  const { fake, client } = await start({
    replies: { pieces: ['Hel', 'lo é🎉'], usage: { promptTokens: 3, completionTokens: 2, cachedTokens: 1 } },
  });
  const answer = await client.chat.completions.create(question);
  assert.equal(answer.choices[0]?.message.content, 'Hello é🎉');
  assert.equal(answer.usage?.total_tokens, 5);
  assert.equal(await streamedText(client), 'Hello é🎉');
  const completion = await client.completions.create({ model: 'any', prompt: 'x' });
  assert.equal(completion.choices[0]?.text, 'Hello é🎉');
  assert.deepEqual(fake.requests[0]?.body, question);
  assert.equal(fake.requests[0]?.headers.authorization, 'Bearer none');
  assert.deepEqual(
    fake.requests.map(({ path }) => path),
    ['/v1/chat/completions', '/v1/chat/completions', '/v1/completions'],
  );
  assert.equal((await fake.until(({ open }) => open === 0)).completed, 3);
});

test('models, embeddings and health are served', async () => {
  const { fake, client } = await start({ models: ['small', 'large'] });
  assert.deepEqual(
    (await client.models.list()).data.map(({ id }) => id),
    ['small', 'large'],
  );
  const floats = await client.embeddings.create({ model: 'small', input: ['a', 'b'], encoding_format: 'float' });
  const packed = await client.embeddings.create({ model: 'small', input: ['a', 'b'] });
  const rounded = floats.data.map(({ embedding }) => embedding.map(Math.fround));
  assert.deepEqual(
    packed.data.map(({ embedding }) => embedding),
    rounded,
  );
  assert.equal((await fetch(`${fake.origin}/health`)).status, 200);
  assert.equal((await fetch(`${fake.origin}/nowhere`)).status, 404);
});

test('replies are played in order, the last one again', async () => {
  const { fake, client } = await start({ replies: [{ pieces: ['one'] }, { pieces: ['two'] }] });
  assert.deepEqual([await streamedText(client), await streamedText(client), await streamedText(client)], ['one', 'two', 'two']);
  fake.setReplies((request) => ({ pieces: [String(request.body?.model)] }));
  assert.equal(await streamedText(client), 'fake-model');
});

test('delays go through the given clock, before the first byte and between pieces', async () => {
  const waits: number[] = [];
  const wait = async (delayMs: number) => void waits.push(delayMs);
  const { client } = await start({ replies: { pieces: ['a', 'b'], delayMs: 250 }, wait });
  assert.equal(await streamedText(client), 'ab');
  assert.deepEqual(waits, [250, 250, 250, 250]);
});

test('a status fault carries its headers and the error object', async () => {
  const fault: FakeFault = {
    kind: 'status',
    status: 429,
    headers: { 'retry-after': '7' },
    error: { message: 'slow down', code: 'rate_limited' },
  };
  const { client } = await start({ replies: { fault } });
  await assert.rejects(client.chat.completions.create(question), (error) => {
    assert.ok(error instanceof APIError);
    assert.deepEqual([error.status, error.code, error.headers?.get('retry-after')], [429, 'rate_limited', '7']);
    return true;
  });
});

test('a wrong key is refused', async () => {
  const { client } = await start({ apiKey: 'right' });
  await assert.rejects(client.chat.completions.create(question), (error) => error instanceof APIError && error.status === 401);
});

/** The raw body a fault gives, and whether it ended properly. */
async function readBody(fake: FakeEngine): Promise<{ readonly body: string; readonly isWhole: boolean; readonly type: string | null }> {
  const response = await fetch(`${fake.url}/chat/completions`, { method: 'POST', body: JSON.stringify({ ...question, stream: true }) });
  let body = '';
  const type = response.headers.get('content-type');
  try {
    for await (const chunk of response.body ?? []) body += Buffer.from(chunk).toString('latin1');
    return { body, isWhole: true, type };
  } catch {
    return { body, isWhole: false, type };
  }
}

const bodies: readonly { readonly fault: FakeFault; readonly body: RegExp; readonly isWhole?: boolean; readonly without?: RegExp }[] = [
  { fault: { kind: 'cut', afterPieces: 1 }, body: /"one"/, without: /"two"|DONE/, isWhole: false },
  { fault: { kind: 'early-end', afterPieces: 1 }, body: /"one"/, without: /"two"|DONE/ },
  { fault: { kind: 'garbage', afterPieces: 1 }, body: /"one".*data: {"choices":\[{\n\n.*"two".*DONE/s },
  { fault: { kind: 'error-event', afterPieces: 1 }, body: /"one".*"error".*DONE/s, without: /"two"/ },
  { fault: { kind: 'no-done' }, body: /"two".*"stop"/s, without: /DONE/ },
  { fault: { kind: 'no-finish' }, body: /"two".*DONE/s, without: /"stop"/ },
  { fault: { kind: 'huge-event', bytes: 100_000 }, body: /x{100000}.*"two".*DONE/s },
  { fault: { kind: 'slices', bytes: 1 }, body: /"one".*"two".*DONE/s },
  { fault: { kind: 'content-type', contentType: 'text/html' }, body: /doctype/ },
];

for (const { fault, body, without, isWhole = true } of bodies) {
  test(`the fault ${fault.kind} sends what it says`, async () => {
    const { fake } = await start({ replies: { pieces: ['one', 'two'], fault } });
    const read = await readBody(fake);
    assert.match(read.body, body);
    if (without) assert.doesNotMatch(read.body, without);
    assert.equal(read.isWhole, isWhole);
    if (fault.kind === 'content-type') assert.equal(read.type, 'text/html');
  });
}

for (const kind of ['hang', 'hang-before-headers'] as const) {
  test(`the fault ${kind} waits until the client leaves, which is counted`, async () => {
    const { fake, client } = await start({ replies: { fault: kind === 'hang' ? { kind, afterPieces: 1 } : { kind } } });
    const leaving = new AbortController();
    const call = client.chat.completions.create(question, { signal: leaving.signal });
    call.catch(() => {});
    await fake.until(({ open }) => open === 1);
    leaving.abort();
    await assert.rejects(call);
    const { aborted, open } = await fake.until(({ aborted }) => aborted === 1);
    assert.deepEqual([aborted, open], [1, 0]);
  });
}

test('connections are refused and accepted again at the same address', async () => {
  const { fake, client } = await start();
  await streamedText(client);
  await fake.refuseConnections();
  assert.equal(fake.counts().connections, 0);
  await assert.rejects(streamedText(client));
  await fake.acceptConnections();
  assert.equal(await streamedText(client), 'Hello from the fake engine.');
});

test('the quick mode answers the same bytes and keeps nothing', async () => {
  const replies = { pieces: ['quick ', 'answer'] };
  const { fake: quick } = await start({ replies, records: 'none' });
  const { fake: slow } = await start({ replies });
  assert.equal((await readBody(quick)).body, (await readBody(slow)).body);
  assert.equal(quick.requests.length, 0);
  assert.equal((await quick.until(({ completed }) => completed === 1)).started, 1);
});
