import assert from 'node:assert/strict';
import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createSocketServer, type Server, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { type FakeEngine, startFakeEngine } from '../../testing/fake-engine.ts';
import type { FakeEngineOptions } from '../../testing/fake-options.ts';
import { awaitLocalEngines, findLocalEngines } from './find-local.ts';
import type { FoundEngine } from './recognise-engine.ts';

const never = new AbortController().signal;
/** far more than loopback takes, so that a busy machine changes nothing */
const patientMs = 20_000;
/** for servers that never answer */
const hastyMs = 150;

function look(ports: readonly number[], timeoutMs = patientMs): Promise<readonly FoundEngine[]> {
  return findLocalEngines({ ports, timeoutMs, signal: never });
}

async function fake(context: TestContext, options: FakeEngineOptions): Promise<FakeEngine & { readonly port: number }> {
  const engine = await startFakeEngine(options);
  context.after(() => engine.close());
  return Object.assign(engine, { port: Number(new URL(engine.origin).port) });
}

async function listen(context: TestContext, server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  context.after(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as AddressInfo).port;
}

const serveHttp = (context: TestContext, answer: RequestListener) => listen(context, createServer(answer));
const serveBytes = (context: TestContext, onConnection: (socket: Socket) => void) => listen(context, createSocketServer(onConnection));

/** Answers by path; anything else is 404. */
function serveJson(context: TestContext, answers: Readonly<Record<string, unknown>>): Promise<number> {
  return serveHttp(context, ({ url = '' }, response) => {
    response.writeHead(url in answers ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answers[url] ?? { detail: 'Not Found' }));
  });
}

