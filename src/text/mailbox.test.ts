import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Mailbox } from './mailbox.ts';

async function collect<T>(mailbox: Mailbox<T>): Promise<T[]> {
  const values: T[] = [];
  for await (const value of mailbox) values.push(value);
  return values;
}

test('values arrive in order, whether put before or after they are asked for', async () => {
  const mailbox = new Mailbox<number>();
  mailbox.put(1);
  mailbox.put(2);
  const reading = collect(mailbox);
  await Promise.resolve();
  mailbox.put(3);
  setImmediate(() => {
    mailbox.put(4);
    mailbox.close();
    mailbox.put(5);
  });
  assert.deepEqual(await reading, [1, 2, 3, 4]);
});

test('an undefined value is a value like any other', async () => {
  const mailbox = new Mailbox<undefined>();
  mailbox.put(undefined);
  mailbox.close();
  assert.deepEqual(await collect(mailbox), [undefined]);
});

test('a failure is thrown once, after the values that were put before it', async () => {
  const mailbox = new Mailbox<string>();
  mailbox.put('kept');
  mailbox.fail(new Error('cut'));
  mailbox.fail(new Error('ignored'));
  assert.deepEqual(await mailbox.next(), { done: false, value: 'kept' });
  await assert.rejects(mailbox.next(), /cut/);
  assert.deepEqual(await mailbox.next(), { done: true, value: undefined });
});

test('a failure reaches a reader that already waits', async () => {
  const mailbox = new Mailbox<string>();
  const first = mailbox.next();
  const second = mailbox.next();
  mailbox.fail(new Error('cut'));
  await assert.rejects(first, /cut/);
  assert.deepEqual(await second, { done: true, value: undefined });
});

test('a reader that leaves tells the producer once and drops what waits', async () => {
  let returns = 0;
  const mailbox = new Mailbox<number>({ onReturn: () => returns++ });
  mailbox.put(1);
  mailbox.put(2);
  for await (const value of mailbox) {
    assert.equal(value, 1);
    break;
  }
  await mailbox.return();
  assert.equal(returns, 1);
  assert.equal(mailbox.size, 0);
  assert.equal(mailbox.isEnded, true);
  assert.deepEqual(await mailbox.next(), { done: true, value: undefined });
});

test('a reader that leaves after the end does not disturb the producer', async () => {
  const mailbox = new Mailbox<number>({ onReturn: () => assert.fail('must not be called') });
  mailbox.put(1);
  mailbox.close();
  await mailbox.return();
  assert.deepEqual(await collect(mailbox), []);
});

test('the producer learns its size and when the last waiting value is taken', async () => {
  let drained = 0;
  const mailbox = new Mailbox<number>({ onDrained: () => drained++ });
  mailbox.put(1);
  mailbox.put(2);
  assert.equal(mailbox.size, 2);
  await mailbox.next();
  assert.equal(drained, 0);
  await mailbox.next();
  assert.equal(drained, 1);
  assert.equal(mailbox.size, 0);
});
