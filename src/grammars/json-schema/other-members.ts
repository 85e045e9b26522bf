import { choice, sequence } from '../build.ts';
import type { Node } from '../ir.ts';
import { expandSchema } from './expand-schema.ts';
import { readDemands } from './expand-string.ts';
import { type Expansion, never } from './expansion.ts';
import { flatten } from './flatten.ts';
import type { ObjectRules } from './object-rules.ts';
import { noDemands, type StringDemands, writeStrings } from './string-grammar.ts';

/** Names are told apart by which of the patterns they match, in up to this many combinations. */
const mostPatterns = 5;

/** A member of a name that is not listed; undefined where there may be none. */
export function writeOtherMembers(expansion: Expansion, objects: ObjectRules): Node | undefined {
  if (objects.isClosed) return undefined;
  const patterns = [...new Set(objects.members.flatMap(({ keywords }) => [...keywords.object.patterns.keys()]))];
  const held = patterns.slice(0, mostPatterns);
  if (patterns.length > mostPatterns)
    reportAll(expansion, objects, 'patternProperties', `only the first ${mostPatterns} patterns are held`);
  const names = readNameDemands(expansion, objects);
  if (!names) return undefined;
  const options = listSubsets(held).flatMap((matched) => writeNamed(expansion, objects, { matched, held, names }));
  return options.length === 0 ? undefined : expansion.name('member', choice(options));
}

interface NamedMembers {
  /** patterns that the names match; they match none of the other held ones */
  readonly matched: readonly string[];
  readonly held: readonly string[];
  readonly names: StringDemands;
}

function writeNamed(expansion: Expansion, objects: ObjectRules, { matched, held, names }: NamedMembers): readonly Node[] {
  const schemas = objects.collect((pattern) => matched.includes(pattern));
  if (schemas.some(({ schema }) => schema === false)) return [];
  const { node, unheld } = writeStrings(expansion, {
    ...names,
    patterns: [...names.patterns, ...matched],
    excludedPatterns: held.filter((pattern) => !matched.includes(pattern)),
    excludedTexts: objects.names,
  });
  if (node === never) return [];
  for (const [keyword, reason] of unheld) {
    reportAll(
      expansion,
      objects,
      held.length > 0 ? 'patternProperties' : keyword === 'format' ? 'propertyNames' : 'additionalProperties',
      reason,
    );
  }
  const value = expandSchema(expansion, schemas);
  return value === never ? [] : [sequence([node, expansion.punctuation.colon, value])];
}

/** Every choice of some of the patterns; none comes first. */
function listSubsets(patterns: readonly string[]): readonly (readonly string[])[] {
  const [first, ...rest] = patterns;
  if (first === undefined) return [[]];
  const subsets = listSubsets(rest);
  return [...subsets, ...subsets.map((subset) => [first, ...subset])];
}

/** What `propertyNames` asks of names; undefined where it allows none. */
function readNameDemands(expansion: Expansion, objects: ObjectRules): StringDemands | undefined {
  const schemas = objects.members.flatMap(({ keywords }) => (keywords.object.names ? [keywords.object.names] : []));
  if (schemas.length === 0) return noDemands;
  const { members, groups, isNever } = flatten(expansion.document, schemas);
  if (isNever || members.some(({ keywords: { types } }) => types && !types.includes('string'))) return undefined;
  const isPlain =
    groups.length === 0 && members.every(({ keywords }) => keywords.values.length === 0 && !keywords.not && !keywords.condition);
  if (!isPlain)
    reportAll(expansion, objects, 'propertyNames', 'of the names that are not listed only lengths, patterns and formats are held');
  return readDemands(members);
}

function reportAll(expansion: Expansion, objects: ObjectRules, keyword: string, reason: string): void {
  for (const {
    located,
    keywords: { object },
  } of objects.members) {
    const isOwn =
      keyword === 'patternProperties' ? object.patterns.size > 0 : keyword === 'propertyNames' ? object.names !== undefined : true;
    if (isOwn) expansion.report(located, keyword, reason);
  }
}
