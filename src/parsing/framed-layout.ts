import type { Route } from '../dialects/dialect.ts';
import { escapeJsonText } from '../text/json-escape.ts';
import type { Match, Reading } from '../text/reader.ts';
import { CallWriter } from './call-writer.ts';
import { type Header, readHeader } from './frame-header.ts';
import type { FramedFormat } from './framed-format.ts';
import { mayBeginJson, readJsonArguments } from './json-arguments.ts';
import { readJsonCall } from './json-call.ts';
import { readSequence } from './sequence-call.ts';
import type { Turn } from './turn.ts';

const keptBlanks = 64;

/** An answer to read in a framed dialect. */
export interface FramedReading {
  readonly turn: Turn;
  readonly format: FramedFormat;
  readonly mayCall: boolean;
  /** the tail has opened a header */
  readonly isInHeader: boolean;
}

/** Reads an answer to its end, frame by frame. */
export function readFramed(reading: FramedReading): Reading<void> {
  return new FramedAnswer(reading).read();
}

class FramedAnswer {
  readonly #reading: FramedReading;
  readonly #turn: Turn;
  readonly #format: FramedFormat;

  constructor(reading: FramedReading) {
    this.#reading = reading;
    this.#turn = reading.turn;
    this.#format = reading.format;
  }

