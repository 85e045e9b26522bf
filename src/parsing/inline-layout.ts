import type { MarkSet, Match, Reading } from '../text/reader.ts';
import { mostNameChars } from './char-class.ts';
import type { Block, InlineFormat, MarkTable, Region } from './format.ts';
import { plainSpelling } from './format.ts';
import { LimitedMachine } from './json-arguments.ts';
import { JsonText } from './json-text.ts';
import { isFenced, isLineStart, isTurnStart } from './line-state.ts';
import { ExpressionSource } from './python-string.ts';
import { takeMark } from './take-mark.ts';
import { readRegion } from './tool-region.ts';
import { confirmWindowChars, type Turn } from './turn.ts';

/** An answer to read in an inline dialect. */
export interface InlineReading {
  readonly turn: Turn;
  readonly format: InlineFormat;
  /** calls are read; otherwise their markup is text */
  readonly mayCall: boolean;
  /** the block that the prompt has opened */
  readonly openBlock: Block | undefined;
}

/** Whitespace that waits for what follows it. */
const keptBlanks = 64;
const keepBlanks = { keptBlanks };
/** Elements of a list that may be text before its first call. */
const mostSkippedElements = 2;

/** Reads an answer to its end: text, reasoning and calls in the model's order. */
export function readInline(reading: InlineReading): Reading<void> {
  return new InlineAnswer(reading).read();
}

class InlineAnswer {
  readonly #format: InlineFormat;
  readonly #mayCall: boolean;
  #openBlock: Block | undefined;
  readonly #turn: Turn;
  readonly #table: MarkTable;
  readonly #say: (text: string) => void;
  #isWrapped = false;
  /** no text was said since the last call or block: whitespace here belongs to nothing */
  #isBehindBlock = false;
  /** closers whose openers turned out to be text, by their spelling */
  #textClosers: Map<string, number> | undefined;

