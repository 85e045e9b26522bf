import { Bag } from '../../text/bag.ts';

/** Something that can take too long. */
export interface Watched {
  look(nowMs: number): void;
}

const mostMs = 1000;
const leastMs = 10;

/** Has everything that is under way look at the clock now and then: a timer for each would cost more than all the looks. */
export class Watch {
  readonly #watched = new Bag<Watched>();
  readonly #everyMs: number;
  #timer: NodeJS.Timeout | undefined;

  /** Milliseconds between two looks; between 10 and 1,000 are taken. */
  constructor(everyMs: number) {
    this.#everyMs = Math.min(mostMs, Math.max(leastMs, everyMs));
  }

  /** Gives what ends the looks. They hold no process up. */
  add(watched: Watched): () => void {
    this.#timer ??= setInterval(() => this.#lookAll(), this.#everyMs).unref();
    return this.#watched.add(watched);
  }

  #lookAll(): void {
    if (this.#watched.size === 0) {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
    const nowMs = performance.now();
    for (const each of this.#watched.list()) each.look(nowMs);
  }
}
