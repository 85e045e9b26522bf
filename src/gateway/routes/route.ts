import { isDeepStrictEqual } from 'node:util';
import { policies } from '../../policies/index.ts';
import type { Policy, PolicyContext, RequestView } from '../../policies/policy.ts';
import { GatewayError } from '../../protocol/error.ts';
import { CircuitGroup } from '../health/circuit-group.ts';
import { haveSameEffect, type LearningSettings } from '../learned-model.ts';
import type { BodyRules, TargetState } from '../node.ts';
import type { Upstream } from '../upstream.ts';
import { isSelfHosted } from './is-self-hosted.ts';
import type { RouteOptions, RoutingOptions, RoutingRules, TargetOptions } from './route-options.ts';
import { Target } from './target.ts';

/** What routes share. */
export interface RouteContext extends PolicyContext {
  readonly settings: LearningSettings;
  readonly tagFiltering: RoutingOptions['tagFiltering'];
}

/** What a target is chosen for. */
export interface Wish {
  readonly view: RequestView;
  /** words that choose targets, where the operator lets them */
  readonly tags: readonly string[];
  /** the one target that was asked for by its id */
  readonly only: Target | undefined;
}

/** A name that callers ask for: its targets, how one is chosen, and how they are. */
export class Route {
  readonly name: string;
  readonly options: RouteOptions;
  readonly rules: RoutingRules;
  readonly targets: readonly Target[];
  readonly circuits: CircuitGroup;
  readonly policy: Policy;
  readonly #context: RouteContext;
  readonly #orders: readonly number[];
  readonly #bodyRules = new Map<string, BodyRules>();
  readonly #stopListening: readonly (() => void)[];
  #isClosed = false;

