import { GatewayError } from '../../protocol/error.ts';
import type { JsonObject, JsonValue } from '../../protocol/json.ts';
import type { Grammar, Node } from '../ir.ts';
import { closeObjects } from '../json-schema/close-objects.ts';
import { defineTarget } from './target.ts';

/** A JSON schema, for engines that take nothing else: a grammar that is one JSON text, or a choice of texts (as an `enum` of strings). */
export default defineTarget({
  about: 'Ollama and cloud services. Holds JSON by a schema and choices (which the answer then has in quotes), and nothing else.',
  write(grammar) {
    return { text: JSON.stringify(writeSchema(grammar, grammar.root)), unenforced: [], tokens: [] };
  },
});

function writeSchema(grammar: Grammar, node: Node): JsonValue {
  if (node.kind === 'rule') return writeSchema(grammar, ruleOf(grammar, node.name));
  if (node.kind === 'json') {
    const closed = node.areObjectsClosed === true ? closeObjects(node.schema) : undefined;
    return withDefinitions(closed ?? node.schema, node.document);
  }
  if (node.kind === 'text') return { type: 'string', enum: [node.text] };
  if (node.kind !== 'choice') throw refuse();
  const texts = node.options.map((option) => (option.kind === 'text' ? option.text : undefined));
  if (!texts.includes(undefined)) return { type: 'string', enum: texts.filter((text) => text !== undefined) };
  return { anyOf: node.options.map((option) => writeSchema(grammar, option)) };
}

/** A rule's body. A rule that is nothing but a rule is followed no further than there are rules. */
function ruleOf(grammar: Grammar, name: string): Node {
  let node = grammar.rules.get(name);
  for (let left = grammar.rules.size; node?.kind === 'rule' && left > 0; left--) node = grammar.rules.get(node.name);
  if (!node || node.kind === 'rule') throw refuse();
  return node;
}

/** What references of a schema within a document point at comes along. */
function withDefinitions(schema: JsonValue, document: JsonValue | undefined): JsonValue {
  if (document === schema || !isObject(schema) || !isObject(document)) return schema;
  const kept = Object.entries(document).filter(([key]) => key === '$defs' || key === 'definitions');
  return { ...Object.fromEntries(kept), ...schema };
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function refuse(): GatewayError {
  return new GatewayError(
    'invalid_request',
    'This engine takes JSON schemas only: a regular expression, a grammar or a tool-call format is enforced by another engine.',
  );
}
