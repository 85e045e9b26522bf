import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { GatewayError } from '../protocol/error.ts';
import { checkRoom, fileSize, makeFolder } from './cache-folder.ts';
import { withDownloadLock } from './download-lock.ts';
import { hashFile } from './file-hash.ts';
import type { OnProgress } from './progress.ts';
import { toStorageError } from './storage-error.ts';

/** A file that shall come to lie in the cache. */
export interface WantedFile {
  /** where; its folder is made */
  readonly path: string;
  /** what progress calls it */
  readonly title: string;
  /** free bytes without which nothing is begun; what already lies in the part file counts */
  readonly roomBytes?: number;
  /** exact, where known */
  readonly sizeBytes?: number;
  /** 64 hexadecimal digits, where known */
  readonly sha256?: string;
  /** Writes the whole file to `partPath`, which may hold the beginning of an earlier try. Throwing leaves that file for the next try. */
  readonly fill: (partPath: string, signal: AbortSignal) => Promise<void>;
  readonly onProgress: OnProgress;
  readonly signal: AbortSignal;
}

/** The name of a file while it is not whole. */
export function partPathOf(path: string): string {
  return `${path}.part`;
}

/** The note beside a part file that says what it is a part of. */
export function partNotePathOf(partPath: string): string {
  return `${partPath}.json`;
}

/**
 * Puts a file into the cache, all or nothing: written to `<file>.part`, checked, brought to the disk, renamed. Does nothing where it lies already.
 * Of several processes one works and the others wait for its result. Throws `checksum_mismatch` (the part is deleted), `disk_full`,
 * `download_failed`, what `fill` throws, and the signal's reason.
 */
export async function storeFile(wanted: WantedFile): Promise<void> {
  const { path, title, onProgress } = wanted;
  if ((await fileSize(path)) !== undefined) return;
  await makeFolder(dirname(path));
  const waitTitle = `${title}: another rookery is downloading this; waiting for it`;
  const onWait = async () => {
    const doneBytes = await fileSize(partPathOf(path));
    onProgress({ kind: 'step', title: waitTitle, ...(doneBytes === undefined ? {} : { doneBytes }), ...totalOf(wanted) });
  };
  await withDownloadLock(`${path}.lock`, { signal: wanted.signal, onWait: () => void onWait() }, async (signal) => {
    if ((await fileSize(path)) === undefined) await store({ ...wanted, signal });
  });
}

async function store(wanted: WantedFile): Promise<void> {
  const { path, title, onProgress, signal } = wanted;
  const partPath = partPathOf(path);
  const hasBytes = (await fileSize(partPath)) ?? 0;
  if (wanted.roomBytes !== undefined) await checkRoom(dirname(path), Math.max(0, wanted.roomBytes - hasBytes));
  await wanted.fill(partPath, signal);
  onProgress({ kind: 'done', title });
  await check(wanted, partPath);
  signal.throwIfAborted();
  try {
    await syncPath(partPath);
    await rename(partPath, path);
    await syncPath(dirname(path)).catch(() => undefined);
    await rm(partNotePathOf(partPath), { force: true });
  } catch (error) {
    throw toStorageError(error, path);
  }
}

async function check(wanted: WantedFile, partPath: string): Promise<void> {
  const sizeBytes = await fileSize(partPath);
  const checkTitle = `${wanted.title}: checking`;
  if (wanted.sizeBytes !== undefined && sizeBytes !== wanted.sizeBytes) {
    await refuse(partPath, `${sizeBytes} bytes long, and ${wanted.sizeBytes} were published`);
  }
  if (wanted.sha256 === undefined) return;
  const sha256 = await hashFile(partPath, wanted.signal, (doneBytes) => {
    wanted.onProgress({ kind: 'step', title: checkTitle, doneBytes, ...totalOf(wanted) });
  });
  wanted.onProgress({ kind: 'done', title: checkTitle });
  if (sha256 !== wanted.sha256.toLowerCase()) await refuse(partPath, `of SHA-256 ${sha256}, and ${wanted.sha256} was published`);
}

async function refuse(partPath: string, fault: string): Promise<never> {
  await rm(partPath, { force: true });
  await rm(partNotePathOf(partPath), { force: true });
  const name = basename(partPath).replace(/\.part$/, '');
  throw new GatewayError('checksum_mismatch', `The download of ${name} is ${fault}. It has been deleted.`);
}

function totalOf({ sizeBytes }: WantedFile): { readonly totalBytes?: number } {
  return sizeBytes === undefined ? {} : { totalBytes: sizeBytes };
}

async function syncPath(path: string): Promise<void> {
  const file = await open(path, 'r');
  await file.sync().finally(() => file.close());
}
