import { GatewayError } from '../protocol/error.ts';
import type { Grammar, Node } from './ir.ts';

/** Refuses what no engine can follow: a rule that is named and not defined, and one that begins with itself. Throws `invalid_request`. */
export function checkGrammar(grammar: Grammar): void {
  const empty = findEmptyRules(grammar);
  const isDone = new Set<string>();
  for (const name of namesIn(grammar.root)) walk(grammar, name, { empty, isDone });
}

/** Rules that allow the empty text. */
export function findEmptyRules({ rules }: Grammar): ReadonlySet<string> {
  const empty = new Set<string>();
  for (let size = -1; size < empty.size; ) {
    size = empty.size;
    for (const [name, body] of rules) if (!empty.has(name) && mayBeEmpty(body, empty)) empty.add(name);
  }
  return empty;
}

/** Whether a node allows the empty text. */
export function mayBeEmpty(node: Node, emptyRules: ReadonlySet<string>): boolean {
  switch (node.kind) {
    case 'text':
      return node.text === '';
    case 'sequence':
      return node.items.every((item) => mayBeEmpty(item, emptyRules));
    case 'choice':
      return node.options.some((option) => mayBeEmpty(option, emptyRules));
    case 'repeat':
      return node.least === 0 || mayBeEmpty(node.item, emptyRules);
    case 'rule':
      return emptyRules.has(node.name);
    case 'until':
      return true;
    default:
      return false;
  }
}

interface Walk {
  readonly empty: ReadonlySet<string>;
  readonly isDone: Set<string>;
}

/** Looks through a rule and all it names, without recursion: chains of rules may be thousands long. */
function walk({ rules }: Grammar, start: string, { empty, isDone }: Walk): void {
  const path: { readonly name: string; readonly left: string[] }[] = [];
  const waiting = [start];
  const open = new Set<string>();
  const enter = (name: string) => {
    if (open.has(name))
      throw refuse(`The rule ${name} begins with itself. Write the repetition with * or +, or put what is repeated first.`);
    if (isDone.has(name)) return;
    const body = rules.get(name);
    if (!body) throw refuse(`The rule ${name} is named and not defined.`);
    open.add(name);
    isDone.add(name);
    waiting.push(...namesIn(body));
    path.push({ name, left: beginnings(body, empty) });
  };
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    enter(next);
    for (let top = path.at(-1); top; top = path.at(-1)) {
      const name = top.left.pop();
      if (name !== undefined) enter(name);
      else open.delete(path.pop()?.name ?? '');
    }
  }
}

/** Rules that may stand at the very beginning of a node. */
function beginnings(node: Node, empty: ReadonlySet<string>): string[] {
  switch (node.kind) {
    case 'rule':
      return [node.name];
    case 'choice':
      return node.options.flatMap((option) => beginnings(option, empty));
    case 'repeat':
      return beginnings(node.item, empty);
    case 'sequence': {
      const firm = node.items.findIndex((item) => !mayBeEmpty(item, empty));
      return node.items.slice(0, firm === -1 ? undefined : firm + 1).flatMap((item) => beginnings(item, empty));
    }
    default:
      return [];
  }
}

function namesIn(node: Node): string[] {
  if (node.kind === 'rule') return [node.name];
  if (node.kind === 'sequence') return node.items.flatMap(namesIn);
  if (node.kind === 'choice') return node.options.flatMap(namesIn);
  return node.kind === 'repeat' ? namesIn(node.item) : [];
}

function refuse(message: string): GatewayError {
  return new GatewayError('invalid_request', message);
}
