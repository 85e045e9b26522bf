import type { TokenBytes } from './token-bytes.ts';

/**
 * Turns token ids into text as they come. Works on the tokens' bytes, so a character that is split over tokens (emoji, Chinese, byte tokens) is held
 * back until it is whole: never more than three bytes of it. Bytes that cannot become a character give U+FFFD at once.
 */
export class DecodeStream {
  readonly #bytes: TokenBytes;
  readonly #isSkipped: (id: number) => boolean;
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  /** the vocabulary writes every text with a space in front, which is not part of it */
  #dropsSpace: boolean;

  constructor(bytes: TokenBytes, isSkipped: (id: number) => boolean) {
    this.#bytes = bytes;
    this.#isSkipped = isSkipped;
    this.#dropsSpace = bytes.hasLeadingSpace;
  }

  /** The text that these tokens complete; often empty. */
  push(ids: number | readonly number[]): string {
    let text = '';
    for (const id of typeof ids === 'number' ? [ids] : ids) {
      if (!this.#isSkipped(id)) text += this.#decoder.decode(this.#bytes.of(id), { stream: true });
    }
    return this.#dropSpace(text);
  }

  /** Half a character that was held back, as U+FFFD. The stream can then be used anew. */
  end(): string {
    const text = this.#dropSpace(this.#decoder.decode());
    this.#dropsSpace = this.#bytes.hasLeadingSpace;
    return text;
  }

  #dropSpace(text: string): string {
    if (!this.#dropsSpace || text === '') return text;
    this.#dropsSpace = false;
    return text.startsWith(' ') ? text.slice(1) : text;
  }
}
