import { Pool } from 'undici';
import { Exchange, type LoadKind, type Outcome } from './gateways-exchange.ts';

/** Whom a load asks. */
export interface LoadTarget {
  /** where, without a path */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** How many requests are under way: as many as there are `callers`, each asking again when it is answered, or as many as come of a fixed rate. */
export type Pace = { readonly callers: number } | { readonly perSecond: number };

/** What became of requests. */
export interface Tally {
  readonly outcomes: Record<Outcome, number>;
  /** of right answers, to their end, of streams to the first piece; milliseconds */
  readonly latenciesMs: number[];
}

const mostConnections = 512;
const patienceMs = 60_000;
const tickMs = 1;

/** No request yet. */
export function newTally(): Tally {
  return { outcomes: { right: 0, wrong: 0, refused: 0, lost: 0 }, latenciesMs: [] };
}

/** Asks one gateway again and again and judges every answer. It holds its connections until it is closed. */
export class GatewayLoad {
  /** the first answer that was not right: what was asked, and what came */
  fault: string | undefined;
  /** answers so far, of any kind */
  ends = 0;
  /** right answers so far */
  answers = 0;
  /** pieces received so far, also of answers that are still coming */
  pieces = 0;
  /** keeps what becomes of requests that are asked from now on, whenever they end; set a new one to begin a window */
  tally = newTally();
  readonly #target: LoadTarget;
  readonly #pool: Pool;
  readonly #open = new Set<Exchange>();
  #timer: NodeJS.Timeout | undefined;
  #callers = 0;

  constructor(target: LoadTarget) {
    this.#target = target;
    this.#pool = new Pool(target.url, { connections: mostConnections, pipelining: 1, headersTimeout: 0, bodyTimeout: 0 });
  }

  start(kind: LoadKind, pace: Pace): void {
    if ('callers' in pace) {
      this.#callers = pace.callers;
      for (let at = 0; at < pace.callers; at++) this.#callAgain(kind);
      return;
    }
    const startedMs = performance.now();
    let asked = 0;
    this.#timer = setInterval(() => {
      const due = ((performance.now() - startedMs) / 1000) * pace.perSecond;
      for (; asked < due; asked++) this.#ask(kind, () => {});
    }, tickMs);
  }

  /** Asks nothing more and waits for what is under way; what has not ended within the patience is lost. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#callers = 0;
    const endMs = performance.now() + patienceMs;
    while (this.#open.size > 0 && performance.now() < endMs) await new Promise((resolve) => setTimeout(resolve, 5));
    for (const exchange of [...this.#open]) exchange.abandon(new Error(`no end of it within ${patienceMs / 1000} s`));
    while (this.#open.size > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  }

  async close(): Promise<void> {
    await this.#pool.destroy();
  }

  #callAgain(kind: LoadKind): void {
    this.#ask(kind, () => {
      if (this.#callers > 0) this.#callAgain(kind);
    });
  }

  #ask(kind: LoadKind, then: () => void): void {
    const asked = kind.makeBody();
    const headers = { 'content-type': 'application/json', ...this.#target.headers };
    const tally = this.tally;
    const exchange = new Exchange({
      asked,
      pieces: kind.pieces,
      heard: (count) => void (this.pieces += count),
      ended: (outcome, latencyMs, words) => {
        this.#open.delete(exchange);
        tally.outcomes[outcome]++;
        this.ends++;
        if (outcome === 'right') {
          this.answers++;
          tally.latenciesMs.push(latencyMs);
        } else this.fault ??= `${outcome}: ${words}`;
        then();
      },
    });
    this.#open.add(exchange);
    this.#pool.dispatch({ method: 'POST', path: '/v1/chat/completions', headers, body: asked.body }, exchange);
  }
}
