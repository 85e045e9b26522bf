import { mapChildren } from './build.ts';
import type { Grammar, Node, RuleNode } from './ir.ts';
import type { RuleBook } from './regex/rule-book.ts';

/** Puts a grammar's rules into a book, under names that nothing else there has, and gives its root. A rule that is not defined stays undefined. */
export function embedGrammar(book: RuleBook, { root, rules }: Grammar): Node {
  const renamed = new Map<string, RuleNode>([...rules.keys()].map((name) => [name, book.reserve(name)]));
  const rename = (node: Node): Node => {
    if (node.kind !== 'rule') return mapChildren(node, rename);
    const rule = renamed.get(node.name);
    return rule === undefined || rule.name === node.name ? node : rule;
  };
  for (const [name, body] of rules) {
    const rule = renamed.get(name);
    if (rule) book.define(rule, rename(body));
  }
  return rename(root);
}
