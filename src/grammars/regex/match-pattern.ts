import { type Automaton, makeAutomaton, StateSet } from './automaton.ts';
import { type RegexOptions, readRegex } from './read-regex.ts';
import { RegexError } from './regex-error.ts';

const mostSteps = 5_000_000;

/** A pattern that is ready to match texts. */
export interface Pattern {
  /** Throws `RegexError` (`too-large`) where text and pattern together need more than 5 million steps. */
  matches(text: string): boolean;
}

/** Prepares a pattern. Throws `RegexError` as `readRegex` does. */
export function compilePattern(pattern: string, options: RegexOptions = {}): Pattern {
  const automaton = makeAutomaton(readRegex(pattern, options).grammar.root);
  return { matches: (text) => matchesAutomaton(automaton, text) };
}

/** Whether the text matches, in time linear in its length: all states are followed at once and nothing is tried twice. Throws `RegexError`. */
export function matchesPattern(pattern: string, text: string, options: RegexOptions = {}): boolean {
  return compilePattern(pattern, options).matches(text);
}

function matchesAutomaton(automaton: Automaton, text: string): boolean {
  const set = new StateSet(automaton);
  let states = set.close([automaton.start]);
  let steps = 0;
  for (const letter of text) {
    steps += states.length;
    if (steps > mostSteps) throw new RegexError('too-large', `The pattern needs more than ${mostSteps} steps for this text.`);
    states = set.step(states, letter.codePointAt(0) ?? 0);
    if (states.length === 0) return false;
  }
  return set.accepts(states);
}
