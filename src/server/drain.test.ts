import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hang, until } from './scripted-node.test.support.ts';
import { connectRaw, hello, rawPost, serveScripted } from './serve-scripted.test.support.ts';

const chat = '/v1/chat/completions';

function gate(): { readonly opened: Promise<void>; open(): void } {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open: () => open() };
}

test('a stop waits for what is in flight, ends idle connections and refuses what is new', async (context) => {
  const { opened, open } = gate();
  const server = await serveScripted(context, {}, async function* () {
    yield { choice: 0, events: [{ type: 'text-delta', text: 'first' }] };
    await opened;
    yield { choice: 0, events: [{ type: 'text-delta', text: 'last' }] };
  });
  const idle = await connectRaw(server.port);
  const silent = await connectRaw(server.port);
  idle.socket.write('GET /health/live HTTP/1.1\r\nhost: localhost\r\n\r\n');
  await until(() => idle.received.includes('"ok"'));
  const busy = await connectRaw(server.port);
  busy.socket.write(rawPost(chat, JSON.stringify({ ...hello, stream: true })));
  await until(() => busy.received.includes('first'));

  const closed = server.close({ graceMs: 30_000 });
  await until(() => idle.isClosed && silent.isClosed);
  await assert.rejects(fetch(`${server.url}/health/live`));
  busy.socket.write(rawPost(chat, JSON.stringify(hello)));
  await new Promise((resolve) => setTimeout(resolve, 20));
  open();
  await closed;
  await until(() => busy.isClosed);
  assert.match(busy.received, /first[\s\S]*last[\s\S]*\[DONE\][\s\S]*503 Service Unavailable[\s\S]*connection: close[\s\S]*shutting_down/i);
});

test('what outlives the limit is aborted: a stream in-band, a whole answer with 503', async (context) => {
  const server = await serveScripted(context, {}, async function* ({ id: _id }, signal) {
    yield { choice: 0, events: [{ type: 'text-delta', text: 'first' }] };
    await hang(signal);
  });
  const stream = await connectRaw(server.port);
  stream.socket.write(rawPost(chat, JSON.stringify({ ...hello, stream: true })));
  const whole = await connectRaw(server.port);
  whole.socket.write(rawPost(chat, JSON.stringify(hello)));
  await until(() => stream.received.includes('first') && server.node.signals.length === 2);
  await server.close({ graceMs: 10 });
  await until(() => stream.isClosed && whole.isClosed);
  assert.match(stream.received, /first[\s\S]*shutting_down/);
  assert.match(whole.received, /^HTTP\/1\.1 503 [\s\S]*shutting_down/);
});

test('work that ignores its abort does not hold the server', async (context) => {
  const server = await serveScripted(context, {}, async function* () {
    await new Promise(() => {});
    yield { choice: 0, events: [] };
  });
  const client = await connectRaw(server.port);
  client.socket.write(rawPost(chat, JSON.stringify(hello)));
  await until(() => server.node.signals.length === 1);
  await server.close({ graceMs: 10 });
  await until(() => client.isClosed);
});

test('asking twice to stop is one stop', async (context) => {
  const server = await serveScripted(context);
  await Promise.all([server.close({ graceMs: 1000 }), server.close({ graceMs: 1000 })]);
  await assert.rejects(fetch(server.url));
});
