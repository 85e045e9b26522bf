import assert from 'node:assert/strict';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, test } from 'node:test';
import { GatewayError } from '../../protocol/error.ts';
import { startFakeEngine } from '../../testing/index.ts';
import { type PullProgress, pullModel } from './pull.ts';

const servers: Server[] = [];
after(() => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
});

/** A server that answers every request alike. */
async function serve(answer: (response: ServerResponse) => void): Promise<{ readonly baseUrl: string }> {
  const server = createServer((_, response) => answer(response));
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

const never = new AbortController().signal;

async function collect(progress: AsyncIterable<PullProgress>): Promise<readonly PullProgress[]> {
  const all: PullProgress[] = [];
  for await (const each of progress) all.push(each);
  return all;
}

const isError = (code: string, words: RegExp) => (error: unknown) => {
  assert.ok(error instanceof GatewayError, String(error));
  assert.equal(error.code, code, error.message);
  assert.match(error.message, words);
  return true;
};

test('a pull tells how far it is and ends with success', async () => {
  const fake = await startFakeEngine({ face: 'ollama' });
  const told = await collect(pullModel({ baseUrl: fake.origin }, 'qwen3:0.6b', never));
  assert.deepEqual(told, [
    { status: 'pulling manifest' },
    { status: 'pulling fd5f44c0b5af', completed: 98362745, total: 98362745 },
    { status: 'success' },
  ]);
  assert.deepEqual(fake.requests.at(-1)?.body, { model: 'qwen3:0.6b', stream: true });
  await fake.close();
});

const failures: readonly {
  readonly name: string;
  readonly body: string;
  readonly status?: number;
  readonly code: string;
  readonly words: RegExp;
}[] = [
  {
    name: 'a model that is not there',
    body: '{"status":"pulling manifest"}\n{"error":"pull model manifest: file does not exist"}\n',
    code: 'unknown_model',
    words: /no model 'm'.*file does not exist/,
  },
  { name: 'a full disk', body: '{"error":"write: no space left on device"}\n', code: 'download_failed', words: /no space left/ },
  { name: 'an early end', body: '{"status":"pulling manifest"}\n', code: 'download_failed', words: /in the middle/ },
  { name: 'something else', body: '<html>\n', code: 'download_failed', words: /no progress/ },
  { name: 'a busy answer', body: '{"error":"server busy"}', status: 503, code: 'engine_unavailable', words: /server busy/ },
  { name: 'a bad name', body: '{"error":"invalid model name"}', status: 400, code: 'invalid_request', words: /invalid model name/ },
];

for (const { name, body, status = 200, code, words } of failures) {
  test(`a pull that meets ${name} is ${code}`, async () => {
    const source = await serve((response) => response.writeHead(status, { 'content-type': 'application/x-ndjson' }).end(body));
    await assert.rejects(collect(pullModel(source, 'm', never)), isError(code, words));
  });
}

test('a pull where nobody is is engine_unavailable', async () => {
  await assert.rejects(collect(pullModel({ baseUrl: 'http://127.0.0.1:1' }, 'm', never)), isError('engine_unavailable', /No connection/));
});

test('an abort and a reader that leaves close the connection', async () => {
  const closed: Promise<void>[] = [];
  const source = await serve((response) => {
    closed.push(new Promise((resolve) => response.on('close', resolve)));
    response.writeHead(200).write('{"status":"pulling manifest"}\n');
  });
  const leaving = new AbortController();
  const aborted = pullModel(source, 'm', leaving.signal)[Symbol.asyncIterator]();
  assert.deepEqual(await aborted.next(), { done: false, value: { status: 'pulling manifest' } });
  leaving.abort();
  await assert.rejects(aborted.next(), isError('client_closed', /given up/));
  for await (const _ of pullModel(source, 'm', never)) break;
  await Promise.all(closed);
  assert.equal(closed.length, 2);
  await assert.rejects(collect(pullModel(source, 'm', AbortSignal.abort())), isError('client_closed', /given up/));
});
