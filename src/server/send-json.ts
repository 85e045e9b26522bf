import { Buffer } from 'node:buffer';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Surface } from '../api/surface.ts';
import type { GatewayError } from '../protocol/error.ts';
import { sendText } from './send-text.ts';

/** Bodies up to this length are read and thrown away after a refusal, so that the connection can be used again. */
const mostDumpedBytes = 64 * 1024;

/** Answers with one JSON value in one write. */
export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  sendText(response, status, { contentType: 'application/json', text: JSON.stringify(body) });
}

/** How an error is answered. */
export interface ErrorAnswer {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly id: string;
  readonly encodeError: Surface['encodeError'];
  /** methods for the `Allow` header of a 405 */
  readonly allowed: readonly string[];
  /** how long the rest of a long refused body is read and thrown away, milliseconds */
  readonly lingerMs: number;
}

/**
 * Answers with an error before anything else was written. Headers tell SDKs whether to try again, and when.
 * Source: openai-node 6 reads `x-should-retry`, `retry-after-ms` and `retry-after`.
 */
export function sendError(error: GatewayError, answer: ErrorAnswer): void {
  const { request, response } = answer;
  const { status, mayRetryElsewhere } = error.kind;
  response.setHeader('x-should-retry', String(mayRetryElsewhere));
  if (status === 429 || status === 503 || error.retryAfterSeconds !== undefined)
    response.setHeader('retry-after', String(Math.max(1, Math.ceil(error.retryAfterSeconds ?? 1))));
  if (status === 401) response.setHeader('www-authenticate', 'Bearer');
  if (status === 405) response.setHeader('allow', answer.allowed.join(', '));
  if (error.code === 'shutting_down') response.setHeader('connection', 'close');
  const body = answer.encodeError(error, answer.id);
  if (request.complete || isShort(request)) sendJson(response, status, body);
  else sendAndLinger(answer, status, body);
}

function isShort(request: IncomingMessage): boolean {
  const announced = request.headers['content-length'];
  return announced === undefined ? request.headers['transfer-encoding'] === undefined : Number(announced) <= mostDumpedBytes;
}

/**
 * Closing a connection with unread bytes resets it, and the client may lose the answer. So the answer is written whole,
 * the rest of the body thrown away for a while, and only then the connection closed.
 */
function sendAndLinger(answer: ErrorAnswer, status: number, body: unknown): void {
  const { request, response } = answer;
  const text = JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text), connection: 'close' });
  response.write(text);
  const finish = (): void => {
    clearTimeout(timer);
    response.end();
  };
  const timer = setTimeout(finish, answer.lingerMs);
  request.once('end', finish).once('close', finish);
  request.on('error', () => {});
  request.resume();
}
