import { RegexError } from './regex-error.ts';

const mostPatternChars = 20_000;

/** A place in a pattern, which moves on over code points. */
export class RegexCursor {
  readonly #letters: readonly string[];
  /** code points before the place */
  at = 0;

  constructor(pattern: string) {
    if (pattern.length > mostPatternChars) {
      throw new RegexError('too-large', `The pattern has ${pattern.length} characters; at most ${mostPatternChars} are read.`);
    }
    if (/\p{Surrogate}/u.test(pattern)) throw new RegexError('invalid', 'The pattern holds half of a surrogate pair.');
    this.#letters = Array.from(pattern);
  }

  get isAtEnd(): boolean {
    return this.at >= this.#letters.length;
  }

  /** The letter that comes; '' at the end. */
  peek(ahead = 0): string {
    return this.#letters[this.at + ahead] ?? '';
  }

  /** Moves over a letter; '' at the end. */
  take(): string {
    return this.#letters[this.at++] ?? '';
  }

  /** Moves over the text if it comes. */
  takes(text: string): boolean {
    for (let index = 0; index < text.length; index++) if (this.peek(index) !== text[index]) return false;
    this.at += text.length;
    return true;
  }

  /** The longest text of at most `most` letters that `letters` allows; moves over it. */
  takeRun(letters: RegExp, most: number): string {
    let run = '';
    while (run.length < most && letters.test(this.peek())) run += this.take();
    return run;
  }

  fail(reason: RegexError['reason'], what: string, at = this.at): RegexError {
    const pattern = this.#letters.length > 80 ? `${this.#letters.slice(0, 80).join('')}…` : this.#letters.join('');
    return new RegexError(reason, `The pattern ${JSON.stringify(pattern)} can't be used: ${what} at character ${at + 1}.`);
  }
}
