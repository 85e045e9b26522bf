import type { JsonObject } from '../../protocol/json.ts';
import type { WrittenMember } from '../../text/json-scan.ts';
import type { ApiCall } from '../surface.ts';
import { isObject, jsonObject, optional } from './decoder.ts';
import { decodeUtf8, type WrittenBody } from './written-body.ts';

/** A field as it was written. */
export interface WrittenField extends WrittenMember {
  /** UTF-8 of JSON text */
  readonly bytes: Uint8Array;
}

/** The fields of a body as they were written: prompts show numbers and the order of keys as they came, and what is sent on unchanged need not be written again. */
export class WrittenFields {
  readonly #body: WrittenBody | undefined;

  /** Looks into the body where it has one of the named fields. */
  constructor({ body, written }: ApiCall, names: readonly string[]) {
    const isLooked = isObject(body) && !isObject(body.extra_body) && names.some((name) => Object.hasOwn(body, name));
    this.#body = isLooked ? written : undefined;
  }

  /** undefined where there is no such field, or no text of it */
  part(name: string): WrittenField | undefined {
    const member = this.#body?.members.get(name);
    return this.#body && member && { ...member, bytes: this.#body.bytes.subarray(member.from, member.to) };
  }

  /** The same, decoded. */
  text(name: string): string | undefined {
    const bytes = this.part(name)?.bytes;
    return bytes && decodeUtf8(bytes);
  }
}

/** `chat_template_kwargs` as JSON text; undefined where there are none. */
export function readTemplateVariables(body: JsonObject, written: WrittenFields): string | undefined {
  const variables = optional(body, 'chat_template_kwargs', jsonObject());
  return variables === undefined ? undefined : (written.text('chat_template_kwargs') ?? JSON.stringify(variables));
}
