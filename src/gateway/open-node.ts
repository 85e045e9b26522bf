import { randomInt } from 'node:crypto';
import type { PolicyContext } from '../policies/policy.ts';
import { PrefixIndex } from '../policies/prefix/prefix-index.ts';
import { plainRequest, viewRequest } from '../policies/prefix/view-request.ts';
import type { EngineEmbeddings, EngineState, TextToTokenize } from '../protocol/engine.ts';
import { GatewayError } from '../protocol/error.ts';
import type { GenerateRequest, RoutingWishes } from '../protocol/request.ts';
import type { LearnedModel, LearningSettings } from './learned-model.ts';
import type { BodyRules, ConfigurationState, Node, Redecoding, ServedModel, TargetState, Turn, UpstreamLoad } from './node.ts';
import { RequestForms } from './request-forms.ts';
import { RoutedTurn } from './routed-turn.ts';
import { defaultRouting } from './routes/default-routing.ts';
import { Route, type RouteContext } from './routes/route.ts';
import type { RouteOptions, RoutingOptions } from './routes/route-options.ts';
import { type FoundRoute, RouteTable } from './routes/route-table.ts';
import type { Target } from './routes/target.ts';
import { listServed, servedOf } from './served-models.ts';
import { Tries, tryUntilAnswered } from './tries.ts';
import { TurnMaker, type TurnMakerOptions } from './turn-maker.ts';
import type { Upstream, UpstreamSettings } from './upstream.ts';
import { type PreparedUpstreams, type UpstreamOptions, UpstreamSet } from './upstream-set.ts';
import { waitMs } from './wait-ms.ts';

/** What a node is opened with, and may be changed to. */
export interface NodeOptions extends UpstreamSettings, LearningSettings, TurnMakerOptions {
  readonly upstreams: readonly UpstreamOptions[];
  /** what callers may ask for, a name without stars before one with them; default: what the upstreams list */
  readonly models?: readonly RouteOptions[];
  /** models that upstreams list and `models` does not name are served too; default: where `models` is absent */
  readonly servesUnlisted?: boolean;
  /** how targets of unlisted models are chosen, tried again and rested */
  readonly rules?: RoutingOptions['rules'];
  readonly tagFiltering?: RoutingOptions['tagFiltering'];
  /** these options come from a file, that is to be told of */
  readonly isFromFile?: boolean;
}

/** A node whose operator may think again. */
export interface OpenNode extends Node {
  /**
   * Works by other options from when it resolves, and by the old ones until then: engines that are new are asked for their models first, for 5 s at most. Engines that
   * are the same stay, those that are no more end with their last request. `trials` and `log` stay as they were. Rejects with what opening engines and policies
   * throws, and then nothing has changed. One change at a time.
   */
  change(options: NodeOptions): Promise<void>;
  /** The file has changed and cannot be used: the options stay. */
  refuseChange(reason: string): void;
}

/** Opens the engines and gives the node at once; models appear as their engines tell them. */
export function openNode(options: NodeOptions): OpenNode {
  return new Gateway(options);
}

const nowMs = (): number => performance.now();
const noWishes: RoutingWishes = {};

/** How long a change waits for new engines to tell their models. */
const askingMs = 5_000;

class Gateway implements OpenNode {
  readonly #upstreams = new UpstreamSet();
  readonly #maker: TurnMaker;
  readonly #policyContext: PolicyContext = { nowMs, prefixes: new PrefixIndex(randomInt(2 ** 32)) };
  readonly #end = new AbortController();
  readonly #changeListeners: (() => void)[] = [];
  /** of the configured models */
  #routes: readonly Route[] = [];
  #table: RouteTable;
  readonly #find = (name: string): FoundRoute => this.#table.find(name);
  #configuration: ConfigurationState | undefined;

  constructor(options: NodeOptions) {
    if (options.isFromFile) this.#configuration = { loadedMs: Date.now(), refusal: undefined };
    this.#maker = new TurnMaker(options);
    const upstreams = this.#upstreams.prepare(options.upstreams, options);
    this.#routes = this.#openRoutes(options, upstreams);
    upstreams.take();
    this.#table = this.#openTable(options);
  }

