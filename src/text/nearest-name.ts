/** The name most like a misspelt one, of equally like ones the one nearest to its length; undefined when none is within a third of its letters. */
export function findNearestName(written: string, names: readonly string[]): string | undefined {
  const most = Math.ceil(written.length / 3);
  const [best] = names
    .map((name) => ({ name, distance: countEdits(written, name) }))
    .filter(({ distance }) => distance <= most)
    .sort((left, right) => left.distance - right.distance || lengthGap(written, left.name) - lengthGap(written, right.name));
  return best?.name;
}

function lengthGap(one: string, other: string): number {
  return Math.abs(one.length - other.length);
}

/** Letters to insert, remove or replace, or neighbours to swap, to get from one word to the other. */
function countEdits(from: string, to: string): number {
  const [source, target] = [[...from], [...to]];
  let before: number[] = [];
  let row = Array.from({ length: target.length + 1 }, (_, column) => column);
  for (const [index, letter] of source.entries()) {
    const next = [index + 1];
    for (const [column, other] of target.entries()) {
      const replaced = (row[column] ?? 0) + (letter === other ? 0 : 1);
      const isSwap = column > 0 && letter === target[column - 1] && source[index - 1] === other;
      const swapped = isSwap ? (before[column - 1] ?? 0) + 1 : Number.POSITIVE_INFINITY;
      next.push(Math.min(replaced, swapped, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    before = row;
    row = next;
  }
  return row.at(-1) ?? 0;
}
