import type { JsonValue } from '../../protocol/json.ts';
import { choice, text } from '../build.ts';
import type { Node } from '../ir.ts';
import { anyValue } from './any-value.ts';
import { areDisjoint } from './disjoint.ts';
import { expandArray } from './expand-array.ts';
import { expandNumber } from './expand-number.ts';
import { expandObject } from './expand-object.ts';
import { expandString } from './expand-string.ts';
import { type Expansion, never } from './expansion.ts';
import { type Flat, flatten, type Group, isCombined, isOnlyReference, isOpen, type Member } from './flatten.ts';
import { isHeldByKinds, type Kind, listKinds } from './kinds.ts';
import { literalWords, writeLiteral } from './literals.ts';
import type { Located } from './schema-document.ts';

const mostOptions = 500;

/** The texts of the values that all of the schemas allow. What is combined of others (`$ref`, `anyOf` …) becomes a rule, one for all places that want the same. */
export function expandSchema(expansion: Expansion, list: readonly Located[]): Node {
  expansion.spend(list[0]);
  const { schemas, isShared } = followReferences(expansion, list);
  if (schemas.length === 0) return anyValue(expansion);
  const write = () => expandFlat(expansion, flatten(expansion.document, schemas), schemas.length === 1 ? schemas[0] : undefined);
  if (!isShared) return write();
  const serials = schemas.map(({ serial }) => serial).sort((a, b) => a - b);
  return expansion.share(`schemas ${serials.join(',')}`, wishName(schemas[0]), write);
}

function wishName(located: Located | undefined): string {
  return located?.pointer.split('/').at(-1) || 'value';
}

/** What only names another schema is replaced by that; what allows everything is left out. */
function followReferences(
  expansion: Expansion,
  list: readonly Located[],
): { readonly schemas: readonly Located[]; readonly isShared: boolean } {
  const schemas = new Set<Located>();
  let isShared = false;
  for (const start of list) {
    const path = new Set<Located>();
    let located = start;
    let keywords = expansion.document.keywordsOf(located);
    while (isOnlyReference(keywords) && !path.has(located)) {
      path.add(located);
      located = expansion.document.resolve(located, keywords.reference ?? '');
      keywords = expansion.document.keywordsOf(located);
      isShared = true;
    }
    isShared ||= isCombined(keywords);
    if (!isOpen(keywords)) schemas.add(located);
  }
  return { schemas: [...schemas], isShared };
}

/** `top` is the one schema that all of this came from, if there is one. */
function expandFlat(expansion: Expansion, flat: Flat, top: Located | undefined): Node {
  if (flat.isNever) return never;
  const values = listValues(expansion, flat);
  if (values)
    return values.length === 0 ? never : choice(values.map((value) => writeLiteral(value, expansion.punctuation, expansion.notation)));
  const [group, ...groups] = flat.groups;
  if (group) return expandGroup(expansion, { ...flat, groups }, group, top);
  return expandKinds(expansion, flat.members, top);
}

/** The values of an `enum` or `const` that everything else allows, too. */
function listValues(expansion: Expansion, { members, groups }: Flat): readonly JsonValue[] | undefined {
  const [first] = members.flatMap(({ keywords }) => keywords.values).sort((a, b) => a.length - b.length);
  if (!first) return undefined;
  const isAllowed = (value: JsonValue) =>
    members.every(({ located }) => expansion.validates(located, value)) &&
    groups.every(({ options }) => options.some((option) => expansion.validates(option, value)));
  const unique = new Map(first.map((value) => [JSON.stringify(value), value]));
  const values = [...unique.values()].filter(isAllowed);
  expansion.spend(members[0]?.located, values.length);
  return values;
}

/** One option applies besides the rest. */
function expandGroup(expansion: Expansion, rest: Flat, group: Group, top: Located | undefined): Node {
  const { owner, options, kind } = group;
  if (kind === 'oneOf' && !areDisjoint(expansion, options)) {
    expansion.report(owner, 'oneOf', 'more than one option may match the same value; the grammar allows what any of them allows');
  }
  if (rest.members.length === 0 && rest.groups.length === 0) return choice(options.map((option) => expandSchema(expansion, [option])));
  if (!expansion.mayCombine(options.length, mostOptions)) {
    expansion.report(owner, kind, `there are more than ${mostOptions} combinations of options`);
    return expandFlat(expansion, rest, top);
  }
  return choice(options.map((option) => expandFlat(expansion, flatten(expansion.document, [option], rest, group.path), top)));
}

function expandKinds(expansion: Expansion, members: readonly Member[], top: Located | undefined): Node {
  reportUnheld(expansion, members);
  const kinds = listKinds(members);
  if (members.length === 0) return anyValue(expansion);
  const options = [...kinds].flatMap((kind) => expandKind(expansion, kind, kinds, members, top));
  expansion.spend(members[0]?.located, options.length);
  return options.length === 0 ? never : choice(options);
}

function expandKind(
  expansion: Expansion,
  kind: Kind,
  kinds: ReadonlySet<Kind>,
  members: readonly Member[],
  top: Located | undefined,
): readonly Node[] {
  const words = literalWords[expansion.notation];
  switch (kind) {
    case 'null':
      return [text(words.null)];
    case 'boolean':
      return [text(words.true), text(words.false)];
    case 'integer':
      // numbers are written with their fraction
      return kinds.has('fraction') ? [] : [expandNumber(expansion, members, 'integer')];
    case 'fraction':
      if (!kinds.has('integer') && members[0])
        expansion.report(members[0].located, 'type', 'a number that is no integer is not told from an integer');
      return [expandNumber(expansion, members, 'number')];
    case 'string':
      return [expandString(expansion, members)];
    case 'array':
      return [expandArray(expansion, members, top)];
    case 'object':
      return [expandObject(expansion, members, top)];
  }
}

function reportUnheld(expansion: Expansion, members: readonly Member[]): void {
  for (const { located, keywords } of members) {
    if (keywords.not && !isHeldByKinds(keywords.not.schema))
      expansion.report(located, 'not', 'a grammar says what is allowed, not what is not');
    if (keywords.condition) expansion.report(located, 'if', 'a condition on the rest of the value is not held');
  }
}
