import { mixBits } from './mix.ts';

/** Which blocks were used last, at most `capacity` of them. All its memory (28 bytes a block) is taken at the start. */
export class BlockTable {
  /** blocks are numbered from 1; 0 is none, and as a link the two ends of the order of use */
  readonly #low: Uint32Array;
  readonly #high: Uint32Array;
  readonly #nextInBucket: Uint32Array;
  readonly #newer: Uint32Array;
  readonly #older: Uint32Array;
  readonly #buckets: Uint32Array;
  readonly #capacity: number;
  readonly #seed: number;
  #size = 0;

  /** `capacity` is at least 1. `seed` is any 32 bits that callers cannot know: they choose the texts, and could choose them to be slow to find. */
  constructor(capacity: number, seed: number) {
    const words = () => new Uint32Array(capacity + 1);
    this.#low = words();
    this.#high = words();
    this.#nextInBucket = words();
    this.#newer = words();
    this.#older = words();
    this.#buckets = new Uint32Array(2 ** Math.ceil(Math.log2(capacity + 1)));
    this.#capacity = capacity;
    this.#seed = seed;
  }

  get size(): number {
    return this.#size;
  }

  /** Whether the block is there; asking is no use of it. */
  has(low: number, high: number): boolean {
    return this.#find(low, high) !== 0;
  }

  /** The block is used now. One that is new takes the place of the one whose use is longest ago, where the table is full. */
  touch(low: number, high: number): void {
    const known = this.#find(low, high);
    if (known !== 0) this.#unlink(known);
    const block = known !== 0 ? known : this.#place(low, high);
    this.#linkNewest(block);
  }

  #find(low: number, high: number): number {
    let block = this.#buckets[this.#bucketOf(low, high)] ?? 0;
    while (block !== 0 && (this.#low[block] !== low || this.#high[block] !== high)) block = this.#nextInBucket[block] ?? 0;
    return block;
  }

  #bucketOf(low: number, high: number): number {
    return mixBits((low ^ this.#seed) + high) & (this.#buckets.length - 1);
  }

  #place(low: number, high: number): number {
    const block = this.#size < this.#capacity ? ++this.#size : this.#takeOldest();
    const bucket = this.#bucketOf(low, high);
    this.#low[block] = low;
    this.#high[block] = high;
    this.#nextInBucket[block] = this.#buckets[bucket] ?? 0;
    this.#buckets[bucket] = block;
    return block;
  }

  #takeOldest(): number {
    const oldest = this.#newer[0] ?? 0;
    this.#unlink(oldest);
    const bucket = this.#bucketOf(this.#low[oldest] ?? 0, this.#high[oldest] ?? 0);
    const next = this.#nextInBucket[oldest] ?? 0;
    let before = this.#buckets[bucket] ?? 0;
    if (before === oldest) this.#buckets[bucket] = next;
    else {
      while (this.#nextInBucket[before] !== oldest) before = this.#nextInBucket[before] ?? 0;
      this.#nextInBucket[before] = next;
    }
    return oldest;
  }

  #linkNewest(block: number): void {
    const last = this.#older[0] ?? 0;
    this.#older[block] = last;
    this.#newer[block] = 0;
    this.#newer[last] = block;
    this.#older[0] = block;
  }

  #unlink(block: number): void {
    const newer = this.#newer[block] ?? 0;
    const older = this.#older[block] ?? 0;
    this.#newer[older] = newer;
    this.#older[newer] = older;
  }
}
