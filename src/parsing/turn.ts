import type { Fix, IssueCode, TurnEvent } from '../protocol/event.ts';
import type { Reader } from '../text/reader.ts';
import type { Coercion } from './coerce.ts';
import { type LineState, newLine, passLine, restartLine } from './line-state.ts';
import type { ToolNames } from './tool-names.ts';
import type { OpenRegion } from './turn-parser.ts';

/** A request's options, decided. */
export interface TurnRules {
  readonly names: ToolNames;
  readonly parallel: boolean;
  readonly unknownTool: 'forward' | 'nearest' | 'text' | 'error';
  readonly coerce: Coercion;
  readonly reasoning: 'separate' | 'inline' | 'drop';
  /** repairs that are the models' habit and no issue */
  readonly habits: ReadonlySet<string>;
}

/** Characters within which a region must turn out to be a call, counted from behind its opener. */
export const confirmWindowChars = 256;

/** Most calls of one turn; later ones are reported only. */
export const mostCalls = 128;

const noEvents: readonly TurnEvent[] = [];

/** One answer under way: what was said so far, and the events that were not fetched yet. */
export class Turn {
  readonly reader: Reader;
  readonly rules: TurnRules;
  /** negative where the dialect does not ask for it */
  line: LineState;
  /** characters of the prompt's tail that were read first: no event tells of them */
  readonly tailChars: number;
  isSatisfied = false;
  /** the answer hit its limit; known when the input has ended */
  isLimited = false;
  calls = 0;
  #region: { readonly start: number; readonly isOpened: boolean; readonly calls: number } | undefined;
  /** where the region under decision begins, behind its opener */
  #windowStart = 0;
  #events: TurnEvent[] | undefined;
  /** text before a call that is not confirmed yet */
  #textAhead = '';

  constructor(reader: Reader, rules: TurnRules, start: { readonly tailChars: number; readonly hasLines: boolean }) {
    this.reader = reader;
    this.rules = rules;
    this.tailChars = start.tailChars;
    this.line = start.hasLines ? newLine : -1;
  }

  /** A region is read from `start` on; `isOpened`: an opener stands there. */
  enterRegion(start: number, isOpened: boolean): void {
    this.#region = { start, isOpened, calls: this.calls };
  }

  /** The region has ended, or was none. */
  leaveRegion(): void {
    this.#region = undefined;
  }

  get openRegion(): OpenRegion | undefined {
    if (!this.#region) return undefined;
    const { start, isOpened, calls } = this.#region;
    return { offset: start - this.tailChars, isCertain: isOpened || this.calls > calls };
  }

  /** A region may begin here: within 256 characters it must turn out to be one. */
  openWindow(): void {
    this.#windowStart = this.reader.offset;
  }

  /** Characters in which the region still has to be confirmed; `exemptChars` do not count. */
  windowLeft(exemptChars = 0): number {
    return Math.max(0, confirmWindowChars - (this.reader.offset - this.#windowStart - exemptChars));
  }

  /** The events since the last time. */
  take(): readonly TurnEvent[] {
    const events = this.#events ?? noEvents;
    this.#events = undefined;
    return events;
  }

  /** A block or call has ended: what follows begins a line. */
  restartLine(): void {
    if (this.line >= 0) this.line = restartLine(this.line);
  }

  /** Keeps text that belongs before the call under decision. */
  holdText(text: string): void {
    this.#textAhead += text;
  }

  /** Says what was kept, since the call is one; or forgets it, since it is read again as text. */
  settleText(isSaid: boolean): void {
    const text = this.#textAhead;
    this.#textAhead = '';
    if (isSaid) this.text(text);
  }

  text(text: string): void {
    if (this.line >= 0) this.line = passLine(this.line, text);
    this.#say('text-delta', text);
  }

  reasoning(text: string): void {
    if (this.rules.reasoning === 'separate') this.#say('reasoning-delta', text);
    else if (this.rules.reasoning === 'inline') this.#say('text-delta', text);
  }

  /** Markup around reasoning: text where reasoning stays inline. */
  reasoningMarkup(text: string): void {
    if (this.rules.reasoning === 'inline') this.#say('text-delta', text);
  }

  /** A piece of a call's arguments, joined to the one before. */
  emitArguments(index: number, text: string): void {
    const last = this.#events?.at(-1);
    if (this.#events && last?.type === 'tool-call-delta' && last.index === index) {
      this.#events[this.#events.length - 1] = { type: 'tool-call-delta', index, text: last.text + text };
    } else this.emit({ type: 'tool-call-delta', index, text });
  }

  emit(event: TurnEvent): void {
    if (this.#events) this.#events.push(event);
    else this.#events = [event];
  }

  /** Reports the text from `start` up to here. Offsets count from the start of the answer. */
  issue(code: IssueCode, start: number, end = this.reader.offset): void {
    const from = Math.max(0, start - this.tailChars);
    this.emit({ type: 'issue', code, offset: from, length: Math.max(0, end - this.tailChars - from) });
  }

  isHabit(fix: Fix): boolean {
    return this.rules.habits.has(fix.code);
  }

  #say(type: 'text-delta' | 'reasoning-delta', text: string): void {
    if (text === '') return;
    const last = this.#events?.at(-1);
    if (this.#events && last?.type === type) this.#events[this.#events.length - 1] = { type, text: last.text + text };
    else this.emit({ type, text });
  }
}
