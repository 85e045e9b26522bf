import { choice, repeat, sequence } from '../build.ts';
import type { Node, RuleNode } from '../ir.ts';
import type { Machine, MachineState } from './intersect-languages.ts';
import type { Range } from './ranges.ts';
import type { RuleBook } from './rule-book.ts';

/** How the parts of a machine become parts of a grammar. */
export interface MachineWriting {
  /** one character of these, as it is written */
  readonly spell: (ranges: readonly Range[]) => Node;
  readonly rules: RuleBook;
}

/** A machine as a grammar piece. States that several others go on to become rules. Its first state accepts or goes on. */
export function writeMachine(machine: Machine, writing: MachineWriting): Node {
  return new MachineWriter(machine, writing).writeBody(0);
}

/** States in one another; then a rule begins, so that nothing nests as deep as a text is long. */
const mostNested = 32;

class MachineWriter {
  readonly #machine: Machine;
  readonly #writing: MachineWriting;
  readonly #shared: ReadonlySet<number>;
  readonly #rules = new Map<number, RuleNode>();

  constructor(machine: Machine, writing: MachineWriting) {
    this.#machine = machine;
    this.#writing = writing;
    this.#shared = findShared(machine.states);
  }

  #write(index: number, depth: number): Node {
    const isLast = this.#machine.states[index]?.edges.every(({ to }) => to === index) === true;
    if (isLast) return this.writeBody(index, depth);
    const isDeep = depth % mostNested === 0;
    if (!isDeep && !this.#shared.has(index)) return this.writeBody(index, depth);
    const known = this.#rules.get(index);
    if (known) return known;
    const rule = this.#writing.rules.reserve('part');
    this.#rules.set(index, rule);
    this.#writing.rules.define(rule, this.writeBody(index, depth));
    return rule;
  }

  writeBody(index: number, depth = 0): Node {
    const state = this.#machine.states[index];
    if (!state) return sequence([]);
    const onward = state.edges.filter(({ to }) => to !== index);
    const loop = state.edges.find(({ to }) => to === index);
    const options = onward.map(({ ranges, to }) => sequence([this.#writing.spell(ranges), this.#write(to, depth + 1)]));
    const ending = options.length === 0 ? sequence([]) : state.isAccepting ? repeat(choice(options), 0, 1) : choice(options);
    return loop ? sequence([repeat(this.#writing.spell(loop.ranges), 0, undefined), ending]) : ending;
  }
}

/** States with more than one way in, and those a circle leads back to: every circle but a loop holds a state with two ways in, or the first. */
function findShared(states: readonly MachineState[]): ReadonlySet<number> {
  const waysIn = states.map((_, index): number => (index === 0 ? 1 : 0));
  for (const [index, state] of states.entries()) for (const { to } of state.edges) if (to !== index) waysIn[to] = (waysIn[to] ?? 0) + 1;
  return new Set([...waysIn.keys()].filter((index) => (waysIn[index] ?? 0) > 1));
}
