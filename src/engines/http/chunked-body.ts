import { Buffer } from 'node:buffer';
import { readFields } from './head-fields.ts';
import type { BodyFrame, ResponseSink } from './response-parser.ts';
import { Surprise } from './surprise.ts';

const carriageReturn = 0x0d;
const lineFeed = 0x0a;
const semicolon = 0x3b;
/** of one size: 4 GiB is more than any piece */
const digitsMax = 8;
/** of extensions and trailers in all */
const ignoredBytesMax = 16 * 1024;
const extension = /^[!-~]*$/;

type Place = 'size' | 'extension' | 'size-end' | 'data' | 'data-end' | 'data-line-end' | 'trailer' | 'trailer-end' | 'over';

/** `5\r\nhello\r\n0\r\n\r\n`: pieces with their sizes. All pieces of one read are one piece of data. Extensions and trailers are passed over. Source: RFC 9112, 7.1. */
export class ChunkedBody implements BodyFrame {
  #place: Place = 'size';
  #left = 0;
  #digits = 0;
  #ignoredBytes = 0;
  /** what is passed over of the line */
  #ignored = '';

  push(bytes: Buffer, from: number, sink: ResponseSink): number {
    const data = Buffer.allocUnsafe(bytes.length - from);
    let filled = 0;
    let at = from;
    while (at < bytes.length && this.#place !== 'over') {
      if (this.#place !== 'data') this.#take(bytes[at++] as number);
      else {
        const to = Math.min(bytes.length, at + this.#left);
        filled += bytes.copy(data, filled, at, to);
        this.#left -= to - at;
        at = to;
        if (this.#left === 0) this.#place = 'data-end';
      }
    }
    if (filled > 0) sink.data(data.subarray(0, filled));
    return this.#place === 'over' ? at : -1;
  }

  /** A byte that is no data. */
  #take(byte: number): void {
    const place = this.#place;
    if (place === 'size') this.#takeSize(byte);
    else if (place === 'extension') this.#ignore(byte, 'size-end');
    else if (place === 'size-end') this.#endSize(byte);
    else if (place === 'data-end') this.#expect(byte, carriageReturn, 'data-line-end');
    else if (place === 'data-line-end') this.#expect(byte, lineFeed, 'size');
    else if (place === 'trailer') this.#ignore(byte, 'trailer-end');
    else this.#endTrailer(byte);
  }

  #takeSize(byte: number): void {
    const digit = hexDigit(byte);
    if (digit >= 0 && this.#digits < digitsMax) {
      this.#left = this.#left * 16 + digit;
      this.#digits++;
      return;
    }
    if (this.#digits === 0 || (byte !== carriageReturn && byte !== semicolon)) throw new Surprise('the size of a chunk');
    this.#digits = 0;
    this.#place = byte === semicolon ? 'extension' : 'size-end';
  }

  #endSize(byte: number): void {
    this.#expect(byte, lineFeed, this.#left === 0 ? 'trailer' : 'data');
    if (!extension.test(this.#ignored)) throw new Surprise('the extension of a chunk');
    this.#ignored = '';
  }

  #endTrailer(byte: number): void {
    this.#expect(byte, lineFeed, this.#ignored === '' ? 'over' : 'trailer');
    if (this.#ignored !== '') readFields([this.#ignored]);
    this.#ignored = '';
  }

  /** Goes on to the line's end. */
  #ignore(byte: number, next: Place): void {
    if (byte === carriageReturn) this.#place = next;
    else if (byte === lineFeed || ++this.#ignoredBytes > ignoredBytesMax) throw new Surprise('what stands beside the chunks');
    else this.#ignored += String.fromCharCode(byte);
  }

  #expect(byte: number, wanted: number, next: Place): void {
    if (byte !== wanted) throw new Surprise('the end of a chunk');
    this.#place = next;
  }
}

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}
