import { Buffer } from 'node:buffer';
import { ChunkedBody } from './chunked-body.ts';
import { type ResponseHeaders, readFields } from './head-fields.ts';
import { Surprise } from './surprise.ts';

/** Hears one response, in order: its head, any data, its end. The bytes are its own to keep. */
export interface ResponseSink {
  head(status: number, headers: ResponseHeaders): void;
  data(bytes: Uint8Array): void;
  end(): void;
}

/** The bytes of a body, and where it ends. */
export interface BodyFrame {
  /** Gives where in these bytes the body ends, or -1 while it goes on; hands its part of them to the sink. */
  push(bytes: Buffer, from: number, sink: ResponseSink): number;
}

/** As in Node's own parser and undici. */
const headBytesMax = 16 * 1024;
const headEnd = Buffer.from('\r\n\r\n');

const statusLine = /^HTTP\/1\.1 ([1-5]\d\d)(?: [\t\x20-\x7e\x80-\xff]*)?$/;
const byteCount = /^\d{1,15}$/;
const pause = /(?:^|[\s,])timeout=(\d{1,9})(?:$|[\s,])/i;

/**
 * Reads one response of HTTP/1.1 from bytes as they arrive, cut anywhere. Takes what servers ordinarily write and nothing else: all that could be read in two ways throws a
 * `Surprise`, and the reader is of no use after that. Source: RFC 9112.
 */
export class ResponseParser {
  readonly #sink: ResponseSink;
  #openHead: Buffer | undefined;
  #frame: BodyFrame | undefined;
  #isOver = false;
  #idleMs = 0;

  constructor(sink: ResponseSink) {
    this.#sink = sink;
  }

  /** The response has come whole. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** How long the connection may be idle afterwards; 0: it serves no other request. Known once the response has come whole. */
  get idleMs(): number {
    return this.#idleMs;
  }

  /** Takes bytes that may be overwritten afterwards. Not called once it is over. */
  push(bytes: Buffer): void {
    let at = 0;
    while (!this.#frame && at >= 0 && at < bytes.length) at = this.#pushHead(bytes, at);
    if (!this.#frame || at < 0) return;
    const end = this.#frame.push(bytes, at, this.#sink);
    if (end < 0) return;
    // nothing was asked for that could be answered by more
    if (end < bytes.length) this.#idleMs = 0;
    this.#finish();
  }

  /** The connection has ended. False: in the middle of the response. */
  close(): boolean {
    if (this.#isOver) return true;
    if (this.#frame !== untilClose) return false;
    this.#finish();
    return true;
  }

  #finish(): void {
    this.#isOver = true;
    this.#sink.end();
  }

  /** Gives where the head ends, or -1 where it does not yet. */
  #pushHead(bytes: Buffer, from: number): number {
    const piece = from === 0 ? bytes : bytes.subarray(from);
    const open = this.#openHead;
    const all = open ? Buffer.concat([open, piece]) : piece;
    const end = all.indexOf(headEnd, open ? Math.max(0, open.length - 3) : 0);
    if (end > headBytesMax || (end < 0 && all.length > headBytesMax)) throw new Surprise('a head of more than 16 KiB');
    if (end < 0) {
      this.#openHead = open ? all : Buffer.from(piece);
      return -1;
    }
    this.#openHead = undefined;
    this.#takeHead(all.toString('latin1', 0, end));
    return bytes.length - (all.length - end - headEnd.length);
  }

  #takeHead(text: string): void {
    const [first = '', ...lines] = text.split('\r\n');
    const status = Number(statusLine.exec(first)?.[1] ?? 0);
    if (status === 0 || status === 101) throw new Surprise('the status line');
    const headers = readFields(lines);
    if (status < 200) return;
    this.#frame = frameOf(status, headers);
    this.#idleMs = this.#frame === untilClose ? 0 : idleTimeOf(headers);
    this.#sink.head(status, headers);
  }
}

/** Source: RFC 9112, 6.3. */
function frameOf(status: number, { 'transfer-encoding': encoding, 'content-length': length }: ResponseHeaders): BodyFrame {
  if (encoding !== undefined && (length !== undefined || String(encoding).toLowerCase() !== 'chunked'))
    throw new Surprise('the transfer encoding');
  if (length !== undefined && (typeof length !== 'string' || !byteCount.test(length))) throw new Surprise('the content length');
  if (status === 204 || status === 304) {
    if (encoding !== undefined || Number(length ?? 0) > 0) throw new Surprise('a body where none can be');
    return new CountedBody(0);
  }
  if (encoding !== undefined) return new ChunkedBody();
  return length === undefined ? untilClose : new CountedBody(Number(length));
}

/** No word of it: as long as anybody likes. A second less than the server says, as its end may be on the way. */
function idleTimeOf({ connection, 'keep-alive': keepAlive }: ResponseHeaders): number {
  if (connection !== undefined && String(connection).toLowerCase() !== 'keep-alive') return 0;
  const seconds = pause.exec(String(keepAlive ?? ''))?.[1];
  return seconds === undefined ? Number.POSITIVE_INFINITY : Math.max(0, Number(seconds) - 1) * 1000;
}

const untilClose: BodyFrame = {
  push(bytes, from, sink) {
    if (from < bytes.length) sink.data(Buffer.from(bytes.subarray(from)));
    return -1;
  },
};

class CountedBody implements BodyFrame {
  #left: number;

  constructor(bytes: number) {
    this.#left = bytes;
  }

  push(bytes: Buffer, from: number, sink: ResponseSink): number {
    const to = Math.min(bytes.length, from + this.#left);
    this.#left -= to - from;
    if (to > from) sink.data(Buffer.from(bytes.subarray(from, to)));
    return this.#left === 0 ? to : -1;
  }
}
