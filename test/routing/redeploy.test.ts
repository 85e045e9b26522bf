import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startProgram, until } from '../program.ts';
import { findDropped, openStreams, startHeldEngine } from './held-streams.ts';

test('SIGTERM with 1,000 open streams cuts none of them within the drain limit, and takes no new ones', { timeout: 120_000 }, async (t) => {
  const engine = await startHeldEngine('one');
  t.after(() => engine.fake.close());
  const program = await startProgram(['--upstream', `openai=${engine.fake.url},slots=1500`, '--grace', '90']);
  t.after(() => program.process.kill('SIGKILL'));
  const streams = await openStreams(program.url, 'fake-model', 1000);
  const ended = program.stop('SIGTERM');
  await until(() =>
    fetch(`${program.url}/health/live`).then(
      () => false,
      () => true,
    ),
  );
  assert.equal(engine.fake.counts().open, 1000);
  engine.release();
  assert.deepEqual(await findDropped(streams, ['one']), []);
  assert.equal(await ended, 0);
  await engine.fake.until(({ connections, aborted }) => connections === 0 && aborted === 0);
});

test('what a drain limit cuts is told in the stream', { timeout: 60_000 }, async (t) => {
  const engine = await startHeldEngine('one');
  t.after(() => engine.fake.close());
  const program = await startProgram(['--upstream', `openai=${engine.fake.url}`, '--grace', '0.3']);
  t.after(() => program.process.kill('SIGKILL'));
  const streams = await openStreams(program.url, 'fake-model', 40);
  assert.equal(await program.stop('SIGTERM'), 0);
  for (const { ended } of streams) assert.match(await ended, /"code":"shutting_down"/);
  await engine.fake.until(({ open, connections }) => open === 0 && connections === 0);
});
