import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';

/** A request as the hub saw it. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly range: string | undefined;
  readonly ifRange: string | undefined;
  readonly authorization: string | undefined;
}

/** A model hub on loopback; its fields may be changed between requests. */
export interface LoopbackHub {
  readonly url: string;
  /** by path */
  readonly files: Map<string, Buffer>;
  readonly seen: SeenRequest[];
  /** the connection of the next answers is cut after so many bytes, one number an answer */
  readonly cuts: number[];
  /** answers with a body stop after so many bytes, until it is set to undefined */
  holdAfterBytes: number | undefined;
  /** files are kept at this origin, and the hub redirects there */
  storeUrl: string | undefined;
  /** what the hub says a file's SHA-256 is, in place of the truth */
  claimedSha256: string | undefined;
  /** says no SHA-256, only an etag */
  isPlain: boolean;
  /** answers each GET with this status */
  status: number | undefined;
}

/** The path of a file on a hub. */
export function pathOnHub(repo: string, file: string): string {
  return `/${repo}/resolve/main/${file}`;
}

/** The SHA-256 of bytes, in hexadecimal digits. */
export function sha256Of(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Starts a hub with `Range`, `If-Range` and the headers of the large-file store; ends with the test. */
export async function startLoopbackHub(test: TestContext): Promise<LoopbackHub> {
  const server = createServer((request, response) => void answer(hub, request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  test.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const hub: LoopbackHub = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ...{ files: new Map(), seen: [], cuts: [], isPlain: false },
    ...{ holdAfterBytes: undefined, storeUrl: undefined, claimedSha256: undefined, status: undefined },
  };
  return hub;
}

async function answer(hub: LoopbackHub, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method = '', url: path = '', headers } = request;
  hub.seen.push({
    method,
    path,
    range: headers.range,
    ifRange: headers['if-range'] as string | undefined,
    authorization: headers.authorization,
  });
  const bytes = hub.files.get(path);
  if (bytes === undefined) return void response.writeHead(404).end();
  if (hub.status !== undefined && method === 'GET') return void response.writeHead(hub.status).end();
  const sha256 = hub.claimedSha256 ?? sha256Of(bytes);
  if (!hub.isPlain) response.setHeader('x-linked-etag', `"${sha256}"`).setHeader('x-linked-size', bytes.length);
  if (hub.storeUrl !== undefined) return void response.writeHead(302, { location: `${hub.storeUrl}${path}` }).end();
  const etag = `"store-${sha256Of(bytes).slice(0, 8)}"`;
  const start = rangeStart(headers, etag, bytes.length);
  const body = bytes.subarray(start);
  response.setHeader('etag', etag).setHeader('content-length', body.length);
  if (start > 0) response.writeHead(206, { 'content-range': `bytes ${start}-${bytes.length - 1}/${bytes.length}` });
  if (method === 'HEAD') return void response.end();
  await sendBody(hub, body, response);
}

function rangeStart(headers: IncomingMessage['headers'], etag: string, size: number): number {
  const start = Number(/^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1] ?? 0);
  const isSame = headers['if-range'] === undefined || headers['if-range'] === etag;
  return isSame && start < size ? start : 0;
}

async function sendBody(hub: LoopbackHub, body: Buffer, response: ServerResponse): Promise<void> {
  const cut = hub.cuts.shift();
  if (cut !== undefined) return void response.write(body.subarray(0, cut), () => response.destroy());
  const first = hub.holdAfterBytes ?? body.length;
  response.write(body.subarray(0, first));
  while (hub.holdAfterBytes !== undefined && !response.destroyed) await new Promise((resolve) => setTimeout(resolve, 10));
  response.end(body.subarray(first));
}
