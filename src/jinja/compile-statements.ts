import type { Expression, FilterBlockNode, IfNode, SetBlockNode, Statement, WithNode } from './ast.ts';
import { charge } from './budget.ts';
import { isTruthy } from './compare.ts';
import { compileFilter } from './compile-calls.ts';
import { compileExpression, compileSlot, type Scope } from './compile-expressions.ts';
import { compileFor } from './compile-for.ts';
import { compileCallBlock, compileGeneration, compileMacro } from './compile-macro.ts';
import { JinjaError, typeError } from './errors.ts';
import { type Ending, type Evaluate, type Execute, type Frame, Output } from './frame.ts';
import { iterate } from './iterate.ts';
import { toText } from './repr.ts';
import type { Symbols } from './symbols.ts';
import { Namespace, typeNameOf, type Value } from './values.ts';

/** Makes one function of statements. */
export function compileBody(body: readonly Statement[], scope: Scope): Execute {
  const steps = body.map((statement) => compileStatement(statement, scope));
  const [only] = steps;
  if (steps.length === 0) return () => 0;
  if (steps.length === 1 && only !== undefined) return only;
  const count = steps.length;
  return (frame, output) => {
    charge(count);
    for (const step of steps) {
      const ending = step(frame, output);
      if (ending !== 0) return ending;
    }
    return 0;
  };
}

function compileStatement(node: Statement, scope: Scope): Execute {
  switch (node.kind) {
    case 'data': {
      const { text } = node;
      return (_, output) => {
        output.print(text);
        return 0;
      };
    }
    case 'print': {
      const value = compileExpression(node.value, scope);
      return (frame, output) => {
        output.print(toText(value(frame)));
        return 0;
      };
    }
    case 'set': {
      const value = compileExpression(node.value, scope);
      const assign = compileTarget(node.target, scope);
      return (frame) => {
        assign(frame, value(frame));
        return 0;
      };
    }
    case 'break':
      return () => 1;
    case 'continue':
      return () => 2;
    case 'if':
      return compileIf(node, { ...scope, isSoft: true });
    case 'for':
      return compileFor(node, scope);
    case 'setblock':
      return compileSetBlock(node, scope);
    case 'filterblock':
      return compileFilterBlock(node, scope);
    case 'with':
      return compileWith(node, scope);
    case 'macro':
      return compileMacro(node, scope);
    case 'callblock':
      return compileCallBlock(node, scope);
    case 'generation':
      return compileGeneration(node, scope);
    default:
      return node satisfies never;
  }
}

/** Gives a scope's variables their first values. */
export function compileEntry(symbols: Symbols): (frame: Frame) => void {
  const actions: ((frame: Frame) => void)[] = [];
  for (const [{ index }, load] of symbols.loads) {
    if (load.kind === 'resolve') {
      symbols.owner.asked.add(load.name);
      actions.push((frame) => void (frame.slots[index] = frame.render.resolve(load.name)));
    }
    if (load.kind === 'missing') actions.push((frame) => void (frame.slots[index] = undefined));
    if (load.kind === 'alias') {
      const read = compileSlot(load.slot, symbols);
      actions.push((frame) => void (frame.slots[index] = read(frame)));
    }
  }
  const count = actions.length;
  return (frame) => {
    charge(count);
    for (const action of actions) action(frame);
  };
}

/** Assigns to a name, a tuple of names or a namespace's attribute. */
export function compileTarget(target: Expression, scope: Scope): (frame: Frame, value: Value) => void {
  if (target.kind === 'name') {
    const slot = scope.symbols.find(target.name);
    if (slot === undefined) throw new JinjaError('syntax', `'${target.name}' has no place`);
    const { index } = slot;
    return (frame, value) => {
      frame.slots[index] = value;
    };
  }
  if (target.kind === 'nsref') return compileNamespaceTarget(target, scope);
  if (target.kind !== 'tuple') throw new JinjaError('syntax', `can't assign to '${target.kind}'`);
  const parts = target.items.map((item) => compileTarget(item, scope));
  return (frame, value) => {
    const items = unpack(value, parts.length);
    parts.forEach((assign, index) => {
      assign(frame, items[index] as Value);
    });
  };
}

