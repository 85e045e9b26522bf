import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createStopper } from './stop-signals.ts';

function record() {
  const told: string[] = [];
  let nowMs = 1000;
  const stop = createStopper({ now: () => nowMs, onFirst: (signal) => told.push(signal), onForce: (code) => told.push(String(code)) });
  return { told, stop, wait: (ms: number) => (nowMs += ms) };
}

test('one Ctrl-C that arrives twice stops once', () => {
  const { told, stop, wait } = record();
  stop('SIGINT');
  wait(1);
  stop('SIGINT');
  assert.deepEqual(told, ['SIGINT']);
});

test('a second Ctrl-C after half a second ends at once', () => {
  const { told, stop, wait } = record();
  stop('SIGTERM');
  wait(500);
  stop('SIGINT');
  stop('SIGTERM');
  assert.deepEqual(told, ['SIGTERM', '130', '143']);
});
