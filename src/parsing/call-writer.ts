import type { CallState, Fix, IssueCode } from '../protocol/event.ts';
import { createJsonRepair, type JsonFix } from '../text/json-repair.ts';
import { coerceScalars } from './coerce.ts';
import { anyValue, type SchemaView } from './schema-view.ts';
import type { KnownTool } from './tool-names.ts';
import { mostCalls, type Turn } from './turn.ts';

const mostFixes = 32;
/** Most characters of arguments that wait for their name. */
export const mostPendingChars = 8 * 1024 * 1024;

/** What naming a call needs to know. */
export interface CallNaming {
  /** prefixes that may be removed */
  readonly strip?: readonly string[];
  /** only a tool of the request will do */
  readonly mustBeKnown?: boolean;
  /** names that mean "no call" */
  readonly noCall?: readonly string[];
}

/**
 * Writes one call's events: its start once the name is confirmed, then arguments as they come, then its end.
 * What comes before the name waits. A call that is not wanted writes one issue instead.
 */
export class CallWriter {
  readonly turn: Turn;
  readonly start: number;
  /** characters that were read before the name and do not count against the confirm window: arguments, reasoning */
  exemptChars = 0;
  id: string | undefined;
  #state: 'unnamed' | 'open' | 'muted' | 'ended' = 'unnamed';
  #mutedBecause: IssueCode = 'extra-call';
  #tool: KnownTool | undefined;
  #index = 0;
  #pending = '';
  #reasoning = '';
  #hasArguments = false;
  #isSingleWrapped = false;
  /** its arguments are no object and fit nowhere: told at the end, where it stands at the same place however the text came */
  #isMalformed = false;
  readonly #fixes: Fix[] = [];

  /** `start`: where it begins, by default here */
  constructor(turn: Turn, start = turn.reader.offset) {
    this.turn = turn;
    this.start = start;
  }

  get isNamed(): boolean {
    return this.#state !== 'unnamed';
  }

  get tool(): KnownTool | undefined {
    return this.#tool;
  }

  get schema(): SchemaView {
    return this.#tool?.parameters ?? anyValue;
  }

  /** Confirms the call under this name; from here on it stays a call. False: it is none, nothing was announced. */
  name(written: string, naming: CallNaming = {}): boolean {
    const { turn } = this;
    const { names, unknownTool, parallel } = turn.rules;
    const { name, tool, isNearest } = names.resolve(written, naming.strip ?? [], unknownTool === 'nearest');
    if (name === '' || written.length > 256) return false;
    const isNone = !tool && naming.noCall?.includes(written.toLowerCase()) === true;
    if (!tool && !isNone && (naming.mustBeKnown === true || unknownTool === 'text')) return false;
    turn.reader.commit();
    turn.settleText(true);
    this.#tool = tool;
    if (isNearest) this.fix('nearest-name');
    turn.reasoning(this.#reasoning);
    if (isNone) this.#mute('not-a-call');
    else if (!tool && unknownTool === 'error') this.#mute('unknown-tool');
    else if ((!parallel && turn.calls > 0) || turn.calls >= mostCalls) this.#mute('extra-call');
    else this.#announce(name);
    return true;
  }

  #announce(name: string): void {
    const { turn } = this;
    this.#state = 'open';
    this.#index = turn.calls++;
    const isKnown = this.#tool !== undefined;
    const start = { type: 'tool-call-start' as const, index: this.#index, name, isKnown };
    turn.emit(this.id === undefined ? start : { ...start, id: this.id });
    if (!isKnown) turn.issue('unknown-tool', this.start);
    this.#sendPending();
  }

  #mute(code: IssueCode): void {
    this.#state = 'muted';
    this.#mutedBecause = code;
    this.#pending = '';
  }

  /** The next piece of the arguments' JSON text. */
  args(text: string): void {
    if (text === '' || this.#state === 'muted') return;
    if (this.#state === 'unnamed') {
      if (this.#pending.length + text.length <= mostPendingChars) this.#pending += text;
      return;
    }
    this.#hasArguments = true;
    this.turn.emitArguments(this.#index, text);
  }

  /** Thoughts written beside the call: before the name they wait for it. */
  think(text: string): void {
    if (this.isNamed) this.turn.reasoning(text);
    else this.#reasoning += text;
  }

  fix(code: string, path?: string): void {
    if (this.#fixes.length < mostFixes) this.#fixes.push(path ? { code, path } : { code });
  }

  /** Takes over what a JSON repair did; repairs that are not this dialect's habit are told as an issue too. */
  addJsonFixes(fixes: readonly JsonFix[], start: number): void {
    for (const fix of fixes) if (fix.code !== 'cut') this.fix(fix.code, fix.path);
    const isOdd = fixes.some((fix) => fix.code !== 'cut' && fix.code !== 'coerced' && !this.turn.isHabit(fix));
    if (isOdd) this.issue('malformed-arguments', start);
  }

  issue(code: IssueCode, start: number): void {
    if (this.#state !== 'muted') this.turn.issue(code, start);
  }

  /** Nothing more comes. `isCut`: the arguments were not whole; they are valid JSON all the same. */
  end(isCut: boolean): void {
    if (this.#state === 'muted') this.turn.issue(this.#mutedBecause, this.start);
    if (this.#state === 'open') {
      if (!this.#hasArguments) this.args('{}');
      if (this.#isMalformed) this.issue('malformed-arguments', this.start);
      const state: CallState = isCut ? 'truncated' : this.#fixes.length > 0 ? 'repaired' : 'complete';
      this.turn.emit({ type: 'tool-call-end', index: this.#index, state, fixes: this.#fixes });
      if (!this.turn.rules.parallel && !isCut) this.turn.isSatisfied = true;
    }
    this.#state = 'ended';
    this.turn.restartLine();
  }

  /** Arguments that came before the name, now that the tool's types are known. */
  #sendPending(): void {
    if (this.#pending === '') return;
    const pending = this.#pending;
    this.#pending = '';
    this.sendJson(pending);
  }

  /** Whole arguments as JSON text: an object with its scalars coerced, anything else put where it fits. */
  sendJson(json: string): void {
    const letter = json.charAt(0);
    if (letter === '{') {
      const onScalar = coerceScalars(this.schema, this.turn.rules.coerce);
      const machine = createJsonRepair((text) => this.args(text), onScalar ? { onScalar } : {});
      machine.take(json, 0, json.length);
      machine.end();
      for (const fix of machine.fixes) if (fix.code === 'coerced') this.fix(fix.code, fix.path);
    } else if (json !== 'null' && json !== '""') {
      this.openSingle();
      this.args(json);
      this.closeSingle();
    }
  }

  /** Arguments that are no object: the only declared property takes them, else they stay what they are, with an issue. */
  openSingle(): void {
    const [only, ...others] = this.schema.properties;
    const fits = only !== undefined && others.length === 0;
    if (fits) {
      this.fix('single-argument');
      this.args(`{${JSON.stringify(only)}: `);
    } else this.#isMalformed = true;
    this.#isSingleWrapped = fits;
  }

  closeSingle(): void {
    if (this.#isSingleWrapped) this.args('}');
  }

  /** A writer that reads along and says nothing. */
  silent(): CallWriter {
    const silent = new CallWriter(this.turn);
    silent.#state = 'muted';
    silent.#tool = this.#tool;
    return silent;
  }
}
