import type { CallArguments, CallNode, Expression, FilterNode, TestNode } from './ast.ts';
import { callMethod, getAttribute } from './attribute.ts';
import { charge } from './budget.ts';
import { callValue } from './call-value.ts';
import { compileExpression, type Scope } from './compile-expressions.ts';
import { JinjaError, typeError } from './errors.ts';
import { findFilter } from './filters.ts';
import type { Evaluate, Frame } from './frame.ts';
import { iterate } from './iterate.ts';
import { bindArguments, type Given, type Signature } from './signature.ts';
import { findTest } from './tests.ts';
import { type Keywords, noKeywords, PyDict, textOf, typeNameOf, type Value } from './values.ts';

/** Arguments of a call, ready to be worked out. */
interface CompiledArguments {
  readonly args: (frame: Frame) => Value[];
  readonly keywords: (frame: Frame) => Keywords;
}

function compileArguments(call: CallArguments, scope: Scope): CompiledArguments {
  const args = call.args.map((arg) => compileExpression(arg, scope));
  const keywords = call.keywords.map(([name, value]) => [name, compileExpression(value, scope)] as const);
  const spreadArgs = call.spreadArgs === undefined ? undefined : compileExpression(call.spreadArgs, scope);
  const spreadKeywords = call.spreadKeywords === undefined ? undefined : compileExpression(call.spreadKeywords, scope);
  return {
    args: (frame) => {
      const given: Value[] = [];
      charge(args.length);
      for (const arg of args) given.push(arg(frame));
      if (spreadArgs !== undefined) for (const value of iterate(spreadArgs(frame))) given.push(value);
      return given;
    },
    keywords: (frame) => {
      if (keywords.length === 0 && spreadKeywords === undefined) return noKeywords;
      const given = new Map<string, Value>();
      charge(keywords.length);
      for (const [name, value] of keywords) given.set(name, value(frame));
      if (spreadKeywords !== undefined) addKeywords(given, spreadKeywords(frame));
      return given;
    },
  };
}

function addKeywords(given: Map<string, Value>, value: Value): void {
  if (!(value instanceof PyDict)) throw typeError(`argument after ** must be a mapping, not ${typeNameOf(value)}`);
  charge(value.size);
  for (const [key, item] of value.pairs()) {
    const name = textOf(key);
    if (name === undefined) throw typeError('keywords must be strings');
    if (given.has(name)) throw typeError(`got multiple values for keyword argument '${name}'`);
    given.set(name, item);
  }
}

/** Makes a function of a call; a method is called without a bound method in between. */
export function compileCall(node: CallNode, scope: Scope, caller?: (frame: Frame) => Value): Evaluate {
  const { callee, at } = node;
  const { args, keywords: named } = compileArguments(node.call, scope);
  // the body of a call block is the argument `caller`
  const keywords = caller === undefined ? named : (frame: Frame) => new Map([...named(frame), ['caller', caller(frame)]]);
  if (callee.kind === 'attribute') return compileMethodCall(callee, { args, keywords, at }, scope);
  const target = compileExpression(callee, scope);
  return (frame) => {
    const called = target(frame);
    const given = args(frame);
    const byName = keywords(frame);
    frame.render.at = at;
    const result = callValue(called, given, byName);
    frame.render.at = at;
    return result;
  };
}

function compileMethodCall(
  callee: Expression & { kind: 'attribute' },
  { args, keywords, at }: CompiledArguments & { readonly at: number },
  scope: Scope,
): Evaluate {
  const object = compileExpression(callee.value, scope);
  const { name } = callee;
  return (frame) => {
    const self = object(frame);
    const isPlain = typeof self === 'string' || self instanceof PyDict || Array.isArray(self);
    if (!isPlain) {
      frame.render.at = at;
      // the attribute is looked up before its arguments are worked out
      const target = getAttribute(self, name);
      const result = callValue(target, args(frame), keywords(frame));
      frame.render.at = at;
      return result;
    }
    const given = args(frame);
    const named = keywords(frame);
    frame.render.at = at;
    charge(1);
    const result = callMethod(self, name, given, named);
    return result === undefined ? callValue(getAttribute(self, name), given, named) : result;
  };
}

/** Makes a function of `value|name(args)`; the filter is looked up now. `input` stands for the value in a block's filters. */
export function compileFilter(node: FilterNode, scope: Scope, input?: Evaluate): Evaluate {
  const value =
    node.value === undefined
      ? input
      : node.value.kind === 'filter' && input !== undefined
        ? compileFilter(node.value, scope, input)
        : compileExpression(node.value, scope);
  if (value === undefined) throw new JinjaError('syntax', 'a filter has no value');
  const filter = findFilter(node.name);
  const { at } = node;
  if (filter === undefined) return failUnknown('filter', node, scope);
  const call = compileBound(`do_${node.name}`, filter, { node, scope });
  return (frame) => {
    const filtered = value(frame);
    const given = call.given(frame);
    const named = call.keywords(frame);
    frame.render.at = at;
    charge(1);
    return filter.run(filtered, given, named);
  };
}

/** Makes a function of `value is name(args)`. */
export function compileTest(node: TestNode, scope: Scope): Evaluate {
  const value = compileExpression(node.value, scope);
  const test = findTest(node.name);
  if (test === undefined) return failUnknown('test', node, scope);
  const { at } = node;
  const call = compileBound(`test_${node.name}`, test, { node, scope });
  return (frame) => {
    const tested = value(frame);
    const given = call.given(frame);
    frame.render.at = at;
    charge(1);
    return test.run(tested, given);
  };
}

function failUnknown(kind: 'filter' | 'test', node: FilterNode | TestNode, scope: Scope): Evaluate {
  const reason = `No ${kind} named '${node.name}'.`;
  if (!scope.isSoft) throw new JinjaError('syntax', reason, node.at);
  return (frame) => {
    frame.render.at = node.at;
    throw new JinjaError('template', reason);
  };
}

interface BoundArguments {
  readonly given: (frame: Frame) => Given;
  readonly keywords: (frame: Frame) => Keywords;
}

const nothing: Given = [];

/** Arguments in the order the filter or test takes them; names are sorted in now where that can be done. */
function compileBound(
  name: string,
  takes: { readonly signature?: Signature },
  { node, scope }: { node: FilterNode | TestNode; scope: Scope },
): BoundArguments {
  const { call } = node;
  const { args, keywords } = compileArguments(call, scope);
  const { signature } = takes;
  if (signature === undefined) return { given: args, keywords };
  const none = () => noKeywords;
  const isPlain = call.spreadArgs === undefined && call.spreadKeywords === undefined && call.keywords.length === 0;
  if (isPlain && call.args.length >= signature.required && call.args.length <= signature.names.length) {
    return call.args.length === 0 ? { given: () => nothing, keywords: none } : { given: args, keywords: none };
  }
  return { given: (frame) => bindArguments(name, signature, args(frame), keywords(frame)), keywords: none };
}
