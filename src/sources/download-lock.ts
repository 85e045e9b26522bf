import { randomUUID } from 'node:crypto';
import { open, readFile, rm, stat, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { GatewayError } from '../protocol/error.ts';
import { errorCodeOf, toStorageError } from './storage-error.ts';

/** How a lock is taken. */
export interface LockOptions {
  readonly signal: AbortSignal;
  /** another process holds it; called at every look, every `pollMs` */
  readonly onWait: () => void;
  /** default 250 */
  readonly pollMs?: number;
  /** a holder that has not stirred for so long is gone, whatever its pid says; default 30,000 */
  readonly staleAfterMs?: number;
}

interface Holder {
  readonly pid: number;
  readonly host: string;
  /** tells this taking of the lock from every other */
  readonly ticket: string;
}

const beatMs = 2_000;

/**
 * Runs work while no other process on this cache folder does the same. The lock is a file with the holder's pid; it is taken over when that process
 * is dead (same machine) or has not touched the file for `staleAfterMs` (it was stopped, or lives on another machine). `work` gets a signal that is
 * aborted by the caller's, and when the lock was lost to another. An aborted signal ends the waiting with its reason.
 */
export async function withDownloadLock<T>(path: string, options: LockOptions, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const holder: Holder = { pid: process.pid, host: hostname(), ticket: randomUUID() };
  while (!(await take(path, holder, options.staleAfterMs ?? 30_000))) {
    options.onWait();
    await sleep(options.pollMs ?? 250, undefined, { signal: options.signal }).catch(() => options.signal.throwIfAborted());
  }
  const lost = new AbortController();
  const beat = setInterval(() => void stir(path, holder, lost), beatMs);
  beat.unref();
  try {
    return await work(AbortSignal.any([options.signal, lost.signal]));
  } finally {
    clearInterval(beat);
    if ((await readHolder(path))?.ticket === holder.ticket) await rm(path, { force: true });
  }
}

async function take(path: string, holder: Holder, staleAfterMs: number): Promise<boolean> {
  if (await create(path, holder)) return true;
  const other = await readHolder(path);
  if (!(await isGone(path, other, staleAfterMs))) return false;
  await removeStale(path, other, staleAfterMs);
  return create(path, holder);
}

async function create(path: string, holder: Holder): Promise<boolean> {
  try {
    const file = await open(path, 'wx');
    await file.writeFile(JSON.stringify(holder)).finally(() => file.close());
    return true;
  } catch (error) {
    if (errorCodeOf(error) === 'EEXIST') return false;
    throw toStorageError(error, path);
  }
}

/**
 * Two waiters may find the same dead holder. Only the one that makes the claim file named for the holder's ticket may remove the lock, and only while
 * the lock still bears that ticket; so no fresh lock is ever removed.
 */
async function removeStale(path: string, other: Holder | undefined, staleAfterMs: number): Promise<void> {
  const claim = `${path}.${other?.ticket ?? 'unreadable'}`;
  if (await isOlderThan(claim, staleAfterMs)) await rm(claim, { force: true });
  const file = await open(claim, 'wx').catch(() => undefined);
  if (file === undefined) return;
  await file.close();
  const current = await readHolder(path);
  if (current?.ticket === other?.ticket && (await isGone(path, current, staleAfterMs))) await rm(path, { force: true });
  await rm(claim, { force: true });
}

async function isGone(path: string, holder: Holder | undefined, staleAfterMs: number): Promise<boolean> {
  if (holder !== undefined && holder.host === hostname() && !isAlive(holder.pid)) return true;
  return isOlderThan(path, staleAfterMs);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCodeOf(error) === 'EPERM';
  }
}

async function isOlderThan(path: string, ageMs: number): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found !== undefined && Date.now() - found.mtimeMs > ageMs;
}

async function readHolder(path: string): Promise<Holder | undefined> {
  try {
    const read = JSON.parse(await readFile(path, 'utf8')) as Partial<Holder>;
    const { pid, host, ticket } = read;
    const isWhole = Number.isInteger(pid) && typeof host === 'string' && typeof ticket === 'string' && /^[\w-]+$/.test(ticket);
    return isWhole ? { pid: pid as number, host, ticket } : undefined;
  } catch {
    // gone, or its holder is just writing it: then its age decides
    return undefined;
  }
}

async function stir(path: string, holder: Holder, lost: AbortController): Promise<void> {
  const current = await readHolder(path);
  if (current !== undefined && current.ticket !== holder.ticket) {
    lost.abort(new GatewayError('download_failed', `Another rookery has taken over the work of ${path} while this one stood still.`));
  }
  const now = new Date();
  if (current?.ticket === holder.ticket) await utimes(path, now, now).catch(() => undefined);
}
