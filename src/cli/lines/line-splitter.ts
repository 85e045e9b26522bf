const lineFeed = 10;

/** Cuts bytes into lines. Holds at most one line, and never more than its limit. */
export class LineSplitter {
  readonly #mostBytes: number;
  readonly #decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });
  #pieces: Uint8Array[] = [];
  #bytes = 0;
  #isTooLong = false;

  /** `mostBytes`: longest line. */
  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  /** The lines that the bytes end, one at a time, without their line feeds; an error for one that is too long or no UTF-8. */
  *push(chunk: Uint8Array): Generator<string | Error> {
    let from = 0;
    for (let to = chunk.indexOf(lineFeed); to >= 0; to = chunk.indexOf(lineFeed, from)) {
      this.#keep(chunk.subarray(from, to));
      yield this.#take();
      from = to + 1;
    }
    this.#keep(chunk.subarray(from));
  }

  /** The last line, if the input did not end with a line feed. */
  *end(): Generator<string | Error> {
    if (this.#bytes > 0 || this.#isTooLong) yield this.#take();
  }

  #keep(piece: Uint8Array): void {
    if (this.#isTooLong || this.#bytes + piece.length > this.#mostBytes) {
      this.#isTooLong = true;
      this.#pieces = [];
      this.#bytes = 0;
    } else if (piece.length > 0) {
      this.#pieces.push(piece);
      this.#bytes += piece.length;
    }
  }

  #take(): string | Error {
    const pieces = this.#pieces;
    const isTooLong = this.#isTooLong;
    this.#pieces = [];
    this.#bytes = 0;
    this.#isTooLong = false;
    if (isTooLong) return new Error(`The line is longer than ${this.#mostBytes} bytes.`);
    try {
      return this.#decoder.decode(pieces.length === 1 ? pieces[0] : Buffer.concat(pieces));
    } catch {
      return new Error('The line is not UTF-8.');
    }
  }
}
