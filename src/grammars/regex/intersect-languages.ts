import { type Automaton, StateSet } from './automaton.ts';
import { type Range, uniteRanges } from './ranges.ts';

/** The texts of an automaton, or all but them. */
export interface Language {
  readonly automaton: Automaton;
  readonly isExcluded: boolean;
}

/** Texts as a machine that is in one state at a time; it begins in the first. From every state but a first one without edges a text can be completed. */
export interface Machine {
  readonly states: readonly MachineState[];
}

export interface MachineState {
  readonly isAccepting: boolean;
  /** apart from one another */
  readonly edges: readonly { readonly ranges: readonly Range[]; readonly to: number }[];
}

const mostStates = 3_000;

/** Steps that may still be taken, shared by all machines of one task. */
export interface StepBudget {
  steps: number;
}

/**
 * The texts that are in all of the languages, at least one of which is not excluded. Undefined if that takes more than 3,000 states or the steps that are left;
 * a first state that neither accepts nor goes on if there are none.
 */
export function intersectLanguages(languages: readonly Language[], budget: StepBudget): Machine | undefined {
  const product = new Product(languages, budget);
  return product.explore() ? dropDeadEnds(product.states) : undefined;
}

/** The states of each language's automaton that the text so far leads to. */
type Position = readonly (readonly number[])[];

interface OpenState {
  isAccepting: boolean;
  edges: { ranges: readonly Range[]; to: number }[];
}

class Product {
  readonly states: OpenState[] = [];
  readonly #languages: readonly (Language & { readonly set: StateSet })[];
  readonly #indexes = new Map<string, number>();
  readonly #positions: Position[] = [];
  readonly #budget: StepBudget;

  constructor(languages: readonly Language[], budget: StepBudget) {
    this.#budget = budget;
    this.#languages = languages.map((language) => ({ ...language, set: new StateSet(language.automaton) }));
  }

  /** False when it grows too large. */
  explore(): boolean {
    this.#intern(this.#languages.map(({ set, automaton }) => set.close([automaton.start])));
    for (let index = 0; index < this.#positions.length; index++) {
      const position = this.#positions[index] ?? [];
      const targets = new Map<number, Range[]>();
      for (const range of this.#listIntervals(position)) {
        this.#budget.steps -= position.reduce((sum, states) => sum + states.length, 1);
        if (this.#budget.steps < 0) return false;
        const next = this.#languages.map(({ set }, at) => set.step(position[at] ?? [], range[0]));
        if (this.#isDead(next)) continue;
        const to = this.#intern(next);
        if (to >= mostStates) return false;
        targets.set(to, [...(targets.get(to) ?? []), range]);
      }
      const state = this.states[index];
      if (state) state.edges = [...targets].map(([to, ranges]) => ({ ranges: uniteRanges(ranges), to }));
    }
    return true;
  }

  #isDead(position: Position): boolean {
    return this.#languages.some((language, index) => !language.isExcluded && position[index]?.length === 0);
  }

  #intern(position: Position): number {
    const key = position.map((states) => states.toSorted((a, b) => a - b).join(',')).join(';');
    const known = this.#indexes.get(key);
    if (known !== undefined) return known;
    const isAccepting = this.#languages.every(({ set, isExcluded }, index) => set.accepts(position[index] ?? []) !== isExcluded);
    this.#indexes.set(key, this.states.length);
    this.#positions.push(position);
    return this.states.push({ isAccepting, edges: [] }) - 1;
  }

  /** Characters in intervals, all of one interval treated alike by every state of the position. */
  #listIntervals(position: Position): readonly Range[] {
    const cuts = new Set<number>();
    const allowed: Range[] = [];
    this.#languages.forEach(({ automaton, isExcluded }, index) => {
      for (const at of position[index] ?? []) {
        const state = automaton.states[at];
        if (state?.kind !== 'chars') continue;
        for (const [from, to] of state.ranges) cuts.add(from).add(to + 1);
        if (!isExcluded) allowed.push(...state.ranges);
      }
    });
    const sorted = [...cuts].sort((a, b) => a - b);
    return uniteRanges(allowed).flatMap(([from, to]) => cutRange(from, to, sorted));
  }
}

/** The range in pieces that begin at the cuts. */
function cutRange(from: number, to: number, cuts: readonly number[]): readonly Range[] {
  const starts = cuts.filter((cut) => cut > from && cut <= to);
  return [from, ...starts].map((start, index) => [start, (starts[index] ?? to + 1) - 1]);
}

/** Keeps the states from which a text can be completed. */
function dropDeadEnds(states: readonly OpenState[]): Machine {
  const sources = states.map((): number[] => []);
  for (const [index, state] of states.entries()) for (const { to } of state.edges) sources[to]?.push(index);
  const open = [...states.keys()].filter((index) => states[index]?.isAccepting);
  const useful = new Set(open);
  for (let index = open.pop(); index !== undefined; index = open.pop()) {
    for (const source of sources[index] ?? []) {
      if (useful.has(source)) continue;
      useful.add(source);
      open.push(source);
    }
  }
  const order = [0, ...[...useful].filter((index) => index !== 0).sort((a, b) => a - b)];
  const renamed = new Map(order.map((index, place) => [index, place]));
  return {
    states: order.map((index) => {
      const edges = (states[index]?.edges ?? []).filter(({ to }) => useful.has(to));
      return {
        isAccepting: states[index]?.isAccepting ?? false,
        edges: edges.map(({ ranges, to }) => ({ ranges, to: renamed.get(to) ?? 0 })),
      };
    }),
  };
}
