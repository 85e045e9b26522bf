import { Buffer } from 'node:buffer';
import type { ResponseHeaders } from './head-fields.ts';
import { Surprise } from './surprise.ts';

/** One request as it goes out. */
export interface PlainRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** names in lower case; `host`, `connection` and what frames the body are not among them */
  readonly headers: Readonly<Record<string, string>>;
  /** pieces that follow each other */
  readonly body: readonly Uint8Array[] | null;
}

/** Steers a request from its start to its end, and not after. */
export interface RequestController {
  /** Closes its connection. The handler hears of it as an error. */
  abort(reason: Error): void;
  pause(): void;
  resume(): void;
}

/** Hears what becomes of one request, told as undici tells its handlers. */
export interface RequestHandler {
  /** It is written now. Who never heard this had no connection. */
  onRequestStart(controller: RequestController): void;
  onResponseStart(controller: RequestController, status: number, headers: ResponseHeaders): void;
  onResponseData(controller: RequestController, bytes: Uint8Array): void;
  onResponseEnd(): void;
  onResponseError(controller: RequestController | undefined, cause: Error): void;
}

/** What goes out of a request, in pieces that are written one after another. */
export type RequestBytes = readonly Uint8Array[];

/** Bodies up to this size go out in one piece with their head. */
const joinedBytesMax = 64 * 1024;
const unsafePath = /[^\x21-\x7e\x80-\xff]/;
const unsafeValue = /[^\t\x20-\x7e\x80-\xff]/;

/** The bytes of a request. Throws a `Surprise` for a path or a header that would not be what it says. */
export function writePlain({ method, path, headers, body }: PlainRequest, host: string): RequestBytes {
  if (unsafePath.test(path)) throw new Surprise('the path of the request');
  let head = `${method} ${path} HTTP/1.1\r\nhost: ${host}\r\nconnection: keep-alive\r\n`;
  for (const name in headers) {
    const value = headers[name] as string;
    if (unsafeValue.test(value)) throw new Surprise('the value of a header');
    head += `${name}: ${value}\r\n`;
  }
  if (body === null) return [Buffer.from(method === 'GET' ? `${head}\r\n` : `${head}content-length: 0\r\n\r\n`, 'latin1')];
  const size = body.reduce((sum, { length }) => sum + length, 0);
  head += `content-length: ${size}\r\n\r\n`;
  if (size > joinedBytesMax) return [Buffer.from(head, 'latin1'), ...body];
  const all = Buffer.allocUnsafe(head.length + size);
  let at = all.write(head, 'latin1');
  for (const piece of body) {
    all.set(piece, at);
    at += piece.length;
  }
  return [all];
}
