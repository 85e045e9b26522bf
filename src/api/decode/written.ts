import type { JsonObject } from '../../protocol/json.ts';
import { listMembers } from '../../text/json-spans.ts';
import type { ApiCall } from '../surface.ts';
import { isObject, jsonObject, optional } from './decoder.ts';

const none: ReadonlyMap<string, string> = new Map();

/** The fields of a body as they were written, where it has one of the named: prompts show numbers and the order of keys as they came. */
export function readWritten({ body, bodyText }: ApiCall, names: readonly string[]): ReadonlyMap<string, string> {
  if (bodyText === undefined || !isObject(body) || isObject(body.extra_body) || !names.some((name) => Object.hasOwn(body, name)))
    return none;
  return listMembers(bodyText);
}

/** `chat_template_kwargs` as JSON text; undefined where there are none. */
export function readTemplateVariables(body: JsonObject, written: ReadonlyMap<string, string>): string | undefined {
  const variables = optional(body, 'chat_template_kwargs', jsonObject());
  return variables === undefined ? undefined : (written.get('chat_template_kwargs') ?? JSON.stringify(variables));
}
