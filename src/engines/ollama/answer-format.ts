import { readRegex } from '../../grammars/regex/read-regex.ts';
import { writeRegex } from '../../grammars/regex/write-regex.ts';
import type { Constraint } from '../../protocol/constraint.ts';
import { GatewayError } from '../../protocol/error.ts';
import { toLiteralJson } from '../../templates/conversation.ts';
import type { LiteralJson } from '../../text/literal-json.ts';
import { literalObject } from './literal-object.ts';

/** How the answer's text comes: as it is, as a JSON string, or with quotes around it and nothing escaped. */
export type Wrapping = 'none' | 'json-string' | 'quotes';

/** Ollama's word for a constraint. */
export interface AnswerFormat {
  readonly format: LiteralJson;
  readonly wrapping: Wrapping;
}

/**
 * Writes a constraint as Ollama's `format`. It knows JSON schemas only: choices become strings of an `enum`, patterns strings with a `pattern`, which come in
 * quotes. Source: Ollama 0.34.0 and llama.cpp b11434 (json-schema-to-grammar), tried by hand.
 */
export function writeFormat(constraint: Constraint): AnswerFormat {
  switch (constraint.kind) {
    case 'json-object':
      return { format: 'json', wrapping: 'none' };
    case 'json-schema':
      return { format: writeSchema(constraint.schema), wrapping: 'none' };
    case 'choice':
      return { format: literalObject({ type: 'string', enum: constraint.options }), wrapping: 'json-string' };
    case 'regex':
      return { format: literalObject({ type: 'string', pattern: `^(?:${writePattern(constraint.pattern)})$` }), wrapping: 'quotes' };
    default:
      throw new GatewayError('internal_error', `Ollama has no word for a ${constraint.kind}.`);
  }
}

/** A schema has to be an object there. */
function writeSchema(schema: Extract<Constraint, { readonly kind: 'json-schema' }>['schema']): LiteralJson {
  if (schema === true) return literalObject({});
  if (typeof schema === 'object' && schema !== null && !Array.isArray(schema)) return toLiteralJson(schema);
  throw new GatewayError('invalid_request', 'The schema allows nothing. Give a JSON schema that is an object.', {
    param: 'response_format',
  });
}

/**
 * The pattern in the few signs that llama.cpp reads: it ignores a pattern with `\d`, `\w` or `\p` in it, and keeps the letters of classes as they are for its own
 * grammar, which has other escapes. Throws `invalid_request` for a pattern that is no regular language.
 */
function writePattern(pattern: string): string {
  const plain = writeRegex(readRegex(pattern).grammar).replaceAll('[\\s\\S]', '[^\\x00]');
  return plain.replaceAll(/\[(?:\\.|[^\]\\])*\]|\\./gsu, (piece) => (piece.startsWith('[') ? spellClass(piece) : spellLetter(piece)));
}

/** A class keeps its `[`, `^`, `-` and `]`; letters of it that were escaped get a number. */
function spellClass(written: string): string {
  return written.replaceAll(/\\([^ux])/g, (_, letter: string) => `\\x${letter.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

/** `/` needs no escape there, and does not know one. */
function spellLetter(written: string): string {
  return written === '\\/' ? '/' : written;
}
