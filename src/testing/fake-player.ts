import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { FakeError, FakeFault, FilledReply } from './fake-reply.ts';
import { type AnswerShape, errorBody, fakeEvent, streamParts, wholeAnswer } from './fake-wire.ts';

/** Waits; resolves early, without an error, when the signal is aborted. */
export type FakeWait = (delayMs: number, signal: AbortSignal) => Promise<void>;

/** One answer being played. */
export interface Playing {
  readonly response: ServerResponse;
  readonly reply: FilledReply;
  readonly shape: AnswerShape;
  readonly wait: FakeWait;
  /** aborted when the client left */
  readonly signal: AbortSignal;
}

const defaultError: FakeError = { message: 'The fake engine fails as it was told.', type: 'server_error', code: 'fake_fault' };
const webPage = '<!doctype html><title>Not an engine</title>';

/** Writes an answer with its delays and its fault. Resolves when it is written, or at once where it hangs. */
export async function playReply(playing: Playing): Promise<void> {
  const { fault, delayMs } = playing.reply;
  if (fault?.kind === 'hang-before-headers') return;
  if (delayMs > 0) await playing.wait(delayMs, playing.signal);
  if (playing.signal.aborted) return;
  if (fault?.kind === 'status') playStatus(playing.response, fault);
  else if (fault?.kind === 'content-type')
    playBody(playing.response, { status: 200, contentType: fault.contentType, body: fault.body ?? webPage });
  else if (playing.shape.wantsStream) await playStream(playing);
  else playWhole(playing);
}

/** A whole answer as JSON. */
export function playJson(response: ServerResponse, status: number, value: object): void {
  playBody(response, { status, contentType: 'application/json', body: JSON.stringify(value) });
}

interface Body {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

function playBody(response: ServerResponse, { status, contentType, body, headers }: Body): void {
  response.writeHead(status, { 'content-type': contentType, 'content-length': Buffer.byteLength(body), ...headers });
  response.end(body);
}

function playStatus(response: ServerResponse, fault: Extract<FakeFault, { kind: 'status' }>): void {
  const { status, headers = {}, error = { ...defaultError, message: `The fake engine answers ${status} as it was told.` } } = fault;
  const body = fault.body ?? JSON.stringify(errorBody(error));
  playBody(response, { status, contentType: fault.body === undefined ? 'application/json' : 'text/plain', body, headers });
}

/** Answers that are not streamed know two faults beside those of the head: `cut` and `hang`. */
function playWhole({ response, reply, shape }: Playing): void {
  const body = JSON.stringify(wholeAnswer(reply, shape));
  const kind = reply.fault?.kind;
  if (kind === 'cut' || kind === 'hang') playHalf(response, body, kind);
  else playBody(response, { status: 200, contentType: 'application/json', body });
}

function playHalf(response: ServerResponse, body: string, kind: 'cut' | 'hang'): void {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
  response.write(body.slice(0, body.length / 2), () => {
    if (kind === 'cut') response.destroy();
  });
}

async function playStream(playing: Playing): Promise<void> {
  const { response, reply } = playing;
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' });
  const { chunks, last } = planStream(playing);
  if (reply.fault?.kind === 'slices') await writeSlices(playing, chunks.join(''), reply.fault);
  else await writeChunks(playing, chunks);
  if (playing.signal.aborted || last === 'hang') return;
  if (last === 'end') response.end();
  // an empty write is called back once all before it has left the process
  else response.write('', () => response.destroy());
}

interface StreamPlan {
  readonly chunks: readonly string[];
  readonly last: 'end' | 'hang' | 'cut';
}

/** What is written, in order, and how it ends: all that a fault changes about a stream. */
function planStream({ reply, shape }: Playing): StreamPlan {
  const { fault } = reply;
  const { head, pieces, finish, usage, done } = streamParts(reply, shape);
  const closing = finish + usage + done;
  const ended = (chunks: readonly string[]): StreamPlan => ({ chunks, last: 'end' });
  if (!fault || fault.kind === 'slices') return ended([head, ...pieces, closing]);
  if (fault.kind === 'no-done') return ended([head, ...pieces, finish + usage]);
  if (fault.kind === 'no-finish') return ended([head, ...pieces, usage + done]);
  const afterPieces = 'afterPieces' in fault ? fault.afterPieces : 1;
  const before = [head, ...pieces.slice(0, afterPieces)];
  const after = [...pieces.slice(afterPieces), closing];
  if (fault.kind === 'garbage') return ended([...before, 'data: {"choices":[{\n\n', ...after]);
  if (fault.kind === 'huge-event') return ended([...before, fakeEvent({ choices: [], padding: 'x'.repeat(fault.bytes) }), ...after]);
  if (fault.kind === 'error-event') return ended([...before, fakeEvent(errorBody(fault.error ?? defaultError)) + done]);
  if (fault.kind === 'early-end') return ended(before);
  return { chunks: before, last: fault.kind === 'hang' ? 'hang' : 'cut' };
}

async function writeChunks({ response, reply, wait, signal }: Playing, chunks: readonly string[]): Promise<void> {
  if (reply.delayMs === 0) return writeWithPatience(response, chunks.join(''), signal);
  for (const [index, chunk] of chunks.entries()) {
    if (index > 0) await wait(reply.delayMs, signal);
    if (signal.aborted) return;
    await writeWithPatience(response, chunk, signal);
  }
}

async function writeSlices(
  { response, wait, signal }: Playing,
  body: string,
  fault: Extract<FakeFault, { kind: 'slices' }>,
): Promise<void> {
  const bytes = Buffer.from(body);
  for (let start = 0; start < bytes.length && !signal.aborted; start += fault.bytes) {
    await writeWithPatience(response, bytes.subarray(start, start + fault.bytes), signal);
    if (fault.delayMs === undefined) await new Promise(setImmediate);
    else await wait(fault.delayMs, signal);
  }
}

async function writeWithPatience(response: ServerResponse, bytes: string | Uint8Array, signal: AbortSignal): Promise<void> {
  if (bytes.length === 0 || response.write(bytes) || signal.aborted) return;
  await once(response, 'drain', { signal }).catch(() => {});
}
