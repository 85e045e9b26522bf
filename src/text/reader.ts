import { compileMarks, isBlank, type MarkSet, type Match, matchMarks, needsMore } from './marks.ts';
import { type SpecialRange, TextWindow } from './text-window.ts';

export { compileMarks, type MarkSet, type MarkSpelling, type Match } from './marks.ts';
export type { SpecialRange } from './text-window.ts';

/** A suspended read. It yields while its answer still depends on text to come, and is resumed when more text or the end has arrived. */
export type Reading<T> = Generator<undefined, T, undefined>;

/** Something that takes the text letter by letter: what it does may depend on the letters only, never on how they were cut. */
export interface TextMachine {
  /** Takes letters of `text` from `from` on, `to` excluded. Returns the first it does not want; `to` if it took them all. */
  take(text: string, from: number, to: number): number;
  /** It has all it wants. */
  readonly isDone: boolean;
  /** Where it stands now, a mark is text for it (it is inside a string). */
  readonly isOpaque: boolean;
}

/** How `passUntil` treats whitespace. */
export interface PassOptions {
  /**
   * Most whitespace characters directly before a mark that are left unread instead of given to the sink (read them with `whitespace`, then skip the mark).
   * Default 0; 64 suits `whitespace`. At the end of the input the sink gets them.
   */
  readonly keptBlanks?: number;
}

/**
 * The only input of a parser. It may only be peeked: each primitive waits until its answer cannot depend on where the chunks end.
 * A run of text never ends between the halves of a surrogate pair, unless the input does.
 */
export interface Reader {
  /** The next `count` characters; fewer only when the turn has ended. */
  peek(count: number): Reading<string>;
  /** Which of the marks stands here, the longest first; waits while the text can become a longer one. The mark is not passed. */
  at(marks: MarkSet): Reading<Match | undefined>;
  /** Moves over characters that were peeked, as a match's text was. */
  skip(count: number): void;
  /** Passes text to `sink` up to the first mark, a run at a time, and stops before it; undefined at the end of the input. */
  passUntil(marks: MarkSet, sink: (text: string) => void, options?: PassOptions): Reading<Match | undefined>;
  /**
   * Lets a machine read until it is done or a mark stands where the machine is not opaque. A single special token among the marks ends it anywhere.
   * Undefined when the machine is done, wants no more, or the input has ended.
   */
  feed(machine: TextMachine, marks?: MarkSet): Reading<Match | undefined>;
  /** Passes the whitespace run that stands here and returns it, at most `mostChars` (default 64) of it. */
  whitespace(mostChars?: number): Reading<string>;
  /** Passes the run of letters that `accepts` and returns it, at most `mostChars` of it. */
  run(accepts: (letter: number) => boolean, mostChars: number): Reading<string>;
  /** Whether nothing is left and nothing more comes. */
  isAtEnd(): Reading<boolean>;
  /** Runs `attempt`; when it gives undefined and nothing was committed, moves back to where it began. Attempts do not nest. */
  attempt<T>(attempt: () => Reading<T | undefined>): Reading<T | undefined>;
  /** From here on an attempt cannot move back any more: something was announced. */
  commit(): void;
  /** Characters (UTF-16 units) passed since the start. */
  readonly offset: number;
}

/** A parser at work: what the outside does with it. */
export interface ReadingRun<T> {
  /** Reads on as far as the text decides. After the parser's return, text is ignored. */
  push(chunk: string, specials?: readonly SpecialRange[]): void;
  /** No more comes. Returns what the parser returned. */
  end(): T;
  /** characters that arrived and could not be decided yet */
  readonly heldBackChars: number;
  /** characters looked at: a constant for each character of input */
  readonly steps: number;
  readonly isDone: boolean;
}

/** Starts a parser over text that is still to come. `hasSpecials`: every push tells its special tokens, and special marks match only those. */
export function startReading<T>(read: (reader: Reader) => Reading<T>, hasSpecials = false): ReadingRun<T> {
  return new WindowReader(new TextWindow(hasSpecials), read);
}

/** One `passUntil` under way. Offsets count from the start of the input. */
interface Pass {
  readonly kind: 'pass';
  readonly marks: MarkSet;
  readonly sink: (text: string) => void;
  readonly keptBlanks: number;
  /** no mark begins before it */
  scannedTo: number;
  /** from here to `scannedTo` there is only whitespace */
  blankFrom: number;
}

/** One `feed` under way. */
interface Feed {
  readonly kind: 'feed';
  readonly machine: TextMachine;
  readonly marks: MarkSet;
}

const noMarks = compileMarks([]);

