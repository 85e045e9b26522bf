import type { RequestView } from '../policies/policy.ts';
import { plainRequest } from '../policies/prefix/view-request.ts';
import { GatewayError, toGatewayError } from '../protocol/error.ts';
import type { RoutingWishes } from '../protocol/request.ts';
import type { CircuitAttempt } from './health/circuit.ts';
import { decideFailover, type FailoverRules, type FailoverStep } from './health/failover.ts';
import { readFailure } from './health/failure.ts';
import type { AttemptReport } from './node.ts';
import type { FoundRoute } from './routes/route-table.ts';
import type { Target } from './routes/target.ts';
import { waitMs } from './wait-ms.ts';

/** What trying takes. */
export interface TryingParts {
  /** finds the route of a model's name; throws `model_not_found` */
  readonly find: (model: string) => FoundRoute;
  readonly model: string;
  /** the request as policies see it, made for the name of the route that is tried */
  readonly view: (model: string) => RequestView;
  readonly wishes: RoutingWishes;
  readonly nowMs: () => number;
}

type Written<Value> = { -readonly [Key in keyof Value]: Value[Key] };

/** How a try ended. */
interface TryEnd {
  /** of prompt and answer together; default 0, for what nobody knows */
  readonly tokens?: number;
  readonly error?: GatewayError;
  readonly wasSent?: boolean;
}

/** The target that a request is given to now. */
interface Current {
  readonly found: FoundRoute;
  readonly target: Target;
  readonly circuit: CircuitAttempt;
  readonly report: Written<AttemptReport>;
  readonly release: () => void;
  readonly sinceMs: number;
  hasBegun: boolean;
}

/**
 * The tries of one request: on which target each is made, what follows a failed one, and what targets, policies and circuits hear of it. Each `begin` must be followed
 * by one `end`, and before it by `answered` where a first event came.
 */
export class Tries {
  /** in order; the last one is the present one */
  readonly reports: AttemptReport[] = [];
  /** name of the route that was asked for */
  readonly asked: string;
  readonly #parts: Omit<TryingParts, 'view'>;
  /** holds the request, as views do, until there is an answer */
  #makeView: TryingParts['view'];
  readonly #rules: FailoverRules;
  readonly #deadlineMs: number | undefined;
  readonly #tried = new Set<Target>();
  readonly #usedFallbacks: string[] = [];
  /** that the present route was found by */
  #name: string;
  #found: FoundRoute;
  #view: RequestView;
  /** where the last try was made, or is */
  #target: Target | undefined;
  /** on the present model */
  #attempts = 0;
  #current: Current | undefined;

  /** Throws `model_not_found`. */
  constructor({ view, ...parts }: TryingParts) {
    const { find, model, wishes, nowMs } = parts;
    this.#parts = parts;
    this.#makeView = view;
    this.#name = model;
    this.#found = find(model);
    this.asked = this.#found.route.name;
    this.#view = view(this.#found.route.name);
    this.#rules = applyWishes(this.#found.route.rules, wishes);
    this.#deadlineMs = wishes.timeoutMs === undefined ? undefined : nowMs() + wishes.timeoutMs;
  }

  /** the route that is tried now: the one that was asked for, or a fallback */
  get found(): FoundRoute {
    return this.#found;
  }

  /** the model that took over from the one that was asked for */
  get fallback(): string | undefined {
    return this.#usedFallbacks.at(-1);
  }

  /** Time that is left of what the caller gave. */
  get leftMs(): number | undefined {
    return this.#deadlineMs === undefined ? undefined : Math.max(0, this.#deadlineMs - this.#parts.nowMs());
  }

