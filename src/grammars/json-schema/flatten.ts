import type { Keywords } from './keywords.ts';
import type { Located, SchemaDocument } from './schema-document.ts';
import { makeSchemaError } from './schema-error.ts';

/** Schemas that all apply to one value, with their references and `allOf` followed. */
export interface Flat {
  /** those that say something of their own, each once */
  readonly members: readonly Member[];
  /** of each group one option applies, too */
  readonly groups: readonly Group[];
  readonly isNever: boolean;
}

export interface Member {
  readonly located: Located;
  readonly keywords: Keywords;
}

/** The options of an `anyOf` or `oneOf`. */
export interface Group {
  readonly kind: 'anyOf' | 'oneOf';
  readonly owner: Located;
  readonly options: readonly Located[];
  /** the schemas that led here without a step into the value: to come back to one of them is a circle */
  readonly path: ReadonlySet<Located>;
}

/** No schema. */
const emptyFlat: Flat = { members: [], groups: [], isNever: false };

const longestPath = 100;

/** Adds schemas that apply to the same value. Throws `invalid_request` if one comes back to itself. */
export function flatten(
  document: SchemaDocument,
  list: readonly Located[],
  before: Flat = emptyFlat,
  path: ReadonlySet<Located> = new Set(),
): Flat {
  const flattening = new Flattening(document, before);
  for (const located of list) flattening.add(located, path);
  return { members: [...flattening.members.values()], groups: flattening.groups, isNever: flattening.isNever };
}

class Flattening {
  readonly members: Map<Located, Member>;
  readonly groups: Group[];
  isNever: boolean;
  readonly #document: SchemaDocument;
  readonly #seen = new Set<Located>();

  constructor(document: SchemaDocument, before: Flat) {
    this.#document = document;
    this.members = new Map(before.members.map((member) => [member.located, member]));
    this.groups = [...before.groups];
    this.isNever = before.isNever;
  }

  add(located: Located, path: ReadonlySet<Located>): void {
    if (path.has(located)) throw makeSchemaError(located.pointer, 'it applies itself to the same value without end (a cyclic $ref)');
    if (path.size > longestPath) throw makeSchemaError(located.pointer, `more than ${longestPath} references in a row`);
    if (this.#seen.has(located)) return;
    this.#seen.add(located);
    const keywords = this.#document.keywordsOf(located);
    const extended = new Set(path).add(located);
    if (keywords.isNever) this.isNever = true;
    // a schema that was met in another branch has told what it says, but not its groups
    if (saysSomething(keywords)) this.members.set(located, { located, keywords });
    this.#addGroup('anyOf', keywords.anyOf, located, extended);
    this.#addGroup('oneOf', keywords.oneOf, located, extended);
    const { reference, dynamicReference } = keywords;
    if (reference !== undefined) this.add(this.#document.resolve(located, reference), extended);
    if (dynamicReference !== undefined) this.add(this.#document.resolveDynamic(located, dynamicReference), extended);
    for (const part of keywords.allOf) this.add(part, extended);
  }

  #addGroup(kind: Group['kind'], options: readonly Located[] | undefined, owner: Located, path: ReadonlySet<Located>): void {
    const [only] = options ?? [];
    if (!options || !only) return;
    if (options.length === 1) this.add(only, path);
    else this.groups.push({ kind, owner, options, path });
  }
}

/** Whether a schema has a keyword that is not about other schemas for the same value. */
function saysSomething({ types, values, not, condition, object, array, string, number }: Keywords): boolean {
  if (types || values.length > 0 || not || condition) return true;
  return [object, array, string, number].some((keywords) =>
    Object.values(keywords).some((value) => {
      if (value instanceof Map) return value.size > 0;
      return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== false;
    }),
  );
}

/** A schema that only names another one. */
export function isOnlyReference(keywords: Keywords): boolean {
  const { reference, dynamicReference, allOf, anyOf, oneOf, isNever } = keywords;
  const isAlone = dynamicReference === undefined && allOf.length === 0 && !anyOf && !oneOf && !isNever;
  return reference !== undefined && isAlone && !saysSomething(keywords);
}

/** A schema that other schemas for the same value are part of. */
export function isCombined({ reference, dynamicReference, allOf, anyOf, oneOf }: Keywords): boolean {
  return reference !== undefined || dynamicReference !== undefined || allOf.length > 0 || anyOf !== undefined || oneOf !== undefined;
}

/** A schema that allows every value. */
export function isOpen(keywords: Keywords): boolean {
  return !keywords.isNever && !isCombined(keywords) && !saysSomething(keywords);
}
