import type { GenerateRequest } from '../../protocol/request.ts';
import type { FactSettings, FactStep, FactsOf } from './fact-step.ts';
import { foldToolTurns } from './fold-tool-turns.ts';
import { limitToOneCall } from './one-call.ts';
import { applySampling } from './sampling-policy.ts';
import { limitTools } from './select-tools.ts';
import { switchThinking } from './switch-thinking.ts';

/** A request as the model's family wants it, and what was changed for that. */
export interface ActedRequest {
  readonly request: GenerateRequest;
  /** what was changed, in words for the answer's header: `temperature`, `one-call`, `tools-5-of-12`, `folded` … */
  readonly acts: readonly string[];
  /** what was done or found, why, and how to prevent it; the same sentence for every request it is true of */
  readonly warnings: readonly string[];
}

/** The order counts: sampling asks whether the model will think, and folding hides which tools were called. */
const steps: readonly FactStep[] = [switchThinking, applySampling, limitToOneCall, limitTools, foldToolTurns];

/**
 * Lets the facts of a model's family act on a request, before it is planned. What the caller said stays; a fact that is not known changes nothing.
 * A request that needs no change comes back as the same object.
 */
export function actOnFacts(request: GenerateRequest, knowledge: FactsOf, settings: FactSettings = {}): ActedRequest {
  const acts: string[] = [];
  const warnings: string[] = [];
  const context = { knowledge, settings, act: (word: string) => acts.push(word), warn: (sentence: string) => warnings.push(sentence) };
  return { request: steps.reduce((changed, step) => step(changed, context), request), acts, warnings };
}
