import { readdir, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { GatewayError } from '../protocol/error.ts';
import { findNearestName } from '../text/nearest-name.ts';
import type { TokenizerSource } from '../tokenizers/tokenizer-source.ts';
import { fileSize } from './cache-folder.ts';
import { catalogue, findInCatalogue } from './catalogue.ts';
import { findHubSnapshot, isHubName } from './hub-cache.ts';
import { listInstalled, pathOfModel } from './model-files.ts';

/** Where tokenizers are looked for. */
export interface TokenizerPlaces {
  /** Rookery's own, with its models */
  readonly cacheFolder: string;
  /** the model hub's, which Python tools fill */
  readonly hubCacheFolder: string;
}

/**
 * Finds the tokenizer that a reference names, without a network: a GGUF file, a tokenizer.json or a folder with one of them, the name of an installed
 * model, or `owner/name` of the model hub where a Python tool has fetched it (`owner/name@revision` for another revision than `main`).
 * Throws `unknown_model`, saying where it looked and what to do.
 */
export async function findTokenizer(reference: string, places: TokenizerPlaces): Promise<TokenizerSource> {
  const path = reference.startsWith('~/') ? join(homedir(), reference.slice(2)) : resolve(reference);
  const found =
    (await findInstalled(reference, places.cacheFolder)) ??
    (await findByPath(path)) ??
    (await findInHubCache(reference, places.hubCacheFolder));
  if (found !== undefined) return found;
  throw await explain(reference, path, places);
}

async function findInstalled(reference: string, cacheFolder: string): Promise<TokenizerSource | undefined> {
  const wanted = reference.toLowerCase();
  const known = findInCatalogue(wanted);
  const path = known === undefined ? undefined : pathOfModel(cacheFolder, known);
  if (path !== undefined && (await fileSize(path)) !== undefined) return { kind: 'gguf', path };
  const installed = (await listInstalled(cacheFolder)).find(({ id }) => id === wanted);
  return installed === undefined ? undefined : { kind: 'gguf', path: installed.path };
}

async function findByPath(path: string): Promise<TokenizerSource | undefined> {
  const entry = await stat(path).catch(() => undefined);
  if (entry?.isDirectory() === true) return findInFolder(path);
  if (entry?.isFile() !== true) return undefined;
  if (!path.toLowerCase().endsWith('.json')) return { kind: 'gguf', path };
  return describeJson(path, join(path, '..'));
}

async function findInFolder(folder: string): Promise<TokenizerSource | undefined> {
  const json = join(folder, 'tokenizer.json');
  if ((await fileSize(json)) !== undefined) return describeJson(json, folder);
  const files = (await readdir(folder)).filter((name) => name.toLowerCase().endsWith('.gguf')).sort();
  const [only, ...others] = files;
  if (only === undefined) return undefined;
  // the pieces of one model carry its vocabulary in the first
  if (others.length > 0 && !/-00001-of-\d{5}\.gguf$/i.test(only)) {
    throw new GatewayError('unknown_model', `${folder} holds several models. Name one of them: ${files.slice(0, 8).join(', ')}.`);
  }
  return { kind: 'gguf', path: join(folder, only) };
}

async function describeJson(path: string, folder: string): Promise<TokenizerSource> {
  const configPath = join(folder, 'tokenizer_config.json');
  const hasConfig = configPath !== path && (await fileSize(configPath)) !== undefined;
  return { kind: 'json', path, ...(hasConfig ? { configPath } : {}) };
}

async function findInHubCache(reference: string, hubCacheFolder: string): Promise<TokenizerSource | undefined> {
  const folder = await findHubSnapshot(reference, hubCacheFolder);
  return folder === undefined ? undefined : findInFolder(folder);
}

async function explain(reference: string, path: string, places: TokenizerPlaces): Promise<GatewayError> {
  const shown = reference.slice(0, 200);
  const refuse = (message: string) => new GatewayError('unknown_model', message);
  if ((await stat(path).catch(() => undefined))?.isDirectory() === true)
    return refuse(`${path} holds neither a tokenizer.json nor a GGUF file.`);
  if (findInCatalogue(reference) !== undefined) return refuse(`${shown} is not installed. Run \`rookery pull ${shown}\` first.`);
  if (/\.(?:gguf|json)$/i.test(reference)) return refuse(`There is no file ${path.slice(0, 1000)}.`);
  if (isHubName(reference)) {
    const name = shown.replace(/@.*$/, '');
    return refuse(
      `${shown} is neither a file nor among the fetched models in ${places.hubCacheFolder}. Fetch its tokenizer: \`hf download ${name} tokenizer.json tokenizer_config.json\`.`,
    );
  }
  const names = [...new Set([...(await listInstalled(places.cacheFolder)).map(({ id }) => id), ...catalogue.map(({ id }) => id)])];
  const nearest = findNearestName(reference.toLowerCase(), names);
  return refuse(`No model is named "${shown}".${nearest === undefined ? '' : ` Did you mean ${nearest}?`} Known: ${names.join(', ')}.`);
}
