import type { Mark, Part, SequenceCall } from '../dialects/dialect.ts';
import type { MarkSet, Reading } from '../text/reader.ts';
import { CallWriter } from './call-writer.ts';
import { compileClass, type SlotLetters } from './char-class.ts';
import { type Codec, type CodecSurroundings, makeCodec } from './codecs/codec.ts';
import { looseMarks } from './format.ts';
import type { Header } from './frame-header.ts';
import { takeMark } from './take-mark.ts';
import type { Turn } from './turn.ts';

/** A part of a call, made ready. */
export type ReadyPart =
  | { readonly kind: 'literal'; readonly marks: MarkSet; readonly isOptional: boolean }
  | { readonly kind: 'whitespace'; readonly text: string }
  | { readonly kind: 'name'; readonly letters: SlotLetters; readonly strip: readonly string[]; readonly isFromRecipient: boolean }
  | { readonly kind: 'id'; readonly letters: SlotLetters; readonly template: IdTemplate | undefined; readonly isOptional: boolean }
  | { readonly kind: 'args'; readonly codec: Codec };

/** What stands around the name in an id. */
interface IdTemplate {
  readonly before: string;
  /** an index follows the name */
  readonly separator: string;
}

/** A sequence, made ready for one region. */
export interface ReadySequence {
  readonly parts: readonly ReadyPart[];
  /** what may stand behind a name that has no arguments */
  readonly follow: MarkSet;
  /** the call has a closer of its own behind its arguments */
  readonly hasCloser: boolean;
}

/** One sequence to read. */
export interface SequenceReading {
  readonly turn: Turn;
  readonly sequence: ReadySequence;
  readonly mustBeKnown: boolean;
  /** of its frame: the call begins there, and may have its name there */
  readonly header?: Header;
}

/** What was read: the call, still open. */
export interface SequenceRead {
  readonly writer: CallWriter;
  readonly isCut: boolean;
  readonly isClosed: boolean;
}

/** Makes a sequence ready. `ends`: what ends an unfinished value outside of it; `behind`: what else may follow its last value. */
export function compileSequence({ parts }: SequenceCall, ends: readonly Mark[], behind: readonly Mark[] = []): ReadySequence {
  const argsAt = parts.findIndex((part) => 'slot' in part && part.slot === 'args');
  const own = parts.slice(argsAt + 1).flatMap((part) => ('lit' in part ? [part.lit] : []));
  const follow = [...own, ...ends, ...behind];
  const stops = looseMarks([...own, ...ends]);
  return {
    parts: parts.map((part) => compilePart(part, { stops, follow })),
    follow: looseMarks(follow),
    hasCloser: parts.slice(argsAt + 1).some((part) => 'lit' in part && part.optional !== true),
  };
}

function compilePart(part: Part, around: CodecSurroundings): ReadyPart {
  if ('lit' in part) return { kind: 'literal', marks: looseMarks([part.lit]), isOptional: part.optional === true };
  if ('whitespace' in part) return { kind: 'whitespace', text: part.whitespace };
  switch (part.slot) {
    case 'name':
      return { kind: 'name', letters: compileClass(part.chars), strip: part.strip ?? [], isFromRecipient: part.from === 'recipient' };
    case 'id':
      return { kind: 'id', letters: compileClass(part.chars), template: cutTemplate(part.template), isOptional: part.optional === true };
    default:
      return { kind: 'args', codec: makeCodec(part.codec, around) };
  }
}

function cutTemplate(template: string | undefined): IdTemplate | undefined {
  if (template === undefined || !template.includes('{name}')) return undefined;
  const [before = '', behind = ''] = template.split('{name}');
  return { before, separator: behind.split('{index}')[0] ?? '' };
}

/** Reads one call, part by part. Undefined: it is none, and nothing was announced. */
export function readSequence(reading: SequenceReading): Reading<SequenceRead | undefined> {
  return new OpenSequence(reading).read();
}

class OpenSequence {
  readonly #reading: SequenceReading;
  readonly #writer: CallWriter;
  /** whether the optional literal before an optional slot was there */
  #hadLiteral = false;
  #isCut = false;
  /** a literal behind the arguments is missing */
  #isOpen = false;
  #argumentsAreRead = false;
  /** the written name, until what follows it shows that it is a call and no prose: `<function=name> is how …` */
  #pending: { readonly name: string; readonly strip: readonly string[] } | undefined;

  constructor(reading: SequenceReading) {
    this.#reading = reading;
    this.#writer = new CallWriter(reading.turn, reading.header?.start);
  }

