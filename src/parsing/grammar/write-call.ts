import type { CallShape, CharClass, JsonCall, Mark, Part, SequenceCall } from '../../dialects/dialect.ts';
import { chars, emptyText, repeat, sequence, text } from '../../grammars/build.ts';
import type { Node } from '../../grammars/ir.ts';
import type { Tool } from '../../protocol/message.ts';
import { compileClass, mostNameChars } from '../char-class.ts';
import { listSpecialMarks } from '../delimited-value.ts';
import type { ArgumentWriting } from './argument-writing.ts';
import { writeMark } from './mark-node.ts';
import { writeArguments, writeJsonObject } from './write-arguments.ts';

/** A call of one tool, where it is written. */
export interface CallPlace {
  readonly writing: ArgumentWriting;
  readonly tool: Tool;
  /** what ends the region around the call */
  readonly ends: readonly Mark[];
}

/** One tool's calls in a dialect's shape, arguments in a rule of their own; undefined where the shape cannot write the tool's name. */
export function writeCall(shape: CallShape, place: CallPlace): Node | undefined {
  return shape.kind === 'json' ? writeJsonCall(shape, place) : writeSequence(shape, place);
}

function nameArguments({ writing, tool }: CallPlace, body: Node): Node {
  return writing.share(`arguments-${tool.name}`, body);
}

/** `{"name": "f", "arguments": {…}}` */
function writeJsonCall(shape: JsonCall, place: CallPlace): Node | undefined {
  const { tool } = place;
  if (tool.name.length > mostNameChars) return undefined;
  const args = nameArguments(place, writeJsonObject(place));
  if (shape.nameIsKey === true) return sequence([text(`{${JSON.stringify(tool.name)}: `), args, text('}')]);
  const values: Record<'id' | 'name' | 'args', readonly [string | undefined, Node]> = {
    id: [shape.id?.[0], writeJsonId()],
    name: [shape.name[0], text(JSON.stringify(tool.name))],
    args: [shape.args[0], args],
  };
  const members = shape.order.flatMap((part) => {
    const [key, value] = values[part];
    return key === undefined ? [] : [sequence([text(`${JSON.stringify(key)}: `), value])];
  });
  return sequence([text('{'), ...members.flatMap((member, index) => (index === 0 ? [member] : [text(', '), member])), text('}')]);
}

function writeJsonId(): Node {
  return sequence([
    text('"'),
    repeat(
      chars([
        [45, 45],
        [48, 57],
        [65, 90],
        [95, 95],
        [97, 122],
      ]),
      1,
      40,
    ),
    text('"'),
  ]);
}

function writeSequence({ parts }: SequenceCall, place: CallPlace): Node | undefined {
  const nodes = parts.map((part, index) => writePart(part, parts.slice(index + 1), place));
  return nodes.includes(undefined) ? undefined : sequence(nodes.filter((node) => node !== undefined));
}

function writePart(part: Part, following: readonly Part[], place: CallPlace): Node | undefined {
  if ('lit' in part) return part.optional === true ? emptyText : writeMark(part.lit);
  if ('whitespace' in part) return text(part.whitespace);
  switch (part.slot) {
    case 'name':
      if (!fitsClass(place.tool.name, part.chars)) return undefined;
      return part.from === 'recipient' ? emptyText : text(place.tool.name);
    case 'id':
      return writeId(part, place.tool.name);
    case 'args': {
      const behind = following.flatMap((other) => ('lit' in other ? [other.lit] : []));
      return nameArguments(place, writeArguments(part.codec, { ...place, ends: listSpecialMarks([...behind, ...place.ends]) }));
    }
    default:
      return part satisfies never;
  }
}

function fitsClass(name: string, chars: CharClass): boolean {
  const { accepts, min, max } = compileClass(chars);
  return name.length >= min && name.length <= max && Array.from(name).every((letter) => accepts(letter.charCodeAt(0)));
}

function writeId(part: Extract<Part, { slot: 'id' }>, name: string): Node | undefined {
  if (part.template === undefined)
    return part.optional === true
      ? emptyText
      : repeat(
          chars([
            [48, 57],
            [65, 90],
            [97, 122],
          ]),
          1,
          40,
        );
  if (part.template.includes('{name}') && !fitsClass(name, part.chars)) return undefined;
  const [before = '', behind = ''] = part.template.replace('{name}', () => name).split('{index}');
  if (!part.template.includes('{index}')) return text(before);
  return sequence([text(before), repeat(chars([[48, 57]]), 1, 3), text(behind)]);
}
