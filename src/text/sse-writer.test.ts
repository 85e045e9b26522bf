import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sseComment, sseData, sseEvent } from './sse-writer.ts';

test('events and comments have the form of the standard', () => {
  assert.equal(sseData('{"a":1}'), 'data: {"a":1}\n\n');
  assert.equal(sseEvent('error', '{}'), 'event: error\ndata: {}\n\n');
  assert.equal(sseComment('keep-alive'), ': keep-alive\n\n');
});

test('line breaks cannot begin a field or end an event', () => {
  assert.equal(sseData('a\nevent: b\r\n\rc'), 'data: a\ndata: event: b\ndata: \ndata: c\n\n');
  assert.equal(sseComment('a\ndata: b'), ': a\n: data: b\n\n');
});