function compileNamespaceTarget(target: Expression & { kind: 'nsref' }, scope: Scope): (frame: Frame, value: Value) => void {
  const namespace = compileExpression(target, scope);
  const { attribute, at } = target;
  return (frame, value) => {
    const object = namespace(frame);
    frame.render.at = at;
    if (!(object instanceof Namespace)) throw new JinjaError('template', 'cannot assign attribute on non-namespace object');
    object.attributes.set(attribute, attribute, value);
  };
}

function unpack(value: Value, count: number): readonly Value[] {
  if (value !== null && typeof value !== 'object' && typeof value !== 'string')
    throw typeError(`cannot unpack non-iterable ${typeNameOf(value)} object`);
  const items: Value[] = [];
  for (const item of iterate(value)) {
    if (items.length === count) throw typeError(`too many values to unpack (expected ${count})`);
    items.push(item);
  }
  if (items.length < count) throw typeError(`not enough values to unpack (expected ${count}, got ${items.length})`);
  return items;
}

function compileIf(node: IfNode, scope: Scope): Execute {
  const branches = [node, ...node.elifs].map(({ test, body }) => ({
    test: compileExpression(test, scope),
    body: compileBody(body, scope),
  }));
  const otherwise = compileBody(node.otherwise, scope);
  return (frame, output) => {
    for (const { test, body } of branches) {
      charge(1);
      if (isTruthy(test(frame))) return body(frame, output);
    }
    return otherwise(frame, output);
  };
}

/** A scope inside another one, its names found by `visit`. */
export function innerScope(
  scope: Scope,
  visit: (symbols: Symbols) => void,
): { readonly inner: Scope; readonly enter: (frame: Frame) => void } {
  const symbols = scope.symbols.inner();
  visit(symbols);
  return { inner: { symbols, isSoft: false }, enter: compileEntry(symbols) };
}

function compileSetBlock(node: SetBlockNode, scope: Scope): Execute {
  const { inner, enter } = innerScope(scope, (symbols) => symbols.visitBlock(node));
  const body = compileBody(node.body, inner);
  let printed: Value = '';
  const filter = node.filter?.kind === 'filter' ? compileFilter(node.filter, inner, () => printed) : undefined;
  const assign = compileTarget(node.target, scope);
  return (frame) => {
    enter(frame);
    const output = new Output();
    const ending = body(frame, output);
    if (ending !== 0) return ending;
    assign(frame, withInput(output.text, filter, frame));
    return 0;
  };

  function withInput(text: string, evaluate: Evaluate | undefined, frame: Frame): Value {
    printed = text;
    return evaluate === undefined ? text : evaluate(frame);
  }
}

function compileFilterBlock(node: FilterBlockNode, scope: Scope): Execute {
  const { inner, enter } = innerScope(scope, (symbols) => symbols.visitBlock(node));
  const body = compileBody(node.body, inner);
  let printed: Value = '';
  const filter = compileFilter(node.filter, inner, () => printed);
  return (frame, output) => {
    enter(frame);
    const inside = new Output();
    const ending: Ending = body(frame, inside);
    if (ending !== 0) return ending;
    printed = inside.text;
    output.print(toText(filter(frame)));
    return 0;
  };
}

function compileWith(node: WithNode, scope: Scope): Execute {
  const values = node.values.map((value) => compileExpression(value, scope));
  const { inner, enter } = innerScope(scope, (symbols) => symbols.visitWith(node));
  const targets = node.targets.map((target) => compileTarget(target, inner));
  const body = compileBody(node.body, inner);
  return (frame, output) => {
    charge(values.length);
    const worked = values.map((value) => value(frame));
    enter(frame);
    targets.forEach((assign, index) => {
      assign(frame, worked[index] as Value);
    });
    return body(frame, output);
  };
}
