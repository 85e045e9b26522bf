import { type Family, type FamilyHead, type LabelValues, Members, type Sample } from './family.ts';

/** A number that is changed in place: the hot path holds it and looks nothing up. */
export interface Count {
  value: number;
}

/** A counter, which only grows, or a gauge. `of` gives the number of some label values. */
export interface CountFamily<Names extends readonly string[]> extends Family {
  of(...values: LabelValues<Names>): Count;
}

/** A counter; its name ends in `_total`. One without labels is there from the start, at 0. */
export function createCounter<const Names extends readonly string[]>(head: FamilyHead<Names>): CountFamily<Names> {
  return createCountFamily('counter', head);
}

/** A gauge that is moved up and down. */
export function createGauge<const Names extends readonly string[]>(head: FamilyHead<Names>): CountFamily<Names> {
  return createCountFamily('gauge', head);
}

function createCountFamily<const Names extends readonly string[]>(type: 'counter' | 'gauge', head: FamilyHead<Names>): CountFamily<Names> {
  const members = new Members<Names, Count>(head.labelNames, () => ({ value: 0 }));
  return {
    ...head,
    type,
    of: (...values) => members.of(values),
    samples: () => members.samples(({ value }, labels) => [{ suffix: '', labels, value }]),
  };
}

/** A gauge that is read from somewhere else at each scrape. */
export function createReadGauge<const Names extends readonly string[]>(
  head: FamilyHead<Names>,
  read: () => readonly { readonly labels: LabelValues<Names>; readonly value: number }[],
): Family {
  const toSample = ({ labels, value }: { readonly labels: LabelValues<Names>; readonly value: number }): Sample => ({
    suffix: '',
    labels: Object.fromEntries(head.labelNames.map((name, index) => [name, labels[index] ?? ''])),
    value,
  });
  return { ...head, type: 'gauge', samples: () => read().map(toSample) };
}
