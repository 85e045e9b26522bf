/** A value of GGUF metadata. 64-bit numbers lose what is beyond 2^53. */
export type GgufMetadataValue = string | number | boolean | readonly string[] | readonly number[] | readonly boolean[];

/** The bytes end before the metadata does: call again with more of the file. */
export class MoreBytesNeeded extends Error {
  override readonly name = 'MoreBytesNeeded';
}

/** The bytes are no GGUF metadata. */
export class NoGgufMetadata extends Error {
  override readonly name = 'NoGgufMetadata';
}

const mostKeys = 100_000;

/**
 * Reads the keys that `isWanted` names from the head of a GGUF file (versions 2 and 3, little-endian), with all elements of their lists, and stops when
 * it has seen every key. Throws `MoreBytesNeeded` or `NoGgufMetadata`. Source: ggml, docs/gguf.md.
 */
export function readGgufMetadata(bytes: Uint8Array, isWanted: (key: string) => boolean): ReadonlyMap<string, GgufMetadataValue> {
  const reader = new HeadReader(bytes);
  if (reader.text(4) !== 'GGUF') throw new NoGgufMetadata('it does not begin with "GGUF"');
  const version = reader.number('uint32');
  if (version !== 2 && version !== 3) throw new NoGgufMetadata(`it has version ${version} of the format; 2 and 3 are known`);
  reader.number('uint64');
  const keys = reader.number('uint64');
  if (keys > mostKeys) throw new NoGgufMetadata(`it claims to hold ${keys} keys`);
  const metadata = new Map<string, GgufMetadataValue>();
  for (let index = 0; index < keys; index += 1) {
    const key = reader.text(reader.number('uint64'));
    const type = reader.type();
    if (isWanted(key)) metadata.set(key, readValue(reader, type));
    else skipValue(reader, type);
  }
  return metadata;
}

type NumberType = 'uint8' | 'int8' | 'uint16' | 'int16' | 'uint32' | 'int32' | 'float32' | 'uint64' | 'int64' | 'float64';
type ValueType = NumberType | 'bool' | 'string' | 'array';

/** By the number that stands for the type in a file. */
const types: readonly ValueType[] = [
  'uint8',
  'int8',
  'uint16',
  'int16',
  'uint32',
  'int32',
  'float32',
  'bool',
  'string',
  'array',
  'uint64',
  'int64',
  'float64',
];

const readNumber: Readonly<Record<NumberType, (view: DataView, at: number) => number>> = {
  uint8: (view, at) => view.getUint8(at),
  int8: (view, at) => view.getInt8(at),
  uint16: (view, at) => view.getUint16(at, true),
  int16: (view, at) => view.getInt16(at, true),
  uint32: (view, at) => view.getUint32(at, true),
  int32: (view, at) => view.getInt32(at, true),
  float32: (view, at) => view.getFloat32(at, true),
  uint64: (view, at) => Number(view.getBigUint64(at, true)),
  int64: (view, at) => Number(view.getBigInt64(at, true)),
  float64: (view, at) => view.getFloat64(at, true),
};

const bytesOf: Readonly<Record<Exclude<ValueType, 'string' | 'array'>, number>> = {
  uint8: 1,
  int8: 1,
  bool: 1,
  uint16: 2,
  int16: 2,
  uint32: 4,
  int32: 4,
  float32: 4,
  uint64: 8,
  int64: 8,
  float64: 8,
};

function readValue(reader: HeadReader, type: ValueType): GgufMetadataValue {
  if (type === 'string') return reader.text(reader.number('uint64'));
  if (type === 'bool') return reader.number('uint8') !== 0;
  if (type !== 'array') return reader.number(type);
  const element = reader.type();
  const length = reader.number('uint64');
  if (element === 'array') throw new NoGgufMetadata('it has a list of lists');
  // a length that is a lie ends at the end of the bytes
  if (element === 'string') return readList(length, () => reader.text(reader.number('uint64')));
  if (element === 'bool') return readList(length, () => reader.number('uint8') !== 0);
  return readList(length, () => reader.number(element));
}

function readList<Element>(length: number, read: () => Element): Element[] {
  const list: Element[] = [];
  for (let index = 0; index < length; index += 1) list.push(read());
  return list;
}

function skipValue(reader: HeadReader, type: ValueType): void {
  if (type === 'string') reader.skip(reader.number('uint64'));
  else if (type !== 'array') reader.skip(bytesOf[type]);
  else skipList(reader);
}

function skipList(reader: HeadReader): void {
  const element = reader.type();
  const length = reader.number('uint64');
  if (element === 'array') throw new NoGgufMetadata('it has a list of lists');
  if (element !== 'string') reader.skip(length * bytesOf[element]);
  else for (let index = 0; index < length; index += 1) reader.skip(reader.number('uint64'));
}

/** Reads little-endian numbers and texts one after another. */
class HeadReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  number(type: NumberType): number {
    const at = this.#at;
    this.skip(bytesOf[type]);
    return readNumber[type](this.#view, at);
  }

  type(): ValueType {
    const number = this.number('uint32');
    const type = types[number];
    if (type === undefined) throw new NoGgufMetadata(`a value at byte ${this.#at - 4} has the unknown type ${number}`);
    return type;
  }

  text(length: number): string {
    const at = this.#at;
    this.skip(length);
    return this.#decoder.decode(this.#bytes.subarray(at, this.#at));
  }

  skip(length: number): void {
    if (this.#at + length > this.#bytes.length) throw new MoreBytesNeeded();
    this.#at += length;
  }
}
