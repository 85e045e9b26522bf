import type { UpstreamView } from '../../policies/policy.ts';
import { GatewayError } from '../../protocol/error.ts';
import type { OperatorFacts } from '../../translate/decide.ts';
import type { CircuitGroup } from '../health/circuit-group.ts';
import { type LearnedModel, type LearningSettings, openLearnedModel } from '../learned-model.ts';
import type { BodyRules } from '../node.ts';
import { notReady, type Upstream } from '../upstream.ts';
import { fillName } from './name-pattern.ts';
import type { RouteOptions, TargetOptions, Timeouts } from './route-options.ts';
import { LimitCounter } from './target-limits.ts';

/** Models of a name with stars that are kept ready. */
const mostModels = 256;

/** What a target is made of. */
export interface TargetParts {
  /** unique among all targets, the same after a restart */
  readonly id: string;
  readonly upstream: Upstream;
  readonly options: TargetOptions;
  readonly route: RouteOptions;
  readonly bodyRules: BodyRules | undefined;
  readonly circuits: CircuitGroup;
  readonly settings: LearningSettings;
  readonly nowMs: () => number;
}

/** A model on one upstream: what policies choose from. */
export class Target implements UpstreamView {
  readonly id: string;
  readonly upstream: Upstream;
  readonly options: TargetOptions;
  readonly weight: number;
  readonly cost: UpstreamView['cost'];
  readonly tags: ReadonlySet<string>;
  readonly limits: LimitCounter;
  /** what the operator says of how the facts of the model's family act */
  readonly facts: OperatorFacts;
  /** how often a faulty answer is asked for once more */
  readonly repairs: number;
  /** what is done to bodies for it; undefined: nothing */
  readonly bodyRules: BodyRules | undefined;
  readonly timeouts: Timeouts;
  readonly #parts: TargetParts;
  readonly #models = new Map<string, LearnedModel>();
  #learnedMs = 0;

  constructor(parts: TargetParts) {
    const { id, upstream, options, route } = parts;
    this.id = id;
    this.upstream = upstream;
    this.options = options;
    this.weight = options.weight;
    this.cost = options.cost;
    this.tags = new Set([...route.tags, ...options.tags]);
    this.limits = new LimitCounter(options.limits);
    const { toolSelection, repairs = 1 } = route.facts;
    this.facts = toolSelection === undefined ? {} : { toolSelection };
    this.repairs = repairs;
    this.bodyRules = parts.bodyRules;
    this.timeouts = { ...route.rules.timeouts, ...options.timeouts };
    this.#parts = parts;
  }

  get isHealthy(): boolean {
    const { circuits, nowMs } = this.#parts;
    return circuits.isHealthy(this.id) && this.limits.hasRoom(nowMs());
  }

  get inFlight(): number {
    const { inFlight, waiting } = this.upstream.admission;
    return inFlight + waiting;
  }

  get slots(): number {
    return this.upstream.slots;
  }

  /** Whether its upstream is there and has the model, as far as is known. One with stars in its name has what it is asked for. */
  get isWell(): boolean {
    const { isWell, learnedMs } = this.upstream;
    return isWell && learnedMs > 0 && (this.options.model.includes('*') || this.upstream.find(this.options.model) !== undefined);
  }

  /** The model that is meant where the route's stars stand for `stars`. Throws `engine_unavailable` and `model_not_found`. */
  model(stars: readonly string[]): LearnedModel {
    if (this.#learnedMs !== this.upstream.learnedMs) {
      this.#models.clear();
      this.#learnedMs = this.upstream.learnedMs;
    }
    const name = stars.length === 0 ? this.options.model : fillName(this.options.model, stars);
    const known = this.#models.get(name);
    if (known) return known;
    const facts = this.upstream.find(name);
    if (!facts) throw this.upstream.learnedMs === 0 ? notReady(this.upstream) : this.#isMissing(name);
    const model = openLearnedModel(facts, this.upstream.engine.capabilities, this.#settings());
    if (this.#models.size >= mostModels) this.#models.clear();
    this.#models.set(name, model);
    return model;
  }

  #settings(): LearningSettings {
    const { settings, route } = this.#parts;
    const { templates, ...overrides } = route.facts;
    return { ...settings, overrides, ...(templates === undefined ? {} : { templates }) };
  }

  #isMissing(name: string): GatewayError {
    const names = [...this.upstream.models.keys()].slice(0, 8).map((each) => `'${each}'`);
    const message = `The engine '${this.upstream.name}' serves no model '${name.slice(0, 128)}'. It serves: ${names.join(', ') || 'none'}.`;
    return new GatewayError('model_not_found', message, { param: 'model', upstreamStatus: 404 });
  }
}
