import type { IncomingMessage, ServerResponse } from 'node:http';
import { type ErrorCode, GatewayError } from '../protocol/error.ts';
import type { GenerationMeter } from './metrics/generation-meter.ts';
import { makeRequestId, readRequestId } from './request-id.ts';
import type { Route } from './route-table.ts';

/** What the log line of a request says beside the usual. */
export interface RequestNotes {
  /** as the client named it, cut short */
  model?: string;
  stream?: boolean;
  code?: ErrorCode;
  param?: string;
  error?: GatewayError;
}

/** One request while it is being answered. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** ours, unique */
  readonly id: string;
  /** the caller's, where one was sent */
  readonly callerId: string | undefined;
  readonly path: string;
  /** when its head had come, on a clock that never goes back */
  readonly startedMs: number;
  /** aborted when the client leaves or the server ends; its reason is a `GatewayError` */
  readonly signal: AbortSignal;
  /** Stops all work for the request. */
  abort(reason: GatewayError): void;
  /** Its connection has closed. A pipelined response that waits for its turn does not hear of that by itself. */
  disconnect(): void;
  /** resolves when the answer is written or its client gone */
  readonly ended: Promise<void>;
  /** filled while the request is answered */
  readonly notes: RequestNotes;
  /** of a request that generates */
  meter?: GenerationMeter;
  /** absent until its route is found, and where there is none */
  route?: Route;
}

const ignore = (): void => {};

/** Follows a request from its head to the end of its answer. A client that leaves before that aborts `signal` with `client_closed`. */
export function openExchange(request: IncomingMessage, response: ServerResponse, startedMs: number): Exchange {
  const controller = new AbortController();
  let settle = (): void => {};
  const ended = new Promise<void>((resolve) => {
    settle = () => {
      if (!response.writableFinished)
        controller.abort(new GatewayError('client_closed', 'The client left before the answer was complete.'));
      resolve();
    };
  });
  response.on('close', settle);
  // writing to a client that has left is no fault of ours; the signal tells of it
  response.on('error', ignore);
  return {
    request,
    response,
    id: makeRequestId(),
    callerId: readRequestId(request.headers['x-request-id']),
    path: (request.url ?? '/').split('?', 1)[0] ?? '/',
    startedMs,
    signal: controller.signal,
    ended,
    disconnect: settle,
    abort: (reason) => controller.abort(reason),
    notes: {},
  };
}
