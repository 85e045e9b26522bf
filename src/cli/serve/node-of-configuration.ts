import { given } from '../../api/decode/given.ts';
import type { NodeOptions } from '../../gateway/open-node.ts';
import type { RouteOptions } from '../../gateway/routes/route-options.ts';
import type { UpstreamOptions } from '../../gateway/upstream-set.ts';
import type { Configuration, ModelConfiguration, RemoteUpstream } from '../../server/config/index.ts';
import { isSecret } from '../../server/config/index.ts';
import { readGgufFacts } from '../../sources/gguf-facts.ts';
import { findTemplates, type TemplatePlaces } from '../../sources/template-files.ts';
import type { NamedTemplates } from '../../templates/named-templates.ts';
import type { FetchFlags } from '../fetching.ts';
import { findEmbedded } from './find-embedded.ts';

/** Where things that a configuration names are found. */
export interface ConfiguredPlaces {
  readonly fetching: FetchFlags;
  readonly places: TemplatePlaces;
  readonly signal: AbortSignal;
}

/** What a node is opened with, as a file says. A model of the embedded engine is fetched where needed. Throws what finding models and templates throws. */
export async function nodeOptionsOf(
  configuration: Configuration,
  { fetching, places, signal }: ConfiguredPlaces,
): Promise<Omit<NodeOptions, 'log' | 'trials'>> {
  const { routing, server, dialects, servesUnlisted } = configuration;
  const upstreams: UpstreamOptions[] = [];
  for (const upstream of configuration.upstreams) {
    if (upstream.kind === 'embedded') upstreams.push(await findEmbedded(upstream, fetching, signal));
    else upstreams.push(remoteOptions(upstream, configuration));
  }
  const models = await Promise.all(configuration.models.map((model) => routeOf(model, places)));
  const { rules, tagFiltering, queueLimit, queueTimeoutMs, probes, swapWaitMs } = routing;
  const { trustsRequestTemplates } = server;
  return {
    ...{ upstreams, models, servesUnlisted, rules, tagFiltering, queueLimit, queueTimeoutMs, probes, swapWaitMs, trustsRequestTemplates },
    ...(dialects === undefined ? {} : { formats: dialects.formats }),
    isFromFile: true,
  };
}

function remoteOptions(upstream: RemoteUpstream, configuration: Configuration): UpstreamOptions {
  const { name, kind, apiKey, headers, keepAlive, sharesGpu, models, ...others } = upstream;
  const options = given({
    ...others,
    apiKey: apiKey?.reveal(),
    models: models ?? namedModels(upstream, configuration),
    headers: Object.keys(headers).length > 0 ? revealHeaders(headers) : undefined,
  });
  if (kind !== 'ollama') return { name, engine: kind, options, ...given({ sharesGpu }) } as UpstreamOptions;
  return { name, engine: kind, options: { ...options, readModelFile: readGgufFacts, ...given({ keepAlive }) } };
}

/** Headers as they are sent. */
export function revealHeaders(headers: RemoteUpstream['headers']): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, isSecret(value) ? value.reveal() : value]));
}

/** The models that a cloud or a proxy is asked for, where they are known: it need not list them then. */
function namedModels({ name, kind }: RemoteUpstream, { models, servesUnlisted }: Configuration): readonly string[] | undefined {
  if (kind !== 'openai' || servesUnlisted) return undefined;
  const names = models.flatMap(({ targets }) => targets.filter(({ upstream }) => upstream === name).map(({ model }) => model));
  return names.length === 0 || names.some((model) => model.includes('*')) ? undefined : [...new Set(names)];
}

async function routeOf(
  { facts: { chatTemplate, ...facts }, mode: _, groups: __, ...route }: ModelConfiguration,
  places: TemplatePlaces,
): Promise<RouteOptions> {
  const templates = await templatesOf(chatTemplate, places);
  return { ...route, facts: { ...facts, ...(templates === undefined ? {} : { templates }) } };
}

async function templatesOf(
  choice: ModelConfiguration['facts']['chatTemplate'],
  places: TemplatePlaces,
): Promise<NamedTemplates | undefined> {
  if (choice === undefined) return undefined;
  return choice.kind === 'file' ? { default: choice.text } : (await findTemplates(choice.name, places)).templates;
}
