import type { AddedToken } from './tokenizer-data.ts';

interface Node {
  readonly next: Map<number, Node>;
  token?: AddedToken;
}

/** Finds added tokens in a text, the longest one at each place, in time that does not grow with their number. */
export class SpecialFinder {
  readonly #root: Node = { next: new Map() };

  constructor(tokens: readonly AddedToken[]) {
    for (const token of tokens) if (token.content !== '') this.#add(token);
  }

  #add(token: AddedToken): void {
    let node = this.#root;
    for (let index = 0; index < token.content.length; index += 1) {
      const code = token.content.charCodeAt(index);
      let next = node.next.get(code);
      if (next === undefined) node.next.set(code, (next = { next: new Map() }));
      node = next;
    }
    node.token = token;
  }

  /** The longest token spelled at `at`. A control token counts only where it ends at `controlEnd` or before: literal text is no place for one. */
  longestAt(text: string, at: number, controlEnd: number): AddedToken | undefined {
    let node = this.#root.next.get(text.charCodeAt(at));
    let longest: AddedToken | undefined;
    for (let end = at + 1; node !== undefined; end += 1) {
      const { token } = node;
      if (token !== undefined && (token.kind === 'user-defined' || end <= controlEnd)) longest = token;
      node = end < text.length ? node.next.get(text.charCodeAt(end)) : undefined;
    }
    return longest;
  }
}
