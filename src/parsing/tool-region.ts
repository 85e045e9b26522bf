import type { Mark, SequenceCall } from '../dialects/dialect.ts';
import { compileMarks, type MarkSet, type Reading } from '../text/reader.ts';
import type { CallWriter } from './call-writer.ts';
import { looseMarks, type Region } from './format.ts';
import { LimitedMachine } from './json-arguments.ts';
import { type JsonCallReading, readJsonCall } from './json-call.ts';
import { JsonText } from './json-text.ts';
import { compileSequence, type ReadySequence, readSequence } from './sequence-call.ts';
import { isCutOff, listSpellings, spellMark, takeMark } from './take-mark.ts';
import type { Turn } from './turn.ts';

/** A region to read. */
export interface RegionReading {
  readonly turn: Turn;
  readonly region: Region;
  /** where its opener stands */
  readonly start: number;
  /** spellings that end a turn: a closer among them is not missed */
  readonly turnStops: readonly string[];
  /** elements of its list that turned out to be no calls, before its first one: they are text */
  readonly skippedElements: number;
}

interface ReadCall {
  readonly writer: CallWriter;
  readonly isCut: boolean;
  readonly isClosed: boolean;
}

/** What a region needs that is the same for all its readers. */
interface ReadyRegion {
  readonly stops: MarkSet;
  readonly sequence: ReadySequence | undefined;
  /** where text inside the region ends: a call, the closer, an opener */
  readonly textEnds: MarkSet | undefined;
  /** spellings in whose middle the answer may end: markup, not text */
  readonly ends: readonly string[];
}

const ready = new WeakMap<Region, ReadyRegion>();

function makeReady(region: Region): ReadyRegion {
  let made = ready.get(region);
  if (!made) ready.set(region, (made = prepare(region)));
  return made;
}

function prepare(region: Region): ReadyRegion {
  const { shape, stops, many } = region;
  const first = shape.kind === 'sequence' ? shape.parts.find((part) => 'lit' in part) : undefined;
  const literal = region.callStart && first && 'lit' in first ? [first.lit] : [];
  const behind = [...literal, ...(many.separator ? [many.separator] : []), ...(many.close ? [many.close] : [])];
  return {
    stops: looseMarks(stops),
    sequence:
      shape.kind === 'sequence'
        ? compileSequence(
            shape,
            stops,
            behind.filter((mark) => spellMark(mark).trim() !== ''),
          )
        : undefined,
    ends: listSpellings([...(region.close ? stops.slice(0, 1) : []), ...(shape.kind === 'sequence' ? listLiterals(shape) : [])]),
    textEnds: region.callStart && region.close ? looseMarks([...literal, ...stops]) : undefined,
  };
}

function listLiterals({ parts }: SequenceCall): readonly Mark[] {
  return parts.flatMap((part) => ('lit' in part ? [part.lit] : []));
}

/**
 * Reads a region's calls from behind its opener. True: the region is one, and was read to its end or as far as it made sense.
 * Undefined: nothing in it is a call and nothing was announced; where the opener alone confirmed the region, what stood there is still to be read as text.
 */
export function readRegion(reading: RegionReading): Reading<true | undefined> {
  return new OpenRegion(reading).read();
}

class OpenRegion {
  readonly #reading: RegionReading;
  readonly #turn: Turn;
  readonly #region: Region;
  readonly #ready: ReadyRegion;
  #isList = false;

  constructor(reading: RegionReading) {
    this.#reading = reading;
    this.#turn = reading.turn;
    this.#region = reading.region;
    this.#ready = makeReady(reading.region);
  }

