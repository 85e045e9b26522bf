import type { PromptSegment } from '../../protocol/engine.ts';

/** A text that llama.cpp tokenises in one call, with or without an eye for special tokens. */
export interface PromptPiece {
  readonly text: string;
  readonly hasSpecials: boolean;
}

/**
 * Cuts a prompt for the tokeniser. Literal text and the plain text around it are one piece up to the nearest control tokens on both sides: merges reach over
 * the border, as they would had the caller spelled no special token. A prompt without literal segments is one piece. `control` are the spellings of control tokens.
 */
export function cutPrompt(segments: readonly PromptSegment[], control: readonly string[]): readonly PromptPiece[] {
  const pieces: PromptPiece[] = [];
  let open = '';
  let isLiteralOpen = false;
  const put = (text: string, hasSpecials: boolean): void => {
    if (text !== '') pieces.push({ text, hasSpecials });
  };
  for (const [index, { text, isLiteral }] of segments.entries()) {
    if (isLiteral) {
      open += text;
      isLiteralOpen = true;
      continue;
    }
    const first = isLiteralOpen ? findFirst(text, control) : 0;
    const isFollowed = segments[index + 1]?.isLiteral === true;
    const last = isFollowed ? findLastEnd(text, control, first) : text.length;
    if (first === text.length) {
      open += text;
      continue;
    }
    put(open + text.slice(0, first), false);
    put(text.slice(first, last), true);
    open = text.slice(last);
    isLiteralOpen = false;
  }
  put(open, false);
  return pieces;
}

/** Where the first control token begins; the text's length where it has none. */
function findFirst(text: string, control: readonly string[]): number {
  return control.reduce((first, spelling) => {
    const at = text.indexOf(spelling);
    return at < 0 ? first : Math.min(first, at);
  }, text.length);
}

/** Where the last control token ends; `from` where there is none behind it. */
function findLastEnd(text: string, control: readonly string[], from: number): number {
  return control.reduce((last, spelling) => {
    const at = text.lastIndexOf(spelling);
    return at < from ? last : Math.max(last, at + spelling.length);
  }, from);
}
