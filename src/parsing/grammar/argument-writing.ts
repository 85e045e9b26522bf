import { readSchema } from '../../grammars/expand-grammar.ts';
import type { JsonNode, Node, Unenforced } from '../../grammars/ir.ts';
import { RuleBook } from '../../grammars/regex/rule-book.ts';
import { GatewayError } from '../../protocol/error.ts';
import type { JsonValue } from '../../protocol/json.ts';

/** The grammar of calls while it is written: its rules, and what of the schemas it does not hold. */
export class ArgumentWriting {
  readonly book = new RuleBook();
  readonly unenforced: Unenforced[] = [];
  readonly #shared = new Map<string | JsonNode, Node>();
  /** by what they say, so that equal schemas are written out once; undefined: it cannot be */
  readonly #written = new Map<string, JsonNode | undefined>();
  readonly #documents = new Map<JsonValue, number>();

  report(path: string, keyword: string, reason: string): void {
    this.unenforced.push({ path, keyword, reason });
  }

  /** A rule with this body, one for equal bodies; single letters and texts stay themselves. */
  share(wish: string, body: Node): Node {
    if (body.kind === 'rule' || body.kind === 'text' || (body.kind === 'sequence' && body.items.length === 0)) return body;
    // equal schemas are one node
    const key = body.kind === 'json' ? body : `body ${JSON.stringify(body)}`;
    return this.shareByKey(key, wish, () => body);
  }

  /** The rule of this key, written once; it may name itself. */
  shareByKey(key: string | JsonNode, wish: string, write: () => Node): Node {
    const known = this.#shared.get(key);
    if (known) return known;
    const rule = this.book.reserve(wish);
    this.#shared.set(key, rule);
    this.book.define(rule, write());
    return rule;
  }

  /**
   * The JSON of a schema; of what `reduce` gives where the schema cannot be written out, which is reported. Objects that name properties and say nothing of others have
   * no others: small models invent arguments.
   */
  writeJson(part: SchemaPart, reduce: () => JsonValue, notation: JsonNode['notation'] = 'json'): Node {
    const node = this.#expand(part, notation);
    if (node) return node;
    this.report(part.path, 'schema', 'it cannot be written out as a grammar');
    return makeNode({ schema: reduce(), document: undefined }, notation);
  }

  canExpand(part: Pick<SchemaPart, 'schema' | 'document'>): boolean {
    return this.#expand(part, 'json') !== undefined;
  }

  #expand({ schema, document }: Pick<SchemaPart, 'schema' | 'document'>, notation: JsonNode['notation']): JsonNode | undefined {
    const written = JSON.stringify(schema);
    // the document matters to references only
    const owner = holdsReference(written) ? document : undefined;
    const key = `${notation} ${owner === undefined ? '' : this.#numberOf(owner)} ${written}`;
    if (!this.#written.has(key)) this.#written.set(key, tryExpand(makeNode({ schema, document: owner }, notation)));
    return this.#written.get(key);
  }

  #numberOf(document: JsonValue): number {
    const known = this.#documents.get(document) ?? this.#documents.size;
    this.#documents.set(document, known);
    return known;
  }
}

/** Whether a written schema names a part of its document. */
export function holdsReference(written: string): boolean {
  return written.includes('"$ref"') || written.includes('"$dynamicRef"');
}

function makeNode({ schema, document }: Pick<SchemaPart, 'schema' | 'document'>, notation: JsonNode['notation']): JsonNode {
  const owner = document === undefined ? {} : { document };
  return { kind: 'json', schema, ...owner, whitespace: 'one-space', notation, areObjectsClosed: true };
}

/** A schema, where it stands, and the document its references point into. */
export interface SchemaPart {
  readonly schema: JsonValue;
  readonly document: JsonValue | undefined;
  /** JSON pointer, the tool's name first */
  readonly path: string;
}

function tryExpand(node: JsonNode): JsonNode | undefined {
  try {
    readSchema(node);
    return node;
  } catch (error) {
    if (error instanceof GatewayError) return undefined;
    throw error;
  }
}
