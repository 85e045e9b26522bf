import type { Node, RuleNode } from '../ir.ts';

const longestName = 40;

/** The rules of a grammar while it is written. A rule is named before its text is known, so that it can name itself. */
export class RuleBook {
  readonly rules = new Map<string, Node>();
  readonly #taken = new Map<string, number>();

  /** A name that no other rule has, made from the wish. */
  reserve(wish: string): RuleNode {
    const letters = wish.replace(/[^A-Za-z0-9]+/g, '-').replace(/^-+|-+$/g, '');
    const base = (/^[A-Za-z]/.test(letters) ? letters : `rule-${letters}`).slice(0, longestName).replace(/-+$/, '');
    const count = (this.#taken.get(base) ?? 0) + 1;
    this.#taken.set(base, count);
    const name = count === 1 ? base : `${base}-${count}`;
    // `a-2` may be somebody's own wish
    return this.#names.has(name) ? this.reserve(`${name}-x`) : this.#take(name);
  }

  define(rule: RuleNode, body: Node): void {
    this.rules.set(rule.name, body);
  }

  readonly #names = new Set<string>();

  #take(name: string): RuleNode {
    this.#names.add(name);
    return { kind: 'rule', name };
  }
}
