import type { PrefixBlocks, PrefixIndexView } from '../policy.ts';
import { BlockTable } from './block-table.ts';

/** Blocks remembered of each upstream where nothing else is said: two million characters, about what 80 GB of GPU memory hold for a model of 8B. */
const usualBlocksPerUpstream = 8192;

/**
 * Remembers the blocks that were last sent to each upstream, `blocksPerUpstream` of them (28 bytes each, taken at the first use of an upstream).
 * The beginning of a conversation counts as used after its end, so that of each conversation the end is forgotten first and what is known is always a beginning.
 */
export class PrefixIndex implements PrefixIndexView {
  readonly #tables = new Map<string, BlockTable>();
  readonly #blocksPerUpstream: number;
  readonly #seed: number;

  /** `seed` is 32 random bits that callers cannot know. */
  constructor(seed: number, blocksPerUpstream: number = usualBlocksPerUpstream) {
    this.#seed = seed;
    this.#blocksPerUpstream = blocksPerUpstream;
  }

  /** blocks remembered now, of all upstreams together */
  get size(): number {
    let size = 0;
    for (const table of this.#tables.values()) size += table.size;
    return size;
  }

  countKnown(upstream: string, blocks: PrefixBlocks, atLeast: number): number {
    const table = this.#tables.get(upstream);
    const count = blocks.length / 2;
    if (table === undefined || atLeast > count || (atLeast > 0 && !hasBlock(table, blocks, atLeast))) return 0;
    let known = atLeast;
    let step = 1;
    while (known + step <= count && hasBlock(table, blocks, known + step)) {
      known += step;
      step *= 2;
    }
    for (; step >= 1; step /= 2) {
      if (known + step <= count && hasBlock(table, blocks, known + step)) known += step;
    }
    return known;
  }

  record(upstream: string, blocks: PrefixBlocks): void {
    const known = this.#tables.get(upstream);
    const table = known ?? new BlockTable(this.#blocksPerUpstream, this.#seed);
    if (!known) this.#tables.set(upstream, table);
    const count = Math.min(blocks.length / 2, this.#blocksPerUpstream);
    for (let block = count - 1; block >= 0; block--) table.touch(blocks[2 * block] ?? 0, blocks[2 * block + 1] ?? 0);
  }

  forget(upstream: string): void {
    this.#tables.delete(upstream);
  }
}

/** Whether the beginning of so many blocks is there, by its last one. */
function hasBlock(table: BlockTable, blocks: PrefixBlocks, count: number): boolean {
  return table.has(blocks[2 * count - 2] ?? 0, blocks[2 * count - 1] ?? 0);
}
