interface Held<T> {
  readonly value: T;
  at: number;
}

/**
 * Values of a busy place, in no order: each is in and out again soon. Adding and removing take constant time and leave nothing behind. A `Set` does: each time it grows or
 * is cleaned its old table stays until the next full collection, and with the table whatever was in it, so that garbage of every request is copied as if it were alive.
 */
export class Bag<T> {
  readonly #held: Held<T>[] = [];

  get size(): number {
    return this.#held.length;
  }

  /** Gives what removes the value again; a second call does nothing. */
  add(value: T): () => void {
    const held = { value, at: this.#held.length };
    this.#held.push(held);
    return () => this.#remove(held);
  }

  /** What is in it now. */
  list(): readonly T[] {
    return this.#held.map(({ value }) => value);
  }

  #remove(held: Held<T>): void {
    if (this.#held[held.at] !== held) return;
    const last = this.#held.pop() as Held<T>;
    if (last === held) return;
    last.at = held.at;
    this.#held[held.at] = last;
  }
}
