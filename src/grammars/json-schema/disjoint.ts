import type { JsonValue } from '../../protocol/json.ts';
import { writeSorted } from '../validate/json-equality.ts';
import type { Expansion } from './expansion.ts';
import { type Flat, flatten } from './flatten.ts';
import { type Kind, listKinds } from './kinds.ts';
import type { Located } from './schema-document.ts';

const mostOptions = 60;

interface Option {
  readonly located: Located;
  readonly flat: Flat;
  readonly kinds: ReadonlySet<Kind>;
  readonly values: readonly JsonValue[] | undefined;
}

/** Whether it can be seen that no value matches two of the options: by their types, their values, or a property they require that tells them apart. */
export function areDisjoint(expansion: Expansion, located: readonly Located[]): boolean {
  if (located.length > mostOptions) return false;
  const options = located.map((option) => readOption(expansion, option));
  return options.every((left, index) => options.slice(index + 1).every((right) => arePairDisjoint(expansion, left, right)));
}

function readOption(expansion: Expansion, located: Located): Option {
  const flat = flatten(expansion.document, [located]);
  expansion.spend(located);
  return { located, flat, kinds: listKinds(flat.members), values: flat.members.flatMap(({ keywords }) => keywords.values)[0] };
}

function arePairDisjoint(expansion: Expansion, left: Option, right: Option): boolean {
  if (left.flat.isNever || right.flat.isNever) return true;
  if (left.values)
    return left.values.every((value) => !expansion.validates(left.located, value) || !expansion.validates(right.located, value));
  if (right.values) return arePairDisjoint(expansion, right, left);
  const shared = [...left.kinds].filter((kind) => right.kinds.has(kind));
  return shared.length === 0 || (shared.every((kind) => kind === 'object') && areObjectsDisjoint(left, right));
}

function areObjectsDisjoint(left: Option, right: Option): boolean {
  const leftNames = listRequired(left.flat);
  const rightNames = listRequired(right.flat);
  if ([...leftNames].some((name) => isForbidden(right.flat, name)) || [...rightNames].some((name) => isForbidden(left.flat, name)))
    return true;
  return [...leftNames].some((name) => {
    if (!rightNames.has(name)) return false;
    const known = new Set(listPropertyValues(left.flat, name)?.map(writeSorted));
    const other = listPropertyValues(right.flat, name)?.map(writeSorted);
    return known.size > 0 && other?.every((value) => !known.has(value)) === true;
  });
}

function listRequired({ members }: Flat): ReadonlySet<string> {
  return new Set(members.flatMap(({ keywords }) => keywords.object.required));
}

/** Names that a member neither lists nor allows. */
function isForbidden({ members }: Flat, name: string): boolean {
  return members.some(({ keywords: { object } }) => {
    const own = object.properties.get(name);
    return own ? own.schema === false : object.additional?.schema === false && object.patterns.size === 0;
  });
}

/** The values that a property may have, if one schema lists them. */
function listPropertyValues({ members }: Flat, name: string): readonly JsonValue[] | undefined {
  for (const { keywords } of members) {
    const schema = keywords.object.properties.get(name)?.schema;
    if (typeof schema !== 'object') continue;
    if (Array.isArray(schema.enum)) return schema.enum as readonly JsonValue[];
    if (schema.const !== undefined) return [schema.const];
  }
  return undefined;
}
