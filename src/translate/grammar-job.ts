import type { DialectDefinition } from '../dialects/dialect.ts';
import type { OpenedByPrompt } from '../parsing/turn-parser.ts';
import type { Constraint } from '../protocol/constraint.ts';
import type { GrammarNotation } from '../protocol/engine.ts';
import type { Tool, ToolChoice } from '../protocol/message.ts';
import type { AnswerBinding } from './choose-binding.ts';
import type { Plan } from './plan.ts';

/** What shall bind an answer, as plain data: it may be compiled in another thread. */
export interface GrammarJob {
  /** the format of calls and thoughts; undefined: the answer is text and nothing else */
  readonly dialect: DialectDefinition | undefined;
  readonly calls: CallsToBind | undefined;
  /** what the text must be, where the answer is no call */
  readonly constraint: Constraint | undefined;
  readonly thoughts: Thoughts;
  /** the prompt has opened the header of a frame */
  readonly isInHeader: boolean;
  readonly notation: GrammarNotation;
}

/** Where a grammar takes hold: see `EngineCapabilities.lazyGrammars`. */
export type GrammarStart = Extract<AnswerBinding, { readonly by: 'grammar' }>['start'];

/** Calls that a grammar is to allow. */
export interface CallsToBind {
  readonly tools: readonly Tool[];
  readonly toolChoice: ToolChoice;
  readonly parallel: boolean;
  /** from the first token on, or as the engine binds what the model may begin */
  readonly start: GrammarStart;
}

/** Thoughts before what is bound: none; the rest of a block that the prompt has opened; a block or none. */
export type Thoughts = 'none' | 'open' | 'optional';

/** What an answer follows on. */
export interface AnsweredPrompt {
  readonly opened: OpenedByPrompt;
  /** the model is known to think in a block of its own, and the prompt has not closed one */
  readonly mayThink: boolean;
}

/** What binds the answer of a planned request; undefined where nothing does. */
export function describeGrammar(plan: Plan, { opened, mayThink }: AnsweredPrompt): GrammarJob | undefined {
  const { dialect, calls, constraint, binding } = plan;
  if (binding?.by !== 'grammar') return undefined;
  const { start, notation } = binding;
  // behind a call that the prompt has begun there is no opener to look for
  if (opened === 'calls' && (start === 'trigger' || start === 'whole')) return undefined;
  const thoughts = opened === 'reasoning' ? 'open' : mayThink ? 'optional' : 'none';
  return {
    dialect: dialect?.definition,
    calls: calls && calls.tools.length > 0 ? describeCalls(calls, start) : undefined,
    // a demanded call leaves no room for anything else
    constraint: calls?.isDemanded ? undefined : constraint,
    thoughts: dialect && (start === 'eager' || start === 'whole') ? thoughts : 'none',
    isInHeader: opened === 'header',
    notation,
  };
}

function describeCalls({ tools, toolChoice, parallel }: NonNullable<Plan['calls']>, start: GrammarStart): CallsToBind {
  return { tools, toolChoice, parallel, start };
}
