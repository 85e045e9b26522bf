import type { Metric, Registry } from 'prom-client';
import type { TextAnswer } from '../send-text.ts';
import type { Family } from './family.ts';

/**
 * Writes families, and the metrics of the process, in Prometheus' text format 0.0.4.
 * prom-client is loaded at the first call: it takes 50 ms and more, and a server that nobody scrapes needs none of it.
 */
export function createExposition(families: readonly Family[]): () => Promise<TextAnswer> {
  let registries: Promise<readonly Registry[]> | undefined;
  return async () => {
    registries ??= openRegistries(families);
    const [own, ofProcess] = await registries;
    const texts = await Promise.all([own, ofProcess].map((registry) => registry?.metrics() ?? ''));
    return { contentType: own?.contentType ?? '', text: texts.join('\n') };
  };
}

async function openRegistries(families: readonly Family[]): Promise<readonly Registry[]> {
  const { Registry } = await import('prom-client');
  const registry = new Registry();
  for (const family of families) registry.registerMetric(toMetric(family));
  return [registry, await openProcessRegistry()];
}

const noLabels = {};

/**
 * prom-client asks a metric for its name and for what `get` gives, and for nothing else: its own cluster support registers such objects.
 * Source: prom-client 15.1.3, lib/registry.js and lib/cluster.js.
 */
function toMetric(family: Family): Metric {
  const { name, help, type } = family;
  const get = async () => ({
    ...{ name, help, type, aggregator: 'sum' },
    values: family.samples().map(({ suffix, labels, bound, value }) => ({
      labels: bound === undefined ? noLabels : { le: bound },
      // prom-client keeps the text of these
      sharedLabels: labels,
      ...{ value, metricName: name + suffix },
    })),
  });
  return { name, get } as unknown as Metric;
}

let processRegistry: Promise<Registry> | undefined;

/** Memory, event loop, garbage collection and handles: one for the process however many servers it has, as its collectors are never taken down. */
function openProcessRegistry(): Promise<Registry> {
  processRegistry ??= import('prom-client').then(({ Registry, collectDefaultMetrics }) => {
    const registry = new Registry();
    collectDefaultMetrics({ register: registry });
    return registry;
  });
  return processRegistry;
}
