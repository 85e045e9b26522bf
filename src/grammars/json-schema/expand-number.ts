import { choice, sequence, text } from '../build.ts';
import type { Node } from '../ir.ts';
import { anyInteger, anyNumber } from './any-value.ts';
import { type Expansion, never } from './expansion.ts';
import type { Member } from './flatten.ts';
import { type NumberRange, toDecimal, usualFractionDigits, writeRange } from './number-range.ts';

/** The tightest of all bounds. */
interface Bounds {
  readonly least: number;
  readonly isLeastExcluded: boolean;
  readonly most: number;
  readonly isMostExcluded: boolean;
}

const mostMultiples = 1_000;

/** The numbers or integers that all members allow. Between bounds they are written without an exponent. */
export function expandNumber(expansion: Expansion, members: readonly Member[], kind: 'integer' | 'number'): Node {
  const bounds = readBounds(members);
  const multiples = listMultiples(members);
  const multiple = multiples.length === 1 ? multiples[0] : undefined;
  const isInteger = kind === 'integer' || multiples.some(Number.isInteger);
  const listed = multiple !== undefined && isInteger ? listNumbers(bounds, multiple) : undefined;
  if (listed) return listed.length === 0 ? never : choice(listed.map((value) => text(String(value))));
  const fractionDigits = isInteger ? 0 : reportMultiples(expansion, members, usualFractionDigits);
  if (isInteger) reportMultiples(expansion, members, 0);
  const isFree = bounds.least === -Infinity && bounds.most === Infinity && (isInteger || fractionDigits === usualFractionDigits);
  if (isFree) return isInteger ? anyInteger(expansion) : anyNumber(expansion);
  return writeBounds(isInteger ? roundBounds(bounds) : bounds, fractionDigits);
}

function readBounds(members: readonly Member[]): Bounds {
  let bounds: Bounds = { least: -Infinity, isLeastExcluded: false, most: Infinity, isMostExcluded: false };
  for (const { keywords } of members) {
    const { least = -Infinity, isLeastExcluded, most = Infinity, isMostExcluded } = keywords.number;
    if (least > bounds.least) bounds = { ...bounds, least, isLeastExcluded };
    else if (least === bounds.least) bounds = { ...bounds, isLeastExcluded: bounds.isLeastExcluded || isLeastExcluded };
    if (most < bounds.most) bounds = { ...bounds, most, isMostExcluded };
    else if (most === bounds.most) bounds = { ...bounds, isMostExcluded: bounds.isMostExcluded || isMostExcluded };
  }
  return bounds;
}

function listMultiples(members: readonly Member[]): readonly number[] {
  return [...new Set(members.map(({ keywords }) => keywords.number.multipleOf).filter((multiple) => multiple !== undefined))];
}

/** The integers that are multiples, where the bounds leave few of them. */
function listNumbers(bounds: Bounds, multiple: number): readonly number[] | undefined {
  if (!Number.isInteger(multiple) || multiple === 1) return undefined;
  const { least, most } = roundBounds(bounds);
  const first = Math.ceil(least / multiple);
  const last = Math.floor(most / multiple);
  if (!Number.isSafeInteger(first * multiple) || !Number.isSafeInteger(last * multiple) || last - first >= mostMultiples) return undefined;
  // adding 0 turns -0 into 0
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => (first + index) * multiple + 0);
}

/** Tenths, hundredths … bound the digits behind the point; others are reported. Gives the number of such digits. */
function reportMultiples(expansion: Expansion, members: readonly Member[], usual: number): number {
  let fractionDigits = usual;
  for (const { located, keywords } of members) {
    const { multipleOf } = keywords.number;
    if (multipleOf === undefined) continue;
    const { whole, fraction } = toDecimal(multipleOf);
    if (/^0*1$/.test(whole + fraction)) fractionDigits = Math.min(fractionDigits, fraction.length);
    else
      expansion.report(
        located,
        'multipleOf',
        `only 1, 0.1, 0.01 … and few integers between bounds can be held, not multiples of ${multipleOf}`,
      );
  }
  return fractionDigits;
}

function roundBounds({ least, isLeastExcluded, most, isMostExcluded }: Bounds): Bounds {
  const from = isLeastExcluded && Number.isInteger(least) ? least + 1 : Math.ceil(least);
  const to = isMostExcluded && Number.isInteger(most) ? most - 1 : Math.floor(most);
  return { least: from, isLeastExcluded: isLeastExcluded && from === least, most: to, isMostExcluded: isMostExcluded && to === most };
}

/** Below 0 the bounds change places, and zero itself is written without a sign. */
function writeBounds({ least, isLeastExcluded, most, isMostExcluded }: Bounds, fractionDigits: number): Node {
  const zero = { whole: '0', fraction: '' };
  const below: NumberRange = {
    least: most < 0 ? toDecimal(most) : zero,
    isLeastExcluded: most < 0 ? isMostExcluded : true,
    most: least === -Infinity ? undefined : toDecimal(least),
    isMostExcluded: isLeastExcluded,
    fractionDigits,
  };
  const above: NumberRange = {
    least: least > 0 ? toDecimal(least) : zero,
    isLeastExcluded: least >= 0 && isLeastExcluded,
    most: most === Infinity ? undefined : toDecimal(most),
    isMostExcluded,
    fractionDigits,
  };
  if (least > most) return never;
  const negative = least < 0 ? writeRange(below) : undefined;
  const positive = most >= 0 ? writeRange(above) : undefined;
  const options = [...(negative ? [sequence([text('-'), negative])] : []), ...(positive ? [positive] : [])];
  return options.length === 0 ? never : choice(options);
}
