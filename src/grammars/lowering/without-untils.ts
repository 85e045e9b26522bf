import { mapChildren } from '../build.ts';
import { embedGrammar } from '../embed-grammar.ts';
import type { Grammar, Node } from '../ir.ts';
import { RuleBook } from '../regex/rule-book.ts';
import { writeUntil } from './write-until.ts';

/** The same grammar with texts up to delimiters written as rules; equal ones are written once. */
export function withoutUntils(grammar: Grammar): Grammar {
  const book = new RuleBook();
  const root = embedGrammar(book, grammar);
  const written = new Map<string, Node>();
  const replace = (node: Node): Node => {
    if (node.kind !== 'until') return mapChildren(node, replace);
    const key = JSON.stringify(node.delimiters);
    const known = written.get(key) ?? writeUntil(node, book);
    written.set(key, known);
    return known;
  };
  const replacedRoot = replace(root);
  for (const [name, body] of [...book.rules]) book.define({ kind: 'rule', name }, replace(body));
  return { root: replacedRoot, rules: book.rules };
}
