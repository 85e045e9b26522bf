import { Buffer } from 'node:buffer';
import { randomFillSync } from 'node:crypto';

const idBytes = 16;
/** drawn in advance, many at once */
const drawn = Buffer.alloc(256 * idBytes);
let used = drawn.length;

/** A new id of a request: 32 hexadecimal digits. */
export function makeRequestId(): string {
  if (used === drawn.length) {
    randomFillSync(drawn);
    used = 0;
  }
  used += idBytes;
  return drawn.toString('hex', used - idBytes, used);
}

/**
 * The caller's own id, where it is 1 to 128 plain characters. It is echoed and logged beside ours and never used as a key:
 * two requests may carry the same one.
 */
export function readRequestId(header: string | readonly string[] | undefined): string | undefined {
  return typeof header === 'string' && /^[\w.:@/+=-]{1,128}$/.test(header) ? header : undefined;
}
