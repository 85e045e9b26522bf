import type { Constraint } from '../../protocol/constraint.ts';
import { GatewayError } from '../../protocol/error.ts';
import type { JsonObject, JsonValue } from '../../protocol/json.ts';
import {
  type Decoder,
  flag,
  isObject,
  join,
  json,
  list,
  object,
  optional,
  refuseOthers,
  required,
  text,
  word,
  wrongValue,
} from './decoder.ts';

/** Fields of a body that `readConstraint` decodes: OpenAI's, vLLM's and vLLM's older ones. */
export const constraintFields: readonly string[] = [
  'response_format',
  'structured_outputs',
  'guided_json',
  'guided_regex',
  'guided_choice',
  'guided_grammar',
];

const mostPatternChars = 64 * 1024;
const structuredKinds = ['json', 'json_object', 'regex', 'choice', 'grammar', 'structural_tag'] as const;

/** What the answer's text must be; undefined: anything. Throws `invalid_request` when several fields say it. */
export function readConstraint(body: JsonObject): Constraint | undefined {
  const found: { readonly name: string; readonly constraint: Constraint }[] = [];
  for (const name of constraintFields) {
    const decoder = decoders[name];
    const constraint = decoder && optional(body, name, decoder);
    if (constraint !== undefined) found.push({ name, constraint });
  }
  const [first, second] = found;
  if (second !== undefined) {
    throw new GatewayError('invalid_request', `\`${first?.name}\` and \`${second.name}\` both constrain the answer. Send one of them.`, {
      param: second.name,
    });
  }
  return first?.constraint;
}

const schema: Decoder<Constraint> = (value, path) => ({ kind: 'json-schema', schema: schemaValue(value, path), strict: true });
const regex: Decoder<Constraint> = (value, path) => ({ kind: 'regex', pattern: text(1, mostPatternChars)(value, path) });
const choice: Decoder<Constraint> = (value, path) => ({ kind: 'choice', options: list(text(1), 1, 4096)(value, path) });
const grammar: Decoder<Constraint> = (value, path) => ({ kind: 'grammar', grammar: text(1, mostPatternChars)(value, path) });
const tag: Decoder<Constraint> = (value, path) => ({ kind: 'structural-tag', tag: schemaValue(value, path) });

const responseFormat: Decoder<Constraint | undefined> = (value, path) => {
  const from = object(value, path);
  const type = required(from, 'type', word('text', 'json_object', 'json_schema', 'structural_tag'), path);
  if (type === 'text') return undefined;
  if (type === 'json_object') return { kind: 'json-object' };
  if (type === 'structural_tag') return { kind: 'structural-tag', tag: json()(from, path) };
  const inside = join(path, 'json_schema');
  const named = required(from, 'json_schema', object, path);
  refuseOthers(named, new Set(['name', 'description', 'schema', 'strict']), inside);
  const strict = optional(named, 'strict', flag, inside) ?? false;
  return { kind: 'json-schema', schema: optional(named, 'schema', schemaValue, inside) ?? {}, strict };
};

const structured: Decoder<Constraint | undefined> = (value, path) => {
  const from = object(value, path);
  refuseOthers(from, new Set(structuredKinds), path);
  const kinds = structuredKinds.filter((kind) => from[kind] !== undefined && from[kind] !== null && from[kind] !== false);
  const [kind] = kinds;
  if (kind === undefined || kinds.length > 1) throw wrongValue(path, `an object with one of ${structuredKinds.join(', ')}`, value);
  if (kind === 'json_object') return { kind: 'json-object' };
  const decoder = { json: schema, regex, choice, grammar, structural_tag: tag }[kind];
  return required(from, kind, decoder, path);
};

const decoders: Readonly<Record<string, Decoder<Constraint | undefined>>> = {
  response_format: responseFormat,
  structured_outputs: structured,
  guided_json: schema,
  guided_regex: regex,
  guided_choice: choice,
  guided_grammar: grammar,
};

/** A schema, as an object or (as some clients send it) as the JSON text of one. */
function schemaValue(value: JsonValue, path: string): JsonValue {
  const parsed = typeof value === 'string' ? parse(value, path) : value;
  if (!isObject(parsed) && typeof parsed !== 'boolean') throw wrongValue(path, 'a JSON object', value);
  return json()(parsed, path);
}

function parse(source: string, path: string): JsonValue {
  try {
    return JSON.parse(source) as JsonValue;
  } catch {
    throw wrongValue(path, 'a JSON object, or the text of one', source);
  }
}
