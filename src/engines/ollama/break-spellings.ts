/** Nothing to see, and no part of any token's spelling. */
const wordJoiner = '\u2060';

/**
 * A caller's text in which no spelling of a control token is left: Ollama reads these in any text. Each is broken by a word joiner behind its first letter, also
 * where several overlap; the model sees it. Lists of spellings are prepared once each.
 */
export function breakSpellings(text: string, spellings: readonly string[]): string {
  const byFirst = groupByFirst(spellings);
  let broken = '';
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    if (!byFirst.get(text.charCodeAt(at))?.some((spelling) => text.startsWith(spelling, at))) continue;
    broken += text.slice(from, at + 1) + wordJoiner;
    from = at + 1;
  }
  return broken + text.slice(from);
}

const grouped = new WeakMap<readonly string[], ReadonlyMap<number, readonly string[]>>();

/** By the code of their first letter: vocabularies have thousands, which begin with `<` or `[`. */
function groupByFirst(spellings: readonly string[]): ReadonlyMap<number, readonly string[]> {
  const known = grouped.get(spellings);
  if (known) return known;
  const groups = new Map<number, string[]>();
  for (const spelling of spellings) {
    const first = spelling.charCodeAt(0);
    const group = groups.get(first);
    if (group) group.push(spelling);
    else groups.set(first, [spelling]);
  }
  grouped.set(spellings, groups);
  return groups;
}
