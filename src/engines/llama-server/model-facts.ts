import type { EngineModel } from '../../protocol/engine.ts';
import { GatewayError } from '../../protocol/error.ts';
import type { Vocabulary } from './vocabulary.ts';

/** What `/props` and `/v1/models` tell of the one model that a llama-server serves. */
export interface ServerFacts {
  /** the names it answers to */
  readonly names: readonly string[];
  /** tokens of one slot */
  readonly contextTokens: number;
  readonly slots: number;
  readonly vocabularyTokens: number;
  /** tells whether another model is served since */
  readonly identity: string;
  /** spellings, by role */
  readonly bos: string | undefined;
  readonly eos: string | undefined;
  /** what of its description is the same for every engine */
  readonly described: Omit<EngineModel, 'id' | 'contextTokens' | 'specialTokens'>;
}

/** Reads both answers. Throws `engine_failed` for what isn't a llama-server with a model. Source: llama.cpp b11434. */
export function readServerFacts(props: unknown, list: unknown): ServerFacts {
  const { default_generation_settings, total_slots, model_path, build_info, bos_token, eos_token, ...rest } = fieldsOf(props);
  const contextTokens = numberIn(fieldsOf(default_generation_settings).n_ctx);
  const slots = numberIn(total_slots);
  const meta = fieldsOf(readEntries(list)[0]?.meta);
  const vocabularyTokens = numberIn(meta.n_vocab);
  const names = readNames(list);
  if (contextTokens === undefined || slots === undefined || vocabularyTokens === undefined || names.length === 0) throw noServer();
  return {
    ...{ names, contextTokens, slots, vocabularyTokens, bos: textIn(bos_token), eos: textIn(eos_token) },
    identity: JSON.stringify([model_path, build_info, vocabularyTokens]),
    described: describe(meta, rest),
  };
}

/** The names in the answer of `/v1/models`. */
export function readNames(list: unknown): readonly string[] {
  return readEntries(list).flatMap(({ id }) => (typeof id === 'string' ? [id] : []));
}

function readEntries(list: unknown): readonly Fields[] {
  const { data } = fieldsOf(list);
  return Array.isArray(data) ? data.map(fieldsOf) : [];
}

function describe(meta: Fields, props: Fields): ServerFacts['described'] {
  const facts = {
    trainedContextTokens: numberIn(meta.n_ctx_train),
    vocabularyTokens: numberIn(meta.n_vocab),
    parameters: numberIn(meta.n_params),
    sizeBytes: numberIn(meta.size),
    embeddingLength: numberIn(meta.n_embd),
    quantisation: textIn(meta.ftype) ?? textIn(props.model_ftype),
    chatTemplate: textIn(props.chat_template),
  };
  const forTools = textIn(props.chat_template_tool_use);
  const told = Object.fromEntries(Object.entries(facts).filter(([, fact]) => fact !== undefined));
  return { ...told, ...(forTools === undefined ? {} : { templateVariants: { tool_use: forTools } }) };
}

/** The model under one of its names; `contextTokens` as the operator says, else one slot's. */
export function describeModel(
  id: string,
  { facts, vocabulary, hasEmbeddings }: { readonly facts: ServerFacts; readonly vocabulary: Vocabulary; readonly hasEmbeddings: boolean },
  contextTokens = facts.contextTokens,
): EngineModel {
  const { bos, eos, slots, described } = facts;
  return {
    id,
    contextTokens,
    ...described,
    specialTokens: {
      ...(bos === undefined ? {} : { bos }),
      ...(eos === undefined ? {} : { eos }),
      addsBos: vocabulary.begin !== undefined,
      control: vocabulary.controls.spellings,
    },
    capabilities: { slots, hasEmbeddings },
  };
}

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

function numberIn(value: unknown): number | undefined {
  return typeof value === 'number' && value > 0 ? value : undefined;
}

function textIn(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function noServer(): GatewayError {
  return new GatewayError(
    'engine_failed',
    'The address answers, but not as a llama-server with one loaded model: `/props` or `/v1/models` lack what it tells. Name a server started with `--model`, not a router.',
  );
}
