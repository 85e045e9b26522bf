import type { EventBatch } from '../protocol/event.ts';

/**
 * Reads an answer to its end before any of it is given, and gives it then: a caller who wants it whole has been told nothing until it is, so that another try may still
 * save it. Throws the error that it ended with.
 */
export async function holdWhole(reads: AsyncIterator<EventBatch, undefined>): Promise<AsyncIterator<EventBatch, undefined>> {
  const held: EventBatch[] = [];
  for (let read = await reads.next(); !read.done; read = await reads.next()) {
    const last = read.value.events.at(-1);
    if (last?.type === 'error') throw last.error;
    held.push(read.value);
  }
  const batches = held.values();
  return { next: async () => batches.next() as IteratorResult<EventBatch, undefined> };
}
