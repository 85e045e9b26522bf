/** A comment between the tokens of JSON: `// …`, `# …` up to the line end, or a block between slash-star and star-slash. */
export class JsonComment {
  #kind: 'slash' | 'line' | 'block';
  #isStar = false;

  /** Begins behind its first letter, a slash or `#`. */
  constructor(first: number) {
    this.#kind = first === 47 ? 'slash' : 'line';
  }

  /** `none`: the slash began no comment; `line-end`: the letter is not part of it; `closed`: the letter was its last. */
  take(letter: number): 'opened' | 'open' | 'closed' | 'line-end' | 'none' {
    if (this.#kind === 'slash') {
      if (letter !== 47 && letter !== 42) return 'none';
      this.#kind = letter === 47 ? 'line' : 'block';
      return 'opened';
    }
    if (this.#kind === 'line') return letter === 10 ? 'line-end' : 'open';
    const isEnd = this.#isStar && letter === 47;
    this.#isStar = letter === 42;
    return isEnd ? 'closed' : 'open';
  }
}
