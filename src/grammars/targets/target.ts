import type { Grammar, Unenforced } from '../ir.ts';

/** A notation that an engine takes: how a grammar is written in it. Its name is its file's name. */
export interface TargetDefinition {
  /** who takes it, and what it can and cannot say, in a line or two */
  readonly about: string;
  /**
   * The grammar in this notation, with what it leaves open. Throws `invalid_request` with the reason where the notation cannot hold the grammar at all.
   * The same grammar gives the same text.
   */
  write(grammar: Grammar): WrittenGrammar;
}

/** A grammar as an engine takes it. */
export interface WrittenGrammar {
  readonly text: string;
  readonly unenforced: readonly Unenforced[];
  /** control tokens that the engine must show as text for the grammar to see them */
  readonly tokens: readonly string[];
}

/** Checks a definition's type; does nothing else. */
export const defineTarget = (definition: TargetDefinition): TargetDefinition => definition;
