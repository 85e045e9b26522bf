import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fillReply } from '#dist/testing/fake-reply.js';
import { modelList, streamParts, wholeAnswer } from '#dist/testing/fake-wire.js';
import { markDigits } from './gateways-bodies.ts';
import { reportSide } from './side-process.ts';

/** What the engine of this benchmark answers. */
export interface EngineInput {
  /** pieces of an answer, each ending in `~`; the first holds the mark of the request */
  readonly pieces: number;
  /** between two pieces of a stream; milliseconds */
  readonly gapMs: number;
}

// An engine that puts the mark of the request into its answer without reading the rest. The fake engine of rookery/testing would parse each body for that
// and be what is measured; its words are taken, ready-made. It never closes an idle connection: no gateway is to be charged for that race.
const { pieces, gapMs } = JSON.parse(process.argv[2] ?? '{}') as EngineInput;
const markBytes = 'mark-'.length + markDigits;
const slot = 'x'.repeat(markBytes);
const reply = fillReply({ pieces: Array.from({ length: pieces }, (_, at) => (at === 0 ? ` ${slot}~` : ` piece${at % 10}~`)) });
const shape = { api: 'chat', model: 'fake-model' } as const;
const whole = JSON.stringify(wholeAnswer(reply, { ...shape, wantsStream: false, wantsUsage: false })).split(slot) as [string, string];
const wholeBytes = Buffer.byteLength(whole.join(slot));
const streams = { plain: cutStream(false), withUsage: cutStream(true) };
const facts = new Map<string, object>([
  ['/health', {}],
  ['/version', { version: '0.32.0' }],
  ['/v1/models', modelList(['fake-model'], 131_072)],
]);

/** The writes of a stream; the mark goes into the first. */
function cutStream(wantsUsage: boolean): { readonly first: readonly [string, string]; readonly rest: readonly Buffer[] } {
  const parts = streamParts(reply, { ...shape, wantsStream: true, wantsUsage });
  const [first = '', ...rest] = parts.pieces;
  const last = `${rest.pop()}${parts.finish}${parts.usage}${parts.done}`;
  return { first: (parts.head + first).split(slot) as [string, string], rest: [...rest, last].map((text) => Buffer.from(text)) };
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    if (request.url === '/v1/chat/completions') answer(response, Buffer.concat(chunks));
    else tellFact(response, request.url ?? '/');
  });
});
server.keepAliveTimeout = 0;
server.on('connection', (socket) => socket.setNoDelay(true));
server.listen(0, '127.0.0.1', () => reportSide(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));

function tellFact(response: ServerResponse, url: string): void {
  const fact = facts.get(url);
  response.writeHead(fact ? 200 : 404, { 'content-type': 'application/json' }).end(JSON.stringify(fact ?? { error: `no route ${url}` }));
}

function answer(response: ServerResponse, body: Buffer): void {
  const at = body.indexOf('mark-');
  const mark = at < 0 ? 'unmarked'.padEnd(markBytes) : body.toString('latin1', at, at + markBytes);
  if (isOn(body, 'stream')) writeStream(response, mark, isOn(body, 'include_usage') ? streams.withUsage : streams.plain);
  else response.writeHead(200, { 'content-type': 'application/json', 'content-length': wholeBytes }).end(whole.join(mark));
}

/** Whether a flag is set, in compact JSON and in Python's. */
function isOn(body: Buffer, name: string): boolean {
  return body.includes(`"${name}":true`) || body.includes(`"${name}": true`);
}

function writeStream(response: ServerResponse, mark: string, { first, rest }: ReturnType<typeof cutStream>): void {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
  response.write(first.join(mark));
  let at = 0;
  const timer = setInterval(() => {
    const piece = rest[at++];
    if (at < rest.length) return void response.write(piece);
    clearInterval(timer);
    response.end(piece);
  }, gapMs);
  response.on('close', () => clearInterval(timer));
}
