import { choice, emptyText, isEmptyText, mapChildren, repeat, rule, sequence } from '../build.ts';
import { findEmptyRules, mayBeEmpty } from '../check-grammar.ts';
import { embedGrammar } from '../embed-grammar.ts';
import type { Grammar, Node, RuleNode } from '../ir.ts';
import { RuleBook } from '../regex/rule-book.ts';

/**
 * The same language with nothing repeated that may be empty: engines take such a repeat for a rule that begins with itself, or go round in it.
 * `(a?){2,5}` becomes `a{0,5}`. The grammar has no `until`.
 */
export function withoutEmptyRepeats(grammar: Grammar): Grammar {
  return new EmptyRepeats(grammar).grammar;
}

class EmptyRepeats {
  readonly grammar: Grammar;
  readonly #book = new RuleBook();
  readonly #empty: ReadonlySet<string>;
  readonly #bodies: ReadonlyMap<string, Node>;
  /** rules without their empty text, by the rule's name */
  readonly #filled = new Map<string, RuleNode>();

  constructor(grammar: Grammar) {
    const root = embedGrammar(this.#book, grammar);
    this.#bodies = new Map(this.#book.rules);
    this.#empty = findEmptyRules({ root, rules: this.#bodies });
    for (const [name, body] of this.#bodies) this.#book.define(rule(name), this.#rewrite(body));
    this.grammar = { root: this.#rewrite(root), rules: this.#book.rules };
  }

  #rewrite(node: Node): Node {
    if (node.kind !== 'repeat' || !mayBeEmpty(node.item, this.#empty)) return mapChildren(node, (child) => this.#rewrite(child));
    const item = this.#fill(node.item);
    return item ? repeat(item, 0, node.most) : emptyText;
  }

  /** The node's texts but the empty one; undefined if it has no other. */
  #fill(node: Node): Node | undefined {
    if (!mayBeEmpty(node, this.#empty)) return this.#rewrite(node);
    switch (node.kind) {
      case 'sequence':
        return this.#fillSequence(node.items);
      case 'choice':
        return choiceOrNone(node.options.map((option) => this.#fill(option)));
      case 'repeat': {
        const item = this.#fill(node.item);
        return item && repeat(item, 1, node.most);
      }
      case 'rule':
        return this.#fillRule(node.name);
      default:
        return undefined;
    }
  }

  /** `a? b?`: an a and what follows it, or nothing of it and a b. */
  #fillSequence(items: readonly Node[]): Node | undefined {
    return choiceOrNone(
      items.map((item, index) => {
        const first = this.#fill(item);
        return first && sequence([first, ...items.slice(index + 1).map((other) => this.#rewrite(other))]);
      }),
    );
  }

  #fillRule(name: string): Node | undefined {
    const known = this.#filled.get(name);
    if (known) return known;
    const filled = this.#book.reserve(`${name}-some`);
    this.#filled.set(name, filled);
    const body = this.#fill(this.#bodies.get(name) ?? emptyText);
    // a rule that is never anything but empty, named by itself only: no text
    this.#book.define(filled, body ?? emptyText);
    return body && !isEmptyText(body) ? filled : undefined;
  }
}

function choiceOrNone(options: readonly (Node | undefined)[]): Node | undefined {
  const kept = options.filter((option) => option !== undefined);
  return kept.length === 0 ? undefined : choice(kept);
}
