import type { JsonCall } from '../dialects/dialect.ts';
import { createJsonRepair } from '../text/json-repair.ts';
import { createJsonStringDecoder } from '../text/json-string-decoder.ts';
import type { MarkSet, Reader, Reading } from '../text/reader.ts';
import { CallWriter } from './call-writer.ts';
import type { Header } from './frame-header.ts';
import { LimitedMachine, readJsonArguments, readShortString } from './json-arguments.ts';
import type { Turn } from './turn.ts';

/** Longest key or name. */
const mostShortChars = 256;

/** How one call object is to be read. */
export interface JsonCallReading {
  readonly turn: Turn;
  readonly shape: JsonCall;
  readonly stops: MarkSet;
  /** only a tool of the request makes it a call */
  readonly mustBeKnown: boolean;
  /** of its frame: the call begins there, and may have its name there */
  readonly header?: Header;
}

/** What was read: the call, still open, or an object that says there is none. */
export interface JsonCallRead {
  readonly writer: CallWriter;
  readonly isCut: boolean;
  /** its closing brace came */
  readonly isClosed: boolean;
}

type Ending = 'closed' | 'unclosed' | 'no-call';

/** `{"name": "f", "arguments": {…}}`, keys in any order. Undefined: it is no call, and nothing was announced. */
export function* readJsonCall(reading: JsonCallReading): Reading<JsonCallRead | undefined> {
  if ((yield* reading.turn.reader.peek(1)) !== '{') return undefined;
  const call = new OpenCall(reading);
  const ending = yield* call.readMembers();
  const isConfirmed = call.confirmAtEnd(ending);
  if (ending === 'no-call' || !isConfirmed) return undefined;
  return { writer: call.writer, isCut: call.isCut, isClosed: ending === 'closed' };
}

class OpenCall {
  readonly #reading: JsonCallReading;
  readonly #reader: Reader;
  #hasArguments = false;
  /** an object that only says text, or lists calls of its own */
  #isSaid = false;
  /** starts and ends of members that said nothing, told at its end */
  readonly #ignored: number[] = [];
  isCut = false;
  writer: CallWriter;

  constructor(reading: JsonCallReading) {
    this.#reading = reading;
    this.#reader = reading.turn.reader;
    this.writer = new CallWriter(reading.turn, reading.header?.start);
  }

  /** A name from outside counts when none came inside. True if the object is a call, or said something else. */
  confirmAtEnd(ending: Ending): boolean {
    const recipient = this.#reading.header?.recipient;
    if (!this.writer.isNamed && recipient !== undefined && ending !== 'no-call') this.writer.name(recipient);
    if (this.writer.isNamed && !this.#hasArguments && ending === 'unclosed') this.isCut = true;
    if (this.#confirmed()) this.#reportIgnored();
    return this.#confirmed();
  }

  /** From `{` to `}`. */
  *readMembers(): Reading<Ending> {
    const reader = this.#reader;
    reader.skip(1);
    for (;;) {
      yield* this.#skipBetween();
      if (this.#windowLeft() === 0) return 'no-call';
      const letter = yield* reader.peek(1);
      if (letter === '}') {
        reader.skip(1);
        return 'closed';
      }
      if (letter === '' || (yield* reader.at(this.#reading.stops))) return 'unclosed';
      const start = reader.offset;
      const key = yield* this.#readKey(letter);
      if (key === undefined) return this.#endAtOddKey(start);
      const isRead = yield* this.#readMember(key);
      if (!isRead) return 'no-call';
      if (this.isCut) return 'unclosed';
    }
  }

  /** Whitespace and commas, all of them once it is a call. */
  *#skipBetween(): Reading<void> {
    let passed = '';
    do passed = yield* this.#reader.run(isBetween, Math.min(mostShortChars, this.#windowLeft()));
    while (passed.length === mostShortChars);
  }

  #endAtOddKey(start: number): Ending {
    if (!this.#confirmed()) return 'no-call';
    if (this.#reader.offset > start) this.#reading.turn.issue('orphan-markup', start);
    return 'unclosed';
  }

  #confirmed(): boolean {
    return this.writer.isNamed || this.#isSaid;
  }

  /** Characters that may be read of what does not confirm the call. */
  #windowLeft(): number {
    return this.#confirmed() ? mostShortChars : this.#reading.turn.windowLeft(this.writer.exemptChars);
  }

  /** `"key":` in double or single quotes or bare; undefined if no key stands here. */
  *#readKey(letter: string): Reading<string | undefined> {
    const reader = this.#reader;
    const isQuoted = letter === '"' || letter === "'";
    const key = isQuoted ? yield* readShortString(reader, this.#windowLeft()) : yield* reader.run(isKeyLetter, 64);
    if (key === undefined || (key === '' && !isQuoted)) return undefined;
    yield* reader.whitespace();
    const colon = yield* reader.peek(1);
    if (colon !== ':' && colon !== '=') return undefined;
    reader.skip(1);
    yield* reader.whitespace();
    if (letter !== '"') this.writer.fix(isQuoted ? 'single-quotes' : 'bare-keys');
    return key;
  }

  /** False: with this member it cannot be a call. */
  *#readMember(key: string): Reading<boolean> {
    const { shape } = this.#reading;
    const value = yield* this.#reader.peek(1);
    if (value === '{' && (key === shape.nest || (shape.name.includes(key) && !shape.args.includes(key)))) return yield* this.#readNested();
    if (shape.name.includes(key) && !this.writer.isNamed) return yield* this.#readName();
    if (shape.args.includes(key) && !this.#hasArguments) return yield* this.#readArguments();
    if (shape.id?.includes(key)) return yield* this.#readId();
    if (shape.reasoning?.includes(key) && value === '"') return yield* this.#readThought();
    if (shape.text?.includes(key) && value === '"' && !this.writer.isNamed) return yield* this.#readTextMember();
    if (shape.list?.includes(key) && value === '[' && !this.writer.isNamed) return yield* this.#readList();
    if (shape.nameIsKey === true && !this.writer.isNamed) return this.#announce(key) && (yield* this.#readArguments());
    return yield* this.#skipMember(key);
  }

  *#readNested(): Reading<boolean> {
    const ending = yield* this.readMembers();
    if (ending === 'unclosed') this.isCut ||= !this.#hasArguments;
    return ending !== 'no-call';
  }

  *#readName(): Reading<boolean> {
    const written = yield* readShortString(this.#reader, this.#windowLeft());
    return written !== undefined && this.#announce(written);
  }

  #announce(written: string): boolean {
    const { mustBeKnown, shape } = this.#reading;
    return this.writer.name(written, shape.noCall ? { mustBeKnown, noCall: shape.noCall } : { mustBeKnown });
  }

  *#readArguments(): Reading<boolean> {
    this.#hasArguments = true;
    this.isCut = yield* readJsonArguments(this.#reader, this.writer, this.#reading.stops);
    return true;
  }

  *#readId(): Reading<boolean> {
    let json = '';
    const machine = createJsonRepair((text) => {
      json += text;
    });
    yield* this.#reader.feed(new LimitedMachine(machine, this.#windowLeft()), this.#reading.stops);
    machine.end();
    const id: unknown = JSON.parse(json);
    if (!this.writer.isNamed && (typeof id === 'string' || typeof id === 'number')) this.writer.id = String(id);
    return true;
  }

  *#readThought(): Reading<boolean> {
    const start = this.#reader.offset;
    yield* this.#readString((text) => this.writer.think(text));
    if (!this.writer.isNamed) this.writer.exemptChars += this.#reader.offset - start;
    return true;
  }

