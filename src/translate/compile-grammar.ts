import type { DialectDefinition, Span } from '../dialects/dialect.ts';
import { choice, optional, repeat, sequence, text, until } from '../grammars/build.ts';
import { derive } from '../grammars/derive.ts';
import type { Grammar, JsonNode, Node, Unenforced } from '../grammars/ir.ts';
import { readRegex } from '../grammars/regex/read-regex.ts';
import gbnf from '../grammars/targets/gbnf.ts';
import { readUserGrammar } from '../grammars/user-grammar/read-user-grammar.ts';
import { callGrammar } from '../parsing/grammar/call-grammar.ts';
import type { Constraint } from '../protocol/constraint.ts';
import { GatewayError } from '../protocol/error.ts';
import type { JsonValue } from '../protocol/json.ts';
import type { CallsToBind, GrammarJob, Thoughts } from './grammar-job.ts';

/** What binds an answer; plain data. */
export interface AnswerGrammar {
  /** in llama.cpp's notation: of the whole answer, or of what follows `trigger`; empty where a lazy grammar has no trigger */
  readonly text: string;
  /** lazy grammars: the opener of calls that `text` goes on from; undefined where the format has none */
  readonly trigger: string | undefined;
  /** what of the schemas it does not hold */
  readonly unenforced: readonly Unenforced[];
}

/**
 * Compiles what binds an answer. Pure; its time grows with the schemas. Throws `invalid_request` for a schema, pattern or grammar that cannot be
 * enforced at all, saying what of it and what to do.
 */
export function compileGrammar(job: GrammarJob): AnswerGrammar {
  const { dialect, calls } = job;
  return dialect && calls?.start === 'lazy' ? compileLazy(dialect, calls) : compileEager(job);
}

function compileLazy(dialect: DialectDefinition, calls: CallsToBind): AnswerGrammar {
  const { grammar, triggers, unenforced } = lazyCallGrammar(dialect, calls);
  const [trigger] = triggers;
  const rest = trigger === undefined ? undefined : derive(grammar, trigger);
  if (!rest) return { text: '', trigger: undefined, unenforced };
  const written = gbnf.write(rest);
  return { text: written.text, trigger, unenforced: [...unenforced, ...written.unenforced] };
}

/** The calls of one region, from its opener on; where only one call is wanted, it is the end of the answer. */
export function lazyCallGrammar(dialect: DialectDefinition, { tools, parallel }: Pick<CallsToBind, 'tools' | 'parallel'>) {
  return callGrammar({ dialect, tools, parallel, mode: 'lazy', trailing: parallel ? 'any-text' : 'end' });
}

function compileEager({ dialect, calls, constraint, thoughts, isInHeader }: GrammarJob): AnswerGrammar {
  const parts: { readonly grammar: Grammar; readonly unenforced: readonly Unenforced[] }[] = [];
  if (dialect && calls) {
    const { tools, toolChoice, parallel } = calls;
    const frameStart = isInHeader ? 'header' : 'frame';
    // beside a constraint the thoughts come before both
    parts.push(callGrammar({ dialect, tools, toolChoice, parallel, frameStart, reasoning: constraint ? 'none' : thoughts }));
  }
  if (constraint) parts.push({ grammar: describeConstraint(constraint), unenforced: [] });
  const rules = new Map(parts.flatMap(({ grammar }) => [...grammar.rules]));
  const root = choice(parts.map(({ grammar }) => grammar.root));
  const whole = dialect && constraint ? sequence([describeThoughts(dialect, thoughts), root]) : root;
  const written = gbnf.write({ root: whole, rules });
  return { text: written.text, trigger: undefined, unenforced: [...parts.flatMap((part) => part.unenforced), ...written.unenforced] };
}

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
      throw new GatewayError('unsupported_feature', 'Structural tags are not part of this version yet.', { param: 'structured_outputs' });
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

function describeThoughts({ layout }: DialectDefinition, state: Thoughts): Node {
  const [block] = blocksOf(layout);
  if (state === 'none' || !block) return sequence([]);
  const rest = sequence([until([spell(block.open), spell(block.close)]), text(spell(block.close)), repeat(text('\n'), 0, 2)]);
  return state === 'open' ? rest : optional(sequence([text(spell(block.open)), rest]));
}

function blocksOf(layout: DialectDefinition['layout']): readonly Span[] {
  if (layout.kind !== 'inline' || layout.reasoning === undefined) return [];
  return Array.isArray(layout.reasoning) ? (layout.reasoning as readonly Span[]) : [layout.reasoning as Span];
}

function spell(mark: Span['open']): string {
  return typeof mark === 'string' ? mark : mark.text;
}
