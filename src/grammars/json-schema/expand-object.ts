import { choice, sequence } from '../build.ts';
import type { Node } from '../ir.ts';
import { expandSchema } from './expand-schema.ts';
import { type Expansion, never } from './expansion.ts';
import type { Member } from './flatten.ts';
import { type ObjectPart, writeMembers } from './object-members.ts';
import { ObjectRules } from './object-rules.ts';
import { writeOtherMembers } from './other-members.ts';
import type { Located } from './schema-document.ts';

const mostCounted = 5_000;

/** The objects that all members allow: named properties in their order, optional ones skipped, then others. `top`: the one schema that the members came from, if there is one. */
export function expandObject(expansion: Expansion, members: readonly Member[], top: Located | undefined): Node {
  const objects = new ObjectRules(expansion, members, top);
  const parts = objects.names.map((name) => writePart(expansion, objects, name));
  const others = writeOtherMembers(expansion, objects);
  const bounds = readBounds(expansion, members, parts, others !== undefined);
  if (!bounds) return never;
  reportUnheld(expansion, members, objects);
  const { punctuation } = expansion;
  const inside = writeMembers({ parts, others, ...bounds, comma: punctuation.comma, name: (wish, body) => expansion.name(wish, body) });
  const options = [
    ...(inside.mayBeEmpty ? [punctuation.enclose('{', undefined, '}')] : []),
    ...(inside.filled ? [punctuation.enclose('{', inside.filled, '}')] : []),
  ];
  const [first, second] = options;
  return first && second ? choice([first, second]) : (first ?? never);
}

function writePart(expansion: Expansion, objects: ObjectRules, name: string): ObjectPart {
  const { punctuation } = expansion;
  const schemas = objects.schemasOf(name);
  const value = schemas ? expandSchema(expansion, schemas) : never;
  return {
    name,
    isRequired: objects.required.has(name),
    isNever: value === never,
    pair: sequence([punctuation.quoteText(name), punctuation.colon, value]),
  };
}

/** How many members there may be, where that says more than the required ones; undefined if no number is right. */
function readBounds(
  expansion: Expansion,
  members: readonly Member[],
  parts: readonly ObjectPart[],
  hasOthers: boolean,
): { readonly least: number; readonly most: number } | undefined {
  const least = Math.max(0, ...members.map(({ keywords }) => keywords.object.least ?? 0));
  const most = Math.min(...members.map(({ keywords }) => keywords.object.most ?? Infinity));
  const required = parts.filter(({ isRequired }) => isRequired).length;
  if (least > most || required > most || (!hasOthers && least > parts.length)) return undefined;
  const bounds = { least: least <= required ? 0 : least, most: !hasOthers && most >= parts.length ? Infinity : most };
  const isCounting = bounds.least > 0 || bounds.most < Infinity;
  if (!isCounting || (parts.length + 1) * (parts.length + 2) <= mostCounted) {
    if (bounds.least > 0 && hasOthers) reportEach(expansion, members, 'minProperties', 'a name that is written twice counts twice');
    return bounds;
  }
  for (const keyword of ['minProperties', 'maxProperties'] as const)
    reportEach(expansion, members, keyword, 'there are too many properties to count');
  return { least: 0, most: Infinity };
}

function reportEach(expansion: Expansion, members: readonly Member[], keyword: 'minProperties' | 'maxProperties', reason: string): void {
  for (const { located, keywords } of members) {
    const bound = keyword === 'minProperties' ? keywords.object.least : keywords.object.most;
    if (bound !== undefined) expansion.report(located, keyword, reason);
  }
}

function reportUnheld(expansion: Expansion, members: readonly Member[], objects: ObjectRules): void {
  for (const { located, keywords } of members) {
    const { dependentRequired, dependentSchemas, unevaluated } = keywords.object;
    if (dependentRequired.size > 0) expansion.report(located, 'dependentRequired', 'what a property asks of others is not held');
    if (dependentSchemas.size > 0) expansion.report(located, 'dependentSchemas', 'what a property asks of others is not held');
    if (unevaluated && unevaluated.schema !== true && !objects.holdsUnevaluated(located)) {
      expansion.report(located, 'unevaluatedProperties', 'which properties other keywords look at depends on the value');
    }
  }
}
