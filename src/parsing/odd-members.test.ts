import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dialects } from '../dialects/index.ts';
import { checkTurnCase } from '../testing/turn-case.ts';
import { compileDialect } from './compile-dialect.ts';
import { readTurn } from './read-turn.ts';

// Found by property tests: what is no part of a call is told, and a call has its end, whatever stands in it.

test('a member that says nothing is told, before the name too', () => {
  for (const written of ['{"mood": calm, "tool": "f"}', '{"tool": "f", "mood": calm}'])
    checkTurnCase('envelope', { written, calls: [['f', {}]], issues: ['orphan-markup'] });
  checkTurnCase('arch-function-chat', { written: '{"mood": calm, "response": "Hi."}', text: 'Hi.', issues: ['orphan-markup'] });
});

test('a list of calls inside of a call begins no other: the call around it has its end', () => {
  checkTurnCase('arch-function-chat', {
    written: '{"name": "f", "arguments": {"a": 1}, "tool_calls": [{',
    calls: [['f', { a: 1 }, 'repaired']],
    issues: ['orphan-markup'],
  });
});

test('what is told of a tool that does not exist begins at its name, in a header too', () => {
  const options = { tools: [{ name: 'f' }], unknownTool: 'error' } as const;
  const turn = readTurn(compileDialect(dialects['functionary-3-2']), ['>>>sing\n{"b": 1}'], options);
  assert.deepEqual(turn.issues, [{ code: 'unknown-tool', offset: 3, length: 13 }]);
});
