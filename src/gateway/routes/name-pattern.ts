/**
 * What each `*` of a model's name stands for in a name that a caller wrote, as early as it may be; undefined where the name does not fit. A name without `*` fits
 * itself only. Linear.
 */
export function matchName(pattern: string, name: string): readonly string[] | undefined {
  const [first = '', ...pieces] = pattern.split('*');
  const last = pieces.pop();
  if (last === undefined) return pattern === name ? [] : undefined;
  const end = name.length - last.length;
  if (end < first.length || !name.startsWith(first) || !name.endsWith(last)) return undefined;
  const stars: string[] = [];
  let at = first.length;
  for (const piece of pieces) {
    const found = name.indexOf(piece, at);
    if (found === -1 || found + piece.length > end) return undefined;
    stars.push(name.slice(at, found));
    at = found + piece.length;
  }
  return [...stars, name.slice(at, end)];
}

/** A name in which each `*` is replaced by what it stands for, in order. One that nothing is left for stays. */
export function fillName(pattern: string, stars: readonly string[]): string {
  let next = 0;
  return pattern.replaceAll('*', () => stars[next++] ?? '*');
}
