import type { ArgsCodec, JsonCodec, KwargsCodec, Mark, PairsCodec, TaggedCodec } from '../../dialects/dialect.ts';
import { choice, emptyText, optional, repeat, sequence, text } from '../../grammars/build.ts';
import type { Node } from '../../grammars/ir.ts';
import type { JsonValue } from '../../protocol/json.ts';
import type { Tool } from '../../protocol/message.ts';
import { mostNameChars } from '../char-class.ts';
import { anyValue, textOnly } from '../schema-view.ts';
import { listSpellings, spellMark } from '../take-mark.ts';
import { type ArgumentWriting, holdsReference, type SchemaPart } from './argument-writing.ts';
import { joinMembers } from './join-members.ts';
import { writeMark } from './mark-node.ts';
import { isObject, listParameters, type Parameter, type ParameterList } from './parameter-list.ts';
import { freeKey, type RawPlace, writeRawValue, writeTyped } from './raw-text.ts';
import { writeElements } from './write-elements.ts';
import { writeObject } from './write-object.ts';

/** A tool whose arguments are written. */
export interface ArgumentsPlace {
  readonly writing: ArgumentWriting;
  readonly tool: Tool;
  /** special tokens that end a call or a region: raw text must not hold them, as text such a mark may stand in a value */
  readonly ends: readonly Mark[];
}

/** A tool's arguments in a codec's notation. */
export function writeArguments(codec: ArgsCodec, place: ArgumentsPlace): Node {
  switch (codec.codec) {
    case 'json':
      return writeJsonArguments(codec, place);
    case 'tagged':
      return writeTagged(codec, place);
    case 'pairs':
      return writePairs(codec, place);
    case 'kwargs':
      return writeKwargs(codec, place);
    case 'object':
      return writeObject(codec, place);
    case 'elements':
      return writeElements(codec, place);
    default:
      return codec satisfies never;
  }
}

/** The JSON object of a tool's arguments. */
export function writeJsonObject({ writing, tool }: ArgumentsPlace): Node {
  const { parameters } = tool;
  const schema: JsonValue = isObject(parameters)
    ? { ...parameters, ...(parameters.type === undefined ? { type: 'object' } : {}) }
    : { type: 'object' };
  return writing.writeJson({ schema, document: undefined, path: `/${tool.name}` }, () => reduceSchema(writing, tool));
}

/** A schema of which only what can be written out is left: each property by itself, else its types, else anything. */
function reduceSchema(writing: ArgumentWriting, { name, parameters }: Tool): JsonValue {
  const list = listParameters(parameters, parameters, `/${name}`);
  const properties = list.parameters.map(({ key, schema, view }): [string, JsonValue] => {
    // a reference would point into another document here
    if (!holdsReference(JSON.stringify(schema)) && writing.canExpand({ schema, document: undefined })) return [key, schema];
    return [key, view.types.size > 0 ? { type: [...view.types] } : true];
  });
  const required = list.parameters.filter(({ isRequired }) => isRequired).map(({ key }) => key);
  return { type: 'object', properties: Object.fromEntries(properties), required };
}

function writeJsonArguments({ fence }: JsonCodec, place: ArgumentsPlace): Node {
  const json = writeJsonObject(place);
  return fence ? sequence([writeMark(fence.open), json, writeMark(fence.close)]) : json;
}

/** Where the value of a parameter stands in its tool's schema. */
export function partOf({ tool }: ArgumentsPlace, { key, schema }: Parameter): SchemaPart {
  return { schema, document: tool.parameters, path: `/${tool.name}/properties/${key}` };
}

/** The declared parameters whose keys the notation can write; a required one that it cannot write is reported. */
function listWritable(place: ArgumentsPlace, isWritable: (key: string) => boolean): Pick<ParameterList, 'parameters' | 'free'> {
  const { writing, tool } = place;
  const { parameters, free, unenforced } = listParameters(tool.parameters, tool.parameters, `/${tool.name}`);
  writing.unenforced.push(...unenforced);
  for (const { key } of parameters.filter((parameter) => !isWritable(parameter.key))) {
    writing.report(`/${tool.name}/properties/${key}`, 'properties', 'the format cannot write this name');
  }
  return { parameters: parameters.filter(({ key }) => isWritable(key)), free };
}

