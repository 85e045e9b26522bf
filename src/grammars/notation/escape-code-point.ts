/** A code point as GBNF and EBNF escape it: `\n`, `\u001F`, `\U0001F600`; printable ASCII that is not in `special` stays itself. No `\x`: xgrammar reads as many digits behind it as there are. */
function escapeCodePoint(codePoint: number, special: string): string {
  const letter = String.fromCodePoint(codePoint);
  if (codePoint >= 32 && codePoint < 127 && !special.includes(letter)) return letter;
  const short = shortEscapes.get(codePoint);
  if (short !== undefined) return short;
  const digits = codePoint.toString(16).toUpperCase();
  return codePoint <= 0xffff ? `\\u${digits.padStart(4, '0')}` : `\\U${digits.padStart(8, '0')}`;
}

const shortEscapes: ReadonlyMap<number, string> = new Map([
  [9, '\\t'],
  [10, '\\n'],
  [13, '\\r'],
  [34, '\\"'],
  [92, '\\\\'],
]);

/** A text, letter by letter. */
export function escapeText(text: string, special: string): string {
  return Array.from(text, (letter) => escapeCodePoint(letter.codePointAt(0) ?? 0, special)).join('');
}

/** A class of characters in brackets: `[a-z_]`, `[^"]`. */
export function escapeClass(ranges: readonly (readonly [from: number, to: number])[], isNegated: boolean): string {
  const parts = ranges.map(([from, to]) => {
    const first = escapeCodePoint(from, classLetters);
    if (from === to) return first;
    return `${first}${to === from + 1 ? '' : '-'}${escapeCodePoint(to, classLetters)}`;
  });
  return `[${isNegated ? '^' : ''}${parts.join('')}]`;
}

const classLetters = '[]^-\\';
