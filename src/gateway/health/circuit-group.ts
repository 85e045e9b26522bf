import { Circuit, type CircuitAttempt, type CircuitRules } from './circuit.ts';
import type { Failure } from './failure.ts';

/** What is known of a target's health, for `/health` and metrics. */
export interface TargetHealth {
  /** `kept`: it does not answer its probes, but no other is healthy, and the last one is never taken out */
  readonly state: 'healthy' | 'kept' | 'resting' | 'trial' | 'down';
  /** until a trial may be made */
  readonly restsForMs: number;
}

interface Target {
  readonly circuit: Circuit;
  /** what the last probe said */
  isWell: boolean;
}

/**
 * The targets of one model, by their ids, and which of them may be given requests.
 * The last healthy one is never taken out, neither by failures nor by probes: requests wait for it until their deadlines. So at any time at least one circuit is
 * closed, however failures and probes come.
 */
export class CircuitGroup {
  readonly #targets = new Map<string, Target>();
  readonly #nowMs: () => number;
  /** closed and well */
  #healthyCount = 0;

  /** `nowMs` is a clock that never goes back. */
  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** A target that is new is healthy; one of the same id starts anew. */
  add(id: string, rules: CircuitRules): void {
    this.#targets.set(id, { circuit: new Circuit(rules), isWell: true });
    this.#recount();
  }

  remove(id: string): void {
    this.#targets.delete(id);
    if (this.#targets.size > 0 && !this.#hasClosed()) this.#findFirstToTry()?.close();
    this.#recount();
  }

  /** Whether requests may go there now. */
  isHealthy(id: string): boolean {
    const target = this.#targets.get(id);
    if (!target?.circuit.mayTake(this.#nowMs())) return false;
    return target.isWell || (this.#isClosed(target) && !this.#hasHealthyBeside(target));
  }

  health(id: string): TargetHealth {
    const target = this.#targets.get(id);
    if (!target) return { state: 'down', restsForMs: 0 };
    const nowMs = this.#nowMs();
    const state = target.circuit.state(nowMs);
    if (state === 'resting') return { state, restsForMs: (target.circuit.restsUntilMs ?? nowMs) - nowMs };
    if (target.isWell) return { state: state === 'closed' ? 'healthy' : 'trial', restsForMs: 0 };
    return { state: this.isHealthy(id) ? 'kept' : 'down', restsForMs: 0 };
  }

  /** A request goes there. How it ends must be told by one of the three that follow. */
  begin(id: string): CircuitAttempt {
    return this.#targets.get(id)?.circuit.begin(this.#nowMs()) ?? { period: -1, isTrial: false };
  }

  /** The first event of a trial came, or an answer to its end. What fails after its first event is told by `fail` as well. */
  succeed(id: string, attempt: CircuitAttempt): void {
    this.#targets.get(id)?.circuit.succeed(attempt);
    if (attempt.isTrial) this.#recount();
  }

  /** The caller left. */
  abandon(id: string, attempt: CircuitAttempt): void {
    this.#targets.get(id)?.circuit.abandon(attempt);
  }

  /** It failed before the first event. Gives whether it rests now. */
  fail(id: string, attempt: CircuitAttempt, failure: Failure): boolean {
    const target = this.#targets.get(id);
    const nowMs = this.#nowMs();
    if (!target?.circuit.fail(attempt, failure, nowMs)) return false;
    if (this.#isClosed(target) && !this.#hasHealthyBeside(target)) return false;
    target.circuit.rest(nowMs, failure.retryAfterMs);
    this.#recount();
    return true;
  }

  /** What a probe of its upstream said. One that comes back was most likely started anew: it rests no longer. Gives whether it came back. */
  noteProbe(id: string, isWell: boolean): boolean {
    const target = this.#targets.get(id);
    if (!target) return false;
    const isBack = isWell && !target.isWell;
    target.isWell = isWell;
    if (isBack) target.circuit.close();
    this.#recount();
    return isBack;
  }

  #isClosed({ circuit }: Target): boolean {
    return circuit.restsUntilMs === undefined;
  }

  #hasClosed(): boolean {
    for (const target of this.#targets.values()) if (this.#isClosed(target)) return true;
    return false;
  }

  #hasHealthyBeside(target: Target): boolean {
    return this.#healthyCount > (target.isWell && this.#isClosed(target) ? 1 : 0);
  }

  #recount(): void {
    this.#healthyCount = 0;
    for (const target of this.#targets.values()) if (target.isWell && this.#isClosed(target)) this.#healthyCount += 1;
  }

  #findFirstToTry(): Circuit | undefined {
    let first: Circuit | undefined;
    for (const { circuit } of this.#targets.values()) {
      if (first === undefined || (circuit.restsUntilMs ?? 0) < (first.restsUntilMs ?? 0)) first = circuit;
    }
    return first;
  }
}
