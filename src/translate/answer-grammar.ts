import type { Span } from '../dialects/dialect.ts';
import { choice, optional, repeat, sequence, text, until } from '../grammars/build.ts';
import type { Grammar, JsonNode, Node, Unenforced } from '../grammars/ir.ts';
import { readRegex } from '../grammars/regex/read-regex.ts';
import gbnf from '../grammars/targets/gbnf.ts';
import { compileDialect } from '../parsing/compile-dialect.ts';
import { callGrammar } from '../parsing/grammar/call-grammar.ts';
import type { Constraint } from '../protocol/constraint.ts';
import type { JsonValue } from '../protocol/json.ts';
import type { KnownDialect } from './model-knowledge.ts';
import type { Plan } from './plan.ts';

/** What binds an answer from its first token. */
export interface AnswerGrammar {
  /** in llama.cpp's notation */
  readonly text: string;
  /** what of the schema it does not hold */
  readonly unenforced: readonly Unenforced[];
}

/** What an answer follows on. */
export interface AnsweredPrompt {
  /** how the prompt ended */
  readonly tail: string;
  /** the model is known to think in a block of its own */
  readonly mayThink: boolean;
}

/** Constraints that a grammar can hold. */
export type GrammarConstraint = Extract<Constraint, { readonly kind: 'json-object' | 'json-schema' | 'regex' | 'choice' }>;

const mostKept = 64;
const kept = new Map<string, AnswerGrammar>();

/**
 * The grammar of an answer: calls where they are demanded, else what the request's constraint allows (or a call, where tools are offered too). Thoughts that the
 * prompt has opened, or that a thinking model may open, come first. Undefined where nothing binds it.
 * Throws `invalid_request` for a schema or pattern that cannot be enforced at all.
 */
export function writeAnswerGrammar(plan: Plan, prompt: AnsweredPrompt): AnswerGrammar | undefined {
  if (plan.enforcement !== 'engine') return undefined;
  const thoughts = plan.dialect ? thoughtsOf(plan.dialect, prompt) : 'none';
  const key = keyOf(plan, thoughts);
  const known = kept.get(key) ?? writeGrammar(plan, thoughts);
  kept.delete(key);
  kept.set(key, known);
  const [oldest] = kept.keys();
  if (kept.size > mostKept && oldest !== undefined) kept.delete(oldest);
  return known;
}

/** Thousands of agents ask for the same: the same wishes of the same dialect give the same grammar. */
function keyOf({ dialect, calls, constraint }: Plan, thoughts: Thoughts): string {
  const wished = calls && [calls.tools, calls.toolChoice, calls.parallel];
  return JSON.stringify([dialect?.name, dialect?.specialMarkers, constraint, wished, thoughts]);
}

function writeGrammar({ dialect, calls, constraint }: Plan, thoughts: Thoughts): AnswerGrammar {
  const isDemanded = calls !== undefined && calls.toolChoice !== 'auto' && calls.toolChoice !== 'none';
  const parts: { readonly grammar: Grammar; readonly unenforced: readonly Unenforced[] }[] = [];
  if (dialect && calls && calls.tools.length > 0 && (isDemanded || constraint)) {
    const { definition } = dialect;
    const reasoning = isDemanded ? thoughts : 'none';
    parts.push(callGrammar({ dialect: definition, tools: calls.tools, toolChoice: calls.toolChoice, parallel: calls.parallel, reasoning }));
  }
  if (constraint && !isDemanded) parts.push({ grammar: describeConstraint(constraint as GrammarConstraint), unenforced: [] });
  const rules = new Map(parts.flatMap(({ grammar }) => [...grammar.rules]));
  const root = choice(parts.map(({ grammar }) => grammar.root));
  const whole = dialect && !isDemanded ? sequence([describeThoughts(dialect, thoughts), root]) : root;
  const written = gbnf.write({ root: whole, rules });
  return { text: written.text, unenforced: [...parts.flatMap(({ unenforced }) => unenforced), ...written.unenforced] };
}

function describeConstraint(constraint: GrammarConstraint): Grammar {
  if (constraint.kind === 'regex') return readRegex(constraint.pattern).grammar;
  const root = constraint.kind === 'choice' ? choice(constraint.options.map(text)) : describeJson(schemaOf(constraint));
  return { root, rules: new Map() };
}

/** The schema that a constraint stands for; undefined where it is none. */
export function schemaOf(constraint: Constraint): JsonValue {
  return constraint.kind === 'json-schema' ? constraint.schema : { type: 'object' };
}

function describeJson(schema: JsonValue): JsonNode {
  return { kind: 'json', schema, whitespace: 'loose', notation: 'json' };
}

type Thoughts = 'none' | 'open' | 'optional';

/** Whether the prompt's tail has opened the model's thoughts, or leaves it free to. */
function thoughtsOf({ definition }: KnownDialect, { tail, mayThink }: AnsweredPrompt): Thoughts {
  const [block] = blocksOf(definition.layout);
  if (!block) return 'none';
  const events = compileDialect(definition).openParser({ tools: [], toolChoice: 'none', promptTail: tail }).push('x');
  if (events.some(({ type }) => type === 'reasoning-delta')) return 'open';
  return mayThink && !tail.includes(spell(block.close)) ? 'optional' : 'none';
}

function describeThoughts({ definition }: KnownDialect, state: Thoughts): Node {
  const [block] = blocksOf(definition.layout);
  if (state === 'none' || !block) return sequence([]);
  const rest = sequence([until([spell(block.open), spell(block.close)]), text(spell(block.close)), repeat(text('\n'), 0, 2)]);
  return state === 'open' ? rest : optional(sequence([text(spell(block.open)), rest]));
}

function blocksOf(layout: KnownDialect['definition']['layout']): readonly Span[] {
  if (layout.kind !== 'inline' || layout.reasoning === undefined) return [];
  return Array.isArray(layout.reasoning) ? (layout.reasoning as readonly Span[]) : [layout.reasoning as Span];
}

function spell(mark: Span['open']): string {
  return typeof mark === 'string' ? mark : mark.text;
}
