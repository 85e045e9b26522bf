import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { test } from 'node:test';
import fc from 'fast-check';
import type { JsonObject } from '../../protocol/json.ts';
import { callWith } from './call.test.support.ts';
import { WrittenFields } from './written.ts';

function fieldsOf(text: string, names: readonly string[]): WrittenFields {
  return new WrittenFields(callWith(JSON.parse(text) as JsonObject, { text }), names);
}

test('each field comes back in the very bytes it was written in, whatever characters stand before it', () => {
  const text = fc.string({ unit: 'grapheme' });
  fc.assert(
    fc.property(text, fc.jsonValue(), text, (before, value, after) => {
      const body = { before, messages: value, after, tools: [after] };
      const fields = fieldsOf(JSON.stringify(body), ['messages']);
      for (const name of ['before', 'messages', 'after', 'tools'] as const) {
        assert.equal(fields.text(name), JSON.stringify(body[name]));
        assert.equal(Buffer.from(fields.part(name)?.bytes ?? []).toString(), JSON.stringify(body[name]));
      }
    }),
  );
});

test('a body without the named fields, one with `extra_body` and one without text have none', () => {
  assert.equal(fieldsOf('{"a":1}', ['b']).text('a'), undefined);
  assert.equal(fieldsOf('{"a":1,"extra_body":{"b":2}}', ['a']).text('a'), undefined);
  assert.equal(fieldsOf('{"a":1}', ['a']).text('b'), undefined);
});
