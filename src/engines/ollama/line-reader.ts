import { GatewayError } from '../../protocol/error.ts';

/** Longest line that is taken, in bytes: a call's arguments come in one. */
const mostLineBytes = 8 * 2 ** 20;

const lineFeed = 0x0a;

/** Reads lines from a body as it arrives, cut anywhere: inside of characters too. Empty lines are left out. Throws `engine_failed` when a line outgrows its bound. */
export class LineReader {
  /** no state in it: bytes are decoded once a line is complete */
  readonly #decoder = new TextDecoder();
  #open: Uint8Array[] = [];
  #openBytes = 0;

  /** The lines that this piece of the body completes. Bytes of an unfinished line are kept by reference: don't write over them. */
  push(bytes: Uint8Array): readonly string[] {
    const end = bytes.lastIndexOf(lineFeed) + 1;
    const text = end === 0 ? '' : this.#take(bytes.subarray(0, end));
    if (end < bytes.length) this.#keep(bytes.subarray(end));
    return listLines(text);
  }

  /** The line left over when the body ends, if any. */
  end(): readonly string[] {
    return listLines(this.#take(new Uint8Array(0)));
  }

  #keep(bytes: Uint8Array): void {
    this.#open.push(bytes);
    this.#openBytes += bytes.length;
    if (this.#openBytes > mostLineBytes)
      throw new GatewayError('engine_failed', `The engine sent a line of more than ${mostLineBytes} bytes.`);
  }

  #take(bytes: Uint8Array): string {
    const whole = this.#openBytes === 0 ? bytes : Buffer.concat([...this.#open, bytes]);
    this.#open = [];
    this.#openBytes = 0;
    return this.#decoder.decode(whole);
  }
}

function listLines(text: string): readonly string[] {
  return text.split('\n').filter((line) => line.trim() !== '');
}
