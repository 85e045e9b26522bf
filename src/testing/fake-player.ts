import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { FakeBody, FakeWriting } from './fake-face.ts';
import type { FakeFault, FilledReply } from './fake-reply.ts';

/** Waits; resolves early, without an error, when the signal is aborted. */
export type FakeWait = (delayMs: number, signal: AbortSignal) => Promise<void>;

/** How a fake engine ends a connection: an ordinary close, or a reset. */
export type FakeHangUp = 'close' | 'reset';

/** One answer being played. */
export interface Playing {
  readonly response: ServerResponse;
  readonly reply: FilledReply;
  readonly writing: FakeWriting;
  readonly wait: FakeWait;
  /** aborted when the client left */
  readonly signal: AbortSignal;
  readonly hangUp: (how: FakeHangUp) => void;
}

const webPage = '<!doctype html><title>Not an engine</title>';

/** Writes an answer with its delays and its fault. Resolves when it is written, or at once where it hangs. */
export async function playReply(playing: Playing): Promise<void> {
  const { response, reply, writing, wait, signal, hangUp } = playing;
  const { fault, firstByteDelayMs } = reply;
  if (fault?.kind === 'hang-before-headers') return;
  if (firstByteDelayMs > 0) await wait(firstByteDelayMs, signal);
  if (signal.aborted) return;
  if (fault?.kind === 'reset' && fault.afterPieces === undefined) hangUp('reset');
  else if (fault?.kind === 'status') playStatus(playing, fault);
  else if (fault?.kind === 'content-type') playBody(response, { status: 200, contentType: fault.contentType, body: fault.body ?? webPage });
  else if (fault?.kind === 'overflow') await playOverflow(playing, fault.promptTokens);
  else if (writing.isStreamed) await playStream(playing);
  else playWhole(playing);
}

/** An answer that is known at once. */
export function playBody(response: ServerResponse, answer: FakeBody & { readonly headers?: Readonly<Record<string, string>> }): void {
  const { status, contentType = 'application/json', headers } = answer;
  const body = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
  response.writeHead(status, { 'content-type': contentType, 'content-length': Buffer.byteLength(body), ...headers });
  response.end(body);
}

function playStatus({ response, writing }: Playing, fault: Extract<FakeFault, { kind: 'status' }>): void {
  const { status, headers = {}, error } = fault;
  if (fault.body === undefined) playBody(response, { status, body: writing.errorBody(status, error), headers });
  else playBody(response, { status, contentType: 'text/plain', body: fault.body, headers });
}

async function playOverflow(playing: Playing, promptTokens: number): Promise<void> {
  const refused = playing.writing.overflow(promptTokens, { ...playing.reply, fault: undefined });
  if ('status' in refused) playBody(playing.response, refused);
  else await playReply({ ...playing, reply: { ...refused, firstByteDelayMs: 0 } });
}

function playWhole(playing: Playing): void {
  const { response, reply, writing } = playing;
  const body = JSON.stringify(writing.whole(reply));
  const [half] = halves(body);
  const kind = reply.fault?.kind;
  const isHalf = kind === 'cut' || kind === 'cut-inside' || kind === 'hang' || kind === 'reset';
  if (isHalf) playHalf(playing, body, half);
  else playBody(response, { status: 200, body: kind === 'garbage' ? half : body });
}

function playHalf({ response, reply, hangUp }: Playing, body: string, half: string): void {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
  response.write(half, () => {
    if (reply.fault?.kind !== 'hang') hangUp(reply.fault?.kind === 'reset' ? 'reset' : 'close');
  });
}

async function playStream(playing: Playing): Promise<void> {
  const { response, reply, writing, signal, hangUp } = playing;
  response.writeHead(200, { 'content-type': writing.streamType, 'cache-control': 'no-cache' });
  // a stream that hangs or is cut before its first event has begun all the same
  if (reply.fault) response.flushHeaders();
  const { chunks, last } = planStream(playing);
  if (reply.fault?.kind === 'slices') await writeSlices(playing, chunks.join(''), reply.fault);
  else if (reply.fault?.kind === 'stall') await writeWithStall(playing, chunks, reply.fault.delayMs);
  else await writeChunks(playing, chunks);
  if (signal.aborted || last === 'hang') return;
  if (last === 'end') response.end();
  // an empty write is called back once all before it has left the process
  else response.write('', () => hangUp(last));
}

interface StreamPlan {
  readonly chunks: readonly string[];
  readonly last: 'end' | 'hang' | FakeHangUp;
}

/** What is written, in order, and how it ends: all that a fault changes about a stream. */
function planStream({ reply, writing }: Playing): StreamPlan {
  const { fault } = reply;
  const { head, pieces, finish, usage, done } = writing.stream(fault?.kind === 'no-finish' ? { ...reply, finish: null } : reply);
  const closing = finish + usage + done;
  const ended = (chunks: readonly string[]): StreamPlan => ({ chunks, last: 'end' });
  if (fault?.kind === 'no-done') return ended([head, ...pieces, finish + usage]);
  if (!fault || !('afterPieces' in fault || fault.kind === 'huge-event')) return ended([head, ...pieces, closing]);
  const afterPieces = 'afterPieces' in fault ? (fault.afterPieces ?? 0) : 1;
  const before = [head, ...pieces.slice(0, afterPieces)];
  const after = [...pieces.slice(afterPieces), closing];
  const [half, rest] = halves(after[0] ?? '');
  switch (fault.kind) {
    case 'garbage':
      return ended([...before, writing.frame('{"choices":[{'), ...after]);
    case 'huge-event':
      return ended([...before, writing.frame(JSON.stringify({ ...writing.quietEvent, padding: 'x'.repeat(fault.bytes) })), ...after]);
    case 'error-event': {
      const body = writing.errorBody(500, fault.error);
      return ended([...before, writing.frame(JSON.stringify(body)) + writing.afterError]);
    }
    case 'stall':
      return ended([before.join(''), half, rest + after.slice(1).join('')]);
    case 'cut-inside':
      return { chunks: [...before, half], last: 'close' };
    case 'early-end':
      return ended(before);
    case 'hang':
      return { chunks: before, last: 'hang' };
    case 'cut':
      return { chunks: before, last: 'close' };
    case 'reset':
      return { chunks: before, last: 'reset' };
    default:
      return fault satisfies never;
  }
}

/** Splits a text in its middle, never inside of a character: each half is encoded alone. */
function halves(text: string): readonly [string, string] {
  const middle = Math.floor(text.length / 2);
  const isInside = (text.codePointAt(middle - 1) ?? 0) > 0xffff;
  const index = isInside ? middle + 1 : middle;
  return [text.slice(0, index), text.slice(index)];
}

async function writeChunks({ response, reply, wait, signal }: Playing, chunks: readonly string[]): Promise<void> {
  if (reply.delayMs === 0) return writeWithPatience(response, chunks.join(''), signal);
  for (const [index, chunk] of chunks.entries()) {
    if (index > 0) await wait(reply.delayMs, signal);
    if (signal.aborted) return;
    await writeWithPatience(response, chunk, signal);
  }
}

async function writeWithStall({ response, wait, signal }: Playing, chunks: readonly string[], delayMs: number): Promise<void> {
  const [before = '', half = '', rest = ''] = chunks;
  await writeWithPatience(response, before + half, signal);
  await wait(delayMs, signal);
  if (!signal.aborted) await writeWithPatience(response, rest, signal);
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
