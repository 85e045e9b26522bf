import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { crc32, deflateRawSync } from 'node:zlib';
import { makeTestFolder } from './sources.test.support.ts';
import { readZipEntry } from './zip-file.ts';

interface Member {
  readonly name: string;
  readonly content: Buffer;
  readonly isStored?: boolean;
}

const text = Buffer.from('a text that repeats, a text that repeats. '.repeat(40_000));
const members: readonly Member[] = [
  { name: 'folder/first.txt', content: Buffer.from('first'), isStored: true },
  { name: 'folder/model.gguf', content: text },
  { name: 'empty', content: Buffer.alloc(0), isStored: true },
];

async function readAll(path: string, name: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of readZipEntry(path, name)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

test('stored, deflated and empty members come out as they went in', async (t) => {
  const path = `${makeTestFolder(t)}/test.zip`;
  for (const comment of ['', 'a comment at the end']) {
    writeFileSync(path, makeZip(members, comment));
    for (const { name, content } of members) assert.deepEqual(await readAll(path, name), content, name);
  }
});

test('a damaged archive is told, wherever the damage is', async (t) => {
  const path = `${makeTestFolder(t)}/test.zip`;
  const whole = makeZip(members, '');
  const flip = (at: number) => {
    const copy = Buffer.from(whole);
    copy.writeUInt8(copy.readUInt8(at) ^ 0xff, at);
    return copy;
  };
  const dataStart = whole.indexOf('folder/model.gguf') + 'folder/model.gguf'.length;
  const damages = {
    'cut off': whole.subarray(0, whole.length - 30),
    empty: Buffer.alloc(0),
    junk: Buffer.alloc(5_000, 7),
    'packed data': flip(dataStart + 200),
    'local header': flip(whole.indexOf('folder/model.gguf') - 30),
    'check sum': flip(whole.lastIndexOf('folder/model.gguf') - 30),
    size: flip(whole.lastIndexOf('folder/model.gguf') - 22),
    'place of the directory': flip(whole.length - 4),
  };
  for (const [name, bytes] of Object.entries(damages)) {
    writeFileSync(path, bytes);
    await assert.rejects(readAll(path, 'folder/model.gguf'), { code: 'checksum_mismatch' }, name);
  }
});

test('a member that is not there is named', async (t) => {
  const path = `${makeTestFolder(t)}/test.zip`;
  writeFileSync(path, makeZip(members, ''));
  await assert.rejects(readAll(path, 'other.gguf'), /holds no other\.gguf/);
});

/** An archive as Python's zipfile writes them. */
function makeZip(contents: readonly Member[], comment: string): Buffer {
  const locals: Buffer[] = [];
  const entries: Buffer[] = [];
  let offset = 0;
  for (const { name, content, isStored = false } of contents) {
    const packed = isStored ? content : deflateRawSync(content);
    const facts = Buffer.alloc(26);
    facts.writeUInt16LE(20, 0);
    facts.writeUInt16LE(isStored ? 0 : 8, 4);
    facts.writeUInt32LE(crc32(content), 10);
    facts.writeUInt32LE(packed.length, 14);
    facts.writeUInt32LE(content.length, 18);
    facts.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from('PK\u0003\u0004'), facts, Buffer.from(name), packed]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    entries.push(Buffer.concat([Buffer.from('PK\u0001\u0002\u0014\u0000'), facts, tail, Buffer.from(name)]));
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(entries);
  const end = Buffer.alloc(22);
  end.write('PK\u0005\u0006');
  end.writeUInt16LE(contents.length, 8);
  end.writeUInt16LE(contents.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  end.writeUInt16LE(comment.length, 20);
  return Buffer.concat([...locals, directory, end, Buffer.from(comment)]);
}
