import { expandGrammar } from './expand-grammar.ts';
import type { Grammar } from './ir.ts';
import { Recogniser } from './matching/recogniser.ts';

const expanded = new WeakMap<Grammar, Grammar>();

/** The grammar with its schemas written out; the same grammar gives the same one. */
export function withoutSchemas(grammar: Grammar): Grammar {
  let made = expanded.get(grammar);
  if (!made) expanded.set(grammar, (made = expandGrammar(grammar).grammar));
  return made;
}

/** Whether the grammar allows this text. `maxSteps` bounds the work; over it `invalid_request` is thrown. */
export function accepts(grammar: Grammar, text: string, maxSteps?: number): boolean {
  const recogniser = new Recogniser(withoutSchemas(grammar), maxSteps);
  return recogniser.push(text) && recogniser.isAccepted;
}

/** Whether the grammar allows this text or a longer one that begins so. */
export function acceptsPrefix(grammar: Grammar, text: string, maxSteps?: number): boolean {
  return new Recogniser(withoutSchemas(grammar), maxSteps).push(text);
}
