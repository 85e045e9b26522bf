import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EngineRead } from '../../protocol/engine.ts';
import { GatewayError } from '../../protocol/error.ts';
import { readLater } from './later-reads.ts';

const never = new AbortController().signal;
const text: EngineRead = { deltas: [{ text: 'a' }] };
const end: EngineRead = { deltas: [], end: { reason: 'stop', usage: { promptTokens: 1, completionTokens: 1, cachedTokens: 0 } } };

async function* answer(...reads: readonly EngineRead[]): AsyncGenerator<EngineRead> {
  yield* reads;
}

async function collect(reads: AsyncIterable<EngineRead>): Promise<EngineRead[]> {
  const all: EngineRead[] = [];
  for await (const read of reads) all.push(read);
  return all;
}

/** An opening that waits until its signal is aborted, as a question to a silent server does. */
function openNever(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(new GatewayError('client_closed', 'left'))));
}

test('reads come in order once the answer is opened', async () => {
  assert.deepEqual(await collect(readLater(async () => answer(text, end), never)), [text, end]);
});

test('it is opened at once, before anybody reads', () => {
  let isOpened = false;
  readLater(async () => {
    isOpened = true;
    return answer(end);
  }, never);
  assert.ok(isOpened);
});

test('what is asked before may fail, and that is told to the reader', async () => {
  const refused = new GatewayError('invalid_request', 'no');
  await assert.rejects(collect(readLater(() => Promise.reject(refused), never)), refused);
});

test('an abort while something is asked before ends the answer', async () => {
  const leaving = new AbortController();
  const reading = collect(readLater(openNever, leaving.signal));
  leaving.abort();
  assert.deepEqual((await reading)[0]?.end?.reason, 'abort');
});

test('a reader that leaves stops the question and the answer', async () => {
  const signals: AbortSignal[] = [];
  const waiting = readLater((signal) => {
    signals.push(signal);
    return openNever(signal);
  }, never)[Symbol.asyncIterator]();
  await waiting.return?.();
  let isStopped = false;
  const open = async (signal: AbortSignal) => {
    signals.push(signal);
    return (async function* () {
      try {
        yield text;
        yield end;
      } finally {
        isStopped = true;
      }
    })();
  };
  for await (const read of readLater(open, never)) {
    assert.deepEqual(read, text);
    break;
  }
  assert.ok(isStopped);
  assert.deepEqual(
    signals.map(({ aborted }) => aborted),
    [true, true],
  );
});
