import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '../../protocol/json.ts';
import { amendCall } from './amend-body.ts';
import { callWith } from './call.test.support.ts';

interface Case {
  readonly what: string;
  readonly body: JsonObject;
  readonly defaults?: JsonObject;
  readonly drops?: readonly string[];
  readonly becomes: JsonObject;
  readonly isAsWritten: boolean;
}

const tool = { type: 'function', function: { name: 'a', strict: true } };
const cases: readonly Case[] = [
  { what: 'a default where there is none', body: { a: 1 }, defaults: { b: 2 }, becomes: { a: 1, b: 2 }, isAsWritten: true },
  { what: 'the caller wins', body: { a: 1 }, defaults: { a: 2 }, becomes: { a: 1 }, isAsWritten: true },
  { what: 'null is none', body: { a: null }, defaults: { a: 2 }, becomes: { a: 2 }, isAsWritten: false },
  { what: 'false and 0 are values', body: { a: false, b: 0 }, defaults: { a: true, b: 1 }, becomes: { a: false, b: 0 }, isAsWritten: true },
  {
    what: 'one thing with two names',
    body: { max_completion_tokens: 5 },
    defaults: { max_tokens: 9 },
    becomes: { max_completion_tokens: 5 },
    isAsWritten: true,
  },
  { what: 'a field is left out', body: { a: 1, user: 'x' }, drops: ['user'], becomes: { a: 1 }, isAsWritten: false },
  { what: 'a field that is not there', body: { a: 1 }, drops: ['user', 'a.b', 'a[*]', 'x[*].y'], becomes: { a: 1 }, isAsWritten: true },
  { what: 'a default for what was left out', body: { a: 1 }, drops: ['a'], defaults: { a: 2 }, becomes: { a: 2 }, isAsWritten: false },
  {
    what: 'in every item of a list',
    body: { tools: [tool, { type: 'other' }] },
    drops: ['tools[*].function.strict'],
    becomes: { tools: [{ type: 'function', function: { name: 'a' } }, { type: 'other' }] },
    isAsWritten: false,
  },
  { what: 'in one item of a list', body: { a: [1, 2, 3] }, drops: ['a[1]'], becomes: { a: [1, 3] }, isAsWritten: false },
];

for (const { what, body, defaults = {}, drops = [], becomes, isAsWritten } of cases) {
  test(what, () => {
    const call = callWith(body);
    const before = structuredClone(body);
    const amended = amendCall(call, { defaults, drops, dropsUnsupported: false });
    assert.deepEqual(amended.body, becomes);
    assert.equal(amended.written !== undefined, isAsWritten);
    assert.deepEqual(body, before);
  });
}
