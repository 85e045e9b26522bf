import { isHexDigit } from './json-letters.ts';
import { type JsonOutput, mostHeldChars } from './json-output.ts';
import { isBlank } from './marks.ts';

const quoteMark = 34;
const apostrophe = 39;
const backslash = 92;

/** The inside of a string in quotes of either kind, up to the quote that ends it. The machine around it opens and closes the string. */
export class JsonStringRepair {
  readonly #output: JsonOutput;
  readonly #quote: number;
  readonly #mayHoldQuotes: boolean;
  #state: 'text' | 'escape' | 'quote' | 'closed' = 'text';
  /** the begun escape without its backslash, or the whitespace behind a quote */
  #held = '';

  /** With `mayHoldQuotes`, a quote ends the string only where JSON can go on behind it: `"say "hi" now"` is one string. */
  constructor(output: JsonOutput, quote: number, mayHoldQuotes: boolean) {
    this.#output = output;
    this.#quote = quote;
    this.#mayHoldQuotes = mayHoldQuotes;
  }

  get isClosed(): boolean {
    return this.#state === 'closed';
  }

  /** What comes next is text of the string whatever it is. */
  get isOpaque(): boolean {
    return this.#state === 'text' || this.#state === 'escape';
  }

  /** Whitespace that was read behind the last quote. */
  get blanks(): string {
    return this.isOpaque ? '' : this.#held;
  }

  take(text: string, from: number, to: number): number {
    let at = from;
    while (at < to && this.#state !== 'closed') {
      if (this.#state === 'text') at = this.#takeText(text, at, to);
      else if (this.#state === 'escape' ? this.#takeEscape(text.charCodeAt(at)) : this.#takeQuote(text.charCodeAt(at))) at++;
    }
    return at;
  }

  /** Text up to the quote, a run at a time. */
  #takeText(text: string, from: number, to: number): number {
    let at = from;
    let letter = 0;
    while (at < to) {
      letter = text.charCodeAt(at);
      if (letter === backslash || letter === this.#quote || letter === quoteMark || letter < 32) break;
      at++;
    }
    if (at > from) this.#output.send(text.slice(from, at));
    if (at === to) return at;
    this.#held = '';
    if (letter === backslash) this.#state = 'escape';
    else if (letter === this.#quote) this.#state = this.#mayHoldQuotes ? 'quote' : 'closed';
    else this.#output.sendInString(letter);
    return at + 1;
  }

  /** A quote ends a string only where JSON can go on behind it: `"say "hi" now"` is one string. */
  #takeQuote(letter: number): boolean {
    const hasBlanks = this.#held !== '';
    if (isBlank(letter) && this.#held.length < mostHeldChars) {
      this.#held += String.fromCharCode(letter);
      return true;
    }
    const next = String.fromCharCode(letter);
    if (',]}'.includes(next) || (hasBlanks && '"\'/# \t\r\n'.includes(next))) {
      this.#state = 'closed';
      return false;
    }
    this.#output.fix('stray-quote');
    this.#output.sendInString(this.#quote);
    this.#output.sendTextInString(this.#held);
    this.#state = 'text';
    return false;
  }

  #takeEscape(letter: number): boolean {
    const next = String.fromCharCode(letter);
    if (this.#held === '' && next !== 'u') {
      if ('"\\/bfnrt'.includes(next)) this.#output.send(`\\${next}`);
      else if (letter === apostrophe) this.#output.send("'");
      else this.#output.send('\\\\');
      if (!'"\\/bfnrt'.includes(next) && letter !== this.#quote) this.#output.fix('bad-escape');
      this.#state = 'text';
      return '"\\/bfnrt\''.includes(next);
    }
    if (this.#held === '' || isHexDigit(letter)) {
      this.#held += next;
      if (this.#held.length === 5) this.#endHeldEscape('\\');
      return true;
    }
    this.#output.fix('bad-escape');
    this.#endHeldEscape('\\\\');
    return false;
  }

  #endHeldEscape(lead: string): void {
    this.#output.send(lead + this.#held);
    this.#state = 'text';
  }
}
