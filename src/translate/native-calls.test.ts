import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EngineCallDelta } from '../protocol/engine.ts';
import type { TurnEvent } from '../protocol/event.ts';
import { NativeCalls } from './native-calls.ts';
import type { CallPlan } from './plan.ts';

const plan: CallPlan = { tools: [{ name: 'f' }], toolChoice: 'auto', parallel: true, preamble: 'official', isDemanded: false };

function read(deltas: readonly EngineCallDelta[], { isCut = false, parallel = true } = {}): readonly TurnEvent[] {
  const calls = new NativeCalls({ ...plan, parallel });
  return [...deltas.flatMap((delta) => calls.push([delta])), ...calls.end(isCut)];
}

const start = { type: 'tool-call-start', index: 0, name: 'f', isKnown: true } as const;
const said = (text: string) => ({ type: 'tool-call-delta', index: 0, text }) as const;
const ended = (state: 'complete' | 'repaired' | 'truncated', ...codes: string[]) =>
  ({ type: 'tool-call-end', index: 0, state, fixes: codes.map((code) => ({ code })) }) as const;

test('pieces become a start, deltas and an end; the id is kept', () => {
  const deltas = [
    { index: 0, id: 'c1', name: 'f' },
    { index: 0, argumentsText: '{"x": 1.0' },
    { index: 0, argumentsText: ', "y": "é"}' },
  ];
  const events = read(deltas);
  assert.deepEqual(events[0], { ...start, id: 'c1' });
  const text = events.map((event) => (event.type === 'tool-call-delta' ? event.text : '')).join('');
  assert.equal(text, '{"x": 1.0, "y": "é"}');
  assert.deepEqual(events.at(-1), ended('complete'));
});

test('arguments that come before the name wait for it', () => {
  const events = read([
    { index: 0, argumentsText: '{"x": 1}' },
    { index: 0, name: 'f' },
  ]);
  assert.deepEqual(events, [start, said('{"x": 1}'), ended('complete')]);
});

test('no arguments are an empty object', () => {
  assert.deepEqual(read([{ index: 0, name: 'f' }]), [start, said('{}'), ended('complete')]);
});

test('cut arguments are closed: truncated where the answer hit its limit, else repaired', () => {
  const deltas = [{ index: 0, name: 'f', argumentsText: '{"x": "a' }];
  for (const [isCut, state] of [
    [true, 'truncated'],
    [false, 'repaired'],
  ] as const) {
    const events = read(deltas, { isCut });
    const text = events.map((event) => (event.type === 'tool-call-delta' ? event.text : '')).join('');
    assert.deepEqual(JSON.parse(text), { x: 'a' });
    const last = events.at(-1);
    assert.ok(last?.type === 'tool-call-end' && last.state === state, JSON.stringify(last));
  }
});

test('one call is wanted: the second ends the answer and is told', () => {
  const calls = new NativeCalls({ ...plan, parallel: false });
  calls.push([{ index: 0, name: 'f', argumentsText: '{}' }]);
  assert.equal(calls.isSatisfied, false);
  assert.deepEqual(calls.push([{ index: 1, name: 'f' }]), [{ type: 'issue', code: 'extra-call', offset: 0, length: 0 }]);
  assert.equal(calls.isSatisfied, true);
});

test('a name that is no tool is given, and said to be none', () => {
  const [first, second] = read([{ index: 0, name: 'g', argumentsText: '{}' }]);
  assert.deepEqual(first, { ...start, name: 'g', isKnown: false });
  assert.deepEqual(second, { type: 'issue', code: 'unknown-tool', offset: 0, length: 0 });
});
