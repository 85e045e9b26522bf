import type { PromptSegment } from '../protocol/engine.ts';
import type { TokenizerSource } from '../tokenizers/tokenizer-source.ts';

/** What can be asked of a tokenizer's thread. */
export type TokenizerQuestion =
  | { readonly ask: 'describe' }
  | { readonly ask: 'encode'; readonly segments: readonly PromptSegment[]; readonly addSpecial: boolean }
  | { readonly ask: 'decode'; readonly ids: readonly number[]; readonly skipSpecial: boolean }
  | { readonly ask: 'pieces'; readonly ids: readonly number[] }
  | { readonly ask: 'count'; readonly texts: readonly (readonly PromptSegment[])[] };

/** What a thread starts with. */
export interface TokenizerThreadData {
  readonly source: TokenizerSource;
  /** characters of the texts whose ids are remembered */
  readonly memoChars: number;
}
