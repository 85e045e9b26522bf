import { GatewayError } from '../../protocol/error.ts';
import type { EngineContext } from '../engine.ts';
import type { Connection } from '../http/connection.ts';
import { describeModel, type Fields, fieldsOf, type OllamaModel, servedName } from './describe-model.ts';
import { findModelFile, type ModelFile } from './model-file.ts';
import { readVersion, type VersionTraits } from './version.ts';

/** What models are learned with. */
export interface Learning {
  readonly connection: Connection;
  readonly log: EngineContext['log'];
  /** names to serve; undefined: all that Ollama has */
  readonly models: readonly string[] | undefined;
  readonly contextTokens: number | undefined;
  /** Reads a model's file, if it lies on this machine. */
  readonly readModelFile: ((path: string) => Promise<ModelFile | undefined>) | undefined;
}

/** Models that are asked about at once. */
const mostAsked = 4;

/**
 * Asks Ollama for its models and what they can do. One that it cannot describe is left out, and the log says so; throws where it does not answer, or where
 * none of the wanted ones is there.
 */
export async function learnModels(learning: Learning, signal?: AbortSignal): Promise<readonly OllamaModel[]> {
  const ask = (path: string) => learning.connection.ask({ method: 'GET', path }, signal);
  const [version, tags, processes] = await Promise.all([ask('/api/version'), ask('/api/tags'), ask('/api/ps')]);
  const traits = readVersion(fieldsOf(version).version);
  if (!traits.refusesLongPrompts) {
    learning.log('warn', 'engine-cuts-prompts', {
      reason: `Ollama ${String(fieldsOf(version).version)} cuts prompts that are longer than the context and tells nobody. Update it to 0.12.6 or later.`,
    });
  }
  const listed = listEntries(tags);
  const loaded = new Map(listEntries(processes).map((entry) => [nameOf(entry), entry.context_length]));
  const wanted = learning.models ?? readNames(tags);
  const sizes = new Map(listed.map((entry) => [nameOf(entry), entry.size]));
  const found = await mapBounded(wanted.map(servedName), (name) =>
    learnModel(name, { learning, version: traits, loadedTokens: countOf(loaded.get(name)), sizeBytes: countOf(sizes.get(name)), signal }),
  );
  const models = found.flatMap((model) => model ?? []);
  if (models.length > 0 || wanted.length === 0) return models;
  throw new GatewayError('engine_unavailable', `Ollama could describe none of its models (${wanted.join(', ')}). The log has the reasons.`);
}

/** The names of the models in the answer of `/api/tags`. */
export function readNames(tags: unknown): readonly string[] {
  return listEntries(tags).map(nameOf);
}

interface ModelQuestion {
  readonly learning: Learning;
  readonly version: VersionTraits;
  readonly loadedTokens: number | undefined;
  readonly sizeBytes: number | undefined;
  readonly signal: AbortSignal | undefined;
}

async function learnModel(name: string, question: ModelQuestion): Promise<OllamaModel | undefined> {
  const { learning, version, loadedTokens, sizeBytes, signal } = question;
  try {
    const body = JSON.stringify({ model: name });
    const shown = fieldsOf(await learning.connection.ask({ method: 'POST', path: '/api/show', body }, signal));
    const path = typeof shown.modelfile === 'string' ? findModelFile(shown.modelfile) : undefined;
    const file = path === undefined ? undefined : await learning.readModelFile?.(path);
    const source = { name, shown, file, version, loadedTokens, contextTokens: learning.contextTokens };
    return describeModel(sizeBytes === undefined ? source : { ...source, sizeBytes });
  } catch (error) {
    if (!(error instanceof GatewayError) || error.code === 'engine_unavailable' || error.code === 'client_closed') throw error;
    learning.log('warn', 'model-left-out', { model: name, reason: error.message });
    return undefined;
  }
}

function listEntries(answer: unknown): readonly Fields[] {
  const { models } = fieldsOf(answer);
  return (Array.isArray(models) ? models : []).map(fieldsOf).filter(({ name }) => typeof name === 'string');
}

function nameOf({ name }: Fields): string {
  return servedName(String(name));
}

function countOf(value: unknown): number | undefined {
  return typeof value === 'number' && value > 0 ? value : undefined;
}

/** Results in the order of the items, a few under way at once. */
async function mapBounded<Item, Result>(items: readonly Item[], ask: (item: Item) => Promise<Result>): Promise<readonly Result[]> {
  const results: Result[] = [];
  const waiting = items.entries();
  const work = async () => {
    for (const [index, item] of waiting) results[index] = await ask(item);
  };
  await Promise.all(Array.from({ length: mostAsked }, work));
  return results;
}
