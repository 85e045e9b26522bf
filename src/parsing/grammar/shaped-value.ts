import { choice } from '../../grammars/build.ts';
import type { Node } from '../../grammars/ir.ts';
import type { JsonObject, JsonValue } from '../../protocol/json.ts';
import type { ArgumentWriting, SchemaPart } from './argument-writing.ts';
import { followReference, isList, isObject, listParameters, type ParameterList, viewOf } from './parameter-list.ts';

/** A notation that writes objects, arrays and strings in its own way, and everything else as JSON. */
export interface ShapedNotation {
  readonly name: string;
  /** strings that the schema allows, without looking at their letters */
  writeStrings(): Node;
  /** undefined: the notation cannot write it */
  writeMember(value: JsonValue): Node | undefined;
  writeObject(list: ParameterList, part: SchemaPart): Node;
  writeArray(item: Node, least: number, most: number | undefined): Node;
  /** any value, where the schema says nothing */
  writeAny(): Node;
}

const letterKeywords = ['minLength', 'maxLength', 'pattern', 'format'];
const arrayKeywords = ['uniqueItems', 'contains', 'prefixItems'];
const combined = ['not', 'if'];

/** The values of a schema in a notation of its own; references become rules, so that schemas may name themselves. */
export function writeShaped(writing: ArgumentWriting, notation: ShapedNotation, part: SchemaPart): Node {
  const { schema, document, path } = part;
  if (!isObject(schema)) return notation.writeAny();
  if (typeof schema.$ref === 'string') {
    const { $ref } = schema;
    const target = followReference(document, $ref);
    if (target === undefined || target === schema) return notation.writeAny();
    const key = `${notation.name} ${$ref} ${JSON.stringify(document)}`;
    return writing.shareByKey(key, 'value', () => writeShaped(writing, notation, { ...part, schema: target }));
  }
  for (const keyword of combined) if (Object.hasOwn(schema, keyword)) writing.report(path, keyword, 'not in this notation');
  const listed = Object.hasOwn(schema, 'const') ? [schema.const ?? null] : isList(schema.enum) ? schema.enum : undefined;
  if (listed) return writeListed(writing, notation, { part, listed });
  const branches = [schema.anyOf, schema.oneOf].find(isList);
  if (branches) return choice(branches.map((branch) => writeShaped(writing, notation, { ...part, schema: branch })));
  return writeByType(writing, notation, { part, schema });
}

function writeListed(
  writing: ArgumentWriting,
  notation: ShapedNotation,
  { part, listed }: { readonly part: SchemaPart; readonly listed: readonly JsonValue[] },
): Node {
  const written = listed.map((value) => notation.writeMember(value)).filter((node) => node !== undefined);
  if (written.length < listed.length) writing.report(part.path, 'enum', 'a value cannot be written in this notation');
  return written.length > 0 ? choice(written) : notation.writeAny();
}

function writeByType(
  writing: ArgumentWriting,
  notation: ShapedNotation,
  { part, schema }: { readonly part: SchemaPart; readonly schema: JsonObject },
): Node {
  const { document, path } = part;
  const { types } = viewOf(schema, document);
  if (types.size === 0) return notation.writeAny();
  const options: Node[] = [];
  const scalars = [...types].filter((type) => type !== 'string' && type !== 'object' && type !== 'array');
  if (types.has('string')) {
    reportAll(writing, part, letterKeywords);
    options.push(notation.writeStrings());
  }
  if (types.has('object')) {
    const list = listParameters(schema, document, path);
    writing.unenforced.push(...list.unenforced);
    options.push(notation.writeObject(list, part));
  }
  if (types.has('array')) options.push(writeItems(writing, notation, { part, schema }));
  if (scalars.length > 0) {
    const narrow: JsonValue = { type: [...scalars] };
    options.push(writing.writeJson({ ...part, schema: { allOf: [schema, narrow] } }, () => narrow));
  }
  return choice(options);
}

function writeItems(
  writing: ArgumentWriting,
  notation: ShapedNotation,
  { part, schema }: { readonly part: SchemaPart; readonly schema: JsonObject },
): Node {
  reportAll(writing, part, arrayKeywords);
  const item = writeShaped(writing, notation, { ...part, schema: schema.items ?? true, path: `${part.path}/items` });
  const { minItems, maxItems } = schema;
  return notation.writeArray(item, typeof minItems === 'number' ? minItems : 0, typeof maxItems === 'number' ? maxItems : undefined);
}

function reportAll(writing: ArgumentWriting, { schema, path }: SchemaPart, keywords: readonly string[]): void {
  if (!isObject(schema)) return;
  for (const keyword of keywords) if (Object.hasOwn(schema, keyword)) writing.report(path, keyword, 'not held in this notation');
}
