import { defaultRouting } from '../../../gateway/routes/default-routing.ts';
import type { DropRules, ModelAlias, RoutingRules } from '../../../gateway/routes/route-options.ts';
import type { Configuration } from '../configuration.ts';
import { isMap } from '../file/located.ts';
import type { Reading } from '../reading.ts';
import { type Fallbacks, readFallbacks } from './fallbacks.ts';
import { generalNames, liteLlmNames, routerNames, setAsideSections } from './field-names.ts';
import { groupModels } from './group-models.ts';
import { type Row, readRow } from './read-row.ts';
import { UpstreamNames } from './read-upstream.ts';
import { readCounts, readRules, tellChecks } from './rules.ts';
import { Section } from './section.ts';
import { acceptUsual, readPassThrough, readProbes, readServer } from './settings.ts';

/** The configuration that an unchanged `config.yaml` of LiteLLM says. What nothing here acts on is a warning each. Source: LiteLLM 1.109. */
export async function makeLiteLlm(given: Reading): Promise<Configuration | undefined> {
  if (!isMap(given.located.value)) return undefined;
  const reading = withFileVariables(given, new Section(given, [{ map: given.located.value, path: [] }]));
  const file = new Section(reading, [{ map: given.located.value, path: [] }]);
  file.accept('environment_variables');
  const router = file.section('router_settings');
  const litellm = file.section('litellm_settings');
  const general = file.section('general_settings');
  const rules = readRules(router, litellm);
  const upstreams = new UpstreamNames();
  const rows = readRows(file, { router, litellm, reading, upstreams });
  const fallbacks = withDefaults(readFallbacks('fallbacks', [router, litellm]), defaultFallbacks(router, litellm));
  const settings = {
    ...{ rules, fallbacks, drops: readDrops(litellm) },
    contextFallbacks: readFallbacks('context_window_fallbacks', [router, litellm]),
    contentFallbacks: readFallbacks('content_policy_fallbacks', [router, litellm]),
    retriesByModel: readModelRetries(router),
    aliases: readAliases(router, rows),
  };
  const models = groupModels(rows, settings);
  warnOfStrangers(
    router,
    models.flatMap((model) => [model.name, ...model.aliases.map(({ name }) => name)]),
    settings,
  );
  const isFiltering = router.flag('enable_tag_filtering') === true;
  const configuration: Configuration = {
    form: 'litellm',
    server: readServer(reading, general, litellm),
    hub: {},
    upstreams: upstreams.upstreams,
    models,
    servesUnlisted: false,
    routing: {
      ...defaultRouting,
      rules: {
        ...rules,
        fallbacks: fallbacks.otherwise,
        contextFallbacks: settings.contextFallbacks.otherwise,
        contentFallbacks: settings.contentFallbacks.otherwise,
      },
      tagFiltering: (router.flag('tag_filtering_match_any') ?? true) ? (isFiltering ? 'any' : 'off') : isFiltering ? 'all' : 'off',
      probes: readProbes(general),
    },
    passThrough: readPassThrough(general),
  };
  acceptUsual(general, litellm, router);
  tellChecks(router);
  file.setAside('it is left aside: nothing here acts on it.', ...setAsideSections);
  router.tellRest(routerNames);
  litellm.tellRest(liteLlmNames);
  general.tellRest(generalNames);
  file.tellRest();
  return configuration;
}

/** `environment_variables` of the file are there before anything is resolved; LiteLLM sets them after. */
function withFileVariables(reading: Reading, file: Section): Reading {
  const section = file.section('environment_variables');
  const entries = section.rest().map((name) => [name, section.text(name)] as const);
  for (const [, value] of entries) if (value !== undefined) reading.secretValues.add(value);
  return { ...reading, environment: { ...reading.environment, ...Object.fromEntries(entries) } };
}

interface RowSources {
  readonly router: Section;
  readonly litellm: Section;
  readonly reading: Reading;
  readonly upstreams: UpstreamNames;
}

function readRows(file: Section, { router, litellm, reading, upstreams }: RowSources): readonly Row[] {
  const strategy = router.text('routing_strategy') ?? '';
  const credentials = new Map<string, Section>();
  for (const credential of file.sections('credential_list')) {
    const name = credential.text('credential_name');
    if (name !== undefined) credentials.set(name, credential.section('credential_values'));
    credential.accept('credential_info');
    credential.tellRest();
  }
  const context = {
    ...{ reading, upstreams, credentials },
    defaults: router.section('default_litellm_params'),
    verifiesCertificates: litellm.flag('ssl_verify') ?? true,
    hasLimits: /^usage-based/.test(strategy) || router.texts('optional_pre_call_checks').includes('enforce_model_rate_limits'),
    defaultParallel: router.count('default_max_parallel_requests'),
  };
  return file.sections('model_list').flatMap((row) => readRow(row, context) ?? []);
}

function readDrops(litellm: Section): DropRules {
  return { dropsUnsupported: litellm.flag('drop_params') === true, paths: litellm.texts('additional_drop_params') };
}

function defaultFallbacks(router: Section, litellm: Section): readonly string[] {
  const [own, under] = [router.texts('default_fallbacks'), litellm.texts('default_fallbacks')];
  return own.length > 0 ? own : under;
}

function withDefaults({ byModel, otherwise }: Fallbacks, names: readonly string[]): Fallbacks {
  return { byModel, otherwise: otherwise.length > 0 ? otherwise : names };
}

/** `model_group_alias`: other names of models, as a text or `{model, hidden}`. */
function readAliases(router: Section, rows: readonly Row[]): ReadonlyMap<string, readonly ModelAlias[]> {
  const names = new Set(rows.map(({ name }) => name));
  const section = router.section('model_group_alias');
  const aliases = new Map<string, readonly ModelAlias[]>();
  for (const name of section.rest()) {
    const path = section.pathOf(name);
    const written = section.json(name);
    const { model, hidden } =
      typeof written === 'object' && written !== null && 'model' in written ? written : { model: written, hidden: false };
    if (typeof model !== 'string' || path.length === 0) section.fault(name, 'expected the name of a model, or a map with `model`.');
    else if (names.has(name)) section.warn(name, 'a model of this name is in `model_list`; the alias is left aside.');
    else if (!names.has(model)) section.fault(name, `there is no model \`${model.slice(0, 80)}\` in \`model_list\`.`);
    else aliases.set(model, [...(aliases.get(model) ?? []), { name, isHidden: hidden === true }]);
  }
  return aliases;
}

function readModelRetries(router: Section): ReadonlyMap<string, Partial<Pick<RoutingRules, 'retries' | 'retriesFor'>>> {
  const section = router.section('model_group_retry_policy');
  const names = section.rest();
  return new Map(
    names.map((name) => {
      const { counts, otherwise } = readCounts(section.section(name), 'Retries');
      return [name, { retriesFor: counts, ...(otherwise === undefined ? {} : { retries: otherwise }) }];
    }),
  );
}

/** A fallback that nobody serves is found by LiteLLM when it is needed; it is said here at once. */
function warnOfStrangers(
  router: Section,
  known: readonly string[],
  settings: { readonly fallbacks: Fallbacks; readonly contextFallbacks: Fallbacks },
): void {
  const hasPattern = known.some((name) => name.includes('*'));
  for (const { byModel, otherwise } of [settings.fallbacks, settings.contextFallbacks]) {
    for (const name of [...byModel.values(), otherwise].flat()) {
      if (!hasPattern && !known.includes(name)) router.warn('fallbacks', `the fallback \`${name.slice(0, 80)}\` is no model of this file.`);
    }
  }
}
