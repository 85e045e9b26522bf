import type { CallShape, DialectDefinition, Mark, Multiplicity, Span, ToolSpan } from '../../dialects/dialect.ts';
import { anyText, choice, emptyText, optional, repeat, sequence, text, until } from '../../grammars/build.ts';
import type { Node, ReadGrammar, Unenforced } from '../../grammars/ir.ts';
import { factorTexts } from '../../grammars/lowering/factor-texts.ts';
import { GatewayError } from '../../protocol/error.ts';
import type { Tool, ToolChoice } from '../../protocol/message.ts';
import { listSpellings, spellMark } from '../take-mark.ts';
import { ArgumentWriting } from './argument-writing.ts';
import { writeFrames } from './frame-grammar.ts';
import { writeMark } from './mark-node.ts';
import { describeMixing, isToldByOpener, mixWithText, writtenWithoutOpener } from './mixed-answer.ts';
import { writeCall } from './write-call.ts';

/** What calls a grammar is to allow, and where it begins and ends. */
export interface CallGrammarOptions {
  readonly dialect: DialectDefinition;
  readonly tools: readonly Tool[];
  /** a name allows that tool alone, once. Default `required` */
  readonly toolChoice?: ToolChoice;
  /** several calls; default what the dialect says */
  readonly parallel?: boolean;
  /**
   * `eager`: the whole answer, calls and nothing before them; `lazy`: from a region's opener on, one region and then anything;
   * `mixed`: the whole answer, text in which calls may stand and nothing else does that begins like one. Default `eager`
   */
  readonly mode?: 'eager' | 'lazy' | 'mixed';
  /** thoughts before the calls: none; a block that the prompt has opened, up to its closer; a block or none. Default `none` */
  readonly reasoning?: 'none' | 'open' | 'optional';
  /** behind the calls; default `end` for eager, `any-text` for lazy. A mixed answer has text behind its calls, and ends behind its call where only one is wanted */
  readonly trailing?: 'end' | 'any-text';
  /** where a framed answer begins: before a frame, or in the header that the prompt has opened. Default `frame` */
  readonly frameStart?: 'frame' | 'header';
  /** what an answer without calls has to be; absent: there must be calls. With it the list of tools may be empty */
  readonly text?: Node;
}

/** A grammar of calls. */
export interface CallGrammar extends ReadGrammar {
  /** what begins a region of calls: a lazy grammar starts there, the opener included; none for formats without one, and where a mixed grammar binds nothing */
  readonly triggers: readonly string[];
  /** tools that the format cannot call: their names cannot be written in it */
  readonly leftOut: readonly string[];
}

/** Most calls of one answer: a small model that repeats itself comes to an end. */
const mostCalls = 16;

/**
 * The calls that a model may write in its own format: names as alternatives, arguments by each tool's schema in the dialect's codec.
 * Arguments, and objects in them, have no keys beyond the declared ones where a schema says nothing of others: small models invent some, and the grammar is half as large.
 * A schema that cannot be written out whole is held as far as it can be, and the rest is told in `unenforced`, its path beginning with the tool's name.
 * A mixed grammar of a format whose calls cannot be told from text by their opener allows anything and has no triggers.
 * Throws `invalid_request` where no tool can be called.
 */
export function callGrammar(options: CallGrammarOptions): CallGrammar {
  const { dialect, toolChoice } = options;
  if (options.mode === 'mixed' && !isToldByOpener(dialect)) return unbound;
  const tools = typeof toolChoice === 'object' ? options.tools.filter(({ name }) => name === toolChoice.name) : options.tools;
  const writing = new ArgumentWriting();
  const isParallel = (options.parallel ?? dialect.many.parallel) && typeof toolChoice !== 'object';
  const request: CallRequest = { options, tools, writing, isParallel };
  const { layout } = dialect;
  const written = layout.kind === 'framed' ? writeFrames(request, layout) : writeInline(request, layout.tools, layout.reasoning);
  const root = sequence([written.node, writeTrailing(options)]);
  return {
    grammar: { root, rules: writing.book.rules },
    unenforced: distinct([...writing.unenforced, ...written.leftOut.map(tellLeftOut)]),
    triggers: written.triggers,
    leftOut: written.leftOut,
  };
}

const unbound: CallGrammar = { grammar: { root: anyText, rules: new Map() }, unenforced: [], triggers: [], leftOut: [] };

function writeTrailing({ mode, trailing = mode === 'lazy' ? 'any-text' : 'end' }: CallGrammarOptions): Node {
  return trailing === 'end' || mode === 'mixed' ? emptyText : anyText;
}

/** What the parts of a call grammar are written from. */
export interface CallRequest {
  readonly options: CallGrammarOptions;
  readonly tools: readonly Tool[];
  readonly writing: ArgumentWriting;
  readonly isParallel: boolean;
}

/** A written answer, before what may follow it. */
export interface WrittenCalls {
  readonly node: Node;
  readonly triggers: readonly string[];
  readonly leftOut: readonly string[];
}

function writeInline(
  request: CallRequest,
  tools: ToolSpan | readonly ToolSpan[],
  reasoning: Span | readonly Span[] | undefined,
): WrittenCalls {
  const spans = listOf(tools);
  const { mode, text: answer } = request.options;
  const thoughts = mode === 'lazy' ? emptyText : writeReasoning(request, listOf(reasoning ?? []), spans);
  const calls = request.tools.length > 0 || answer === undefined ? writeInlineCalls(request, spans) : noCalls;
  return { ...calls, node: sequence([thoughts, eitherOf(calls.node, answer)]) };
}

