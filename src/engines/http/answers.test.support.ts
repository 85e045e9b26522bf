import assert from 'node:assert/strict';
import type { EngineRead, EngineRequest } from '../../protocol/engine.ts';
import { type ErrorCode, GatewayError } from '../../protocol/error.ts';
import type { FakeEngine } from '../../testing/index.ts';

/** A short question, streamed, with nothing wished for. */
export const request: EngineRequest = {
  id: 'request-1',
  model: 'fake-model',
  prompt: { form: 'messages', messages: [{ role: 'user', content: 'Hi' }] },
  sampling: {},
  stop: [],
  stopTokenIds: [],
  ignoreEos: false,
  isStreamed: true,
  keptSpecialTokens: [],
  unknownFields: {},
};

/** A signal that is never aborted. */
export const never: AbortSignal = new AbortController().signal;

/** Reads an answer to its end. */
export async function collect(source: AsyncIterable<EngineRead>) {
  const reads: EngineRead[] = [];
  for await (const read of source) reads.push(read);
  const deltas = reads.flatMap((read) => read.deltas);
  const ends = reads.flatMap(({ end }) => end ?? []);
  return { text: textOf(reads), reads, deltas, end: ends.at(-1), ends: ends.length };
}

/** The text of reads. */
export function textOf(reads: readonly EngineRead[]): string {
  return reads.flatMap(({ deltas }) => deltas.map(({ text }) => text)).join('');
}

/** A check for `assert.rejects`: the error's code and words. Keys of these tests are called `secret-key`, and no message shows one. */
export function isError(code: ErrorCode, words?: RegExp): (error: unknown) => true {
  return (error) => {
    assert.ok(error instanceof GatewayError, String(error));
    assert.equal(error.code, code, error.message);
    if (words) assert.match(error.message, words);
    assert.ok(!error.message.includes('secret-key'));
    return true;
  };
}

/** Checks that an answer which ends in a fault is `engine_failed` in these words, behind the text before it, and that nothing stays open. */
export async function assertBroken(answer: AsyncIterable<EngineRead>, fake: Pick<FakeEngine, 'until'>, words: RegExp): Promise<void> {
  const reads: EngineRead[] = [];
  const reading = async () => {
    for await (const read of answer) reads.push(read);
  };
  await assert.rejects(reading(), isError('engine_failed', words));
  assert.equal(textOf(reads), 'one');
  assert.ok(reads.every(({ end }) => end === undefined));
  await fake.until(({ open }) => open === 0);
}

/** Limits of silence for a test with a fault: short where the fault is silence, and out of reach on a busy machine where it is another. */
export function limitsFor({ kind }: { readonly kind: string }): { readonly firstByteTimeoutMs: number; readonly silenceTimeoutMs: number } {
  const limitMs = kind.startsWith('hang') ? 200 : 20_000;
  return { firstByteTimeoutMs: limitMs, silenceTimeoutMs: limitMs };
}
