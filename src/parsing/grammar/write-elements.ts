import type { ElementsCodec } from '../../dialects/dialect.ts';
import { choice, optional, repeat, sequence, text, until } from '../../grammars/build.ts';
import type { Node } from '../../grammars/ir.ts';
import type { JsonValue } from '../../protocol/json.ts';
import { listSpellings } from '../take-mark.ts';
import type { SchemaPart } from './argument-writing.ts';
import { listParameters, type ParameterList } from './parameter-list.ts';
import { freeKey } from './raw-text.ts';
import { type ShapedNotation, writeShaped } from './shaped-value.ts';
import type { ArgumentsPlace } from './write-arguments.ts';

/** `<a>1</a><list><item>2</item></list>` */
export function writeElements(codec: ElementsCodec, place: ArgumentsPlace): Node {
  const { writing, tool } = place;
  const part: SchemaPart = { schema: tool.parameters ?? true, document: tool.parameters, path: `/${tool.name}` };
  const list = listParameters(tool.parameters, tool.parameters, part.path);
  writing.unenforced.push(...list.unenforced);
  return new ElementNotation(codec, place).writeMembers(list, part);
}

const mostFreeDepth = 4;

class ElementNotation implements ShapedNotation {
  readonly name = 'elements';
  readonly #codec: ElementsCodec;
  readonly #place: ArgumentsPlace;
  readonly #delimiters: readonly string[];

  constructor(codec: ElementsCodec, place: ArgumentsPlace) {
    this.#codec = codec;
    this.#place = place;
    const prefixes = [codec.open, codec.close].map((mark) => mark.split('{key}')[0] ?? mark);
    this.#delimiters = listSpellings([...prefixes, ...place.ends]);
  }

  writeStrings(): Node {
    return until(this.#delimiters);
  }

  writeMember(value: JsonValue): Node | undefined {
    if (typeof value === 'object' && value !== null) return undefined;
    const written = typeof value === 'string' ? value : JSON.stringify(value);
    return this.#delimiters.some((delimiter) => written.includes(delimiter)) ? undefined : text(written);
  }

  /** An object needs a member: without one it reads as empty text. */
  writeObject(list: ParameterList, part: SchemaPart): Node {
    if (!list.free && list.parameters.every(({ isRequired }) => !isRequired)) {
      const [first] = list.parameters;
      if (!first) return this.writeAny();
      const others = list.parameters.filter((parameter) => parameter !== first);
      const withFirst = this.writeMembers({ ...list, parameters: [{ ...first, isRequired: true }, ...others] }, part);
      return others.length === 0 ? withFirst : choice([withFirst, this.writeObject({ ...list, parameters: others }, part)]);
    }
    return this.writeMembers(list, part, 1);
  }

  /** `least`: elements at least where nothing is declared. */
  writeMembers({ parameters, free }: ParameterList, part: SchemaPart, least = 0): Node {
    const { writing } = this.#place;
    if (free) return repeat(this.#writeFree(writeShaped(writing, this, { ...part, schema: free.schema })), least, undefined);
    return sequence(
      parameters
        .filter(({ key }) => this.#isWritable(key, part.path))
        .map(({ key, schema, isRequired }) => {
          const value = writeShaped(writing, this, { ...part, schema, path: `${part.path}/properties/${key}` });
          const element = this.#writeElement(text(key), value);
          return isRequired ? element : optional(element);
        }),
    );
  }

  /** An array needs an item: without one it reads as empty text. */
  writeArray(item: Node, least: number, most: number | undefined): Node {
    const element = this.#place.writing.share('item', this.#writeElement(text(this.#codec.item), item));
    return repeat(element, Math.max(1, least), most);
  }

  writeAny(depth = mostFreeDepth): Node {
    if (depth === 0) return this.writeStrings();
    const inner = () => repeat(this.#writeFree(this.writeAny(depth - 1)), 1, undefined);
    return choice([this.writeStrings(), this.#place.writing.shareByKey(`elements any ${depth}`, 'any', inner)]);
  }

  /** An element that no schema declares. Its name is said twice and need not be the same: a grammar cannot hold that, and the parser takes either. */
  #writeFree(value: Node): Node {
    return this.#place.writing.share('element', this.#writeElement(freeKey, value));
  }

  #writeElement(key: Node, value: Node): Node {
    const around = (mark: string) => {
      const [before = '', behind = ''] = mark.split('{key}');
      return sequence([text(before), key, text(behind)]);
    };
    return sequence([around(this.#codec.open), value, around(this.#codec.close)]);
  }

  #isWritable(key: string, path: string): boolean {
    const isWritable = /^[\w.-]+$/.test(key) && key !== this.#codec.item;
    if (!isWritable) this.#place.writing.report(`${path}/properties/${key}`, 'properties', 'the format cannot write this name');
    return isWritable;
  }
}
