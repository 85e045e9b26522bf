import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { showProgress } from '../steps/progress.mjs';
import { isAlive } from '../steps/setup-lock.mjs';

/**
 * Where the engines are kept: `rookery-engines` beside the models' folder, so that neither a build nor a fresh checkout fetches or compiles
 * gigabytes again. It is no part of the gateway's own cache, which users see. `$XDG_CACHE_HOME` is followed; the folder may be deleted at any time.
 */
export const enginesFolder = join(cacheHome(), 'rookery-engines');

/** The tiny model that all engines are compared with. `rookery serve --tiny` and `npm test` fetch it. */
export const tinyModelPath = join(cacheHome(), 'rookery', 'models', 'SmolLM2-135M-Instruct.Q4_1.gguf');

/**
 * Makes `<name>/<version>` once with `build(folder)` and gives the folder. It counts as made when the record of the build is in it; one that was left
 * half-made is thrown away. Two processes that want the same wait for each other.
 */
export async function installOnce(name, version, build) {
  const folder = join(enginesFolder, name, version);
  if (isReady(folder)) return folder;
  mkdirSync(join(enginesFolder, name), { recursive: true });
  return withLock(`${folder}.lock`, async () => {
    if (isReady(folder)) return folder;
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder);
    try {
      const facts = await build(folder);
      writeFileSync(join(folder, 'ready.json'), `${JSON.stringify({ name, version, ...facts })}\n`);
    } catch (error) {
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
    return folder;
  });
}

/** Whether an engine of this version was installed to its end. */
export function isInstalled(name, version) {
  return isReady(join(enginesFolder, name, version));
}

function isReady(folder) {
  return existsSync(join(folder, 'ready.json'));
}

async function withLock(path, work) {
  if (!takeLock(path)) {
    await showProgress(`Waiting for process ${readPid(path) ?? '?'}, which installs the same`, async () => {
      while (!takeLock(path)) await sleep(250);
    });
  }
  const release = () => rmSync(path, { force: true });
  process.once('exit', release);
  try {
    return await work();
  } finally {
    process.off('exit', release);
    release();
  }
}

function takeLock(path) {
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
  const pid = readPid(path);
  if (pid !== undefined && !isAlive(pid)) rmSync(path, { force: true });
  return false;
}

function readPid(path) {
  try {
    return Number(readFileSync(path, 'utf8')) || undefined;
  } catch {
    return undefined;
  }
}

function cacheHome() {
  const xdg = process.env.XDG_CACHE_HOME ?? '';
  return isAbsolute(xdg) ? xdg : join(homedir(), '.cache');
}
