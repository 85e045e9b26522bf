import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { GatewayError } from '../protocol/error.ts';
import type { JsonValue } from '../protocol/json.ts';
import { type GgufMetadataValue, MoreBytesNeeded, NoGgufMetadata, readGgufMetadata } from '../tokenizers/gguf-metadata.ts';
import { isTokenizerKey, readGgufVocabulary } from '../tokenizers/gguf-vocabulary.ts';
import type { TokenizerData } from '../tokenizers/tokenizer-data.ts';
import { readTokenizerJson } from '../tokenizers/tokenizer-json.ts';
import type { TokenizerSource } from '../tokenizers/tokenizer-source.ts';

const firstHeadBytes = 32 * 1024 * 1024;
const mostHeadBytes = 512 * 1024 * 1024;
const mostJsonBytes = 256 * 1024 * 1024;

/**
 * Reads a tokenizer's files, in a blocking way: for a thread that does nothing else. Throws `model_file_invalid` for what is missing, damaged or too
 * large, `unsupported_feature` for kinds of vocabularies that are not known.
 */
export function readTokenizer(source: TokenizerSource): TokenizerData {
  const { path } = source;
  if (source.kind === 'gguf') return guard(path, () => readGgufVocabulary(readHead(path)));
  const { configPath } = source;
  const config = configPath === undefined ? undefined : guard(configPath, () => readJson(configPath));
  return guard(path, () => readTokenizerJson(readJson(path), config));
}

function readJson(path: string): JsonValue {
  const bytes = readFileSync(path);
  if (bytes.length > mostJsonBytes) throw new GatewayError('model_file_invalid', 'It is larger than any tokenizer file.');
  return JSON.parse(bytes.toString('utf8')) as JsonValue;
}

/** The vocabulary lies in front of the weights: of a file of gigabytes only its head is read. */
function readHead(path: string): ReadonlyMap<string, GgufMetadataValue> {
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    for (let length = Math.min(size, firstHeadBytes); ; length = Math.min(size, mostHeadBytes, length * 2)) {
      const metadata = tryHead(readBytes(file, length));
      if (metadata !== undefined) return metadata;
      if (length === size || length === mostHeadBytes) throw new NoGgufMetadata('it ends in the middle of its header');
    }
  } finally {
    closeSync(file);
  }
}

function tryHead(bytes: Uint8Array): ReadonlyMap<string, GgufMetadataValue> | undefined {
  try {
    return readGgufMetadata(bytes, isTokenizerKey);
  } catch (error) {
    if (error instanceof MoreBytesNeeded) return undefined;
    throw error;
  }
}

function readBytes(file: number, length: number): Uint8Array {
  const bytes = Buffer.allocUnsafe(length);
  let filled = 0;
  while (filled < length) {
    const count = readSync(file, bytes, filled, length - filled, filled);
    if (count === 0) break;
    filled += count;
  }
  return bytes.subarray(0, filled);
}

function guard<Value>(path: string, read: () => Value): Value {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof GatewayError) throw new GatewayError(cause.code, `${path}: ${cause.message}`, { cause });
    const code = (cause as NodeJS.ErrnoException).code;
    const why = code === undefined ? (cause as Error).message : `it cannot be read (${code})`;
    throw new GatewayError('model_file_invalid', `${path} is no usable tokenizer file: ${why}.`, { cause });
  }
}
