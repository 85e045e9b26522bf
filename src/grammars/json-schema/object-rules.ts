import type { Expansion } from './expansion.ts';
import type { Member } from './flatten.ts';
import type { Located } from './schema-document.ts';
import { makeSchemaError } from './schema-error.ts';

/** Every name is looked up in every member. */
const mostCombinations = 1_000_000;
const mostNames = 4_000;

/** What all members together say of an object's names. */
export class ObjectRules {
  readonly members: readonly Member[];
  /** every name that a member lists or requires, in that order */
  readonly names: readonly string[];
  readonly required: ReadonlySet<string>;
  readonly #expansion: Expansion;
  readonly #top: Located | undefined;

  constructor(expansion: Expansion, members: readonly Member[], top: Located | undefined) {
    this.#expansion = expansion;
    this.#top = top;
    this.members = members;
    this.required = new Set(members.flatMap(({ keywords }) => keywords.object.required));
    this.names = [...new Set([...members.flatMap(({ keywords }) => [...keywords.object.properties.keys()]), ...this.required])];
    if (this.names.length > mostNames)
      throw makeSchemaError(members[0]?.located.pointer ?? '', `it names more than ${mostNames} properties`);
    if (this.names.length * members.length > mostCombinations) {
      throw makeSchemaError(
        members[0]?.located.pointer ?? '',
        `it has too many properties in too many schemas for the same value (over ${mostCombinations} pairs)`,
      );
    }
  }

  /** The schemas for a property's value; undefined where the name itself is not allowed. */
  schemasOf(name: string): readonly Located[] | undefined {
    const { validation } = this.#expansion;
    const isAllowed = this.members.every(({ keywords: { object } }) => !object.names || this.#expansion.validates(object.names, name));
    if (!isAllowed) return undefined;
    return this.collect((pattern) => validation.matches(pattern, name), name);
  }

  /** The schemas for a name that matches these patterns; `name` is that of a listed property. */
  collect(matches: (pattern: string) => boolean, name?: string): readonly Located[] {
    const schemas: Located[] = [];
    // a schema further in that has `unevaluatedProperties` has looked at every name
    let isEvaluated = this.members.some(({ located, keywords }) => located !== this.#top && keywords.object.unevaluated);
    for (const { keywords } of this.members) {
      const { properties, patterns, additional } = keywords.object;
      const own = name === undefined ? undefined : properties.get(name);
      const matching = [...(own ? [own] : []), ...[...patterns].filter(([pattern]) => matches(pattern)).map(([, schema]) => schema)];
      if (matching.length === 0 && additional) matching.push(additional);
      isEvaluated ||= matching.length > 0;
      schemas.push(...matching);
    }
    const unevaluated = this.#unevaluated();
    return isEvaluated || !unevaluated ? schemas : [unevaluated];
  }

  /** Whether the `unevaluatedProperties` of this schema are known and held. */
  holdsUnevaluated(located: Located): boolean {
    return (
      located === this.#top && this.members.every(({ keywords }) => !keywords.condition && keywords.object.dependentSchemas.size === 0)
    );
  }

  #unevaluated(): Located | undefined {
    const top = this.members.find(({ located }) => located === this.#top);
    return top && this.holdsUnevaluated(top.located) ? top.keywords.object.unevaluated : undefined;
  }

  /** Whether nothing is said of other names and the expansion takes that for a no. */
  get isClosed(): boolean {
    if (!this.#expansion.areObjectsClosed || this.names.length === 0) return false;
    return this.members.every(({ keywords: { object } }) => !object.additional && !object.unevaluated && object.patterns.size === 0);
  }
}
