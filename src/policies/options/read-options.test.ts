import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GatewayError } from '../../protocol/error.ts';
import type { JsonObject } from '../../protocol/json.ts';
import { type PolicyOptions, readOptions } from './read-options.ts';

const options = {
  window: { kind: 'time', default: 10_000, least: 1, most: 3_600_000, about: 'A time.' },
  buffer: { kind: 'number', default: 0.5, least: 0, most: 2, about: 'A share.' },
  free: { kind: 'whole', default: 4, least: 1, most: 9, about: 'A count.' },
} as const satisfies PolicyOptions;

const usual = { window: 10_000, buffer: 0.5, free: 4 };

const read: readonly (readonly [given: JsonObject, expected: JsonObject])[] = [
  [{}, usual],
  [{ window: '500ms' }, { ...usual, window: 500 }],
  [{ window: '3600000ms' }, { ...usual, window: 3_600_000 }],
  [{ window: '1.5m' }, { ...usual, window: 90_000 }],
  [{ window: '1h' }, { ...usual, window: 3_600_000 }],
  [{ window: 2.5 }, { ...usual, window: 2500 }],
  [
    { buffer: 0, free: 9 },
    { ...usual, buffer: 0, free: 9 },
  ],
];

for (const [given, expected] of read) {
  test(`${JSON.stringify(given)} is read`, () => assert.deepEqual(readOptions(options, given), expected));
}

const refused: readonly (readonly [given: JsonObject, words: RegExp])[] = [
  [{ windows: 1 }, /no option 'windows'\. Did you mean 'window'\? It has: window, buffer, free\./],
  [{ toString: 1 }, /no option 'toString'/],
  [{ window: '5' }, /'window' must be a time from 1 to 3600000 ms, written as/],
  [{ window: '2h' }, /'window' must be a time/],
  [{ window: 0 }, /'window' must be a time/],
  [{ buffer: '1' }, /'buffer' must be a number from 0 to 2\./],
  [{ buffer: null }, /'buffer' must be a number/],
  [{ buffer: -0.1 }, /'buffer' must be a number/],
  [{ free: 1.5 }, /'free' must be a whole number from 1 to 9\./],
];

for (const [given, words] of refused) {
  test(`${JSON.stringify(given)} is refused in words that help`, () => {
    assert.throws(
      () => readOptions(options, given),
      (error) => error instanceof GatewayError && error.code === 'configuration_invalid' && words.test(error.message),
    );
  });
}

test('options of a policy without any are refused', () => {
  assert.throws(() => readOptions({}, { a: 1 }), /It has none\./);
});
