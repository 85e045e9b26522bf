import { BareValueRepair } from './json-bare-value.ts';
import { JsonComment } from './json-comment.ts';
import type { JsonFix, JsonFixCode } from './json-fixes.ts';
import { isKeyLetter, isStrangeBlank } from './json-letters.ts';
import { JsonOutput, type OnScalar } from './json-output.ts';
import { JsonStringRepair } from './json-string-repair.ts';
import { isBlank } from './marks.ts';
import type { TextMachine } from './reader.ts';

export type { JsonFix, JsonFixCode } from './json-fixes.ts';
export type { ChangeScalar, JsonScalar, OnScalar } from './json-output.ts';

export interface JsonRepairOptions {
  /** arrays and objects in one another, default 128; one more closes the value as `too-deep` */
  readonly maxDepth?: number;
  /**
   * Asked at each scalar. With a function as its answer the scalar is held whole, and what the function returns is sent (it must be JSON).
   * A string that grows over 64 characters, or that the end cuts, is sent as it is.
   */
  readonly onScalar?: OnScalar;
}

/**
 * Reads one JSON value as models write them and writes it as JSON, as it comes and never taking anything back.
 * Valid JSON is copied byte for byte; only whitespace around the value is not. What was written so far plus what `end` writes is valid JSON, whatever was read.
 * Stops at the value's last character; what follows is not read.
 */
export interface JsonRepair extends TextMachine {
  /** No more comes: closes what is open. Nothing read at all gives `null`. */
  end(): void;
  readonly outcome: 'open' | 'complete' | 'cut' | 'too-deep';
  /** the first 32 repairs */
  readonly fixes: readonly JsonFix[];
}

/** Starts one value. `write` gets its text in pieces, at most one for each `take` and one for `end`. */
export function createJsonRepair(write: (text: string) => void, options: JsonRepairOptions = {}): JsonRepair {
  return new RepairMachine(write, options);
}

type State =
  | 'value' // {"a": |1
  | 'key' // {|"a"
  | 'colon' // {"a"|: 1
  | 'after' // {"a": 1|,
  | 'string' // {"a": "x|
  | 'bare-value' // {"a": 1|2, {"a": New |York
  | 'bare-key' // {a|: 1
  | 'comment' // {"a": 1 /|/
  | 'done';

const apostrophe = 39;
const numberSign = 35;
const slash = 47;
const betweenTokens: ReadonlySet<State> = new Set<State>(['value', 'key', 'colon', 'after']);

class RepairMachine implements JsonRepair {
  readonly #write: (text: string) => void;
  readonly #options: JsonRepairOptions;
  readonly #maxDepth: number;
  readonly #output = new JsonOutput();
  #state: State = 'value';
  #outcome: JsonRepair['outcome'] = 'open';
  #string: JsonStringRepair | undefined;
  #bare: BareValueRepair | undefined;
  #comment: JsonComment | undefined;
  /** where a comment returns to */
  #resume: State = 'value';

  constructor(write: (text: string) => void, options: JsonRepairOptions) {
    this.#write = write;
    this.#options = options;
    this.#maxDepth = options.maxDepth ?? 128;
  }

  get isDone(): boolean {
    return this.#state === 'done';
  }

  get isOpaque(): boolean {
    return this.#state === 'string' && this.#string?.isOpaque === true;
  }

  get outcome(): JsonRepair['outcome'] {
    return this.#outcome;
  }

  get fixes(): readonly JsonFix[] {
    return this.#output.place.fixes;
  }

