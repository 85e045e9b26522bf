import type { ObjectCodec } from '../../dialects/dialect.ts';
import { choice, emptyText, repeat, sequence, text, until } from '../../grammars/build.ts';
import type { Node } from '../../grammars/ir.ts';
import type { JsonValue } from '../../protocol/json.ts';
import { listSpellings } from '../take-mark.ts';
import type { SchemaPart } from './argument-writing.ts';
import { joinMembers } from './join-members.ts';
import { listParameters, type ParameterList } from './parameter-list.ts';
import { freeKey } from './raw-text.ts';
import { type ShapedNotation, writeShaped } from './shaped-value.ts';
import type { ArgumentsPlace } from './write-arguments.ts';

/** `{a:<|"|>x<|"|>,n:42}` */
export function writeObject(codec: ObjectCodec, place: ArgumentsPlace): Node {
  const { writing, tool } = place;
  const part: SchemaPart = { schema: tool.parameters ?? true, document: tool.parameters, path: `/${tool.name}` };
  const list = listParameters(tool.parameters, tool.parameters, part.path);
  writing.unenforced.push(...list.unenforced);
  return new ObjectNotation(codec, place).writeObject(list, part);
}

const mostFreeDepth = 4;

class ObjectNotation implements ShapedNotation {
  readonly name = 'object';
  readonly #codec: ObjectCodec;
  readonly #place: ArgumentsPlace;

  constructor(codec: ObjectCodec, place: ArgumentsPlace) {
    this.#codec = codec;
    this.#place = place;
  }

  writeStrings(): Node {
    const { quote } = this.#codec;
    return sequence([text(quote), until([quote, ...listSpellings(this.#place.ends)]), text(quote)]);
  }

  writeMember(value: JsonValue): Node | undefined {
    const { quote } = this.#codec;
    if (typeof value === 'string') return value.includes(quote) ? undefined : text(quote + value + quote);
    return typeof value === 'object' && value !== null ? undefined : text(JSON.stringify(value));
  }

  writeObject({ parameters, free }: ParameterList, part: SchemaPart): Node {
    const { writing } = this.#place;
    if (free) return this.#writeFreeObject(writeShaped(writing, this, { ...part, schema: free.schema }));
    const members = parameters
      .filter(({ key }) => this.#isWritable(key, part.path))
      .map(({ key, schema, isRequired }) => {
        const value = writeShaped(writing, this, { ...part, schema, path: `${part.path}/properties/${key}` });
        return { node: writing.share('member', sequence([this.#writeKey(text(key), key), value])), isRequired };
      });
    return sequence([text('{'), joinMembers(members, text(','), (body) => writing.share('members', body)), text('}')]);
  }

  writeArray(item: Node, least: number, most: number | undefined): Node {
    return sequence([text('['), this.#writeList(this.#place.writing.share('item', item), least, most), text(']')]);
  }

  writeAny(depth = mostFreeDepth): Node {
    const { writing } = this.#place;
    return writing.shareByKey(`object any ${depth}`, 'any', () => {
      const scalars = [
        this.writeStrings(),
        writing.writeJson({ schema: { type: ['number', 'boolean', 'null'] }, document: undefined, path: '' }, () => true),
      ];
      if (depth === 0) return choice(scalars);
      const inner = this.writeAny(depth - 1);
      return choice([...scalars, this.#writeFreeObject(inner), sequence([text('['), this.#writeList(inner, 0, undefined), text(']')])]);
    });
  }

  #writeFreeObject(value: Node): Node {
    const member = sequence([this.#writeKey(freeKey), value]);
    return sequence([text('{'), this.#writeList(this.#place.writing.share('member', member), 0, undefined), text('}')]);
  }

  #writeList(item: Node, least: number, most: number | undefined): Node {
    if (most === 0) return emptyText;
    const others = repeat(sequence([text(','), item]), Math.max(0, least - 1), most === undefined ? undefined : most - 1);
    const list = sequence([item, others]);
    return least === 0 ? choice([list, emptyText]) : list;
  }

  #writeKey(key: Node, plain?: string): Node {
    if (this.#codec.keys === 'bare') return sequence([key, text(':')]);
    return plain === undefined ? sequence([text('"'), key, text('":')]) : text(`${JSON.stringify(plain)}:`);
  }

  #isWritable(key: string, path: string): boolean {
    const isWritable = this.#codec.keys === 'json' || (/^[\p{L}\p{N}_. -]+$/u.test(key) && key.trim() === key);
    if (!isWritable) this.#place.writing.report(`${path}/properties/${key}`, 'properties', 'the format cannot write this name');
    return isWritable;
  }
}
