import assert from 'node:assert/strict';
import { dialects } from '../dialects/index.ts';
import { checkTurn, compareTurns } from '../parsing/check-laws.ts';
import { compileDialect } from '../parsing/compile-dialect.ts';
import { type ReadTurn, readTurn } from '../parsing/read-turn.ts';
import type { ParseOptions, TurnEnd } from '../parsing/turn-parser.ts';
import type { CallState, IssueCode } from '../protocol/event.ts';
import type { JsonValue } from '../protocol/json.ts';
import type { Tool } from '../protocol/message.ts';

/** A built-in dialect. */
export type DialectName = keyof typeof dialects;

/** A call as it is to be read: its name, its arguments (a value, or their exact JSON text), its state (default `complete`). */
export type CallCase = readonly [name: string, args: JsonValue, state?: CallState];

/** An answer and what it means: everything is checked, and what is not named must be empty. */
export interface TurnCase {
  readonly written: string;
  /** default: tools `f` and `g` without parameters */
  readonly tools?: readonly Tool[];
  readonly options?: Partial<ParseOptions>;
  /** default `stop` */
  readonly end?: TurnEnd;
  readonly text?: string;
  readonly reasoning?: string;
  readonly calls?: readonly CallCase[];
  /** codes in order */
  readonly issues?: readonly IssueCode[];
}

/** Tools that stand for any. */
const anyTools: readonly Tool[] = [{ name: 'f' }, { name: 'g' }];

/** Longest answer that is cut at every place; a longer one is cut at every other, or more rarely. */
const mostCutChars = 90;

/** A tool with these properties; a string is a type's name. */
export function toolWith(name: string, properties: Readonly<Record<string, JsonValue>>): Tool {
  const schemas = Object.entries(properties).map(([key, schema]) => [key, typeof schema === 'string' ? { type: schema } : schema] as const);
  return { name, parameters: { type: 'object', properties: Object.fromEntries(schemas) } };
}

/** Reads an answer whole, and checks what was read and that each way to cut it in two, into characters or into threes reads the same. Gives what was read. */
export function checkTurnCase(dialect: DialectName, turnCase: TurnCase): ReadTurn {
  const compiled = compileDialect(dialects[dialect]);
  const { written, tools = anyTools, options = {}, end = 'stop' } = turnCase;
  const all = { tools, ...options, end };
  const whole = readTurn(compiled, [written], all);
  const { calls = [], issues = [], text = '', reasoning = '' } = turnCase;
  assert.deepEqual(
    {
      text: whole.text,
      reasoning: whole.reasoning,
      calls: whole.calls.map((call, index) => [call.name, readArguments(call.argumentsJson, calls[index]?.[1]), call.state]),
      issues: whole.issues.map(({ code }) => code),
    },
    { text, reasoning, calls: calls.map(([name, args, state = 'complete']) => [name, args, state]), issues },
    JSON.stringify(whole.events),
  );
  assert.equal(checkTurn(whole, written), undefined);
  for (const chunks of cutEverywhere(written)) {
    assert.equal(compareTurns(whole, readTurn(compiled, chunks, all)), undefined, `cut as ${JSON.stringify(chunks).slice(0, 400)}`);
  }
  return whole;
}

/** The JSON text where the exact text is wanted. */
function readArguments(json: string, wanted: JsonValue | undefined): unknown {
  return typeof wanted === 'string' ? json : (JSON.parse(json) as unknown);
}

function* cutEverywhere(written: string): Generator<readonly string[]> {
  yield [...written];
  yield written.match(/[\s\S]{1,3}/g) ?? [];
  const step = Math.ceil(written.length / mostCutChars);
  for (let at = 1; at < written.length; at += step) yield [written.slice(0, at), written.slice(at)];
}
