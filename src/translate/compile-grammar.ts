import type { DialectDefinition } from '../dialects/dialect.ts';
import { anyText, choice, text } from '../grammars/build.ts';
import { derive } from '../grammars/derive.ts';
import type { Grammar, JsonNode, Unenforced } from '../grammars/ir.ts';
import { readRegex } from '../grammars/regex/read-regex.ts';
import ebnf from '../grammars/targets/ebnf.ts';
import gbnf from '../grammars/targets/gbnf.ts';
import structuralTag from '../grammars/targets/structural-tag.ts';
import { readStructuralTag } from '../grammars/user-grammar/read-structural-tag.ts';
import { readUserGrammar } from '../grammars/user-grammar/read-user-grammar.ts';
import { type CallGrammar, callGrammar } from '../parsing/grammar/call-grammar.ts';
import type { Constraint } from '../protocol/constraint.ts';
import type { GrammarNotation } from '../protocol/engine.ts';
import type { JsonValue } from '../protocol/json.ts';
import type { CallsToBind, GrammarJob, Thoughts } from './grammar-job.ts';

/** What binds an answer; plain data. */
export interface AnswerGrammar {
  /** of the whole answer, or of what follows `trigger`; empty where a lazy grammar has no trigger */
  readonly text: string;
  /** grammars that bind calls once begun: the opener that `text` goes on from; undefined where the format has none */
  readonly trigger: string | undefined;
  /** what of the schemas it does not hold */
  readonly unenforced: readonly Unenforced[];
}

/**
 * Compiles what binds an answer. Pure; its time grows with the schemas. Throws `invalid_request` for a schema, pattern or grammar that cannot be
 * enforced at all, saying what of it and what to do.
 */
export function compileGrammar(job: GrammarJob): AnswerGrammar {
  const { dialect, calls, notation } = job;
  if (!dialect || !calls || calls.start === 'eager') return compileEager(job);
  if (calls.start === 'whole') return compileMixed(dialect, calls, job);
  const lazy = calls.start === 'regions' ? lazyCallGrammar(dialect, calls) : mixedCallGrammar(dialect, calls, 'none');
  return restBehindTrigger(lazy, notation);
}

function restBehindTrigger({ grammar, triggers, unenforced }: CallGrammar, notation: GrammarNotation): AnswerGrammar {
  const [trigger] = triggers;
  const rest = trigger === undefined ? undefined : derive(grammar, trigger);
  return rest ? write(rest, { unenforced, notation, trigger }) : { text: '', trigger: undefined, unenforced };
}

function compileMixed(dialect: DialectDefinition, calls: CallsToBind, { thoughts, notation }: GrammarJob): AnswerGrammar {
  const { grammar, triggers, unenforced } = mixedCallGrammar(dialect, calls, thoughts);
  // without an opener calls are not told from text
  return triggers.length === 0 ? { text: '', trigger: undefined, unenforced } : write(grammar, { unenforced, notation });
}

/** Text, and calls wherever the model begins one. */
function mixedCallGrammar(dialect: DialectDefinition, { tools, parallel }: CallsToBind, reasoning: Thoughts): CallGrammar {
  return callGrammar({ dialect, tools, parallel, mode: 'mixed', reasoning });
}

/** The calls of one region, from its opener on; where only one call is wanted, it is the end of the answer. */
export function lazyCallGrammar(dialect: DialectDefinition, { tools, parallel }: Pick<CallsToBind, 'tools' | 'parallel'>) {
  return callGrammar({ dialect, tools, parallel, mode: 'lazy', trailing: parallel ? 'any-text' : 'end' });
}

function compileEager({ dialect, calls, constraint, thoughts, isInHeader, notation }: GrammarJob): AnswerGrammar {
  const wish = constraint && describeConstraint(constraint);
  if (!dialect) return write(wish ?? noGrammar, { unenforced: [], notation });
  const { tools = [], toolChoice = 'auto', parallel = true } = calls ?? {};
  const frameStart = isInHeader ? 'header' : 'frame';
  const text = wish && { text: wish.root };
  const { grammar, unenforced } = callGrammar({ dialect, tools, toolChoice, parallel, frameStart, reasoning: thoughts, ...text });
  return write({ root: grammar.root, rules: new Map([...(wish?.rules ?? []), ...grammar.rules]) }, { unenforced, notation });
}

interface Writing {
  readonly unenforced: readonly Unenforced[];
  readonly notation: GrammarNotation;
  readonly trigger?: string | undefined;
}

const targets = { gbnf, ebnf, 'structural-tag': structuralTag } as const satisfies Record<GrammarNotation, unknown>;

function write(grammar: Grammar, { unenforced, notation, trigger }: Writing): AnswerGrammar {
  const written = targets[notation].write(grammar);
  return { text: written.text, trigger, unenforced: [...unenforced, ...written.unenforced] };
}

const noGrammar: Grammar = { root: anyText, rules: new Map() };

function describeConstraint(constraint: Constraint): Grammar {
  switch (constraint.kind) {
    case 'regex':
      return readRegex(constraint.pattern).grammar;
    case 'grammar':
      return readUserGrammar(constraint.grammar);
    case 'choice':
      return { root: choice(constraint.options.map(text)), rules: new Map() };
    case 'json-object':
    case 'json-schema':
      return { root: describeJson(schemaOf(constraint)), rules: new Map() };
    case 'structural-tag':
      return readStructuralTag(constraint.tag);
    default:
      return constraint satisfies never;
  }
}

/** The schema that a JSON constraint stands for. */
export function schemaOf(constraint: Extract<Constraint, { readonly kind: 'json-object' | 'json-schema' }>): JsonValue {
  return constraint.kind === 'json-schema' ? constraint.schema : { type: 'object' };
}

function describeJson(schema: JsonValue): JsonNode {
  return { kind: 'json', schema, whitespace: 'loose', notation: 'json' };
}
