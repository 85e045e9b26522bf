import { add, applySign, operate } from './arithmetic.ts';
import type { CompareOperator, Expression } from './ast.ts';
import { getAttribute, getItem, getSlice } from './attribute.ts';
import { charge, chargeJoin } from './budget.ts';
import { compareValues, hashOf, isEqual, isTruthy, longKey } from './compare.ts';
import { compileCall, compileFilter, compileTest } from './compile-calls.ts';
import { contains } from './contains.ts';
import type { Evaluate, Frame } from './frame.ts';
import { toText } from './repr.ts';
import type { FunctionSlots, Slot, Symbols } from './symbols.ts';
import { PyDict, PyTuple, Undefined, type Value } from './values.ts';

/** Where an expression stands: its names, and whether an `if` makes unknown filters fail only when they run. */
export interface Scope {
  readonly symbols: Symbols;
  readonly isSoft: boolean;
}

/** Makes a function of an expression. */
export function compileExpression(node: Expression, scope: Scope): Evaluate {
  switch (node.kind) {
    case 'const': {
      const { value } = node;
      return () => value;
    }
    case 'name':
      return compileName(node.name, scope);
    case 'tuple': {
      const items = node.items.map((item) => compileExpression(item, scope));
      return (frame) => {
        charge(items.length);
        return new PyTuple(items.map((item) => item(frame)));
      };
    }
    case 'list': {
      const items = node.items.map((item) => compileExpression(item, scope));
      return (frame) => {
        charge(items.length);
        return items.map((item) => item(frame));
      };
    }
    case 'dict':
      return compileDict(node, scope);
    case 'condition':
      return compileCondition(node, { ...scope, isSoft: true });
    case 'and':
    case 'or':
      return compileLogic(node, scope);
    case 'not': {
      const value = compileExpression(node.value, scope);
      return (frame) => {
        charge(1);
        return !isTruthy(value(frame));
      };
    }
    case 'compare':
      return compileCompare(node, scope);
    case 'binary':
      return compileBinary(node, scope);
    case 'concat':
      return compileConcat(node, scope);
    case 'sign': {
      const value = compileExpression(node.value, scope);
      const { operator } = node;
      return (frame) => {
        charge(1);
        return applySign(operator, value(frame));
      };
    }
    case 'attribute': {
      const value = compileExpression(node.value, scope);
      const { name, at } = node;
      const cost = 1 + Math.floor(name.length / longKey);
      return (frame) => {
        const from = value(frame);
        charge(cost);
        if (from instanceof PyDict) {
          const found = dictAttribute(from, name);
          if (found !== undefined) return found;
        }
        frame.render.at = at;
        return getAttribute(from, name);
      };
    }
    case 'item':
      return compileItem(node, scope);
    case 'filter':
      return compileFilter(node, scope);
    case 'test':
      return compileTest(node, scope);
    case 'call':
      return compileCall(node, scope);
    case 'slice':
      return () => new Undefined('a slice stands alone');
    case 'nsref':
      return compileName(node.name, scope);
    default:
      return node satisfies never;
  }
}

const dictMethodNames = new Set(['get', 'items', 'keys', 'values', 'copy', 'fromkeys', 'clear', 'pop', 'popitem', 'setdefault', 'update']);

function dictAttribute(dict: PyDict, name: string): Value | undefined {
  return dictMethodNames.has(name) || name.startsWith('__') ? undefined : dict.entries.get(name);
}

/** How many functions out a slot lies. */
function distance(from: FunctionSlots, slot: Slot): number {
  let hops = 0;
  for (let owner: FunctionSlots | undefined = from; owner !== slot.owner; owner = owner?.parent) hops++;
  return hops;
}

/** Reads a slot; undefined while it is missing. */
export function compileSlot(slot: Slot, symbols: Symbols): (frame: Frame) => Value | undefined {
  const hops = distance(symbols.owner, slot);
  const { index } = slot;
  if (hops === 0) return (frame) => frame.slots[index];
  if (hops === 1) return (frame) => frame.parent?.slots[index];
  return (frame) => {
    let owner: Frame | undefined = frame;
    for (let hop = 0; hop < hops; hop++) owner = owner?.parent;
    return owner?.slots[index];
  };
}

function compileName(name: string, scope: Scope): Evaluate {
  const slot = scope.symbols.find(name);
  if (slot === undefined) return () => new Undefined(`'${name}' is undefined`);
  const read = compileSlot(slot, scope.symbols);
  return (frame) => {
    const value = read(frame);
    return value === undefined ? new Undefined(`'${name}' is undefined`) : value;
  };
}

