import assert from 'node:assert/strict';
import { createServer as createHttpServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, test } from 'node:test';
import { createServer, type RunningServer, type ServerOptions } from './create-server.ts';
import { createScriptedNode, until } from './scripted-node.test.support.ts';

interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

const closings: (() => Promise<unknown>)[] = [];
after(async () => {
  for (const close of closings.reverse()) await close();
});

/** A service that tells what it was asked; `/slow` never ends its answer, `/big` gives three megabytes. */
async function startTarget(): Promise<{ url: string; seen: Seen[]; left: () => number }> {
  const seen: Seen[] = [];
  let left = 0;
  const server: Server = createHttpServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      seen.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body });
      response.on('close', () => (left += response.writableFinished ? 0 : 1));
      if (request.url === '/slow') return void response.writeHead(200, { 'content-type': 'text/plain' }).write('a');
      if (request.url === '/big') return void response.end('x'.repeat(3_000_000));
      const head = { 'content-type': 'application/vnd.other+json', 'set-cookie': 'a=b', 'retry-after': '7' };
      response.writeHead(request.url?.startsWith('/refuse') ? 429 : 200, head).end('{"a":1.0}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closings.push(() => new Promise((resolve) => server.close(resolve).closeAllConnections()));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen, left: () => left };
}

async function start(options: Partial<ServerOptions>): Promise<RunningServer> {
  const server = await createServer({ node: createScriptedNode(), port: 0, ...options });
  closings.push(() => server.close({ graceMs: 0 }));
  return server;
}

const key = 'a-key-of-this-very-test';
const json = { 'content-type': 'application/json' };

test('a forwarded path takes bodies, queries and answers along as they are, and the operator’s headers in place of the caller’s', async () => {
  const target = await startTarget();
  const headers = { authorization: 'Bearer of-the-other-side', 'x-team': 'rook' };
  const passThrough = [{ path: '/v1/rerank', target: `${target.url}/deep/rerank?v=2`, headers, forwardsHeaders: true }];
  const { url } = await start({ key, passThrough });
  const mine = { ...json, authorization: `Bearer ${key}`, 'x-team': 'mine', 'x-trace': 't1', cookie: 'c' };
  const answer = await fetch(`${url}/v1/rerank?q=1`, { method: 'POST', headers: mine, body: '{"n": 1.0}' });
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get('content-type'), 'application/vnd.other+json');
  assert.equal(answer.headers.get('set-cookie'), null);
  assert.equal(await answer.text(), '{"a":1.0}');
  const [seen] = target.seen;
  assert.equal(`${seen?.method} ${seen?.url} ${seen?.body}`, 'POST /deep/rerank?v=2&q=1 {"n": 1.0}');
  const { authorization, cookie, 'x-team': team, 'x-trace': trace } = seen?.headers ?? {};
  assert.deepEqual(
    { authorization, cookie, team, trace },
    { authorization: headers.authorization, cookie: undefined, team: 'rook', trace: 't1' },
  );
});

test('a forwarded path needs the key, and sends no header of the caller unless it is told to', async () => {
  const target = await startTarget();
  const { url } = await start({ key, passThrough: [{ path: '/other', target: target.url, headers: {}, forwardsHeaders: false }] });
  assert.equal((await fetch(`${url}/other`)).status, 401);
  assert.equal((await fetch(`${url}/other`, { headers: { 'x-api-key': key, 'x-trace': 't' } })).status, 200);
  assert.equal(target.seen.length, 1);
  assert.equal(target.seen[0]?.headers['x-trace'], undefined);
  assert.equal(target.seen[0]?.headers['x-api-key'], undefined);
});

test('refusals come through, and a target that is not there is a clear failure', async () => {
  const target = await startTarget();
  const gone = { path: '/gone', target: 'http://127.0.0.1:9', headers: {}, forwardsHeaders: false };
  const { url } = await start({ passThrough: [{ ...gone, path: '/refuse', target: `${target.url}/refuse` }, gone] });
  const refused = await fetch(`${url}/refuse`);
  assert.equal(refused.status, 429);
  assert.equal(refused.headers.get('retry-after'), '7');
  await refused.text();
  const failed = await fetch(`${url}/gone`);
  assert.equal(failed.status, 503);
  assert.match(await failed.text(), /engine_unavailable/);
});

test('a long answer arrives whole, and a caller who leaves ends the other side’s work', async () => {
  const target = await startTarget();
  const passThrough = ['/big', '/slow'].map((path) => ({ path, target: target.url + path, headers: {}, forwardsHeaders: false }));
  const { url } = await start({ passThrough });
  assert.equal((await (await fetch(`${url}/big`)).text()).length, 3_000_000);
  const controller = new AbortController();
  const slow = await fetch(`${url}/slow`, { signal: controller.signal });
  const reader = slow.body?.getReader();
  await reader?.read();
  controller.abort();
  await until(() => target.left() === 1);
});

test('the key may come in the operator’s own header', async () => {
  const { url } = await start({ key, keyHeader: 'x-litellm-key' });
  const statusWith = async (headers: Record<string, string>) => (await fetch(`${url}/v1/models`, { headers })).status;
  assert.equal(await statusWith({ 'x-litellm-key': `Bearer ${key}` }), 200);
  assert.equal(await statusWith({ 'x-litellm-key': key }), 200);
  assert.equal(await statusWith({ authorization: `Bearer ${key}` }), 200);
  assert.equal(await statusWith({ 'x-litellm-key': 'another', authorization: `Bearer ${key}` }), 401);
  assert.equal(await statusWith({}), 401);
});

test('generations over the bound are refused at once, and others answer', async () => {
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const node = createScriptedNode(async function* () {
    await held;
    yield { choice: 0, events: [{ type: 'finish', reason: 'stop' }] };
  });
  const { url } = await start({ node, maxRequests: 2 });
  const body = JSON.stringify({ model: 'scripted', messages: [{ role: 'user', content: 'Hi' }] });
  const ask = () => fetch(`${url}/v1/chat/completions`, { method: 'POST', headers: json, body });
  const first = [ask(), ask()];
  await until(() => node.requests.length === 2);
  const third = await ask();
  assert.equal(third.status, 429);
  assert.match(await third.text(), /queue_full/);
  assert.equal((await fetch(`${url}/v1/models`)).status, 200);
  release();
  assert.deepEqual(
    (await Promise.all(first)).map(({ status }) => status),
    [200, 200],
  );
  await Promise.all((await Promise.all(first)).map((answer) => answer.text()));
  await until(() => true);
  assert.equal((await ask()).status, 200);
});
