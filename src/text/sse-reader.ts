import { GatewayError } from '../protocol/error.ts';

/** One server-sent event. `id` and `retry` fields are not kept: nobody here reconnects. */
export interface SseEvent {
  /** `message` unless the server named it */
  readonly name: string;
  /** the event's data lines, joined by line feeds */
  readonly data: string;
}

/** Bounds of a reader. */
export interface SseReaderOptions {
  /** bytes one event may have; default 1 MiB */
  readonly maxEventBytes?: number;
}

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/**
 * Reads server-sent events from a body as it arrives, cut anywhere: inside characters, lines or line ends.
 * Throws `engine_failed` when an event outgrows its bound; the reader is of no use after that.
 * Source: WHATWG HTML, 9.2.6 "Interpreting an event stream"; unlike there, a last event without its blank line counts (servers forget it).
 */
export class SseReader {
  readonly #maxEventBytes: number;
  /** no TextDecoder state: bytes are decoded once a line is complete, many lines at a time */
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  #openLine: Uint8Array[] = [];
  #openLineBytes = 0;
  #isAtStart = true;
  #endedInCarriageReturn = false;
  #name = '';
  #data: string | undefined;

  constructor({ maxEventBytes = 2 ** 20 }: SseReaderOptions = {}) {
    this.#maxEventBytes = maxEventBytes;
  }

  /** The events that this piece of the body completes. Bytes of an unfinished line are kept by reference: don't write over them. */
  push(chunk: Uint8Array | string): SseEvent[] {
    const bytes = typeof chunk === 'string' ? new TextEncoder().encode(chunk) : chunk;
    const end = Math.max(bytes.lastIndexOf(lineFeed), bytes.lastIndexOf(carriageReturn)) + 1;
    if (end === 0) {
      this.#keepOpen(bytes);
      return [];
    }
    const text = this.#decode(bytes.subarray(0, end));
    if (end < bytes.length) this.#keepOpen(bytes.subarray(end));
    return this.#readLines(text);
  }

  /** The event left over when the body ends, if any. */
  end(): SseEvent[] {
    const events: SseEvent[] = [];
    const rest = this.#decode(new Uint8Array(0));
    if (rest !== '') this.#readLine(rest, events);
    this.#readLine('', events);
    return events;
  }

  #keepOpen(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#openLine.push(bytes);
    this.#openLineBytes += bytes.length;
    this.#checkSize(this.#openLineBytes + (this.#data?.length ?? 0));
  }

  #checkSize(length: number): void {
    if (length <= this.#maxEventBytes) return;
    throw new GatewayError('engine_failed', `The engine sent an event of more than ${this.#maxEventBytes} bytes.`);
  }

  /** Whole lines as text, without a byte order mark at the very start and with line feeds only. */
  #decode(bytes: Uint8Array): string {
    let text = this.#decoder.decode(this.#openLineBytes === 0 ? bytes : this.#joinOpenLine(bytes));
    if (this.#isAtStart && text !== '') {
      this.#isAtStart = false;
      if (text.startsWith('\ufeff')) text = text.slice(1);
    }
    if (this.#endedInCarriageReturn && text.startsWith('\n')) text = text.slice(1);
    else if (text === '') return text;
    this.#endedInCarriageReturn = text.endsWith('\r');
    return text.includes('\r') ? text.replaceAll(/\r\n?/g, '\n') : text;
  }

  #joinOpenLine(bytes: Uint8Array): Uint8Array {
    const joined = new Uint8Array(this.#openLineBytes + bytes.length);
    let offset = 0;
    for (const part of [...this.#openLine, bytes]) {
      joined.set(part, offset);
      offset += part.length;
    }
    this.#openLine = [];
    this.#openLineBytes = 0;
    return joined;
  }

  #readLines(text: string): SseEvent[] {
    const events: SseEvent[] = [];
    let start = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
      this.#readLine(text.slice(start, end), events);
      start = end + 1;
    }
    return events;
  }

  #readLine(line: string, events: SseEvent[]): void {
    if (line === '') this.#closeEvent(events);
    else if (line.startsWith('data')) this.#readData(line);
    else if (line.startsWith('event')) this.#name = fieldValue(line, 'event') ?? this.#name;
  }

  #readData(line: string): void {
    const value = fieldValue(line, 'data');
    if (value === undefined) return;
    this.#data = this.#data === undefined ? value : `${this.#data}\n${value}`;
    this.#checkSize(this.#data.length);
  }

  #closeEvent(events: SseEvent[]): void {
    if (this.#data !== undefined) events.push({ name: this.#name || 'message', data: this.#data });
    this.#data = undefined;
    this.#name = '';
  }
}

/** What follows the field's name: `data: x`, `data:x` or `data` alone. Undefined where the field is another one that begins alike. */
function fieldValue(line: string, field: string): string | undefined {
  if (line.length === field.length) return '';
  if (line[field.length] !== ':') return undefined;
  return line.slice(line[field.length + 1] === ' ' ? field.length + 2 : field.length + 1);
}