  /** Each target's upstream must be among `upstreams`. */
  constructor(options: RouteOptions, upstreams: ReadonlyMap<string, Upstream>, context: RouteContext) {
    this.name = options.name;
    this.options = options;
    this.rules = options.rules;
    this.#context = context;
    this.circuits = new CircuitGroup(context.nowMs);
    this.policy = policies[options.rules.policy.name].open(options.rules.policy.options, context);
    this.targets = options.targets.map((target, index) => this.#openTarget(target, index, upstreams));
    this.#orders = [...new Set(options.targets.map(({ order }) => order))].sort((one, other) => one - other);
    this.#stopListening = this.targets.map((target) => target.upstream.listen(() => this.#noteUpstream(target)));
  }

  /** The target for a request that was not sent to those in `tried` yet; one of these where there is no other. Throws why there is none. */
  pick({ view, tags, only }: Wish, tried: ReadonlySet<Target>): Target {
    const allowed = only ? [only] : this.#withTags(tags);
    const untried = tried.size === 0 ? allowed : allowed.filter((target) => !tried.has(target));
    const chosen = this.#choose(untried, view) ?? (tried.size === 0 ? undefined : this.#choose(allowed, view));
    if (chosen) return chosen;
    throw this.#nobody(allowed);
  }

  /** Healthy targets that were not tried. */
  countUntried({ tags, only }: Wish, tried: ReadonlySet<Target>): number {
    return (only ? [only] : this.#withTags(tags)).filter((target) => target.isHealthy && !tried.has(target)).length;
  }

  states(): readonly TargetState[] {
    return this.targets.map(({ id, upstream }) => ({ model: this.name, upstream: upstream.name, health: this.circuits.health(id) }));
  }

  /** another has taken its place, or nothing has */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Whether a route of these options and upstreams would be the same one. */
  isSame(options: RouteOptions, upstreams: ReadonlyMap<string, Upstream>, { settings, tagFiltering }: RouteContext): boolean {
    if (tagFiltering !== this.#context.tagFiltering || !isDeepStrictEqual(options, this.options)) return false;
    return (
      this.targets.every(({ upstream }) => upstreams.get(upstream.name) === upstream) && haveSameEffect(settings, this.#context.settings)
    );
  }

  /** Its upstreams may go: it hears of them no more. */
  close(): void {
    this.#isClosed = true;
    for (const stop of this.#stopListening) stop();
  }

  #openTarget(options: TargetOptions, index: number, upstreams: ReadonlyMap<string, Upstream>): Target {
    const upstream = upstreams.get(options.upstream);
    if (!upstream) throw new Error(`There is no upstream '${options.upstream}'.`);
    const { settings, nowMs } = this.#context;
    const id = options.id ?? `${options.upstream}/${options.model}#${index}`;
    const { rules, circuits } = this;
    circuits.add(id, { ...rules, ...options.rules, isSelfHosted: isSelfHosted(upstream) });
    const bodyRules = this.#shareRules(mergeBodyRules(this.options, options));
    return new Target({ id, upstream, options, route: this.options, bodyRules, circuits, settings, nowMs });
  }

  /** Equal rules are one object, so that a body is decoded once for all who have them. */
  #shareRules(rules: BodyRules | undefined): BodyRules | undefined {
    if (!rules) return undefined;
    const key = JSON.stringify(rules);
    const known = this.#bodyRules.get(key) ?? rules;
    this.#bodyRules.set(key, known);
    return known;
  }

  /** Targets of the lowest order are used first; the policy chooses among equals. */
  #choose(targets: readonly Target[], view: RequestView): Target | undefined {
    if (this.#orders.length === 1) return this.policy.choose(targets, view);
    for (const order of this.#orders) {
      const chosen = this.policy.choose(
        targets.filter(({ options }) => options.order === order),
        view,
      );
      if (chosen) return chosen;
    }
    return undefined;
  }

  /** Requests without tags, and those whose tags nobody has, go to targets that are tagged `default` or not at all, where there are such. */
  #withTags(wanted: readonly string[]): readonly Target[] {
    const { tagFiltering } = this.#context;
    if (tagFiltering === 'off') return this.targets;
    const fits = ({ tags }: Target) =>
      tagFiltering === 'all' ? wanted.every((tag) => tags.has(tag)) : wanted.some((tag) => tags.has(tag));
    const fitting = wanted.length === 0 ? [] : this.targets.filter(fits);
    if (fitting.length > 0) return fitting;
    const usual = this.targets.filter(({ tags }) => tags.size === 0 || tags.has('default'));
    return usual.length > 0 || wanted.length > 0 ? usual : this.targets;
  }

  #noteUpstream(target: Target): void {
    const isBack = this.circuits.noteProbe(target.id, target.isWell);
    // what it held of conversations went with it
    if (isBack) this.#context.prefixes.forget(target.id);
  }

  #nobody(allowed: readonly Target[]): GatewayError {
    const nowMs = this.#context.nowMs();
    if (allowed.length === 0) {
      return new GatewayError('invalid_request', `No upstream of '${this.name}' has the tags of this request, and none is without tags.`, {
        param: 'tags',
      });
    }
    const waits = allowed.map((target) => ({ target, waitMs: target.limits.waitMs(nowMs), health: this.circuits.health(target.id) }));
    const limited = waits.filter(({ waitMs, target }) => waitMs > 0 && this.circuits.isHealthy(target.id));
    if (limited.length > 0) {
      const seconds = Math.ceil(Math.min(...limited.map(({ waitMs }) => waitMs)) / 1000);
      const message = `Every upstream of '${this.name}' that is well has reached its limit. Retry in ${seconds} s.`;
      return new GatewayError('queue_full', message, { retryAfterSeconds: seconds });
    }
    const told = waits.map(({ target, health }) => `${target.upstream.name} ${health.state}`).join(', ');
    const seconds = Math.max(1, Math.ceil(Math.min(...waits.map(({ health }) => health.restsForMs)) / 1000));
    return new GatewayError('engine_unavailable', `No upstream of '${this.name}' can take the request now: ${told}. Retry shortly.`, {
      retryAfterSeconds: seconds,
    });
  }
}

/** What is done to bodies for a target: what is said of the model, and over it what is said of the target. */
function mergeBodyRules(route: RouteOptions, target: TargetOptions): BodyRules | undefined {
  const defaults = { ...route.defaults, ...target.defaults };
  const drops = [...route.drops.paths, ...target.drops.paths];
  const dropsUnsupported = route.drops.dropsUnsupported || target.drops.dropsUnsupported;
  if (Object.keys(defaults).length === 0 && drops.length === 0 && !dropsUnsupported) return undefined;
  return { defaults, drops, dropsUnsupported };
}
