import type { ForNode } from './ast.ts';
import { charge, deeper } from './budget.ts';
import { isTruthy } from './compare.ts';
import { compileExpression, type Scope } from './compile-expressions.ts';
import { compileBody, compileEntry, compileTarget, innerScope } from './compile-statements.ts';
import { type Ending, type Execute, Frame, Output } from './frame.ts';
import { iterate } from './iterate.ts';
import { LoopContext } from './loop.ts';
import { FunctionSlots, findFree } from './symbols.ts';
import { PyIterator, type Value } from './values.ts';

/** Runs a loop's turns over a value; the ending is that of the function around it. */
type RunLoop = (
  frame: Frame,
  items: Value,
  output: Output,
  recursion?: { readonly depth: number; readonly recurse: (items: Value) => Value },
) => void;

/** Makes a function of a `for` block. */
export function compileFor(node: ForNode, scope: Scope): Execute {
  const iterable = compileExpression(node.iterable, scope);
  if (node.isRecursive) return compileRecursive(node, scope);
  const { run, otherwise } = compileTurns(node, scope);
  const { at } = node;
  return (frame, output) => {
    const items = iterable(frame);
    frame.render.at = at;
    const isEmpty = run(frame, items, output);
    return isEmpty ? otherwise(frame, output) : 0;
  };
}

interface Turns {
  /** returns whether there was no turn */
  readonly run: (...given: Parameters<RunLoop>) => boolean;
  readonly otherwise: Execute;
}

function compileTurns(node: ForNode, scope: Scope): Turns {
  const usesLoop = node.isRecursive || findFree(node.body, ['loop']).size > 0;
  const symbols = scope.symbols.inner();
  const loopIndex = usesLoop ? symbols.declare('loop').index : -1;
  symbols.visitFor(node, 'body');
  const inner: Scope = { symbols, isSoft: false };
  const enter = compileEntry(symbols);
  const assign = compileTarget(node.target, inner);
  const body = compileBody(node.body, inner);
  const select = node.test === undefined ? undefined : compileSelect(node, scope);
  const elseScope = innerScope(scope, (own) => own.visitFor(node, 'otherwise'));
  const elseBody = compileBody(node.otherwise, elseScope.inner);
  const otherwise: Execute = (frame, output) => {
    elseScope.enter(frame);
    return elseBody(frame, output);
  };
  const takeTurn = (frame: Frame, item: Value, output: Output): Ending => {
    charge(1);
    assign(frame, item);
    enter(frame);
    return body(frame, output);
  };
  if (!usesLoop) {
    const run: Turns['run'] = (frame, items, output) => {
      let isEmpty = true;
      for (const item of Array.isArray(items) && select === undefined ? items : iterate(select?.(frame, items) ?? items)) {
        isEmpty = false;
        if (takeTurn(frame, item, output) === 1) break;
      }
      return isEmpty;
    };
    return { run, otherwise };
  }
  const run: Turns['run'] = (frame, items, output, recursion) => {
    const loop = new LoopContext(select?.(frame, items) ?? items, recursion);
    frame.slots[loopIndex] = loop;
    for (let item = loop.advance(); item !== undefined; item = loop.advance()) {
      if (takeTurn(frame, item, output) === 1) break;
      frame.slots[loopIndex] = loop;
    }
    return loop.index === -1;
  };
  return { run, otherwise };
}

/** The inline `if` of a loop: a generator over the items it lets through. */
function compileSelect(node: ForNode, scope: Scope): (frame: Frame, items: Value) => Value {
  const { inner, enter } = innerScope(scope, (symbols) => symbols.visitFor(node, 'test'));
  const assign = compileTarget(node.target, inner);
  const test = node.test === undefined ? () => true : compileExpression(node.test, inner);
  function* choose(frame: Frame, items: Value): Generator<Value, void, undefined> {
    for (const item of iterate(items)) {
      assign(frame, item);
      enter(frame);
      if (isTruthy(test(frame))) yield item;
    }
  }
  return (frame, items) => new PyIterator(choose(frame, items));
}

/** A recursive loop is a function of its own, which prints into a text. */
function compileRecursive(node: ForNode, scope: Scope): Execute {
  const iterable = compileExpression(node.iterable, scope);
  const owner = new FunctionSlots(scope.symbols.owner);
  const { run, otherwise } = compileTurns(node, { symbols: scope.symbols.inner(owner), isSoft: false });
  const { at } = node;
  return (frame, output) => {
    const start = (items: Value, depth: number): string =>
      deeper(() => {
        frame.render.at = at;
        charge(owner.count);
        const own = new Frame(owner.count, frame, frame.render);
        const printed = new Output();
        const isEmpty = run(own, items, printed, { depth, recurse: (children) => start(children, depth + 1) });
        if (isEmpty) otherwise(own, printed);
        return printed.text;
      });
    output.print(start(iterable(frame), 0));
    return 0;
  };
}
