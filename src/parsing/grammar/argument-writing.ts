import { readSchema } from '../../grammars/expand-grammar.ts';
import type { JsonNode, Node, Unenforced } from '../../grammars/ir.ts';
import { RuleBook } from '../../grammars/regex/rule-book.ts';
import { GatewayError } from '../../protocol/error.ts';
import type { JsonValue } from '../../protocol/json.ts';

/** The grammar of calls while it is written: its rules, and what of the schemas it does not hold. */
export class ArgumentWriting {
  readonly book = new RuleBook();
  readonly unenforced: Unenforced[] = [];
  readonly #shared = new Map<string, Node>();
  readonly #isExpandable = new Map<string, boolean>();

  report(path: string, keyword: string, reason: string): void {
    this.unenforced.push({ path, keyword, reason });
  }

  /** A rule with this body, one for equal bodies; single letters and texts stay themselves. */
  share(wish: string, body: Node): Node {
    if (body.kind === 'rule' || body.kind === 'text' || (body.kind === 'sequence' && body.items.length === 0)) return body;
    return this.shareByKey(`body ${JSON.stringify(body)}`, wish, () => body);
  }

  /** The rule of this key, written once; it may name itself. */
  shareByKey(key: string, wish: string, write: () => Node): Node {
    const known = this.#shared.get(key);
    if (known) return known;
    const rule = this.book.reserve(wish);
    this.#shared.set(key, rule);
    this.book.define(rule, write());
    return rule;
  }

  /** The JSON of a schema; `fallback` where the schema cannot be written out, which is reported. */
  writeJson(part: SchemaPart, fallback: JsonValue, notation: JsonNode['notation'] = 'json'): Node {
    const { schema, document, path } = part;
    const node: JsonNode = { kind: 'json', schema, ...(document === undefined ? {} : { document }), whitespace: 'one-space', notation };
    if (this.canExpand(node)) return node;
    this.report(path, 'schema', 'it cannot be written out as a grammar');
    return { kind: 'json', schema: fallback, whitespace: 'one-space', notation };
  }

  canExpand(node: JsonNode): boolean {
    const key = JSON.stringify([node.schema, node.document ?? null]);
    let isExpandable = this.#isExpandable.get(key);
    if (isExpandable === undefined) this.#isExpandable.set(key, (isExpandable = expands(node)));
    return isExpandable;
  }
}

/** A schema, where it stands, and the document its references point into. */
export interface SchemaPart {
  readonly schema: JsonValue;
  readonly document: JsonValue | undefined;
  /** JSON pointer, the tool's name first */
  readonly path: string;
}

function expands(node: JsonNode): boolean {
  try {
    readSchema(node);
    return true;
  } catch (error) {
    if (error instanceof GatewayError) return false;
    throw error;
  }
}
