import assert from 'node:assert/strict';
import { request as httpRequest } from 'node:http';
import { type TestContext, test } from 'node:test';
import { surfaces } from '../api/index.ts';
import { GatewayError } from '../protocol/error.ts';
import { createServer } from './create-server.ts';
import { createLog } from './log.ts';
import { createMetricsRoute } from './metrics/metrics-route.ts';
import { createRouteTable } from './route-table.ts';
import { createScriptedNode, until } from './scripted-node.test.support.ts';
import { connectRaw, hello, rawPost, type ScriptedServer, serveScripted } from './serve-scripted.test.support.ts';
import { createStartingNode } from './starting-node.ts';

const chat = '/v1/chat/completions';
const key = 'canary-5b1f0a7c9d3e';
const routes = createRouteTable(Object.values(surfaces), [createMetricsRoute([])]).list.filter((each) => each.path !== '/');

async function codeOf(response: Response): Promise<string> {
  return ((await response.json()) as { error: { code: string } }).error.code;
}

/** fetch sets `Host` by itself; this sends any headers. */
function get(
  server: ScriptedServer,
  path: string,
  headers: Record<string, string>,
  method = 'GET',
): Promise<{ status: number; headers: Record<string, unknown>; body: string }> {
  return new Promise((resolve, reject) => {
    httpRequest(server.url + path, { method, headers }, (response) => {
      let body = '';
      response.on('data', (piece) => (body += piece));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
    })
      .on('error', reject)
      .end();
  });
}

test('a whole answer has the plan, the request id and no CORS header', async (context) => {
  const server = await serveScripted(context);
  const response = await server.post(chat, hello, { headers: { 'x-request-id': 'mine-1' } });
  assert.equal(response.status, 200);
  assert.equal(response.headers.get('x-rookery-plan'), 'scripted');
  assert.equal(response.headers.get('x-request-id'), 'mine-1');
  assert.equal(response.headers.get('access-control-allow-origin'), null);
  const body = (await response.json()) as { choices: { message: { content: string } }[] };
  assert.equal(body.choices[0]?.message.content, 'Hello world.');
});

test('paths under /v1 are found without it, as clients of LiteLLM write them', async (context) => {
  const server = await serveScripted(context);
  assert.equal((await fetch(`${server.url}/models`)).status, 200);
  assert.equal((await server.post('/chat/completions', hello)).status, 200);
  assert.equal((await fetch(`${server.url}/v1/health`)).status, 404);
});

test('the public health counts states and names nobody', async (context) => {
  const server = await serveScripted(context);
  const told = await (await fetch(`${server.url}/health`)).json();
  assert.deepEqual(told, { status: 'ok', upstreams: { ready: 1, starting: 0, down: 0 } });
});

test('a request id that is missing or odd is replaced, and two requests never share ours', async (context) => {
  const server = await serveScripted(context);
  const odd = await server.post(chat, hello, { headers: { 'x-request-id': 'a b"c' } });
  assert.match(odd.headers.get('x-request-id') ?? '', /^[0-9a-f]{32}$/);
  await server.post(chat, hello, { headers: { 'x-request-id': 'same' } });
  await server.post(chat, hello, { headers: { 'x-request-id': 'same' } });
  assert.equal(new Set(server.node.requests.map((each) => each.id)).size, 3);
});

test('a foreign Host is refused on every route, before the key is looked at', async (context) => {
  const server = await serveScripted(context, { key });
  for (const { path, method } of routes) {
    const { status, body } = await get(server, path.replace('*', 'x'), { host: 'evil.example' }, method);
    assert.deepEqual([status, JSON.parse(body).error.code], [403, 'forbidden_host'], path);
  }
});

test('an allowed host and the bound address pass', async (context) => {
  const server = await serveScripted(context, { allowedHosts: ['box.example'] });
  assert.equal((await get(server, '/v1/models', { host: 'box.example:4000' })).status, 200);
  assert.equal((await get(server, '/v1/models', { host: `127.0.0.1:${server.port}` })).status, 200);
});

