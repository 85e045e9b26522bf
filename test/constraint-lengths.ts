import { type Grammar, type Node, readRegex } from 'rookery/grammars';

/** A JSON schema, in the words that the requests of these tests use. */
export interface Schema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly enum?: readonly string[];
  readonly anyOf?: readonly Schema[];
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly format?: string;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly multipleOf?: number;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly patternProperties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean;
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
}

const wordLengths: Readonly<Record<string, number>> = { boolean: 5, null: 4 };
const formatLengths: Readonly<Record<string, number>> = { date: 10, time: 24, 'date-time': 35 };
/** digits behind the point that the grammar lets a model write, with the point */
const fractionLength = 26;

/** Characters of the longest instance, written without white space and escapes; Infinity where it has no end. A `$ref` is a recursion here. */
export function longestJson(schema: Schema): number {
  const { anyOf, type = schema.enum === undefined ? 'any' : 'enum' } = schema;
  if (anyOf !== undefined) return Math.max(...anyOf.map(longestJson));
  if (schema.enum !== undefined) return Math.max(...schema.enum.map((value) => JSON.stringify(value).length));
  return Math.max(...[type].flat().map((each) => longestOfType(each, schema)));
}

function longestOfType(type: string, schema: Schema): number {
  switch (type) {
    case 'string':
      return 2 + longestString(schema);
    case 'integer':
      return longestWhole(schema);
    case 'number':
      return longestWhole(schema) + fractionLength;
    case 'array':
      return 2 + (schema.maxItems ?? Infinity) * (1 + longestJson(schema.items ?? {}));
    case 'object':
      return longestObject(schema);
    default:
      return wordLengths[type] ?? Infinity;
  }
}

function longestString({ pattern, format = '', maxLength = Infinity }: Schema): number {
  return Math.min(maxLength, formatLengths[format] ?? Infinity, pattern === undefined ? Infinity : longestMatch(pattern));
}

function longestWhole({ minimum, exclusiveMinimum = -Infinity, maximum = Infinity }: Schema): number {
  const bounds = [minimum ?? exclusiveMinimum, maximum];
  return bounds.every(Number.isFinite) ? Math.max(...bounds.map((bound) => String(bound).length)) : Infinity;
}

function longestObject({ properties = {}, additionalProperties, patternProperties }: Schema): number {
  if (additionalProperties !== false || patternProperties !== undefined) return Infinity;
  const members = Object.entries(properties).map(([key, value]) => JSON.stringify(key).length + 2 + longestJson(value));
  return 2 + members.reduce((sum, length) => sum + length, 0);
}

/** Characters of the longest text that a regular expression matches; Infinity where it has no end. */
export function longestMatch(pattern: string): number {
  const { grammar } = readRegex(pattern);
  return longestOf(grammar.root, grammar, new Set());
}

function longestOf(node: Node, grammar: Grammar, open: ReadonlySet<string>): number {
  const inside = (part: Node) => longestOf(part, grammar, open);
  switch (node.kind) {
    case 'text':
      return node.text.length;
    case 'chars':
      return 1;
    case 'sequence':
      return node.items.reduce((sum, item) => sum + inside(item), 0);
    case 'choice':
      return Math.max(...node.options.map(inside));
    case 'repeat':
      return inside(node.item) * (node.most ?? Infinity);
    case 'rule': {
      const body = grammar.rules.get(node.name);
      return body === undefined || open.has(node.name) ? Infinity : longestOf(body, grammar, new Set([...open, node.name]));
    }
    default:
      return Infinity;
  }
}
