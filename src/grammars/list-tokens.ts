import { childrenOf } from './build.ts';
import type { Grammar, Node } from './ir.ts';

/** The control tokens that a grammar names, each once. */
export function listTokens({ root, rules }: Grammar): readonly string[] {
  const found = new Set<string>();
  const waiting: Node[] = [root, ...rules.values()];
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    if (node.kind === 'token') found.add(node.spelling);
    waiting.push(...childrenOf(node));
  }
  return [...found].sort();
}
