import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DialectDefinition } from './dialect.ts';
import { dialects } from './index.ts';
import { testLaws } from './laws/dialect-laws.test.support.ts';

const all: readonly (readonly [string, DialectDefinition])[] = Object.entries(dialects);

test('every name and alias belongs to one dialect', () => {
  const owners = new Map<string, string>();
  for (const [name, { aliases = [] }] of all) {
    for (const spelling of [name, ...aliases]) {
      assert.ok(!owners.has(spelling), `${spelling} is both ${owners.get(spelling)} and ${name}`);
      owners.set(spelling, name);
    }
  }
});

// test/dialect-laws.test.ts tries more texts, and longer ones
const run = { mostChars: 30_000, texts: 50, roundTrips: 30, sizes: [2048, 8192, 32_768] };
for (const [name, definition] of all) testLaws(name, definition, run);
