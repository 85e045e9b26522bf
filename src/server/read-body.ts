import { Buffer } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { GatewayError } from '../protocol/error.ts';

/** How much body is taken, and how long it may take. */
export interface BodyLimits {
  readonly maxBytes: number;
  /** from the call to the last byte, milliseconds */
  readonly timeoutMs: number;
}

/**
 * Reads a body whole. Throws `body_too_large` as soon as the limit is passed or announced to be, holding no more than the limit;
 * `request_timeout`, also for one that drips; `client_closed` when the client leaves. Afterwards the rest of a refused body is still unread.
 */
export async function readBody(request: IncomingMessage, limits: BodyLimits): Promise<Buffer> {
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > limits.maxBytes) throw tooLarge(limits.maxBytes);
  // what came with the head is there when this resumes: of most bodies all
  await undefined;
  if (request.destroyed) throw leftEarly();
  if (announced === 0 || request.readableLength !== announced) return collectPieces(request, limits);
  const body = request.read() as Buffer;
  request.resume();
  return body;
}

/** Made here, since it stays with the request to the end of the answer: it must not hold the body. */
const ignore = (): void => {};

function collectPieces(request: IncomingMessage, limits: BodyLimits): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    let size = 0;
    const timer = setTimeout(
      () => settle(new GatewayError('request_timeout', `The body did not arrive within ${limits.timeoutMs / 1000} s.`)),
      limits.timeoutMs,
    );
    const settle = (error?: GatewayError): void => {
      clearTimeout(timer);
      request.off('data', onData).off('end', onEnd).off('close', onClose);
      request.pause();
      if (error === undefined) resolve(pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : Buffer.concat(pieces, size));
      else reject(error);
    };
    const onData = (piece: Buffer): void => {
      size += piece.length;
      if (size > limits.maxBytes) settle(tooLarge(limits.maxBytes));
      else pieces.push(piece);
    };
    const onEnd = (): void => settle();
    const onClose = (): void => settle(leftEarly());
    // an aborted request also emits 'error'; 'close' follows it and tells all there is
    request.on('error', ignore);
    request.on('data', onData).on('end', onEnd).on('close', onClose);
  });
}

function leftEarly(): GatewayError {
  return new GatewayError('client_closed', 'The client left while it sent the body.');
}

function tooLarge(maxBytes: number): GatewayError {
  return new GatewayError('body_too_large', `The body is over the limit of ${maxBytes} bytes.`);
}
