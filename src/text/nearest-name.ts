/** The name most like a misspelt one; undefined when none is within a third of its letters. */
export function findNearestName(written: string, names: readonly string[]): string | undefined {
  const most = Math.ceil(written.length / 3);
  const [best] = names
    .map((name) => ({ name, distance: countEdits(written, name) }))
    .filter(({ distance }) => distance <= most)
    .sort((left, right) => left.distance - right.distance);
  return best?.name;
}

/** Letters to insert, remove or replace to get from one word to the other. */
function countEdits(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (const [index, letter] of [...from].entries()) {
    const next = [index + 1];
    for (const [column, other] of [...to].entries()) {
      const replaced = (row[column] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(replaced, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
