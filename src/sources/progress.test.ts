import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openProgress, type ProgressEvent } from './progress.ts';

const step = (doneBytes: number): ProgressEvent => ({ kind: 'step', title: 'Downloading x', doneBytes, totalBytes: 100_000_000 });
const done: ProgressEvent = { kind: 'done', title: 'Downloading x' };

/** Plays events at given milliseconds; gives all that was written. */
function play(isTTY: boolean, timeline: readonly (readonly [number, ProgressEvent])[]): string {
  let now = 0;
  let written = '';
  const progress = openProgress({ isTTY, columns: 100, write: (text) => void (written += text) }, () => now);
  for (const [atMs, event] of timeline) {
    now = atMs;
    progress.onProgress(event);
  }
  progress.end();
  return written;
}

test('what ends within two seconds stays silent', () => {
  for (const isTTY of [true, false]) {
    assert.equal(
      play(isTTY, [
        [0, step(0)],
        [1_900, step(90_000_000)],
        [1_950, done],
      ]),
      '',
    );
  }
});

test('a terminal shows one line, redrawn, with bar, bytes, rate and time left', () => {
  const written = play(true, [
    [0, step(20_000_000)],
    [4_000, step(60_000_000)],
    [4_050, step(61_000_000)],
    [8_000, done],
  ]);
  const line = 'Downloading x  [############........] 60%  60 MB of 100 MB  10 MB/s  4 s left';
  assert.equal(written, `\r\u001b[2K${line}\r\u001b[2KDownloading x: done, 61 MB in 8 s\n`);
});

test('elsewhere a plain line comes every five seconds, without control characters', () => {
  const timeline = Array.from({ length: 121 }, (_, tick) => [tick * 100, step(tick * 500_000)] as const);
  const lines = play(false, timeline).trimEnd().split('\n');
  assert.equal(lines.length, 3);
  assert.equal(lines[1], 'Downloading x  35%  35 MB of 100 MB  5.0 MB/s  13 s left');
  assert.doesNotMatch(lines.join(''), /[\u0000-\u001f]/);
});

test('a step whose size nobody knows shows bytes and time', () => {
  const unknown = (doneBytes: number): ProgressEvent => ({ kind: 'step', title: 'Installing', doneBytes });
  const lines = play(false, [
    [0, unknown(0)],
    [3_000, unknown(0)],
    [9_000, unknown(5_000_000)],
  ]);
  assert.equal(lines, 'Installing  3 s\nInstalling  5.0 MB  9 s\n');
});

test('a line is never wider than the terminal', () => {
  const title = 'x'.repeat(300);
  const written = play(true, [
    [0, { kind: 'step', title }],
    [3_000, { kind: 'step', title }],
  ]);
  assert.equal(written, `\r\u001b[2K${'x'.repeat(99)}\r\u001b[2K`);
});
