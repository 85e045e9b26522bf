import { closeSync, fstatSync, openSync } from 'node:fs';
import { GatewayError } from '../protocol/error.ts';
import { ByteFault, ByteReader } from './byte-reader.ts';
import { fileTypeNames, gguf, tensorBlocks, valueBytes } from './gguf-types.ts';
import { errorCodeOf } from './storage-error.ts';

/** What the header of a model file tells. A field is absent where the file does not say. */
export interface GgufHeader {
  readonly version: number;
  /** such as `llama` or `qwen3` */
  readonly architecture: string;
  readonly name?: string;
  /** such as `135M` */
  readonly sizeLabel?: string;
  /** of most of its tensors: `Q4_K_M` */
  readonly quantisation?: string;
  /** tokens it was trained for */
  readonly contextTokens?: number;
  readonly embeddingLength?: number;
  readonly blockCount?: number;
  readonly headCount?: number;
  /** the most of all layers */
  readonly headCountKv?: number;
  /** numbers of one attention head's key and value */
  readonly keyLength?: number;
  readonly valueLength?: number;
  readonly vocabularyTokens?: number;
  /** Jinja source */
  readonly chatTemplate?: string;
  /** Jinja sources of those that stand in for it, by name (`tool_use`) */
  readonly templateVariants?: Readonly<Record<string, string>>;
  readonly bosTokenId?: number;
  readonly eosTokenId?: number;
  readonly paddingTokenId?: number;
  readonly addsBos?: boolean;
  readonly addsEos?: boolean;
  readonly tensorCount: number;
  /** numbers in all tensors */
  readonly parameters: number;
  readonly fileBytes: number;
}

type Value = string | number | boolean | readonly number[];

/** What was read: values that are kept, and where arrays begin and how long they are. */
interface Metadata {
  readonly values: Map<string, Value>;
  readonly lengths: Map<string, number>;
  readonly starts: Map<string, number>;
}

const mostHeaderBytes = 512 * 1024 * 1024;
const mostKeyBytes = 65_535;
const mostTextBytes = 8 * 1024 * 1024;
const mostKeptNumbers = 1_024;
const mostTensors = 1_000_000;
const mostDimensions = 8;

/**
 * Reads the header of a GGUF file (versions 2 and 3, little-endian) in one pass, some milliseconds for a large vocabulary, and checks that the file is
 * as long as its tensors need. Throws `model_file_invalid`, saying what is wrong with the file.
 */
export function readGgufHeader(path: string): GgufHeader {
  return withFile(path, (open) => readHeader(open(), open.fileBytes).header);
}

/** The spellings of a model file's special tokens, as chat templates name them (`bos_token` …). Throws `model_file_invalid`. */
export function readGgufSpecialTokens(path: string): Readonly<Record<string, string>> {
  return withFile(path, (open) => {
    const { metadata } = readHeader(open(), open.fileBytes);
    const wanted = specialTokenKeys.flatMap(([name, key]) => {
      const id = metadata.values.get(`tokenizer.ggml.${key}`);
      return typeof id === 'number' ? [[name, id] as const] : [];
    });
    const texts = readTexts(open(), metadata, new Set(wanted.map(([, id]) => id)));
    return Object.fromEntries(wanted.flatMap(([name, id]) => (texts.has(id) ? [[name, texts.get(id) ?? '']] : [])));
  });
}

const specialTokenKeys = [
  ['bos_token', 'bos_token_id'],
  ['eos_token', 'eos_token_id'],
  ['unk_token', 'unknown_token_id'],
  ['pad_token', 'padding_token_id'],
] as const;

/** The spellings of some tokens: the vocabulary is stepped over up to the last of them. */
function readTexts(reader: ByteReader, { starts, lengths }: Metadata, ids: ReadonlySet<number>): ReadonlyMap<number, string> {
  const key = 'tokenizer.ggml.tokens';
  const texts = new Map<number, string>();
  const last = Math.min(Math.max(-1, ...ids), (lengths.get(key) ?? 0) - 1);
  reader.skip(starts.get(key) ?? 0);
  for (let id = 0; id <= last; id += 1) {
    if (ids.has(id)) texts.set(id, readText(reader, mostKeyBytes));
    else reader.skip(reader.uint64());
  }
  return texts;
}

interface OpenReader {
  /** a reader at the beginning of the file */
  (): ByteReader;
  readonly fileBytes: number;
}