/** A port on which nothing listens. */
async function closedPort(): Promise<number> {
  const server = createSocketServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const list = (...ids: readonly string[]) => ({ object: 'list', data: ids.map((id) => ({ id, object: 'model', owned_by: 'somebody' })) });

const faces = [
  { face: 'ollama', kind: 'ollama', about: 'Ollama 0.34.0', path: '', ids: ['a:latest', 'b:latest'] },
  { face: 'vllm', kind: 'vllm', about: 'vLLM 0.32.0', path: '', ids: ['a', 'b'] },
  { face: 'llama-server', kind: 'llama-server', about: 'llama-server b11434', path: '', ids: ['a', 'b'] },
  { face: 'openai', kind: 'openai', about: 'an OpenAI-compatible server', path: '/v1', ids: ['a', 'b'] },
] as const;

for (const { face, kind, about, path, ids } of faces) {
  test(`the face ${face} is found as ${about} with all its models, on whatever port`, async (context) => {
    const engine = await fake(context, { face, models: ['a', 'b'] });
    assert.deepEqual(await look([engine.port]), [{ kind, about, baseUrl: `${engine.origin}${path}`, modelIds: ids, state: 'ready' }]);
    assert.ok(engine.requests.every(({ method, headers }) => method === 'GET' && headers.authorization === undefined));
    assert.equal(engine.counts().started, 0);
  });

  test(`the face ${face} behind a key is found and not served`, async (context) => {
    const engine = await fake(context, { face, apiKey: 'k-123' });
    const [found, ...more] = await look([engine.port]);
    assert.deepEqual([found?.state, found?.modelIds, more], ['needs-key', [], []]);
    // Ollama has no keys: behind one it is whatever stands in front of it
    assert.equal(found?.kind, face === 'ollama' ? 'openai' : kind);
  });
}

test('engines come in the order of the ports, each port is asked once, and our own is not asked', async (context) => {
  const first = await fake(context, { face: 'vllm' });
  const second = await fake(context, { face: 'ollama' });
  const own = await fake(context, {});
  const ports = [second.port, await closedPort(), own.port, first.port, second.port];
  const found = await findLocalEngines({ ports, ownPort: own.port, timeoutMs: patientMs, signal: never });
  assert.deepEqual(
    found.map(({ kind }) => kind),
    ['ollama', 'vllm'],
  );
  assert.equal(own.requests.length, 0);
});

test('many engines at once draw no warning of the runtime', async (context) => {
  const engines = await Promise.all([1, 2, 3, 4].map(() => fake(context, { face: 'vllm' })));
  const warnings: string[] = [];
  const note = ({ message }: Error) => warnings.push(message);
  process.on('warning', note);
  context.after(() => process.off('warning', note));
  assert.equal((await look(engines.map(({ port }) => port))).length, 4);
  assert.deepEqual(warnings, []);
});

test('an engine without models is found empty, with the null that Ollama lists', async (context) => {
  const port = await serveJson(context, {
    '/v1/models': { object: 'list', data: null },
    '/api/version': { version: '0.34.0' },
    '/api/tags': { models: [] },
  });
  const plain = await serveJson(context, { '/v1/models': { object: 'list', data: [] } });
  assert.deepEqual(
    (await look([port, plain])).map(({ about, state }) => [about, state]),
    [
      ['Ollama 0.34.0', 'empty'],
      ['an OpenAI-compatible server', 'empty'],
    ],
  );
});

test('a llama-server that is loading is found, asked again, and told once', async (context) => {
  const engine = await fake(context, { face: 'llama-server', isLoading: true });
  assert.deepEqual(await look([engine.port]), [
    { kind: 'llama-server', about: 'llama-server', baseUrl: engine.origin, modelIds: [], state: 'loading' },
  ]);
  const told: string[] = [];
  const onWaiting = (loading: readonly FoundEngine[]) => {
    told.push(...loading.map(({ about }) => about));
    setTimeout(() => engine.setLoading(false), 30);
  };
  const found = await awaitLocalEngines({ ports: [engine.port], timeoutMs: patientMs, signal: never, onWaiting, pauseMs: 5 });
  assert.deepEqual([told, found.map(({ state }) => state)], [['llama-server'], ['ready']]);
});

test('nothing is waited for where another engine is ready, or where the loading one goes away', async (context) => {
  const loading = await fake(context, { face: 'llama-server', isLoading: true });
  const ready = await fake(context, { face: 'ollama' });
  const told: string[] = [];
  const options = { timeoutMs: patientMs, signal: never, pauseMs: 5 };
  const beside = { ...options, ports: [loading.port, ready.port], onWaiting: () => told.push('beside') };
  assert.deepEqual(
    (await awaitLocalEngines(beside)).map(({ state }) => state),
    ['loading', 'ready'],
  );
  const alone = { ...options, ports: [loading.port], onWaiting: () => void loading.refuseConnections().then(() => told.push('gone')) };
  assert.deepEqual(await awaitLocalEngines(alone), []);
  assert.deepEqual(told, ['gone']);
  await loading.acceptConnections();
});

test('a stop ends the look and the wait with its reason', async (context) => {
  const silent = await serveBytes(context, () => {});
  const stop = new AbortController();
  const looking = findLocalEngines({ ports: [silent], timeoutMs: patientMs, signal: stop.signal });
  stop.abort(new Error('stopped'));
  await assert.rejects(looking, /stopped/);
  await assert.rejects(findLocalEngines({ ports: [], signal: stop.signal }), /stopped/);
  const loading = await fake(context, { face: 'llama-server', isLoading: true });
  const leave = new AbortController();
  const options = { ports: [loading.port], timeoutMs: patientMs, pauseMs: patientMs, signal: leave.signal };
  await assert.rejects(awaitLocalEngines({ ...options, onWaiting: () => leave.abort() }), { name: 'AbortError' });
});

const page = '<!doctype html><title>Sign in</title>';
const strangers: readonly { readonly what: string; readonly answer: RequestListener }[] = [
  { what: 'a web page at every path', answer: (_, response) => response.end(page) },
  { what: 'a page that wants a log-in', answer: (_, response) => response.writeHead(401, { 'www-authenticate': 'Basic' }).end(page) },
  { what: 'an application without such a path', answer: (_, response) => response.writeHead(404).end('{"detail":"Not Found"}') },
  { what: 'JSON of another kind', answer: (_, response) => response.end('{"data":[{"id":"corolla","wheels":4}]}') },
  { what: 'an overloaded proxy', answer: (_, response) => response.writeHead(503).end('{"error":{"message":"no backend"}}') },
  { what: 'an empty answer', answer: (_, response) => response.end() },
  { what: 'a broken answer', answer: (_, response) => response.writeHead(200, { 'content-length': 50 }).write('{"obj') },
];

for (const { what, answer } of strangers) {
  test(`${what} is no engine, and is asked one thing only`, async (context) => {
    const paths: (string | undefined)[] = [];
    const port = await serveHttp(context, (request, response) => {
      paths.push(request.url);
      answer(request, response);
      if (!response.writableEnded) setTimeout(() => response.destroy(), 5);
    });
    assert.deepEqual(await look([port]), []);
    assert.deepEqual(paths, ['/v1/models']);
  });
}

test('a redirect is not followed', async (context) => {
  const target = await fake(context, {});
  const port = await serveHttp(context, (_, response) => response.writeHead(307, { location: `${target.url}/models` }).end());
  assert.deepEqual(await look([port]), []);
  assert.equal(target.requests.length, 0);
});

test('a list without end is cut off, and its server is no engine', async (context) => {
  const block = Buffer.alloc(64 * 1024, 'x');
  let written = 0;
  const port = await serveHttp(context, (_, response) => {
    response.write('{"object":"list","data":[{"object":"model","id":"');
    const write = () => {
      let hasRoom = true;
      while (hasRoom && !response.destroyed) {
        written += block.length;
        hasRoom = response.write(block);
      }
    };
    response.on('drain', write);
    write();
  });
  assert.deepEqual(await look([port]), []);
  // the bound is 4 MB; the rest is what the network holds
  assert.ok(written < 64 * 2 ** 20, `${written} bytes`);
});

test('of a version 64 KB are taken, of the properties of a llama-server more, as they hold a template', async (context) => {
  const pad = 'x'.repeat(100_000);
  const listOf = (owner: string) => ({ object: 'list', data: [{ id: 'm', owned_by: owner }] });
  const vllm = { '/v1/models': listOf('vllm'), '/version': { version: '0.32.0', pad } };
  const llamaServer = { '/v1/models': listOf('llamacpp'), '/props': { default_generation_settings: {}, chat_template: pad } };
  const found = await look([await serveJson(context, vllm), await serveJson(context, llamaServer)]);
  assert.deepEqual(
    found.map(({ kind, modelIds }) => [kind, modelIds]),
    [
      ['openai', ['m']],
      ['llama-server', ['m']],
    ],
  );
});

test('servers that hang, drip or hang at the second question are given up at the limit', async (context) => {
  const silent = await serveBytes(context, () => {});
  const dripping = await serveHttp(context, (_, response) => {
    const timer = setInterval(() => response.write(' '), 10);
    response.on('close', () => clearInterval(timer));
  });
  assert.deepEqual(await look([silent, dripping], hastyMs), []);
});

test('an engine that answers the first question only is served as an OpenAI-compatible one', async (context) => {
  const port = await serveHttp(context, ({ url }, response) => {
    if (url === '/v1/models') response.end(JSON.stringify(list('m')));
    else response.socket?.destroy();
  });
  const [found] = await look([port]);
  assert.deepEqual([found?.kind, found?.state], ['openai', 'ready']);
});

test('whatever bytes a port says, the look ends without an error', async (context) => {
  let said = Buffer.alloc(0);
  const port = await serveBytes(context, (socket) => socket.end(said));
  const head = fc.constantFrom('', 'SSH-2.0-x\r\n', 'HTTP/1.1 200 OK\r\n\r\n', 'HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n');
  await fc.assert(
    fc.asyncProperty(head, fc.uint8Array({ maxLength: 60 }), async (start, rest) => {
      said = Buffer.concat([Buffer.from(start), rest]);
      assert.deepEqual(await look([port]), []);
    }),
    { numRuns: 40 },
  );
});
