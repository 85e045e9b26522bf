import { closeSync, openSync, writeSync } from 'node:fs';

/** A value of a GGUF file's metadata, with the type it is stored as. */
export type GgufValue =
  | { readonly type: 'uint32' | 'int32' | 'float32'; readonly value: number }
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'string[]'; readonly value: readonly string[] }
  | { readonly type: 'int32[]'; readonly value: readonly number[] }
  | { readonly type: 'float32[]'; readonly value: readonly number[] };

/** A tensor of 32-bit floats. `shape` is in GGUF's order: the dimension that lies together in memory comes first. */
export interface GgufTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** All that a GGUF file holds. */
export interface GgufContent {
  /** in the order they are written; `general.architecture` is what a reader looks for first */
  readonly metadata: Readonly<Record<string, GgufValue>>;
  readonly tensors: readonly GgufTensor[];
}

const alignmentBytes = 32;
const version = 3;
const tensorTypeF32 = 0;
const typeNumbers = { uint32: 4, int32: 5, float32: 6, bool: 7, string: 8, array: 9 } as const;

/**
 * Writes a GGUF file, version 3, little-endian, aligned to 32 bytes. An existing file is replaced.
 * Throws a RangeError when a tensor's data does not fill its shape. Source: ggml, docs/gguf.md.
 */
export function writeGguf(path: string, content: GgufContent): void {
  for (const tensor of content.tensors) checkShape(tensor);
  const file = openSync(path, 'w');
  try {
    writeAligned(file, headerBytes(content));
    for (const { data } of content.tensors) writeAligned(file, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  } finally {
    closeSync(file);
  }
}

function checkShape(tensor: GgufTensor): void {
  const wanted = tensor.shape.reduce((product, length) => product * length, 1);
  if (wanted === tensor.data.length) return;
  throw new RangeError(`tensor ${tensor.name}: shape [${tensor.shape}] needs ${wanted} numbers, got ${tensor.data.length}`);
}

function writeAligned(file: number, bytes: Uint8Array): void {
  for (let start = 0; start < bytes.length; ) start += writeSync(file, bytes, start);
  const padding = alignedLength(bytes.length) - bytes.length;
  if (padding > 0) writeSync(file, new Uint8Array(padding));
}

function alignedLength(length: number): number {
  return Math.ceil(length / alignmentBytes) * alignmentBytes;
}

function headerBytes({ metadata, tensors }: GgufContent): Uint8Array {
  const bytes = new ByteSink();
  const entries = Object.entries(metadata);
  bytes.raw(Buffer.from('GGUF'));
  bytes.uint32(version);
  bytes.uint64(tensors.length);
  bytes.uint64(entries.length);
  for (const [key, value] of entries) writeEntry(bytes, key, value);
  let offset = 0;
  for (const tensor of tensors) {
    writeTensorInfo(bytes, tensor, offset);
    offset += alignedLength(tensor.data.byteLength);
  }
  return bytes.all();
}

function writeTensorInfo(bytes: ByteSink, { name, shape }: GgufTensor, offset: number): void {
  bytes.string(name);
  bytes.uint32(shape.length);
  for (const length of shape) bytes.uint64(length);
  bytes.uint32(tensorTypeF32);
  bytes.uint64(offset);
}

function writeEntry(bytes: ByteSink, key: string, entry: GgufValue): void {
  bytes.string(key);
  if (entry.type === 'string[]' || entry.type === 'int32[]' || entry.type === 'float32[]') {
    writeArray(bytes, entry);
    return;
  }
  bytes.uint32(typeNumbers[entry.type]);
  if (entry.type === 'string') bytes.string(entry.value);
  else if (entry.type === 'bool') bytes.raw(Buffer.from([entry.value ? 1 : 0]));
  else bytes.number(entry.type, entry.value);
}

function writeArray(bytes: ByteSink, entry: Extract<GgufValue, { value: readonly unknown[] }>): void {
  const elementType = entry.type === 'string[]' ? 'string' : entry.type === 'int32[]' ? 'int32' : 'float32';
  bytes.uint32(typeNumbers.array);
  bytes.uint32(typeNumbers[elementType]);
  bytes.uint64(entry.value.length);
  if (entry.type === 'string[]') for (const text of entry.value) bytes.string(text);
  else for (const number of entry.value) bytes.number(elementType === 'int32' ? 'int32' : 'float32', number);
}

/** Bytes that grow: a vocabulary of 150,000 tokens makes a header of several megabytes. */
class ByteSink {
  #buffer = Buffer.alloc(64 * 1024);
  #length = 0;

  all(): Uint8Array {
    return this.#buffer.subarray(0, this.#length);
  }

  raw(bytes: Uint8Array): void {
    this.#buffer.set(bytes, this.#reserve(bytes.length));
  }

  string(text: string): void {
    const length = Buffer.byteLength(text);
    this.uint64(length);
    const start = this.#reserve(length);
    this.#buffer.write(text, start, length, 'utf8');
  }

  uint32(value: number): void {
    const start = this.#reserve(4);
    this.#buffer.writeUInt32LE(value, start);
  }

  uint64(value: number): void {
    const start = this.#reserve(8);
    this.#buffer.writeBigUInt64LE(BigInt(value), start);
  }

  number(type: 'uint32' | 'int32' | 'float32', value: number): void {
    const start = this.#reserve(4);
    if (type === 'uint32') this.#buffer.writeUInt32LE(value, start);
    else if (type === 'int32') this.#buffer.writeInt32LE(value, start);
    else this.#buffer.writeFloatLE(value, start);
  }

  /** Makes room and returns where it starts. */
  #reserve(length: number): number {
    const start = this.#length;
    this.#length += length;
    if (this.#length > this.#buffer.length) {
      const larger = Buffer.alloc(Math.max(this.#length, this.#buffer.length * 2));
      this.#buffer.copy(larger, 0, 0, start);
      this.#buffer = larger;
    }
    return start;
  }
}
