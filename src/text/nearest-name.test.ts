import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findNearestName } from './nearest-name.ts';

const cases: readonly (readonly [string, readonly string[], string | undefined])[] = [
  ['modle', ['mode', 'model'], 'model'],
  ['hosst', ['host', 'hosts'], 'hosts'],
  ['tempreature', ['top_p', 'temperature'], 'temperature'],
  ['retrys', ['retries', 'timeout'], 'retries'],
  ['abc', ['xyz'], undefined],
  ['a', [], undefined],
];
for (const [written, names, nearest] of cases) {
  test(`${written} among ${names.join(', ') || 'nothing'}`, () => assert.equal(findNearestName(written, names), nearest));
}
