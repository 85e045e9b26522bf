import type { PromptSegment } from '../protocol/engine.ts';
import type { SpecialFinder } from './special-finder.ts';

/** A special token, or a run of plain text between two of them: merges never reach over a special token, so each run is tokenised by itself. */
export type Fragment = { readonly id: number } | { readonly text: string };

/**
 * Cuts a prompt at its special tokens. Plain and literal text that stand side by side make one run, so that a border between them does not show in the
 * tokens; a control token is found only where all of its spelling is outside of literal segments. Lone surrogates become U+FFFD.
 */
export function cutAtSpecials(segments: readonly PromptSegment[], finder: SpecialFinder): readonly Fragment[] {
  const text = replaceLoneSurrogates(segments.map((segment) => segment.text).join(''));
  const fragments: Fragment[] = [];
  let runStart = 0;
  let at = 0;
  for (const stretch of readStretches(segments)) {
    while (at < stretch.end) {
      const token = finder.longestAt(text, at, stretch.isLiteral ? at : stretch.end);
      if (token === undefined) {
        at += 1;
        continue;
      }
      const run = text.slice(runStart, at);
      pushRun(fragments, token.stripsBefore ? run.trimEnd() : run);
      fragments.push({ id: token.id });
      at += token.content.length;
      if (token.stripsAfter) at = skipSpace(text, at);
      runStart = at;
    }
  }
  pushRun(fragments, text.slice(runStart));
  return fragments;
}

function pushRun(fragments: Fragment[], text: string): void {
  if (text !== '') fragments.push({ text });
}

function skipSpace(text: string, at: number): number {
  let end = at;
  while (end < text.length && /\s/.test(text.charAt(end))) end += 1;
  return end;
}

interface Stretch {
  /** where it ends in the whole text */
  readonly end: number;
  readonly isLiteral: boolean;
}

/** Neighbours of one kind are one stretch: a special token may be spelled over the border of two plain segments. */
function readStretches(segments: readonly PromptSegment[]): readonly Stretch[] {
  const stretches: Stretch[] = [];
  let end = 0;
  for (const { text, isLiteral } of segments) {
    if (text === '') continue;
    end += text.length;
    if (stretches.at(-1)?.isLiteral === isLiteral) stretches.pop();
    stretches.push({ end, isLiteral });
  }
  return stretches;
}

function replaceLoneSurrogates(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\uFFFD');
}
