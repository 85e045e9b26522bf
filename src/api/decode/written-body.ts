import { Buffer, isAscii, transcode } from 'node:buffer';
import type { JsonObject, JsonValue } from '../../protocol/json.ts';
import { scanObject, type WrittenMember } from '../../text/json-scan.ts';

const none: ReadonlyMap<string, WrittenMember> = new Map();

/**
 * A body of JSON as it was written. A long one never becomes one text: V8 gives each text of over 128 KB a mapping of its own and takes it back at once, which costs more
 * than reading it.
 */
export class WrittenBody {
  readonly bytes: Uint8Array;
  readonly #pieceBytes: number;
  #members: ReadonlyMap<string, WrittenMember> | undefined;

  /** The bytes are valid UTF-8. Long lists are read in pieces of some `pieceBytes`, bodies of up to twice that at once. */
  constructor(bytes: Uint8Array, pieceBytes: number = 32 * 1024) {
    this.bytes = bytes;
    this.#pieceBytes = pieceBytes;
  }

  /** What its fields are written as; of two equal keys the last one counts. None where it is no object. */
  get members(): ReadonlyMap<string, WrittenMember> {
    return (this.#members ??= scanObject(this.bytes, this.#pieceBytes) ?? none);
  }

  /** All of it. */
  text(): string {
    return decodeUtf8(this.bytes);
  }

  /** Its value. Throws what `JSON.parse` throws. */
  parse(): JsonValue {
    return (this.bytes.length > 2 * this.#pieceBytes ? this.#parseMembers() : undefined) ?? (JSON.parse(this.text()) as JsonValue);
  }

  /** Undefined where it is no JSON for sure, or no object, or one whose parts don't simply make it up. */
  #parseMembers(): JsonObject | undefined {
    const { members, bytes } = this;
    const value: Record<string, JsonValue> = {};
    try {
      for (const [key, member] of members) {
        if (key === '__proto__' || member.isRepeated) return undefined;
        const { from, to, cuts } = member;
        const part = cuts.length > 0 ? parseItems(bytes, member) : (JSON.parse(decodeUtf8(bytes.subarray(from, to))) as JsonValue);
        if (part === undefined) return undefined;
        value[key] = part;
      }
    } catch {
      return undefined;
    }
    return members.size > 0 ? value : undefined;
  }
}

/** The text of valid UTF-8: what `toString` gives, in a third of its time. */
export function decodeUtf8(bytes: Uint8Array): string {
  if (!isAscii(bytes)) return transcode(bytes, 'utf8', 'utf16le').toString('utf16le');
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

const openList = '['.charCodeAt(0);
const closeList = ']'.charCodeAt(0);

/** The items of a list: where all pieces are lists, so is the whole. */
function parseItems(bytes: Uint8Array, { from, to, cuts }: WrittenMember): JsonValue[] | undefined {
  if (bytes[from] !== openList || bytes[to - 1] !== closeList) return undefined;
  const items: JsonValue[] = [];
  let start = from + 1;
  for (const end of [...cuts, to - 1]) {
    // brackets are put around the bytes, as a text would be copied for them once more
    const piece = Buffer.allocUnsafe(end - start + 2);
    piece.set(bytes.subarray(start, end), 1);
    piece[0] = openList;
    piece[piece.length - 1] = closeList;
    const read = JSON.parse(decodeUtf8(piece)) as JsonValue[];
    // a comma without an item
    if (read.length === 0) return undefined;
    for (const item of read) items.push(item);
    start = end + 1;
  }
  return items;
}
