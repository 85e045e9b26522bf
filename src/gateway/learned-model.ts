import { isDeepStrictEqual } from 'node:util';
import type { EngineCapabilities, EngineModel } from '../protocol/engine.ts';
import { GatewayError } from '../protocol/error.ts';
import { learnModel, type ModelKnowledge, type ModelSettings } from '../translate/model-knowledge.ts';

/** A model of one engine, with what is made once for it. */
export interface LearnedModel {
  readonly facts: EngineModel;
  /** what its engine can do with it */
  readonly capabilities: EngineCapabilities;
  /** What is known of it, found at the first use. A request may bring a chat template of its own where the operator trusts those. */
  readonly knowledge: (requestTemplate?: string) => ModelKnowledge;
}

/** What the operator says of a model. */
export interface LearningSettings extends ModelSettings {
  /** whether requests may bring a chat template; default false: a template is a program */
  readonly trustsRequestTemplates?: boolean;
}

const settingNames = ['formats', 'templates', 'toolPreamble', 'constrainToolCalls', 'overrides', 'trustsRequestTemplates'] as const;

/** Whether models that are learned by these are known the same. */
export function haveSameEffect(one: LearningSettings, other: LearningSettings): boolean {
  return settingNames.every((name) => isDeepStrictEqual(one[name], other[name]));
}

/** Chat templates of requests that are kept ready. */
const mostRequestTemplates = 8;

/** Prepares a model as its engine told it; nothing is found out before it is used. */
export function openLearnedModel(facts: EngineModel, ofEngine: EngineCapabilities, settings: LearningSettings): LearnedModel {
  let knowledge: ModelKnowledge | undefined;
  const byTemplate = new Map<string, ModelKnowledge>();
  const learnFor = (template: string): ModelKnowledge => {
    if (settings.trustsRequestTemplates !== true) throw refuseTemplate();
    const known = byTemplate.get(template) ?? learnModel(facts, { ...settings, templates: { default: template } });
    byTemplate.delete(template);
    byTemplate.set(template, known);
    const [oldest] = byTemplate.keys();
    if (byTemplate.size > mostRequestTemplates && oldest !== undefined) byTemplate.delete(oldest);
    return known;
  };
  const hasImages = settings.overrides?.images;
  return {
    facts,
    capabilities: { ...ofEngine, ...facts.capabilities, ...(hasImages === undefined ? {} : { hasImages }) },
    knowledge: (template) => (template === undefined ? (knowledge ??= learnModel(facts, settings)) : learnFor(template)),
  };
}

function refuseTemplate(): GatewayError {
  return new GatewayError(
    'unsupported_feature',
    "`chat_template` may not come from a client here: the model's own template is used. The operator may allow it with --trust-request-chat-template.",
    { param: 'chat_template' },
  );
}
