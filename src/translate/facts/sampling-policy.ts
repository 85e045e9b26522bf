import type { ModelDefinition, SamplingPolicy, SamplingValues } from '../../models/model.ts';
import type { GenerateRequest, Sampling } from '../../protocol/request.ts';
import { type FactStep, mayCallTools, type StepContext, sourceOf } from './fact-step.ts';
import { willThink } from './thinking.ts';

/** Over a family's temperature for tools by more than this, calls get worse often enough to say so. */
const mostOverPolicy = 0.5;

/** The least temperature where several answers are asked for: near 0 they would be one answer, several times. */
const leastForSeveral = 0.7;

/** What a family says of, under our names, and what the caller would send. */
const valueNames = {
  temperature: 'temperature',
  topP: 'top_p',
  topK: 'top_k',
  repetitionPenalty: 'repetition_penalty',
} as const satisfies Partial<Record<keyof Sampling, string>>;

type ValueName = keyof typeof valueNames;
const openAiNames: readonly ValueName[] = ['temperature', 'topP'];
const allNames = Object.keys(valueNames) as ValueName[];

/**
 * Gives each sampling value that the request leaves out the family's own for the case: tools that may be called, thinking, or chat. A case that the family has
 * nothing for is met by the next. What the caller gave stays; a temperature far over the family's for tools is warned of.
 * With `n` over 1 a temperature of the family is at least 0.7.
 */
export const applySampling: FactStep = (request, context) => {
  const { family } = context.knowledge;
  const fact = family?.sampling;
  if (!fact) return request;
  warnOfHeat(request, context);
  const { label, values } = chooseCase(request, family, context.settings.takesReasoningEffort);
  if (!values) return request;
  const names = (context.settings.takesTopK ?? true) ? allNames : openAiNames;
  const left = names.filter((name) => values[name] !== undefined && request.sampling[name] === undefined);
  if (left.length === 0) return request;
  const policy = request.n > 1 ? { ...values, temperature: Math.max(values.temperature, leastForSeveral) } : values;
  const set = left.map((name) => [name, policy[name]] as const);
  for (const name of left) context.act(valueNames[name].replaceAll('_', '-'));
  const listed = set.map(([name, value]) => `${valueNames[name]} ${value}`).join(', ');
  const several = policy.temperature > values.temperature ? '; several answers would be equal at its own temperature' : '';
  context.warn(
    `'${context.knowledge.model.id}' gets ${listed} for ${label} where the request gives none (${sourceOf(fact)}${several}). Send values of your own to choose others.`,
  );
  return { ...request, sampling: { ...request.sampling, ...Object.fromEntries(set) } };
};

interface SamplingCase {
  readonly label: string;
  readonly values: SamplingValues | undefined;
}

function chooseCase(request: GenerateRequest, family: ModelDefinition, isTold: boolean | undefined): SamplingCase {
  const { tools, thinking, chat }: SamplingPolicy = family.sampling?.value ?? {};
  if (tools && mayCallTools(request)) return { label: 'requests with tools', values: tools };
  if (thinking && willThink(request, family, isTold)) return { label: 'answers after thinking', values: thinking };
  return { label: 'answers without tools or thinking', values: chat };
}

function warnOfHeat(request: GenerateRequest, { knowledge: { family, model }, warn }: StepContext): void {
  const { temperature } = request.sampling;
  const policy = family?.sampling?.value.tools?.temperature;
  if (!family?.sampling || policy === undefined || temperature === undefined || !mayCallTools(request)) return;
  if (temperature <= policy + mostOverPolicy) return;
  warn(
    `'${model.id}' calls tools well at a temperature near ${policy} (${sourceOf(family.sampling)}), and a request with tools is more than ${mostOverPolicy} over it. Send a lower one, or none.`,
  );
}
