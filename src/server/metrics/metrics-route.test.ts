import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GatewayError } from '../../protocol/error.ts';
import { createLog } from '../log.ts';
import { createScriptedNode, hang, scriptedReport, until } from '../scripted-node.test.support.ts';
import { hello, type ScriptedServer, serveScripted } from '../serve-scripted.test.support.ts';
import { createStartingNode } from '../starting-node.ts';
import { readExposition, type Scrape } from './read-exposition.test.support.ts';

const chat = '/v1/chat/completions';
const target = { model: 'scripted', upstream: 'only' };

async function scrape({ url }: { readonly url: string }, headers: Record<string, string> = {}): Promise<Scrape> {
  const response = await fetch(`${url}/metrics`, { headers });
  assert.deepEqual([response.status, response.headers.get('content-type')], [200, 'text/plain; version=0.0.4; charset=utf-8']);
  return readExposition(await response.text());
}

/** A scrape once the condition holds of it: a request is counted when its connection knows of its end. */
async function scrapeWhen(server: ScriptedServer, holds: (found: Scrape) => boolean): Promise<Scrape> {
  for (;;) {
    const found = await scrape(server);
    if (holds(found)) return found;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** A node that refuses names it does not know, as the real one does. */
function refuseOthers({ node }: ScriptedServer): void {
  const { generate } = node;
  node.generate = (request, signal) => {
    if (request.model !== 'scripted') throw new GatewayError('model_not_found', 'No such model.');
    return generate.call(node, request, signal);
  };
}

const ended = (found: Scrape, count: number): boolean =>
  [...found.values].filter(([key]) => key.startsWith('rookery_requests_total')).reduce((sum, [, value]) => sum + value, 0) === count;

test('whole and streamed answers, refusals and unknown paths are counted where they belong', async (context) => {
  const server = await serveScripted(context);
  refuseOthers(server);
  await (await server.post(chat, hello)).text();
  await (await server.post(chat, { ...hello, stream: true })).text();
  await (await server.post(chat, { ...hello, model: 'other' })).text();
  await (await server.post(chat, { model: 'scripted' })).text();
  await (await fetch(`${server.url}/nowhere/at-all`)).text();
  const found = await scrapeWhen(server, (each) => ended(each, 4));
  assert.equal(found.value('rookery_requests_total', { ...target, code: 'ok' }), 2);
  assert.equal(found.value('rookery_requests_total', { model: '', upstream: '', code: 'model_not_found' }), 1);
  assert.equal(found.value('rookery_requests_total', { model: '', upstream: '', code: 'invalid_request' }), 1);
  assert.equal(found.value('rookery_generation_tokens_total', target), 6);
  assert.equal(found.value('rookery_time_to_first_token_seconds_count', target), 1);
  assert.equal(found.value('rookery_inter_token_latency_seconds_count', target), 2);
  assert.equal(found.value('rookery_e2e_request_latency_seconds_count', target), 2);
  const http = (route: string, method: string, status: string, code: string) =>
    found.value('rookery_http_requests_total', { route, method, status, code });
  assert.equal(http(chat, 'POST', '200', 'ok'), 2);
  assert.equal(http(chat, 'POST', '404', 'model_not_found'), 1);
  assert.equal(http('', '', '404', 'not_found'), 1);
  assert.equal(found.value('rookery_http_requests_in_flight', { method: 'GET', route: '/metrics' }), 1);
  assert.equal(found.value('rookery_http_requests_in_flight', { method: 'POST', route: chat }), 0);
});

test('a refusal counts for the model that was asked for, if it is served', async (context) => {
  const server = await serveScripted(context);
  server.node.generate = () => {
    throw new GatewayError('engine_unavailable', 'All rest.');
  };
  for (const model of ['scripted', 'made-up']) await (await server.post(chat, { ...hello, model })).text();
  const found = await scrapeWhen(server, (each) => ended(each, 2));
  for (const model of ['scripted', ''])
    assert.equal(found.value('rookery_requests_total', { model, upstream: '', code: 'engine_unavailable' }), 1);
});

test('upstreams are read from the node that answers now', async (context) => {
  const server = await serveScripted(context, { node: createStartingNode() });
  assert.equal([...(await scrape(server)).values.keys()].filter((key) => key.startsWith('rookery_upstream')).length, 0);
  const node = createScriptedNode();
  node.load = { inFlight: 3, waiting: 7, slots: 4 };
  node.health = { state: 'resting', restsForMs: 1500.5 };
  server.useNode(node);
  const found = await scrape(server);
  const only = { upstream: 'only' };
  assert.deepEqual(
    ['up', 'in_flight', 'waiting', 'slots'].map((name) => found.value(`rookery_upstream_${name}`, only)),
    [1, 3, 7, 4],
  );
  const state = (each: string) => found.value('rookery_target_state', { ...target, state: each });
  assert.deepEqual(['healthy', 'kept', 'resting', 'trial', 'down'].map(state), [0, 0, 1, 0, 0]);
  assert.equal(found.value('rookery_build_info', { version: '0.1.0', node: process.versions.node }), 1);
  const health = await (await fetch(`${server.url}/health/upstreams`)).json();
  assert.deepEqual(health, {
    upstreams: {
      only: { status: 'ready', in_flight: 3, waiting: 7, slots: 4, models: { scripted: { state: 'resting', rests_for_ms: 1501 } } },
    },
  });
});

test('a generation is in flight until its client has left, and then it is counted once', async (context) => {
  const server = await serveScripted(context, {}, async function* (_request, signal) {
    yield { choice: 0, events: [{ type: 'text-delta', text: 'a' }] };
    await hang(signal);
  });
  const client = new AbortController();
  const response = await server.post(chat, { ...hello, stream: true }, { signal: client.signal });
  assert.equal((await scrape(server)).value('rookery_requests_in_flight', { model: 'scripted' }), 1);
  client.abort();
  await assert.rejects(response.text());
  const found = await scrapeWhen(server, (each) => ended(each, 1));
  assert.equal(found.value('rookery_requests_total', { ...target, code: 'client_closed' }), 1);
  assert.equal(found.value('rookery_requests_in_flight', { model: 'scripted' }), 0);
  assert.equal(found.value('rookery_http_requests_total', { method: 'POST', route: chat, status: '499', code: 'client_closed' }), 1);
});

test('two servers of one process count apart, and both tell of the process', async (context) => {
  const [left, right] = [await serveScripted(context), await serveScripted(context)];
  await (await left.post(chat, hello)).text();
  await scrapeWhen(left, (each) => ended(each, 1));
  const found = await scrape(right);
  assert.ok(ended(found, 0));
  assert.ok(found.value('process_resident_memory_bytes') > 0);
});

test('a thousand models, agents, paths and ids that clients make up make no new series', async (context) => {
  const server = await serveScripted(context);
  refuseOthers(server);
  const ask = async (index: number): Promise<void> => {
    const headers = { 'x-request-id': `id-${index}`, 'x-agent-id': `agent-${index}`, 'x-session-id': `session-${index}` };
    await (await server.post(chat, { ...hello, user: `user-${index}` }, { headers })).text();
    await (await server.post(chat, { ...hello, model: `made-up-${index}` }, { headers })).text();
    await (await fetch(`${server.url}/v1/models/made-up-${index}`)).text();
    await (await fetch(`${server.url}/path-${index}`, { method: index % 2 ? 'DELETE' : 'GET' })).text();
  };
  await ask(0);
  const before = await scrapeWhen(server, (each) => ended(each, 2));
  for (let index = 1; index <= 1000; index += 20) await Promise.all(Array.from({ length: 20 }, (_, at) => ask(index + at)));
  const after = await scrapeWhen(server, (each) => ended(each, 2002));
  const series = ({ values }: Scrape) => [...values.keys()].filter((key) => key.startsWith('rookery_')).sort();
  const isOfMethodOrScrape = (key: string) => key.includes('"/metrics"') || key.includes('method_not_allowed');
  assert.deepEqual(
    series(after).filter((key) => !isOfMethodOrScrape(key)),
    series(before).filter((key) => !isOfMethodOrScrape(key)),
  );
  assert.doesNotMatch(series(after).join('\n'), /made-up|agent-|session-|user-|path-|id-\d/);
});

test('neither keys nor prompts nor anything a client wrote is in the metrics', async (context) => {
  const key = 'canary-key-71f0';
  const server = await serveScripted(context, { key });
  const headers = { authorization: `Bearer ${key}`, 'x-request-id': 'canary-id' };
  server.node.script = async function* () {
    const call = { index: 0, name: 'canary-tool', id: 'canary-call' };
    yield {
      choice: 0,
      events: [
        { type: 'tool-call-start', ...call, isKnown: false },
        { type: 'tool-call-delta', index: 0, text: '{"canary":1}' },
        { type: 'tool-call-end', index: 0, state: 'repaired', fixes: [{ code: 'canary-fix' }] },
        { type: 'finish', reason: 'stop', stop: 'canary-stop' },
        { type: 'usage', usage: { promptTokens: 1, completionTokens: 1, cachedTokens: 0 } },
      ],
    };
  };
  const messages = [{ role: 'user', content: 'canary prompt' }];
  await (await server.post(`${chat}?canary=1`, { ...hello, messages, user: 'canary' }, { headers })).text();
  await (
    await server.post(chat, { ...hello, model: 'canary-model', canary: 1 }, { headers: { authorization: 'Bearer canary-other' } })
  ).text();
  server.node.script = () => {
    throw new Error('canary fault');
  };
  await (await server.post(chat, hello, { headers })).text();
  const response = await fetch(`${server.url}/metrics`, { headers });
  const text = await response.text();
  assert.match(text, /rookery_tool_calls_total\{[^}]*outcome="repaired"/);
  assert.doesNotMatch(text, /canary/);
});

test('the metrics ask for the key where there is one, and none without', async (context) => {
  const server = await serveScripted(context, { key: 'a-key' });
  assert.equal((await fetch(`${server.url}/metrics`)).status, 401);
  await scrape(server, { authorization: 'Bearer a-key' });
  const open = await serveScripted(context);
  const head = await fetch(`${open.url}/metrics`, { method: 'HEAD' });
  assert.deepEqual([head.status, await head.text()], [200, '']);
});

test('the log line of a generation says who answered, how, how fast and with how many tokens', async (context) => {
  const lines: string[] = [];
  const log = createLog({ format: 'json', write: (line) => lines.push(line), now: Date.now });
  const server = await serveScripted(context, { log });
  server.node.report = () => ({
    ...scriptedReport,
    mode: 'raw-chat',
    attempts: [
      { upstream: 'first', outcome: 'failed', code: 'engine_unavailable', queuedMs: 1.25 },
      { upstream: 'second', outcome: 'answered', queuedMs: 20 },
    ],
  });
  await (await server.post(chat, { ...hello, model: 'alias/of-scripted', stream: true })).text();
  await until(() => lines.length === 1);
  const { id, time, durationMs, ttftMs, ...rest } = JSON.parse(lines[0] ?? '') as Record<string, unknown>;
  assert.deepEqual([typeof id, typeof time, typeof durationMs, typeof ttftMs], ['string', 'string', 'number', 'number']);
  assert.deepEqual(rest, {
    ...{ level: 'info', event: 'request', method: 'POST', path: chat, status: 200, model: 'alias/of-scripted', stream: true },
    ...{ answeredBy: 'scripted', mode: 'raw-chat', upstream: 'second', attempts: 2, failed: ['first: engine_unavailable'] },
    ...{ queuedMs: 21.3, promptTokens: 5, completionTokens: 3, cachedTokens: 2, finish: 'stop' },
  });
});

test('the log line of a refused generation has its code and nothing of a turn', async (context) => {
  const lines: string[] = [];
  const log = createLog({ format: 'text', write: (line) => lines.push(line), now: Date.now });
  const server = await serveScripted(context, { log });
  refuseOthers(server);
  await (await server.post(chat, { ...hello, model: 'other' })).text();
  await until(() => lines.length === 1);
  assert.match(lines[0] ?? '', / status=404 durationMs=[\d.]+ model=other stream=false code=model_not_found\n$/);
});
