import { readSync } from 'node:fs';

/** The bytes of a file ended, or broke a limit, where more were promised. Caught by the format's reader, which knows the file's name. */
export class ByteFault extends Error {
  override readonly name = 'ByteFault';
}

const bufferBytes = 256 * 1024;

/** Reads little-endian numbers and texts of an open file from its start, in one pass with a small buffer, up to a limit. Throws `ByteFault`. */
export class ByteReader {
  readonly #file: number;
  readonly #limitBytes: number;
  readonly #buffer = Buffer.alloc(bufferBytes);
  #bufferStart = 0;
  #filled = 0;
  #at = 0;

  constructor(file: number, limitBytes: number) {
    this.#file = file;
    this.#limitBytes = limitBytes;
  }

  /** bytes read or skipped so far */
  get position(): number {
    return this.#bufferStart + this.#at;
  }

  uint8(): number {
    return this.#buffer.readUInt8(this.#need(1));
  }

  uint32(): number {
    return this.#buffer.readUInt32LE(this.#need(4));
  }

  int32(): number {
    return this.#buffer.readInt32LE(this.#need(4));
  }

  float32(): number {
    return this.#buffer.readFloatLE(this.#need(4));
  }

  float64(): number {
    return this.#buffer.readDoubleLE(this.#need(8));
  }

  /** A count, an offset or a length; faults over 2^53-1. */
  uint64(): number {
    const value = Number(this.#buffer.readBigUInt64LE(this.#need(8)));
    if (!Number.isSafeInteger(value)) throw new ByteFault(`a number of ${value} at byte ${this.position - 8} is beyond all bounds`);
    return value;
  }

  int64(): number {
    return Number(this.#buffer.readBigInt64LE(this.#need(8)));
  }

  /** UTF-8 of that many bytes. */
  text(length: number): string {
    const pieces: Buffer[] = [];
    for (let left = length; left > 0; ) {
      const size = Math.min(left, bufferBytes);
      const start = this.#need(size);
      pieces.push(Buffer.from(this.#buffer.subarray(start, start + size)));
      left -= size;
    }
    return Buffer.concat(pieces).toString('utf8');
  }

  skip(length: number): void {
    if (this.position + length > this.#limitBytes) throw this.#overrun(length);
    if (this.#at + length <= this.#filled) {
      this.#at += length;
      return;
    }
    this.#bufferStart = this.position + length;
    this.#filled = 0;
    this.#at = 0;
  }

  /** Makes that many bytes (at most a buffer of them) lie in the buffer, steps over them, and gives where they begin. */
  #need(length: number): number {
    if (this.position + length > this.#limitBytes) throw this.#overrun(length);
    if (this.#at + length > this.#filled) this.#refill(length);
    const start = this.#at;
    this.#at += length;
    return start;
  }

  #refill(length: number): void {
    this.#buffer.copyWithin(0, this.#at, this.#filled);
    this.#bufferStart += this.#at;
    this.#filled -= this.#at;
    this.#at = 0;
    while (this.#filled < length) {
      const count = readSync(this.#file, this.#buffer, this.#filled, bufferBytes - this.#filled, this.#bufferStart + this.#filled);
      if (count === 0) throw new ByteFault(`the file ends at byte ${this.#bufferStart + this.#filled}, in the middle of its header`);
      this.#filled += count;
    }
  }

  #overrun(length: number): ByteFault {
    return new ByteFault(`something ${length} bytes long at byte ${this.position} goes beyond byte ${this.#limitBytes}`);
  }
}
