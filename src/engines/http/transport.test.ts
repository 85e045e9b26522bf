import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, createServer as listenRaw } from 'node:net';
import { after, test } from 'node:test';
import { callJson } from './json-call.ts';
import { openTransport } from './transport.ts';

const servers: Server[] = [];
after(() => {
  for (const server of servers) server.close();
});

/** A server that hangs up on the requests of these numbers, counted from 1, before it answers. */
async function start(hangsUpOn: readonly number[]) {
  const ports: (number | undefined)[] = [];
  const server = createServer((request, response) => {
    ports.push(request.socket.remotePort);
    if (hangsUpOn.includes(ports.length)) request.socket.destroy();
    else response.setHeader('content-type', 'application/json').end('{"is": "there"}');
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const transport = openTransport({ baseUrl, firstByteTimeoutMs: 20_000, silenceTimeoutMs: 20_000 });
  const ask = () => callJson({ transport, request: { method: 'POST', path: '/', body: '{}' }, signal: undefined, secrets: [] });
  return { ports, ask, close: () => transport.close() };
}

test('a request that met a connection the engine was closing goes on another one', async () => {
  const { ports, ask, close } = await start([2]);
  await ask();
  assert.deepEqual(await ask(), { is: 'there' });
  assert.equal(ports.length, 3);
  assert.notEqual(ports[1], ports[2]);
  await close();
});

test('an engine that hangs up twice has failed', async () => {
  const { ports, ask, close } = await start([2, 3]);
  await ask();
  await assert.rejects(ask(), { code: 'engine_failed', message: /connection to the engine broke/ });
  assert.equal(ports.length, 3);
  await close();
});

test('an engine that speaks another HTTP than most is asked again in a way that understands it, and only so from then on', async () => {
  let asked = 0;
  const server = listenRaw((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => {
      asked++;
      socket.end('HTTP/1.0 200 OK\r\ncontent-type: application/json\r\n\r\n{"is": "old"}');
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const transport = openTransport({ baseUrl, firstByteTimeoutMs: 20_000, silenceTimeoutMs: 20_000 });
  const ask = () => callJson({ transport, request: { method: 'POST', path: '/', body: '{}' }, signal: undefined, secrets: [] });
  assert.deepEqual([await ask(), await ask(), await ask(), asked], [{ is: 'old' }, { is: 'old' }, { is: 'old' }, 4]);
  await transport.close();
  server.close();
});
