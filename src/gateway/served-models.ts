import type { ServedModel } from './node.ts';
import { fillName, matchName } from './routes/name-pattern.ts';
import type { Route } from './routes/route.ts';
import type { FoundRoute } from './routes/route-table.ts';

/** The model that a name has found; undefined while no engine has told of it. */
export function servedOf({ route, stars, only }: FoundRoute, name: string): ServedModel | undefined {
  const targets = only ? [only] : route.targets;
  for (const target of targets) {
    const { upstream, options } = target;
    const facts = upstream.find(fillName(options.model, stars));
    if (!facts) continue;
    const listed = route.options.aliases.filter(({ isHidden }) => !isHidden).map((alias) => alias.name);
    const id = route.name.includes('*') ? name : route.name;
    return { id, aliases: listed, engine: upstream.kind, createdMs: upstream.openedMs, facts: target.model(stars).facts };
  }
  return undefined;
}

/** Every model of a route that callers may ask for: of a name with stars, those that its upstreams list. */
export function listServed(route: Route): readonly ServedModel[] {
  if (!route.name.includes('*')) {
    const model = servedOf({ route, stars: [], only: undefined }, route.name);
    if (!model) return [];
    // who gave a model other names wants them to be chosen from; those that an engine tells stand beside it only
    return [model, ...(route.options.isUnlisted ? [] : model.aliases.map((alias) => ({ ...model, id: alias, aliases: [model.id] })))];
  }
  const found = new Map<string, ServedModel>();
  for (const { upstream, options } of route.targets) {
    for (const id of upstream.models.keys()) {
      const stars = matchName(options.model, id);
      const name = stars && fillName(route.name, stars);
      const served = name === undefined || found.has(name) ? undefined : servedOf({ route, stars: stars ?? [], only: undefined }, name);
      if (served) found.set(served.id, served);
    }
  }
  return [...found.values()];
}
