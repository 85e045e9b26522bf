import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { crc32, createInflateRaw } from 'node:zlib';
import { GatewayError } from '../protocol/error.ts';

interface ZipEntry {
  readonly name: string;
  readonly method: number;
  readonly checksum: number;
  readonly packedBytes: number;
  readonly sizeBytes: number;
  /** where its local header begins */
  readonly offset: number;
}

const endSignature = 0x06054b50;
const entrySignature = 0x02014b50;
const localSignature = 0x04034b50;
const endBytes = 22;
const mostCommentBytes = 65_535;
const mostDirectoryBytes = 16 * 1024 * 1024;

/**
 * The bytes of one file of a zip archive (a wheel is one), unpacked as they are read. Stored and deflated files; not zip64, not encrypted.
 * Throws `checksum_mismatch` for an archive that is damaged or lacks the file, also at the end when the file's check sum is wrong.
 * Source: PKWARE APPNOTE.TXT 6.3, sections 4.3 and 4.4.
 */
export async function* readZipEntry(zipPath: string, name: string): AsyncGenerator<Buffer> {
  const entry = await locate(zipPath, name);
  let checksum = 0;
  let sizeBytes = 0;
  try {
    for await (const chunk of unpack(zipPath, entry) as AsyncIterable<Buffer>) {
      checksum = crc32(chunk, checksum);
      sizeBytes += chunk.length;
      if (sizeBytes > entry.sizeBytes) break;
      yield chunk;
    }
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? '';
    throw code.startsWith('Z_') ? damaged(zipPath, `${name} cannot be unpacked`, cause) : cause;
  }
  if (sizeBytes !== entry.sizeBytes || checksum !== entry.checksum)
    throw damaged(zipPath, `${name} has another check sum than its directory says`);
}

function unpack(zipPath: string, entry: ZipEntry & { readonly start: number }): NodeJS.ReadableStream | Iterable<Buffer> {
  if (entry.packedBytes === 0) return [];
  const packed = createReadStream(zipPath, { start: entry.start, end: entry.start + entry.packedBytes - 1, highWaterMark: 256 * 1024 });
  // a failure of one stream destroys the other, and shows to whoever reads the last
  return entry.method === 0 ? packed : pipeline(packed, createInflateRaw({ chunkSize: 256 * 1024 }), () => undefined);
}

async function locate(zipPath: string, name: string): Promise<ZipEntry & { readonly start: number }> {
  const file = await open(zipPath, 'r');
  try {
    const entry = (await readDirectory(file, zipPath)).find((candidate) => candidate.name === name);
    if (entry === undefined) throw damaged(zipPath, `it holds no ${name}`);
    if (entry.method !== 0 && entry.method !== 8) throw damaged(zipPath, `${name} is packed in a way (${entry.method}) that is not known`);
    const header = await readAt(file, entry.offset, 30);
    if (header.length < 30 || header.readUInt32LE(0) !== localSignature) throw damaged(zipPath, `${name} is not where its directory says`);
    return { ...entry, start: entry.offset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28) };
  } finally {
    await file.close();
  }
}

async function readDirectory(file: FileHandle, zipPath: string): Promise<readonly ZipEntry[]> {
  const { size } = await file.stat();
  const tail = await readAt(file, Math.max(0, size - endBytes - mostCommentBytes), endBytes + mostCommentBytes);
  let end = tail.length - endBytes;
  while (end >= 0 && tail.readUInt32LE(end) !== endSignature) end -= 1;
  if (end < 0) throw damaged(zipPath, 'it is no zip archive, or its end is missing');
  const bytes = tail.readUInt32LE(end + 12);
  const offset = tail.readUInt32LE(end + 16);
  if (bytes > mostDirectoryBytes || offset + bytes > size) throw damaged(zipPath, 'its directory lies outside of it');
  return parseDirectory(await readAt(file, offset, bytes));
}

function parseDirectory(directory: Buffer): readonly ZipEntry[] {
  const entries: ZipEntry[] = [];
  for (let at = 0; at + 46 <= directory.length && directory.readUInt32LE(at) === entrySignature; ) {
    const nameEnd = at + 46 + directory.readUInt16LE(at + 28);
    entries.push({
      name: directory.toString('utf8', at + 46, nameEnd),
      method: directory.readUInt16LE(at + 10),
      checksum: directory.readUInt32LE(at + 16),
      packedBytes: directory.readUInt32LE(at + 20),
      sizeBytes: directory.readUInt32LE(at + 24),
      offset: directory.readUInt32LE(at + 42),
    });
    at = nameEnd + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  }
  return entries;
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await file.read(buffer, 0, length, position);
  return buffer.subarray(0, bytesRead);
}

function damaged(zipPath: string, fault: string, cause?: unknown): GatewayError {
  return new GatewayError('checksum_mismatch', `The package file ${zipPath} is damaged: ${fault}.`, { cause });
}