  async change(options: NodeOptions): Promise<void> {
    const upstreams = this.#upstreams.prepare(options.upstreams, options);
    const routes = this.#openRoutes(options, upstreams);
    await this.#whenKnown(upstreams);
    if (this.#end.signal.aborted) {
      upstreams.drop();
      return;
    }
    this.#routes = routes;
    upstreams.take();
    this.#maker.change(options);
    const before = this.#table;
    this.#table = this.#openTable(options);
    before.close(new Set(this.#routes));
    this.#configuration = { loadedMs: Date.now(), refusal: undefined };
    for (const tell of this.#changeListeners.splice(0)) tell();
  }

  refuseChange(reason: string): void {
    this.#configuration = { loadedMs: this.#configuration?.loadedMs ?? Date.now(), refusal: reason };
  }

  configuration(): ConfigurationState | undefined {
    return this.#configuration;
  }

  models(): readonly ServedModel[] {
    // a name that a pattern would give too is the other route's
    return this.#table.routes.flatMap((route) => listServed(route).filter(({ id }) => this.#table.look(id)?.route === route));
  }

  findModel(name: string): ServedModel | undefined {
    const found = this.#table.look(name);
    return found && servedOf(found, name);
  }

  bodyRules(model: string): BodyRules | undefined {
    const found = this.#table.look(model);
    return (found?.only ?? found?.route.targets[0])?.bodyRules;
  }

  async ready(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const aborted = new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));
    // a change brings others, that are waited for instead
    for (let isReady = false; !isReady; ) {
      const changed = new Promise<boolean>((resolve) => this.#changeListeners.push(() => resolve(false)));
      isReady = await Promise.race([changed, this.#whenAsked().then(() => true), aborted]);
    }
  }

  states(): Readonly<Record<string, EngineState>> {
    return this.#ofUpstreams(({ engine }) => engine.state());
  }

  loads(): Readonly<Record<string, UpstreamLoad>> {
    return this.#ofUpstreams(({ admission: { inFlight, waiting }, slots }) => ({ inFlight, waiting, slots }));
  }

  targets(): readonly TargetState[] {
    return this.#table.routes.flatMap((route) => route.states());
  }

  generate(request: GenerateRequest, signal: AbortSignal, redecoding?: Redecoding): Turn {
    const tries = new Tries({
      find: this.#find,
      model: request.model,
      view: (model) => viewRequest(model, request),
      wishes: request.routing ?? noWishes,
      nowMs,
    });
    return new RoutedTurn({ tries, forms: new RequestForms(request, redecoding), maker: this.#maker, signal });
  }

  async embed(model: string, inputs: readonly (string | readonly number[])[], signal: AbortSignal): Promise<EngineEmbeddings> {
    const tries = new Tries({ find: this.#find, model, nowMs, view: () => plainRequest, wishes: noWishes });
    const embeddings = await tryUntilAnswered(tries, signal, async (target, noteSent) => {
      const { capabilities, facts } = target.model(tries.found.stars);
      if (!capabilities.hasEmbeddings) throw unsupported(`The engine of '${model}' gives no embeddings.`);
      noteSent();
      const place = await target.upstream.admit(facts.id, signal);
      try {
        return await target.upstream.engine.embed(facts.id, inputs, signal);
      } finally {
        place.release();
      }
    });
    tries.end({ tokens: embeddings.promptTokens });
    return embeddings;
  }

  async tokenize(model: string, text: TextToTokenize, signal: AbortSignal): Promise<readonly number[]> {
    const { target, learned } = this.#findTokenizer(model);
    return holding(target.upstream, ({ engine }) => engine.tokenize(learned.facts.id, text, signal));
  }

  async tokenizeConversation(request: GenerateRequest, signal: AbortSignal): Promise<readonly number[]> {
    const { target, learned } = this.#findTokenizer(request.model);
    return holding(target.upstream, () => this.#maker.tokenize(request, target, learned, signal));
  }

  async detokenize(model: string, tokens: readonly number[], signal: AbortSignal): Promise<string> {
    const { target, learned } = this.#findTokenizer(model);
    return holding(target.upstream, ({ engine }) => engine.detokenize(learned.facts.id, tokens, signal));
  }

  async close(graceMs: number): Promise<void> {
    this.#end.abort();
    const limit = new AbortController();
    await Promise.race([this.#upstreams.drain(), waitMs(graceMs, limit.signal)]);
    limit.abort();
    this.#table.close();
    await Promise.all([this.#maker.close(), this.#upstreams.close()]);
  }

  /** New upstreams have told their models, or do not in time, or the node is closed. */
  async #whenKnown({ asked }: PreparedUpstreams): Promise<void> {
    const wait = new AbortController();
    await Promise.race([asked, waitMs(askingMs, AbortSignal.any([wait.signal, this.#end.signal]))]);
    wait.abort();
  }

  /** Every upstream that there is now was asked for its models, and one has told them. */
  async #whenAsked(): Promise<void> {
    const learned = this.#upstreams.all.map((upstream) => upstream.learned);
    const everyAsked = Promise.all(this.#upstreams.all.map(({ asked }) => asked));
    await everyAsked;
    await Promise.any(learned).catch(({ errors: [first] }: AggregateError) => {
      throw first;
    });
  }

  /** Routes that stay the same are kept, with what they count and know. Throws what opening a policy throws; nothing has been opened then. */
  #openRoutes(options: NodeOptions, { byName, drop }: PreparedUpstreams): readonly Route[] {
    const context = this.#contextOf(options);
    const opened: Route[] = [];
    try {
      return (options.models ?? []).map((model) => {
        const known = this.#routes.find((route) => route.name === model.name && route.isSame(model, byName, context));
        if (known) return known;
        const route = new Route(model, byName, context);
        opened.push(route);
        return route;
      });
    } catch (error) {
      for (const route of opened) route.close();
      drop();
      throw error;
    }
  }

  #openTable(options: NodeOptions): RouteTable {
    const { servesUnlisted = options.models === undefined, rules = defaultRouting.rules } = options;
    const context = this.#contextOf(options);
    const openUnlisted = (model: string, upstreams: readonly Upstream[]) =>
      new Route(unlistedRoute(model, upstreams, rules), new Map(upstreams.map((upstream) => [upstream.name, upstream])), context);
    return new RouteTable({
      routes: this.#routes,
      upstreams: this.#upstreams.all,
      openUnlisted: servesUnlisted ? openUnlisted : undefined,
    });
  }

  #contextOf(options: NodeOptions): RouteContext {
    return { ...this.#policyContext, settings: options, tagFiltering: options.tagFiltering ?? 'off' };
  }

  #ofUpstreams<Value>(read: (upstream: Upstream) => Value): Readonly<Record<string, Value>> {
    return Object.fromEntries(this.#upstreams.all.map((upstream) => [upstream.name, read(upstream)]));
  }

  /** A target with a tokenizer, the first that is well. */
  #findTokenizer(name: string): { readonly target: Target; readonly learned: LearnedModel } {
    const { route, stars, only } = this.#table.find(name);
    const targets = only ? [only] : [...route.targets].sort((one, other) => Number(other.isWell) - Number(one.isWell));
    for (const target of targets) {
      const learned = target.model(stars);
      if (learned.capabilities.hasTokenizer) return { target, learned };
    }
    throw unsupported(`The engine of '${name}' shows no tokenizer.`);
  }
}

/** A model that upstreams list and nobody configured: each of them may answer. */
function unlistedRoute(name: string, upstreams: readonly Upstream[], rules: RoutingOptions['rules']): RouteOptions {
  const nothing = { tags: [], defaults: {}, drops: { dropsUnsupported: false, paths: [] } };
  const aliases = [...new Set(upstreams.flatMap((upstream) => upstream.models.get(name)?.aliases ?? []))];
  return {
    ...{ ...nothing, name, rules, facts: {}, isUnlisted: true },
    aliases: aliases.map((alias) => ({ name: alias, isHidden: false })),
    targets: upstreams.map((upstream) => ({
      ...{ ...nothing, upstream: upstream.name, model: name, weight: 1, order: 0, limits: {}, timeouts: {}, rules: {} },
    })),
  };
}

/** Asks an upstream, which is not let go of meanwhile. */
async function holding<Result>(upstream: Upstream, ask: (upstream: Upstream) => Promise<Result>): Promise<Result> {
  const release = upstream.hold();
  try {
    return await ask(upstream);
  } finally {
    release();
  }
}

function unsupported(message: string): GatewayError {
  return new GatewayError('unsupported_feature', message, { param: 'model' });
}
