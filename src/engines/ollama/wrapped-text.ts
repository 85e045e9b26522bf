import { createJsonStringDecoder, type JsonStringDecoder } from '../../text/json-string-decoder.ts';
import type { Wrapping } from './answer-format.ts';

/** Takes the wrapping off a text as it comes. */
export interface Unwrapper {
  /** What of the bare text is certain now. */
  push(text: string): string;
  /** The rest. */
  end(): string;
}

/** Opens an unwrapper. A text that does not begin with a quote was never wrapped and stays as it is. */
export function openUnwrapper(wrapping: Wrapping): Unwrapper {
  if (wrapping === 'none') return { push: (text) => text, end: () => '' };
  return new QuotedText(wrapping === 'json-string' ? new JsonString() : new BareQuotes());
}

class QuotedText implements Unwrapper {
  readonly #inside: Unwrapper;
  #state: 'before' | 'inside' | 'bare' = 'before';
  #blanks = '';

  constructor(inside: Unwrapper) {
    this.#inside = inside;
  }

  push(text: string): string {
    if (this.#state === 'inside') return this.#inside.push(text);
    if (this.#state === 'bare') return text;
    const seen = this.#blanks + text;
    const begun = seen.trimStart();
    if (begun === '') {
      this.#blanks = seen;
      return '';
    }
    this.#blanks = '';
    this.#state = begun.startsWith('"') ? 'inside' : 'bare';
    return this.#state === 'inside' ? this.#inside.push(begun.slice(1)) : seen;
  }

  end(): string {
    return this.#state === 'inside' ? this.#inside.end() : this.#blanks;
  }
}

/** Behind an opening quote, with JSON's escapes. What follows the closing quote is blank. */
class JsonString implements Unwrapper {
  #text = '';
  readonly #decoder: JsonStringDecoder = createJsonStringDecoder((text) => {
    this.#text += text;
  });

  push(text: string): string {
    if (!this.#decoder.isDone) this.#decoder.take(text, 0, text.length);
    return this.#release();
  }

  end(): string {
    if (!this.#decoder.isDone) this.#decoder.end();
    return this.#release();
  }

  #release(): string {
    const text = this.#text;
    this.#text = '';
    return text;
  }
}

/** Behind an opening quote, with nothing escaped: quotes inside are part of the text, so the one that may be the last is held back. */
class BareQuotes implements Unwrapper {
  #held = '';

  push(text: string): string {
    const seen = this.#held + text;
    const rest = seen.trimEnd();
    const from = rest.endsWith('"') ? rest.length - 1 : seen.length;
    this.#held = seen.slice(from);
    return seen.slice(0, from);
  }

  /** What is held back is the closing quote and blanks behind it. */
  end(): string {
    return '';
  }
}
