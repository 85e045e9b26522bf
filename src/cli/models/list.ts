import { findCacheFolder } from '../../sources/cache-folder.ts';
import { catalogue } from '../../sources/catalogue.ts';
import { formatBytes } from '../../sources/format-bytes.ts';
import { listInstalled } from '../../sources/model-files.ts';

/** Flags of `rookery models`. */
export interface ModelsFlags {
  readonly cacheDir?: string;
  readonly json?: boolean;
}

/** A line of the list. */
export interface ListedModel {
  readonly id: string;
  readonly sizeBytes: number;
  readonly isSizeApproximate: boolean;
  readonly isInstalled: boolean;
  readonly path?: string;
  /** hub or PyPI; absent for a file that only lies in the cache */
  readonly from?: 'hub' | 'pypi';
  readonly parametersB?: number;
  readonly quantisation?: string;
  readonly licence?: string;
  readonly goodFor?: string;
}

/** Prints the models that lie in the cache and those that can be fetched by name. */
export async function printModels(flags: ModelsFlags): Promise<void> {
  const cacheFolder = findCacheFolder(flags.cacheDir, process.env.XDG_CACHE_HOME);
  const models = await listModels(cacheFolder);
  process.stdout.write(
    flags.json === true ? `${JSON.stringify({ cacheFolder, models }, undefined, 2)}\n` : renderModels(models, cacheFolder),
  );
}

/** The catalogue in its order, each with what lies in the cache, then further files of the cache. */
export async function listModels(cacheFolder: string): Promise<readonly ListedModel[]> {
  const installed = await listInstalled(cacheFolder);
  const known = catalogue.map((model): ListedModel => {
    const file = installed.find(({ id }) => id === model.id);
    const { id, parametersB, quantisation, licence, goodFor } = model;
    const facts = { id, from: model.source.type, parametersB, quantisation, licence, goodFor };
    if (file !== undefined) return { ...facts, sizeBytes: file.sizeBytes, isSizeApproximate: false, isInstalled: true, path: file.path };
    return { ...facts, sizeBytes: model.sizeBytes, isSizeApproximate: model.isSizeApproximate, isInstalled: false };
  });
  const others = installed.filter(({ id }) => !catalogue.some((model) => model.id === id));
  return [...known, ...others.map((file): ListedModel => ({ ...file, isSizeApproximate: false, isInstalled: true }))];
}

/** The list as a table for people. */
export function renderModels(models: readonly ListedModel[], cacheFolder: string): string {
  const rows = models.map((model) => [
    model.id,
    `${model.isSizeApproximate ? '~' : ''}${formatBytes(model.sizeBytes)}`,
    model.isInstalled ? 'installed' : `rookery pull ${model.id}`,
    model.goodFor ?? model.path ?? '',
  ]);
  const header = ['MODEL', 'SIZE', 'HERE', 'GOOD FOR'];
  const widths = header.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const renderRow = (row: readonly string[]) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  const lines = [header, ...rows].map(renderRow);
  return `${lines.join('\n')}\n\nServe one with \`rookery serve --model NAME\`. Any GGUF file of the hub: hf:owner/repo/file.gguf. Files lie in ${cacheFolder}.\n`;
}
