import type { ArgsCodec, Mark } from '../../dialects/dialect.ts';
import type { LiteralJsonObject } from '../../text/literal-json.ts';
import type { MarkSet, Reader, Reading } from '../../text/reader.ts';
import type { CallWriter } from '../call-writer.ts';
import type { SchemaView } from '../schema-view.ts';
import { makeElements } from './elements.ts';
import { makeJson } from './json.ts';
import { makeKwargs } from './kwargs.ts';
import { makeObject } from './object.ts';
import { makePairs } from './pairs.ts';
import { makeTagged } from './tagged.ts';

/** What stands around a call's arguments. */
export interface CodecSurroundings {
  /** what ends an unfinished value: closers and openers of regions, the call's next literals */
  readonly stops: MarkSet;
  /** the same, one by one: what may stand behind a value's closer */
  readonly follow: readonly Mark[];
}

/** The arguments of one call to read. */
export interface ArgumentsReading {
  readonly reader: Reader;
  readonly writer: CallWriter;
}

/** An argument codec, made ready for one place in one dialect. */
export interface Codec {
  /** whether arguments begin here; passes nothing */
  mayStart(reader: Reader): Reading<boolean>;
  /** a call may have none of its markup */
  readonly mayBeEmpty: boolean;
  /** Reads them and sends JSON as it comes. True if they were cut. */
  read(reading: ArgumentsReading): Reading<boolean>;
  /** The arguments as the model writes them; undefined where this codec cannot hold them. */
  render(args: LiteralJsonObject, schema: SchemaView): string | undefined;
}

/** Makes a codec of its description. */
export function makeCodec(description: ArgsCodec, around: CodecSurroundings): Codec {
  switch (description.codec) {
    case 'json':
      return makeJson(description, around);
    case 'tagged':
      return makeTagged(description, around);
    case 'pairs':
      return makePairs(description, around);
    case 'kwargs':
      return makeKwargs(description, around);
    case 'object':
      return makeObject(description, around);
    case 'elements':
      return makeElements(description, around);
    default:
      return description satisfies never;
  }
}
