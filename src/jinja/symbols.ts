import {
  type Expression,
  type FilterBlockNode,
  type ForNode,
  type MacroBody,
  partsOf,
  type SetBlockNode,
  type Statement,
  type WithNode,
} from './ast.ts';
import { charge } from './budget.ts';

/** Where a variable lives: a function's frame and a place in it. */
export interface Slot {
  readonly owner: FunctionSlots;
  readonly index: number;
}

/** The places of one function (the template, a macro, a recursive loop). */
export class FunctionSlots {
  readonly parent: FunctionSlots | undefined;
  /** names that some scope of the template takes from its input; one set for all its functions */
  readonly asked: Set<string>;
  count = 0;
  constructor(parent?: FunctionSlots) {
    this.parent = parent;
    this.asked = parent?.asked ?? new Set();
  }
}

/** What a slot holds when its scope begins. */
export type Load =
  | { readonly kind: 'parameter' }
  | { readonly kind: 'resolve'; readonly name: string }
  | { readonly kind: 'alias'; readonly slot: Slot }
  | { readonly kind: 'missing' };

/**
 * Which names a scope holds and where each comes from, worked out before anything runs, with Jinja2's rules: a name that a scope assigns anywhere is the
 * scope's own, and begins as the outer variable of that name, as missing, or (assigned in a branch of an `if`) as the template's input.
 */
export class Symbols {
  readonly owner: FunctionSlots;
  readonly parent: Symbols | undefined;
  #slots = new Map<string, Slot>();
  #refs = new Map<string, Slot>();
  loads = new Map<Slot, Load>();
  #stores = new Set<string>();

  constructor(owner: FunctionSlots, parent?: Symbols) {
    this.owner = owner;
    this.parent = parent;
  }

  inner(owner = this.owner): Symbols {
    return new Symbols(owner, this);
  }

  find(name: string): Slot | undefined {
    return this.#refs.get(name) ?? this.parent?.find(name);
  }

  declare(name: string): Slot {
    this.#stores.add(name);
    return this.#define(name, { kind: 'parameter' });
  }

  store(name: string): void {
    this.#stores.add(name);
    if (this.#refs.has(name)) return;
    const outer = this.parent?.find(name);
    this.#define(name, outer === undefined ? { kind: 'missing' } : { kind: 'alias', slot: outer });
  }

  load(name: string): void {
    if (this.find(name) === undefined) this.#define(name, { kind: 'resolve', name });
  }

  #define(name: string, load: Load): Slot {
    let slot = this.#slots.get(name);
    if (slot === undefined) this.#slots.set(name, (slot = { owner: this.owner, index: this.owner.count++ }));
    this.#refs.set(name, slot);
    this.loads.set(slot, load);
    return slot;
  }

  #chargeCopy(): void {
    charge(this.#refs.size + this.loads.size + this.#stores.size);
  }