/** `<parameter=a>1</parameter>` */
function writeTagged(codec: TaggedCodec, place: ArgumentsPlace): Node {
  const { writing } = place;
  const suffix = spellMark(codec.open).split('{key}')[1]?.trimEnd() ?? '';
  const { parameters, free } = listWritable(place, (key) => isPlainKey(key) && !key.includes(suffix.charAt(0)));
  const delimiters = listSpellings([codec.close, ...place.ends]);
  const close = sequence([text(codec.pad?.trail ?? ''), writeMark(codec.close)]);
  const element = (key: Node, type: string, value: Node) =>
    sequence([writeOpen(codec.open, key, type), text(codec.pad?.lead ?? ''), value, close]);
  const members = parameters.map((parameter) => {
    const raw: RawPlace = { ...partOf(place, parameter), view: parameter.view, delimiters };
    const options = listTypings(codec, writing, raw).map(([type, value]) => element(text(parameter.key), type, value));
    return { node: choice(options), isRequired: parameter.isRequired };
  });
  if (free) {
    // what no schema describes is text for the parser, unless its opener names a type
    const view = codec.typing !== 'schema' && free.view === textOnly ? anyValue : free.view;
    const raw: RawPlace = { schema: free.schema, document: place.tool.parameters, path: `/${place.tool.name}`, view, delimiters };
    const options = listTypings(codec, writing, raw).map(([type, value]) => element(freeKey, type, value));
    return repeat(writing.share('parameter', choice(options)), 0, undefined);
  }
  return sequence(members.map(({ node, isRequired }) => (isRequired ? node : optional(node))));
}

function writeOpen(open: Mark, key: Node, type: string): Node {
  const [before = '', behind = ''] = spellMark(open)
    .replace('{type}', () => type)
    .split('{key}');
  return sequence([text(before), key, text(behind)]);
}

function textType({ typing }: TaggedCodec): string {
  return typing === 'schema' ? '' : (typing.textWhen[0] ?? 'string');
}

/** What a value's opener may say of its type, each with the values it then has. */
function listTypings(codec: TaggedCodec, writing: ArgumentWriting, raw: RawPlace): readonly (readonly [type: string, value: Node])[] {
  const { typing } = codec;
  if (typing === 'schema') return [['', writeRawValue(writing, raw)]];
  const types = raw.view.types.size > 0 ? [...raw.view.types] : (['string', 'object', 'array', 'number', 'boolean', 'null'] as const);
  const others = types.filter((type) => type !== 'string');
  const texts = types.length === others.length ? [] : [[textType(codec), writeRawValue(writing, { ...raw, view: textOnly })] as const];
  if (typing.attribute === 'string') return others.length === 0 ? texts : [...texts, ['false', writeTyped(writing, raw, others)] as const];
  return [...texts, ...others.map((type) => [type === 'integer' ? 'number' : type, writeTyped(writing, raw, [type])] as const)];
}

/** `<arg_key>a</arg_key><arg_value>1</arg_value>` */
function writePairs(codec: PairsCodec, place: ArgumentsPlace): Node {
  const { writing } = place;
  const [keyOpen, keyClose] = codec.key;
  const [valueOpen, valueClose] = codec.value;
  const first = spellMark(keyClose).charAt(0);
  const { parameters, free } = listWritable(place, (key) => isPlainKey(key) && !key.includes(first));
  const delimiters = listSpellings([valueClose, ...(codec.yieldTo ?? []), ...place.ends]);
  const pair = (key: Node, value: Node) =>
    sequence([writeMark(keyOpen), key, writeMark(keyClose), writeMark(valueOpen), value, writeMark(valueClose)]);
  if (free) {
    const raw: RawPlace = {
      schema: free.schema,
      document: place.tool.parameters,
      path: `/${place.tool.name}`,
      view: free.view,
      delimiters,
    };
    return repeat(writing.share('parameter', pair(freeKey, writeRawValue(writing, raw))), 0, undefined);
  }
  return sequence(
    parameters.map((parameter) => {
      const written = pair(text(parameter.key), writeRawValue(writing, { ...partOf(place, parameter), view: parameter.view, delimiters }));
      return parameter.isRequired ? written : optional(written);
    }),
  );
}

/** `(a='x', n=2)` */
function writeKwargs({ literals }: KwargsCodec, place: ArgumentsPlace): Node {
  const { writing } = place;
  const notation = literals === 'json' ? 'json' : 'python';
  const { parameters, free } = listWritable(place, (key) => /^[\p{L}_][\p{L}\p{N}_]*$/u.test(key));
  const value = (parameter: Parameter) => {
    const { types } = parameter.view;
    return writing.writeJson(partOf(place, parameter), () => (types.size > 0 ? { type: [...types] } : true), notation);
  };
  const members = parameters.map((parameter) => ({
    node: writing.share('argument', sequence([text(`${parameter.key}=`), value(parameter)])),
    isRequired: parameter.isRequired,
  }));
  if (!free) return sequence([text('('), joinMembers(members, text(', '), (body) => writing.share('arguments', body)), text(')')]);
  const freeValue = writing.writeJson(
    { schema: free.schema, document: place.tool.parameters, path: `/${place.tool.name}` },
    () => true,
    notation,
  );
  const member = writing.share('argument', sequence([freeKey, text('='), freeValue]));
  const list = sequence([member, repeat(sequence([text(', '), member]), 0, undefined)]);
  return sequence([text('('), choice([list, emptyText]), text(')')]);
}

function isPlainKey(key: string): boolean {
  return key !== '' && key.trim() === key && !key.includes('\n') && key.length <= mostNameChars;
}