  /** Chooses where the next try is made. Throws `engine_unavailable` or `queue_full` where nobody can take it. */
  begin(): Target {
    this.#findAgain();
    const { route, only } = this.#found;
    const { wishes, nowMs } = this.#parts;
    this.#attempts += 1;
    const target = route.pick({ view: this.#view, tags: wishes.tags ?? [], only }, this.#tried);
    this.#tried.add(target);
    this.#target = target;
    const report = { upstream: target.upstream.name, outcome: 'running', queuedMs: 0 } as const;
    const sinceMs = nowMs();
    const circuit = route.circuits.begin(target.id);
    this.#current = { found: this.#found, target, circuit, report, release: target.upstream.hold(), sinceMs, hasBegun: false };
    this.reports.push(report);
    target.limits.begin(sinceMs);
    route.policy.noteSent?.(target, this.#view);
    return target;
  }

  /** It has waited so long in the queue of its upstream. */
  admitted(queuedMs: number): void {
    if (this.#current) this.#current.report.queuedMs = queuedMs;
  }

  /** The first event came: nothing is tried after it, so that the request is let go of. */
  answered(): void {
    this.#view = plainRequest;
    this.#makeView = () => plainRequest;
    const current = this.#current;
    if (!current || current.hasBegun) return;
    const { found, target, circuit, report, sinceMs } = current;
    current.hasBegun = true;
    report.outcome = 'answered';
    // a trial is passed by it; any other answer makes up for a failure only once it is whole
    if (circuit.isTrial) found.route.circuits.succeed(target.id, circuit);
    found.route.policy.noteOutcome?.(target, { hasFailed: false, tookMs: this.#parts.nowMs() - sinceMs });
  }

  /** The present try is over: well, failed, or given up by the caller. `wasSent`: an engine has seen it. A second call does nothing. */
  end({ tokens = 0, error, wasSent = true }: TryEnd = {}): void {
    const current = this.#current;
    if (!current) return;
    this.#current = undefined;
    const { found, target, circuit, report, release, sinceMs, hasBegun } = current;
    const nowMs = this.#parts.nowMs();
    release();
    target.limits.end(tokens, nowMs);
    const isLeft = error === undefined ? !hasBegun : error.code === 'client_closed';
    if (isLeft || error === undefined) {
      if (!hasBegun) report.outcome = 'left';
      if (!hasBegun) found.route.circuits.abandon(target.id, circuit);
      else if (error === undefined && !circuit.isTrial) found.route.circuits.succeed(target.id, circuit);
      return;
    }
    report.outcome = 'failed';
    report.code = error.code;
    if (!wasSent || this.#isOfCaller(error, found)) {
      found.route.circuits.abandon(target.id, circuit);
      return;
    }
    const failure = readFailure(error, error.upstreamStatus);
    found.route.circuits.fail(target.id, circuit, failure);
    if (!hasBegun && failure.isOfUpstream) found.route.policy.noteOutcome?.(target, { hasFailed: true, tookMs: nowMs - sinceMs });
  }

  /**
   * What follows a try that failed before its first event: gives the pause before the next one, or throws the failure where there is none. `wasSent`: an engine has seen
   * it; what was refused here would be refused again.
   */
  recover(thrown: unknown, wasSent: boolean): number {
    const error = toGatewayError(thrown);
    this.end({ error, wasSent });
    const step = this.#decide(error);
    if (step.type === 'give-up' || (step.type === 'retry' && !wasSent)) throw thrown;
    if (step.type !== 'fallback') {
      if (step.type === 'retry') this.#tried.clear();
      return step.waitMs;
    }
    this.#usedFallbacks.push(step.model);
    this.#name = step.model;
    try {
      this.#found = this.#parts.find(step.model);
    } catch {
      return this.recover(error, wasSent);
    }
    this.#view = this.#makeView(this.#found.route.name);
    this.#attempts = 0;
    this.#tried.clear();
    return 0;
  }

  /** A time that was too short, and a name that is none among many that would be, say nothing of the upstream. */
  #isOfCaller({ code }: GatewayError, { stars }: FoundRoute): boolean {
    return (code === 'answer_timeout' && this.leftMs === 0) || (code === 'model_not_found' && stars.length > 0);
  }

  /** The operator has thought again since the last try: the next one goes by that, where the model is still there. */
  #findAgain(): void {
    if (!this.#found.route.isClosed) return;
    try {
      this.#found = this.#parts.find(this.#name);
    } catch {
      // the old targets may still answer
    }
  }

  /** A target may have a number of tries of its own. */
  #rulesNow(): FailoverRules {
    const own = this.#target?.options.rules.retries;
    if (own === undefined) return this.#rules;
    return { ...this.#rules, retries: Math.min(own, this.#parts.wishes.retries ?? own) };
  }

  #decide(error: GatewayError): FailoverStep {
    const { wishes, nowMs } = this.#parts;
    const { route, only } = this.#found;
    const progress = {
      hasBegun: false,
      attempts: this.#attempts,
      untried: route.countUntried({ view: this.#view, tags: wishes.tags ?? [], only }, this.#tried),
      usedFallbacks: this.#usedFallbacks,
      deadlineMs: this.#deadlineMs,
    };
    const failure = readFailure(error, error.upstreamStatus);
    return decideFailover(this.#rulesNow(), { error, failure, progress, nowMs: nowMs(), random: Math.random });
  }
}

/** Tries until one gives an answer. Throws the last failure, or `client_closed`. */
export async function tryUntilAnswered<Answer>(
  tries: Tries,
  signal: AbortSignal,
  ask: (target: Target, noteSent: () => void) => Promise<Answer>,
): Promise<Answer> {
  for (;;) {
    let wasSent = false;
    try {
      const answer = await ask(tries.begin(), () => {
        wasSent = true;
      });
      tries.answered();
      return answer;
    } catch (error) {
      await waitMs(tries.recover(signal.aborted ? leftWhileWaiting() : error, wasSent), signal);
      if (signal.aborted) throw leftWhileWaiting();
    }
  }
}

/** The caller went between two tries. */
export function leftWhileWaiting(): GatewayError {
  return new GatewayError('client_closed', 'The client left while its request waited.');
}

/** Callers may ask for other fallbacks and for fewer tries, never for more. */
function applyWishes(rules: FailoverRules, { retries, fallbacks }: RoutingWishes): FailoverRules {
  if (retries === undefined && fallbacks === undefined) return rules;
  const most = Math.min(rules.retries, retries ?? rules.retries);
  const retriesFor = Object.fromEntries(Object.entries(rules.retriesFor).map(([kind, count]) => [kind, Math.min(count, retries ?? count)]));
  return { ...rules, retries: most, retriesFor, fallbacks: fallbacks ?? rules.fallbacks };
}