function compileDict(node: Expression & { kind: 'dict' }, scope: Scope): Evaluate {
  const pairs = node.pairs.map(([key, value]) => [compileExpression(key, scope), compileExpression(value, scope)] as const);
  const { at } = node;
  return (frame) => {
    charge(pairs.length * 2);
    // every key and value is worked out before the first key is looked at
    const worked = pairs.map(([key, value]) => [key(frame), value(frame)] as const);
    frame.render.at = at;
    const dict = new PyDict();
    for (const [key, value] of worked) dict.set(hashOf(key), key, value);
    return dict;
  };
}

function compileCondition(node: Expression & { kind: 'condition' }, scope: Scope): Evaluate {
  const test = compileExpression(node.test, scope);
  const then = compileExpression(node.whenTrue, scope);
  const otherwise = node.otherwise === undefined ? undefined : compileExpression(node.otherwise, scope);
  const hint = 'the inline if-expression evaluated to false and no else section was defined.';
  return (frame) => {
    charge(1);
    return isTruthy(test(frame)) ? then(frame) : otherwise === undefined ? new Undefined(hint) : otherwise(frame);
  };
}

function compileLogic(node: Expression & { kind: 'and' | 'or' }, scope: Scope): Evaluate {
  const left = compileExpression(node.left, scope);
  const right = compileExpression(node.right, scope);
  const isAnd = node.kind === 'and';
  return (frame) => {
    charge(1);
    const value = left(frame);
    return isTruthy(value) === isAnd ? right(frame) : value;
  };
}

const comparisons: Readonly<Record<CompareOperator, (left: Value, right: Value) => boolean>> = {
  '==': isEqual,
  '!=': (left, right) => !isEqual(left, right),
  '<': (left, right) => compareValues(left, right, '<') < 0,
  '<=': (left, right) => compareValues(left, right, '<=') <= 0,
  '>': (left, right) => compareValues(left, right, '>') > 0,
  '>=': (left, right) => compareValues(left, right, '>=') >= 0,
  in: (left, right) => contains(right, left),
  'not in': (left, right) => !contains(right, left),
};

function compileCompare(node: Expression & { kind: 'compare' }, scope: Scope): Evaluate {
  const first = compileExpression(node.first, scope);
  const rest = node.rest.map(([operator, value]) => ({ compare: comparisons[operator], value: compileExpression(value, scope) }));
  const [only] = rest;
  const { at } = node;
  if (rest.length === 1 && only !== undefined) {
    const { compare, value } = only;
    return (frame) => {
      const left = first(frame);
      const right = value(frame);
      charge(1);
      frame.render.at = at;
      return compare(left, right);
    };
  }
  return (frame) => {
    let left = first(frame);
    for (const { compare, value } of rest) {
      const right = value(frame);
      charge(1);
      frame.render.at = at;
      if (!compare(left, right)) return false;
      left = right;
    }
    return true;
  };
}

function compileBinary(node: Expression & { kind: 'binary' }, scope: Scope): Evaluate {
  const left = compileExpression(node.left, scope);
  const right = compileExpression(node.right, scope);
  const { operator, at } = node;
  return (frame) => {
    const first = left(frame);
    const second = right(frame);
    charge(1);
    frame.render.at = at;
    return operator === '+' ? add(first, second) : operate(operator, first, second);
  };
}

function compileConcat(node: Expression & { kind: 'concat' }, scope: Scope): Evaluate {
  const items = node.items.map((item) => compileExpression(item, scope));
  return (frame) => {
    let text = '';
    let longest = 0;
    for (const item of items) {
      const part = toText(item(frame));
      longest = Math.max(longest, part.length);
      text += part;
    }
    charge(items.length);
    chargeJoin(text.length, longest);
    return text;
  };
}

function compileItem(node: Expression & { kind: 'item' }, scope: Scope): Evaluate {
  const value = compileExpression(node.value, scope);
  const { key, at } = node;
  if (key.kind === 'slice') {
    const bound = (part: Expression | undefined) => (part === undefined ? () => null : compileExpression(part, scope));
    const [start, stop, step] = [bound(key.start), bound(key.stop), bound(key.step)];
    return (frame) => {
      const from = value(frame);
      charge(4);
      const bounds = { start: start(frame), stop: stop(frame), step: step(frame) };
      frame.render.at = at;
      return getSlice(from, bounds);
    };
  }
  const name = compileExpression(key, scope);
  return (frame) => {
    const from = value(frame);
    const by = name(frame);
    charge(1);
    if (typeof by === 'string' && by.length < longKey && from instanceof PyDict) {
      const found = from.entries.get(by);
      if (found !== undefined) return found;
    }
    frame.render.at = at;
    return getItem(from, by);
  };
}
