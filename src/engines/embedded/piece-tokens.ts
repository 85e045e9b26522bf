import { ownCopy } from '../../text/own-copy.ts';
import type { ControlTokens } from './control-tokens.ts';
import type { PromptPiece } from './prompt-pieces.ts';

/** What tokenises a text, and what of its vocabulary the chunks depend on. */
export interface PieceTokeniser extends Pick<ControlTokens, 'spellings' | 'swallowing' | 'markers'> {
  tokenize(text: string, hasSpecials: boolean): Iterable<number>;
}

/** Characters of chunks that are kept, with their tokens: about 30 MB. */
const mostKeptChars = 4 * 1024 * 1024;
/** A longer chunk is one of its kind more often than not. */
const longestKeptChars = 256 * 1024;

/**
 * Tokenises prompts whose beginnings were seen before: the work follows what is new. llama.cpp cuts a text at its special tokens and tokenises what lies between
 * each on its own, so a prompt is cut behind control tokens and each chunk's tokens are kept. The ids are those of the whole text.
 */
export class PieceTokens {
  readonly #tokeniser: PieceTokeniser;
  /** ends of chunks; undefined: no spelling is fit to be one */
  readonly #ends: RegExp | undefined;
  readonly #kept = new Map<string, readonly number[]>();
  #keptChars = 0;

  constructor(tokeniser: PieceTokeniser) {
    this.#tokeniser = tokeniser;
    this.#ends = endsOf(tokeniser);
  }

  read({ text, hasSpecials }: PromptPiece): readonly number[] {
    if (!hasSpecials || !this.#ends) return [...this.#tokeniser.tokenize(text, hasSpecials)];
    const tokens: number[] = [];
    let from = 0;
    for (const { index, 0: spelling } of text.matchAll(this.#ends)) {
      const end = index + spelling.length;
      this.#add(tokens, text.slice(from, end));
      from = end;
    }
    this.#add(tokens, text.slice(from));
    return tokens;
  }

  #add(tokens: number[], chunk: string): void {
    if (chunk === '') return;
    for (const token of this.#tokensOf(chunk)) tokens.push(token);
  }

  #tokensOf(chunk: string): readonly number[] {
    const known = this.#kept.get(chunk);
    if (known) {
      // the latest used are kept longest
      this.#kept.delete(chunk);
      this.#kept.set(chunk, known);
      return known;
    }
    const tokens = [...this.#tokeniser.tokenize(chunk, true)];
    if (chunk.length <= longestKeptChars) this.#keep(chunk, tokens);
    return tokens;
  }

  #keep(chunk: string, tokens: readonly number[]): void {
    this.#kept.set(ownCopy(chunk), tokens);
    this.#keptChars += chunk.length;
    for (const oldest of this.#kept.keys()) {
      if (this.#keptChars <= mostKeptChars) return;
      this.#kept.delete(oldest);
      this.#keptChars -= oldest.length;
    }
  }
}

/** Spellings behind which a text may be cut: those that swallow nothing, and that are no part of a longer one. */
function endsOf({ spellings, swallowing, markers }: PieceTokeniser): RegExp | undefined {
  const all = [...spellings, ...markers];
  const fit = spellings.filter((spelling) => {
    if (spelling === '' || swallowing.has(spelling)) return false;
    return all.every((other) => other === spelling || !overlaps(other, spelling));
  });
  return fit.length === 0 ? undefined : new RegExp(fit.map((spelling) => spelling.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')).join('|'), 'g');
}

/** Whether a text could hold both with characters in common, so that which one is read depends on more than its spelling. */
function overlaps(other: string, spelling: string): boolean {
  if (other.includes(spelling)) return true;
  for (let length = 1; length < Math.min(other.length, spelling.length); length++) {
    if (other.endsWith(spelling.slice(0, length)) || spelling.endsWith(other.slice(0, length))) return true;
  }
  return false;
}
