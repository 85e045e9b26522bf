import { mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { GatewayError } from '../protocol/error.ts';
import { checkRoom, fileSize, makeFolder, measureFolder } from './cache-folder.ts';
import { withDownloadLock } from './download-lock.ts';
import type { OnProgress } from './progress.ts';
import { lastLines, runTool } from './run-tool.ts';
import { toStorageError } from './storage-error.ts';

/** What finding the embedded engine's package takes. */
export interface EnginePackageOptions {
  /** see `findCacheFolder` */
  readonly cacheFolder: string;
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

/** The package's builds for accelerators and other machines: most of its 725 MB. Source: its package.json, optionalDependencies, 3.22.1. */
const spareBuilds = [
  'linux-arm64',
  'linux-armv7l',
  'linux-riscv64',
  'linux-x64-cuda',
  'linux-x64-cuda-ext',
  'linux-x64-vulkan',
  'win-arm64',
  'win-x64-cuda',
  'win-x64-cuda-ext',
  'win-x64-vulkan',
] as const;

/**
 * The address (`file:` URL) of the embedded engine's entry file: installed beside rookery, else in the cache folder, else fetched there with npm,
 * which checks its integrity; no script of it runs. Throws `engine_missing` when it may not or cannot be fetched, `disk_full`, the signal's reason.
 */
export async function locateEnginePackage(options: EnginePackageOptions): Promise<string> {
  const beside = await findBeside();
  if (beside !== undefined) return beside;
  const folder = join(options.cacheFolder, 'engines', `${packageName}-${enginePackageVersion}`);
  const entry = entryOf(folder);
  if ((await fileSize(entry)) !== undefined) return pathToFileURL(entry).href;
  if (options.mayInstall === false) throw missing('It may not be fetched here.');
  await installEnginePackage(folder, options);
  return pathToFileURL(entry).href;
}

async function findBeside(): Promise<string | undefined> {
  try {
    const entry = import.meta.resolve(packageName);
    const manifest = join(dirname(dirname(fileURLToPath(entry))), 'package.json');
    const { version } = JSON.parse(await readFile(manifest, 'utf8')) as { version?: string };
    return version === enginePackageVersion ? entry : undefined;
  } catch {
    return undefined;
  }
}

function entryOf(folder: string): string {
  return join(folder, 'node_modules', packageName, 'dist', 'index.js');
}

/** Installs the package into a folder, all or nothing; of several processes one works. Throws as `locateEnginePackage`. */
export async function installEnginePackage(folder: string, options: EnginePackageOptions): Promise<void> {
  const { signal, onProgress } = options;
  const title = `Installing the embedded engine (${packageName} ${enginePackageVersion})`;
  await makeFolder(dirname(folder));
  const onWait = () => onProgress({ kind: 'step', title: `${title}: another rookery is at it; waiting` });
  await withDownloadLock(`${folder}.lock`, { signal, onWait }, async (lockSignal) => {
    if ((await fileSize(entryOf(folder))) !== undefined) return;
    await checkRoom(dirname(folder), roomBytes);
    options.say(`${title}, about 85 MB, with npm into ${folder}`);
    await removeLeftovers(folder);
    const temporary = await mkdtemp(`${folder}.part-`).catch((error: unknown) => {
      throw toStorageError(error, folder);
    });
    try {
      await writeManifests(temporary);
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

async function writeManifests(folder: string): Promise<void> {
  const emptyFolder = join(folder, 'empty-package');
  await makeFolder(emptyFolder);
  await writeFile(join(emptyFolder, 'package.json'), JSON.stringify({ name: 'empty-package', version: '0.0.0', private: true }));
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifestFor(`${process.platform}-${process.arch}`), undefined, 2));
}

/** The package.json that npm installs from on a platform such as `linux-x64`: every spare build but the platform's own is replaced by an empty package. */
export function manifestFor(platform: string): object {
  const spare = spareBuilds.filter((build) => build !== platform);
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
