import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileSize, modelsFolderOf } from './cache-folder.ts';
import { type CatalogueModel, catalogue, type HubFile } from './catalogue.ts';

/** A model file that lies in the cache. */
export interface InstalledModel {
  readonly id: string;
  readonly path: string;
  readonly sizeBytes: number;
}

/** The id a model file goes by: the catalogue's, when it is a file of that name, else the file's name without `.gguf`, in lower case. */
export function idOfFile(path: string): string {
  const name = basename(path);
  const known = catalogue.find((model) => model.fileName === name);
  return known?.id ?? name.replace(/\.gguf$/i, '').toLowerCase();
}

/** Where a model of the catalogue lies, or will. */
export function pathOfModel(cacheFolder: string, model: CatalogueModel): string {
  return join(modelsFolderOf(cacheFolder), model.fileName);
}

/** Where a file of the hub lies, or will: in a folder of its repository, so that files of one name don't meet. One that the catalogue knows lies where that says. */
export function pathOfHubFile(cacheFolder: string, { repo, file }: HubFile): string {
  const known = catalogue.find(({ source }) => source.type === 'hub' && source.repo === repo && source.file === file);
  if (known !== undefined) return pathOfModel(cacheFolder, known);
  return join(modelsFolderOf(cacheFolder), 'hf', ...repo.split('/'), ...file.split('/'));
}

/** All model files in the cache, by path. */
export async function listInstalled(cacheFolder: string): Promise<readonly InstalledModel[]> {
  const folder = modelsFolderOf(cacheFolder);
  const entries = await readdir(folder, { recursive: true }).catch(() => []);
  const names = entries.filter((name) => name.toLowerCase().endsWith('.gguf')).sort();
  const found = await Promise.all(names.map((name) => describe(join(folder, name))));
  return found.filter((model) => model !== undefined);
}

async function describe(path: string): Promise<InstalledModel | undefined> {
  const sizeBytes = await fileSize(path);
  return sizeBytes === undefined ? undefined : { id: idOfFile(path), path, sizeBytes };
}
