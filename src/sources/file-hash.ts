import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';

/** The SHA-256 of a file as 64 hexadecimal digits. `onRead` hears the bytes read so far. An aborted signal ends it with the signal's reason. */
export async function hashFile(path: string, signal: AbortSignal, onRead: (doneBytes: number) => void = () => undefined): Promise<string> {
  const hash = createHash('sha256');
  let doneBytes = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) {
    signal.throwIfAborted();
    hash.update(chunk as Buffer);
    doneBytes += (chunk as Buffer).length;
    onRead(doneBytes);
  }
  return hash.digest('hex');
}
