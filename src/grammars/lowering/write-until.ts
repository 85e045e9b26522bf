import { chars, choice, emptyText, sequence } from '../build.ts';
import type { Node, RuleNode, UntilNode } from '../ir.ts';
import { automatonOf, type DelimiterAutomaton } from '../matching/delimiter-automaton.ts';
import { complementRanges, intersectRanges, type Range, uniteRanges } from '../regex/ranges.ts';
import type { RuleBook } from '../regex/rule-book.ts';

/** Where an `until` begins. */
export interface UntilStart {
  /** the state to begin with, when a part has been read */
  readonly from?: number;
  /** characters that it may not begin with */
  readonly without?: readonly Range[];
}

/**
 * An `until` in rules, for targets without such a thing: one a state, each "nothing more, or a letter and the state behind it".
 */
export function writeUntil({ delimiters }: UntilNode, book: RuleBook, { from = 0, without = [] }: UntilStart = {}): Node {
  const automaton = automatonOf(delimiters);
  const states = new Map<number, RuleNode>();
  const waiting: number[] = [];
  const ruleOf = (state: number): RuleNode => {
    let rule = states.get(state);
    if (!rule) {
      states.set(state, (rule = book.reserve('until')));
      waiting.push(state);
    }
    return rule;
  };
  const start = without.length > 0 ? book.reserve('until') : ruleOf(from);
  if (without.length > 0) book.define(start, writeState(automaton, from, { ruleOf, without }));
  for (const state of waiting) book.define(ruleOf(state), writeState(automaton, state, { ruleOf, without: [] }));
  return start;
}

interface StateWriting {
  readonly ruleOf: (state: number) => RuleNode;
  readonly without: readonly Range[];
}

function writeState(automaton: DelimiterAutomaton, state: number, { ruleOf, without }: StateWriting): Node {
  const others = complementRanges(automaton.letters.map((letter): Range => [letter, letter]));
  const byTarget = new Map<number, Range[]>([[0, [...others]]]);
  for (const letter of automaton.letters) {
    const target = automaton.next(state, letter);
    if (target !== undefined) byTarget.set(target, [...(byTarget.get(target) ?? []), [letter, letter]]);
  }
  const allowed = complementRanges(without);
  const ways = [...byTarget].flatMap(([target, ranges]) => {
    const left = intersectRanges(uniteRanges(ranges), allowed);
    return left.length === 0 ? [] : [sequence([chars(left), ruleOf(target)])];
  });
  return choice([...ways, emptyText]);
}
