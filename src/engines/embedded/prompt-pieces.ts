import type { PromptSegment } from '../../protocol/engine.ts';
import type { ControlTokens } from './control-tokens.ts';

/** A text that llama.cpp tokenises in one call, with or without an eye for special tokens. */
export interface PromptPiece {
  readonly text: string;
  readonly hasSpecials: boolean;
}

/** What of a vocabulary the cuts depend on. */
export type CutRules = Pick<ControlTokens, 'spellings' | 'unruly' | 'swallowing'>;

/**
 * Cuts a prompt for the tokeniser. Literal text and the plain text around it are one piece up to the nearest control tokens on both sides: merges reach over
 * the border, as they would had the caller spelled no special token. A prompt without literal segments is one piece. Spellings that llama.cpp reads in any
 * text are cut in two where a caller wrote them.
 */
export function cutPrompt(segments: readonly PromptSegment[], rules: CutRules): readonly PromptPiece[] {
  const cutter = new Cutter(rules);
  const stretches = joinNeighbours(segments);
  for (const [index, { text, isLiteral }] of stretches.entries()) {
    if (isLiteral) cutter.addLiteral(text);
    else cutter.addPlain(text, { isBehindLiteral: index > 0, isBeforeLiteral: index + 1 < stretches.length });
  }
  return cutter.end();
}

/** Plain and literal text in turn. */
function joinNeighbours(segments: readonly PromptSegment[]): readonly PromptSegment[] {
  const joined: PromptSegment[] = [];
  for (const segment of segments) {
    const last = joined.at(-1);
    if (segment.text === '') continue;
    if (last?.isLiteral === segment.isLiteral) joined[joined.length - 1] = { ...last, text: last.text + segment.text };
    else joined.push(segment);
  }
  return joined;
}

class Cutter {
  readonly #rules: CutRules;
  readonly #pieces: PromptPiece[] = [];
  /** text since the last control token, a caller's in it */
  #open = '';
  /** the control token before `#open` swallows white space */
  #isSwallowing = false;

  constructor(rules: CutRules) {
    this.#rules = rules;
  }

  addLiteral(text: string): void {
    this.#open += text;
  }

  addPlain(
    text: string,
    { isBehindLiteral, isBeforeLiteral }: { readonly isBehindLiteral: boolean; readonly isBeforeLiteral: boolean },
  ): void {
    const first = isBehindLiteral ? this.#findFirst(text) : 0;
    if (first === text.length) {
      this.#open += text;
      return;
    }
    this.#closeLiteral(this.#open + text.slice(0, first));
    const last = isBeforeLiteral ? this.#findLastEnd(text, first) : text.length;
    const known = text.slice(first, last);
    if (known !== '') this.#pieces.push({ text: known, hasSpecials: true });
    this.#open = text.slice(last);
    this.#isSwallowing = [...this.#rules.swallowing].some((spelling) => known.endsWith(spelling));
  }

  end(): readonly PromptPiece[] {
    this.#closeLiteral(this.#open);
    return this.#pieces;
  }

  #closeLiteral(whole: string): void {
    const text = this.#isSwallowing ? whole.trimStart() : whole;
    this.#isSwallowing = false;
    this.#open = '';
    let from = 0;
    for (const at of this.#findUnruly(text)) {
      this.#pieces.push({ text: text.slice(from, at), hasSpecials: false });
      from = at;
    }
    if (from < text.length) this.#pieces.push({ text: text.slice(from), hasSpecials: false });
  }

  /** Places inside of spellings that would be read as control tokens. */
  #findUnruly(text: string): readonly number[] {
    const places: number[] = [];
    for (const spelling of this.#rules.unruly) {
      for (let at = text.indexOf(spelling); at >= 0; at = text.indexOf(spelling, at + spelling.length)) places.push(at + 2);
    }
    return places.sort((left, right) => left - right);
  }

  /** Where the first control token begins; the text's length where it has none. */
  #findFirst(text: string): number {
    return this.#rules.spellings.reduce((first, spelling) => {
      const at = text.indexOf(spelling);
      return at < 0 ? first : Math.min(first, at);
    }, text.length);
  }

  /** Where the last control token ends; `from` where there is none behind it. */
  #findLastEnd(text: string, from: number): number {
    return this.#rules.spellings.reduce((last, spelling) => {
      const at = text.lastIndexOf(spelling);
      return at < from ? last : Math.max(last, at + spelling.length);
    }, from);
  }
}
