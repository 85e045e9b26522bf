import { access, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { GatewayError } from '../protocol/error.ts';
import { checkRoom, fileSize, makeFolder, measureFolder } from './cache-folder.ts';
import { withDownloadLock } from './download-lock.ts';
import { chooseBuilds, spareBuilds } from './engine-builds.ts';
import { findFreeGpuBytes } from './gpu-memory.ts';
import type { OnProgress } from './progress.ts';
import { lastLines, runTool } from './run-tool.ts';
import { toStorageError } from './storage-error.ts';

/** What finding the embedded engine's package takes. */
export interface EnginePackageOptions {
  /** see `findCacheFolder` */
  readonly cacheFolder: string;
  /** an NVIDIA GPU is to be used where there is one */
  readonly usesGpu: boolean;
  /** fetch it when it is missing; default true */
  readonly mayInstall?: boolean;
  readonly onProgress: OnProgress;
  /** a line that a person should read now */
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

const packageName = 'node-llama-cpp';

/** The one version whose internals the embedded engine knows; package.json pins the same. */
export const enginePackageVersion = '3.22.1';

const roomBytes = 300_000_000;
const gpuRoomBytes = 1_500_000_000;

/**
 * The address (`file:` URL) of the embedded engine's entry file: installed beside rookery, else in the cache folder, else fetched there with npm,
 * which checks its integrity; no script of it runs. Where an NVIDIA GPU is found the builds for it are fetched into the cache folder too; when they
 * cannot be had, a package that lies beside serves without them, and that is said. Throws `engine_missing` when it may not or cannot be fetched,
 * `disk_full`, the signal's reason.
 */
export async function locateEnginePackage(options: EnginePackageOptions): Promise<string> {
  const hasNvidiaGpu = options.usesGpu && process.platform !== 'darwin' && (await findFreeGpuBytes(options.signal)) > 0;
  const builds = chooseBuilds({ platform: process.platform, arch: process.arch, hasNvidiaGpu });
  if (await isBeside(builds)) return import.meta.resolve(packageName);
  const folder = join(options.cacheFolder, 'engines', [packageName, enginePackageVersion, ...builds.slice(1, 2)].join('-'));
  const entry = entryOf(folder);
  if ((await fileSize(entry)) !== undefined) return pathToFileURL(entry).href;
  if (options.mayInstall === false) throw missing('It may not be fetched here.');
  try {
    await installEnginePackage(folder, builds, options);
    return pathToFileURL(entry).href;
  } catch (error) {
    options.signal.throwIfAborted();
    if (builds.length === 1 || !(error instanceof GatewayError) || !(await isBeside(builds.slice(0, 1)))) throw error;
    options.say(`${error.message} The GPU is not used.`);
    return import.meta.resolve(packageName);
  }
}

/** Whether the pinned version lies beside rookery with all of these builds. */
async function isBeside(builds: readonly string[]): Promise<boolean> {
  try {
    const manifest = join(dirname(dirname(fileURLToPath(import.meta.resolve(packageName)))), 'package.json');
    const { version } = JSON.parse(await readFile(manifest, 'utf8')) as { version?: string };
    const binaries = builds.map((build) => join(dirname(dirname(manifest)), '@node-llama-cpp', build, 'bins'));
    // an empty package stands in for a build that was left out
    const found = await Promise.all(binaries.map((folder) => access(folder)));
    return version === enginePackageVersion && found.length === builds.length;
  } catch {
    return false;
  }
}

function entryOf(folder: string): string {
  return join(folder, 'node_modules', packageName, 'dist', 'index.js');
}

/** Installs the package into a folder, all or nothing; of several processes one works. Throws as `locateEnginePackage`. */
export async function installEnginePackage(folder: string, builds: readonly string[], options: EnginePackageOptions): Promise<void> {
  const { signal, onProgress } = options;
  const title = `Installing the embedded engine (${packageName} ${enginePackageVersion})`;
  await makeFolder(dirname(folder));
  const onWait = () => onProgress({ kind: 'step', title: `${title}: another rookery is at it; waiting` });
  await withDownloadLock(`${folder}.lock`, { signal, onWait }, async (lockSignal) => {
    if ((await fileSize(entryOf(folder))) !== undefined) return;
    await checkRoom(dirname(folder), builds.length > 1 ? gpuRoomBytes : roomBytes);
    options.say(`${title}, about ${builds.length > 1 ? '630 MB with its CUDA builds' : '85 MB'}, with npm into ${folder}`);
    await removeLeftovers(folder);
    const temporary = await mkdtemp(`${folder}.part-`).catch((error: unknown) => {
      throw toStorageError(error, folder);
    });
    try {
      await writeManifests(temporary, builds);
      await runNpm(temporary, title, { ...options, signal: lockSignal });
      await rm(folder, { recursive: true, force: true });
      await rename(temporary, folder);
    } finally {
      await rm(temporary, { recursive: true, force: true });
    }
    onProgress({ kind: 'done', title });
  });
}

/** A killed install leaves its temporary folder; the lock makes sure that none is in use. */
async function removeLeftovers(folder: string): Promise<void> {
  const names = await readdir(dirname(folder));
  const leftovers = names.filter((name) => name.startsWith(`${basename(folder)}.part-`));
  await Promise.all(leftovers.map((name) => rm(join(dirname(folder), name), { recursive: true, force: true })));
}

async function writeManifests(folder: string, builds: readonly string[]): Promise<void> {
  const emptyFolder = join(folder, 'empty-package');
  await makeFolder(emptyFolder);
  await writeFile(join(emptyFolder, 'package.json'), JSON.stringify({ name: 'empty-package', version: '0.0.0', private: true }));
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifestFor(builds), undefined, 2));
}

/** The package.json that npm installs from: every spare build but the wanted ones is replaced by an empty package. */
export function manifestFor(builds: readonly string[]): object {
  const spare = spareBuilds.filter((build) => !builds.includes(build));
  return {
    name: 'rookery-engine',
    private: true,
    dependencies: { [packageName]: enginePackageVersion },
    overrides: { [packageName]: Object.fromEntries(spare.map((build) => [`@node-llama-cpp/${build}`, 'file:empty-package'])) },
  };
}

async function runNpm(folder: string, title: string, options: EnginePackageOptions): Promise<void> {
  const tell = async () => options.onProgress({ kind: 'step', title, doneBytes: await measureFolder(folder) });
  const flags = [
    '--ignore-scripts',
    '--include=optional',
    '--no-audit',
    '--no-fund',
    '--no-update-notifier',
    '--global=false',
    '--workspaces=false',
  ];
  const end = await runTool({
    command: 'npm',
    args: ['install', ...flags, '--prefix', folder],
    folder,
    signal: options.signal,
    onTick: () => void tell(),
    tickMs: 1_000,
  });
  if (end === undefined) throw missing('It can be fetched with npm, which was not found.');
  if (end.exitCode !== 0) throw missing(`npm could not fetch it: ${lastLines(end.output.replace(/^npm (warn|notice).*$/gim, ''), 3)}`);
  if ((await fileSize(entryOf(folder))) === undefined) throw missing('npm fetched it, and its entry file is not where it should be.');
}

function missing(reason: string): GatewayError {
  return new GatewayError('engine_missing', `The embedded engine needs ${packageName} ${enginePackageVersion}. ${reason}`);
}
