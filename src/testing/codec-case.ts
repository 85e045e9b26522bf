import assert from 'node:assert/strict';
import { dialects } from '../dialects/index.ts';
import { compareTurns } from '../parsing/check-laws.ts';
import { compileDialect } from '../parsing/compile-dialect.ts';
import { type ReadTurn, readTurn } from '../parsing/read-turn.ts';
import type { ParseOptions } from '../parsing/turn-parser.ts';
import type { CallState, IssueCode } from '../protocol/event.ts';
import type { JsonValue } from '../protocol/json.ts';
import type { Tool } from '../protocol/message.ts';
import type { DialectName } from './turn-case.ts';

/** One parameter `a` written in a codec: its schema (none: not declared), the JSON text it must become, issues besides. */
export interface ValueCase {
  readonly written: string;
  readonly schema?: JsonValue;
  readonly json: string;
  readonly issues?: readonly IssueCode[];
  readonly state?: CallState;
  /** codes, and `code /path` where a path is told; not checked where it is not given */
  readonly fixes?: readonly string[];
}

/** How a codec's tests write a call of `f`. */
export interface CodecUnderTest {
  readonly dialect: DialectName;
  /** a call with the parameter `a` so written */
  write(value: string): string;
  readonly coerce?: NonNullable<ParseOptions['coerce']>;
}

/** The tool `f` with the parameter `a`; `$ref` may point into `#/$defs`. */
function toolForValue(schema: JsonValue | undefined): Tool {
  const defs = { count: { type: 'integer' }, name: { type: 'string' }, loop: { $ref: '#/$defs/loop' }, chain: { $ref: '#/$defs/count' } };
  return { name: 'f', parameters: { type: 'object', properties: schema === undefined ? { other: {} } : { a: schema }, $defs: defs } };
}

/** Reads each value whole, in characters and in threes, and checks its JSON text, issues, state and fixes. */
export function checkValues(codec: CodecUnderTest, cases: readonly ValueCase[]): void {
  const dialect = compileDialect(dialects[codec.dialect]);
  for (const { written, schema, json, issues = [], state, fixes } of cases) {
    const answer = codec.write(written);
    const options = { tools: [toolForValue(schema)], ...(codec.coerce ? { coerce: codec.coerce } : {}) };
    const turn = readTurn(dialect, [answer], options);
    const label = `${answer}\n${JSON.stringify(schema)}`;
    assert.deepEqual([turn.calls[0]?.argumentsJson, turn.issues.map(({ code }) => code)], [`{"a": ${json}}`, issues], label);
    assert.equal(turn.calls.length, 1, label);
    if (state !== undefined) assert.equal(turn.calls[0]?.state, state, label);
    if (fixes) assert.deepEqual(spellFixes(turn), fixes, label);
    for (const chunks of [[...answer], answer.match(/[\s\S]{1,3}/g) ?? []])
      assert.equal(compareTurns(turn, readTurn(dialect, chunks, options)), undefined, label);
  }
}

/** The fixes of the first call, as `code` or `code /path`. */
export function spellFixes(turn: ReadTurn): readonly string[] {
  return (turn.calls[0]?.fixes ?? []).map(({ code, path }) => (path === undefined ? code : `${code} ${path}`));
}

/** Cuts an answer short at every character: what there is of the call is valid JSON and truncated, before its last character at the latest repaired. */
export function checkTruncation(codec: CodecUnderTest, answer: string, tools: readonly Tool[]): void {
  const dialect = compileDialect(dialects[codec.dialect]);
  const whole = readTurn(dialect, [answer], { tools });
  assert.equal(whole.calls[0]?.state, 'complete', answer);
  const states: string[] = [];
  for (let length = 0; length < answer.length; length++) {
    const beginning = answer.slice(0, length);
    const turn = readTurn(dialect, [beginning], { tools, end: 'length' });
    const call = turn.calls[0];
    if (!call) {
      // an opener that is confirmed by itself is markup
      assert.ok(beginning.trim().endsWith(turn.text.trim()), `lost of ${beginning}`);
      continue;
    }
    assert.doesNotThrow(() => JSON.parse(call.argumentsJson) as unknown, `${call.argumentsJson} of ${beginning}`);
    states.push(call.state);
  }
  assert.match(states.join(' '), /^(truncated( |$))+((repaired|complete)( |$))*$/, answer);
}
