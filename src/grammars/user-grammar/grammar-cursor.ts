import { GatewayError } from '../../protocol/error.ts';

const blanks = /[ \t]+/y;
const spaces = /(?:[ \t\r\n]|#[^\n]*)+/y;
const nameHere = /[A-Za-z_][A-Za-z0-9_.-]*/y;
const numberHere = /\d{1,9}/y;
const comment = /#[^\n]*/y;

/** A place in the text of a user's grammar, which moves on. Errors carry line and column. */
export class GrammarCursor {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  /** The letter (UTF-16 unit) that comes; '' at the end. */
  get next(): string {
    return this.#text.charAt(this.#at);
  }

  /** Moves over the text if it comes. */
  takes(text: string): boolean {
    if (!this.#text.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  /** Goes back over the letter before. */
  stepBack(): void {
    this.#at--;
  }

  /** Moves over one code point; undefined at the end. */
  takeCodePoint(): number | undefined {
    const code = this.#text.codePointAt(this.#at);
    if (code !== undefined) this.#at += code > 0xffff ? 2 : 1;
    return code;
  }

  /** Moves over blanks and comments, and over line ends where `crossesLines`. */
  skipSpace(crossesLines: boolean): void {
    if (crossesLines) this.#match(spaces);
    else {
      this.#match(blanks);
      this.#match(comment);
    }
  }

  /** Moves over a rule's name; '' where none comes. */
  takeName(): string {
    return this.#match(nameHere);
  }

  /** Moves over a number without sign; undefined where none comes. */
  takeNumber(): number | undefined {
    const written = this.#match(numberHere);
    return written === '' ? undefined : Number(written);
  }

  /** Moves over that many hexadecimal digits. */
  takeHex(digits: number): number {
    const written = this.#text.slice(this.#at, this.#at + digits);
    if (!/^[0-9a-fA-F]+$/.test(written) || written.length !== digits) throw this.fail(`${digits} hexadecimal digits were expected`);
    this.#at += digits;
    return Number.parseInt(written, 16);
  }

  /** Whether a definition (`name ::=`) begins here; nothing moves. */
  isAtDefinition(): boolean {
    const start = this.#at;
    const isName = this.takeName() !== '';
    this.#match(blanks);
    const isDefinition = isName && this.#text.startsWith('::=', this.#at);
    this.#at = start;
    return isDefinition;
  }

  fail(what: string): GatewayError {
    const before = this.#text.slice(0, this.#at);
    const line = before.split('\n').length;
    const column = before.length - before.lastIndexOf('\n');
    return new GatewayError('invalid_request', `The grammar cannot be read: ${what} at line ${line}, column ${column}.`, {
      param: 'grammar',
    });
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? '';
    this.#at += found.length;
    return found;
  }
}
