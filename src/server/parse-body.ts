import { type Buffer, isUtf8 } from 'node:buffer';
import { WrittenBody } from '../api/decode/written-body.ts';
import { GatewayError } from '../protocol/error.ts';
import type { JsonValue } from '../protocol/json.ts';
import { findJsonFault } from './json-fault.ts';

/** A body as it was written, and its JSON value. */
export interface ParsedBody {
  readonly written: WrittenBody;
  readonly value: JsonValue;
}

/** Reads the JSON of a body. Throws `invalid_json` with line and column, also for bytes that are not UTF-8. */
export function parseBody(bytes: Buffer): ParsedBody {
  if (!isUtf8(bytes)) throw new GatewayError('invalid_json', 'The body is not valid UTF-8.');
  const written = new WrittenBody(bytes);
  try {
    return { written, value: written.parse() };
  } catch (cause) {
    throw new GatewayError('invalid_json', describeFault(written.text()), { cause });
  }
}

function describeFault(text: string): string {
  if (text.trim() === '') return 'The body is empty; JSON was expected.';
  const fault = findJsonFault(text);
  if (fault === undefined) return 'The body is not JSON.';
  const where = `line ${fault.line}, column ${fault.column} (position ${fault.position})`;
  const isAtEnd = fault.position >= text.length;
  return `The body is not JSON: ${fault.expected} was expected at ${where}, ${isAtEnd ? 'but the body ends there' : 'but something else stands there'}.`;
}
