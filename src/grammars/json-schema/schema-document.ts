import type { JsonObject, JsonValue } from '../../protocol/json.ts';
import { type Keywords, readKeywords } from './keywords.ts';
import { extendPointer, makeSchemaError } from './schema-error.ts';
import { checkSchemaSize } from './schema-size.ts';

/** A schema and where it stands. The same schema is always the same object, so these can be keys. */
export interface Located {
  readonly schema: JsonObject | boolean;
  /** JSON pointer into the document */
  readonly pointer: string;
  /** what its references are read against */
  readonly resource: Resource;
  /** tells it from the document's other schemas */
  readonly serial: number;
}

/** A schema with an address of its own (`$id`), or the document. */
interface Resource {
  readonly uri: string;
  readonly root: JsonValue;
  readonly pointer: string;
}

const ownUri = 'rookery:/schema';

/** A document with schemas in it: finds parts and what references name. Refuses what is too deep or large with `invalid_request`. */
export class SchemaDocument {
  readonly #located = new Map<JsonObject | string, Located>();
  readonly #keywords = new Map<Located, Keywords>();
  readonly #main: Resource;
  #named: ReadonlyMap<string, Located> | undefined;
  readonly #roots: Located[] = [];

  constructor(document: JsonValue) {
    checkSchemaSize(document);
    this.#main = { uri: ownUri, root: document, pointer: '' };
  }

  /** A schema of the document's owner: the document itself, or one that was taken out of it. */
  enter(schema: JsonValue): Located {
    if (schema !== this.#main.root) checkSchemaSize(schema);
    const located = this.locate(schema, '', this.#main);
    this.#roots.push(located);
    return located;
  }

  /** The schema at a place. Throws `invalid_request` if it is none. */
  locate(schema: JsonValue, pointer: string, resource: Resource): Located {
    if (typeof schema === 'boolean') return this.#intern(`${schema} ${pointer}`, { schema, pointer, resource, serial: this.#located.size });
    if (!isObject(schema)) throw makeSchemaError(pointer, 'a schema is an object or a boolean');
    const known = this.#located.get(schema);
    return (
      known ?? this.#intern(schema, { schema, pointer, resource: enterResource(schema, pointer, resource), serial: this.#located.size })
    );
  }

  #intern(key: JsonObject | string, located: Located): Located {
    const known = this.#located.get(key);
    if (known) return known;
    this.#located.set(key, located);
    return located;
  }

  /** The keywords of a schema, checked and with its parts located. */
  keywordsOf(located: Located): Keywords {
    const known = this.#keywords.get(located);
    if (known) return known;
    const keywords = readKeywords(located, (schema, ...steps) =>
      this.locate(schema, extendPointer(located.pointer, ...steps), located.resource),
    );
    this.#keywords.set(located, keywords);
    return keywords;
  }

  /** What a `$ref` of the schema names. Throws `invalid_request` if that is not in the document: nothing is fetched. */
  resolve(located: Located, reference: string): Located {
    const target = this.#find(located, reference);
    if (!target) throw makeSchemaError(located.pointer, `$ref ${JSON.stringify(reference)} names nothing in it (nothing is fetched)`);
    return target;
  }

  /**
   * What a `$dynamicRef` of the schema names: as `$ref`, where only one schema has the anchor. Else what is meant depends on how one came there,
   * which is refused with `invalid_request`.
   */
  resolveDynamic(located: Located, reference: string): Located {
    const target = this.resolve(located, reference);
    const anchor = this.keywordsOf(target).dynamicAnchor;
    if (anchor === undefined || !reference.endsWith(`#${anchor}`)) return target;
    const owners = [...new Set((this.#named ?? new Map()).values())].filter((owner) => this.keywordsOf(owner).dynamicAnchor === anchor);
    if (owners.length === 1) return target;
    throw makeSchemaError(located.pointer, `$dynamicRef ${JSON.stringify(reference)} may mean ${owners.length} schemas (use $ref)`);
  }

  #find({ resource }: Located, reference: string): Located | undefined {
    if (reference === '#') return this.#findPointer(resource, '');
    if (reference.startsWith('#/')) return this.#findPointer(resource, reference.slice(1));
    const uri = resolveUri(reference, resource.uri);
    if (uri === undefined) return undefined;
    this.#named ??= this.#listNamed();
    const [address = '', fragment = ''] = uri.split('#', 2);
    const named = this.#named.get(fragment === '' ? address : uri);
    if (named || !fragment.startsWith('/')) return named;
    const owner = this.#named.get(address);
    return owner && this.#findPointer(owner.resource, fragment);
  }

  #findPointer(resource: Resource, written: string): Located | undefined {
    const pointer = decodeFragment(written);
    let value: JsonValue = resource.root;
    let owner = resource;
    let place = resource.pointer;
    for (const step of pointer.split('/').slice(1)) {
      const name = step.replaceAll('~1', '/').replaceAll('~0', '~');
      if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
      if (isObject(value)) owner = enterResource(value, place, owner);
      value = (value as JsonObject)[name] ?? null;
      place = extendPointer(place, name);
    }
    return this.locate(value, place, owner);
  }

  /** Schemas by their `$id` and `$anchor`, resolved. */
  #listNamed(): ReadonlyMap<string, Located> {
    const named = new Map<string, Located>();
    const open = isObject(this.#main.root) ? [this.locate(this.#main.root, '', this.#main), ...this.#roots] : [...this.#roots];
    named.set(ownUri, open[0] ?? this.locate(true, '', this.#main));
    const seen = new Set<Located>();
    for (let located = open.pop(); located; located = open.pop()) {
      if (seen.has(located)) continue;
      seen.add(located);
      const { anchors, parts, isResource } = this.keywordsOf(located);
      if (isResource) named.set(located.resource.uri, located);
      for (const anchor of anchors) named.set(`${located.resource.uri}#${anchor}`, located);
      open.push(...parts);
    }
    return named;
  }
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function enterResource(schema: JsonObject, pointer: string, resource: Resource): Resource {
  const id = Object.hasOwn(schema, '$id') ? schema.$id : undefined;
  if (typeof id !== 'string' || id.startsWith('#') || (schema === resource.root && resource.uri !== ownUri)) return resource;
  const uri = resolveUri(id, resource.uri)?.split('#', 1)[0];
  return uri === undefined ? resource : { uri, root: schema, pointer };
}

function resolveUri(reference: string, base: string): string | undefined {
  try {
    return new URL(reference, base).href;
  } catch {
    return undefined;
  }
}

function decodeFragment(written: string): string {
  try {
    return decodeURIComponent(written);
  } catch {
    return written;
  }
}
