import { choice, optional, repeat, sequence } from '../build.ts';
import type { Node } from '../ir.ts';
import { expandSchema } from './expand-schema.ts';
import { type Expansion, never } from './expansion.ts';
import type { Member } from './flatten.ts';
import type { Located } from './schema-document.ts';

/** Items stand in one another's optional rest; this many, then a rule begins. */
const mostNested = 32;
const mostPrefix = 2_000;

/** The arrays that all members allow. `top`: the one schema that the members came from, if there is one. */
export function expandArray(expansion: Expansion, members: readonly Member[], top: Located | undefined): Node {
  const { punctuation } = expansion;
  const least = Math.max(0, ...members.map(({ keywords }) => keywords.array.least ?? 0));
  const most = Math.min(...members.map(({ keywords }) => keywords.array.most ?? Infinity));
  if (least > most) return never;
  reportUnheld(expansion, members, most, top);
  const empty = punctuation.enclose('[', undefined, ']');
  if (most === 0) return empty;
  const filled = punctuation.enclose('[', writeItems(expansion, members, { least, most, top }), ']');
  return least > 0 ? filled : choice([empty, filled]);
}

interface Length {
  readonly least: number;
  readonly most: number;
  readonly top: Located | undefined;
}

/** At least one item, with commas. */
function writeItems(expansion: Expansion, members: readonly Member[], { least, most, top }: Length): Node {
  const { comma } = expansion.punctuation;
  const prefix = Math.min(most, mostPrefix, Math.max(0, ...members.map(({ keywords }) => keywords.array.prefix.length)));
  const item = (index: number) => expandSchema(expansion, listItemSchemas(members, index, top));
  const rest = prefix < most && (prefix > 0 || most > 1) ? expansion.name('item', item(prefix)) : undefined;
  let after = rest
    ? repeat(sequence([comma, rest]), Math.max(0, least - Math.max(prefix, 1)), toMost(most, Math.max(prefix, 1)))
    : sequence([]);
  for (let index = prefix - 1; index > 0; index--) {
    const onward = sequence([comma, item(index), after]);
    after = index < least ? onward : optional(onward);
    if (index % mostNested === 0) after = expansion.name('items', after);
  }
  return sequence([prefix === 0 && rest ? rest : item(0), after]);
}

function toMost(most: number, written: number): number | undefined {
  return most === Infinity ? undefined : most - written;
}

function listItemSchemas(members: readonly Member[], index: number, top: Located | undefined): readonly Located[] {
  const schemas = members
    .map(({ keywords }) => keywords.array.prefix[index] ?? keywords.array.items)
    .filter((schema) => schema !== undefined);
  const unevaluated = members.find(({ located }) => located === top)?.keywords.array.unevaluated;
  // a schema further in that has `unevaluatedItems` has looked at every item
  const isEvaluated = schemas.length > 0 || members.some(({ located, keywords }) => located !== top && keywords.array.unevaluated);
  return !isEvaluated && unevaluated && mayHoldUnevaluated(members) ? [unevaluated] : schemas;
}

/** Whether it is known which items other keywords look at. */
function mayHoldUnevaluated(members: readonly Member[]): boolean {
  return members.every(({ keywords }) => !keywords.condition && !keywords.array.contains && keywords.object.dependentSchemas.size === 0);
}

function reportUnheld(expansion: Expansion, members: readonly Member[], most: number, top: Located | undefined): void {
  for (const { located, keywords } of members) {
    const { areUnique, contains, leastContained, mostContained, unevaluated, prefix } = keywords.array;
    if (areUnique && most > 1) expansion.report(located, 'uniqueItems', 'a grammar does not compare items with one another');
    if (contains && (leastContained !== 0 || mostContained !== undefined)) {
      expansion.report(located, 'contains', 'a grammar does not count the items that match');
    }
    if (unevaluated && unevaluated.schema !== true && (located !== top || !mayHoldUnevaluated(members))) {
      expansion.report(located, 'unevaluatedItems', 'which items other keywords look at depends on the value');
    }
    if (prefix.length > mostPrefix) expansion.report(located, 'prefixItems', `only the first ${mostPrefix} are held`);
  }
}
