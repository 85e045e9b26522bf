import { type Family, type FamilyHead, type LabelValues, Members, type Sample } from './family.ts';

/** Observed values, counted by buckets. */
export interface Distribution {
  /** Finite values only. */
  observe(value: number): void;
}

/** A histogram; `of` gives the distribution of some label values. */
export interface HistogramFamily<Names extends readonly string[]> extends Family {
  of(...values: LabelValues<Names>): Distribution;
}

/** A histogram with these upper bounds, ascending; the last bucket, without a bound, is added. */
export function createHistogram<const Names extends readonly string[]>(
  head: FamilyHead<Names>,
  bounds: readonly number[],
): HistogramFamily<Names> {
  const members = new Members<Names, Buckets>(head.labelNames, () => new Buckets(bounds));
  return {
    ...head,
    type: 'histogram',
    of: (...values) => members.of(values),
    samples: () => members.samples((buckets, labels) => buckets.samples(labels)),
  };
}

/**
 * Plain numbers, written for every token of every stream.
 * prom-client's own histogram looks its labels up on each observation: 0.8 to 1 µs, where this takes a tenth.
 */
class Buckets implements Distribution {
  readonly #bounds: readonly number[];
  readonly #counts: number[];
  #sum = 0;

  constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
    this.#counts = new Array<number>(bounds.length + 1).fill(0);
  }

  observe(value: number): void {
    const bounds = this.#bounds;
    let index = 0;
    while (index < bounds.length && value > (bounds[index] ?? 0)) index += 1;
    this.#counts[index] = (this.#counts[index] ?? 0) + 1;
    this.#sum += value;
  }

  /** Buckets are cumulative, as Prometheus wants them. */
  samples(labels: Readonly<Record<string, string>>): readonly Sample[] {
    let total = 0;
    const buckets = this.#counts.map((count, index): Sample => {
      const bound = String(this.#bounds[index] ?? '+Inf');
      return { suffix: '_bucket', labels, bound, value: (total += count) };
    });
    return [...buckets, { suffix: '_sum', labels, value: this.#sum }, { suffix: '_count', labels, value: total }];
  }
}
