import { childrenOf, mapChildren } from './build.ts';
import type { Grammar, Node } from './ir.ts';

/** The same language with equal rules made one and unused ones left out. Rules that name one another in circles stay as they are. One pass: a rule comes after the rules it names. */
export function shareRules({ root, rules }: Grammar): Grammar {
  const chosen = new Map<string, string>();
  const byBody = new Map<string, string>();
  const kept = new Map<string, Node>();
  /** bodies that name no rules are often the very same */
  const keys = new Map<Node, string>();
  /** named before they were looked at: a circle */
  const fixed = new Set<string>();
  const rename = (node: Node): Node => {
    if (node.kind !== 'rule') return mapChildren(node, rename);
    const name = chosen.get(node.name);
    if (name === undefined) fixed.add(node.name);
    return name === undefined || name === node.name ? node : { kind: 'rule', name };
  };
  for (const name of listInnerFirst(root, rules)) {
    const written = rules.get(name);
    if (!written) continue;
    const body = rename(written);
    const key = keys.get(body) ?? JSON.stringify(body);
    keys.set(body, key);
    const same = fixed.has(name) ? undefined : byBody.get(key);
    chosen.set(name, same ?? name);
    if (same !== undefined) continue;
    kept.set(name, body);
    if (!byBody.has(key)) byBody.set(key, name);
  }
  const renamedRoot = rename(root);
  return { root: renamedRoot, rules: new Map([...rules.keys()].flatMap((name) => entryOf(kept, name))) };
}

/** The rules that a node needs. */
export function keepUsed(root: Node, rules: ReadonlyMap<string, Node>): ReadonlyMap<string, Node> {
  return new Map(listInnerFirst(root, rules).flatMap((name) => entryOf(rules, name)));
}

function entryOf(rules: ReadonlyMap<string, Node>, name: string): readonly (readonly [string, Node])[] {
  const body = rules.get(name);
  return body ? [[name, body]] : [];
}

/** The rules that a node needs, each behind those that it names (circles apart). Without recursion: chains of rules may be long. */
function listInnerFirst(root: Node, rules: ReadonlyMap<string, Node>): readonly string[] {
  const order: string[] = [];
  const seen = new Set<string>();
  const path: { readonly name: string | undefined; readonly left: string[] }[] = [{ name: undefined, left: [...listNames(root)] }];
  for (let top = path.at(-1); top; top = path.at(-1)) {
    const next = top.left.pop();
    if (next === undefined) {
      if (top.name !== undefined) order.push(top.name);
      path.pop();
      continue;
    }
    const body = rules.get(next);
    if (seen.has(next) || !body) continue;
    seen.add(next);
    path.push({ name: next, left: [...listNames(body)] });
  }
  return order;
}

/** The rules that a node names, each once. */
export function listNames(node: Node): ReadonlySet<string> {
  const names = new Set<string>();
  const waiting: Node[] = [node];
  for (let part = waiting.pop(); part; part = waiting.pop()) {
    if (part.kind === 'rule') names.add(part.name);
    else for (const child of childrenOf(part)) waiting.push(child);
  }
  return names;
}
