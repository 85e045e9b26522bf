import { GatewayError } from '../protocol/error.ts';
import type { JsonObject, JsonValue } from '../protocol/json.ts';
import type { AddedToken, TokenizerData } from './tokenizer-data.ts';

/**
 * Reads Hugging Face's tokenizer.json, and tokenizer_config.json for what it alone knows (which tokens begin, end and pad a text). Throws
 * `model_file_invalid` where a part is missing or of the wrong type. Source: huggingface/tokenizers 0.22, serialisation; transformers 4.57, config.
 */
export function readTokenizerJson(json: JsonValue, config: JsonValue | undefined): TokenizerData {
  const root = asObject(json, 'tokenizer.json');
  const settings = isObject(config) ? config : {};
  const { merges, ...model } = asObject(root.model, 'its `model`');
  const added = asList(root.added_tokens).map(readAddedToken);
  const ids = new Map(added.map(({ content, id }) => [content, id]));
  const vocabulary = isObject(model.vocab) ? model.vocab : {};
  const idOf = (token: string | undefined) => (token === undefined ? undefined : (ids.get(token) ?? readId(vocabulary, token)));
  const bosId = idOf(tokenText(settings.bos_token));
  const eosId = idOf(tokenText(settings.eos_token));
  const paddingId = idOf(tokenText(settings.pad_token));
  return {
    text: {
      normalizer: asPart(root.normalizer),
      preTokenizer: asPart(root.pre_tokenizer),
      model,
      merges: asList(merges).map(readMerge),
    },
    decoder: asPart(root.decoder),
    added,
    ...(bosId === undefined ? {} : { bosId }),
    ...(eosId === undefined ? {} : { eosId }),
    ...(paddingId === undefined ? {} : { paddingId }),
    ...readSurroundings(root.post_processor, settings, { bosId, eosId }),
  };
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function asObject(value: JsonValue | undefined, what: string): JsonObject {
  if (isObject(value)) return value;
  throw invalid(`${what} is not an object`);
}

function asPart(value: JsonValue | undefined): JsonObject | null {
  return isObject(value) ? value : null;
}

function asList(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : [];
}

function invalid(why: string): GatewayError {
  return new GatewayError('model_file_invalid', `The tokenizer.json cannot be used: ${why}. Fetch it again from the model's repository.`);
}

function readId(vocabulary: JsonObject, token: string): number | undefined {
  const id = Object.hasOwn(vocabulary, token) ? vocabulary[token] : undefined;
  return typeof id === 'number' ? id : undefined;
}

function readAddedToken(value: JsonValue): AddedToken {
  const { id, content, special, lstrip, rstrip } = asObject(value, 'an added token');
  if (typeof id !== 'number' || typeof content !== 'string') throw invalid('an added token lacks its `id` or `content`');
  const isControl = special === true || looksSpecial(content);
  return { id, content, kind: isControl ? 'control' : 'user-defined', stripsBefore: lstrip === true, stripsAfter: rstrip === true };
}

/**
 * Tokens that models list as plain and use as control tokens (DeepSeek's turns, Qwen's fill-in-the-middle). llama.cpp makes the same of them.
 * Source: llama.cpp, convert_hf_to_gguf, does_token_look_special.
 */
function looksSpecial(content: string): boolean {
  return /^(?:<pad>|<mask>|<2mass>|\[@BOS@\]|<\|.*\|>|<｜.*｜>|<unused.*>)$/s.test(content);
}

/** `"a b"` in older files, `["a", "b"]` in newer ones. */
function readMerge(merge: JsonValue): readonly [string, string] {
  const [left, right] = typeof merge === 'string' ? splitAtSpace(merge) : asList(merge);
  if (typeof left === 'string' && typeof right === 'string') return [left, right];
  throw invalid('a merge does not name two tokens');
}

function splitAtSpace(merge: string): readonly string[] {
  const at = merge.indexOf(' ', 1);
  return at < 0 ? [] : [merge.slice(0, at), merge.slice(at + 1)];
}

/** A token in tokenizer_config.json is its spelling, or an object with it. */
function tokenText(value: JsonValue | undefined): string | undefined {
  const text = isObject(value) ? value.content : value;
  return typeof text === 'string' ? text : undefined;
}

interface Surroundings {
  readonly before: readonly number[];
  readonly after: readonly number[];
}

/** What goes around a text of its own: the post-processor's tokens, and what `add_bos_token` and `add_eos_token` say about them. */
function readSurroundings(
  processor: JsonValue | undefined,
  settings: JsonObject,
  { bosId, eosId }: { readonly bosId: number | undefined; readonly eosId: number | undefined },
): Surroundings {
  const { before, after } = isObject(processor) ? readProcessor(processor) : { before: [], after: [] };
  return {
    before: adjust(before, bosId, settings.add_bos_token),
    after: adjust(after, eosId, settings.add_eos_token),
  };
}

function adjust(ids: readonly number[], id: number | undefined, isWanted: JsonValue | undefined): readonly number[] {
  if (id === undefined || typeof isWanted !== 'boolean') return ids;
  if (!isWanted) return ids.filter((other) => other !== id);
  return ids.length === 0 ? [id] : ids;
}

function readProcessor(processor: JsonObject): Surroundings {
  switch (processor.type) {
    case 'Sequence': {
      const parts = asList(processor.processors).map((part) => readProcessor(asObject(part, 'a post-processor')));
      return { before: parts.flatMap(({ before }) => before), after: parts.flatMap(({ after }) => after) };
    }
    case 'TemplateProcessing':
      return readTemplate(processor);
    case 'BertProcessing':
    case 'RobertaProcessing':
      return { before: readPairId(processor.cls), after: readPairId(processor.sep) };
    default:
      return { before: [], after: [] };
  }
}

function readTemplate({ single, special_tokens: specials }: JsonObject): Surroundings {
  const items = asList(single).map((item) => asObject(item, 'an item of the post-processor'));
  const textAt = items.findIndex((item) => 'Sequence' in item);
  const idsOf = (part: readonly JsonObject[]) =>
    part.flatMap(({ SpecialToken: token }) => {
      const name = isObject(token) ? token.id : undefined;
      const known = isObject(specials) && typeof name === 'string' ? specials[name] : undefined;
      return isObject(known) ? asList(known.ids).filter((id) => typeof id === 'number') : [];
    });
  return { before: idsOf(items.slice(0, Math.max(0, textAt))), after: idsOf(items.slice(textAt + 1)) };
}

function readPairId(pair: JsonValue | undefined): readonly number[] {
  const id = asList(pair)[1];
  return typeof id === 'number' ? [id] : [];
}
