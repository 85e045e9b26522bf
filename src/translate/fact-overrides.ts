import type { ModelDefinition, SamplingPolicy } from '../models/model.ts';
import type { EngineModel } from '../protocol/engine.ts';
import type { ToolPreamble } from '../protocol/request.ts';

/** What the operator knows better than the model's family, its chat template or its engine. Absent: those. */
export interface FactOverrides {
  /** a family of `src/models` whose facts hold, by the name of a model */
  readonly likeModel?: string;
  /** the name of a dialect, of the house or the operator's own; `prompted`: asked in words */
  readonly dialect?: string;
  /** tokens of prompt and answer together */
  readonly contextTokens?: number;
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  readonly sampling?: SamplingPolicy;
  /** false: requests with tools are refused */
  readonly tools?: boolean;
  readonly parallelCalls?: boolean;
  readonly multiTurnTools?: boolean;
  readonly images?: boolean;
  readonly toolSoftCap?: number;
  readonly toolSelection?: number | 'auto' | 'off';
  readonly constrainToolCalls?: boolean | 'auto';
  readonly toolPreamble?: ToolPreamble;
  /** how often a model is asked again for calls that cannot be read, 0 to 5 */
  readonly repairs?: number;
}

/** Where the operator's word is told as the source of a fact. */
const source = 'the configuration';

/** A model's facts as its engine tells them, with the operator's in their place. */
export function overrideModel(model: EngineModel, { contextTokens, inputTokens, images }: FactOverrides): EngineModel {
  const context = contextTokens ?? inputTokens;
  return {
    ...model,
    ...(context === undefined ? {} : { contextTokens: context }),
    ...(images === undefined ? {} : { capabilities: { ...model.capabilities, hasImages: images } }),
  };
}

/** A family's facts with the operator's in their place; undefined where nobody says anything. */
export function overrideFamily(family: ModelDefinition | undefined, overrides: FactOverrides): ModelDefinition | undefined {
  const { sampling, parallelCalls, multiTurnTools, toolSoftCap } = overrides;
  const said = Object.entries({ sampling, parallelCalls, multiTurnTools, toolSoftCap }).filter(([, value]) => value !== undefined);
  if (said.length === 0) return family;
  const facts = Object.fromEntries(said.map(([name, value]) => [name, { value, source }]));
  return { ...(family ?? unknownFamily), ...facts };
}

/** A family of which nothing is known. */
const unknownFamily: ModelDefinition = {
  about: 'known from the configuration only',
  match: [],
  examples: [],
  dialect: { value: 'prompted', source },
  reasoning: { value: { kind: 'none' }, source, isAssumed: true },
};