  *read(): Reading<true | undefined> {
    const { reader } = this.#turn;
    const { listOpen, confirm } = this.#region;
    const isConfirmed = confirm === 'open' && this.#turn.rules.unknownTool !== 'text';
    if (isConfirmed) reader.commit();
    yield* reader.whitespace();
    this.#isList = listOpen !== undefined && (yield* takeMark(reader, listOpen));
    if (this.#isList && (yield* this.#readEmptyList())) return true;
    for (let count = 0; count < this.#reading.skippedElements; count++) if (!(yield* this.#holdElement())) return undefined;
    const first = isConfirmed ? yield* reader.attempt(() => this.#readCall()) : yield* this.#readCall();
    if (!first) return isConfirmed ? yield* this.#giveUp() : undefined;
    if (this.#reading.skippedElements > 0) this.#turn.issue('not-a-call', this.#reading.start, first.writer.start);
    yield* this.#settle(first);
    yield* this.#readRest();
    return true;
  }

  /** `[]`: a list of no calls. Bare brackets count only if nothing follows. */
  *#readEmptyList(): Reading<boolean> {
    const { reader } = this.#turn;
    const { listClose, close, bare } = this.#region;
    yield* reader.whitespace();
    if (!listClose || !(yield* takeMark(reader, listClose))) return false;
    yield* reader.whitespace();
    if (bare !== undefined && !(yield* reader.isAtEnd())) return false;
    reader.commit();
    if (close) yield* takeMark(reader, close);
    this.#turn.issue('not-a-call', this.#reading.start);
    return true;
  }

  /** The opener alone said that this is a region, and no call stands behind it. */
  *#giveUp(): Reading<true> {
    this.#turn.issue('not-a-call', this.#reading.start);
    if (yield* this.#passOther()) yield* this.#readRest();
    return true;
  }

  *#readRest(): Reading<void> {
    while (!(yield* this.#readEnd())) {
      const next = yield* this.#turn.reader.attempt(() => this.#readNext());
      if (next) yield* this.#settle(next);
      else if (!(yield* this.#passOther())) break;
    }
  }

  #readCall(): Reading<ReadCall | undefined> {
    const { shape, confirm } = this.#region;
    const mustBeKnown = confirm === 'known-name';
    const { stops, sequence } = this.#ready;
    if (shape.kind === 'json') {
      const reading: JsonCallReading = { turn: this.#turn, shape, stops, mustBeKnown };
      return readJsonCall(reading);
    }
    if (!sequence) throw new Error('A sequence was not made ready.');
    return readSequence({ turn: this.#turn, sequence, mustBeKnown });
  }

  /** Separator and call. */
  *#readNext(): Reading<ReadCall | undefined> {
    const { reader } = this.#turn;
    this.#turn.openWindow();
    yield* reader.whitespace();
    yield* takeMark(reader, this.#region.separator);
    yield* reader.whitespace();
    return yield* this.#readCall();
  }

  /** Ends the call, knowing what follows it. */
  *#settle({ writer, isCut, isClosed }: ReadCall): Reading<void> {
    if (this.#region.shape.kind === 'json') yield* this.#dropBrackets();
    const isEnded = isClosed && (yield* this.#hasCloser());
    if (!isEnded && !isCut) writer.fix('missing-close');
    writer.end(isCut);
  }

  /** Brackets too many behind a call: `{…}}` */
  *#dropBrackets(): Reading<void> {
    const { reader } = this.#turn;
    yield* reader.whitespace();
    const start = reader.offset;
    const extra = yield* reader.run((letter) => letter === 125 || (letter === 93 && !this.#isList), 32);
    if (extra !== '') this.#turn.issue('orphan-markup', start);
  }

  /** Whether the call's closer is its own, or stands here, or is not needed. */
  *#hasCloser(): Reading<boolean> {
    const { reader } = this.#turn;
    const { close, listClose, endsWithTurn, many } = this.#region;
    yield* reader.whitespace();
    if (this.#isList) {
      const isAtComma = (yield* reader.at(this.#region.separator)) !== undefined;
      return isAtComma || (listClose !== undefined && (yield* reader.at(listClose)) !== undefined);
    }
    const isOwn = this.#ready.sequence?.hasCloser === true || many.how === 'repeat-call' || endsWithTurn || !close;
    if (isOwn || (yield* reader.at(close)) !== undefined) return true;
    return (yield* reader.isAtEnd()) && this.#isTurnStop();
  }

  #isTurnStop(): boolean {
    const { turnStops } = this.#reading;
    return this.#region.stops.slice(0, 1).some((mark) => turnStops.includes(spellMark(mark).trim()));
  }

  /** Passes the region's end if it stands here. */
  *#readEnd(): Reading<boolean> {
    const { reader } = this.#turn;
    const { listClose, close, endsWithTurn } = this.#region;
    yield* reader.whitespace();
    if (this.#isList && listClose && (yield* takeMark(reader, listClose))) {
      this.#isList = false;
      yield* reader.whitespace();
      if (!close) return true;
    }
    if (close && (yield* takeMark(reader, close))) return true;
    const isCut = yield* isCutOff(reader, this.#ready.ends);
    if (isCut) yield* reader.run(() => true, 256);
    else if (!(yield* reader.isAtEnd())) return false;
    if (isCut || !(endsWithTurn || this.#isTurnStop())) this.#turn.issue('unterminated', this.#reading.start);
    return true;
  }

  /** What stands in the region and is no call is text. False: the region ends before it. */
  *#passOther(): Reading<boolean> {
    const { reader } = this.#turn;
    if (this.#isList) return yield* this.#passElement();
    if (this.#ready.textEnds && this.#region.callStart) {
      const start = yield* reader.at(this.#region.callStart);
      if (start) {
        reader.skip(start.text.length);
        this.#turn.text(start.text);
      }
      const match = yield* reader.passUntil(this.#ready.textEnds, (text) => this.#turn.text(text), { keptBlanks: 256 });
      yield* reader.whitespace();
      return match !== undefined && match.mark <= 1;
    }
    if (!this.#region.endsWithTurn) this.#turn.issue('unterminated', this.#reading.start);
    return false;
  }

  /** Keeps an element before the first call as text, if it is short. */
  *#holdElement(): Reading<boolean> {
    const { reader } = this.#turn;
    yield* reader.whitespace();
    const letter = yield* reader.peek(1);
    if (!this.#isList || (letter !== '{' && letter !== '[')) return false;
    const element = new JsonText((text) => this.#turn.holdText(text));
    yield* reader.feed(new LimitedMachine(element, this.#turn.windowLeft()), this.#ready.stops);
    yield* reader.whitespace();
    const isFollowed = element.isDone && (yield* takeMark(reader, this.#region.separator));
    yield* reader.whitespace();
    return isFollowed;
  }

  /** An element of a list that is no call is text. False: the list ends here, or a mark that ends the region stands here. */
  *#passElement(): Reading<boolean> {
    const { reader } = this.#turn;
    yield* takeMark(reader, this.#region.separator);
    yield* reader.whitespace();
    const letter = yield* reader.peek(1);
    if (letter !== '{' && letter !== '[') return (yield* reader.at(this.#region.listClose ?? nothing)) !== undefined;
    const start = reader.offset;
    yield* reader.feed(new JsonText((text) => this.#turn.text(text)), this.#ready.stops);
    const isAtStop = reader.offset === start;
    this.#turn.issue(isAtStop ? 'unterminated' : 'not-a-call', isAtStop ? this.#reading.start : start);
    return !isAtStop;
  }
}

const nothing = compileMarks([]);
