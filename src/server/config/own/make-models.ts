import { given } from '../../../api/decode/given.ts';
import type { DropRules, RoutingRules, TargetOptions } from '../../../gateway/routes/route-options.ts';
import type { JsonObject } from '../../../protocol/json.ts';
import type { ModelConfiguration } from '../configuration.ts';
import type { Path } from '../file/located.ts';
import { addFault, type Reading } from '../reading.ts';
import { toMs } from '../schema/leaves.ts';
import type { ModelSection, TargetSection } from '../schema/model.ts';
import { makeFacts } from './make-facts.ts';
import { makeRules, makeTimeouts } from './make-routing.ts';

/** The models of a checked file, in the order of `Configuration.models`. */
export async function makeModels(
  reading: Reading,
  sections: Readonly<Record<string, ModelSection>> = {},
  rules: RoutingRules,
): Promise<readonly ModelConfiguration[]> {
  const models = await Promise.all(Object.entries(sections).map(([name, section]) => makeModel(reading, { name, section, rules })));
  return sortModels(models);
}

/** Names without `*` first, then longer patterns before shorter ones. */
export function sortModels(models: readonly ModelConfiguration[]): readonly ModelConfiguration[] {
  const rank = ({ name }: ModelConfiguration): number => (name.includes('*') ? 1_000 - name.length : -1);
  return models.toSorted((first, second) => rank(first) - rank(second));
}

interface NamedModel {
  readonly name: string;
  readonly section: ModelSection;
  /** of all models */
  readonly rules: RoutingRules;
}

async function makeModel(reading: Reading, { name, section, rules: under }: NamedModel): Promise<ModelConfiguration> {
  const path = ['models', name];
  const rules = makeRules(section, under);
  return {
    name,
    aliases: (section.aliases ?? []).map((alias) =>
      typeof alias === 'string' ? { name: alias, isHidden: false } : { name: alias.name, isHidden: alias.hidden ?? false },
    ),
    ...given({ mode: section.mode }),
    targets: section.targets.map((target, index) => makeTarget(reading, { name, target, path: [...path, 'targets', index] })),
    rules: { ...rules, fallbacks: rules.fallbacks.filter((each) => each !== name) },
    defaults: readDefaults(reading, section.defaults, [...path, 'defaults']),
    drops: makeDrops(section.drop_params),
    tags: section.tags ?? [],
    groups: section.groups ?? [],
    facts: await makeFacts(reading, section.facts, [...path, 'facts']),
  };
}

interface NamedTarget {
  /** of its model */
  readonly name: string;
  readonly target: string | TargetSection;
  readonly path: Path;
}

function makeTarget(reading: Reading, { name, target, path }: NamedTarget): TargetOptions {
  const section: TargetSection = typeof target === 'string' ? { upstream: target } : target;
  const { limits = {} } = section;
  return {
    ...given({ id: section.id }),
    upstream: section.upstream,
    model: section.model ?? name,
    weight: section.weight ?? 1,
    order: section.order ?? 0,
    tags: section.tags ?? [],
    limits: given({ requestsPerMinute: limits.requests_per_minute, tokensPerMinute: limits.tokens_per_minute, parallel: limits.parallel }),
    timeouts: makeTimeouts(section),
    defaults: readDefaults(reading, section.defaults, [...path, 'defaults']),
    drops: makeDrops(section.drop_params),
    ...given({ cost: section.cost }),
    rules: given({
      retries: section.retries,
      cooldownMs: section.cooldown === undefined ? undefined : toMs(section.cooldown),
      allowedFails: section.allowed_fails,
    }),
  };
}

/** Fields that say what is asked, or of whom: those are the caller's, or this file's in other places. */
const refusedDefaults = ['model', 'messages', 'prompt', 'input', 'api_base', 'base_url', 'api_key', 'user_config'];

/** Body fields for requests; values that JSON cannot hold are faults. */
export function readDefaults(reading: Reading, written: Readonly<Record<string, unknown>> = {}, path: Path): JsonObject {
  for (const name of Object.keys(written)) {
    if (refusedDefaults.includes(name)) addFault(reading, [...path, name], 'this field cannot have a default.', 'key');
    if (!isJson(written[name])) addFault(reading, [...path, name], 'a body cannot hold this number. Expected a finite one.');
  }
  return written as JsonObject;
}

function isJson(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  return typeof value !== 'object' || value === null || Object.values(value).every(isJson);
}

function makeDrops(written: ModelSection['drop_params'] = false): DropRules {
  if (typeof written === 'boolean') return { dropsUnsupported: written, paths: [] };
  if (!isMap(written)) return { dropsUnsupported: false, paths: written };
  return { dropsUnsupported: written.unsupported ?? false, paths: written.fields ?? [] };
}

function isMap(written: Exclude<ModelSection['drop_params'], boolean | undefined>): written is Exclude<typeof written, readonly string[]> {
  return !Array.isArray(written);
}
