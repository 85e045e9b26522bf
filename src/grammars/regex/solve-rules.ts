import { childrenOf, choice, emptyText, repeat, sequence } from '../build.ts';
import type { Node } from '../ir.ts';

/** What a rule is: some of its texts go on with another rule of its circle, the rest end without one. */
interface Equation {
  /** by rule: what comes before it */
  readonly onward: Map<string, Node[]>;
  readonly ending: readonly Node[];
}

/**
 * One of the rules that name one another in a circle, each only at its end, without naming any of them: `a = "x" a | "y"` is `"x"* "y"`. Undefined where one stands elsewhere, as it does
 * in nested brackets: no regular expression says that.
 */
export function solveCircle(circle: ReadonlyMap<string, Node>, wanted: string): Node | undefined {
  const equations = new Map<string, Equation>();
  for (const [name, body] of circle) {
    const equation = readEquation(body, circle);
    if (!equation) return undefined;
    equations.set(name, withoutItself(name, equation));
  }
  // one after the other is put into those that name it, until only the wanted one is left
  for (let name = pickNext(equations, wanted); name !== undefined; name = pickNext(equations, wanted)) {
    const solved = equations.get(name);
    equations.delete(name);
    if (!solved) return undefined;
    for (const [other, equation] of equations) equations.set(other, withoutItself(other, putInto(equation, name, solved)));
  }
  const ending = equations.get(wanted)?.ending ?? [];
  return ending.length > 0 ? choice(ending) : undefined;
}

/** The rule that costs least to put in, by its size and by how many rules name it. */
function pickNext(equations: ReadonlyMap<string, Equation>, wanted: string): string | undefined {
  let best: string | undefined;
  let bestCost = Infinity;
  for (const [name, { onward, ending }] of equations) {
    if (name === wanted) continue;
    const users = [...equations.values()].filter((equation) => equation.onward.has(name)).length;
    const size = JSON.stringify([...onward.values(), ending]).length;
    if (users * size >= bestCost) continue;
    best = name;
    bestCost = users * size;
  }
  return best;
}

function readEquation(node: Node, circle: ReadonlyMap<string, Node>): Equation | undefined {
  if (!namesAny(node, circle)) return { onward: new Map(), ending: [node] };
  switch (node.kind) {
    case 'rule':
      return { onward: new Map([[node.name, [emptyText]]]), ending: [] };
    case 'choice':
      return unite(node.options.map((option) => readEquation(option, circle)));
    case 'sequence': {
      const before = sequence(node.items.slice(0, -1));
      const last = node.items.at(-1);
      const equation = last && !namesAny(before, circle) ? readEquation(last, circle) : undefined;
      return equation && prefix(before, equation);
    }
    case 'repeat': {
      const equation = node.least === 0 && node.most === 1 ? readEquation(node.item, circle) : undefined;
      return equation && { ...equation, ending: [...equation.ending, emptyText] };
    }
    default:
      return undefined;
  }
}

function namesAny(node: Node, circle: ReadonlyMap<string, Node>): boolean {
  return node.kind === 'rule' ? circle.has(node.name) : childrenOf(node).some((child) => namesAny(child, circle));
}

function unite(equations: readonly (Equation | undefined)[]): Equation | undefined {
  const onward = new Map<string, Node[]>();
  const ending: Node[] = [];
  for (const equation of equations) {
    if (!equation) return undefined;
    for (const [name, nodes] of equation.onward) onward.set(name, [...(onward.get(name) ?? []), ...nodes]);
    ending.push(...equation.ending);
  }
  return { onward, ending };
}

function prefix(before: Node, { onward, ending }: Equation): Equation {
  const extend = (nodes: readonly Node[]) => nodes.map((node) => sequence([before, node]));
  return { onward: new Map([...onward].map(([name, nodes]) => [name, extend(nodes)])), ending: extend(ending) };
}

/** `a = x a | y` is `a = x* y`. */
function withoutItself(name: string, { onward, ending }: Equation): Equation {
  const own = onward.get(name);
  if (!own) return { onward, ending };
  const others = new Map(onward);
  others.delete(name);
  return prefix(repeat(choice(own), 0, undefined), { onward: others, ending });
}

function putInto(equation: Equation, name: string, solved: Equation): Equation {
  const before = equation.onward.get(name);
  if (!before) return equation;
  const others = new Map(equation.onward);
  others.delete(name);
  const put = before.length > 0 ? prefix(choice(before), solved) : undefined;
  return unite([{ onward: others, ending: equation.ending }, put]) ?? equation;
}