/** What an answer without calls has. */
export const noCalls: Partial<Pick<WrittenCalls, 'node'>> & Omit<WrittenCalls, 'node'> = { triggers: [], leftOut: [] };

/** Calls or the text of an answer, whichever there are. */
export function eitherOf(calls: Node | undefined, answer: Node | undefined): Node {
  return choice([calls, answer].filter((part) => part !== undefined));
}

function writeInlineCalls(request: CallRequest, spans: readonly ToolSpan[]): WrittenCalls {
  const [span] = spans;
  if (!span) throw refuse('This format has no tool calls.');
  const { dialect, mode = 'eager' } = request.options;
  const many = span.many ?? dialect.many;
  const ends = [...spans.flatMap(({ open, close }) => [open, close]), ...dialect.turn.stop].filter((mark) => mark !== undefined);
  const { node: calls, leftOut } = writeAlternatives(request, span.call ?? dialect.call, ends);
  const call = request.writing.share('call', calls);
  const isEager = mode === 'eager';
  const most = request.isParallel && isEager ? mostCalls : 1;
  const open = isEager ? writeOpener(span) : writeBegun(request, spans);
  const regions = writeRegions(call, span, { many, most, isList: request.isParallel, open });
  const node = mode === 'mixed' ? mixWithText(regions, describeMixing(dialect, spans, request.isParallel)) : regions;
  const openers = span.open === undefined ? [] : [span.open];
  return { node, triggers: listSpellings(openers).slice(0, 1), leftOut };
}

/** One call of any of the tools. */
function writeAlternatives(
  { tools, writing }: CallRequest,
  shape: CallShape,
  ends: readonly Mark[],
): { readonly node: Node; readonly leftOut: readonly string[] } {
  const leftOut: string[] = [];
  const calls: Node[] = [];
  for (const tool of tools) {
    const call = writeCall(shape, { writing, tool, ends });
    if (call) calls.push(call);
    else leftOut.push(tool.name);
  }
  if (calls.length === 0) throw refuse('None of the tools can be called in this format.');
  return { node: factorTexts(calls), leftOut };
}

interface RegionCount {
  readonly many: Multiplicity;
  /** spans that may follow one another */
  readonly most: number;
  /** several calls within one span */
  readonly isList: boolean;
  readonly open: Node;
}

function writeRegions(call: Node, span: ToolSpan, { many, most, isList, open }: RegionCount): Node {
  const close = span.close === undefined ? emptyText : writeMark(span.close);
  const mark = (written: Mark | undefined, fallback: string) => (written === undefined ? text(fallback) : writeMark(written));
  if (many.how === 'repeat-span') return writeList(sequence([open, call, close]), mark(many.separator, ''), most);
  const calls = writeList(call, mark(many.separator, many.how === 'list' ? ', ' : ''), isList ? mostCalls : 1);
  if (many.how !== 'list') return sequence([open, calls, close]);
  return sequence([open, mark(many.open, '['), calls, mark(many.close, ']'), close]);
}

function writeOpener({ open }: ToolSpan): Node {
  return open === undefined ? emptyText : writeMark(open);
}

/** An opener that the model has begun by itself: its white space is there or not, as the parser takes it. */
function writeBegun({ options }: CallRequest, spans: readonly ToolSpan[]): Node {
  const open = spans[0]?.open;
  if (open === undefined) return emptyText;
  const [, inside = '', behind = ''] = /^\s*(.*?)(\s*)$/s.exec(spellMark(open)) ?? [];
  const mark = typeof open === 'string' ? inside : { ...open, text: inside };
  const begun = sequence([writeMark(mark), optional(text(behind))]);
  // a model that leaves the opener out would be led astray if its call's first mark were forbidden
  const mayBeMissing = options.mode === 'mixed' && writtenWithoutOpener(options.dialect, spans) !== undefined;
  return mayBeMissing ? optional(begun) : begun;
}

/** An item, and up to `most` in all. */
export function writeList(item: Node, separator: Node, most: number): Node {
  return sequence([item, repeat(sequence([separator, item]), 0, most - 1)]);
}

/** Thoughts before what is bound, and up to two line breaks behind them. */
function writeReasoning({ options }: CallRequest, blocks: readonly Span[], spans: readonly ToolSpan[]): Node {
  const [block] = blocks;
  const { reasoning = 'none' } = options;
  if (reasoning === 'none' || !block) return emptyText;
  const yields = block.yieldTo ?? spans.flatMap(({ open }) => (open === undefined ? [] : [open]));
  const inside = until(listSpellings([block.open, block.close, ...yields, ...options.dialect.turn.stop]));
  const rest = sequence([inside, writeMark(block.close), repeat(text('\n'), 0, 2)]);
  if (reasoning === 'open' || block.opened === 'always') return rest;
  return optional(sequence([writeMark(block.open), rest]));
}

function tellLeftOut(name: string): Unenforced {
  return { path: `/${name}`, keyword: 'name', reason: 'the format cannot write this name' };
}

function distinct(list: readonly Unenforced[]): readonly Unenforced[] {
  return [...new Map(list.map((entry) => [`${entry.keyword} ${entry.path}`, entry])).values()];
}

function listOf<T>(value: T | readonly T[]): readonly T[] {
  return Array.isArray(value) ? value : [value as T];
}

function refuse(message: string): GatewayError {
  return new GatewayError('invalid_request', message);
}
