import type { Fact } from '../../models/model.ts';
import type { GenerateRequest } from '../../protocol/request.ts';
import type { ModelKnowledge } from '../model-knowledge.ts';

/** What the steps look at of what is known of a model. */
export type FactsOf = Pick<ModelKnowledge, 'family' | 'model' | 'dialect'>;

/** What the operator says, and what the engine can do, where that decides how a fact acts. */
export interface FactSettings {
  /** tools a model is told of where a request does not say: the likeliest ones up to that number, or (`auto`) up to its family's soft cap; default `off`: all */
  readonly toolSelection?: number | 'auto' | 'off';
  /** calls and results are told in words to models that take no results; default true */
  readonly foldsToolTurns?: boolean;
  /** the plan will be `prompted`, which tells calls and results by itself; default: where no dialect is known */
  readonly isPrompted?: boolean;
  /** the engine takes `top_k` and `repetition_penalty`, which are not OpenAI's; default true */
  readonly takesTopK?: boolean;
  /** the engine takes variables of the chat template, or we render; default true */
  readonly takesTemplateVariables?: boolean;
  /** the engine is told the effort of reasoning itself, so that a model without a known switch needs no warning; default false */
  readonly takesReasoningEffort?: boolean;
}

/** What a step may look at, and how it tells what it did. */
export interface StepContext {
  readonly knowledge: FactsOf;
  readonly settings: FactSettings;
  /** Notes a change, in a word for the answer's header. */
  readonly act: (word: string) => void;
  /** Says to the log what was done or found, why, and how to prevent it. */
  readonly warn: (sentence: string) => void;
}

/** Changes a request as one fact of the model's family wants it. A request that needs no change comes back as the same object. */
export type FactStep = (request: GenerateRequest, context: StepContext) => GenerateRequest;

/** Where a fact is known from, for the end of a sentence. */
export function sourceOf({ source, isAssumed }: Fact<unknown>): string {
  return isAssumed ? `assumed, not read in its files: ${source}` : source;
}

/** Whether the request has tools and the model may call one. */
export function mayCallTools({ tools, toolChoice }: GenerateRequest): boolean {
  return (tools?.length ?? 0) > 0 && toolChoice !== 'none';
}