  #branch(): Symbols {
    this.#chargeCopy();
    const branch = new Symbols(this.owner, this.parent);
    branch.#slots = this.#slots;
    branch.#refs = new Map(this.#refs);
    branch.loads = new Map(this.loads);
    branch.#stores = new Set(this.#stores);
    return branch;
  }

  /** Takes over what the branches of an `if` found. */
  visitBranches(branches: readonly (readonly Statement[])[]): void {
    const visited = branches.map((body) => {
      const branch = this.#branch();
      branch.visitAll(body);
      return branch;
    });
    const stored = new Set(visited.flatMap((branch) => [...branch.#stores]).filter((name) => !this.#stores.has(name)));
    for (const branch of visited) {
      branch.#chargeCopy();
      for (const [name, slot] of branch.#refs) this.#refs.set(name, slot);
      for (const [slot, load] of branch.loads) this.loads.set(slot, load);
      for (const name of branch.#stores) this.#stores.add(name);
    }
    for (const name of stored) {
      const slot = this.find(name);
      if (slot === undefined) continue;
      const outer = this.parent?.find(name);
      this.loads.set(slot, outer === undefined ? { kind: 'resolve', name } : { kind: 'alias', slot: outer });
    }
  }

  visitAll(body: readonly Statement[]): void {
    for (const statement of body) this.visit(statement);
  }

  /** Notes the names of a statement as seen from the scope it stands in. */
  visit(node: Statement): void {
    switch (node.kind) {
      case 'print':
        this.visitExpression(node.value);
        return;
      case 'set':
        this.visitExpression(node.value);
        this.visitExpression(node.target);
        return;
      case 'setblock':
        this.visitExpression(node.target);
        return;
      case 'for':
        this.visitExpression(node.iterable);
        return;
      case 'if':
        this.visitExpression(node.test);
        this.visitBranches([node.body, node.elifs, node.otherwise]);
        return;
      case 'macro':
        this.store(node.name);
        return;
      case 'callblock':
        this.visitExpression(node.call);
        return;
      case 'filterblock':
        this.visitExpression(node.filter);
        return;
      case 'with':
        for (const value of node.values) this.visitExpression(value);
    }
  }

  visitExpression(node: Expression): void {
    if (node.kind === 'name') {
      if (node.use === 'store') this.store(node.name);
      else if (node.use === 'parameter') this.declare(node.name);
      else this.load(node.name);
    } else if (node.kind === 'nsref') this.load(node.name);
    else for (const part of partsOf(node)) this.visitExpression(part);
  }

  /** A target whose names are this scope's from the start, as in `for`. */
  declareTarget(target: Expression): void {
    if (target.kind === 'name') this.declare(target.name);
    else for (const part of partsOf(target)) this.declareTarget(part);
  }

  visitFor(node: ForNode, part: 'body' | 'otherwise' | 'test'): void {
    if (part !== 'otherwise') this.declareTarget(node.target);
    if (part === 'test') {
      if (node.test !== undefined) this.visitExpression(node.test);
    } else this.visitAll(node[part]);
  }

  visitFunction(node: MacroBody): void {
    for (const arg of node.args) this.declare(arg.name);
    for (const value of node.defaults) this.visitExpression(value);
    this.visitAll(node.body);
  }

  visitWith(node: WithNode): void {
    for (const target of node.targets) this.declareTarget(target);
    this.visitAll(node.body);
  }

  visitBlock(node: SetBlockNode | FilterBlockNode): void {
    if (node.kind === 'filterblock') {
      this.visitAll(node.body);
      this.visitExpression(node.filter);
    } else this.visitAll(node.body);
  }
}

/** Which of `names` a body reads before it assigns them. */
export function findFree(body: readonly Statement[], names: readonly string[]): ReadonlySet<string> {
  const wanted = new Set(names);
  const found = new Set<string>();
  const look = (node: Expression): void => {
    charge(1);
    if (node.kind === 'name') {
      if (node.use === 'load' && wanted.has(node.name)) found.add(node.name);
      else if (node.use !== 'load') wanted.delete(node.name);
    } else for (const part of partsOf(node)) look(part);
  };
  const walk = (statements: readonly Statement[]): void => {
    for (const statement of statements) {
      for (const expression of expressionsOf(statement)) look(expression);
      for (const inner of bodiesOf(statement)) walk(inner);
    }
  };
  walk(body);
  return found;
}

function expressionsOf(node: Statement): readonly Expression[] {
  switch (node.kind) {
    case 'print':
      return [node.value];
    case 'set':
      return [node.target, node.value];
    case 'setblock':
      return node.filter === undefined ? [node.target] : [node.target, node.filter];
    case 'for':
      return node.test === undefined ? [node.target, node.iterable] : [node.target, node.iterable, node.test];
    case 'if':
      return [node.test];
    case 'macro':
    case 'generation':
      return [...node.args, ...node.defaults];
    case 'callblock':
      return [node.call, ...node.args, ...node.defaults];
    case 'filterblock':
      return [node.filter];
    case 'with':
      return [...node.targets, ...node.values];
    default:
      return [];
  }
}

function bodiesOf(node: Statement): readonly (readonly Statement[])[] {
  if (node.kind === 'if') return [node.body, node.elifs, node.otherwise];
  if (node.kind === 'for') return [node.body, node.otherwise];
  return 'body' in node ? [node.body] : [];
}
