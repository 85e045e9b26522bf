import { resolveDialect } from '../../../dialects/detect/resolve-dialect.ts';
import { dialects as builtInDialects } from '../../../dialects/index.ts';
import { matchName } from '../../../gateway/routes/name-pattern.ts';
import { findNearestName } from '../../../text/nearest-name.ts';
import type { ModelConfiguration, OwnDialects, UpstreamConfiguration } from '../configuration.ts';
import { type Path, valueAt } from '../file/located.ts';
import { addFault, addWarning, type Reading } from '../reading.ts';

/** What names are checked against. */
export interface Named {
  readonly upstreams: readonly UpstreamConfiguration[];
  readonly models: readonly ModelConfiguration[];
  /** undefined: none of the operator's own */
  readonly dialects: OwnDialects | 'faulty' | undefined;
  readonly servesUnlisted: boolean;
}

/** Checks that every name in a `rookery.yaml` is there, and none is there twice. Names of parts that are faulty in other ways count as there. */
export function checkReferences(reading: Reading, named: Named): void {
  const { upstreams: upstreamNames } = reading.writtenNames;
  for (const model of named.models) {
    checkTargets(reading, model, { ...named, upstreamNames });
    if (named.dialects !== 'faulty') checkDialect(reading, model, named.dialects);
  }
  checkNames(reading, named.models);
  checkFallbacks(reading, named.models, named.servesUnlisted);
  checkGpus(reading, named.upstreams);
  const used = new Set(named.models.flatMap(({ targets }) => targets.map(({ upstream }) => upstream)));
  for (const { name } of named.servesUnlisted ? [] : named.upstreams) {
    if (!used.has(name)) addWarning(reading, ['upstreams', name], 'no model has a target on it, so it is never used.');
  }
}

/** Says that a name means nothing, with the one that may have been meant. */
export function refuseUnknown(
  reading: Reading,
  path: Path,
  { what, written, known }: { readonly what: string; readonly written: string; readonly known: readonly string[] },
): undefined {
  const nearest = findNearestName(written, known);
  const others = known.length === 0 ? 'There is none.' : `There are: ${known.slice(0, 12).join(', ')}${known.length > 12 ? ' …' : ''}.`;
  return addFault(
    reading,
    path,
    `there is no ${what} \`${written.slice(0, 80)}\`. ${nearest === undefined ? others : `Did you mean \`${nearest}\`?`}`,
  );
}

/** A GPU that only one names is shared with nobody: most likely the other one's name is misspelt. */
function checkGpus(reading: Reading, upstreams: readonly UpstreamConfiguration[]): void {
  const gpus = upstreams.map((upstream) => (upstream.kind === 'embedded' ? undefined : upstream.sharesGpu));
  for (const [at, { name }] of upstreams.entries()) {
    const gpu = gpus[at];
    if (gpu === undefined || gpus.indexOf(gpu) !== gpus.lastIndexOf(gpu)) continue;
    addWarning(reading, ['upstreams', name, 'shares_gpu'], `no other upstream names the GPU \`${gpu}\`, so it is shared with none.`);
  }
}

function checkTargets(
  reading: Reading,
  { name, targets }: ModelConfiguration,
  named: Named & { readonly upstreamNames: readonly string[] },
): void {
  for (const [index, { upstream, model }] of targets.entries()) {
    const path = ['models', name, 'targets', index];
    const isShort = typeof valueAt(reading.located.value, path) === 'string';
    const upstreamPath = isShort ? path : [...path, 'upstream'];
    if (!named.upstreamNames.includes(upstream)) {
      refuseUnknown(reading, upstreamPath, { what: 'upstream', written: upstream, known: named.upstreamNames });
      continue;
    }
    const found = named.upstreams.find((each) => each.name === upstream);
    const served = found && found.kind !== 'embedded' ? found.models : undefined;
    const modelPath = valueAt(reading.located.value, [...path, 'model']) === undefined ? upstreamPath : [...path, 'model'];
    if (served && !model.includes('*') && !served.includes(model)) {
      refuseUnknown(reading, modelPath, { what: `model in the list of the upstream ${upstream}:`, written: model, known: served });
    }
    const stars = (text: string) => text.split('*').length - 1;
    if (stars(model) > stars(name))
      addFault(reading, modelPath, 'it has more `*` than the name of the model, which say what they stand for.');
  }
}

function checkDialect(reading: Reading, { name, facts: { dialect } }: ModelConfiguration, own: OwnDialects | undefined): void {
  const known = own?.formats.dialects ?? builtInDialects;
  if (dialect === undefined || dialect === 'prompted' || resolveDialect(dialect, known) !== undefined) return;
  refuseUnknown(reading, ['models', name, 'facts', 'dialect'], {
    what: 'dialect',
    written: dialect,
    known: ['prompted', ...Object.keys(known)],
  });
}

/** Names, aliases and ids of targets are what callers ask for: each means one thing. */
function checkNames(reading: Reading, models: readonly ModelConfiguration[]): void {
  const owners = new Map(reading.writtenNames.models.map((name) => [name, `the model ${name}`]));
  const take = (name: string, owner: string, path: Path): void => {
    const taken = owners.get(name);
    if (taken !== undefined) addFault(reading, path, `the name \`${name.slice(0, 80)}\` is taken by ${taken}.`);
    else owners.set(name, owner);
  };
  for (const { name, aliases, targets } of models) {
    for (const [index, alias] of aliases.entries()) take(alias.name, `an alias of ${name}`, ['models', name, 'aliases', index]);
    for (const [index, { id }] of targets.entries())
      if (id !== undefined) take(id, `a target of ${name}`, ['models', name, 'targets', index, 'id']);
  }
}

const fallbackKeys = ['fallbacks', 'context_window_fallbacks', 'content_policy_fallbacks'] as const;

function checkFallbacks(reading: Reading, models: readonly ModelConfiguration[], servesUnlisted: boolean): void {
  const known = [...reading.writtenNames.models, ...models.flatMap(({ aliases }) => aliases.map(({ name }) => name))];
  const sections: readonly Path[] = [['routing'], ...models.map(({ name }) => ['models', name])];
  for (const [section, key] of sections.flatMap((path) => fallbackKeys.map((each) => [path, each] as const))) {
    const path = [...section, key];
    const names = valueAt(reading.located.value, path);
    for (const [index, name] of (Array.isArray(names) ? (names as unknown[]) : []).entries()) {
      if (typeof name !== 'string') continue;
      if (name === section[1]) addFault(reading, [...path, index], 'a model cannot fall back to itself.');
      else if (!servesUnlisted && !known.some((each) => matchName(each, name) !== undefined)) {
        refuseUnknown(reading, [...path, index], { what: 'model', written: name, known });
      }
    }
  }
}
