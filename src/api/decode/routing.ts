import type { JsonObject, JsonValue } from '../../protocol/json.ts';
import type { RoutingWishes } from '../../protocol/request.ts';
import type { ApiCall } from '../surface.ts';
import { type Decoder, flag, integer, isObject, list, number, optional, text, wrongValue } from './decoder.ts';
import { given } from './given.ts';

/** Fields by which a caller has a say in where its request goes: LiteLLM's names. They never reach an engine. */
export const routingFields: readonly string[] = ['tags', 'fallbacks', 'disable_fallbacks', 'num_retries', 'timeout', 'cache'];

const name = text(1, 512);
const names = list(name);
const mostSeconds = 86_400;

/** `tags` (also in `metadata` and the header `x-litellm-tags`), `fallbacks`, `disable_fallbacks`, `num_retries` and `timeout` (seconds); undefined where there is none. Throws `invalid_request`. */
export function readRouting(headers: ApiCall['headers'], body: JsonObject): RoutingWishes | undefined {
  const header = headers['x-litellm-tags'];
  const tags = [
    ...(optional(body, 'tags', names) ?? []),
    ...tagsOf(body.metadata),
    ...(typeof header === 'string' ? header.split(',').map((tag) => tag.trim()) : []),
  ].filter((tag) => tag !== '');
  const seconds = optional(body, 'timeout', number(0, mostSeconds));
  const wishes = given({
    tags: tags.length > 0 ? tags : undefined,
    fallbacks: optional(body, 'disable_fallbacks', flag) ? [] : optional(body, 'fallbacks', list(fallback)),
    retries: optional(body, 'num_retries', integer(0, 100)),
    timeoutMs: seconds === undefined || seconds === 0 ? undefined : seconds * 1000,
  });
  return Object.keys(wishes).length > 0 ? wishes : undefined;
}

/** A name, or an object with one; other fields of it would change the request, which fallbacks do not do here. */
const fallback: Decoder<string> = (value, at) => {
  if (typeof value === 'string') return name(value, at);
  if (isObject(value) && typeof value.model === 'string' && Object.keys(value).length === 1) return name(value.model, at);
  throw wrongValue(at, 'the name of a model, or {"model": name} with nothing else', value);
};

/** Metadata are the caller's own; only a list of texts is meant as tags. */
function tagsOf(metadata: JsonValue | undefined): readonly string[] {
  const tags = isObject(metadata) ? metadata.tags : undefined;
  return Array.isArray(tags) ? tags.filter((tag): tag is string => typeof tag === 'string') : [];
}
