import { type JsonFixCode, JsonPlace } from './json-fixes.ts';

/** Gets a scalar's JSON text and returns the JSON text to send instead. */
export type ChangeScalar = (json: string) => string;

/** A string, number or literal that is about to be sent. */
export interface JsonScalar {
  readonly kind: 'string' | 'number' | 'literal';
  /** keys and positions from the top */
  readonly path: readonly (string | number)[];
}

/** Asked at each scalar; undefined leaves it alone. */
export type OnScalar = (scalar: JsonScalar) => ChangeScalar | undefined;

/** Most characters of what is undecided: a word, whitespace behind a comma or a quote, a string that may be changed. */
export const mostHeldChars = 64;

/** What a transducer has written: the text of this push, a comma that may yet be dropped, a string that may yet be changed. */
export class JsonOutput {
  readonly place = new JsonPlace();
  /** what is sent belongs to a key */
  isKey = false;
  #text = '';
  /** a comma and the whitespace behind it, sent when something follows */
  #comma = '';
  /** the comma had to be sent: too much whitespace followed */
  #isCommaSent = false;
  #captured: string | undefined;
  #change: ChangeScalar | undefined;

  /** The text since the last call. */
  flush(): string {
    const text = this.#text;
    this.#text = '';
    return text;
  }

  fix(code: JsonFixCode): void {
    this.place.fix(code);
  }

  send(text: string): void {
    if (this.isKey) this.place.addKeyText(text);
    if (this.#captured === undefined) this.#text += text;
    else {
      this.#captured += text;
      if (this.#captured.length > mostHeldChars + 2) this.releaseString();
    }
  }

  /** One letter inside a string, escaped where JSON asks for it. */
  sendInString(letter: number): void {
    if (letter < 32) this.fix('raw-newline');
    const text = String.fromCharCode(letter);
    this.send(letter < 32 || letter === 34 || letter === 92 ? JSON.stringify(text).slice(1, -1) : text);
  }

  sendTextInString(text: string): void {
    for (let index = 0; index < text.length; index++) this.sendInString(text.charCodeAt(index));
  }

  holdComma(): void {
    this.#comma = ',';
  }

  /** Whitespace between tokens. */
  sendBlank(letter: number): void {
    const text = String.fromCharCode(letter);
    if (this.#comma === '') this.send(text);
    else this.#comma += text;
    if (this.#comma.length <= mostHeldChars) return;
    this.beginToken();
    this.#isCommaSent = true;
  }

  /** Something follows the comma. */
  beginToken(): void {
    if (this.#comma !== '') this.send(this.#comma);
    this.#comma = '';
    this.#isCommaSent = false;
  }

  /** Nothing follows the comma: drops it; where it was sent already, something has to stand behind it. True if there was one. */
  dropComma(): boolean {
    const blanks = this.#comma.slice(1);
    const hadComma = this.#comma !== '' || this.#isCommaSent;
    this.#comma = '';
    this.send(blanks);
    if (this.#isCommaSent) this.send(this.place.top?.isObject ? '"":null' : 'null');
    this.#isCommaSent = false;
    return hadComma;
  }

  /** Opens a string; with a `change` it is held, as long as it is short. */
  openString(change: ChangeScalar | undefined): void {
    this.#change = change;
    this.#captured = change ? '' : undefined;
    this.send('"');
  }

  closeString(): void {
    this.send('"');
    const captured = this.#captured;
    this.#captured = undefined;
    if (captured !== undefined) this.send(this.changed(captured, this.#change));
  }

  /** The string stays as it is. */
  releaseString(): void {
    const captured = this.#captured ?? '';
    this.#captured = undefined;
    this.#text += captured;
  }

  changed(json: string, change: ChangeScalar | undefined): string {
    const changed = change ? change(json) : json;
    if (changed !== json) this.fix('coerced');
    return changed;
  }
}
