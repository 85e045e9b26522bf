import type { Buffer } from 'node:buffer';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { encodeOpenAiError } from '../api/encode/error.ts';
import type { ApiCall, Surface } from '../api/surface.ts';
import { GatewayError, toGatewayError } from '../protocol/error.ts';
import type { Drain } from './drain.ts';
import { type Exchange, openExchange } from './exchange.ts';
import { type GenerateWalk, noteFailure, type StreamTimes, walkGenerate } from './generate-walk.ts';
import { createKeyCheck } from './key-check.ts';
import type { Log } from './log.ts';
import { toTenths } from './metrics/generation-meter.ts';
import type { Instruments } from './metrics/instruments.ts';
import * as network from './network-rules.ts';
import { parseBody } from './parse-body.ts';
import { type BodyLimits, readBody } from './read-body.ts';
import { createRouteTable, type FoundRoute, type OwnRoute, type Route } from './route-table.ts';
import { sendError, sendJson } from './send-json.ts';
import { sendText } from './send-text.ts';

/** What answering takes. */
export interface HandlerOptions {
  readonly node: () => GenerateWalk['node'];
  readonly drain: Drain;
  readonly surfaces: readonly Surface[];
  /** routes beside those of the surfaces */
  readonly ownRoutes: readonly OwnRoute[];
  readonly instruments: Instruments;
  readonly key: string | undefined;
  /** a header that may carry the key beside the usual ones, in lower case */
  readonly keyHeader: string | undefined;
  /** generations worked on or waiting at once */
  readonly mostGenerations: number;
  readonly rules: network.NetworkRules;
  readonly body: BodyLimits;
  readonly times: StreamTimes;
  readonly lingerMs: number;
  readonly log: Log;
  /** milliseconds of a clock that never goes back */
  readonly nowMs: () => number;
}

/** The walk of one request, step by step: identify, check who calls, find the route, check the key, read, answer, log. */
export function createHandler(options: HandlerOptions): (request: IncomingMessage, response: ServerResponse) => void {
  const table = createRouteTable(options.surfaces, options.ownRoutes);
  const checkKey = createKeyCheck(options.key, options.keyHeader);
  let generations = 0;

  const answer = async (exchange: Exchange, found: FoundRoute): Promise<void> => {
    const { route, tail } = found;
    if (route.access !== 'public') checkKey(exchange.request.headers);
    if (route.kind === 'generate') {
      if (generations >= options.mostGenerations) throw tooMany(options.mostGenerations);
      generations += 1;
      void exchange.ended.then(() => (generations -= 1));
    }
    const body = route.method === 'POST' ? parseBody(await takeBody(exchange, options.body)) : undefined;
    if (route.kind === 'forward') return route.forward(exchange, body?.written.bytes);
    const { id, path, signal } = exchange;
    const call: ApiCall = { id, path, tail, body: body?.value, written: body?.written, headers: exchange.request.headers, signal };
    const { times, instruments, nowMs } = options;
    const taken: GenerateWalk = { exchange, call, node: options.node(), times, instruments, nowMs };
    return route.kind === 'generate' ? walkGenerate(route, taken) : answerPlain(route, taken);
  };

  const walk = async (exchange: Exchange): Promise<void> => {
    const { request, response } = exchange;
    let found: FoundRoute | undefined;
    try {
      identify(exchange, options.rules);
      if (options.drain.isDraining) throw new GatewayError('shutting_down', 'The server is stopping and takes no new requests.');
      network.checkHost(request.headers.host, request.socket.localAddress, options.rules);
      network.checkOrigin(request.headers, options.rules);
      if (isPreflight(request, options.rules)) return void response.writeHead(204, network.preflightHeaders(request.headers)).end();
      found = table.find(request.method ?? 'GET', exchange.path);
      visit(exchange, found.route, options.instruments);
      await answer(exchange, found);
    } catch (thrown) {
      const failure = toGatewayError(exchange.signal.aborted ? exchange.signal.reason : thrown);
      noteFailure(exchange, failure);
      if (response.headersSent || response.destroyed) return void response.destroy();
      const encodeError = found?.encodeError ?? encodeOpenAiError;
      sendError(failure, {
        request,
        response,
        id: exchange.id,
        encodeError,
        allowed: table.methods(exchange.path),
        lingerMs: options.lingerMs,
      });
    }
  };

  const run = async (exchange: Exchange): Promise<void> => {
    options.drain.enter(exchange);
    try {
      await walk(exchange);
      await exchange.ended;
    } catch (error) {
      noteFailure(exchange, toGatewayError(error));
      exchange.response.destroy();
    }
    options.drain.leave(exchange);
    countRequest(exchange, options.instruments);
    logRequest(exchange, options);
  };

  return (request, response) => void run(openExchange(request, response, options.nowMs()));
}

