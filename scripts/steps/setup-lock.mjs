import { appendFileSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { places } from './paths.mjs';
import { showProgress } from './progress.mjs';

const lockFolder = join(places.build, 'setup.lock');
const pidFile = join(lockFolder, 'pid');
const pollMs = 250;
/** a lock without a process id is one that is being made, or whose maker died in between */
const unnamedMs = 5000;

/** Runs `work` while no other set-up of this checkout works; waits for one that does. A lock whose processes are gone is taken over. */
export async function withSetupLock(work) {
  mkdirSync(places.build, { recursive: true });
  if (!takeLock()) {
    await showProgress(`Waiting for another set-up of this checkout (process ${readPids()[0] ?? 'unknown'})`, async () => {
      while (!takeLock()) await sleep(pollMs);
    });
  }
  // also when a signal ends this process
  process.once('exit', releaseLock);
  try {
    return await work();
  } finally {
    process.off('exit', releaseLock);
    releaseLock();
  }
}

/** Tells the lock of a program that works on for the set-up even if this process is killed: until it ends, nobody takes the lock over. */
export function noteWorker(pid) {
  appendFileSync(pidFile, `\n${pid}`);
}

function takeLock() {
  try {
    mkdirSync(lockFolder);
    writeFileSync(pidFile, String(process.pid));
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
  if (isAbandoned()) dropAbandoned();
  return false;
}

function isAbandoned() {
  const pids = readPids();
  if (pids.length > 0) return !pids.some(isAlive);
  try {
    return Date.now() - statSync(lockFolder).mtimeMs > unnamedMs;
  } catch {
    return false;
  }
}

/** Renaming first: of several that find it abandoned, one succeeds. */
function dropAbandoned() {
  const aside = `${lockFolder}-${process.pid}`;
  try {
    renameSync(lockFolder, aside);
    rmSync(aside, { recursive: true, force: true });
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
}

function releaseLock() {
  if (readPids()[0] === process.pid) rmSync(lockFolder, { recursive: true, force: true });
}

/** The set-up's own process, then its workers. */
function readPids() {
  try {
    return readFileSync(pidFile, 'utf8')
      .split('\n')
      .map(Number)
      .filter((pid) => pid > 0);
  } catch {
    return [];
  }
}

/** Whether a process runs, whoever owns it. */
export function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