  *read(): Reading<void> {
    const { reader } = this.#turn;
    let header = yield* reader.attempt(() => this.#readFirstHeader());
    for (;;) {
      if (header) header = yield* this.#readBody(header);
      else {
        const next = yield* this.#passBetween();
        if (next === 'end') return;
        header = next;
      }
    }
  }

  /** The answer may begin inside a header: the prompt has opened it, or the opener was taken from the text. */
  *#readFirstHeader(): Reading<Header | undefined> {
    const { reader } = this.#turn;
    const match = yield* reader.at(this.#format.between);
    if (match?.mark === 0) reader.skip(match.text.length);
    const isOpened = match?.mark === 0 || this.#reading.isInHeader;
    const header = yield* readHeader(this.#turn, this.#format, isOpened ? 'opened' : 'begun');
    return header && (isOpened || this.#isExplicit(header)) ? header : undefined;
  }

  /** Text between frames: what no frame holds. */
  *#passBetween(): Reading<Header | undefined | 'end'> {
    const { reader } = this.#turn;
    const match = yield* reader.passUntil(this.#format.between, (text) => this.#turn.text(text), { keptBlanks });
    if (!match) return 'end';
    if (match.mark >= this.#format.openers) {
      yield* reader.whitespace(keptBlanks);
      const start = reader.offset;
      reader.skip(match.text.length);
      this.#turn.issue('orphan-markup', start);
      return undefined;
    }
    return yield* this.#openFrame(match, (text) => this.#turn.text(text));
  }

  /** A frame from its opener, whitespace before it dropped; what only looks like one goes to `sink`. */
  *#openFrame(match: Match, sink: (text: string) => void): Reading<Header | undefined> {
    const { reader, tailChars } = this.#turn;
    const header = yield* reader.attempt(() => this.#readOpenedHeader(match));
    if (header) return header;
    sink(yield* reader.whitespace(keptBlanks));
    const { offset } = reader;
    reader.skip(match.text.length);
    sink(match.text.slice(Math.max(0, tailChars - offset)));
    return undefined;
  }

  *#readOpenedHeader(match: Match): Reading<Header | undefined> {
    const { reader } = this.#turn;
    yield* reader.whitespace(keptBlanks);
    const isFrameOpen = match.mark === 0;
    if (isFrameOpen) reader.skip(match.text.length);
    const header = yield* readHeader(this.#turn, this.#format, isFrameOpen ? 'opened' : 'begun');
    if (header && this.#format.isPlainText && reader.offset > this.#turn.tailChars && !this.#isExplicit(header)) return undefined;
    return header;
  }

  /** The header says by itself that it is one: a known tool, a recipient or channel of the routes. */
  #isExplicit(header: Header): boolean {
    const { layout } = this.#format;
    if (header.recipient !== undefined && this.#turn.rules.names.resolve(header.recipient, [], false).tool) return true;
    const route = layout.routes.find((candidate) => fits(candidate, header));
    return (
      route !== undefined && (route.when.channel !== undefined || route.when.body !== undefined || typeof route.when.recipient === 'object')
    );
  }

  /** A body up to its end. Gives the next header where the body ends at one. */
  *#readBody(header: Header): Reading<Header | undefined> {
    const route = this.#format.layout.routes.find((candidate) => fits(candidate, header))?.to ?? 'text';
    if (route === 'call' && this.#reading.mayCall) return yield* this.#readCallBody(header);
    if (route === 'call' || this.#hasOddWords(header)) this.#turn.issue('orphan-markup', header.start);
    if (route === 'reasoning') return yield* this.#passBody((text) => this.#turn.reasoning(text));
    if (route === 'drop') return yield* this.#passBody(() => {});
    return yield* this.#passBody((text) => this.#turn.text(text));
  }

  /** Words in a header that say nothing to the routes. */
  #hasOddWords(header: Header): boolean {
    if (header.type !== undefined) return true;
    const words = header.channel ?? header.recipient ?? (header.role === 'assistant' ? undefined : header.role);
    return words !== undefined && !this.#isExplicit(header);
  }

  *#passBody(sink: (text: string) => void): Reading<Header | undefined> {
    const { reader } = this.#turn;
    for (;;) {
      const match = yield* reader.passUntil(this.#format.between, sink, this.#format.layout.endsAtNextFrame === true ? { keptBlanks } : {});
      if (!match) return undefined;
      if (match.mark >= this.#format.openers) {
        yield* reader.whitespace(keptBlanks);
        reader.skip(match.text.length);
        return undefined;
      }
      const next = yield* this.#openFrame(match, sink);
      if (next) return next;
    }
  }

  *#readCallBody(header: Header): Reading<Header | undefined> {
    const { reader } = this.#turn;
    yield* reader.whitespace();
    this.#turn.openWindow();
    this.#turn.enterRegion(header.start, header.recipient !== undefined);
    const call = yield* reader.attempt(() => this.#readCall(header));
    if (!call) {
      this.#turn.leaveRegion();
      this.#turn.issue(header.recipient === undefined ? 'not-a-call' : 'unknown-tool', header.start);
      return yield* this.#passBody((text) => this.#turn.text(text));
    }
    yield* reader.whitespace();
    const close = yield* reader.at(this.#format.close);
    if (close) reader.skip(close.text.length);
    const isEnded = close !== undefined || this.#format.layout.endsAtNextFrame === true || (yield* reader.isAtEnd());
    if (!isEnded && !call.isCut) call.writer.fix('missing-close');
    call.writer.end(call.isCut);
    this.#turn.leaveRegion();
    return undefined;
  }

  /** The call a body holds; undefined if it holds none. */
  *#readCall(header: Header): Reading<{ readonly writer: CallWriter; readonly isCut: boolean } | undefined> {
    const { turn, format } = this.#reading;
    const { reader } = turn;
    const { recipient } = header;
    const { sequence, definition } = format;
    const letter = yield* reader.peek(1);
    if (definition.call.kind === 'json' && letter === '{') {
      return yield* readJsonCall({ turn, shape: definition.call, stops: format.between, mustBeKnown: false, header });
    }
    const isKnown =
      recipient !== undefined && turn.rules.names.resolve(recipient, [], turn.rules.unknownTool === 'nearest').tool !== undefined;
    const isForTools = recipient !== undefined && format.layout.routes.some((route) => hasPrefix(route, recipient));
    if (recipient !== undefined && !isKnown && !isForTools && letter !== '{') return undefined;
    const first = sequence?.parts[0];
    const isMarked = first?.kind === 'literal' && (yield* reader.at(first.marks)) !== undefined;
    const isFromRecipient = first?.kind === 'name' && first.isFromRecipient;
    const isEmpty = letter === '' || (yield* reader.at(format.between)) !== undefined;
    if (sequence && (isMarked || (isFromRecipient && (isEmpty || mayBeginJson(letter))))) {
      return yield* readSequence({ turn, sequence, mustBeKnown: false, header });
    }
    return yield* this.#readRawCall(header, letter);
  }

  /** A body that is no format of the dialect: JSON, or text for a tool's only parameter. */
  *#readRawCall(
    { recipient, start }: Header,
    letter: string,
  ): Reading<{ readonly writer: CallWriter; readonly isCut: boolean } | undefined> {
    const { reader } = this.#turn;
    const writer = new CallWriter(this.#turn, start);
    if (recipient === undefined || !writer.name(recipient)) return undefined;
    if (mayBeginJson(letter)) return { writer, isCut: yield* readJsonArguments(reader, writer, this.#format.between) };
    if (letter === '') return { writer, isCut: yield* reader.isAtEnd() };
    writer.openSingle();
    writer.args('"');
    const match = yield* reader.passUntil(this.#format.between, (text) => writer.args(escapeJsonText(text)));
    writer.args('"');
    writer.closeSingle();
    return { writer, isCut: match === undefined && this.#turn.isLimited };
  }
}

function fits({ when }: Route, header: Header): boolean {
  if (when.channel && !when.channel.includes(header.channel ?? '')) return false;
  if (when.body && !when.body.includes(header.body)) return false;
  const { recipient } = when;
  if (recipient === undefined) return true;
  if (recipient === 'none') return header.recipient === undefined;
  if (recipient === 'any') return header.recipient !== undefined;
  if ('prefix' in recipient) return header.recipient?.startsWith(recipient.prefix) === true;
  return recipient.equals.includes(header.recipient ?? '');
}

function hasPrefix({ when }: Route, recipient: string): boolean {
  return typeof when.recipient === 'object' && 'prefix' in when.recipient && recipient.startsWith(when.recipient.prefix);
}
