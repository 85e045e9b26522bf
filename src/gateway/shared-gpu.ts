import type { EngineContext } from '../engines/engine.ts';
import type { Engine, Sleep } from '../protocol/engine.ts';
import { GatewayError } from '../protocol/error.ts';
import { Admission, type AdmissionOptions, type Place } from '../scheduling/admission.ts';

/** Where the requests of one upstream wait for their places. */
export interface Lane {
  /** requests that are worked on */
  readonly inFlight: number;
  readonly waiting: number;
  /** See `Admission.admit`. `model` is the engine's own name of it. */
  admit(signal: AbortSignal, model?: string): Promise<Place>;
  /** See `Admission.resize`. */
  resize(inFlight: number): void;
  /** See `Admission.change`. */
  change(bounds: QueueBounds): void;
  /** See `Admission.reconsider`. */
  reconsider(): void;
  /** See `Admission.close`. */
  close(): Promise<void>;
}

type QueueBounds = Pick<AdmissionOptions, 'queueLimit' | 'queueTimeoutMs' | 'swapWaitMs'>;

/** An engine that shares its GPU, as it is known here. */
interface Member {
  /** its name. While the configuration changes it may be there twice */
  readonly upstream: string;
  readonly engine: Engine;
  readonly sleep: Sleep;
  /** requests that it works on at once */
  places: number;
}

/** Longest that an engine may take to fall asleep, or to wake: weights go through RAM. */
const swapMs = 300_000;

/**
 * Engines of which one is awake at a time, as there is room for one on their GPU. Their requests wait in one queue, grouped by engine: the one that is awake keeps the
 * GPU for as long as requests for it come and nobody else has waited longer than `swapWaitMs`. Nobody is put to sleep while it works for us.
 */
export class SharedGpu {
  readonly #name: string;
  readonly #log: EngineContext['log'];
  readonly #members = new Set<Member>();
  readonly #queue: Admission;
  /** undefined: it is not known */
  #awake: string | undefined;
  /** to the member whose requests have places now */
  #swap: Promise<void> | undefined;

  constructor(name: string, bounds: QueueBounds & { readonly log: EngineContext['log'] }) {
    this.#name = name;
    this.#log = bounds.log;
    const placesOf = (upstream: string) =>
      Math.max(1, ...[...this.#members].filter((member) => member.upstream === upstream).map(({ places }) => places));
    this.#queue = new Admission({ ...bounds, inFlight: 1, placesOf, mayShare: () => false });
  }

  /** Takes in an upstream. Throws `bad_usage` where its engine cannot sleep. */
  join(upstream: string, engine: Engine, places: number): Lane {
    const { sleep } = engine;
    if (!sleep) {
      throw new GatewayError('bad_usage', `'${upstream}' cannot share the GPU '${this.#name}': its engine cannot be put to sleep.`);
    }
    const member: Member = { upstream, engine, sleep, places };
    this.#members.add(member);
    // it may be another server under a name that was there
    if (this.#awake === upstream) this.#awake = undefined;
    const queue = this.#queue;
    return {
      get inFlight() {
        return queue.inFlightOf(upstream);
      },
      get waiting() {
        return queue.waitingOf(upstream);
      },
      admit: (signal) => this.#admit(member, signal),
      resize: (inFlight) => {
        member.places = inFlight;
        queue.reconsider();
      },
      change: (bounds) => queue.change(bounds),
      reconsider: () => queue.reconsider(),
      close: () => queue.close(),
    };
  }

  /** An upstream is no more. */
  leave(engine: Engine): void {
    for (const member of this.#members) if (member.engine === engine) this.#members.delete(member);
  }

  async #admit(member: Member, signal: AbortSignal): Promise<Place> {
    const place = await this.#queue.admit(signal, member.upstream);
    try {
      if (this.#awake !== member.upstream) {
        this.#swap ??= this.#wake(member).finally(() => {
          this.#swap = undefined;
        });
        // to the end even if the client leaves: until then the place keeps others from swapping too
        await this.#swap;
        if (signal.aborted) throw new GatewayError('client_closed', 'The client left while its model was woken.');
      }
      return place;
    } catch (error) {
      place.release();
      throw error;
    }
  }

  async #wake({ upstream, engine, sleep }: Member): Promise<void> {
    const from = this.#awake;
    const sinceMs = performance.now();
    const limit = AbortSignal.timeout(swapMs);
    try {
      // nobody gives way to one that is not there
      await engine.probe?.(limit);
      this.#awake = undefined;
      const others = [...this.#members].filter((member) => member.upstream !== upstream);
      await Promise.all(others.map((member) => putToSleep(member.sleep, limit)));
      await sleep.end(limit);
    } catch (error) {
      if (!limit.aborted) throw error;
      throw new GatewayError('engine_failed', `'${upstream}' could not be woken within ${swapMs / 1000} s.`, { cause: error });
    }
    this.#awake = upstream;
    this.#log('info', 'gpu-swap', {
      gpu: this.#name,
      ...(from === undefined ? {} : { from }),
      to: upstream,
      ms: Math.round(performance.now() - sinceMs),
    });
  }
}

/** One that is not there holds nothing. */
async function putToSleep({ begin }: Sleep, limit: AbortSignal): Promise<void> {
  try {
    await begin(limit);
  } catch (error) {
    if (!(error instanceof GatewayError) || error.code !== 'engine_unavailable') throw error;
  }
}
