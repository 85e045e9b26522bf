import { readFile } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { GatewayError } from '../../protocol/error.ts';

/** Longest answer, in bytes. */
const mostInputBytes = 64 * 1024 * 1024;

/** The whole input as text. Throws `bad_usage` where it is too long, no UTF-8 or cannot be read. */
export async function readInput(input: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of readChunks(input)) {
    bytes += chunk.length;
    if (bytes > mostInputBytes) throw new GatewayError('bad_usage', `The input is longer than ${mostInputBytes} bytes.`);
    chunks.push(chunk);
  }
  return decode(Buffer.concat(chunks), 'The input');
}

/** The input's chunks; a person at a terminal is told how to end it. Throws `bad_usage` where the shell gave a folder for a file. */
export async function* readChunks(input: Readable & { readonly isTTY?: boolean }): AsyncGenerator<Buffer> {
  if (input.isTTY === true) process.stderr.write('Reading from the terminal. End with Ctrl-D.\n');
  try {
    yield* input as AsyncIterable<Buffer>;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EISDIR') throw cause;
    throw new GatewayError('bad_usage', 'The input is a folder. Give a file: `< output.txt`.', { cause });
  }
}

/** The text of a file that a flag names. Throws `bad_usage`. */
export async function readFileText(path: string, flag: string): Promise<string> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    throw new GatewayError('bad_usage', `${flag} names ${path}, which cannot be read (${(cause as NodeJS.ErrnoException).code}).`, {
      cause,
    });
  }
  return decode(bytes, path);
}

function decode(bytes: Buffer, what: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new GatewayError('bad_usage', `${what} is not UTF-8 text.`, { cause });
  }
}
