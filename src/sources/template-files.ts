import { readdir, readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { GatewayError } from '../protocol/error.ts';
import type { JsonValue } from '../protocol/json.ts';
import type { NamedTemplates } from '../templates/named-templates.ts';
import { readTokenizerConfig, type SpecialTokenVariables } from '../templates/tokenizer-config.ts';
import { fileSize } from './cache-folder.ts';
import { readGgufHeader, readGgufSpecialTokens } from './gguf-header.ts';
import { findHubSnapshot } from './hub-cache.ts';
import { listInstalled } from './model-files.ts';

/** A model's chat templates, and where they were found. */
export interface FoundTemplates {
  readonly templates: NamedTemplates;
  readonly specialTokens: SpecialTokenVariables;
  /** what to show to people: a path, or the name of one of ours */
  readonly origin: string;
  /** tokens that the model was trained for, where the source tells */
  readonly contextTokens?: number;
}

/** Where templates are looked for. */
export interface TemplatePlaces {
  readonly cacheFolder: string;
  /** the folder in which Hugging Face's tools keep what they downloaded (`~/.cache/huggingface/hub`) */
  readonly hubCacheFolder: string;
  /** the templates that come with Rookery */
  readonly ownFolder: string;
}

const mostTemplateBytes = 1024 * 1024;
const mostConfigBytes = 16 * 1024 * 1024;

/**
 * Finds chat templates by what a person names: a template file, a GGUF file, a `tokenizer_config.json`, a folder with a model's files, the id of an
 * installed model, `org/name` in the hub's cache, or one of ours by its name. Nothing is downloaded.
 * Throws `unknown_model` where nothing is found, and says where it looked; `model_file_invalid` for a file that cannot be read.
 */
export async function findTemplates(reference: string, places: TemplatePlaces): Promise<FoundTemplates> {
  const found =
    (await readPlace(reference.startsWith('~/') ? join(homedir(), reference.slice(2)) : reference)) ??
    (await readInstalled(reference, places.cacheFolder)) ??
    (await readHubCache(reference, places.hubCacheFolder)) ??
    (await readOwn(reference, places.ownFolder));
  if (found === undefined) throw await notFound(reference, places);
  if (Object.keys(found.templates).length > 0) return found;
  throw new GatewayError('unknown_model', `${found.origin} has no chat template. Name a file with one, such as chat_template.jinja.`);
}

/** Names of the templates that come with Rookery. */
async function listOwnTemplates(ownFolder: string): Promise<readonly string[]> {
  const names = await readdir(ownFolder).catch(() => []);
  return names.filter((name) => name.endsWith('.jinja')).map((name) => basename(name, '.jinja'));
}

async function readPlace(path: string): Promise<FoundTemplates | undefined> {
  const facts = await stat(path).catch(() => undefined);
  if (facts === undefined) return undefined;
  if (facts.isDirectory()) return readFolder(path);
  if (path.toLowerCase().endsWith('.gguf')) return readGguf(path);
  if (!path.toLowerCase().endsWith('.json')) return { templates: { default: await readTemplate(path) }, specialTokens: {}, origin: path };
  return { ...(await readConfig(path)), origin: path };
}

function readGguf(path: string): FoundTemplates {
  const { chatTemplate, templateVariants, contextTokens } = readGgufHeader(path);
  const templates = { ...templateVariants, ...(chatTemplate === undefined ? {} : { default: chatTemplate }) };
  return {
    ...{ templates, specialTokens: readGgufSpecialTokens(path), origin: path },
    ...(contextTokens === undefined ? {} : { contextTokens }),
  };
}

/** A folder as the model hub has them: the newer file of its own wins over the older field of the configuration. Source: transformers 4.57. */
async function readFolder(folder: string): Promise<FoundTemplates> {
  const config = await readConfig(join(folder, 'tokenizer_config.json'));
  const older = await readConfig(join(folder, 'chat_template.json'));
  const own = await readIfThere(join(folder, 'chat_template.jinja'));
  const variants = await readVariants(join(folder, 'additional_chat_templates'));
  const templates = { ...config.templates, ...older.templates, ...(own === undefined ? {} : { default: own }), ...variants };
  return { templates, specialTokens: config.specialTokens, origin: folder };
}

async function readVariants(folder: string): Promise<NamedTemplates> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.jinja'));
  const read = names.map(async (name) => [basename(name, '.jinja'), await readTemplate(join(folder, name))] as const);
  return Object.fromEntries(await Promise.all(read));
}

async function readInstalled(reference: string, cacheFolder: string): Promise<FoundTemplates | undefined> {
  const installed = (await listInstalled(cacheFolder)).find(({ id }) => id === reference.toLowerCase());
  return installed === undefined ? undefined : readGguf(installed.path);
}

async function readHubCache(reference: string, hubCacheFolder: string): Promise<FoundTemplates | undefined> {
  const folder = await findHubSnapshot(reference, hubCacheFolder);
  return folder === undefined ? undefined : readFolder(folder);
}

async function readOwn(name: string, ownFolder: string): Promise<FoundTemplates | undefined> {
  if (!(await listOwnTemplates(ownFolder)).includes(name)) return undefined;
  return { templates: { default: await readTemplate(join(ownFolder, `${name}.jinja`)) }, specialTokens: {}, origin: name };
}

async function readTemplate(path: string): Promise<string> {
  const size = (await fileSize(path)) ?? 0;
  if (size > mostTemplateBytes) throw invalid(path, `it has ${size} bytes; at most ${mostTemplateBytes} are read`);
  return decode(path, await readFile(path));
}

async function readIfThere(path: string): Promise<string | undefined> {
  return (await fileSize(path)) === undefined ? undefined : readTemplate(path);
}

async function readConfig(path: string) {
  const size = await fileSize(path);
  if (size === undefined) return readTokenizerConfig(null);
  if (size > mostConfigBytes) throw invalid(path, `it has ${size} bytes; at most ${mostConfigBytes} are read`);
  try {
    return readTokenizerConfig(JSON.parse(decode(path, await readFile(path))) as JsonValue);
  } catch (cause) {
    if (cause instanceof SyntaxError) throw invalid(path, `it is not JSON (${cause.message})`);
    throw cause;
  }
}

function decode(path: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw invalid(path, 'it is not UTF-8 text');
  }
}

function invalid(path: string, fault: string): GatewayError {
  return new GatewayError('model_file_invalid', `${path} cannot be read as a chat template or its configuration: ${fault}.`);
}

async function notFound(reference: string, { cacheFolder, hubCacheFolder, ownFolder }: TemplatePlaces): Promise<GatewayError> {
  const own = (await listOwnTemplates(ownFolder)).join(', ');
  return new GatewayError(
    'unknown_model',
    `No chat template is found for "${reference.slice(0, 200)}": no such file or folder, no installed model (${cacheFolder}), not in the hub's cache (${hubCacheFolder}), and none of ours (${own}).`,
  );
}
