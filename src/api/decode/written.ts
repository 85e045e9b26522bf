import { Buffer } from 'node:buffer';
import type { JsonObject } from '../../protocol/json.ts';
import { findMembers, type Span } from '../../text/json-spans.ts';
import type { ApiCall, WrittenBody } from '../surface.ts';
import { isObject, jsonObject, optional } from './decoder.ts';

const none: ReadonlyMap<string, Span> = new Map();

/** The fields of a body as they were written: prompts show numbers and the order of keys as they came, and what is sent on unchanged need not be written again. */
export class WrittenFields {
  readonly #body: WrittenBody | undefined;
  readonly #spans: ReadonlyMap<string, Span>;

  /** Looks into the body where it has one of the named fields. */
  constructor({ body, written }: ApiCall, names: readonly string[]) {
    const isLooked = isObject(body) && !isObject(body.extra_body) && names.some((name) => Object.hasOwn(body, name));
    this.#body = written;
    this.#spans = written !== undefined && isLooked ? findMembers(written.latin1) : none;
  }

  /** undefined where there is no such field, or no text of it */
  text(name: string): string | undefined {
    const bytes = this.part(name)?.bytes;
    return bytes && Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  }

  /** The same, not yet decoded. */
  part(name: string): WrittenBody | undefined {
    const span = this.#spans.get(name);
    if (!this.#body || !span) return undefined;
    return { bytes: this.#body.bytes.subarray(span.from, span.to), latin1: this.#body.latin1.slice(span.from, span.to) };
  }
}

/** A body by its bytes. */
export function toWritten(bytes: Uint8Array): WrittenBody {
  return { bytes, latin1: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1') };
}

/** `chat_template_kwargs` as JSON text; undefined where there are none. */
export function readTemplateVariables(body: JsonObject, written: WrittenFields): string | undefined {
  const variables = optional(body, 'chat_template_kwargs', jsonObject());
  return variables === undefined ? undefined : (written.text('chat_template_kwargs') ?? JSON.stringify(variables));
}
