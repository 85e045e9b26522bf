import { Buffer } from 'node:buffer';
import { connect, type Socket } from 'node:net';
import type { ResponseHeaders } from './head-fields.ts';
import type { RequestBytes, RequestController, RequestHandler } from './plain-request.ts';
import { ResponseParser, type ResponseSink } from './response-parser.ts';
import { Surprise } from './surprise.ts';

/** What a connection tells its pool. */
interface PlainConnectionOptions {
  /** longest time until it is used again */
  readonly keepAliveMs: number;
  readonly onIdle: () => void;
  readonly onClose: () => void;
}

/** As undici's, and in milliseconds both. */
const connectTimeoutMs = 10_000;
const keepAliveInitialDelay = 60_000;

/** What was read lies here until it has been taken: reads come one after another, of whatever connection. */
const readBuffer = Buffer.allocUnsafeSlow(64 * 1024);

/** One connection, with one request at a time. */
export class PlainConnection implements RequestController, ResponseSink {
  readonly #options: PlainConnectionOptions;
  readonly #socket: Socket;
  #bytes: RequestBytes = [];
  #handler: RequestHandler | undefined;
  #parser: ResponseParser | undefined;
  #freshUntilMs = 0;
  #isPaused = false;

  constructor({ hostname, port }: URL, options: PlainConnectionOptions) {
    this.#options = options;
    // a socket that is given a buffer makes none for each read
    const onread = { buffer: readBuffer, callback: (size: number) => this.#read(size) };
    const place = { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 80) };
    this.#socket = connect({ ...place, noDelay: true, keepAlive: true, keepAliveInitialDelay, onread })
      .setTimeout(connectTimeoutMs, () => this.#socket.destroy(fault('ETIMEDOUT')))
      .once('connect', () => this.#begin())
      .on('end', () => this.#hearEnd())
      .on('error', (error) => this.#break(error))
      .on('close', () => this.#hearClose());
  }

  /** Whether it may serve another request. */
  isFresh(nowMs: number): boolean {
    return nowMs < this.#freshUntilMs && !this.#socket.destroyed;
  }

  /** Sends a request, once it is connected; a connection that has one already must not be asked. */
  ask(bytes: RequestBytes, handler: RequestHandler): void {
    this.#bytes = bytes;
    this.#handler = handler;
    if (this.#socket.connecting) return;
    this.#socket.ref();
    this.#write();
  }

  close(): void {
    this.#socket.destroy();
  }

  abort(reason: Error): void {
    this.#break(reason);
  }

  pause(): void {
    this.#isPaused = true;
    this.#socket.pause();
  }

  resume(): void {
    this.#isPaused = false;
    this.#socket.resume();
  }

  head(status: number, headers: ResponseHeaders): void {
    this.#handler?.onResponseStart(this, status, headers);
  }

  data(bytes: Uint8Array): void {
    this.#handler?.onResponseData(this, bytes);
  }

  /** The connection serves again before its handler hears: what it asks next may go on it. */
  end(): void {
    const handler = this.#handler;
    this.#handler = undefined;
    this.#rest();
    handler?.onResponseEnd();
  }

  #begin(): void {
    this.#socket.setTimeout(0);
    this.#write();
  }

  #write(): void {
    this.#parser = new ResponseParser(this);
    this.#handler?.onRequestStart(this);
    const socket = this.#socket;
    if (socket.destroyed) return;
    const bytes = this.#bytes;
    this.#bytes = [];
    if (bytes.length > 1) socket.cork();
    for (const piece of bytes) socket.write(piece);
    if (bytes.length > 1) socket.uncork();
  }

  /** True: goes on reading. */
  #read(size: number): boolean {
    const parser = this.#parser;
    try {
      if (parser && !parser.isOver) parser.push(readBuffer.subarray(0, size) as Buffer);
      // bytes that nothing was asked for
      else this.close();
    } catch (error) {
      // whoever gave the answer up in this very read does not care what the rest of it is
      if (!this.#handler && !(error instanceof Surprise)) throw error;
      this.#break(error as Error);
    }
    return true;
  }

  /** Waits for its next request, where it may have one. */
  #rest(): void {
    const idleMs = Math.min(this.#parser?.idleMs ?? 0, this.#options.keepAliveMs);
    // an answer that came before its request had gone out: nobody reads the rest
    if (idleMs === 0 || this.#socket.writableLength > 0) {
      this.close();
      return;
    }
    if (this.#isPaused) this.resume();
    this.#freshUntilMs = performance.now() + idleMs;
    this.#socket.unref();
    this.#options.onIdle();
  }

  #hearEnd(): void {
    if (!this.#parser?.close()) this.#break(fault('ECONNRESET'));
    this.close();
  }

  #hearClose(): void {
    this.#break(fault('ECONNRESET'));
    this.#options.onClose();
  }

  #break(cause: Error): void {
    const handler = this.#handler;
    this.#handler = undefined;
    this.close();
    handler?.onResponseError(this.#parser ? this : undefined, cause);
  }
}

function fault(code: string): Error {
  return Object.assign(new Error('The connection ended.'), { code });
}
