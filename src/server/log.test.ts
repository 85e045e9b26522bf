import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLog } from './log.ts';

function record(format: 'text' | 'json' | 'off', secrets: string[] = []) {
  const lines: string[] = [];
  return { lines, log: createLog({ format, write: (line) => lines.push(line), now: () => 0, secrets }) };
}

test('json lines are one object each', () => {
  const { lines, log } = record('json');
  log('info', 'request', { status: 200, path: '/v1/models' });
  assert.deepEqual(JSON.parse(lines[0] ?? ''), {
    time: '1970-01-01T00:00:00.000Z',
    level: 'info',
    event: 'request',
    status: 200,
    path: '/v1/models',
  });
});

test('text lines name each field and stay one line whatever a field holds', () => {
  const { lines, log } = record('text');
  log('warn', 'odd', { path: '/a\n12:00 forged', error: new Error('bad', { cause: new Error('worse') }) });
  assert.equal(lines.length, 1);
  assert.match(lines[0] ?? '', /^00:00:00\.000 warn {2}odd path="\/a\\n12:00 forged" error="Error: bad.*caused by Error: worse.*"\n$/);
});

test('off and debug write nothing', () => {
  const off = record('off');
  off.log('error', 'request');
  const text = record('text');
  text.log('debug', 'request');
  assert.deepEqual([...off.lines, ...text.lines], []);
});

test('secrets and bearer tokens never reach a line', () => {
  for (const format of ['text', 'json'] as const) {
    const { lines, log } = record(format, ['canary-of-the-key']);
    log('error', 'request', { error: new Error('got canary-of-the-key'), headers: { authorization: 'Bearer other-token' } });
    assert.doesNotMatch(lines.join(''), /canary|other-token/);
    assert.match(lines.join(''), /\[secret\]/);
  }
});
