import type { JsonNode, ReadGrammar } from '../ir.ts';
import { expandSchema } from './expand-schema.ts';
import { Expansion } from './expansion.ts';
import { pruneGrammar } from './prune-grammar.ts';
import { SchemaDocument } from './schema-document.ts';

/**
 * The JSON texts that a schema allows, as a grammar: listed properties in their order, then required ones that are not listed, then others; white space and literals as the node says.
 * Draft 2020-12 and what older drafts and OpenAPI write otherwise. What a grammar can't hold is in `unenforced`; the grammar then allows more, never less.
 * Numbers have at most 21 digits before and 25 behind the point; between bounds no exponent, and beside an excluded bound fifteen digits in all. Where the schema says nothing, values nest at most twelve deep.
 * Throws `invalid_request` for a schema that is wrong, that no value fits, that applies itself to the same value without end, or that is too large; its cost is bounded.
 */
export function expandJson(node: JsonNode): ReadGrammar {
  const document = new SchemaDocument(node.document ?? node.schema);
  const expansion = new Expansion(node, document);
  const root = expandSchema(expansion, [document.enter(node.schema)]);
  expansion.finish();
  return { grammar: pruneGrammar({ root, rules: expansion.rules.rules }), unenforced: expansion.unenforced };
}
