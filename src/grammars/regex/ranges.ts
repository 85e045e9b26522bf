/** Code points from one to another, both included. */
export type Range = readonly [from: number, to: number];

const highest = 0x10ffff;
const firstSurrogate = 0xd800;
const lastSurrogate = 0xdfff;

/** Every character; halves of surrogate pairs are none. */
export const anyCharacter: readonly Range[] = [
  [0, firstSurrogate - 1],
  [lastSurrogate + 1, highest],
];

/** The same characters, sorted and apart from one another. */
export function uniteRanges(ranges: readonly Range[]): readonly Range[] {
  const sorted = ranges.toSorted((a, b) => a[0] - b[0]);
  const united: [number, number][] = [];
  for (const [from, to] of sorted) {
    const last = united.at(-1);
    if (last && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else united.push([from, to]);
  }
  return united;
}

/** The characters that are in none of these ranges. */
export function complementRanges(ranges: readonly Range[]): readonly Range[] {
  const rest: Range[] = [];
  let next = 0;
  for (const [from, to] of uniteRanges([...ranges, [firstSurrogate, lastSurrogate]])) {
    if (from > next) rest.push([next, from - 1]);
    next = to + 1;
  }
  if (next <= highest) rest.push([next, highest]);
  return rest;
}

/** The characters that are in both. Both are sorted and apart from one another. */
export function intersectRanges(left: readonly Range[], right: readonly Range[]): readonly Range[] {
  const shared: Range[] = [];
  let at = 0;
  for (const [from, to] of left) {
    while (at < right.length && (right[at]?.[1] ?? 0) < from) at++;
    for (let index = at; index < right.length; index++) {
      const other = right[index];
      if (!other || other[0] > to) break;
      shared.push([Math.max(from, other[0]), Math.min(to, other[1])]);
    }
  }
  return shared;
}

/** Whether the character is in one of the ranges, which are sorted and apart from one another. */
export function isInRanges(ranges: readonly Range[], codePoint: number): boolean {
  let low = 0;
  let high = ranges.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const range = ranges[middle];
    if (!range) return false;
    if (codePoint < range[0]) high = middle - 1;
    else if (codePoint > range[1]) low = middle + 1;
    else return true;
  }
  return false;
}