  take(text: string, from: number, to: number): number {
    let at = from;
    while (at < to && this.#state !== 'done') {
      if (this.#state === 'string') at = this.#takeString(text, at, to);
      else if (this.#takeLetter(text.charCodeAt(at))) at++;
    }
    this.#flush();
    return at;
  }

  end(): void {
    if (this.#state === 'done') return;
    if (this.#state === 'comment') this.#state = this.#resume;
    const wasOpen = this.#output.place.frames.length > 0;
    const isWhole = this.#endScalar() && !wasOpen;
    if (!isWhole) this.#output.fix('cut');
    this.#closeAll();
    this.#finish(isWhole ? 'complete' : 'cut');
    this.#flush();
  }

  /** True when the letter was taken; false when only the state changed and the letter is to be read again. */
  #takeLetter(letter: number): boolean {
    if ((letter === slash || letter === numberSign) && betweenTokens.has(this.#state)) return this.#openComment(letter);
    switch (this.#state) {
      case 'value':
        return this.#takeValue(letter);
      case 'key':
        return this.#takeKey(letter);
      case 'colon':
        return this.#takeColon(letter);
      case 'after':
        return this.#takeAfter(letter);
      case 'bare-value':
        return this.#takeBareValue(letter);
      case 'bare-key':
        return this.#takeBareKey(letter);
      case 'comment':
        return this.#takeComment(letter);
      default:
        return false;
    }
  }

  #takeValue(letter: number): boolean {
    if (isBlank(letter)) return this.#takeBlank(letter);
    const { top } = this.#output.place;
    switch (String.fromCharCode(letter)) {
      case '"':
      case "'":
        return this.#openString(letter, false);
      case '{':
      case '[':
        return this.#open(letter);
      case '}':
      case ']':
        return top ? this.#close(letter) : this.#sendMissingValue();
      case ',':
        return top && !top.isObject ? this.#drop('extra-comma') : this.#sendMissingValue();
      case ':':
        return this.#drop('unexpected-text');
      default:
        if (isStrangeBlank(letter)) return this.#drop('unexpected-text');
        return this.#openBareValue('');
    }
  }

  #takeKey(letter: number): boolean {
    if (isBlank(letter)) return this.#takeBlank(letter);
    switch (String.fromCharCode(letter)) {
      case '"':
      case "'":
        return this.#openString(letter, true);
      case '}':
      case ']':
        return this.#close(letter);
      case ',':
        return this.#drop('extra-comma');
      default:
        if (letter !== 58 && !isKeyLetter(letter)) return this.#drop('unexpected-text');
        this.#output.beginToken();
        this.#output.place.beginKey();
        this.#output.send('"');
        this.#output.isKey = true;
        return this.#become('bare-key');
    }
  }

  #takeColon(letter: number): boolean {
    if (isBlank(letter)) return this.#takeBlank(letter);
    switch (String.fromCharCode(letter)) {
      case '=':
        this.#output.fix('missing-colon');
        return this.#sendColon();
      case ':':
        return this.#sendColon();
      case ',':
      case '}':
      case ']':
        this.#output.send(':');
        return this.#sendMissingValue();
      default:
        if (isStrangeBlank(letter)) return this.#drop('unexpected-text');
        this.#output.fix('missing-colon');
        this.#sendColon();
        return false;
    }
  }

  #takeAfter(letter: number): boolean {
    if (isBlank(letter)) return this.#takeBlank(letter);
    const isObject = this.#output.place.top?.isObject === true;
    switch (String.fromCharCode(letter)) {
      case ',':
        this.#output.holdComma();
        this.#state = isObject ? 'key' : 'value';
        return true;
      case '}':
      case ']':
        return this.#close(letter);
      case '"':
      case "'":
        break;
      default:
        if (isObject || letter === 58 || isStrangeBlank(letter)) return this.#drop('unexpected-text');
    }
    this.#output.fix('missing-comma');
    this.#output.send(',');
    return this.#become(isObject ? 'key' : 'value');
  }

  #takeBareKey(letter: number): boolean {
    if (!isKeyLetter(letter)) return this.#closeKey();
    this.#output.send(String.fromCharCode(letter));
    return true;
  }