function withFile<Result>(path: string, read: (open: OpenReader) => Result): Result {
  let file: number | undefined;
  try {
    const opened = openSync(path, 'r');
    file = opened;
    const fileBytes = fstatSync(opened).size;
    const open = () => new ByteReader(opened, Math.min(fileBytes, mostHeaderBytes));
    return read(Object.assign(open, { fileBytes }));
  } catch (cause) {
    const fault = cause instanceof ByteFault ? cause.message : `it cannot be read (${errorCodeOf(cause) ?? String(cause)})`;
    throw new GatewayError('model_file_invalid', `${path} is no usable model file: ${fault}.`, { cause });
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

function readHeader(reader: ByteReader, fileBytes: number): { readonly header: GgufHeader; readonly metadata: Metadata } {
  const version = readVersion(reader, fileBytes);
  const tensorCount = reader.uint64();
  const keyCount = reader.uint64();
  if (tensorCount > mostTensors) throw new ByteFault(`it claims to hold ${tensorCount} tensors`);
  const metadata: Metadata = { values: new Map(), lengths: new Map(), starts: new Map() };
  for (let index = 0; index < keyCount; index += 1) {
    const key = readText(reader, mostKeyBytes);
    readValue(reader, key, metadata);
  }
  const { parameters, dataBytes } = readTensors(reader, tensorCount);
  checkLength(fileBytes, reader.position, dataBytes, metadata);
  return { header: { version, ...describe(metadata), tensorCount, parameters, fileBytes }, metadata };
}

function readVersion(reader: ByteReader, fileBytes: number): number {
  if (fileBytes < 24) throw new ByteFault(`it has only ${fileBytes} bytes`);
  if (reader.text(4) !== 'GGUF') throw new ByteFault('it is not in the GGUF format (it does not begin with "GGUF")');
  const version = reader.uint32();
  if (version === 2 || version === 3) return version;
  const isBigEndian = version !== 0 && version % 0x1000000 === 0;
  throw new ByteFault(isBigEndian ? 'it is written for big-endian machines' : `it has version ${version} of the format; 2 and 3 are known`);
}

function readText(reader: ByteReader, mostBytes: number): string {
  const length = reader.uint64();
  if (length > mostBytes) throw new ByteFault(`a text at byte ${reader.position} claims ${length} bytes`);
  return reader.text(length);
}

function readValue(reader: ByteReader, key: string, metadata: Metadata): void {
  const type = reader.uint32();
  if (type === gguf.array) readArray(reader, key, metadata);
  else if (type === gguf.string) metadata.values.set(key, readText(reader, mostTextBytes));
  else metadata.values.set(key, readScalar(reader, type));
}

function readScalar(reader: ByteReader, type: number): number | boolean {
  switch (type) {
    case gguf.bool:
      return reader.uint8() !== 0;
    case gguf.uint8:
      return reader.uint8();
    case gguf.int8:
      return (reader.uint8() << 24) >> 24;
    case gguf.uint16:
      return reader.uint8() + reader.uint8() * 256;
    case gguf.int16:
      return ((reader.uint8() + reader.uint8() * 256) << 16) >> 16;
    case gguf.uint32:
      return reader.uint32();
    case gguf.int32:
      return reader.int32();
    case gguf.float32:
      return reader.float32();
    case gguf.uint64:
      return reader.uint64();
    case gguf.int64:
      return reader.int64();
    case gguf.float64:
      return reader.float64();
    default:
      throw new ByteFault(`a value at byte ${reader.position} has the unknown type ${type}`);
  }
}

function readArray(reader: ByteReader, key: string, metadata: Metadata): void {
  const type = reader.uint32();
  const length = reader.uint64();
  metadata.lengths.set(key, length);
  metadata.starts.set(key, reader.position);
  const bytes = valueBytes.get(type);
  if (bytes === undefined && type !== gguf.string)
    throw new ByteFault(`a list at byte ${reader.position} has elements of the unknown type ${type}`);
  if (bytes === undefined) {
    // a length that is a lie ends at the end of the file, after as many steps as the file has bytes at most
    for (let index = 0; index < length; index += 1) reader.skip(reader.uint64());
  } else if (length <= mostKeptNumbers) {
    metadata.values.set(
      key,
      Array.from({ length }, () => Number(readScalar(reader, type))),
    );
  } else reader.skip(bytes * length);
}

function readTensors(reader: ByteReader, count: number): { readonly parameters: number; readonly dataBytes: number } {
  let parameters = 0;
  let dataBytes = 0;
  for (let index = 0; index < count; index += 1) {
    const name = readText(reader, mostKeyBytes);
    const dimensions = reader.uint32();
    if (dimensions > mostDimensions) throw new ByteFault(`the tensor ${name} claims ${dimensions} dimensions`);
    let numbers = 1;
    for (let dimension = 0; dimension < dimensions; dimension += 1) numbers *= reader.uint64();
    const block = tensorBlocks.get(reader.uint32());
    const offset = reader.uint64();
    parameters += numbers;
    // of a type that came after this list only the beginning is known
    dataBytes = Math.max(dataBytes, offset + (block === undefined ? 1 : Math.ceil(numbers / block.numbers) * block.bytes));
  }
  return { parameters, dataBytes };
}

function checkLength(fileBytes: number, headerBytes: number, dataBytes: number, metadata: Metadata): void {
  const stated = metadata.values.get('general.alignment');
  const alignment = typeof stated === 'number' && stated >= 1 ? stated : 32;
  const wantedBytes = dataBytes === 0 ? headerBytes : Math.ceil(headerBytes / alignment) * alignment + dataBytes;
  if (fileBytes < wantedBytes) throw new ByteFault(`it is cut off: it has ${fileBytes} bytes, and its tensors need ${wantedBytes}`);
}

function describe({ values, lengths }: Metadata) {
  const text = (key: string) => pick(values.get(key), 'string');
  const flag = (key: string) => pick(values.get(key), 'boolean');
  const number = (key: string) => pick(values.get(key), 'number');
  const architecture = text('general.architecture');
  if (architecture === undefined) throw new ByteFault('it does not say which architecture it has (general.architecture)');
  const own = (key: string) => number(`${architecture}.${key}`);
  const headCountKv = values.get(`${architecture}.attention.head_count_kv`);
  const headLength = divide(own('embedding_length'), own('attention.head_count'));
  return {
    architecture,
    ...present({
      name: text('general.name'),
      sizeLabel: text('general.size_label'),
      quantisation: fileTypeNames.get(number('general.file_type') ?? -1),
      contextTokens: own('context_length'),
      embeddingLength: own('embedding_length'),
      blockCount: own('block_count'),
      headCount: own('attention.head_count'),
      headCountKv: Array.isArray(headCountKv) ? Math.max(0, ...headCountKv) : (pick(headCountKv, 'number') ?? own('attention.head_count')),
      keyLength: own('attention.key_length') ?? headLength,
      valueLength: own('attention.value_length') ?? headLength,
      vocabularyTokens: lengths.get('tokenizer.ggml.tokens'),
      chatTemplate: text('tokenizer.chat_template'),
      templateVariants: listVariants(values),
      bosTokenId: number('tokenizer.ggml.bos_token_id'),
      eosTokenId: number('tokenizer.ggml.eos_token_id'),
      paddingTokenId: number('tokenizer.ggml.padding_token_id'),
      addsBos: flag('tokenizer.ggml.add_bos_token'),
      addsEos: flag('tokenizer.ggml.add_eos_token'),
    }),
  };
}

const variantPrefix = 'tokenizer.chat_template.';

function listVariants(values: Metadata['values']): Readonly<Record<string, string>> | undefined {
  const variants = [...values].flatMap(([key, value]) =>
    key.startsWith(variantPrefix) && typeof value === 'string' ? [[key.slice(variantPrefix.length), value] as const] : [],
  );
  return variants.length === 0 ? undefined : Object.fromEntries(variants);
}

function divide(whole: number | undefined, parts: number | undefined): number | undefined {
  return whole === undefined || parts === undefined || parts === 0 ? undefined : whole / parts;
}

interface Kinds {
  readonly string: string;
  readonly number: number;
  readonly boolean: boolean;
}

function pick<Kind extends keyof Kinds>(value: Value | undefined, kind: Kind): Kinds[Kind] | undefined {
  return typeof value === kind ? (value as Kinds[Kind]) : undefined;
}

type Present<Fields> = { readonly [Key in keyof Fields]?: Exclude<Fields[Key], undefined> };

function present<Fields extends object>(fields: Fields): Present<Fields> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Present<Fields>;
}
