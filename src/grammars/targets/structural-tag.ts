import type { JsonObject, JsonValue } from '../../protocol/json.ts';
import { childrenOf } from '../build.ts';
import { checkGrammar } from '../check-grammar.ts';
import type { Grammar, JsonNode, Node, Unenforced } from '../ir.ts';
import { closeObjects } from '../json-schema/close-objects.ts';
import { listTokens } from '../list-tokens.ts';
import { keepUsed, listNames } from '../share-rules.ts';
import ebnf from './ebnf.ts';
import { defineTarget } from './target.ts';

/**
 * xgrammar's structural tag. Texts, texts up to a delimiter and schemas are said in its own words, so that it can prepare them once; everything else is EBNF inside.
 * A schema with keywords that it leaves out (`multipleOf`, `uniqueItems`, `contains`, `patternProperties`, `propertyNames`) or reads otherwise is written out by us.
 * Source: xgrammar 0.2.8, `structural_tag.py`.
 */
export default defineTarget({
  about: 'vLLM and SGLang through xgrammar. Holds every grammar: what has no word there is EBNF inside.',
  write(grammar) {
    checkGrammar(grammar);
    const writing = new TagWriting(grammar);
    const text = JSON.stringify({ type: 'structural_tag', format: writing.write(grammar.root) });
    return { text, unenforced: writing.unenforced, tokens: listTokens(grammar) };
  },
});

/** Formats of one tag; over that the rest is EBNF. */
const mostFormats = 5_000;

class TagWriting {
  readonly unenforced: Unenforced[] = [];
  readonly #rules: ReadonlyMap<string, Node>;
  /** rules that hold a schema somewhere, and are in no circle */
  readonly #open: ReadonlySet<string>;
  #formats = 0;

  constructor({ rules }: Grammar) {
    this.#rules = rules;
    this.#open = listOpenRules(rules);
  }

  write(node: Node): JsonObject {
    this.#formats++;
    if (node.kind === 'text') return { type: 'const_string', value: node.text };
    if (node.kind === 'token') return { type: 'const_string', value: node.spelling };
    if (node.kind === 'until') return { type: 'any_text', excludes: node.delimiters };
    if (node.kind === 'json') return isForXgrammar(node) ? writeSchema(node) : this.#writeGrammar(node);
    if (this.#formats > mostFormats || !this.#isOpen(node)) return this.#writeGrammar(node);
    switch (node.kind) {
      case 'rule':
        return this.write(this.#rules.get(node.name) ?? node);
      case 'sequence':
        return { type: 'sequence', elements: node.items.map((item) => this.write(item)) };
      case 'choice':
        return { type: 'or', elements: node.options.map((option) => this.write(option)) };
      case 'repeat':
        return this.#writeRepeat(node);
      default:
        return this.#writeGrammar(node);
    }
  }

  #writeRepeat(node: Extract<Node, { kind: 'repeat' }>): JsonObject {
    const { item, least, most } = node;
    if (least === 0 && most === 1) return { type: 'optional', content: this.write(item) };
    if (most === undefined && least <= 1) return { type: least === 0 ? 'star' : 'plus', content: this.write(item) };
    return most === undefined ? this.#writeGrammar(node) : { type: 'repeat', min: least, max: most, content: this.write(item) };
  }

  #writeGrammar(node: Node): JsonObject {
    const { text, unenforced } = ebnf.write({ root: node, rules: keepUsed(node, this.#rules) });
    this.unenforced.push(...unenforced);
    return { type: 'grammar', grammar: text };
  }

  /** Whether a schema that xgrammar takes stands in it, or a text up to a delimiter. */
  #isOpen(node: Node): boolean {
    if (node.kind === 'rule') return this.#open.has(node.name);
    return node.kind === 'until' || (node.kind === 'json' && isForXgrammar(node)) || childrenOf(node).some((child) => this.#isOpen(child));
  }
}

function writeSchema(node: JsonNode): JsonObject {
  const { whitespace } = node;
  const schema = schemaFor(node) ?? true;
  const most = whitespace === 'none' ? 0 : whitespace === 'one-space' ? 1 : 20;
  return { type: 'json_schema', json_schema: schema, style: 'json', max_whitespace_cnt: most };
}

const readOtherwise = new Set([
  ...['multipleOf', 'uniqueItems', 'contains', 'patternProperties', 'propertyNames', 'format', 'pattern', 'oneOf', 'allOf', 'not', 'if'],
  ...[
    '$ref',
    '$dynamicRef',
    // a bounded string allows no escapes there
    'minLength',
    'maxLength',
    'minProperties',
    'maxProperties',
    'dependentRequired',
    'unevaluatedProperties',
    'unevaluatedItems',
    'nullable',
  ],
]);

/** Whether xgrammar reads a schema as we do. */
function isForXgrammar(node: JsonNode): boolean {
  const { schema, notation } = node;
  if (notation !== 'json' || typeof schema !== 'object' || schema === null || namesAny(schema, readOtherwise)) return false;
  return schemaFor(node) !== undefined;
}

function schemaFor({ schema, areObjectsClosed }: JsonNode): JsonValue | undefined {
  return areObjectsClosed === true ? closeObjects(schema) : schema;
}

function namesAny(value: JsonValue, names: ReadonlySet<string>): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([name, part]) => names.has(name) || namesAny(part as JsonValue, names));
}

/** Rules that may be put in where they are named: those that hold a schema or a text up to a delimiter, and do not come back to themselves. */
function listOpenRules(rules: ReadonlyMap<string, Node>): ReadonlySet<string> {
  const open = new Set<string>();
  const closed = new Set<string>();
  const visit = (name: string, path: ReadonlySet<string>): boolean => {
    if (open.has(name)) return true;
    if (closed.has(name) || path.has(name)) return false;
    const body = rules.get(name);
    const inside = new Set([...path, name]);
    const named = body ? [...listNames(body)] : [];
    const comesBack = named.some((other) => inside.has(other));
    const isOpen = body !== undefined && !comesBack && (holdsOpen(body) || named.some((other) => visit(other, inside)));
    (isOpen ? open : closed).add(name);
    return isOpen;
  };
  for (const name of rules.keys()) visit(name, new Set());
  // a rule that reaches one of a circle is put in; the circle itself is EBNF
  return open;
}

function holdsOpen(node: Node): boolean {
  return node.kind === 'until' || (node.kind === 'json' && isForXgrammar(node)) || childrenOf(node).some(holdsOpen);
}
