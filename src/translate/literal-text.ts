import type { PromptSegment } from '../protocol/engine.ts';

/** A private-use character on each side of the number of a special token's spelling. */
const before = '\uf8f0';
const after = '\uf8f1';
const hiddenPattern = /\uf8f0(\d+)\uf8f1/g;

/**
 * Replaces spellings of special tokens in a caller's text by private-use marks, so that a chat template sees plain text and the caller
 * cannot write structure (`<|im_end|>`). Only the `hidden` ones of the `spellings` are; both come with the longest first. `splitAtHidden` brings them back.
 */
export function hideSpecialTokens(text: string, spellings: readonly string[], hidden: readonly string[] = spellings): string {
  // a caller's own private-use mark would be read as ours
  const clean = text.includes(before) ? text.replaceAll(before, '\ufffd') : text;
  if (!hidden.some((spelling) => clean.includes(spelling))) return clean;
  return clean.replace(patternOf(hidden), (spelling) => `${before}${spellings.indexOf(spelling)}${after}`);
}

/** Cuts a rendered prompt where special tokens were hidden; their spellings come back as literal segments. */
export function splitAtHidden(rendered: string, spellings: readonly string[]): readonly PromptSegment[] {
  const segments: PromptSegment[] = [];
  let from = 0;
  for (const match of rendered.matchAll(hiddenPattern)) {
    if (match.index > from) segments.push({ text: rendered.slice(from, match.index), isLiteral: false });
    segments.push({ text: spellings[Number(match[1])] ?? '', isLiteral: true });
    from = match.index + match[0].length;
  }
  if (from < rendered.length) segments.push({ text: rendered.slice(from), isLiteral: false });
  return segments;
}

const patterns = new WeakMap<readonly string[], RegExp>();

/** One alternation for each model, made once: spellings are literal texts, so matching is linear. */
function patternOf(spellings: readonly string[]): RegExp {
  let pattern = patterns.get(spellings);
  if (!pattern) {
    pattern = new RegExp(spellings.map((spelling) => spelling.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|'), 'g');
    patterns.set(spellings, pattern);
  }
  return pattern;
}
