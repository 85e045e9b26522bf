import type { PrefixBlocks } from '../policy.ts';
import { mixBits } from './mix.ts';

/** Characters of a block, two in each word. */
const blockChars = 256;
const blockWords = blockChars / 2;

/** Cuts what it is given into blocks and hashes each with all before it. What comes after `mostBlocks` is not looked at. */
export class BlockHasher {
  readonly #mostHalves: number;
  readonly #halves: number[] = [];
  #words = 0;
  #low = 0x243f6a88;
  #high = 0x85a308d3;

  constructor(mostBlocks: number) {
    this.#mostHalves = 2 * mostBlocks;
  }

  /** nothing more will be looked at */
  get isFull(): boolean {
    return this.#halves.length >= this.#mostHalves;
  }

  /** Characters, two in a word; one that is left over has a word of its own. */
  pushText(text: string): void {
    for (let start = 0; start < text.length && !this.isFull; ) {
      const end = Math.min(text.length, start + 2 * (blockWords - this.#words));
      this.#mixText(text, start, end);
      this.#note(Math.ceil((end - start) / 2));
      start = end;
    }
  }

  /** 32 bits: a token's id, or a mark between texts. */
  pushWord(word: number): void {
    if (this.isFull) return;
    this.#low = mixLow(this.#low, word);
    this.#high = mixHigh(this.#high, word);
    this.#note(1);
  }

  /** The blocks that are complete. */
  end(): PrefixBlocks {
    return Uint32Array.from(this.#halves);
  }

  /** The state is held in local variables: this loop is most of the work. */
  #mixText(text: string, start: number, end: number): void {
    let low = this.#low;
    let high = this.#high;
    for (let index = start; index < end; index += 2) {
      const second = index + 1 < end ? text.charCodeAt(index + 1) : 0;
      const word = text.charCodeAt(index) | (second << 16);
      low = mixLow(low, word);
      high = mixHigh(high, word);
    }
    this.#low = low;
    this.#high = high;
  }

  #note(words: number): void {
    this.#words += words;
    if (this.#words < blockWords) return;
    this.#words = 0;
    this.#halves.push(mixBits(this.#low), mixBits(this.#high));
  }
}

function mixLow(low: number, word: number): number {
  const bits = low ^ word;
  return Math.imul((bits << 15) | (bits >>> 17), 0x9e3779b1);
}

function mixHigh(high: number, word: number): number {
  const bits = high ^ word;
  return Math.imul((bits << 13) | (bits >>> 19), 0x85ebca77) ^ 0x52dce729;
}
