import type { TextWindow } from './text-window.ts';

/** A delimiter to look for. The same fields as a dialect's marker, so that one can be passed as it is. */
export interface MarkSpelling {
  readonly text: string;
  /** other spellings that count as the same mark */
  readonly also?: readonly string[];
  /** one special token of the vocabulary: where the input tells its special tokens, only such a token matches */
  readonly special?: boolean;
  /** where a spelling has whitespace, any run of 0 to 32 whitespace characters matches */
  readonly lax?: boolean;
}

/** Marks prepared for looking: made once for a dialect, shared by all its parsers. */
export interface MarkSet {
  /** finds the next character at which a mark may begin; matches nothing for an empty set */
  readonly first: RegExp;
  readonly byFirst: ReadonlyMap<number, readonly Spelling[]>;
  /** characters of the longest spelling, as written */
  readonly longestChars: number;
}

/** A mark that stands in the text. */
export interface Match {
  /** position in the list that was compiled */
  readonly mark: number;
  /** the text as it stands, whitespace that a lax mark took included */
  readonly text: string;
  /** the input said that this was a single special token */
  readonly isSpecial: boolean;
}

interface Spelling {
  readonly mark: number;
  /** what stands between the whitespace runs; one part if the mark is not lax */
  readonly parts: readonly string[];
  readonly special: boolean;
  /** characters without the whitespace at either edge: the length of its special token */
  readonly tokenChars: number;
}

/** The answer when the text that is there can still grow into a mark. */
export const needsMore = Symbol('needs more text');

const mostLaxBlanks = 32;
const blanks = ' \n\t\r';

/** Prepares marks for `Reader`. Empty spellings are ignored. Where several stand at one place the longest wins, then the first of the list. */
export function compileMarks(marks: readonly (string | MarkSpelling)[]): MarkSet {
  const byFirst = new Map<number, Spelling[]>();
  let longestChars = 0;
  for (const [index, mark] of marks.entries()) {
    const asked = typeof mark === 'string' ? { text: mark } : mark;
    for (const text of [asked.text, ...(asked.also ?? [])].filter((spelling) => spelling !== '')) {
      addSpelling(byFirst, makeSpelling(index, text, asked));
      longestChars = Math.max(longestChars, text.length);
    }
  }
  return { first: classOf([...byFirst.keys()]), byFirst, longestChars };
}

function makeSpelling(mark: number, text: string, asked: MarkSpelling): Spelling {
  const isLax = asked.lax === true && text.trim() !== '';
  return { mark, parts: isLax ? text.split(/\s+/) : [text], special: asked.special === true, tokenChars: text.trim().length };
}

function addSpelling(byFirst: Map<number, Spelling[]>, spelling: Spelling): void {
  const [opening = '', second = ''] = spelling.parts;
  const letters = opening === '' ? blanks + second.charAt(0) : opening.charAt(0);
  for (let index = 0; index < letters.length; index++) {
    const letter = letters.charCodeAt(index);
    byFirst.set(letter, [...(byFirst.get(letter) ?? []), spelling]);
  }
}

function classOf(letters: readonly number[]): RegExp {
  const escaped = letters.map((letter) => `\\u${letter.toString(16).padStart(4, '0')}`);
  return new RegExp(`[${escaped.join('')}]`, 'g');
}

/** Which mark stands at `index` of the window. `needsMore` while the text there can still become another or a longer one. */
export function matchMarks(window: TextWindow, index: number, marks: MarkSet): Match | undefined | typeof needsMore {
  const candidates = marks.byFirst.get(window.text.charCodeAt(index));
  let best: Spelling | undefined;
  let bestEnd = index;
  for (const spelling of candidates ?? []) {
    const end = endOfSpelling(window, index, spelling);
    if (end === needsMore) return needsMore;
    if (end > bestEnd) {
      best = spelling;
      bestEnd = end;
    }
  }
  if (!best) return undefined;
  const tokenStart = best.parts[0] === '' ? skipBlanks(window.text, index) : index;
  return { mark: best.mark, text: window.text.slice(index, bestEnd), isSpecial: window.specialLengthAt(tokenStart) >= best.tokenChars };
}

/** Where the spelling ends if it stands at `start`; -1 if it does not. */
function endOfSpelling(window: TextWindow, start: number, spelling: Spelling): number | typeof needsMore {
  const { text, isEnded } = window;
  let at = start;
  for (const [index, part] of spelling.parts.entries()) {
    if (index > 0) {
      const blanksFrom = at;
      at = skipBlanks(text, at);
      if (at === text.length && !isEnded && at - blanksFrom < mostLaxBlanks) return needsMore;
    }
    if (isWrongToken(window, at, { spelling, index })) return -1;
    const missing = compare(window, at, part);
    if (missing !== 0) return missing > 0 && !isEnded ? needsMore : -1;
    at += part.length;
  }
  return at;
}

function isWrongToken(window: TextWindow, at: number, part: { readonly spelling: Spelling; readonly index: number }): boolean {
  const { spelling, index } = part;
  if (!window.hasSpecials || !spelling.special || at >= window.text.length) return false;
  const opening = spelling.parts[0] === '' ? 1 : 0;
  return index === opening && window.specialLengthAt(at) < spelling.tokenChars;
}

/** 0 if the part stands there, the number of characters that have not arrived if it may, -1 if it differs. */
function compare(window: TextWindow, at: number, part: string): number {
  const present = Math.min(part.length, window.text.length - at);
  for (let index = 0; index < present; index++) {
    window.steps++;
    if (window.text.charCodeAt(at + index) !== part.charCodeAt(index)) return -1;
  }
  return part.length - present;
}

function skipBlanks(text: string, from: number): number {
  let at = from;
  while (at < text.length && at - from < mostLaxBlanks && isBlank(text.charCodeAt(at))) at++;
  return at;
}

/** Space, tab, line feed or carriage return: the whitespace of JSON and of chat templates. */
export function isBlank(letter: number): boolean {
  return letter === 32 || letter === 10 || letter === 9 || letter === 13;
}
