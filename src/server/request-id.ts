import { randomUUID } from 'node:crypto';

/** A new id of a request: 32 hexadecimal digits. */
export function makeRequestId(): string {
  // the runtime draws these in advance, many at once
  return randomUUID().replaceAll('-', '');
}

/**
 * The caller's own id, where it is 1 to 128 plain characters. It is echoed and logged beside ours and never used as a key:
 * two requests may carry the same one.
 */
export function readRequestId(header: string | readonly string[] | undefined): string | undefined {
  return typeof header === 'string' && /^[\w.:@/+=-]{1,128}$/.test(header) ? header : undefined;
}
