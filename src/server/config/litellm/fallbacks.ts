import type { Section } from './section.ts';

/** Fallbacks of models, and those of models without their own. */
export interface Fallbacks {
  readonly byModel: ReadonlyMap<string, readonly string[]>;
  readonly otherwise: readonly string[];
}

/** Reads a list such as `[{"model": ["fallback", {"model": "another"}]}]`; `*` stands for models that have no entry. Of two sections the first that has the key wins. */
export function readFallbacks(key: string, sections: readonly Section[]): Fallbacks {
  const byModel = new Map<string, readonly string[]>();
  const from = sections.find((section) => section.has(key));
  for (const section of sections) section.accept(key);
  for (const entry of from?.sections(key) ?? []) {
    for (const model of entry.rest()) byModel.set(model, readNames(entry, model));
  }
  const otherwise = byModel.get('*') ?? [];
  byModel.delete('*');
  return { byModel, otherwise };
}

/** The fallbacks of one model. */
export function fallbacksOf(model: string, { byModel, otherwise }: Fallbacks): readonly string[] {
  return (byModel.get(model) ?? otherwise).filter((name) => name !== model);
}

function readNames(entry: Section, model: string): readonly string[] {
  const written = entry.json(model);
  const items = Array.isArray(written) ? written : [written];
  const names = items.map((item: unknown) => {
    if (typeof item === 'object' && item !== null && 'model' in item) {
      if (Object.keys(item).length > 1) entry.warn(model, 'of a fallback only `model` is read; its other fields are left aside.');
      return item.model;
    }
    return item;
  });
  if (names.every((name) => typeof name === 'string')) return names;
  entry.fault(model, 'expected a list of names of models.');
  return [];
}
