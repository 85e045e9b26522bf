import type { IncomingMessage, ServerResponse } from 'node:http';
import { encodeOpenAiError } from '../api/encode/error.ts';
import type { AnswerRoute, ApiCall, GenerateRoute, Surface } from '../api/surface.ts';
import type { Node } from '../gateway/node.ts';
import { GatewayError, toGatewayError } from '../protocol/error.ts';
import type { Drain } from './drain.ts';
import { type Exchange, openExchange } from './exchange.ts';
import { noteFailure, type StreamTimes, walkGenerate } from './generate-walk.ts';
import { createKeyCheck } from './key-check.ts';
import type { Log } from './log.ts';
import * as network from './network-rules.ts';
import { type ParsedBody, parseBody } from './parse-body.ts';
import { type BodyLimits, readBody } from './read-body.ts';
import { createRouteTable, type FoundRoute } from './route-table.ts';
import { sendError, sendJson } from './send-json.ts';

/** What answering takes. */
export interface HandlerOptions {
  readonly node: () => Node;
  readonly drain: Drain;
  readonly surfaces: readonly Surface[];
  readonly key: string | undefined;
  readonly rules: network.NetworkRules;
  readonly body: BodyLimits;
  readonly times: StreamTimes;
  readonly lingerMs: number;
  readonly log: Log;
  /** milliseconds since 1970 */
  readonly now: () => number;
}

/** The walk of one request, step by step: identify, check who calls, find the route, check the key, read, answer, log. */
export function createHandler(options: HandlerOptions): (request: IncomingMessage, response: ServerResponse) => void {
  const table = createRouteTable(options.surfaces);
  const checkKey = createKeyCheck(options.key);

  const answer = async (exchange: Exchange, found: FoundRoute): Promise<void> => {
    const { route, tail } = found;
    if (route.access !== 'public') checkKey(exchange.request.headers);
    const body = route.method === 'POST' ? await takeBody(exchange, options.body) : undefined;
    const { id, path, signal } = exchange;
    const call: ApiCall = { id, path, tail, body: body?.value, bodyText: body?.text, headers: exchange.request.headers, signal };
    await answerRoute(route, { exchange, call, node: options.node(), times: options.times });
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
    logRequest(exchange, options);
  };

  return (request, response) => void run(openExchange(request, response, options.now()));
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

async function takeBody({ request, response }: Exchange, limits: BodyLimits): Promise<ParsedBody> {
  network.checkContentType(request.headers);
  if (request.headers.expect?.toLowerCase() === '100-continue' && Number(request.headers['content-length'] ?? 0) <= limits.maxBytes) {
    response.writeContinue();
  }
  return parseBody(await readBody(request, limits));
}

async function answerRoute(
  route: AnswerRoute | GenerateRoute,
  walk: { exchange: Exchange; call: ApiCall; node: Node; times: StreamTimes },
): Promise<void> {
  if (route.kind === 'generate') return walkGenerate(route, walk);
  const { status = 200, body } = await route.answer(walk.call, walk.node);
  if (walk.exchange.signal.aborted) throw walk.exchange.signal.reason;
  sendJson(walk.exchange.response, status, body);
}

function logRequest(exchange: Exchange, { log, now }: HandlerOptions): void {
  const { request, response, notes } = exchange;
  const hasLeft = notes.code === 'client_closed';
  const status = hasLeft ? 499 : response.statusCode;
  const level = notes.error !== undefined ? 'error' : request.method === 'GET' && status === 200 ? 'debug' : 'info';
  log(level, 'request', {
    id: exchange.id,
    callerId: exchange.callerId,
    method: request.method,
    path: exchange.path.slice(0, 256),
    status,
    durationMs: now() - exchange.startedMs,
    ...notes,
  });
}
