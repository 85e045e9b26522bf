import { existsSync, readFileSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runNpm } from './npm.mjs';
import { explainNpmFailure } from './npm-failure.mjs';
import { places, root } from './paths.mjs';
import { showProgress } from './progress.mjs';
import { noteWorker } from './setup-lock.mjs';
import { readStamp, stampOf } from './stamp.mjs';
import { StepFailure } from './step-failure.mjs';

/** below this much room the disk counts as full */
const leastFreeBytes = 20_000_000;
const stampFile = join(places.modules, '.rookery-stamp');
// dev and optional are named because NODE_ENV=production would drop the compiler; no package's install script is needed or run
const npmArguments = ['ci', '--include=dev', '--include=optional', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];

/** True when node_modules holds what the lockfile says, for this Node and this machine. */
export function isInstalled() {
  if (readStamp(stampFile) === wantedStamp()) return true;
  if (existsSync(stampFile) || !matchesLockfile()) return false;
  // somebody ran `npm ci` by hand
  writeFileSync(stampFile, wantedStamp());
  return true;
}

/** Installs the packages of the lockfile; the stamp is written last, so a broken run is repeated. */
export async function install() {
  await showProgress('Installing packages (about 90 MB the first time)', async () => {
    const { code, output } = await runNpm(npmArguments, noteWorker);
    if (code !== 0) throw explainNpmFailure(output, code);
  });
  checkResult();
  writeFileSync(stampFile, wantedStamp());
}

function wantedStamp() {
  return stampOf(['package-lock.json'], [process.versions.node.split('.')[0], process.platform, process.arch]);
}

/** npm passes over optional packages that it cannot get or unpack, and says nothing: a full disk can look like success. */
function checkResult() {
  const { bavail, bsize } = statfsSync(root);
  if (bavail * bsize < leastFreeBytes) {
    throw new StepFailure('The disk is full: the packages may be incomplete.', 'free about 400 MB and run the command again.');
  }
  const missing = listMissing((path) => existsSync(join(root, path, 'package.json')));
  if (missing.length === 0) return;
  const names = missing.map((path) => path.replace('node_modules/', '')).join(', ');
  process.stderr.write(`The registry did not give ${names}; what needs it says so when it is used.\n`);
}

/** Compares npm's own record of node_modules with the lockfile: all that this machine needs, in the same versions. */
function matchesLockfile() {
  const record = readPackages(join(places.modules, '.package-lock.json'));
  return record !== undefined && listMissing((path, entry) => record[path]?.version === entry.version).length === 0;
}

/** Paths of the lockfile's packages that this machine needs and that are not there. */
function listMissing(isThere) {
  const wanted = Object.entries(readPackages(join(root, 'package-lock.json')) ?? {});
  return wanted.filter(([path, entry]) => path !== '' && isNeededHere(entry) && !isThere(path, entry)).map(([path]) => path);
}

function isNeededHere(entry) {
  if (entry.link === true) return false;
  if (entry.optional !== true) return true;
  // packages for one C library are left to npm to judge
  return entry.os?.includes(process.platform) === true && entry.cpu?.includes(process.arch) === true && entry.libc === undefined;
}

function readPackages(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages;
  } catch {
    return undefined;
  }
}