function tooMany(most: number): GatewayError {
  const message = `${most} requests are worked on or wait already, which is the most this server takes (\`server.max_requests\`). Retry later.`;
  return new GatewayError('queue_full', message, { retryAfterSeconds: 1 });
}

function identify(exchange: Exchange, rules: network.NetworkRules): void {
  const { request, response } = exchange;
  response.setHeader('x-request-id', exchange.callerId ?? exchange.id);
  response.setHeader('x-content-type-options', 'nosniff');
  if (request.headers.origin === undefined) return;
  for (const [name, value] of Object.entries(network.crossOriginHeaders(request.headers, rules))) response.setHeader(name, value);
}

function isPreflight({ method, headers }: IncomingMessage, rules: network.NetworkRules): boolean {
  return method === 'OPTIONS' && headers.origin !== undefined && network.isAllowedOrigin(headers.origin, rules);
}

function takeBody({ request, response }: Exchange, limits: BodyLimits): Promise<Buffer> {
  network.checkContentType(request.headers);
  if (request.headers.expect?.toLowerCase() === '100-continue' && Number(request.headers['content-length'] ?? 0) <= limits.maxBytes) {
    response.writeContinue();
  }
  return readBody(request, limits);
}

async function answerPlain(route: Exclude<Route, { kind: 'forward' | 'generate' }>, walk: GenerateWalk): Promise<void> {
  if (route.kind === 'text') return sendText(walk.exchange.response, 200, await route.answer());
  const { status = 200, body } = await route.answer(walk.call, walk.node);
  if (walk.exchange.signal.aborted) throw walk.exchange.signal.reason;
  sendJson(walk.exchange.response, status, body);
}

function visit(exchange: Exchange, route: Route, { http }: Instruments): void {
  exchange.route = route;
  http.inFlight.of(route.method, route.path).value += 1;
}

function countRequest(exchange: Exchange, { http }: Instruments): void {
  const { route, notes, meter } = exchange;
  http.answered.of(route?.method ?? '', route?.path ?? '', String(statusOf(exchange)), notes.code ?? 'ok').value += 1;
  if (route) http.inFlight.of(route.method, route.path).value -= 1;
  meter?.end(notes.code);
}

/** 499 for a client that left, as nginx has it. */
function statusOf({ response, notes }: Exchange): number {
  return notes.code === 'client_closed' ? 499 : response.statusCode;
}

function logRequest(exchange: Exchange, { log, nowMs }: HandlerOptions): void {
  const { request, notes } = exchange;
  const { model, stream, code, param, error } = notes;
  const status = statusOf(exchange);
  const level = error !== undefined ? 'error' : request.method === 'GET' && status === 200 ? 'debug' : 'info';
  log(level, 'request', {
    id: exchange.id,
    callerId: exchange.callerId,
    method: request.method,
    path: exchange.path.slice(0, 256),
    status,
    durationMs: toTenths(nowMs() - exchange.startedMs),
    model,
    stream,
    ...exchange.meter?.fields(model),
    code,
    param,
    error,
  });
}
