import type { JsonValue } from '../../protocol/json.ts';
import { sequence, text } from '../build.ts';
import type { Node } from '../ir.ts';
import { isArray } from './keyword-values.ts';
import type { Punctuation } from './punctuation.ts';

/** The words of JSON and of Python for the same values. */
export const literalWords = {
  json: { true: 'true', false: 'false', null: 'null' },
  python: { true: 'True', false: 'False', null: 'None' },
} as const;

/** One value as it is written: names in their order, numbers as `JSON.stringify` writes them. */
export function writeLiteral(value: JsonValue, punctuation: Punctuation, notation: 'json' | 'python'): Node {
  const write = (part: JsonValue) => writeLiteral(part, punctuation, notation);
  if (typeof value === 'string') return punctuation.quoteText(value);
  if (value === null) return text(literalWords[notation].null);
  if (typeof value === 'boolean') return text(literalWords[notation][value ? 'true' : 'false']);
  if (typeof value === 'number') return text(JSON.stringify(value));
  if (isArray(value)) return punctuation.enclose('[', joinParts(value.map(write), punctuation.comma), ']');
  const members = Object.entries(value).map(([name, member]) => sequence([punctuation.quoteText(name), punctuation.colon, write(member)]));
  return punctuation.enclose('{', joinParts(members, punctuation.comma), '}');
}

function joinParts(parts: readonly Node[], separator: Node): Node | undefined {
  return parts.length === 0 ? undefined : sequence(parts.flatMap((part, index) => (index === 0 ? [part] : [separator, part])));
}
