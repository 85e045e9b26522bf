import type { EngineRead } from '../../protocol/engine.ts';
import { noUsage } from '../../protocol/usage.ts';

/**
 * Reads of an answer that something must be asked before, begun now. An abort while that is asked ends it with reason `abort`; a reader that leaves stops
 * both. Once the answer has begun its reads are given on without a step between.
 */
export function readLater(
  open: (signal: AbortSignal) => Promise<AsyncIterable<EngineRead>>,
  signal: AbortSignal,
): AsyncIterable<EngineRead> {
  const leaving = new AbortController();
  const either = AbortSignal.any([signal, leaving.signal]);
  const opening = open(either).then(
    (reads) => reads[Symbol.asyncIterator](),
    (error: unknown) => {
      if (either.aborted) return endAborted();
      throw error;
    },
  );
  // it is told to whoever reads; until then nobody has to listen
  opening.catch(() => undefined);
  return new LaterReads(opening, leaving);
}

class LaterReads implements AsyncIterableIterator<EngineRead, undefined> {
  readonly #opening: Promise<AsyncIterator<EngineRead>>;
  readonly #leaving: AbortController;
  #opened: AsyncIterator<EngineRead> | undefined;

  constructor(opening: Promise<AsyncIterator<EngineRead>>, leaving: AbortController) {
    this.#opening = opening;
    this.#leaving = leaving;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<EngineRead, undefined>> {
    return this.#opened ? this.#opened.next() : this.#first();
  }

  async return(): Promise<IteratorResult<EngineRead, undefined>> {
    this.#leaving.abort();
    await this.#opened?.return?.();
    return { done: true, value: undefined };
  }

  async #first(): Promise<IteratorResult<EngineRead, undefined>> {
    this.#opened = await this.#opening;
    return this.#opened.next();
  }
}

async function* endAborted(): AsyncGenerator<EngineRead> {
  yield { deltas: [], end: { reason: 'abort', usage: noUsage } };
}
