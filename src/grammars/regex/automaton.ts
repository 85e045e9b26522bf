import type { Node } from '../ir.ts';
import { isInRanges, type Range } from './ranges.ts';
import { RegexError } from './regex-error.ts';

/** A regular piece of a grammar as states: `branch` goes on at once to each of `next`, `chars` over one character, `accept` ends. */
export interface Automaton {
  readonly states: readonly State[];
  readonly start: number;
}

/** A state of an automaton; `next` are indexes of states. */
export type State =
  | { readonly kind: 'branch'; readonly next: readonly number[] }
  | { readonly kind: 'chars'; readonly ranges: readonly Range[]; readonly next: number }
  | { readonly kind: 'accept' };

const mostStates = 100_000;

/** Makes the automaton of a grammar piece that names no rules. Throws `RegexError` (`too-large`) when its repetitions, written out, need more than 100,000 states. */
export function makeAutomaton(node: Node): Automaton {
  const builder = new AutomatonBuilder();
  const accept = builder.add({ kind: 'accept' });
  const start = builder.build(node, accept);
  return { states: builder.states, start };
}

/** Built from the end to the beginning: every piece is given the state it goes on to and gives the state it begins with. */
class AutomatonBuilder {
  readonly states: State[] = [];

  add(state: State): number {
    if (this.states.length >= mostStates) {
      throw new RegexError('too-large', `The pattern needs more than ${mostStates} states when its repetitions are written out.`);
    }
    return this.states.push(state) - 1;
  }

  build(node: Node, next: number): number {
    switch (node.kind) {
      case 'text':
        return Array.from(node.text).reduceRight((after, letter) => this.#addLetter(letter, after), next);
      case 'chars':
        return this.add({ kind: 'chars', ranges: node.ranges, next });
      case 'sequence':
        return node.items.reduceRight((after, item) => this.build(item, after), next);
      case 'choice':
        return this.add({ kind: 'branch', next: node.options.map((option) => this.build(option, next)) });
      case 'repeat':
        return this.#repeat(node.item, node.least, node.most, next);
      default:
        throw new RegexError('unsupported', `A grammar piece of kind "${node.kind}" is no part of a regular expression.`);
    }
  }

  #addLetter(letter: string, next: number): number {
    const codePoint = letter.codePointAt(0) ?? 0;
    return this.add({ kind: 'chars', ranges: [[codePoint, codePoint]], next });
  }

  #repeat(item: Node, least: number, most: number | undefined, next: number): number {
    let start = most === undefined ? this.#loop(item, next) : next;
    // the item itself needs no state: without this a bound alone would decide how long the work takes
    const isEmpty = item.kind === 'sequence' && item.items.length === 0;
    if (isEmpty) return next;
    for (let count = least; count < (most ?? least); count++) start = this.add({ kind: 'branch', next: [this.build(item, start), next] });
    for (let count = 0; count < least; count++) start = this.build(item, start);
    return start;
  }

  #loop(item: Node, next: number): number {
    const loop = this.add({ kind: 'branch', next: [] });
    this.states[loop] = { kind: 'branch', next: [this.build(item, loop), next] };
    return loop;
  }
}

/** The states an automaton is in at once, after the branches: those that read a character or accept. Reused over a text to save memory. */
export class StateSet {
  readonly #automaton: Automaton;
  readonly #marks: Uint32Array;
  #round = 0;

  constructor(automaton: Automaton) {
    this.#automaton = automaton;
    this.#marks = new Uint32Array(automaton.states.length);
  }

  /** The states that `from` leads to without reading, each once. */
  close(from: readonly number[]): readonly number[] {
    this.#round++;
    const open = from.toReversed();
    const closed: number[] = [];
    for (let index = open.pop(); index !== undefined; index = open.pop()) {
      const state = this.#automaton.states[index];
      if (!state || this.#marks[index] === this.#round) continue;
      this.#marks[index] = this.#round;
      if (state.kind === 'branch') open.push(...state.next.toReversed());
      else closed.push(index);
    }
    return closed;
  }

  /** The states after one more character. */
  step(states: readonly number[], codePoint: number): readonly number[] {
    const next: number[] = [];
    for (const index of states) {
      const state = this.#automaton.states[index];
      if (state?.kind === 'chars' && isInRanges(state.ranges, codePoint)) next.push(state.next);
    }
    return this.close(next);
  }

  accepts(states: readonly number[]): boolean {
    return states.some((index) => this.#automaton.states[index]?.kind === 'accept');
  }
}
