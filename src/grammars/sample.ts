import type { Grammar, Node } from './ir.ts';
import { withoutSchemas } from './match.ts';
import { automatonOf } from './matching/delimiter-automaton.ts';
import type { Range } from './regex/ranges.ts';

/** A number from 0 to 1, 1 excluded, as `Math.random` gives it. */
export type Random = () => number;

/** How far a sample may grow. */
export interface SampleOptions {
  /** most turns of a repeat beyond its least, default 4 */
  readonly maxRepeat?: number;
  /** letters after which the shortest way out is taken, default 2,000 */
  readonly maxChars?: number;
}

/** Some text that the grammar allows, the same for the same random numbers. Throws where the grammar allows none. */
export function sample(grammar: Grammar, random: Random, options: SampleOptions = {}): string {
  return new Sampler(withoutSchemas(grammar), random, options).write();
}

const endless = Number.POSITIVE_INFINITY;
const deepest = 60;

class Sampler {
  readonly #grammar: Grammar;
  readonly #random: Random;
  readonly #maxRepeat: number;
  readonly #maxChars: number;
  /** rules in one another that the shortest text of each rule needs */
  readonly #heights: ReadonlyMap<string, number>;
  #written = '';
  #depth = 0;

  constructor(grammar: Grammar, random: Random, { maxRepeat = 4, maxChars = 2000 }: SampleOptions) {
    this.#grammar = grammar;
    this.#random = random;
    this.#maxRepeat = maxRepeat;
    this.#maxChars = maxChars;
    this.#heights = measureRules(grammar);
  }

  write(): string {
    if (heightOf(this.#grammar.root, this.#heights) === endless) throw new Error('The grammar allows no text at all.');
    this.#write(this.#grammar.root);
    return this.#written;
  }

  get #isFull(): boolean {
    return this.#written.length >= this.#maxChars || this.#depth >= deepest;
  }

  #write(node: Node): void {
    switch (node.kind) {
      case 'text':
        this.#written += node.text;
        return;
      case 'token':
        this.#written += node.spelling;
        return;
      case 'sequence':
        for (const item of node.items) this.#write(item);
        return;
      case 'choice':
        this.#write(this.#choose(node.options));
        return;
      case 'repeat':
        for (let left = this.#drawCount(node); left > 0; left--) this.#write(node.item);
        return;
      case 'chars':
        this.#written += drawLetter(node.ranges, this.#random);
        return;
      case 'rule':
        this.#depth++;
        this.#write(this.#grammar.rules.get(node.name) ?? node);
        this.#depth--;
        return;
      case 'until':
        this.#writeUntil(node.delimiters);
        return;
      case 'json':
        throw new Error('The schemas of a grammar are written out before it is sampled.');
      default:
        node satisfies never;
    }
  }

  #choose(options: readonly Node[]): Node {
    const heights = options.map((option) => heightOf(option, this.#heights));
    const lowest = Math.min(...heights);
    const open = options.filter((_, index) => (this.#isFull ? heights[index] === lowest : heights[index] !== endless));
    return pick(open, this.#random);
  }

  #drawCount({ item, least, most }: Extract<Node, { kind: 'repeat' }>): number {
    if (heightOf(item, this.#heights) === endless) return 0;
    const extra = Math.min((most ?? endless) - least, this.#maxRepeat);
    return this.#isFull ? least : least + Math.floor(this.#random() * (extra + 1));
  }

  /** Letters of the delimiters come often: near misses are what matters. */
  #writeUntil(delimiters: readonly string[]): void {
    const automaton = automatonOf(delimiters);
    let state = 0;
    for (let left = Math.floor(this.#random() * (2 * this.#maxRepeat + 1)); left > 0 && !this.#isFull; left--) {
      const letter = this.#random() < 0.5 ? pick(automaton.letters, this.#random) : drawLetter(plainRanges, this.#random).codePointAt(0);
      const next = automaton.next(state, letter ?? 0);
      if (next === undefined) continue;
      state = next;
      this.#written += String.fromCodePoint(letter ?? 0);
    }
  }
}

const plainRanges: readonly Range[] = [
  [32, 126],
  [10, 10],
  [0xe9, 0xe9],
  [0x1f600, 0x1f603],
];

/** Mostly a letter of the keyboard, now and then any of the class. */
function drawLetter(ranges: readonly Range[], random: Random): string {
  const near = ranges.flatMap(([from, to]): Range[] => (to < 32 || from > 126 ? [] : [[Math.max(from, 32), Math.min(to, 126)]]));
  const [from, to] = pick(near.length > 0 && random() < 0.85 ? near : ranges, random);
  const codePoint = from + Math.floor(random() * (to - from + 1));
  // halves of a surrogate pair are no characters
  return codePoint >= 0xd800 && codePoint <= 0xdfff ? '\ufffd' : String.fromCodePoint(codePoint);
}

function pick<T>(list: readonly T[], random: Random): T {
  const item = list[Math.floor(random() * list.length)];
  if (item === undefined) throw new Error('Nothing to choose from.');
  return item;
}

/** How deep rules stand in one another in the least deep text of each rule; endless for a rule without any text. */
function measureRules({ rules }: Grammar): ReadonlyMap<string, number> {
  const heights = new Map<string, number>();
  for (let hasChanged = true; hasChanged; ) {
    hasChanged = false;
    for (const [name, body] of rules) {
      const height = 1 + heightOf(body, heights);
      if (height < (heights.get(name) ?? endless)) {
        heights.set(name, height);
        hasChanged = true;
      }
    }
  }
  return heights;
}

function heightOf(node: Node, heights: ReadonlyMap<string, number>): number {
  switch (node.kind) {
    case 'rule':
      return heights.get(node.name) ?? endless;
    case 'sequence':
      return Math.max(0, ...node.items.map((item) => heightOf(item, heights)));
    case 'choice':
      return Math.min(...node.options.map((option) => heightOf(option, heights)));
    case 'repeat':
      return node.least === 0 ? 0 : heightOf(node.item, heights);
    default:
      return 0;
  }
}
