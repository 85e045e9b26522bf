import type { DialectDefinition, Example } from '../dialects/dialect.ts';
import type { TurnEvent } from '../protocol/event.ts';
import type { Tool } from '../protocol/message.ts';
import { compileDialect } from './compile-dialect.ts';
import { readRecovery } from './format.ts';
import { type ReadTurn, readTurn } from './read-turn.ts';
import type { CompiledDialect, ParseOptions, TurnEnd } from './turn-parser.ts';

/** Where a dialect breaks one of the laws that every dialect keeps. */
export interface LawViolation {
  readonly law: 'expected' | 'split' | 'append-only' | 'valid-arguments' | 'held-back' | 'linear';
  /** what was read, cut where the law was broken */
  readonly written: string;
  /** what was wrong, for people */
  readonly difference: string;
}

/** Steps allowed for each character of a text, besides 64 at its ends. */
const mostStepsPerChar = 40;

/**
 * Checks the laws over a dialect's examples: what they say is read, wherever they are cut into chunks (every two-way split, every character alone);
 * cut short at every character they still give valid arguments; events are append-only; little is held back; the work is linear.
 * Gives the first violation of each example and law. `mostChars` bounds the work: examples beyond it are checked whole only.
 */
export function checkLaws(definition: DialectDefinition, mostChars = Number.POSITIVE_INFINITY): readonly LawViolation[] {
  const dialect = compileDialect(definition);
  let left = mostChars;
  return definition.examples.flatMap((example) => {
    const found = checkExpected(dialect, example);
    left -= example.written.length ** 2;
    return left > 0 ? [...found, ...checkCuts(definition, dialect, example)] : found;
  });
}

/** The options an example is read with: a tool without parameters for each called name, if it names none. */
export function readExampleOptions(example: Example): ParseOptions & { readonly end: TurnEnd } {
  const named = [...new Set(example.calls.map((call) => call.name))].map((name): Tool => ({ name }));
  const options = { tools: example.tools ?? named, end: example.end ?? ('stop' as const) };
  return example.promptTail === undefined ? options : { ...options, promptTail: example.promptTail };
}

function checkExpected(dialect: CompiledDialect, example: Example): readonly LawViolation[] {
  const turn = readTurn(dialect, [example.written], readExampleOptions(example));
  const wanted = describe({
    text: example.text ?? '',
    reasoning: example.reasoning ?? '',
    calls: example.calls.map((call) => ({ name: call.name, arguments: call.arguments, state: call.state })),
  });
  const read = describe({
    text: turn.text,
    reasoning: turn.reasoning,
    calls: turn.calls.map((call, index) => ({
      name: call.name,
      arguments: parseOr(call.argumentsJson),
      state: example.calls[index]?.state === undefined ? undefined : call.state,
    })),
  });
  return wanted === read ? [] : [{ law: 'expected', written: example.written, difference: `expected ${wanted}\nread     ${read}` }];
}

function describe(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) => (isPlainObject(item) ? sortKeys(item) : item));
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function sortKeys(value: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1)));
}

function parseOr(json: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch {
    return `no JSON: ${json}`;
  }
}

function checkCuts(definition: DialectDefinition, dialect: CompiledDialect, example: Example): readonly LawViolation[] {
  const { written } = example;
  const options = readExampleOptions(example);
  const whole = readTurn(dialect, [written], options);
  const alone = readTurn(dialect, [...written], options);
  const found: LawViolation[] = [];
  const splits = Array.from({ length: Math.max(0, written.length - 1) }, (_, index) => [
    written.slice(0, index + 1),
    written.slice(index + 1),
  ]);
  for (const chunks of [[...written], ...splits]) {
    const difference = compareTurns(whole, readTurn(dialect, chunks, options));
    if (difference !== undefined) {
      found.push({ law: 'split', written: chunks.join(chunks.length === 2 ? '‖' : '·'), difference });
      break;
    }
  }
  const broken = splits.map(([beginning = '']) => checkTurn(readTurn(dialect, [beginning], { ...options, end: 'length' }), beginning));
  found.push(...[checkTurn(whole, written), ...broken].filter((violation) => violation !== undefined).slice(0, 1));
  found.push(...checkBounds(definition, example, alone));
  return found;
}

/** How two readings of one answer differ; undefined if they do not. */
export function compareTurns(left: ReadTurn, right: ReadTurn): string | undefined {
  if (textOf(left) === textOf(right)) return undefined;
  const [first = [], second = []] = [left, right].map(({ events }) => events.map((event) => JSON.stringify(event)));
  const at = first.findIndex((event, index) => event !== second[index]);
  const place = at < 0 ? first.length : at;
  return `event ${place}: ${first[place] ?? 'none'} against ${second[place] ?? 'none'}`;
}

/** One turn is compared with many others. */
const texts = new WeakMap<ReadTurn, string>();

function textOf(turn: ReadTurn): string {
  let text = texts.get(turn);
  if (text === undefined) texts.set(turn, (text = JSON.stringify(turn.events)));
  return text;
}

/** Laws that hold for any answer: events in order, valid arguments. */
export function checkTurn(turn: ReadTurn, written: string): LawViolation | undefined {
  const order = findDisorder(turn.events);
  if (order !== undefined) return { law: 'append-only', written, difference: order };
  const bad = turn.calls.find((call) => `${parseOr(call.argumentsJson)}`.startsWith('no JSON'));
  return bad && { law: 'valid-arguments', written, difference: `${bad.name}: ${bad.argumentsJson}` };
}

function findDisorder(events: readonly TurnEvent[]): string | undefined {
  const open = new Set<number>();
  let started = 0;
  for (const event of events) {
    if (event.type === 'tool-call-start') {
      if (event.index !== started++ || event.name === '') return `a call starts out of order: ${JSON.stringify(event)}`;
      open.add(event.index);
    } else if (event.type === 'tool-call-delta' && !open.has(event.index)) return `arguments of a call that is not open: ${event.index}`;
    else if (event.type === 'tool-call-end' && !open.delete(event.index)) return `a call ends that is not open: ${event.index}`;
  }
  return open.size > 0 ? `calls without an end: ${[...open].join(', ')}` : undefined;
}

function checkBounds(definition: DialectDefinition, { written }: Example, alone: ReadTurn): readonly LawViolation[] {
  const mayHoldArguments = alone.calls.length > 0;
  const mostHeld = longestMark(definition) + 256 + 64 + 64;
  const found: LawViolation[] = [];
  if (alone.mostHeldBackChars > mostHeld && !mayHoldArguments) {
    found.push({ law: 'held-back', written, difference: `${alone.mostHeldBackChars} characters were held, ${mostHeld} may be` });
  }
  const mostSteps = written.length * mostStepsPerChar + 64;
  if (alone.steps > mostSteps) found.push({ law: 'linear', written, difference: `${alone.steps} steps for ${written.length} characters` });
  return found;
}

/** Characters of the longest string of a definition's layout and call: no marker is longer. */
export function longestMark(definition: DialectDefinition): number {
  let longest = readRecovery(definition).json.length;
  const { layout, call, many } = definition;
  JSON.stringify({ layout, call, many }, (_, value: unknown) => {
    if (typeof value === 'string') longest = Math.max(longest, value.length);
    return value;
  });
  return longest;
}