  constructor(reading: InlineReading) {
    const { format, mayCall, turn, openBlock } = reading;
    this.#turn = turn;
    this.#format = format;
    this.#mayCall = mayCall;
    this.#openBlock = openBlock;
    this.#table = format.tableFor(mayCall, format.hasBare ? turn.rules.names.spellings : noNames);
    this.#say = (text) => {
      if (text === '') return;
      this.#isBehindBlock = false;
      turn.text(text);
    };
  }

  *read(): Reading<void> {
    if (this.#openBlock && !(yield* this.#readBlock(this.#openBlock))) return;
    this.#openBlock = undefined;
    for (;;) {
      const match = yield* this.#turn.reader.passUntil(this.#table.set, this.#say, keepBlanks);
      if (!match || !(yield* this.#readMark(match))) return;
    }
  }

  /** What a mark in the text stands for. False at the end. */
  *#readMark(match: Match): Reading<boolean> {
    const role = this.#table.roles[match.mark];
    switch (role?.kind) {
      case 'tools':
        return yield* this.#readTools(match, this.#regionsAt(match));
      case 'missing-open':
        return yield* this.#readTools({ ...match, text: '' }, [role.region]);
      case 'bare':
        return yield* this.#readBare(match, role.region);
      case 'block':
        return yield* this.#enterBlock(match, role.block);
      case 'wrapper':
        return yield* this.#readWrapper(match, role.isOpen);
      case 'drop':
        return yield* this.#readDrop(match, role.close);
      default:
        return yield* this.#readOrphan(match);
    }
  }

  #regionsAt(match: Match): readonly Region[] {
    return this.#format.byOpener.get(plainSpelling(match.text)) ?? [];
  }

  *#readTools(opener: Match, regions: readonly Region[]): Reading<true> {
    if (yield* this.#tryRegion(opener, regions)) return true;
    const { reader } = this.#turn;
    this.#say(yield* reader.whitespace(keptBlanks));
    const start = reader.offset;
    yield* this.#passAsText(opener.text.length, this.#say);
    if (opener.text === '') {
      yield* this.#passAsText(1, this.#say);
      return true;
    }
    this.#turn.issue('not-a-call', start);
    const closer = regions.find((region) => region.close)?.stops[0];
    if (closer !== undefined) this.#expectCloser(plainSpelling(typeof closer === 'string' ? closer : closer.text));
    return true;
  }

  #expectCloser(spelling: string): void {
    this.#textClosers ??= new Map();
    this.#textClosers.set(spelling, (this.#textClosers.get(spelling) ?? 0) + 1);
  }

  /** Reads a region from the whitespace before its opener. True if it is one. */
  *#tryRegion(opener: Match, regions: readonly Region[]): Reading<boolean> {
    const { reader } = this.#turn;
    const most = opener.text !== '' && regions.some((region) => region.listOpen) ? mostSkippedElements : 0;
    for (let skipped = 0; skipped <= most; skipped++) {
      const isRegion = yield* reader.attempt(() => this.#readRegionAt(opener, regions, skipped));
      this.#turn.leaveRegion();
      if (isRegion) {
        yield* this.#leaveBlock();
        return true;
      }
      this.#turn.settleText(false);
    }
    return false;
  }

  /** Whitespace behind a call or block is not text. */
  *#leaveBlock(): Reading<string> {
    this.#turn.restartLine();
    this.#isBehindBlock = true;
    return yield* this.#turn.reader.whitespace(keptBlanks);
  }

  *#readRegionAt(opener: Match, regions: readonly Region[], skippedElements: number): Reading<true | undefined> {
    const turn = this.#turn;
    const { reader } = turn;
    yield* reader.whitespace(keptBlanks);
    const start = reader.offset;
    reader.skip(opener.text.length);
    turn.enterRegion(start, opener.text !== '' && regions.every(({ confirm }) => confirm !== 'known-name'));
    if (opener.text !== '') yield* reader.whitespace();
    turn.openWindow();
    const region = yield* this.#chooseRegion(regions);
    if (!region) return undefined;
    const turnStops = this.#format.definition.turn.stop;
    return yield* readRegion({ turn, region, start, turnStops, skippedElements });
  }

  /** Regions with the same opener are told apart by what follows it. */
  *#chooseRegion(regions: readonly Region[]): Reading<Region | undefined> {
    const [only] = regions;
    if (regions.length === 1 && only?.first.length === 0) return only;
    const longest = Math.max(1, ...regions.flatMap((region) => region.first.map((first) => first.length)));
    const next = yield* this.#turn.reader.peek(longest);
    return (
      regions.find((region) => region.first.some((first) => next.startsWith(first))) ?? regions.find((region) => region.first.length === 0)
    );
  }

  /** A call may begin here without an opener, if this is such a place. */
  *#readBare(match: Match, region: Region): Reading<true> {
    const { reader } = this.#turn;
    const isPlace = yield* this.#isPlaceFor(region);
    if (isPlace && (yield* this.#tryRegion({ ...match, text: '' }, [region]))) return true;
    this.#say(yield* reader.whitespace(keptBlanks));
    const isJson = isPlace && region.shape.kind === 'json' && (yield* this.#looksLikeJson());
    if (isJson) yield* reader.feed(new JsonText(this.#say), this.#format.openers);
    else yield* this.#passAsText(match.text.length, this.#say);
    return true;
  }

  *#isPlaceFor(region: Region): Reading<boolean> {
    const { line } = this.#turn;
    if (isFenced(line)) return false;
    if (region.bare === 'turn-start' && !isTurnStart(line)) return false;
    if (region.bare === 'line-start' && !isLineStart(line) && !(yield* this.#peekBlanks()).includes('\n')) return false;
    return region.first.length > 0 || (yield* this.#isLastCall());
  }

  /** The whitespace that stands here; passes nothing. */
  *#peekBlanks(): Reading<string> {
    const { reader } = this.#turn;
    let blanks = '';
    yield* reader.attempt(function* () {
      blanks = yield* reader.whitespace(keptBlanks);
      return undefined;
    });
    return blanks;
  }

  /** Whether `name(…)` stands here with nothing behind it: looks at no more than the confirm window. */
  *#isLastCall(): Reading<boolean> {
    const { reader } = this.#turn;
    let isLast = false;
    yield* reader.attempt(function* () {
      yield* reader.whitespace(keptBlanks);
      yield* reader.run((letter) => letter !== 40 && letter !== 10, mostNameChars / 2);
      if ((yield* reader.peek(1)) !== '(') return undefined;
      reader.skip(1);
      yield* reader.feed(new LimitedMachine(new ExpressionSource(() => {}, ')'), confirmWindowChars / 2));
      if ((yield* reader.peek(1)) !== ')') return undefined;
      reader.skip(1);
      yield* reader.whitespace();
      isLast = yield* reader.isAtEnd();
      return undefined;
    });
    return isLast;
  }

  *#looksLikeJson(): Reading<boolean> {
    const beginning = yield* this.#turn.reader.peek(2);
    return /^(?:\{["\s}]|\[["\s{[\]\d-])/.test(beginning);
  }

  *#enterBlock(match: Match, block: Block): Reading<boolean> {
    const { reader, line } = this.#turn;
    const blanks = yield* reader.whitespace(keptBlanks);
    if (block.span.at === 'turn-start' && !isTurnStart(line)) {
      this.#say(blanks);
      yield* this.#passAsText(match.text.length, this.#say);
      return true;
    }
    if (this.#turn.rules.reasoning === 'inline') this.#say(blanks);
    yield* this.#passAsText(match.text.length, (text) => this.#turn.reasoningMarkup(text));
    return yield* this.#readBlock(block);
  }

  /** Reasoning up to its closer, or to a call. False at the end. */
  *#readBlock(block: Block): Reading<boolean> {
    const { reader, rules } = this.#turn;
    const trim = rules.reasoning === 'inline' ? 'none' : (block.span.trim ?? 'edge-newlines');
    yield* this.#trimStart(trim);
    // a model that opens again what the prompt has opened
    const again = yield* reader.at(block.open);
    if (again) {
      reader.skip(again.text.length);
      yield* this.#trimStart(trim);
    }
    const think = (text: string): void => this.#turn.reasoning(text);
    const table = this.#mayCall ? block.marks : block.marksWithoutCalls;
    for (;;) {
      const match = yield* reader.passUntil(table.set, think, trim === 'none' ? {} : keepBlanks);
      if (!match) return false;
      if (table.roles[match.mark]?.kind === 'close') {
        yield* this.#closeBlock(match, trim);
        return true;
      }
      if (yield* this.#tryRegion(match, this.#regionsAt(match))) return true;
      think(yield* reader.whitespace(keptBlanks));
      yield* this.#passAsText(match.text.length, think);
    }
  }

  *#trimStart(trim: 'none' | 'edge-newlines' | 'whitespace'): Reading<void> {
    const { reader } = this.#turn;
    if (trim === 'whitespace') yield* reader.whitespace();
    if (trim === 'edge-newlines') yield* reader.run(isNewline, keptBlanks);
  }

  *#closeBlock(match: Match, trim: 'none' | 'edge-newlines' | 'whitespace'): Reading<void> {
    const { reader } = this.#turn;
    const blanks = yield* reader.whitespace(keptBlanks);
    if (trim === 'edge-newlines') this.#turn.reasoning(blanks.replace(/[\r\n]+$/, ''));
    if (trim === 'none') this.#turn.reasoning(blanks);
    yield* this.#passAsText(match.text.length, (text) => this.#turn.reasoningMarkup(text));
    const behind = yield* this.#leaveBlock();
    if (this.#turn.rules.reasoning === 'inline') this.#say(behind);
  }

  *#readWrapper(match: Match, isOpen: boolean): Reading<true> {
    const { reader } = this.#turn;
    const trim = this.#format.wrapper?.trim ?? 'edge-newlines';
    const blanks = yield* reader.whitespace(keptBlanks);
    const isFit = isOpen !== this.#isWrapped;
    if (isOpen) this.#say(isTurnStart(this.#turn.line) ? '' : blanks);
    else this.#say(trim === 'none' || !isFit ? blanks : trim === 'whitespace' ? '' : blanks.replace(/[\r\n]+$/, ''));
    const start = reader.offset;
    reader.skip(match.text.length);
    if (!isFit) this.#turn.issue('orphan-markup', start);
    this.#isWrapped = isOpen;
    this.#turn.restartLine();
    if (isOpen) yield* this.#trimStart(trim);
    else yield* reader.whitespace(keptBlanks);
    return true;
  }

  *#readDrop(match: Match, close: MarkSet | undefined): Reading<true> {
    const { reader } = this.#turn;
    this.#say(yield* reader.whitespace(keptBlanks));
    reader.skip(match.text.length);
    if (close) {
      yield* reader.passUntil(close, () => {});
      yield* takeMark(reader, close);
    }
    if (this.#isBehindBlock) yield* reader.whitespace(keptBlanks);
    return true;
  }

  /** A closer with nothing to close. */
  *#readOrphan(match: Match): Reading<true> {
    const { reader } = this.#turn;
    this.#say(yield* reader.whitespace(keptBlanks));
    const start = reader.offset;
    const spelling = plainSpelling(match.text);
    const expected = this.#textClosers?.get(spelling) ?? 0;
    if (expected > 0) {
      this.#textClosers?.set(spelling, expected - 1);
      yield* this.#passAsText(match.text.length, this.#say);
      return true;
    }
    reader.skip(match.text.length);
    this.#turn.issue('orphan-markup', start);
    if (this.#isBehindBlock) yield* reader.whitespace(keptBlanks);
    return true;
  }

  /** Passes characters to a sink, without those that belong to the prompt's tail. */
  *#passAsText(count: number, sink: (text: string) => void): Reading<void> {
    const { reader, tailChars } = this.#turn;
    const { offset } = reader;
    const text = yield* reader.peek(count);
    reader.skip(count);
    const shown = text.slice(Math.max(0, tailChars - offset));
    if (shown !== '') sink(shown);
  }
}

const noNames: readonly string[] = [];

function isNewline(letter: number): boolean {
  return letter === 10 || letter === 13;
}
