import { GatewayError } from '../../protocol/error.ts';
import { notReady, type Upstream } from '../upstream.ts';
import { matchName } from './name-pattern.ts';
import type { Route } from './route.ts';
import type { Target } from './target.ts';

/** A route, and how a caller's name meets it. */
export interface FoundRoute {
  readonly route: Route;
  /** what the stars of its name stand for */
  readonly stars: readonly string[];
  /** the target that was asked for by its own id */
  readonly only: Target | undefined;
}

/** What a table is made of. */
export interface TableParts {
  /** a name without stars comes before one with them, a longer pattern before a shorter one */
  readonly routes: readonly Route[];
  readonly upstreams: readonly Upstream[];
  /** makes the route of a model that upstreams list and nobody configured; undefined: such models are not served */
  readonly openUnlisted: ((model: string, upstreams: readonly Upstream[]) => Route) | undefined;
}

/** Finds the route of a name: configured, alias, target's id, pattern, or a model that an upstream lists. */
export class RouteTable {
  readonly #parts: TableParts;
  readonly #byName = new Map<string, FoundRoute>();
  /** of models nobody configured, by their ids and aliases */
  readonly #unlisted = new Map<string, Route>();
  #learnedMs = 0;

  constructor(parts: TableParts) {
    this.#parts = parts;
    for (const route of parts.routes) {
      const found = { route, stars: [], only: undefined };
      if (!route.name.includes('*')) this.#byName.set(route.name, found);
      for (const alias of route.options.aliases) this.#byName.set(alias.name, found);
      for (const target of route.targets) {
        if (target.options.id !== undefined) this.#byName.set(target.options.id, { ...found, only: target });
      }
    }
  }

  /** Every route that there is now. */
  get routes(): readonly Route[] {
    this.#refresh();
    return [...this.#parts.routes, ...new Set(this.#unlisted.values())];
  }

  /** The route of a name; undefined where there is none now. */
  look(name: string): FoundRoute | undefined {
    return this.#byName.get(name) ?? this.#findUnlisted(name) ?? this.#findPattern(name);
  }

  /** Throws `engine_unavailable` while some upstream has not told its models, else `model_not_found`. */
  find(name: string): FoundRoute {
    const found = this.look(name);
    if (found) return found;
    const starting = this.#parts.openUnlisted && this.#parts.upstreams.find(({ learnedMs }) => learnedMs === 0);
    if (starting) throw notReady(starting);
    const names = this.routes
      .map((route) => `'${route.name}'`)
      .slice(0, 16)
      .join(', ');
    throw new GatewayError('model_not_found', `No model is called '${name.slice(0, 128)}' here. Served: ${names || 'none'}.`, {
      param: 'model',
    });
  }

  /** Ends the routes of it that are not `kept` for another table. */
  close(kept: ReadonlySet<Route> = new Set()): void {
    for (const route of this.#parts.routes) if (!kept.has(route)) route.close();
    for (const route of this.#unlisted.values()) route.close();
  }

  #findPattern(name: string): FoundRoute | undefined {
    for (const route of this.#parts.routes) {
      if (!route.name.includes('*')) continue;
      const stars = matchName(route.name, name);
      if (stars) return { route, stars, only: undefined };
    }
    return undefined;
  }

  #findUnlisted(name: string): FoundRoute | undefined {
    this.#refresh();
    const route = this.#unlisted.get(name);
    return route && { route, stars: [], only: undefined };
  }

  /** Upstreams that have told their models anew may have other ones. A route lives on for as long as the same upstreams have its model. */
  #refresh(): void {
    const { openUnlisted, upstreams } = this.#parts;
    const learnedMs = upstreams.reduce((sum, upstream) => sum + upstream.learnedMs, 0);
    if (!openUnlisted || learnedMs === this.#learnedMs) return;
    this.#learnedMs = learnedMs;
    const owners = new Map<string, Upstream[]>();
    for (const upstream of upstreams) {
      for (const id of upstream.models.keys()) owners.set(id, [...(owners.get(id) ?? []), upstream]);
    }
    const before = new Set(this.#unlisted.values());
    this.#unlisted.clear();
    for (const [id, having] of owners) {
      if (this.#byName.has(id)) continue;
      const known = [...before].find((route) => route.name === id && hasSame(route, having));
      if (known) before.delete(known);
      this.#unlisted.set(id, known ?? openUnlisted(id, having));
    }
    for (const route of before) route.close();
    for (const [id, having] of owners) this.#addAliases(id, having);
  }

  /** Other names of a model stand back behind every model's own. */
  #addAliases(id: string, having: readonly Upstream[]): void {
    const route = this.#unlisted.get(id);
    if (!route) return;
    for (const alias of having.flatMap((upstream) => upstream.models.get(id)?.aliases ?? [])) {
      if (!this.#byName.has(alias) && !this.#unlisted.has(alias)) this.#unlisted.set(alias, route);
    }
  }
}

function hasSame({ targets }: Route, upstreams: readonly Upstream[]): boolean {
  return targets.length === upstreams.length && targets.every(({ upstream }, at) => upstream === upstreams[at]);
}
