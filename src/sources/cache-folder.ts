import { mkdir, readdir, stat, statfs } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { GatewayError } from '../protocol/error.ts';
import { formatBytes } from './format-bytes.ts';
import { toStorageError } from './storage-error.ts';

/**
 * The folder where models and engines are kept: the option of `--cache-dir`, else `rookery` in `xdgCacheHome` (the value of `$XDG_CACHE_HOME`), else
 * `~/.cache/rookery`. A relative XDG_CACHE_HOME is ignored. Source: XDG Base Directory Specification 0.8.
 */
export function findCacheFolder(option: string | undefined, xdgCacheHome: string | undefined): string {
  if (option !== undefined && option !== '') return resolve(option);
  const xdg = xdgCacheHome ?? '';
  return join(isAbsolute(xdg) ? xdg : join(homedir(), '.cache'), 'rookery');
}

/** The folder of the model files. */
export function modelsFolderOf(cacheFolder: string): string {
  return join(cacheFolder, 'models');
}

/** Makes a folder and those above it. Throws `disk_full`, or `download_failed` naming the folder and the reason. */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
  } catch (error) {
    throw toStorageError(error, path);
  }
}

/** Throws `disk_full` with both numbers when the disk of a folder has not that many bytes left for this user. Does nothing where the system cannot tell. */
export async function checkRoom(folder: string, neededBytes: number): Promise<void> {
  const disk = await statfs(folder).catch(() => undefined);
  if (disk === undefined || disk.blocks === 0) return;
  const freeBytes = disk.bavail * disk.bsize;
  if (freeBytes >= neededBytes) return;
  throw new GatewayError('disk_full', `${folder} has ${formatBytes(freeBytes)} free; ${formatBytes(neededBytes)} are needed.`);
}

/** Bytes of all files under a folder; 0 where there is none. Files that come and go meanwhile do no harm. */
export async function measureFolder(path: string): Promise<number> {
  const entries = await readdir(path, { withFileTypes: true, recursive: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(files.map((file) => fileSize(join(file.parentPath ?? file.path, file.name))));
  return sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0);
}

/** Bytes of a file; undefined where there is none. */
export async function fileSize(path: string): Promise<number | undefined> {
  const found = await stat(path).catch(() => undefined);
  return found?.isFile() === true ? found.size : undefined;
}
