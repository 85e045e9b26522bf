import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { DialectDefinition } from '../dialects/dialect.ts';
import { dialects } from '../dialects/index.ts';
import { type DialectName, toolWith } from '../testing/turn-case.ts';
import { checkTurn, compareTurns } from './check-laws.ts';
import { compileDialect } from './compile-dialect.ts';
import { readTurn } from './read-turn.ts';

const all: readonly (readonly [string, DialectDefinition])[] = Object.entries(dialects);
const tools = [toolWith('f', { text: 'string' })];
const decoder = new TextDecoder();

test('random bytes in any pieces throw nothing and read the same, in every dialect', () => {
  for (const [name, definition] of all) {
    const dialect = compileDialect(definition);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.integer({ min: 1, max: 9 }), (bytes, size) => {
        const text = decoder.decode(bytes);
        const whole = readTurn(dialect, [text], { tools });
        assert.equal(checkTurn(whole, text), undefined, name);
        const chunks = Array.from({ length: Math.ceil(text.length / size) }, (_, index) => text.slice(index * size, (index + 1) * size));
        assert.equal(compareTurns(whole, readTurn(dialect, chunks, { tools })), undefined, name);
      }),
      { numRuns: 30 },
    );
  }
});

/** A call of `f` in each dialect, up to the inside of its string. */
function beginCall(definition: DialectDefinition): { readonly head: string; readonly tail: string } {
  const written = compileDialect(definition).renderCalls([{ name: 'f', argumentsJson: '{"text": "FILL"}' }], tools) ?? 'FILL';
  const [head = '', tail = ''] = written.split('FILL');
  return { head, tail };
}

test('5,000 brackets in one another end the arguments, not the reading', () => {
  for (const [name, definition] of all) {
    const { head, tail } = beginCall(definition);
    for (const bracket of ['[', '{"a":']) {
      for (const written of [bracket.repeat(5_000), head + bracket.repeat(5_000) + tail]) {
        const turn = readTurn(compileDialect(definition), [written], { tools });
        assert.equal(checkTurn(turn, name), undefined);
        assert.ok(turn.steps <= 60 * written.length, `${name}: ${turn.steps} steps for ${written.length} characters of ${bracket}`);
      }
    }
  }
});

test('arguments nested too deep are closed and told (JSON, Python, objects)', () => {
  const nest = (depth: number) => '['.repeat(depth);
  const rows: readonly (readonly [DialectName, string])[] = [
    ['hermes', `<tool_call>{"name": "f", "arguments": {"x": ${nest(500)}`],
    ['pythonic', `[f(x=${nest(500)}`],
    ['gemma-4', `<|tool_call>call:f{x:${nest(500)}`],
  ];
  for (const [dialect, written] of rows) {
    const turn = readTurn(compileDialect(dialects[dialect]), [written], { tools: [{ name: 'f' }] });
    assert.equal(turn.calls[0]?.state, 'truncated', dialect);
    assert.ok(
      turn.calls[0]?.fixes.some(({ code }) => code === 'too-deep'),
      dialect,
    );
  }
});

test('a quarter of a megabyte of openers is text, with a bounded work for each character', () => {
  for (const name of ['hermes', 'envelope'] as const) {
    const written = '<tool_call>'.repeat(23_832);
    const turn = readTurn(compileDialect(dialects[name]), [written], { tools });
    assert.equal(turn.calls.length, 0);
    assert.ok(turn.steps <= 40 * written.length, `${name}: ${turn.steps} steps for ${written.length} characters`);
  }
});

test('a string of 32 KB streams as it comes: little is held back, and the work is linear', () => {
  const text = 'All work and no play. '.repeat(1490);
  for (const [name, definition] of all) {
    const { head, tail } = beginCall(definition);
    const parser = compileDialect(definition).openParser({ tools });
    let sent = 0;
    const count = (events: ReturnType<typeof parser.push>) => {
      for (const event of events) if (event.type === 'tool-call-delta') sent += event.text.length;
    };
    count(parser.push(head));
    for (let at = 0; at < text.length; at += 4) {
      count(parser.push(text.slice(at, at + 4)));
      assert.ok(parser.heldBackChars < 70, `${name}: ${parser.heldBackChars} characters held after ${at}`);
      assert.ok(sent >= at - 70, `${name}: ${sent} characters sent after ${at}`);
    }
    count([...parser.push(tail), ...parser.end('stop')]);
    assert.ok(sent >= text.length, name);
    assert.ok(parser.steps <= 4 * (text.length + head.length + tail.length), `${name}: ${parser.steps} steps`);
  }
});

test('a hundred calls are read, and those beyond the cap of 128 are told', () => {
  const call = '<tool_call>{"name": "f", "arguments": {}}</tool_call>';
  for (const count of [100, 200]) {
    const turn = readTurn(compileDialect(dialects.hermes), [call.repeat(count)], { tools });
    assert.equal(turn.calls.length, Math.min(count, 128));
    assert.equal(turn.issues.filter(({ code }) => code === 'extra-call').length, Math.max(0, count - 128));
  }
});

test('five hundred keys are kept', () => {
  const entries = Array.from({ length: 500 }, (_, index): [string, string] => [`key_${index}`, 'x']);
  const args = Object.fromEntries(entries);
  for (const name of ['hermes', 'qwen3-coder', 'pythonic', 'gemma-4', 'minimax-m3'] as const) {
    const dialect = compileDialect(dialects[name]);
    const written = dialect.renderCalls([{ name: 'f', argumentsJson: JSON.stringify(args) }], tools) ?? '';
    const turn = readTurn(dialect, written.match(/[\s\S]{1,50}/g) ?? [], { tools });
    assert.deepEqual(JSON.parse(turn.calls[0]?.argumentsJson ?? ''), args, name);
  }
});
