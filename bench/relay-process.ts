import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Dispatcher, Pool } from 'undici';
import { reportSide } from './side-process.ts';

// The reference: what `node:http` and undici cost by themselves. Bytes go through unread; only back-pressure and leaving clients are minded.
const { engine } = JSON.parse(process.argv[2] ?? '{}') as { engine: string };
const pool = new Pool(engine, { pipelining: 1, headersTimeout: 0, bodyTimeout: 0 });
const ownHeaders = new Set(['connection', 'keep-alive', 'transfer-encoding', 'date']);

const server = createServer((request, response) => {
  const pieces: Buffer[] = [];
  request.on('data', (piece: Buffer) => pieces.push(piece));
  request.on('end', () => relay(request, response, Buffer.concat(pieces)));
});
server.listen(0, '127.0.0.1', () => reportSide(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));

function relay(request: IncomingMessage, response: ServerResponse, body: Buffer): void {
  const headers = { 'content-type': 'application/json' };
  let controller: Dispatcher.DispatchController | undefined;
  response.on('close', () => {
    if (!response.writableFinished) controller?.abort(new Error('the client left'));
  });
  pool.dispatch(
    { method: 'POST', path: request.url ?? '/', headers, body },
    {
      onRequestStart: (given) => void (controller = given),
      onResponseStart: (_, status, theirs) => void response.writeHead(status, keepHeaders(theirs)),
      onResponseData(given, bytes) {
        if (response.write(bytes)) return;
        given.pause();
        response.once('drain', () => given.resume());
      },
      onResponseEnd: () => void response.end(),
      onResponseError: () => void response.destroy(),
    },
  );
}

function keepHeaders(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string | string[]> {
  const kept: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(headers)) if (value !== undefined && !ownHeaders.has(name)) kept[name] = value;
  return kept;
}