  *#readTextMember(): Reading<boolean> {
    this.#isSaid = true;
    this.#reader.commit();
    yield* this.#readString((text) => this.#reading.turn.text(text));
    return true;
  }

  /** The inside of a string, decoded as it comes. */
  *#readString(sink: (text: string) => void): Reading<void> {
    this.#reader.skip(1);
    const decoder = createJsonStringDecoder(sink);
    yield* this.#reader.feed(decoder, this.#reading.stops);
    decoder.end();
  }

  /** `"tool_calls": [{…}, {…}]`; the object around it is no call itself. */
  *#readList(): Reading<boolean> {
    const reader = this.#reader;
    reader.skip(1);
    for (;;) {
      yield* this.#skipBetween();
      if ((yield* reader.peek(1)) !== '{') break;
      const read = () => readJsonCall(this.#reading);
      const call = this.#isSaid ? yield* reader.attempt(read) : yield* read();
      if (!call) return this.#isSaid;
      this.#isSaid = true;
      if (!call.isClosed && !call.isCut) call.writer.fix('missing-close');
      call.writer.end(call.isCut);
    }
    yield* reader.whitespace();
    if ((yield* reader.peek(1)) === ']') reader.skip(1);
    if (!this.#isSaid) reader.commit();
    this.#isSaid = true;
    return true;
  }

  /** A key that says nothing here. */
  *#skipMember(key: string): Reading<boolean> {
    const start = this.#reader.offset;
    const machine = createJsonRepair(() => {});
    const limited = this.#confirmed() ? machine : new LimitedMachine(machine, this.#windowLeft());
    yield* this.#reader.feed(limited, this.#reading.stops);
    if (!machine.isDone && !this.#confirmed()) {
      machine.end();
      if (machine.outcome !== 'complete') return false;
    }
    const isKnown = key === 'type' || key === 'index' || this.#reading.shape.ignored?.includes(key) === true;
    if (!isKnown) this.#ignored.push(start, this.#reader.offset);
    return true;
  }

  #reportIgnored(): void {
    for (let index = 0; index < this.#ignored.length; index += 2) {
      this.#reading.turn.issue('orphan-markup', this.#ignored[index] ?? 0, this.#ignored[index + 1] ?? 0);
    }
  }
}

function isBetween(letter: number): boolean {
  return letter === 32 || letter === 10 || letter === 9 || letter === 13 || letter === 44;
}

function isKeyLetter(letter: number): boolean {
  const isLetter = (letter >= 97 && letter <= 122) || (letter >= 65 && letter <= 90) || (letter >= 48 && letter <= 57);
  return isLetter || letter === 95 || letter === 45 || letter > 127;
}
