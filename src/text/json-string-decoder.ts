import { isHexDigit } from './json-letters.ts';
import type { TextMachine } from './reader.ts';

/** Reads the inside of a JSON string and gives its text as it comes. */
export interface JsonStringDecoder extends TextMachine {
  /** No more comes: a begun escape is dropped, half of a surrogate pair is given. */
  end(): void;
}

/**
 * Decodes a string from behind its opening quote up to its closing quote, which it takes. `write` gets the text, at most once for each `take` and `end`.
 * Never fails: an escape that JSON does not know stays as it is written, raw control characters too. Both halves of an escaped surrogate pair come together.
 */
export function createJsonStringDecoder(write: (text: string) => void): JsonStringDecoder {
  return new Decoder(write);
}

const simpleEscapes: Readonly<Record<string, string>> = { '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

class Decoder implements JsonStringDecoder {
  readonly #write: (text: string) => void;
  #text = '';
  /** a begun escape with its backslash */
  #escape = '';
  /** the first half of a pair, from an escape */
  #half = '';
  isDone = false;
  readonly isOpaque = true;

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  take(text: string, from: number, to: number): number {
    let at = from;
    while (at < to && !this.isDone) {
      if (this.#escape === '') at = this.#takeRun(text, at, to);
      else if (this.#takeEscape(text.charAt(at))) at++;
    }
    if (this.isDone) this.#release();
    this.#flush();
    return at;
  }

  end(): void {
    this.isDone = true;
    this.#release();
    this.#flush();
  }

  #takeRun(text: string, from: number, to: number): number {
    let at = from;
    while (at < to && text[at] !== '"' && text[at] !== '\\') at++;
    if (at > from) this.#send(text.slice(from, at));
    if (at === to) return at;
    if (text[at] === '"') this.isDone = true;
    else this.#escape = '\\';
    return at + 1;
  }

  /** False when the letter is to be read again: the escape was none. */
  #takeEscape(letter: string): boolean {
    const simple = this.#escape === '\\' ? simpleEscapes[letter] : undefined;
    if (simple === undefined && !(this.#escape === '\\' ? letter === 'u' : isHexDigit(letter.charCodeAt(0)))) {
      this.#endEscape(this.#escape);
      return false;
    }
    this.#escape += letter;
    if (simple !== undefined) this.#endEscape(simple);
    else if (this.#escape.length === 6) this.#endEscape(String.fromCharCode(Number.parseInt(this.#escape.slice(2), 16)));
    return true;
  }

  #endEscape(text: string): void {
    this.#escape = '';
    const isHalf = text >= '\ud800' && text <= '\udbff';
    if (!isHalf) {
      this.#send(text);
      return;
    }
    this.#release();
    this.#half = text;
  }

  #send(text: string): void {
    this.#release();
    this.#text += text;
  }

  #release(): void {
    this.#text += this.#half;
    this.#half = '';
  }

  #flush(): void {
    const text = this.#text;
    this.#text = '';
    if (text !== '') this.#write(text);
  }
}
