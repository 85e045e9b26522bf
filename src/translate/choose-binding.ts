import { isToldByOpener } from '../parsing/grammar/mixed-answer.ts';
import type { Constraint } from '../protocol/constraint.ts';
import type { EngineCapabilities, GrammarNotation } from '../protocol/engine.ts';
import type { JsonObject, JsonValue } from '../protocol/json.ts';
import type { Tool } from '../protocol/message.ts';
import type { GenerateRequest } from '../protocol/request.ts';
import type { KnownDialect, ModelKnowledge } from './model-knowledge.ts';
import type { CallPlan } from './plan.ts';

/** What binds an answer while it is written. */
export type AnswerBinding =
  /** a grammar of ours: from the first token on, or (as the engine can) from where the model begins a call */
  | {
      readonly by: 'grammar';
      readonly notation: GrammarNotation;
      readonly start: 'eager' | NonNullable<EngineCapabilities['lazyGrammars']>;
    }
  /** a word of the engine's own */
  | { readonly by: 'engine'; readonly constraint: Constraint };

/** Whether something is wished that a finished answer can miss. */
export function isEnforced(constraint: Constraint | undefined, { isDemanded, tools }: CallPlan): boolean {
  return constraint !== undefined || isDemanded || tools.some(({ strict }) => strict);
}

/** What holds an answer that is no call to a constraint; undefined: nothing does, it is looked at when it is whole. */
export function bindText(constraint: Constraint, capabilities: EngineCapabilities): AnswerBinding | undefined {
  const { grammars } = capabilities;
  if (grammars !== undefined) return { by: 'grammar', notation: grammars, start: 'eager' };
  return takesNatively(constraint, capabilities) ? { by: 'engine', constraint } : undefined;
}

/** Whether the engine has a word of its own for a constraint. */
export function takesNatively({ kind }: Constraint, { constraints }: EngineCapabilities): boolean {
  const names: readonly string[] = constraints;
  return names.includes(kind === 'json-object' ? 'json-schema' : kind);
}

/** What calls are bound by depends on. */
interface Situation {
  readonly dialect: KnownDialect | undefined;
  readonly knowledge: ModelKnowledge;
  readonly capabilities: EngineCapabilities;
}

/**
 * Demanded calls and constraints bind from the start; calls that the model may write are bound once begun where it is small, where it is asked for, and where a
 * tool is `strict`. An engine that knows schemas only holds a demanded call to our own format, which is JSON.
 */
export function bindCalls(
  request: GenerateRequest,
  calls: CallPlan,
  { dialect, knowledge, capabilities }: Situation,
): AnswerBinding | undefined {
  const { grammars, lazyGrammars, constraints } = capabilities;
  if (grammars === undefined) {
    const isHeld = calls.isDemanded && dialect === knowledge.prompted && constraints.includes('json-schema');
    return isHeld ? { by: 'engine', constraint: { kind: 'json-schema', schema: describeCalls(calls), strict: true } } : undefined;
  }
  if (request.constraint || calls.isDemanded) return { by: 'grammar', notation: grammars, start: 'eager' };
  if (calls.tools.length === 0 || lazyGrammars === undefined) return undefined;
  // only an engine that runs our parser can tell calls that begin without a mark
  if (lazyGrammars !== 'regions' && !(dialect && isToldByOpener(dialect.definition))) return undefined;
  const isStrict = calls.tools.some(({ strict }) => strict);
  const isWished = isStrict || (request.constrainToolCalls ?? knowledge.constrainsToolCalls);
  return isWished ? { by: 'grammar', notation: grammars, start: lazyGrammars } : undefined;
}

/** Most calls of one answer: a small model that repeats itself comes to an end. */
const mostCalls = 16;

/** The schema of a call in our own format, or of a list of them. */
function describeCalls({ tools, parallel, toolChoice }: CallPlan): JsonValue {
  const calls = tools.map(describeCall);
  const [only] = calls;
  const one = calls.length === 1 && only ? only : { anyOf: calls };
  if (!parallel || typeof toolChoice === 'object') return one;
  return { anyOf: [...calls, { type: 'array', items: one, minItems: 1, maxItems: mostCalls }] };
}

function describeCall({ name, parameters }: Tool): JsonObject {
  return {
    type: 'object',
    properties: { name: { const: name }, arguments: parameters ?? { type: 'object' } },
    required: ['name', 'arguments'],
    additionalProperties: false,
  };
}
