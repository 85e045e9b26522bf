import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GatewayError } from '../protocol/error.ts';
import type { EventBatch } from '../protocol/event.ts';
import { createLog } from './log.ts';
import { hang, until } from './scripted-node.test.support.ts';
import { connectRaw, hello, rawPost, serveScripted } from './serve-scripted.test.support.ts';

const chat = '/v1/chat/completions';
const streamed = { ...hello, stream: true };
const text = (piece: string): EventBatch => ({ choice: 0, events: [{ type: 'text-delta', text: piece }] });

test('a stream has role, deltas, finish, usage and [DONE]', async (context) => {
  const server = await serveScripted(context);
  const response = await server.post(chat, { ...streamed, stream_options: { include_usage: true } });
  assert.equal(response.headers.get('content-type'), 'text/event-stream; charset=utf-8');
  assert.equal(response.headers.get('x-rookery-plan'), 'scripted');
  const events = (await response.text()).split('\n\n');
  assert.deepEqual(events.slice(-2), ['data: [DONE]', '']);
  const chunks = events.slice(0, -2).map((each) => JSON.parse(each.slice(6)));
  assert.deepEqual(
    chunks.map((each) => each.choices[0]?.delta.content),
    ['', 'Hello', ' world', '.', undefined, undefined],
  );
  assert.equal(chunks[4].choices[0].finish_reason, 'stop');
  assert.deepEqual(chunks[5].choices, []);
  assert.equal(chunks[5].usage.total_tokens, 8);
});

test('a failure after the head comes in-band', async (context) => {
  const server = await serveScripted(context, {}, async function* () {
    yield text('Hel');
    await new Promise((resolve) => setTimeout(resolve, 20));
    yield { choice: 0, events: [{ type: 'error', error: new GatewayError('engine_failed', 'The engine died.') }] };
  });
  const response = await server.post(chat, streamed);
  assert.equal(response.status, 200);
  const body = await response.text();
  assert.match(
    body,
    /data: \{"error":\{"message":"The engine died\.","type":"server_error","param":null,"code":"engine_failed"\}\}\n\ndata: \[DONE\]\n\n$/,
  );
  assert.equal(body.match(/\[DONE\]/g)?.length, 1);
});

test('a turn that throws after the head ends in-band too, one that throws before it gets a status', async (context) => {
  const server = await serveScripted(context, {}, async function* () {
    yield text('Hel');
    throw new GatewayError('engine_failed', 'Gone.');
  });
  assert.match(await (await server.post(chat, streamed)).text(), /Hel[\s\S]*engine_failed[\s\S]*\[DONE\]/);
  server.node.script = () => {
    throw new GatewayError('model_not_found', 'No such model.');
  };
  assert.equal((await server.post(chat, streamed)).status, 404);
});

test('silence is filled with comments, and the first of them sends the head', async (context) => {
  let release = (): void => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const server = await serveScripted(context, { keepAliveMs: 10 }, async function* () {
    await released;
    yield text('late');
  });
  const client = await connectRaw(server.port);
  client.socket.write(rawPost(chat, JSON.stringify(streamed)));
  await until(() => (client.received.match(/: keep-alive\n\n/g)?.length ?? 0) >= 3);
  assert.match(client.received, /^HTTP\/1\.1 200 OK/);
  assert.doesNotMatch(client.received, /data:/);
  release();
  await until(() => client.received.includes('data: [DONE]'));
  client.socket.destroy();
});

for (const [when, body, batches] of [
  ['before the first token', streamed, 0],
  ['in mid-stream', streamed, 2],
  ['in a request that is not streamed', hello, 1],
] as const) {
  test(`a client that leaves ${when} aborts the work, and the log says 499`, async (context) => {
    const lines: string[] = [];
    const log = createLog({ format: 'json', write: (line) => lines.push(line), now: Date.now });
    const server = await serveScripted(context, { log }, async function* (_request, signal) {
      for (let index = 0; index < batches; index++) yield text('word ');
      await hang(signal);
    });
    const client = await connectRaw(server.port);
    client.socket.write(rawPost(chat, JSON.stringify(body)));
    await until(() => server.node.pulls === batches && server.node.signals.length === 1);
    assert.equal(server.node.signals[0]?.aborted, false);
    client.socket.destroy();
    await until(() => server.node.signals[0]?.aborted === true && lines.length === 1);
    const reason = server.node.signals[0]?.reason;
    assert.ok(reason instanceof GatewayError && reason.code === 'client_closed');
    assert.equal(JSON.parse(lines[0] ?? '').status, 499);
  });
}

test('a pipelined request whose turn never came is aborted too', async (context) => {
  const server = await serveScripted(context, {}, async function* (_request, signal) {
    yield text('word');
    await hang(signal);
  });
  const client = await connectRaw(server.port);
  client.socket.write(rawPost(chat, JSON.stringify(streamed)) + rawPost(chat, JSON.stringify(hello)));
  await until(() => server.node.signals.length === 2);
  client.socket.destroy();
  await until(() => server.node.signals.every((each) => each.aborted));
});

test('a client that does not read stops the pulling, and reading goes on where it stopped', async (context) => {
  const piece = 'x'.repeat(8 * 1024);
  const pieces = 4000;
  const server = await serveScripted(context, {}, async function* () {
    for (let index = 0; index < pieces; index++) {
      yield text(piece);
      await new Promise(setImmediate);
    }
  });
  const client = await connectRaw(server.port);
  client.socket.pause();
  client.socket.write(rawPost(chat, JSON.stringify(streamed)));
  let last = -1;
  // the pulls stand still over ten looks
  for (let still = 0; still < 10; still = server.node.pulls === last ? still + 1 : 0) {
    last = server.node.pulls;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert.ok(last < pieces / 2, `${last} of ${pieces} were pulled`);
  client.socket.resume();
  await until(() => client.received.includes('[DONE]'));
  assert.equal(server.node.pulls, pieces);
  client.socket.destroy();
});

test('a client that stalls for too long is cut off', async (context) => {
  const server = await serveScripted(context, { writeStallMs: 50 }, async function* (_request, signal) {
    while (!signal.aborted) yield text('x'.repeat(64 * 1024));
  });
  const client = await connectRaw(server.port);
  client.socket.pause();
  client.socket.write(rawPost(chat, JSON.stringify(streamed)));
  await until(() => server.node.signals[0]?.aborted === true);
  client.socket.destroy();
});

test('batches of one tick leave in one write', async (context) => {
  const server = await serveScripted(context, {}, async function* () {
    for (let index = 0; index < 20; index++) yield text(`word${index} `);
  });
  const client = await connectRaw(server.port);
  client.socket.write(rawPost(chat, JSON.stringify(streamed)));
  await until(() => client.received.includes('[DONE]'));
  // chunked transfer: a line with the length stands before each write
  const writes = client.received.match(/\r\n[0-9a-f]+\r\n/g)?.length ?? 0;
  assert.ok(writes <= 4, `${writes} writes`);
  client.socket.destroy();
});
