import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GatewayError } from '../protocol/error.ts';
import type { EventBatch } from '../protocol/event.ts';
import { AnswerTimer } from './answer-timer.ts';
import type { Timeouts } from './routes/route-options.ts';
import type { Target } from './routes/target.ts';
import { hello } from './routing.test.support.ts';

const never = new AbortController().signal;
const targetWith = (timeouts: Timeouts) => ({ timeouts, upstream: { name: 'a' } }) as unknown as Target;
const open = (timeouts: Timeouts, { isStreamed = true, leftMs = undefined as number | undefined, signal = never } = {}) =>
  AnswerTimer.open(targetWith(timeouts), { request: hello({ isStreamed }), leftMs, signal });
const ended = (signal: AbortSignal) => new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
const shown = (timer: AnswerTimer | undefined) => String((timer?.explain(undefined) as GatewayError | undefined)?.message);

test('nothing is timed where nobody bounds it', () => {
  assert.equal(open({}), undefined);
  assert.equal(open({ streamMs: 5 }, { isStreamed: false }), undefined);
});

const cases: readonly { readonly what: string; readonly timeouts: Timeouts; readonly isStreamed: boolean; readonly says: RegExp }[] = [
  {
    what: 'a stream up to its first byte',
    timeouts: { requestMs: 60_000, streamMs: 1 },
    isStreamed: true,
    says: /'a' began no answer within 0.001 s/,
  },
  { what: 'a stream by the time of answers where it has none', timeouts: { requestMs: 1 }, isStreamed: true, says: /began no answer/ },
  { what: 'a whole answer', timeouts: { requestMs: 1, streamMs: 60_000 }, isStreamed: false, says: /gave no whole answer within 0.001 s/ },
];

for (const { what, timeouts, isStreamed, says } of cases) {
  test(`the operator bounds ${what}, from when it has its place`, { timeout: 10_000 }, async () => {
    const timer = open(timeouts, { isStreamed }) as AnswerTimer;
    await new Promise((resolve) => setTimeout(resolve, 10));
    assert.equal(timer.signal.aborted, false);
    timer.start();
    await ended(timer.signal);
    assert.match(shown(timer), says);
    assert.equal((timer.explain(new Error('x')) as GatewayError).code, 'answer_timeout');
    timer.stop();
  });
}

test('what a caller gave runs from the start, for streams that have begun too', { timeout: 10_000 }, async () => {
  const timer = open({ requestMs: 60_000 }, { leftMs: 2 }) as AnswerTimer;
  timer.start();
  timer.noteFirst();
  await ended(timer.signal);
  assert.match(shown(timer), /`timeout`/);
  const failure = new GatewayError('client_closed', 'given up');
  const read: IteratorResult<EventBatch, undefined> = {
    done: false,
    value: {
      choice: 0,
      events: [
        { type: 'text-delta', text: 'x' },
        { type: 'error', error: failure },
      ],
    },
  };
  const { value } = timer.explainRead(read);
  assert.deepEqual(
    value?.events.map((event) => (event.type === 'error' ? event.error.code : event.type)),
    ['text-delta', 'answer_timeout'],
  );
  timer.stop();
});

test('a stream that has begun, and an answer that is over, are timed no more', async () => {
  const begun = open({ requestMs: 1 }) as AnswerTimer;
  begun.start();
  begun.noteFirst();
  const over = open({ requestMs: 1 }, { leftMs: 1, isStreamed: false }) as AnswerTimer;
  over.start();
  over.stop();
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.deepEqual([begun.signal.aborted, over.signal.aborted], [false, false]);
  const error = new Error('x');
  const read: IteratorResult<EventBatch, undefined> = { done: true, value: undefined };
  assert.deepEqual([over.explain(error), over.explainRead(read)], [error, read]);
});

test('a caller who leaves ends it, and is no timeout', () => {
  const leaving = new AbortController();
  const timer = open({ requestMs: 60_000 }, { signal: leaving.signal }) as AnswerTimer;
  leaving.abort();
  assert.equal(timer.signal.aborted, true);
  assert.equal(timer.explain(undefined), undefined);
  timer.stop();
});
