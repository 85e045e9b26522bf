import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GatewayError } from '../../protocol/error.ts';
import { createScriptedNode, hang, until } from '../../server/scripted-node.test.support.ts';
import { runServe, type ServeParts } from './run-serve.ts';

function record(parts: Partial<ServeParts> = {}) {
  const stop = new AbortController();
  const told: string[] = [];
  const node = createScriptedNode();
  let closed = 0;
  const closing = { ...node, close: async () => void closed++ };
  const all: ServeParts = {
    server: { port: 0 },
    openNode: async () => closing,
    onListening: (url) => told.push(url),
    onReady: (url, models) => told.push(url, models[0]?.id ?? ''),
    stop: stop.signal,
    graceMs: 100,
    ...parts,
  };
  return { stop, told, closing, ended: runServe(all), closedTimes: () => closed };
}

test('it listens, gets ready, serves, and ends the node when stopped', async () => {
  const run = record();
  await until(() => run.told.length === 3);
  assert.equal(run.told[2], 'scripted');
  assert.equal((await fetch(`${run.told[0]}/v1/models`)).status, 200);
  run.stop.abort();
  await run.ended;
  await assert.rejects(fetch(`${run.told[0]}/health/live`));
  assert.equal(run.closedTimes(), 1);
});

test('the port answers while the model is being found, and a stop then is no failure', async () => {
  const run = record({ openNode: hang });
  await until(() => run.told.length === 1);
  assert.equal((await fetch(`${run.told[0]}/health/live`)).status, 200);
  assert.equal((await fetch(`${run.told[0]}/health/ready`)).status, 503);
  run.stop.abort();
  await run.ended;
});

test('a model that cannot be found ends the server with that error', async () => {
  const run = record({ openNode: () => Promise.reject(new GatewayError('unknown_model', 'No such model.')) });
  await assert.rejects(run.ended, { code: 'unknown_model' });
  await assert.rejects(fetch(`${run.told[0]}/health/live`));
});

test('an engine that goes down while it starts ends the server with its reason', async () => {
  const node = createScriptedNode();
  let closed = 0;
  const broken = {
    ...node,
    ready: () => Promise.reject(new GatewayError('model_file_invalid', 'The file is cut off.')),
    close: async () => void closed++,
  };
  const run = record({ openNode: async () => broken });
  await assert.rejects(run.ended, { code: 'model_file_invalid' });
  assert.equal(closed, 1);
});
