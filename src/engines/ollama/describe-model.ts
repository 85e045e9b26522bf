import type { EngineCapabilities, EngineModel, SpecialTokens } from '../../protocol/engine.ts';
import { preTokenizers } from '../../tokenizers/gguf-pre-tokenizers.ts';
import { isReadableRaw, type ModelFile } from './model-file.ts';
import type { VersionTraits } from './version.ts';

/** A model as Ollama serves it, with what requests to it need. */
export interface OllamaModel {
  readonly model: EngineModel;
  readonly version: VersionTraits;
  /** it can be told whether to think, and thinks apart from its answer */
  readonly thinks: boolean;
  /** texts at which its Modelfile stops it: Ollama's own template counts on these */
  readonly stops: readonly string[];
}

/** What is known of a model before it is described. */
export interface ModelSource {
  /** as `/api/tags` has it */
  readonly name: string;
  readonly sizeBytes?: number;
  /** the answer of `/api/show` */
  readonly shown: Fields;
  readonly file: ModelFile | undefined;
  readonly version: VersionTraits;
  /** as the operator says */
  readonly contextTokens: number | undefined;
  /** with which it is in memory now */
  readonly loadedTokens: number | undefined;
}

/** An object of JSON that is not known to be anything. */
export type Fields = Readonly<Record<string, unknown>>;

/** Served where neither operator, Modelfile nor memory says; the model's own length if that is less. Each slot's memory grows with it. */
export const usualContextTokens = 8192;

/** The name under which a model is served: Ollama takes one without its tag for the tag `latest`. */
export function servedName(name: string): string {
  return name.replace(/:latest$/, '');
}

/** Whether two names are one model to Ollama: its own registry and library may be named, and capitals are small letters. */
export function isSameModel(one: string, other: string): boolean {
  return bareName(one) === bareName(other);
}

function bareName(name: string): string {
  return servedName(name.toLowerCase()).replace(/^(registry\.ollama\.ai\/)?(library\/)?/, '');
}

/** What is known of a model by its name alone. */
export function describeUnseen(id: string, contextTokens = usualContextTokens): OllamaModel {
  const version: VersionTraits = { refusesLongPrompts: true, hasLogprobs: true, mostThinking: 'max' };
  return { model: { id, contextTokens, specialTokens: { addsBos: false, control: [] } }, version, thinks: false, stops: [] };
}

/** Describes a model. Its context is one number for good: another one in a request would make Ollama load it again. */
export function describeModel(source: ModelSource): OllamaModel {
  const { shown, file, version } = source;
  const id = servedName(source.name);
  const info = fieldsOf(shown.model_info);
  const parameters = readParameters(shown.parameters);
  const abilities = listOf(shown.capabilities);
  const isRaw = file !== undefined && abilities.includes('completion') && isReadableRaw(id, file);
  const capabilities: Partial<EngineCapabilities> = {
    prompts: isRaw ? ['segments', 'messages'] : ['messages', 'segments'],
    hasTools: abilities.includes('tools'),
    hasImages: abilities.includes('vision'),
    topLogprobsMax: version.hasLogprobs ? 20 : undefined,
  };
  const model: EngineModel = {
    id,
    ...(id === source.name ? {} : { aliases: [source.name] }),
    contextTokens: chooseContext(source, parameters),
    ...readFacts(source, info),
    ...(isRaw ? readTemplates(file) : {}),
    specialTokens: describeSpecialTokens(info, file),
    capabilities,
  };
  return { model, version, thinks: abilities.includes('thinking'), stops: parameters.stops };
}

function chooseContext({ contextTokens, loadedTokens, shown }: ModelSource, parameters: ModelParameters): number {
  const trained = numberOf(archField(fieldsOf(shown.model_info), 'context_length')) ?? Number.POSITIVE_INFINITY;
  return Math.min(contextTokens ?? loadedTokens ?? parameters.contextTokens ?? usualContextTokens, trained);
}

function readFacts({ sizeBytes, shown }: ModelSource, info: Fields): Partial<EngineModel> {
  const numbers = {
    sizeBytes,
    trainedContextTokens: archField(info, 'context_length'),
    vocabularyTokens: archField(info, 'vocab_size'),
    embeddingLength: archField(info, 'embedding_length'),
    parameters: info['general.parameter_count'],
  };
  const texts = { quantisation: fieldsOf(shown.details).quantization_level, architecture: info['general.architecture'] };
  return {
    ...Object.fromEntries(Object.entries(numbers).filter(([, value]) => numberOf(value) !== undefined)),
    ...Object.fromEntries(Object.entries(texts).filter(([, value]) => typeof value === 'string' && value !== '' && value !== 'unknown')),
  };
}

function readTemplates({ chatTemplate, templateVariants }: ModelFile): Partial<EngineModel> {
  return {
    ...(chatTemplate === undefined ? {} : { chatTemplate }),
    ...(templateVariants === undefined ? {} : { templateVariants }),
  };
}

function describeSpecialTokens(info: Fields, file: ModelFile | undefined): SpecialTokens {
  const { bos, eos, unknown, padding, control = [] } = file ?? {};
  const spellings = Object.entries({ bos, eos, unknown, padding }).filter(([, spelling]) => spelling !== undefined);
  return { ...Object.fromEntries(spellings), addsBos: addsBos(info), control };
}

/** Kinds of vocabulary that get it whatever the file says. Source: llama.cpp, src/llama-vocab.cpp; Ollama 0.34.0, llm/llama_server.go. */
const alwaysBegun: ReadonlySet<unknown> = new Set(['lfm2', 'gemma4']);

/** Whether llama.cpp puts the begin-of-text token before a prompt by itself. */
function addsBos(info: Fields): boolean {
  const kind = info['tokenizer.ggml.model'];
  const pre = info['tokenizer.ggml.pre'];
  if (alwaysBegun.has(pre) || alwaysBegun.has(kind)) return true;
  const said = info['tokenizer.ggml.add_bos_token'];
  if (typeof said === 'boolean') return said;
  return kind === 'llama' || preTokenizers.get(String(pre))?.addsBos === true;
}

interface ModelParameters {
  readonly stops: readonly string[];
  readonly contextTokens: number | undefined;
}

/** Reads lines such as `stop "<|im_end|>"` and `num_ctx 4096`. */
function readParameters(text: unknown): ModelParameters {
  const lines = typeof text === 'string' ? text.split('\n') : [];
  const pairs = lines.flatMap((line) => {
    const [, name, value] = /^(\S+)\s+(.*)$/.exec(line) ?? [];
    return name === undefined || value === undefined ? [] : [[name, value] as const];
  });
  const context = pairs.find(([name]) => name === 'num_ctx');
  return {
    stops: pairs.flatMap(([name, value]) => (name === 'stop' ? [readQuoted(value)] : [])),
    contextTokens: context && numberOf(Number(context[1])),
  };
}

function readQuoted(value: string): string {
  try {
    return String(JSON.parse(value));
  } catch {
    return value;
  }
}

function archField(info: Fields, name: string): unknown {
  return info[`${String(info['general.architecture'])}.${name}`];
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && value > 0 ? value : undefined;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The members of an object; none where it is no object. */
export function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}
