import type { Member } from './flatten.ts';
import type { TypeName } from './keywords.ts';

/** Values by how they are written: integers, and numbers that are none. */
export type Kind = 'null' | 'boolean' | 'integer' | 'fraction' | 'string' | 'array' | 'object';

const allKinds: readonly Kind[] = ['null', 'boolean', 'integer', 'fraction', 'string', 'array', 'object'];

/** The kinds of value that all members allow by their `type`, and by a `not` that says nothing but a `type`. */
export function listKinds(members: readonly Member[]): ReadonlySet<Kind> {
  const kinds = new Set(allKinds);
  for (const { keywords } of members) {
    const allowed = keywords.types && kindsOf(keywords.types);
    const excluded = excludedTypes(keywords.not?.schema);
    for (const kind of allKinds) if ((allowed && !allowed.has(kind)) || excluded?.has(kind)) kinds.delete(kind);
  }
  return kinds;
}

/** Whether the kinds say all that a `not` says. */
export function isHeldByKinds(not: unknown): boolean {
  return excludedTypes(not) !== undefined;
}

function kindsOf(types: readonly TypeName[]): ReadonlySet<Kind> {
  return new Set(types.flatMap((type): readonly Kind[] => (type === 'number' ? ['integer', 'fraction'] : [type])));
}

function excludedTypes(not: unknown): ReadonlySet<Kind> | undefined {
  if (typeof not === 'boolean') return new Set(not ? allKinds : []);
  if (typeof not !== 'object' || not === null) return undefined;
  const names = Object.keys(not);
  if (names.length === 0) return new Set(allKinds);
  if (names.length !== 1 || !('type' in not)) return undefined;
  const types: readonly unknown[] = Array.isArray(not.type) ? not.type : [not.type];
  return kindsOf(types as readonly TypeName[]);
}