test('a foreign Origin is refused; an allowed one gets CORS headers and a preflight answer', async (context) => {
  const server = await serveScripted(context, { allowedOrigins: ['https://chat.example'] });
  assert.equal(await codeOf(await server.post(chat, hello, { headers: { origin: 'https://evil.example' } })), 'forbidden_origin');
  const allowed = await server.post(chat, hello, { headers: { origin: 'https://chat.example' } });
  assert.deepEqual([allowed.status, allowed.headers.get('access-control-allow-origin')], [200, 'https://chat.example']);
  const ask = { origin: 'https://chat.example', 'access-control-request-headers': 'authorization, content-type' };
  const preflight = await get(server, chat, ask, 'OPTIONS');
  assert.deepEqual([preflight.status, preflight.headers['access-control-allow-headers']], [204, 'authorization, content-type']);
  assert.equal((await get(server, chat, { origin: 'https://evil.example' }, 'OPTIONS')).status, 403);
});

test('without an origin OPTIONS is refused like any other method', async (context) => {
  const server = await serveScripted(context);
  const { status, headers } = await get(server, chat, {}, 'OPTIONS');
  assert.deepEqual([status, headers.allow], [405, 'POST']);
});

test('a POST that is not JSON is refused', async (context) => {
  const server = await serveScripted(context);
  const response = await server.post(chat, hello, { headers: { 'content-type': 'text/plain' } });
  assert.deepEqual([response.status, await codeOf(response)], [415, 'unsupported_media_type']);
});

test('without the key every route that is not public answers 401, and no public one does', async (context) => {
  const server = await serveScripted(context, { key });
  for (const { path, method, access } of routes) {
    const init = method === 'POST' ? { method, body: '{}', headers: { 'content-type': 'application/json' } } : { method };
    const { status } = await fetch(server.url + path.replace('*', 'x'), init);
    assert.equal(status === 401, access !== 'public', `${method} ${path} gave ${status}`);
  }
  assert.deepEqual(
    routes.filter((each) => each.access === 'public').filter((each) => !each.path.startsWith('/health') && !each.path.endsWith('z')),
    [],
  );
});

test('the key is taken from either header, and nothing like it passes', async (context) => {
  const server = await serveScripted(context, { key });
  const passes = [{ authorization: `Bearer ${key}` }, { authorization: `bearer  ${key}` }, { 'x-api-key': key }];
  for (const headers of passes) assert.equal((await server.post(chat, hello, { headers })).status, 200);
  const fails = [
    { authorization: `Bearer ${key}x` },
    { authorization: `Bearer ${key.slice(0, -1)}` },
    { 'x-api-key': "' OR 1=1 --" },
    { authorization: `Basic ${key}` },
  ];
  for (const headers of fails) assert.equal((await server.post(chat, hello, { headers: headers as Record<string, string> })).status, 401);
});

test('the key is never in the log, in an answer or in an error', async (context) => {
  const lines: string[] = [];
  const log = createLog({ format: 'json', write: (line) => lines.push(line), now: Date.now, secrets: [key] });
  const server = await serveScripted(context, { key, log });
  server.node.script = () => {
    throw new Error(`fault with ${key}`);
  };
  const answers = [
    await server.post(chat, hello, { headers: { authorization: `Bearer ${key}` } }),
    await server.post(`${chat}?key=${key}`, { ...hello, [key]: 1 }, { headers: { authorization: `Bearer ${key}` } }),
    await server.post(chat, hello, { headers: { authorization: `Bearer ${key}x` } }),
  ];
  for (const answer of answers) assert.doesNotMatch(await answer.text(), /canary/);
  await until(() => lines.length === 3);
  assert.doesNotMatch(lines.join(''), /canary/);
  assert.match(lines[0] ?? '', /fault with \[secret\]/);
});

