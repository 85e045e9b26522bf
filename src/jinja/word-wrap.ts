import { chargeLetters } from './budget.ts';
import { countLetters, lettersOf } from './unicode.ts';

/** How `textwrap.wrap` is asked to break lines. */
export interface WrapOptions {
  readonly width: number;
  readonly breaksLong: boolean;
  readonly breaksHyphens: boolean;
}

// a run of blanks, a word up to a hyphen between letters, a dash, or a word
const hyphenPieces =
  /[\t-\r ]+|[^\t-\r ]*?[\p{L}\p{N}_](?:-(?=[\p{L}_]{2})|-{2,}(?=[\p{L}\p{N}_])|(?=-{2,}[\p{L}\p{N}_]))|-{2,}(?=[\p{L}\p{N}_])|[^\t-\r ]+/gu;
const plainPieces = /[\t-\r ]+|[^\t-\r ]+/g;

/** Python's `textwrap.wrap` of one line, tabs and blanks left as they are. */
export function wrapText(text: string, options: WrapOptions): readonly string[] {
  chargeLetters(text.length * 16);
  const pieces = (text.match(options.breaksHyphens ? hyphenPieces : plainPieces) ?? []).reverse();
  const lines: string[] = [];
  while (pieces.length > 0) {
    const line: string[] = [];
    let length = 0;
    if (lines.length > 0 && (pieces.at(-1) ?? '').trim() === '') pieces.pop();
    while (pieces.length > 0 && length + countLetters(pieces.at(-1) ?? '') <= options.width) {
      const piece = pieces.pop() ?? '';
      line.push(piece);
      length += countLetters(piece);
    }
    const next = pieces.at(-1);
    if (next !== undefined && countLetters(next) > options.width) breakLong(pieces, line, { room: options.width - length, options });
    if (line.length > 0 && (line.at(-1) ?? '').trim() === '') line.pop();
    if (line.length > 0) lines.push(line.join(''));
  }
  return lines;
}

function breakLong(pieces: string[], line: string[], { room, options }: { readonly room: number; readonly options: WrapOptions }): void {
  const space = options.width < 1 ? 1 : room;
  if (options.breaksLong) {
    const letters = lettersOf(pieces.pop() ?? '');
    line.push(letters.slice(0, space).join(''));
    pieces.push(...cutRest(letters, space, Math.max(1, options.width)).reverse());
  } else if (line.length === 0) line.push(pieces.pop() ?? '');
}

/** The letters from a place on, in pieces that fill a line each; one empty piece when there are none. */
function cutRest(letters: readonly string[], start: number, width: number): string[] {
  const rest: string[] = [];
  for (let index = start; index < letters.length; index += width) rest.push(letters.slice(index, index + width).join(''));
  return rest.length > 0 ? rest : [''];
}