/** Both sides in one object, since thousands are open: the parser sees a `Reader`, the outside a `ReadingRun`. */
class WindowReader<T> implements Reader, ReadingRun<T> {
  readonly #window: TextWindow;
  readonly #reading: Reading<T>;
  #isDone = false;
  #result: T | undefined;
  /**
   * What the parser waits in. More text goes straight to it, and the parser is resumed only once it has decided:
   * resuming a dozen nested generators costs more than looking at the text.
   */
  #waiting: Pass | Feed | undefined;
  #found: Match | undefined;

  constructor(window: TextWindow, read: (reader: Reader) => Reading<T>) {
    this.#window = window;
    this.#reading = read(this);
  }

  push(chunk: string, specials?: readonly SpecialRange[]): void {
    if (chunk === '' || this.isDone || this.#window.isEnded) return;
    this.#window.push(chunk, specials);
    this.#resume();
  }

  end(): T {
    this.#window.isEnded = true;
    if (!this.#isDone) this.#resume();
    if (!this.#isDone) throw new Error('A parser waited for text after the end of the input.');
    return this.#result as T;
  }

  #resume(): void {
    if (this.#waiting) {
      const found = runOn(this.#window, this.#waiting);
      if (found === needsMore) return;
      this.#found = found;
      this.#waiting = undefined;
    }
    const { done, value } = this.#reading.next();
    if (done !== true) return;
    this.#isDone = true;
    this.#result = value;
  }

  get heldBackChars(): number {
    return this.isDone ? 0 : this.#window.heldChars;
  }

  get steps(): number {
    return this.#window.steps;
  }

  get isDone(): boolean {
    return this.#isDone;
  }

  get offset(): number {
    return this.#window.offset;
  }

  *peek(count: number): Reading<string> {
    const window = this.#window;
    while (window.text.length - window.at < count && !window.isEnded) yield;
    window.steps += count;
    return window.text.slice(window.at, window.at + count);
  }

  *at(marks: MarkSet): Reading<Match | undefined> {
    for (;;) {
      if (!(yield* this.#awaitText())) return undefined;
      const match = matchMarks(this.#window, this.#window.at, marks);
      if (match !== needsMore) return match;
      yield;
    }
  }

  skip(count: number): void {
    this.#window.at = Math.min(this.#window.text.length, this.#window.at + count);
  }

  *passUntil(marks: MarkSet, sink: (text: string) => void, options: PassOptions = {}): Reading<Match | undefined> {
    const { offset } = this;
    const pass: Pass = { kind: 'pass', marks, sink, keptBlanks: options.keptBlanks ?? 0, scannedTo: offset, blankFrom: offset };
    const found = passRun(this.#window, pass);
    if (found !== needsMore) return found;
    this.#waiting = pass;
    yield;
    return this.#takeFound();
  }

  *feed(machine: TextMachine, marks: MarkSet = noMarks): Reading<Match | undefined> {
    if (machine.isDone) return undefined;
    const found = feedRun(this.#window, machine, marks);
    if (found !== needsMore) return found;
    this.#waiting = { kind: 'feed', machine, marks };
    yield;
    return this.#takeFound();
  }

  #takeFound(): Match | undefined {
    const found = this.#found;
    this.#found = undefined;
    return found;
  }

  whitespace(mostChars = 64): Reading<string> {
    return this.run(isBlank, mostChars);
  }

  *run(accepts: (letter: number) => boolean, mostChars: number): Reading<string> {
    const window = this.#window;
    let length = 0;
    for (;;) {
      const most = Math.min(mostChars, window.text.length - window.at);
      while (length < most && accepts(window.text.charCodeAt(window.at + length))) length++;
      if (length < most || most === mostChars || window.isEnded) break;
      yield;
    }
    window.steps += length;
    const text = window.text.slice(window.at, window.at + length);
    window.at += length;
    return text;
  }

  *isAtEnd(): Reading<boolean> {
    return !(yield* this.#awaitText());
  }

  *attempt<T>(attempt: () => Reading<T | undefined>): Reading<T | undefined> {
    if (this.#window.isKeeping) throw new Error('An attempt began inside another attempt.');
    this.#window.keep();
    const result = yield* attempt();
    if (result === undefined) this.#window.goBack();
    else this.#window.release();
    return result;
  }

  commit(): void {
    this.#window.release();
  }

  #hasText(): boolean {
    return this.#window.at < this.#window.text.length;
  }

  /** Waits for at least one character; false when none comes. */
  *#awaitText(): Reading<boolean> {
    while (!this.#hasText()) {
      if (this.#window.isEnded) return false;
      yield;
    }
    return true;
  }
}

function runOn(window: TextWindow, waiting: Pass | Feed): Match | undefined | typeof needsMore {
  return waiting.kind === 'pass' ? passRun(window, waiting) : feedRun(window, waiting.machine, waiting.marks);
}

function passRun(window: TextWindow, pass: Pass): Match | undefined | typeof needsMore {
  let from = window.indexOf(pass.scannedTo);
  for (;;) {
    const candidate = findFirst(window, pass.marks, from);
    if (candidate < 0) break;
    const match = matchMarks(window, candidate, pass.marks);
    if (match !== undefined) {
      giveRun(window, pass, candidate);
      return match;
    }
    from = candidate + 1;
  }
  giveRun(window, pass, decidedEnd(window));
  if (!window.isEnded) return needsMore;
  const rest = window.text.slice(window.at);
  window.at = window.text.length;
  if (rest !== '') pass.sink(rest);
  return undefined;
}

/** Passes the text up to `end`, without the whitespace that is to be kept. */
function giveRun(window: TextWindow, pass: Pass, end: number): void {
  if (pass.keptBlanks > 0) noteBlanks(window, pass, end);
  pass.scannedTo += end - window.indexOf(pass.scannedTo);
  const blanks = pass.keptBlanks > 0 ? Math.min(pass.scannedTo - pass.blankFrom, pass.keptBlanks) : 0;
  const upTo = end - blanks;
  if (upTo <= window.at) return;
  pass.sink(window.text.slice(window.at, upTo));
  window.at = upTo;
}

function noteBlanks(window: TextWindow, pass: Pass, end: number): void {
  const scanned = window.indexOf(pass.scannedTo);
  let at = end;
  while (at > scanned && isBlank(window.text.charCodeAt(at - 1))) at--;
  if (at > scanned) pass.blankFrom = pass.scannedTo + at - scanned;
}

/** Characters searched for marks ahead of the machine at first; doubled as long as it goes on, so that a short value in a long text costs little. */
const firstReach = 32;
const longestReach = 8192;

function feedRun(window: TextWindow, machine: TextMachine, marks: MarkSet): Match | undefined | typeof needsMore {
  const decided = decidedEnd(window);
  let from = window.at;
  let reach = firstReach;
  for (;;) {
    const limit = wholeTo(window.text, Math.min(decided, from + reach), decided);
    const candidate = findWithin(window, marks, from, limit);
    const end = candidate < 0 ? limit : candidate;
    window.at = machine.take(window.text, window.at, end);
    if (machine.isDone || window.at < end) return undefined;
    if (candidate < 0) {
      if (limit >= decided) return window.isEnded ? undefined : needsMore;
      from = limit;
      reach = Math.min(reach * 2, longestReach);
      continue;
    }
    from = candidate + 1;
    if (machine.isOpaque && window.specialLengthAt(candidate) === 0) continue;
    const match = matchMarks(window, candidate, marks);
    if (match === needsMore || match?.isSpecial || (match && !machine.isOpaque)) return match;
  }
}

/** A place, or the next one where it is between the halves of a surrogate pair. */
function wholeTo(text: string, at: number, most: number): number {
  return at < most && (text.charCodeAt(at - 1) & 0xfc00) === 0xd800 ? at + 1 : at;
}

/** The first place from `from` up to `limit` at which a mark may begin; -1 if there is none. */
function findWithin(window: TextWindow, marks: MarkSet, from: number, limit: number): number {
  if (marks.byFirst.size === 0) {
    window.steps += limit - from;
    return -1;
  }
  if (limit === window.text.length) return findFirst(window, marks, from);
  const { first } = marks;
  first.lastIndex = 0;
  const found = first.exec(window.text.slice(from, limit));
  const at = found ? from + found.index : -1;
  window.steps += (at < 0 ? limit : at + 1) - from;
  return at;
}

function findFirst(window: TextWindow, marks: MarkSet, from: number): number {
  const { first } = marks;
  first.lastIndex = from;
  const found = first.exec(window.text);
  const at = found ? found.index : -1;
  window.steps += (at < 0 ? window.text.length : at + 1) - from;
  return at;
}

/** The end of the text that is there, without the first half of a surrogate pair whose second half has not arrived. */
function decidedEnd(window: TextWindow): number {
  const last = window.text.charCodeAt(window.text.length - 1);
  const isHalf = last >= 0xd800 && last <= 0xdbff && !window.isEnded;
  return Math.max(window.at, window.text.length - (isHalf ? 1 : 0));
}