  #openComment(letter: number): true {
    this.#resume = this.#state;
    this.#comment = new JsonComment(letter);
    this.#state = 'comment';
    if (letter === numberSign) this.#output.fix('comments');
    return true;
  }

  #takeComment(letter: number): boolean {
    const kind = this.#comment?.take(letter);
    if (kind === 'opened') this.#output.fix('comments');
    if (kind === 'open' || kind === 'opened') return true;
    this.#state = this.#resume;
    if (kind !== 'none') return kind === 'closed';
    if (this.#resume === 'value') return this.#openBareValue('/');
    this.#output.fix('unexpected-text');
    return false;
  }

  #takeBlank(letter: number): boolean {
    if (this.#output.place.top) this.#output.sendBlank(letter);
    return true;
  }

  #openString(quote: number, isKey: boolean): boolean {
    const { place } = this.#output;
    this.#output.beginToken();
    if (isKey) place.beginKey();
    if (quote === apostrophe) this.#output.fix('single-quotes');
    this.#output.openString(isKey ? undefined : this.#options.onScalar?.({ kind: 'string', path: place.path() }));
    this.#output.isKey = isKey;
    this.#string = new JsonStringRepair(this.#output, quote, !isKey && place.top !== undefined);
    this.#state = 'string';
    return true;
  }

  #takeString(text: string, from: number, to: number): number {
    const at = this.#string?.take(text, from, to) ?? to;
    if (this.#string?.isClosed) this.#closeString();
    return at;
  }

  #closeString(): void {
    if (this.#output.isKey) {
      this.#closeKey();
      return;
    }
    this.#output.closeString();
    const blanks = this.#string?.blanks ?? '';
    this.#endValue();
    this.#output.send(blanks);
  }

  #openBareValue(begun: string): false {
    this.#output.beginToken();
    this.#bare = new BareValueRepair(this.#output, begun, this.#options.onScalar);
    return this.#become('bare-value');
  }

  #takeBareValue(letter: number): boolean {
    if (this.#bare?.take(letter)) return true;
    if (this.#bare?.isEnded) this.#endValue();
    return false;
  }

  #closeKey(): false {
    if (this.#state === 'bare-key') this.#output.fix('bare-keys');
    this.#output.isKey = false;
    this.#output.send('"');
    this.#output.place.endKey();
    return this.#become('colon');
  }

  #sendColon(): true {
    this.#output.send(':');
    this.#state = 'value';
    return true;
  }

  #open(letter: number): boolean {
    const { place } = this.#output;
    if (place.frames.length >= this.#maxDepth) {
      this.#output.fix('too-deep');
      this.#closeAll();
      this.#finish('too-deep');
      return false;
    }
    this.#output.beginToken();
    this.#output.send(String.fromCharCode(letter));
    place.open(letter === 123);
    this.#state = letter === 123 ? 'key' : 'value';
    return true;
  }

  #close(letter: number): true {
    const { frames } = this.#output.place;
    const isObject = letter === 125;
    if (this.#state === 'value' && this.#output.place.top?.isObject) this.#sendMissingValue();
    if (this.#output.dropComma()) this.#output.fix('trailing-comma');
    if (this.#output.place.top?.isObject !== isObject) {
      this.#output.fix('wrong-bracket');
      if (frames.some((frame) => frame.isObject === isObject)) while (frames.at(-1)?.isObject !== isObject) this.#closeFrame();
    }
    this.#closeFrame();
    return true;
  }

  #closeFrame(): void {
    this.#output.send(this.#output.place.frames.pop()?.isObject ? '}' : ']');
    this.#endValue();
  }

  /** Whatever is open gets its end; a key without a value gets null. */
  #closeAll(): void {
    const { place } = this.#output;
    if (this.#state === 'colon') this.#output.send(':null');
    else if (this.#state === 'value' && place.top?.isObject !== false) this.#output.send('null');
    else if (this.#output.dropComma()) this.#state = 'after';
    while (place.top) this.#closeFrame();
  }

  #endValue(): void {
    const { top } = this.#output.place;
    if (top) {
      top.count++;
      this.#state = 'after';
    } else this.#finish('complete');
  }

  /** Ends the scalar or key that the end of the input cut. False when it was not whole. */
  #endScalar(): boolean {
    if (this.#state === 'bare-key') this.#closeKey();
    if (this.#state === 'bare-value') {
      const isWhole = this.#bare?.end() === true;
      this.#endValue();
      return isWhole;
    }
    if (this.#state !== 'string') return false;
    if (this.#string?.isOpaque) this.#output.releaseString();
    this.#closeString();
    return false;
  }

  #sendMissingValue(): false {
    this.#output.fix('missing-value');
    this.#output.send('null');
    this.#endValue();
    return false;
  }

  #drop(code: JsonFixCode): true {
    this.#output.fix(code);
    return true;
  }

  /** The letter is to be read again in another state. */
  #become(state: State): false {
    this.#state = state;
    return false;
  }

  #finish(outcome: JsonRepair['outcome']): void {
    this.#state = 'done';
    this.#outcome = outcome;
  }

  #flush(): void {
    const text = this.#output.flush();
    if (text !== '') this.#write(text);
  }
}