test('bad JSON is refused with line and column', async (context) => {
  const server = await serveScripted(context);
  const response = await server.post(chat, '{\n  "model": "scripted",\n  messages: []\n}');
  assert.equal(response.status, 400);
  assert.equal(response.headers.get('x-should-retry'), 'false');
  const { error } = (await response.json()) as { error: { message: string; code: string } };
  assert.equal(error.code, 'invalid_json');
  assert.match(error.message, /line 3, column 3 \(position 27\)/);
});

test('an empty body, a list, and bytes that are not UTF-8 are refused', async (context) => {
  const server = await serveScripted(context);
  assert.equal(await codeOf(await server.post(chat, ' ')), 'invalid_json');
  assert.equal(await codeOf(await server.post(chat, '[]')), 'invalid_request');
  const response = await fetch(server.url + chat, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: Buffer.from([0x22, 0xff, 0x22]),
  });
  assert.equal(await codeOf(response), 'invalid_json');
});

test('a 50 MB body is refused while it is sent, and the client sees the answer', async (context) => {
  const server = await serveScripted(context);
  const body = async function* () {
    const piece = Buffer.alloc(1024 * 1024, 0x20);
    for (let index = 0; index < 50; index++) yield piece;
  };
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: body(), duplex: 'half' };
  const response = await fetch(server.url + chat, init as unknown as RequestInit);
  assert.deepEqual([response.status, await codeOf(response)], [413, 'body_too_large']);
});

test('a client that reads nothing until it has sent 50 MB still gets the refusal', async (context) => {
  const server = await serveScripted(context, { lingerMs: 20_000 });
  const client = await connectRaw(server.port);
  client.socket.pause();
  const length = 50 * 1024 * 1024;
  client.socket.write(rawPost(chat, '', { 'content-length': length }));
  await new Promise((resolve) => client.socket.write(Buffer.alloc(length, 0x20), resolve));
  client.socket.resume();
  await until(() => client.isClosed);
  assert.match(client.received, /^HTTP\/1\.1 413 [\s\S]*connection: close[\s\S]*body_too_large/i);
});

test('a body that announces too much is refused before it is read, also when the client asks first', async (context) => {
  const server = await serveScripted(context, { maxBodyBytes: 1000, lingerMs: 20 });
  const asking = await connectRaw(server.port);
  asking.socket.write(rawPost(chat, '', { 'content-length': 5000, expect: '100-continue' }));
  await until(() => asking.isClosed);
  assert.match(asking.received, /^HTTP\/1\.1 413 /);
  const polite = await connectRaw(server.port);
  polite.socket.write(rawPost(chat, '', { 'content-length': 2, expect: '100-continue' }));
  await until(() => polite.received.includes('100 Continue'));
  polite.socket.write('{}');
  await until(() => polite.received.includes('400 Bad Request'));
  polite.socket.destroy();
});

test('a body that drips is cut off with 408', async (context) => {
  const server = await serveScripted(context, { bodyTimeoutMs: 60, lingerMs: 20 });
  const client = await connectRaw(server.port);
  client.socket.write(rawPost(chat, '', { 'content-length': 100_000 }));
  const drip = setInterval(() => client.socket.write(' '), 10);
  await until(() => client.isClosed);
  clearInterval(drip);
  assert.match(client.received, /^HTTP\/1\.1 408 [\s\S]*request_timeout/);
});

test('unknown paths and methods are told apart, HEAD is GET without a body', async (context) => {
  const server = await serveScripted(context);
  assert.equal((await get(server, '/v1/nothing', {})).status, 404);
  assert.equal((await get(server, '/v1/models/', {})).status, 404);
  const wrong = await get(server, chat, {});
  assert.deepEqual([wrong.status, wrong.headers.allow], [405, 'POST']);
  assert.equal((await get(server, '/v1/models', {}, 'DELETE')).headers.allow, 'GET, HEAD');
  assert.deepEqual(await get(server, '/health/live', {}, 'HEAD').then(({ status, body }) => [status, body]), [200, '']);
});

