import type { TokenPiece } from '../../workers/tokenizer.ts';
import type { Style } from '../output.ts';

/** Tokens for people: a line for each with its id and, between bars so that spaces show, its text; special tokens are marked. The last line counts. */
export function showTokens(pieces: readonly TokenPiece[], style: Style): string {
  const width = Math.max(1, ...pieces.map(({ id }) => String(id).length));
  const lines = pieces.map(({ id, text, isSpecial }) => {
    const number = style.faint(String(id).padStart(width));
    return isSpecial
      ? `${number}  ${style.odd(text)}  ${style.faint('special')}`
      : `${number}  ${style.faint('|')}${text}${style.faint('|')}`;
  });
  const specials = pieces.filter(({ isSpecial }) => isSpecial).length;
  const count = `${pieces.length} ${pieces.length === 1 ? 'token' : 'tokens'}${specials === 0 ? '' : `, ${specials} of them special`}`;
  return `${[...lines, style.strong(count)].join('\n')}\n`;
}
