import { type EngineModel, unknownContextTokens } from '../../protocol/engine.ts';

/** How much effort an answer may take, in the words of the API, the least first. */
export const effortLevels = ['low', 'medium', 'high', 'xhigh', 'max'] as const;
/** One of the levels. */
export type Effort = (typeof effortLevels)[number];

/** Ways of thinking that a request can ask for. */
const thinkingTypes = ['adaptive', 'enabled', 'disabled'] as const;
/** One of the ways. */
export type ThinkingType = (typeof thinkingTypes)[number];

/** What the API tells of a model. A field that is undefined was not told: compatible servers tell names only. */
export interface ModelFacts {
  readonly id: string;
  /** tokens of a prompt */
  readonly contextTokens?: number;
  /** most tokens of an answer */
  readonly answerTokens?: number;
  readonly hasImages?: boolean;
  /** it holds answers and tools to schemas */
  readonly hasFormats?: boolean;
  readonly thinking?: ReadonlySet<ThinkingType>;
  readonly efforts?: ReadonlySet<Effort>;
}

/** A page of the list of models. */
export interface ModelPage {
  readonly models: readonly ModelFacts[];
  /** the id after which the next page begins; undefined: this was the last */
  readonly next: string | undefined;
}

/** Reads a page of `GET /v1/models`. Models without an id are left out. Source: @anthropic-ai/sdk 0.137.0 (2026-10-20), `ModelInfo` and `Page`; API version 2023-06-01. */
export function readModelPage(answer: unknown): ModelPage {
  const { data, has_more, last_id } = fieldsOf(answer);
  const models = Array.isArray(data) ? data.flatMap((entry) => readModel(entry) ?? []) : [];
  return { models, next: has_more === true && typeof last_id === 'string' ? last_id : undefined };
}

/** Reads one model; undefined where it isn't one. */
export function readModel(entry: unknown): ModelFacts | undefined {
  const { id, max_input_tokens, max_tokens, capabilities } = fieldsOf(entry);
  if (typeof id !== 'string') return undefined;
  const known = fieldsOf(capabilities);
  const contextTokens = countOf(max_input_tokens);
  const answerTokens = countOf(max_tokens);
  const hasImages = supports(known.image_input);
  const hasFormats = supports(known.structured_outputs);
  const thinking = supports(known.thinking) === false ? noThinking : pick(thinkingTypes, fieldsOf(known.thinking).types);
  const efforts = supports(known.effort) === false ? new Set<Effort>() : pick(effortLevels, known.effort);
  return {
    id,
    ...(contextTokens === undefined ? {} : { contextTokens }),
    ...(answerTokens === undefined ? {} : { answerTokens }),
    ...(hasImages === undefined ? {} : { hasImages }),
    ...(hasFormats === undefined ? {} : { hasFormats }),
    ...(thinking === undefined ? {} : { thinking }),
    ...(efforts === undefined ? {} : { efforts }),
  };
}

const noThinking: ReadonlySet<ThinkingType> = new Set(['disabled'] as const);

/** A model as the gateway knows it. `contextTokens`, where given, wins over what the API tells. */
export function describeModel(facts: ModelFacts, contextTokens = facts.contextTokens ?? unknownContextTokens): EngineModel {
  return {
    id: facts.id,
    contextTokens,
    specialTokens: { addsBos: false, control: [] },
    ...(facts.hasImages === false ? { capabilities: { hasImages: false } } : {}),
  };
}

function countOf(value: unknown): number | undefined {
  return typeof value === 'number' && value > 0 ? value : undefined;
}

/** Reads `{supported: boolean}`. */
function supports(capability: unknown): boolean | undefined {
  const { supported } = fieldsOf(capability);
  return typeof supported === 'boolean' ? supported : undefined;
}

/** The names whose capability is told as supported; undefined where none of them is told at all. */
function pick<Name extends string>(names: readonly Name[], capabilities: unknown): ReadonlySet<Name> | undefined {
  const fields = fieldsOf(capabilities);
  if (!names.some((name) => supports(fields[name]) !== undefined)) return undefined;
  return new Set(names.filter((name) => supports(fields[name])));
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
