import { type JsonOutput, mostHeldChars, type OnScalar } from './json-output.ts';
import { type JsonWord, LongNumber, readCutJsonWord, readJsonWord } from './json-words.ts';
import { isBlank } from './marks.ts';

/** A value without quotes: a number, a literal, or text whose quotes are missing. The first 64 characters decide. */
export class BareValueRepair {
  readonly #output: JsonOutput;
  readonly #onScalar: OnScalar | undefined;
  #state: 'word' | 'number' | 'text' | 'ended' = 'word';
  /** the word under decision, or whitespace inside the text */
  #held: string;
  #number: LongNumber | undefined;

  constructor(output: JsonOutput, begun: string, onScalar: OnScalar | undefined) {
    this.#output = output;
    this.#held = begun;
    this.#onScalar = onScalar;
  }

  get isEnded(): boolean {
    return this.#state === 'ended';
  }

  /** False when the letter is to be read again: here, or by the machine around when the value has ended. */
  take(letter: number): boolean {
    const next = String.fromCharCode(letter);
    if (this.#state === 'word') return this.#takeWord(next);
    return this.#state === 'number' ? this.#takeNumber(next) : this.#takeText(next);
  }

  /** The input has ended. False when that cut the value. */
  end(): boolean {
    const isWhole = this.#state === 'number' || (this.#state === 'word' && readJsonWord(this.#held) !== undefined);
    if (this.#state === 'word') this.#sendWord(readCutJsonWord(this.#held));
    if (this.#state === 'number') this.#endNumber();
    if (this.#state === 'text') this.#output.closeString();
    return isWhole;
  }

  #takeWord(next: string): boolean {
    if (isEndOfWord(next) || ('/#'.includes(next) && readJsonWord(this.#held) !== undefined)) {
      this.#sendWord(readJsonWord(this.#held));
      return false;
    }
    if (this.#held.length < mostHeldChars) {
      this.#held += next;
      return true;
    }
    this.#number = LongNumber.begin(this.#held);
    if (this.#number) {
      this.#output.send(this.#number.begun);
      this.#state = 'number';
    } else this.#sendWord(undefined);
    return false;
  }

  #sendWord(word: JsonWord | undefined): void {
    if (!word) {
      this.#openText();
      return;
    }
    if (word.fix) this.#output.fix(word.fix);
    const change = this.#onScalar?.({ kind: word.kind, path: this.#output.place.path() });
    this.#output.send(this.#output.changed(word.json, change));
    this.#state = 'ended';
  }

  #takeNumber(next: string): boolean {
    if (isEndOfWord(next)) return this.#endNumber();
    const text = this.#number?.take(next);
    if (text === undefined) this.#output.fix('number-spelling');
    else this.#output.send(text);
    return true;
  }

  #endNumber(): false {
    if (this.#number?.isWaiting) this.#output.fix('number-spelling');
    this.#state = 'ended';
    return false;
  }

  #openText(): void {
    this.#output.fix('bare-value');
    this.#output.openString(undefined);
    this.#output.sendTextInString(this.#held);
    this.#held = '';
    this.#state = 'text';
  }

  /** `New York` up to a comma, bracket or line end, without the whitespace before it. */
  #takeText(next: string): boolean {
    if (',]}\n'.includes(next)) {
      this.#output.closeString();
      this.#state = 'ended';
      return false;
    }
    if (isBlank(next.charCodeAt(0)) && this.#held.length < mostHeldChars) {
      this.#held += next;
      return true;
    }
    this.#output.sendTextInString(this.#held + next);
    this.#held = '';
    return true;
  }
}

function isEndOfWord(next: string): boolean {
  return ' \n\t\r,]}'.includes(next);
}