  *read(): Reading<SequenceRead | undefined> {
    const { parts } = this.#reading.sequence;
    for (const [index, part] of parts.entries()) {
      yield* this.#reading.turn.reader.whitespace();
      if (this.#isOpen) {
        // the literals behind what is missing are markup all the same
        if (part.kind === 'literal') yield* takeMark(this.#reading.turn.reader, part.marks);
        continue;
      }
      if (yield* this.#readPart(part, index)) continue;
      if (!(yield* this.#confirmCut())) return undefined;
      // a named call stays a call: what is missing of it is cut
      this.#isOpen = true;
      this.#isCut ||= !this.#argumentsAreRead;
    }
    if (!this.#writer.isNamed) return undefined;
    return { writer: this.#writer, isCut: this.#isCut, isClosed: !this.#isOpen };
  }

  /** False: it cannot be a call. */
  *#readPart(part: ReadyPart, index: number): Reading<boolean> {
    const { reader } = this.#reading.turn;
    switch (part.kind) {
      case 'whitespace':
        return true;
      case 'literal':
        return this.#passLiteral(part.isOptional, yield* takeMark(reader, part.marks));
      case 'name':
        return part.isFromRecipient ? this.#takeRecipient(part.strip) : yield* this.#readName(part, index);
      case 'id':
        return yield* this.#readId(part, index);
      case 'args':
        if (!(yield* this.#confirm(part.codec))) return false;
        this.#argumentsAreRead = true;
        this.#isCut = yield* part.codec.read({ reader, writer: this.#writer });
        return true;
      default:
        return part satisfies never;
    }
  }

  #passLiteral(isOptional: boolean, isThere: boolean): boolean {
    this.#hadLiteral = isThere;
    if (isThere || isOptional) return true;
    this.#isOpen = this.#argumentsAreRead;
    return this.#writer.isNamed;
  }

  /** Names the call before its arguments, if they may begin here or the call may have none. */
  *#confirm(codec: Codec): Reading<boolean> {
    const { reader } = this.#reading.turn;
    if (!this.#pending) return this.#writer.isNamed;
    const isLegal =
      (yield* reader.isAtEnd()) ||
      (yield* codec.mayStart(reader)) ||
      (codec.mayBeEmpty && (yield* reader.at(this.#reading.sequence.follow)) !== undefined);
    return isLegal && this.#namePending();
  }

  /** A part is missing: the call is one if it is named, or if the answer ends right behind its name. */
  *#confirmCut(): Reading<boolean> {
    if (this.#writer.isNamed) return true;
    return this.#pending !== undefined && (yield* this.#reading.turn.reader.isAtEnd()) && this.#namePending();
  }

  #namePending(): boolean {
    const { mustBeKnown } = this.#reading;
    return this.#pending !== undefined && this.#writer.name(this.#pending.name, { strip: this.#pending.strip, mustBeKnown });
  }

  #takeRecipient(strip: readonly string[]): boolean {
    const { header, mustBeKnown } = this.#reading;
    const recipient = header?.recipient;
    return recipient !== undefined && this.#writer.name(recipient, { strip, mustBeKnown });
  }

  *#readName(part: Extract<ReadyPart, { kind: 'name' }>, index: number): Reading<boolean> {
    const { turn } = this.#reading;
    const name = yield* turn.reader.run(part.letters.accepts, Math.min(part.letters.max, turn.windowLeft()));
    if (name.length < part.letters.min || !(yield* this.#mayFollow(index + 1))) return false;
    this.#pending = { name, strip: part.strip };
    return true;
  }

  *#readId(part: Extract<ReadyPart, { kind: 'id' }>, index: number): Reading<boolean> {
    const { turn } = this.#reading;
    if (part.isOptional && !this.#hadLiteral) return true;
    const id = yield* turn.reader.run(part.letters.accepts, Math.min(part.letters.max, turn.windowLeft()));
    if (id !== '' && !this.#writer.isNamed) this.#writer.id = id;
    if (!part.template || this.#pending || this.#writer.isNamed) return id.length >= part.letters.min || part.isOptional;
    if (!(yield* this.#mayFollow(index + 1))) return false;
    this.#pending = { name: nameInId(id, part.template), strip: [] };
    return true;
  }

  /** Whether the call can go on here as its parts say, so that what was read is a whole name. */
  *#mayFollow(index: number): Reading<boolean> {
    const { reader } = this.#reading.turn;
    if (yield* reader.isAtEnd()) return false;
    yield* reader.whitespace();
    for (const part of this.#reading.sequence.parts.slice(index)) {
      if (part.kind === 'literal') {
        if ((yield* reader.at(part.marks)) !== undefined) return true;
        if (!part.isOptional) return yield* reader.isAtEnd();
      } else if (part.kind === 'args') {
        if (yield* part.codec.mayStart(reader)) return true;
        if (!part.codec.mayBeEmpty) return yield* reader.isAtEnd();
      }
    }
    return (yield* reader.isAtEnd()) || (yield* reader.at(this.#reading.sequence.follow)) !== undefined;
  }
}

/** `functions.f:0` → `f` */
function nameInId(id: string, { before, separator }: IdTemplate): string {
  const name = id.startsWith(before) ? id.slice(before.length) : id;
  const at = separator === '' ? -1 : name.lastIndexOf(separator);
  return at > 0 && /^\d+$/.test(name.slice(at + separator.length)) ? name.slice(0, at) : name;
}
