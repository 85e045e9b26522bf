import { choice, emptyText, repeat, sequence } from '../build.ts';
import type { Grammar, Node } from '../ir.ts';
import { makeSchemaError } from './schema-error.ts';

/** The same language without the parts that no text can come from (rules that are not defined or never come to an end), and without rules that nobody names. Throws `invalid_request` if nothing is left. */
export function pruneGrammar({ root, rules }: Grammar): Grammar {
  const productive = findProductive(rules);
  const pruned = prune(root, productive);
  if (!pruned) throw makeSchemaError('', 'no value can be valid');
  const kept = new Map<string, Node>();
  const open: Node[] = [pruned];
  for (let node = open.pop(); node; node = open.pop()) {
    for (const name of listRules(node)) {
      const body = kept.has(name) ? undefined : prune(rules.get(name) ?? emptyText, productive);
      if (!body) continue;
      kept.set(name, body);
      open.push(body);
    }
  }
  refuseCircles(kept);
  return { root: pruned, rules: new Map([...rules.keys()].flatMap((name) => [[name, kept.get(name)] as const]).filter(isDefined)) };
}

function isDefined(entry: readonly [string, Node | undefined]): entry is readonly [string, Node] {
  return entry[1] !== undefined;
}

/** Rules that some text comes from: a rule is looked at again when one that it waits for turns out to be. */
function findProductive(rules: ReadonlyMap<string, Node>): ReadonlySet<string> {
  const productive = new Set<string>();
  const users = new Map<string, string[]>();
  for (const [name, body] of rules) for (const used of listRules(body)) addTo(users, used, name);
  const open = [...rules.keys()].reverse();
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const body = rules.get(name);
    if (productive.has(name) || !body || !isProductive(body, productive)) continue;
    productive.add(name);
    open.push(...(users.get(name) ?? []));
  }
  return productive;
}

function addTo(lists: Map<string, string[]>, key: string, item: string): void {
  const list = lists.get(key);
  if (list) list.push(item);
  else lists.set(key, [item]);
}

function isProductive(node: Node, productive: ReadonlySet<string>): boolean {
  switch (node.kind) {
    case 'rule':
      return productive.has(node.name);
    case 'sequence':
      return node.items.every((item) => isProductive(item, productive));
    case 'choice':
      return node.options.some((option) => isProductive(option, productive));
    case 'repeat':
      return node.least === 0 || isProductive(node.item, productive);
    default:
      return true;
  }
}

function prune(node: Node, productive: ReadonlySet<string>): Node | undefined {
  switch (node.kind) {
    case 'rule':
      return productive.has(node.name) ? node : undefined;
    case 'sequence': {
      const items = node.items.map((item) => prune(item, productive)).filter((item) => item !== undefined);
      return items.length < node.items.length ? undefined : sequence(items);
    }
    case 'choice': {
      const options = node.options.map((option) => prune(option, productive)).filter((option) => option !== undefined);
      return options.length === 0 ? undefined : choice(options);
    }
    case 'repeat': {
      const item = prune(node.item, productive);
      if (item) return repeat(item, node.least, node.most);
      return node.least === 0 ? emptyText : undefined;
    }
    default:
      return node;
  }
}

function listRules(node: Node): readonly string[] {
  const names = new Set<string>();
  const open: Node[] = [node];
  for (let part = open.pop(); part; part = open.pop()) {
    if (part.kind === 'rule') names.add(part.name);
    else if (part.kind === 'sequence') open.push(...part.items);
    else if (part.kind === 'choice') open.push(...part.options);
    else if (part.kind === 'repeat') open.push(part.item);
  }
  return [...names];
}

/** A rule that begins with itself: the schema applies itself to the same value. Every value begins with a character of its own, so only rules that are another one or a choice matter. */
function refuseCircles(rules: ReadonlyMap<string, Node>): void {
  const waiting = new Map<string, number>();
  const followers = new Map<string, string[]>();
  for (const [name, body] of rules) {
    const leading = listLeading(body).filter((other) => rules.has(other));
    waiting.set(name, leading.length);
    for (const other of leading) addTo(followers, other, name);
  }
  const settled = [...waiting].filter(([, count]) => count === 0).map(([name]) => name);
  for (let name = settled.pop(); name !== undefined; name = settled.pop()) {
    waiting.delete(name);
    for (const follower of followers.get(name) ?? []) {
      const count = (waiting.get(follower) ?? 0) - 1;
      waiting.set(follower, count);
      if (count === 0) settled.push(follower);
    }
  }
  if (waiting.size > 0) throw makeSchemaError('', 'a part of it applies itself to the same value without end (a cyclic $ref)');
}

/** The rules that a text of the node may begin with. */
function listLeading(node: Node): readonly string[] {
  switch (node.kind) {
    case 'rule':
      return [node.name];
    case 'choice':
      return [...new Set(node.options.flatMap(listLeading))];
    case 'repeat':
      return listLeading(node.item);
    case 'sequence': {
      const names = new Set<string>();
      for (const item of node.items) {
        for (const name of listLeading(item)) names.add(name);
        if (item.kind !== 'repeat' || item.least > 0) break;
      }
      return [...names];
    }
    default:
      return [];
  }
}
