import { given } from '../../../api/decode/given.ts';
import type { DropRules, ModelAlias, RoutingRules } from '../../../gateway/routes/route-options.ts';
import type { ModelConfiguration } from '../configuration.ts';
import { sortModels } from '../own/make-models.ts';
import { type Fallbacks, fallbacksOf } from './fallbacks.ts';
import type { Row } from './read-row.ts';

/** What holds for the models of all rows. */
export interface GroupSettings {
  readonly rules: RoutingRules;
  readonly fallbacks: Fallbacks;
  readonly contextFallbacks: Fallbacks;
  readonly contentFallbacks: Fallbacks;
  readonly retriesByModel: ReadonlyMap<string, Partial<Pick<RoutingRules, 'retries' | 'retriesFor'>>>;
  readonly aliases: ReadonlyMap<string, readonly ModelAlias[]>;
  readonly drops: DropRules;
}

/** Rows of one name are one model with several targets. */
export function groupModels(rows: readonly Row[], settings: GroupSettings): readonly ModelConfiguration[] {
  const byName = new Map<string, Row[]>();
  for (const row of rows) byName.set(row.name, [...(byName.get(row.name) ?? []), row]);
  return sortModels([...byName].map(([name, group]) => makeModel(name, group, settings)));
}

function makeModel(name: string, rows: readonly Row[], settings: GroupSettings): ModelConfiguration {
  const weights = weighRows(rows);
  const { rules } = settings;
  return {
    name,
    aliases: settings.aliases.get(name) ?? [],
    ...given({ mode: rows.find(({ mode }) => mode !== undefined)?.mode }),
    targets: rows.map(({ target }, index) => ({ ...target, weight: weights[index] ?? 1 })),
    rules: {
      ...rules,
      ...settings.retriesByModel.get(name),
      fallbacks: fallbacksOf(name, settings.fallbacks),
      contextFallbacks: fallbacksOf(name, settings.contextFallbacks),
      contentFallbacks: fallbacksOf(name, settings.contentFallbacks),
    },
    ...{ defaults: {}, drops: settings.drops, tags: [] },
    groups: [...new Set(rows.flatMap(({ groups }) => groups))],
    // of rows that differ the first one is believed
    facts: Object.assign({}, ...rows.toReversed().map(({ facts }) => facts)),
  };
}

/** `weight` where a row has one over 0, else `rpm`, else `tpm`; rows without it get nothing. Without any, all are alike. Source: LiteLLM 1.109, simple_shuffle.py. */
function weighRows(rows: readonly Row[]): readonly number[] {
  for (const metric of ['weight', 'rpm', 'tpm'] as const) {
    const weights = rows.map((row) => row.weights[metric] ?? 0);
    const largest = Math.max(0, ...weights);
    if (largest > 0) return largest > 1_000_000 ? weights.map((weight) => (weight / largest) * 1_000_000) : weights;
  }
  return rows.map(() => 1);
}
