import { GatewayError } from '../protocol/error.ts';
import type { TextModelData } from './tokenizer-data.ts';

/** The part of a tokenizer that knows no special tokens: normalising, cutting into words, merging. */
export interface TextModel {
  /** Ids of a text without special tokens. `isFirst`: nothing stands before it (some vocabularies put a space there). */
  encode(text: string, isFirst: boolean): readonly number[];
  idOf(spelling: string): number | undefined;
  /** by id */
  readonly spellings: readonly (string | undefined)[];
}

/** What is used of the package's tokenizer. Its own types do not resolve in Node's way (they lack file endings). Source: @huggingface/tokenizers 0.2.0. */
interface PackageTokenizer {
  readonly normalizer: { normalize(text: string): string } | null;
  readonly pre_tokenizer: { pre_tokenize(text: string, options: { readonly section_index: number }): string[] } | null;
  readonly model: PackageModel;
}

interface PackageModel {
  readonly vocab: readonly (string | undefined)[];
  readonly tokens_to_ids: ReadonlyMap<string, number>;
  readonly unk_token_id?: number;
  /** of a model that merges: the place of each pair, as JSON text */
  bpe_ranks?: ReadonlyMap<string, number>;
  _call(words: readonly string[]): string[];
}

type PackageConstructor = new (parts: object, settings: object) => PackageTokenizer;

/**
 * Opens the model of `@huggingface/tokenizers`. Ids that `isControl` tells are never given: where merges or the vocabulary spell one, its letters are.
 * Throws `unsupported_feature` for kinds of models, normalisers or cutters that the package does not know, `model_file_invalid` for broken data.
 */
export async function openTextModel(data: TextModelData, isControl: (id: number) => boolean): Promise<TextModel> {
  const tokenizer = await construct(data);
  const { normalizer, pre_tokenizer: preTokenizer, model } = tokenizer;
  if (isMerging(data)) model.bpe_ranks = readRanks(data);
  const idOf = (spelling: string) => model.tokens_to_ids.get(spelling);
  return {
    spellings: model.vocab,
    idOf,
    encode(text, isFirst) {
      const normal = normalizer === null ? text : normalizer.normalize(text);
      if (normal === '') return [];
      // the package counts the stretches between added tokens; only "first or not" matters to it
      const words = preTokenizer === null ? [normal] : preTokenizer.pre_tokenize(normal, { section_index: isFirst ? 0 : 1 });
      return readIds(model, model._call(words), isControl);
    },
  };
}

function readIds(model: PackageModel, tokens: readonly string[], isControl: (id: number) => boolean): readonly number[] {
  const ids: number[] = [];
  for (const token of tokens) {
    const id = model.tokens_to_ids.get(token) ?? model.unk_token_id;
    if (id === undefined) continue;
    // the vocabulary's own unknown token stands for text that it cannot spell
    if (id === model.unk_token_id || !isControl(id)) ids.push(id);
    else ids.push(...readIds(model, model._call(Array.from(token)), () => false));
  }
  return ids;
}

/** Reads the package when the first tokenizer is made: a node that needs none does not load it. */
async function construct(data: TextModelData): Promise<PackageTokenizer> {
  const { Tokenizer } = (await import('@huggingface/tokenizers')) as unknown as { readonly Tokenizer: PackageConstructor };
  // merges are handed over as ranks later: with them the package would build a list that is of no use
  const model: Record<string, unknown> = { ...data.model, ...(isMerging(data) ? { merges: [] } : {}) };
  const parts = {
    normalizer: data.normalizer,
    pre_tokenizer: data.preTokenizer,
    model,
    added_tokens: [],
    post_processor: null,
    decoder: null,
  };
  try {
    return new Tokenizer(parts, {});
  } catch (cause) {
    const words = cause instanceof Error ? cause.message : String(cause);
    if (/^Unknown /.test(words)) {
      const next = "Count with the engine's own tokenizer (`/tokenize` of a running node) instead.";
      throw new GatewayError('unsupported_feature', `This kind of tokenizer is not known here (${words}). ${next}`, { cause });
    }
    throw broken(words, cause);
  } finally {
    // the package keeps what it was given; the words are in its own tables by now
    delete model.vocab;
  }
}

/** Older files do not name the kind of their model. */
function isMerging({ model, merges }: TextModelData): boolean {
  return model.type === 'BPE' || merges.length > 0;
}

function readRanks({ merges, mergeRanks }: TextModelData): Map<string, number> {
  const ranks = new Map<string, number>();
  // backwards: of a merge that is listed twice the first place counts
  for (let index = merges.length - 1; index >= 0; index -= 1) {
    ranks.set(JSON.stringify(merges[index]), mergeRanks?.[index] ?? index);
  }
  return ranks;
}

function broken(why: string, cause?: unknown): GatewayError {
  return new GatewayError('model_file_invalid', `The tokenizer cannot be used: ${why}.`, { cause });
}
