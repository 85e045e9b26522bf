import type { JsonValue } from '../../protocol/json.ts';
import { isArray, KeywordValues, type Locate } from './keyword-values.ts';
import type { Located } from './schema-document.ts';

/** The types that JSON schema knows. */
export type TypeName = 'null' | 'boolean' | 'integer' | 'number' | 'string' | 'array' | 'object';

/** What a schema says, read once: draft 2020-12, and what older drafts and OpenAPI say otherwise (`definitions`, lists in `items`, `dependencies`, boolean `exclusiveMinimum`, `nullable`). */
export interface Keywords {
  readonly isNever: boolean;
  readonly reference: string | undefined;
  readonly dynamicReference: string | undefined;
  readonly types: readonly TypeName[] | undefined;
  /** of `enum` and `const`: the values that both allow are for the reader to find */
  readonly values: readonly (readonly JsonValue[])[];
  readonly allOf: readonly Located[];
  readonly anyOf: readonly Located[] | undefined;
  readonly oneOf: readonly Located[] | undefined;
  readonly not: Located | undefined;
  readonly condition: { readonly test: Located; readonly met: Located | undefined; readonly unmet: Located | undefined } | undefined;
  readonly object: ObjectKeywords;
  readonly array: ArrayKeywords;
  readonly string: StringKeywords;
  readonly number: NumberKeywords;
  readonly anchors: readonly string[];
  readonly dynamicAnchor: string | undefined;
  readonly isResource: boolean;
  /** every schema in it */
  readonly parts: readonly Located[];
}

export interface ObjectKeywords {
  readonly properties: ReadonlyMap<string, Located>;
  readonly patterns: ReadonlyMap<string, Located>;
  readonly additional: Located | undefined;
  readonly unevaluated: Located | undefined;
  readonly names: Located | undefined;
  readonly required: readonly string[];
  readonly least: number | undefined;
  readonly most: number | undefined;
  readonly dependentRequired: ReadonlyMap<string, readonly string[]>;
  readonly dependentSchemas: ReadonlyMap<string, Located>;
}

export interface ArrayKeywords {
  readonly prefix: readonly Located[];
  readonly items: Located | undefined;
  readonly unevaluated: Located | undefined;
  readonly contains: Located | undefined;
  readonly leastContained: number | undefined;
  readonly mostContained: number | undefined;
  readonly least: number | undefined;
  readonly most: number | undefined;
  readonly areUnique: boolean;
}

export interface StringKeywords {
  readonly least: number | undefined;
  readonly most: number | undefined;
  readonly pattern: string | undefined;
  readonly format: string | undefined;
}

export interface NumberKeywords {
  readonly least: number | undefined;
  readonly isLeastExcluded: boolean;
  readonly most: number | undefined;
  readonly isMostExcluded: boolean;
  readonly multipleOf: number | undefined;
}

const typeNames: readonly string[] = ['null', 'boolean', 'integer', 'number', 'string', 'array', 'object'] satisfies readonly TypeName[];

/** Reads a schema's keywords. Unknown ones are annotations; a known one with a value of the wrong form is refused with `invalid_request`. */
export function readKeywords({ schema, pointer }: Located, locate: Locate): Keywords {
  const own = typeof schema === 'boolean' ? {} : schema;
  const values = new KeywordValues(own, pointer, locate);
  const object = readObject(values);
  const array = readArray(values);
  const rest = {
    allOf: values.schemas('allOf'),
    anyOf: readOptions(values, 'anyOf'),
    oneOf: readOptions(values, 'oneOf'),
    not: values.schema('not'),
    condition: readCondition(values),
  };
  const dynamicAnchor = values.text('$dynamicAnchor');
  const anchors = [values.text('$anchor'), dynamicAnchor].filter((anchor) => anchor !== undefined);
  return {
    isNever: schema === false,
    reference: values.text('$ref'),
    dynamicReference: values.text('$dynamicRef'),
    types: readTypes(values),
    values: readValues(values),
    ...rest,
    object,
    array,
    string: readString(values),
    number: readNumber(values),
    anchors,
    dynamicAnchor,
    isResource: values.get('$id') !== undefined,
    parts: listParts(values, object, array, rest),
  };
}

function readTypes(values: KeywordValues): readonly TypeName[] | undefined {
  const written = values.get('type');
  if (written === undefined) return undefined;
  const list = isArray(written) ? written : [written];
  for (const type of list)
    if (typeof type !== 'string' || !typeNames.includes(type)) throw values.refuse('type', `one of ${typeNames.join(', ')}`);
  const types = list as readonly TypeName[];
  return values.get('nullable') === true ? [...types, 'null'] : types;
}

