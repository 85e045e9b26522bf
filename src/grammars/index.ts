/**
 * `rookery/grammars`: what output is allowed, from JSON schemas, patterns, choices or a user's grammar, written in the notation of each engine.
 *
 * ```ts
 * import { expandJson, targets } from 'rookery/grammars';
 *
 * const { grammar } = expandJson({ kind: 'json', schema: { type: 'integer', minimum: 1 }, whitespace: 'none', notation: 'json' });
 * const { text, unenforced } = targets.gbnf.write(grammar); // for llama.cpp
 * ```
 */
export type { Grammar, JsonNode, Node, ReadGrammar, Unenforced, Whitespace } from './ir.ts';
export { expandJson } from './json-schema/expand-json.ts';
export { accepts, acceptsPrefix } from './match.ts';
export { matchesPattern } from './regex/match-pattern.ts';
export { type RegexOptions, readRegex } from './regex/read-regex.ts';
export { sample } from './sample.ts';
export { targets } from './targets/index.ts';
export type { TargetDefinition, WrittenGrammar } from './targets/target.ts';
export { readUserGrammar } from './user-grammar/read-user-grammar.ts';
export { type Failure, openValidator, validateJson } from './validate/validate-json.ts';
