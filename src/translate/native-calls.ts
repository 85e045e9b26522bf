import type { EngineCallDelta } from '../protocol/engine.ts';
import type { CallState, TurnEvent } from '../protocol/event.ts';
import { createJsonRepair, type JsonRepair } from '../text/json-repair.ts';
import type { CallPlan } from './plan.ts';

/** Most calls of one answer; later ones are reported only. */
const mostCalls = 128;
/** Most characters of arguments that wait for their name. */
const mostPendingChars = 1024 * 1024;

/** Makes events of calls that an engine itself has told apart: names first, arguments append-only and valid JSON on every path. */
export class NativeCalls {
  /** no further call is wanted, and one more has begun */
  isSatisfied = false;
  readonly #plan: CallPlan | undefined;
  readonly #calls = new Map<number, NativeCall>();
  #announced = 0;

  constructor(plan: CallPlan | undefined) {
    this.#plan = plan;
  }

  /** Events of the pieces of one delta. */
  push(deltas: readonly EngineCallDelta[]): readonly TurnEvent[] {
    const events: TurnEvent[] = [];
    for (const delta of deltas) this.#callOf(delta, events)?.take(delta, events);
    return events;
  }

  /** The rest: open calls are closed. `isCut`: the answer hit its limit. */
  end(isCut: boolean): readonly TurnEvent[] {
    const events: TurnEvent[] = [];
    for (const call of this.#calls.values()) call.end(isCut, events);
    return events;
  }

  #callOf({ index, name }: EngineCallDelta, events: TurnEvent[]): NativeCall | undefined {
    const known = this.#calls.get(index);
    if (known) return known;
    const isExtra = this.#calls.size >= mostCalls || (this.#plan?.parallel === false && this.#calls.size > 0);
    if (isExtra) {
      this.isSatisfied ||= this.#plan?.parallel === false;
      // told once for each: its first piece has the name
      if (name) events.push({ type: 'issue', code: 'extra-call', offset: 0, length: 0 });
      return undefined;
    }
    const call = new NativeCall((written) => ({ index: this.#announced++, isKnown: this.#isTool(written) }));
    this.#calls.set(index, call);
    return call;
  }

  #isTool(written: string): boolean {
    return this.#plan?.tools.some(({ name }) => name === written) === true;
  }
}

type Announce = (name: string) => { readonly index: number; readonly isKnown: boolean };

class NativeCall {
  readonly #announce: Announce;
  #index: number | undefined;
  #pending = '';
  #machine: JsonRepair | undefined;
  #written = '';

  constructor(announce: Announce) {
    this.#announce = announce;
  }

  take({ id, name, argumentsText = '' }: EngineCallDelta, events: TurnEvent[]): void {
    if (this.#index === undefined && name) {
      const { index, isKnown } = this.#announce(name);
      this.#index = index;
      const start = { type: 'tool-call-start', index, name, isKnown } as const;
      events.push(id ? { ...start, id } : start);
      if (!isKnown) events.push({ type: 'issue', code: 'unknown-tool', offset: 0, length: 0 });
    }
    this.#pending += argumentsText;
    if (this.#pending.length > mostPendingChars && this.#index === undefined) this.#pending = '';
    this.#say(events);
  }

  end(isCut: boolean, events: TurnEvent[]): void {
    if (this.#index === undefined) {
      events.push({ type: 'issue', code: 'not-a-call', offset: 0, length: 0 });
      return;
    }
    if (!this.#machine) this.#pending = this.#pending.trim() === '' ? '{}' : this.#pending;
    this.#say(events);
    this.#machine?.end();
    this.#flush(events);
    const { fixes = [], outcome } = this.#machine ?? {};
    const state: CallState = outcome === 'cut' && isCut ? 'truncated' : fixes.length > 0 ? 'repaired' : 'complete';
    events.push({ type: 'tool-call-end', index: this.#index, state, fixes });
  }

  #say(events: TurnEvent[]): void {
    if (this.#index === undefined || this.#pending === '') return;
    this.#machine ??= createJsonRepair((text) => {
      this.#written += text;
    });
    const pending = this.#pending;
    this.#pending = '';
    this.#machine.take(pending, 0, pending.length);
    this.#flush(events);
  }

  #flush(events: TurnEvent[]): void {
    if (this.#written === '' || this.#index === undefined) return;
    events.push({ type: 'tool-call-delta', index: this.#index, text: this.#written });
    this.#written = '';
  }
}