function readValues(values: KeywordValues): readonly (readonly JsonValue[])[] {
  const listed = values.values('enum');
  const only = values.get('const');
  return [...(listed ? [listed] : []), ...(only === undefined ? [] : [[only]])];
}

function readOptions(values: KeywordValues, keyword: string): readonly Located[] | undefined {
  if (values.get(keyword) === undefined) return undefined;
  const options = values.schemas(keyword);
  if (options.length === 0) throw values.refuse(keyword, 'at least one schema');
  return options;
}

function readCondition(values: KeywordValues): Keywords['condition'] {
  const test = values.schema('if');
  return test && { test, met: values.schema('then'), unmet: values.schema('else') };
}

function readObject(values: KeywordValues): ObjectKeywords {
  const isSchema = (value: JsonValue) => !isArray(value);
  return {
    properties: values.schemaMap('properties'),
    patterns: values.schemaMap('patternProperties'),
    additional: values.schema('additionalProperties'),
    unevaluated: values.schema('unevaluatedProperties'),
    names: values.schema('propertyNames'),
    required: values.texts('required'),
    least: values.count('minProperties'),
    most: values.count('maxProperties'),
    dependentRequired: join(values.textsMap('dependencies', isArray), values.textsMap('dependentRequired')),
    dependentSchemas: join(values.schemaMap('dependencies', isSchema), values.schemaMap('dependentSchemas')),
  };
}

function join<Value>(older: ReadonlyMap<string, Value>, newer: ReadonlyMap<string, Value>): ReadonlyMap<string, Value> {
  return older.size === 0 ? newer : new Map([...older, ...newer]);
}

function readArray(values: KeywordValues): ArrayKeywords {
  const isOlderTuple = isArray(values.get('items') ?? null);
  return {
    prefix: isOlderTuple ? values.schemas('items') : values.schemas('prefixItems'),
    items: isOlderTuple ? values.schema('additionalItems') : values.schema('items'),
    unevaluated: values.schema('unevaluatedItems'),
    contains: values.schema('contains'),
    leastContained: values.count('minContains'),
    mostContained: values.count('maxContains'),
    least: values.count('minItems'),
    most: values.count('maxItems'),
    areUnique: values.get('uniqueItems') === true,
  };
}

function readString(values: KeywordValues): StringKeywords {
  return {
    least: values.count('minLength'),
    most: values.count('maxLength'),
    pattern: values.text('pattern'),
    format: values.text('format'),
  };
}

function readNumber(values: KeywordValues): NumberKeywords {
  const least = readBound(values, 'minimum', 'exclusiveMinimum', Math.max);
  const most = readBound(values, 'maximum', 'exclusiveMaximum', Math.min);
  const multipleOf = values.number('multipleOf');
  if (multipleOf !== undefined && multipleOf <= 0) throw values.refuse('multipleOf', 'a number over 0');
  return { least: least.bound, isLeastExcluded: least.isExcluded, most: most.bound, isMostExcluded: most.isExcluded, multipleOf };
}

/** Of both bounds the tighter one. Draft 4's `exclusiveMinimum: true` belongs to `minimum`. */
function readBound(values: KeywordValues, keyword: string, exclusiveKeyword: string, tighter: (a: number, b: number) => number) {
  const bound = values.number(keyword);
  const isOlder = typeof values.get(exclusiveKeyword) === 'boolean';
  if (isOlder) return { bound, isExcluded: values.get(exclusiveKeyword) === true };
  const excluded = values.number(exclusiveKeyword);
  if (bound === undefined || excluded === undefined) return { bound: bound ?? excluded, isExcluded: excluded !== undefined };
  return { bound: tighter(bound, excluded), isExcluded: tighter(bound, excluded) === excluded };
}

function listParts(
  values: KeywordValues,
  object: ObjectKeywords,
  array: ArrayKeywords,
  rest: Pick<Keywords, 'allOf' | 'anyOf' | 'oneOf' | 'not'>,
): readonly Located[] {
  const parts: Located[] = [];
  const maps = [object.properties, object.patterns, object.dependentSchemas, values.schemaMap('$defs'), values.schemaMap('definitions')];
  for (const map of maps) for (const part of map.values()) parts.push(part);
  // `then` and `else` say nothing without `if`, but may be named
  const branches = [values.schema('if'), values.schema('then'), values.schema('else')];
  const single = [object.additional, object.unevaluated, object.names, array.items, array.unevaluated, array.contains, rest.not];
  for (const part of [...single, ...branches]) if (part) parts.push(part);
  for (const list of [array.prefix, rest.allOf, rest.anyOf ?? [], rest.oneOf ?? []]) for (const part of list) parts.push(part);
  return parts;
}
