import { chars, choice, repeat, sequence, text, until } from '../../grammars/build.ts';
import type { Node } from '../../grammars/ir.ts';
import { writeUntil } from '../../grammars/lowering/write-until.ts';
import type { Range } from '../../grammars/regex/ranges.ts';
import type { JsonValue } from '../../protocol/json.ts';
import type { SchemaView, ValueType } from '../schema-view.ts';
import type { ArgumentWriting, SchemaPart } from './argument-writing.ts';
import { followReference, isList, isObject } from './parameter-list.ts';

/** A value that is written as raw text up to a delimiter. */
export interface RawPlace extends SchemaPart {
  readonly view: SchemaView;
  readonly delimiters: readonly string[];
}

const containers: readonly ValueType[] = ['object', 'array'];
const nonStrings: readonly ValueType[] = ['object', 'array', 'number', 'boolean', 'null'];
const stringKeywords = ['minLength', 'maxLength', 'pattern', 'format'];

/** Texts that the parser reads as a value of the schema: text where the schema allows strings, JSON for everything else. */
export function writeRawValue(writing: ArgumentWriting, place: RawPlace): Node {
  const { view, path, delimiters } = place;
  const { types } = view;
  const isText = types.size === 1 && types.has('string');
  const members = listMembers(place.schema, place.document, 0)?.filter((member) => !isText || typeof member === 'string');
  if (members) return writeMembers(writing, place, members);
  if (types.size === 0) return choice([writeTyped(writing, place, nonStrings), writeText(writing, delimiters, '{["')]);
  if (!types.has('string')) return writeTyped(writing, place, [...types]);
  for (const keyword of findStringKeywords(place)) writing.report(path, keyword, 'raw text is not checked while it is written');
  const inside = containers.filter((type) => types.has(type));
  const begins = inside.map((type) => (type === 'object' ? '{' : '[')).join('');
  const plain = writeText(writing, delimiters, begins);
  return inside.length === 0 ? plain : choice([writeTyped(writing, place, inside), plain]);
}

/** JSON of these types that the schema allows. */
export function writeTyped(writing: ArgumentWriting, { schema, document, path, view }: RawPlace, types: readonly ValueType[]): Node {
  const isAll = view.types.size === types.length && types.every((type) => view.types.has(type));
  const narrow: JsonValue = types.length === 1 ? { type: types[0] ?? 'null' } : { type: [...types] };
  return writing.writeJson({ schema: isAll ? schema : { allOf: [schema, narrow] }, document: document ?? schema, path }, () => narrow);
}

/** Text up to the delimiters. `begins`: letters it may not begin with, blanks before them included: the parser would take it for JSON. */
export function writeText(writing: ArgumentWriting, delimiters: readonly string[], begins = ''): Node {
  if (begins === '') return until(delimiters);
  const key = `text ${begins} ${JSON.stringify(delimiters)}`;
  return writing.shareByKey(key, 'text', () => {
    const letters = Array.from(`${begins} \t\n\r`, (letter): Range => [letter.charCodeAt(0), letter.charCodeAt(0)]);
    return writeUntil(until(delimiters), writing.book, { without: letters });
  });
}

function writeMembers(writing: ArgumentWriting, { path, delimiters }: RawPlace, members: readonly JsonValue[]): Node {
  const spelled = members.map((member) => (typeof member === 'string' ? member : JSON.stringify(member)));
  const kept = spelled.filter((member) => !delimiters.some((delimiter) => member.includes(delimiter)));
  if (kept.length === spelled.length && kept.length > 0) return choice(kept.map(text));
  writing.report(path, 'enum', 'a value holds the mark that ends it');
  return kept.length > 0 ? choice(kept.map(text)) : until(delimiters);
}

/** The only values of a schema, where it lists them. */
function listMembers(schema: JsonValue, document: JsonValue | undefined, depth: number): readonly JsonValue[] | undefined {
  if (!isObject(schema) || depth > 8) return undefined;
  if (Object.hasOwn(schema, 'const')) return [schema.const ?? null];
  if (isList(schema.enum)) return schema.enum;
  if (typeof schema.$ref === 'string') return listMembers(followReference(document, schema.$ref) ?? true, document, depth + 1);
  const branches = [schema.anyOf, schema.oneOf].find(isList);
  const lists = branches?.map((branch) => listMembers(branch, document, depth + 1));
  if (!lists || lists.includes(undefined)) return undefined;
  return lists.flatMap((list) => list ?? []);
}

function findStringKeywords({ schema, document }: RawPlace): readonly string[] {
  const found = new Set<string>();
  const waiting: JsonValue[] = [schema];
  for (let steps = 0; steps < 64; steps++) {
    const node = waiting.pop();
    if (node === undefined) break;
    if (!isObject(node)) continue;
    for (const keyword of stringKeywords) if (Object.hasOwn(node, keyword)) found.add(keyword);
    for (const branches of [node.anyOf, node.oneOf, node.allOf]) if (isList(branches)) waiting.push(...branches);
    const target = typeof node.$ref === 'string' ? followReference(document, node.$ref) : undefined;
    if (target !== undefined) waiting.push(target);
  }
  return [...found];
}

const letter: readonly Range[] = [
  [65, 90],
  [95, 95],
  [97, 122],
];

/** A key that no schema declares: `[A-Za-z_][A-Za-z0-9_]{0,31}`. */
export const freeKey: Node = sequence([chars(letter), repeat(chars([...letter, [48, 57]]), 0, 31)]);
