import type { Delta } from '../../protocol/engine.ts';
import type { TokenLogprob } from '../../protocol/event.ts';
import { createStopScanner, type StopScanner } from '../../text/stop-scanner.ts';
import type { TokenBytes } from './token-bytes.ts';

interface Mark<T> {
  readonly value: T;
  /** characters of the whole answer up to the end of what is marked */
  readonly endOffset: number;
}

/** What a token added to the answer, and the stop text that it completed, if one. */
export interface TextStep {
  readonly delta: Delta;
  readonly stop?: string;
}

/**
 * Turns tokens into text: characters split over tokens come whole, control tokens are left out or, if wanted, marked, text that may become a stop
 * text is held back, and log probabilities come with the text of their tokens.
 */
export class AnswerText {
  readonly #bytes: TokenBytes;
  readonly #kept: ReadonlySet<string>;
  readonly #scanner: StopScanner;
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  readonly #logprobs: Mark<TokenLogprob>[] = [];
  readonly #specials: Mark<number>[] = [];
  #writtenChars = 0;
  #releasedChars = 0;
  /** bytes of a character that is not whole yet */
  #openBytes = 0;

  constructor(bytes: TokenBytes, options: { readonly stop: readonly string[]; readonly keptSpecialTokens: readonly string[] }) {
    this.#bytes = bytes;
    this.#kept = new Set(options.keptSpecialTokens);
    this.#scanner = createStopScanner(options.stop);
  }

  /** Everything that was written has been released. */
  get isWhole(): boolean {
    return this.#openBytes === 0 && this.#writtenChars === this.#releasedChars;
  }

  /** Adds one token. */
  push(token: number, logprob: TokenLogprob | undefined): TextStep {
    const isControl = this.#bytes.isControl(token);
    const bytes = !isControl || this.#isKept(token) ? this.#bytes.of(token) : noBytes;
    const text = this.#decoder.decode(bytes, { stream: true });
    // bytes that are no text become a replacement character, and nothing waits behind them
    this.#openBytes = text.includes('\ufffd') ? 0 : this.#openBytes + bytes.length - Buffer.byteLength(text);
    this.#writtenChars += text.length;
    if (isControl && text) this.#specials.push({ value: text.length, endOffset: this.#writtenChars });
    if (logprob) this.#logprobs.push({ value: logprob, endOffset: this.#writtenChars });
    const { text: released, stop } = this.#scanner.push(text);
    const delta = this.#release(released, [token]);
    return stop === undefined ? { delta } : { delta, stop };
  }

  /** What was held back, and half a character as the replacement character. Not called after a stop text. */
  end(): Delta {
    const tail = this.#decoder.decode();
    this.#writtenChars += tail.length;
    const { text, stop } = this.#scanner.push(tail);
    return this.#release(stop === undefined ? text + this.#scanner.end() : text, []);
  }

  #isKept(token: number): boolean {
    return this.#kept.size > 0 && this.#kept.has(new TextDecoder().decode(this.#bytes.of(token)));
  }

  #release(text: string, tokens: readonly number[]): Delta {
    const from = this.#releasedChars;
    this.#releasedChars += text.length;
    const logprobs = this.#takeUpTo(this.#logprobs).map((mark) => mark.value);
    const specials = this.#takeUpTo(this.#specials)
      .map((mark) => ({ offset: mark.endOffset - mark.value - from, length: mark.value }))
      .filter((range) => range.offset >= 0);
    return { text, tokens, ...(logprobs.length > 0 ? { logprobs } : {}), ...(specials.length > 0 ? { specials } : {}) };
  }

  #takeUpTo<T>(marks: Mark<T>[]): Mark<T>[] {
    if (marks.length === 0) return marks;
    const held = marks.findIndex((mark) => mark.endOffset > this.#releasedChars);
    return marks.splice(0, held < 0 ? marks.length : held);
  }
}

const noBytes = new Uint8Array(0);
