import assert from 'node:assert/strict';
import { Agent, request } from 'node:http';
import { type FakeEngine, startFakeEngine } from 'rookery/testing';
import { markedRequest, readMark } from './marks.ts';

/** An engine whose streams stop after their first piece, until it is let go on. */
export interface HeldEngine {
  readonly fake: FakeEngine;
  /** Every stream, and each that comes later, goes on to its end. */
  release(): void;
}

/** Starts an engine whose answers name it. */
export async function startHeldEngine(name: string): Promise<HeldEngine> {
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const begun = new WeakSet<AbortSignal>();
  const fake = await startFakeEngine({
    replies: (asked) => ({ pieces: [`${name} has ${readMark(asked)}, `, 'and says so.'], firstByteDelayMs: 0, delayMs: 1 }),
    // the first wait is that before the first piece
    wait: async (_, signal) => {
      if (begun.has(signal)) await Promise.race([released, new Promise((resolve) => signal.addEventListener('abort', resolve))]);
      begun.add(signal);
    },
  });
  return { fake, release };
}

/** A stream that a client reads. */
export interface HeldStream {
  readonly mark: string;
  /** resolves once the first piece of text has come, with the status */
  readonly begun: Promise<number | undefined>;
  /** all that was written, or why it broke off */
  readonly ended: Promise<string>;
}

/** One connection a stream. */
const agent = new Agent({ keepAlive: false, maxSockets: Number.POSITIVE_INFINITY });

/** Opens a stream on a server over a connection of its own. */
export function openStream(url: string, model: string, index: number): HeldStream {
  const { mark } = markedRequest(index);
  let text = '';
  let begin = (_status: number | undefined): void => undefined;
  const begun = new Promise<number | undefined>((resolve) => {
    begin = resolve;
  });
  const ended = new Promise<string>((resolve) => {
    const outgoing = request(`${url}/v1/chat/completions`, { method: 'POST', agent, headers: { 'content-type': 'application/json' } });
    outgoing.on('error', (error) => {
      begin(undefined);
      resolve(`${text}\n${error.message}`);
    });
    outgoing.on('response', (response) => {
      response.setEncoding('utf8').on('data', (piece: string) => {
        text += piece;
        if (text.includes('"content":"') || response.statusCode !== 200) begin(response.statusCode);
      });
      response.on('close', () => {
        begin(response.statusCode);
        resolve(text);
      });
    });
    outgoing.end(JSON.stringify({ model, messages: [{ role: 'user', content: `Say ${mark}.` }], stream: true }));
  });
  return { mark, begun, ended };
}

/** Opens so many streams, a few at a time, each with its first piece. */
export async function openStreams(url: string, model: string, count: number): Promise<readonly HeldStream[]> {
  const streams: HeldStream[] = [];
  while (streams.length < count) {
    const more = Array.from({ length: Math.min(50, count - streams.length) }, (_, at) => openStream(url, model, streams.length + at));
    streams.push(...more);
    for (const stream of more) assert.equal(await stream.begun, 200);
  }
  return streams;
}

/** The streams that have not come whole from one of these engines, and what they got. */
export async function findDropped(streams: readonly HeldStream[], names: readonly string[]): Promise<readonly string[]> {
  const dropped: string[] = [];
  for (const { mark, ended } of streams) {
    const text = await ended;
    const pieces = [...text.matchAll(/"content":"([^"]*)"/g)].map(([, piece]) => piece).join('');
    const isRight = names.some((name) => pieces === `${name} has ${mark}, and says so.`);
    if (!isRight || !text.endsWith('data: [DONE]\n\n') || text.includes('"error"')) dropped.push(text);
  }
  return dropped;
}
