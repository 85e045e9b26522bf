import type { CallBlockNode, MacroBody, MacroNode, Statement } from './ast.ts';
import { charge } from './budget.ts';
import { callValue } from './call-value.ts';
import { compileCall } from './compile-calls.ts';
import { compileExpression, type Scope } from './compile-expressions.ts';
import { compileBody, compileEntry, compileTarget } from './compile-statements.ts';
import { type Execute, Frame, Output } from './frame.ts';
import { Macro, type MacroArguments, type MacroShape } from './macro.ts';
import { toText } from './repr.ts';
import { FunctionSlots, findFree } from './symbols.ts';
import { noKeywords, Undefined } from './values.ts';

/** Makes a function of a `macro` block: it assigns the macro to its name. */
export function compileMacro(node: MacroNode, scope: Scope): Execute {
  const make = compileMacroBody(node, node.name, scope);
  const assign = compileTarget({ kind: 'name', name: node.name, use: 'store', at: node.at }, scope);
  return (frame) => {
    assign(frame, make(frame));
    return 0;
  };
}

/** Makes a function of a `call` block: the call gets the block as `caller`. */
export function compileCallBlock(node: CallBlockNode, scope: Scope): Execute {
  const make = compileMacroBody(node, undefined, scope);
  const call = compileCall(node.call, scope, make);
  return (frame, output) => {
    output.print(toText(call(frame)));
    return 0;
  };
}

/** Makes a function of a `generation` block: prints its body and notes where. */
export function compileGeneration(node: Statement & { kind: 'generation' }, scope: Scope): Execute {
  const make = compileMacroBody(node, undefined, scope);
  return (frame, output) => {
    const { render } = frame;
    const start = render.output.text.length;
    const text = toText(callValue(make(frame), [], noKeywords));
    output.print(text);
    render.generationSpans.push({ start, end: start + text.length });
    return 0;
  };
}

function compileMacroBody(node: MacroBody, name: string | undefined, scope: Scope): (frame: Frame) => Macro {
  const owner = new FunctionSlots(scope.symbols.owner);
  const symbols = scope.symbols.inner(owner);
  symbols.visitFunction(node);
  const free = findFree(node.body, ['caller', 'kwargs', 'varargs']);
  const special = { caller: -1, kwargs: -1, varargs: -1 };
  for (const word of ['caller', 'kwargs', 'varargs'] as const) {
    if (free.has(word) && !node.args.some((arg) => arg.name === word)) special[word] = symbols.declare(word).index;
  }
  const inner: Scope = { symbols, isSoft: false };
  const enter = compileEntry(symbols);
  const parameters = node.args.map((arg, position) => {
    const fallback = node.defaults[position - node.args.length + node.defaults.length];
    const missing = () => new Undefined(`parameter '${arg.name}' was not provided`);
    return { index: symbols.find(arg.name)?.index ?? 0, fallback: fallback === undefined ? missing : compileExpression(fallback, inner) };
  });
  const body = compileBody(node.body, inner);
  const shape: MacroShape = {
    name,
    parameters: node.args.map((arg) => arg.name),
    hasCaller: free.has('caller'),
    hasKwargs: free.has('kwargs'),
    hasVarargs: free.has('varargs'),
  };
  const run = (outer: Frame, given: MacroArguments): string => {
    charge(owner.count);
    const frame = new Frame(owner.count, outer, outer.render);
    enter(frame);
    if (special.caller >= 0) frame.slots[special.caller] = given.caller;
    if (special.kwargs >= 0) frame.slots[special.kwargs] = given.kwargs;
    if (special.varargs >= 0) frame.slots[special.varargs] = given.varargs;
    parameters.forEach(({ index, fallback }, position) => {
      const value = given.parameters[position];
      frame.slots[index] = value === undefined ? fallback(frame) : value;
    });
    const output = new Output();
    body(frame, output);
    return output.text;
  };
  return (frame) => new Macro(shape, (given) => run(frame, given));
}
