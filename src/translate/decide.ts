import type { EngineCapabilities } from '../protocol/engine.ts';
import type { GenerateRequest } from '../protocol/request.ts';
import { actOnFacts } from './facts/act-on-facts.ts';
import type { FactSettings } from './facts/fact-step.ts';
import type { ModelKnowledge } from './model-knowledge.ts';
import { type Plan, planRequest } from './plan.ts';

/** What the operator says of the facts of model families. */
export type OperatorFacts = Pick<FactSettings, 'toolSelection' | 'foldsToolTurns'>;

/** A request as it will be met. */
export interface Decision {
  /** the caller's, as the model's family wants it */
  readonly request: GenerateRequest;
  readonly plan: Plan;
  /** what was changed for the family's sake, in words for the answer's header */
  readonly acts: readonly string[];
  readonly warnings: readonly string[];
}

/** Lets the facts of the model's family act on a request, and plans it. Pure. Throws what `planRequest` throws. */
export function decideRequest(
  given: GenerateRequest,
  knowledge: ModelKnowledge,
  { capabilities, facts = {} }: { readonly capabilities: EngineCapabilities; readonly facts?: OperatorFacts },
): Decision {
  // templates are rendered by us or by an engine that tells so; others have a word of their own for effort, or none
  const takesTemplateVariables = capabilities.prompts[0] === 'segments' || capabilities.showsTools;
  const first = knowledge.dialect === undefined ? planRequest(given, knowledge, capabilities) : undefined;
  const settings = {
    ...facts,
    takesTopK: capabilities.takesTopK ?? true,
    takesTemplateVariables,
    takesReasoningEffort: !takesTemplateVariables,
    // an engine that calls by its own means is given turns of tools as they are: there the facts act too
    isPrompted: first?.mode === 'prompted',
  };
  const { request: acted, acts, warnings } = actOnFacts(given, knowledge, settings);
  const request = acts.some((act) => /^(effort|thinking)-/.test(act)) ? withoutEffort(acted) : acted;
  const plan = request === given && first ? first : planRequest(request, knowledge, capabilities);
  return { request, plan, acts, warnings: [...warnings, ...plan.warnings] };
}

/** The variable that was set in its place says it. */
function withoutEffort({ reasoningEffort: _, ...request }: GenerateRequest): GenerateRequest {
  return request;
}
