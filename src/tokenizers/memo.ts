import { ownCopy } from '../text/own-copy.ts';

/** How much a memo holds. */
export interface MemoLimits {
  /** characters of all remembered texts together; default 1,000,000 */
  readonly mostChars?: number;
  /** shorter texts are not worth a place; default 128 */
  readonly leastChars?: number;
}

type EncodeRun = (text: string, isFirst: boolean) => readonly number[];

/**
 * Remembers the ids of long runs of text, those used last. A run lies between two special tokens, and no token reaches over these: a prompt that begins
 * as an earlier one did (the system text and tools that a swarm shares) costs only the tokenising of its new runs.
 */
export function memoiseRuns(encode: EncodeRun, { mostChars = 1_000_000, leastChars = 128 }: MemoLimits = {}): EncodeRun {
  const known = new Map<string, { readonly key: string; readonly ids: readonly number[]; readonly isFirst: boolean }>();
  let chars = 0;
  return (text, isFirst) => {
    if (text.length < leastChars || text.length > mostChars) return encode(text, isFirst);
    const entry = known.get(text);
    if (entry !== undefined) {
      known.delete(text);
      chars -= text.length;
    }
    const ids = entry?.isFirst === isFirst ? entry.ids : encode(text, isFirst);
    const key = entry?.key ?? ownCopy(text);
    known.set(key, { key, ids, isFirst });
    chars += text.length;
    for (const oldest of known.keys()) {
      if (chars <= mostChars) break;
      known.delete(oldest);
      chars -= oldest.length;
    }
    return ids;
  };
}
