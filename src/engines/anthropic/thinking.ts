import type { JsonObject } from '../../protocol/json.ts';
import type { ReasoningEffort } from '../../protocol/request.ts';
import { type Effort, effortLevels, type ModelFacts } from './model-facts.ts';
import { unsupported } from './refuse.ts';

/** What is asked about thoughts. */
export interface ThinkingQuestion {
  readonly effort: ReasoningEffort | undefined;
  readonly facts: ModelFacts;
  /** as the caller gave it; undefined: the model's most, or a default */
  readonly maxTokens: number | undefined;
  /** the answer must be a call */
  readonly isForced: boolean;
  /** the conversation ends with results of calls whose thoughts are not known */
  readonly lacksThoughts: boolean;
  /** hears what could not be as it was asked for */
  readonly note: (what: string) => void;
}

/** The fields of a request about thoughts, and the limit of its answer. */
export interface ThinkingFields {
  readonly thinking?: JsonObject;
  readonly effort?: Effort;
  readonly maxTokens: number;
}

const defaultMaxTokens = 4096;
/** Fewest tokens of thoughts that the API takes. */
const leastBudget = 1024;

const budgets: Readonly<Record<Exclude<ReasoningEffort, 'none'>, number>> = {
  minimal: leastBudget,
  low: 2000,
  medium: 5000,
  high: 10_000,
  xhigh: 16_000,
  max: 32_000,
};

/**
 * Says how long a model may think, in the way it knows: adaptive thinking and an effort, or a budget of tokens (low 2000, medium 5000, high 10000). A budget is
 * part of the answer's tokens: a smaller limit is raised by it. With a budget the API takes neither a forced call nor results of calls without
 * the thoughts before them: then the model answers at once. Throws `unsupported_feature` where a model can't think, or can't be kept from it.
 * Source: reference/engines.md 9; platform.claude.com, "Thinking", "Thinking in tool and multi-turn workflows" and "Effort", 2026.
 */
export function decideThinking(question: ThinkingQuestion): ThinkingFields {
  const { effort, facts, maxTokens } = question;
  const limit = maxTokens ?? facts.answerTokens ?? defaultMaxTokens;
  if (effort === undefined) return { maxTokens: limit };
  const types = facts.thinking ?? legacyTypes;
  const level = chooseLevel(effort, facts);
  if (effort === 'none') {
    if (types.has('disabled')) return { thinking: { type: 'disabled' }, maxTokens: limit };
    throw unsupported('reasoning_effort', `The model '${facts.id}' always thinks. Ask for the effort 'low', or leave it out.`);
  }
  const told = level === undefined ? {} : { effort: level };
  // thoughts are left out by newer models unless they are asked for
  if (types.has('adaptive')) return { thinking: { type: 'adaptive', display: 'summarized' }, ...told, maxTokens: limit };
  if (types.has('enabled')) return { ...told, ...decideBudget(question, budgets[effort], limit) };
  if (level !== undefined) return { effort: level, maxTokens: limit };
  if (effort === 'minimal') return { maxTokens: limit };
  throw unsupported('reasoning_effort', `The model '${facts.id}' does not think before it answers. Leave \`reasoning_effort\` out.`);
}

/** Whether the answer may begin with thoughts, and earlier ones belong into the conversation. */
export function mayThink(thinking: unknown, { thinking: types }: ModelFacts): boolean {
  if (typeof thinking === 'object' && thinking !== null) return (thinking as JsonObject).type !== 'disabled';
  return types?.has('adaptive') ?? false;
}

/** Before adaptive thinking, and on compatible servers. */
const legacyTypes: ReadonlySet<string> = new Set(['enabled', 'disabled']);

function decideBudget(
  { facts, maxTokens, isForced, lacksThoughts, note }: ThinkingQuestion,
  wished: number,
  limit: number,
): ThinkingFields {
  if (isForced || lacksThoughts) {
    note(isForced ? 'no thinking: the answer must be a call' : 'no thinking: the thoughts before the last calls are not known');
    return { maxTokens: limit };
  }
  const most = facts.answerTokens ?? Number.POSITIVE_INFINITY;
  const budget = Math.max(leastBudget, Math.min(wished, Math.floor(most / 2)));
  const raised = limit > budget ? limit : Math.min(limit + budget, most);
  if (raised !== limit && maxTokens !== undefined) note(`max_tokens raised from ${limit} to ${raised}: thoughts count`);
  return { thinking: { type: 'enabled', budget_tokens: budget }, maxTokens: raised };
}

/** The level that is asked for, or the next lower one that the model has; the lowest where it has none below. */
function chooseLevel(effort: ReasoningEffort, { efforts }: ModelFacts): Effort | undefined {
  if (efforts === undefined || efforts.size === 0 || effort === 'none') return undefined;
  const wished = effortLevels.indexOf(effort === 'minimal' ? 'low' : effort);
  return effortLevels.slice(0, wished + 1).findLast((level) => efforts.has(level)) ?? effortLevels.find((level) => efforts.has(level));
}