test('GET / lists every route', async (context) => {
  const server = await serveScripted(context);
  const { routes: listed } = JSON.parse((await get(server, '/', {})).body) as { routes: { path: string }[] };
  assert.deepEqual(new Set(listed.map((each) => each.path)), new Set(['/', ...routes.map((each) => each.path)]));
});

test('no client chooses an upstream, on any route with a body', async (context) => {
  const server = await serveScripted(context);
  for (const { path } of routes.filter((each) => each.method === 'POST')) {
    for (const body of [
      { api_base: 'http://x' },
      { base_url: 'http://x' },
      { api_key: 'k' },
      { user_config: {} },
      { extra_body: { api_base: 'http://x' } },
    ]) {
      assert.equal(await codeOf(await server.post(path, { ...hello, ...body })), 'forbidden_parameter', path);
    }
  }
});

test('a model name with a slash is found by its path', async (context) => {
  const server = await serveScripted(context);
  for (const tail of ['scripted', 'alias/of-scripted', 'alias%2Fof-scripted']) {
    assert.equal(JSON.parse((await get(server, `/v1/models/${tail}`, {})).body).id, 'scripted');
  }
  assert.equal((await get(server, '/v1/models/other', {})).status, 404);
});

test('while the model loads the process lives, is not ready and refuses work with retry-after', async (context) => {
  const node = createStartingNode();
  const server = await serveScripted(context, { node });
  assert.equal((await get(server, '/health/live', {})).status, 200);
  assert.equal((await get(server, '/health/ready', {})).status, 503);
  const refused = await server.post(chat, hello);
  assert.deepEqual([refused.status, refused.headers.get('retry-after'), refused.headers.get('x-should-retry')], [503, '2', 'true']);
  assert.equal((await get(server, '/v1/models', {})).status, 503);
  server.useNode(createScriptedNode());
  assert.equal((await get(server, '/health/ready', {})).status, 200);
  assert.equal((await server.post(chat, hello)).status, 200);
});

test('a reachable address without a key, a taken port and an address that is not ours are refused', async (context) => {
  const server = await serveScripted(context);
  const node = createScriptedNode();
  const codeFor = (options: { host?: string; port: number }) =>
    createServer({ node, ...options }).then(endAndFail(context), (error: GatewayError) => error.code);
  assert.equal(await codeFor({ host: '0.0.0.0', port: 0 }), 'address_needs_key');
  assert.equal(await codeFor({ port: server.port }), 'address_in_use');
  assert.equal(await codeFor({ host: '127.0.0.1.invalid.', port: 0 }), 'address_needs_key');
});

function endAndFail(context: TestContext) {
  return (server: { close(options: { graceMs: number }): Promise<void> }): string => {
    context.after(() => server.close({ graceMs: 0 }));
    return 'it listens';
  };
}

test('faults of ours are hidden from the client and shown in the log', async (context) => {
  const lines: string[] = [];
  const log = createLog({ format: 'text', write: (line) => lines.push(line), now: Date.now });
  const server = await serveScripted(context, { log });
  server.node.script = () => {
    throw new TypeError('secret detail');
  };
  const response = await server.post(chat, hello);
  assert.equal(response.status, 500);
  assert.doesNotMatch(await response.text(), /secret detail/);
  await until(() => lines.length > 0);
  assert.match(lines.join(''), /code=internal_error .*secret detail/);
});

test('queue_full becomes 429 with retry-after', async (context) => {
  const server = await serveScripted(context, {}, async function* () {
    throw new GatewayError('queue_full', 'Full.', { retryAfterSeconds: 3.2 });
    // biome-ignore lint/correctness/noUnreachable: makes it a generator of batches
    yield { choice: 0, events: [] };
  });
  const response = await server.post(chat, { ...hello, stream: true });
  assert.deepEqual([response.status, response.headers.get('retry-after'), await codeOf(response)], [429, '4', 'queue_full']);
});
