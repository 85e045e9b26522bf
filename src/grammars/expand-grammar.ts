import { childrenOf, mapChildren } from './build.ts';
import { embedGrammar } from './embed-grammar.ts';
import type { Grammar, JsonNode, Node, ReadGrammar, RuleNode, Unenforced } from './ir.ts';
import { expandJson } from './json-schema/expand-json.ts';
import { RuleBook } from './regex/rule-book.ts';
import { shareRules } from './share-rules.ts';

/**
 * Writes the JSON schemas of a grammar out, for targets that take none: each schema once, equal rules shared.
 * Throws `invalid_request` for a schema that cannot be written out.
 */
export function expandGrammar(grammar: Grammar): ReadGrammar {
  if (!hasJson(grammar)) return { grammar, unenforced: [] };
  const expansion = new GrammarExpansion(grammar);
  return { grammar: shareRules(expansion.grammar), unenforced: expansion.unenforced };
}

class GrammarExpansion {
  readonly grammar: Grammar;
  readonly unenforced: Unenforced[] = [];
  readonly #book = new RuleBook();
  readonly #schemas = new Map<string, Node>();
  readonly #nodes = new Map<JsonNode, Node>();
  readonly #renamed: ReadonlyMap<string, RuleNode>;

  constructor({ root, rules }: Grammar) {
    this.#renamed = new Map([...rules.keys()].map((name) => [name, this.#book.reserve(name)]));
    for (const [name, body] of rules) this.#book.define(this.#renamed.get(name) ?? this.#book.reserve(name), this.#expand(body));
    this.grammar = { root: this.#expand(root), rules: this.#book.rules };
  }

  #expand(node: Node): Node {
    if (node.kind === 'rule') return this.#renamed.get(node.name) ?? node;
    return node.kind === 'json' ? this.#expandSchema(node) : mapChildren(node, (child) => this.#expand(child));
  }

  #expandSchema(node: JsonNode): Node {
    const known = this.#nodes.get(node);
    if (known) return known;
    const made = this.#expandText(node);
    this.#nodes.set(node, made);
    return made;
  }

  #expandText(node: JsonNode): Node {
    const { schema, document = null, whitespace, notation, areObjectsClosed = false } = node;
    const key = JSON.stringify([schema, document, whitespace, notation, areObjectsClosed]);
    let made = this.#schemas.get(key);
    if (!made) {
      const read = readSchema(node);
      this.unenforced.push(...read.unenforced);
      this.#schemas.set(key, (made = embedGrammar(this.#book, read.grammar)));
    }
    return made;
  }
}

const read = new WeakMap<JsonNode, ReadGrammar>();

/** One schema written out; the same node gives the same grammar. Throws `invalid_request` as `expandJson` does. */
export function readSchema(node: JsonNode): ReadGrammar {
  let grammar = read.get(node);
  if (!grammar) read.set(node, (grammar = expandJson(node)));
  return grammar;
}

function hasJson({ root, rules }: Grammar): boolean {
  return [root, ...rules.values()].some(holdsJson);
}

function holdsJson(node: Node): boolean {
  return node.kind === 'json' || childrenOf(node).some(holdsJson);
}
