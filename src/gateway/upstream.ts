import type { EngineContext } from '../engines/engine.ts';
import type { Engine, EngineModel } from '../protocol/engine.ts';
import { type ErrorCode, GatewayError } from '../protocol/error.ts';
import { Admission, type Place } from '../scheduling/admission.ts';
import type { ProbeOptions } from './routes/route-options.ts';
import type { Lane, SharedGpu } from './shared-gpu.ts';
import { waitMs } from './wait-ms.ts';

/** Bounds of an upstream's queue, as the operator sets them. */
export interface QueueOptions {
  readonly queueLimit: number;
  readonly queueTimeoutMs: number;
}

/** What an upstream is opened with besides its engine. */
export interface UpstreamSettings extends QueueOptions {
  /** longest wait of a request whose model has to be swapped in, while others keep the GPU; default 60,000 */
  readonly swapWaitMs?: number;
  readonly log: EngineContext['log'];
  /** how it is asked whether it is well; default: it is not */
  readonly probes?: ProbeOptions;
}

/** What an upstream is. */
export interface UpstreamParts extends Pick<Upstream, 'name' | 'kind' | 'address' | 'engine'> {
  /** what it gives to others for a while; undefined: it has its GPU for itself */
  readonly gpu: SharedGpu | undefined;
}

/** Hears whether an upstream is well, and which models it has: after it was asked, whatever it said. */
export type UpstreamListener = (upstream: Upstream) => void;

const noProbes: ProbeOptions = { intervalMs: 0, timeoutMs: 0 };
/** How often it is looked whether the operator wants probes by now. */
const idleMs = 10_000;

/** Time for an engine to tell which models it holds. */
const residentsMs = 5_000;

/** Why an engine cannot be asked for its models now, and may be later: it is not there, or others keep the GPU that it shares. */
const passing: ReadonlySet<ErrorCode> = new Set(['engine_unavailable', 'queue_full', 'queue_timeout']);

/** Pauses before an engine that is not there is asked again. */
const pausesMs = [250, 500, 1000, 2000];
const longestPauseMs = 4000;

/** One running engine with its queue and its models. */
export class Upstream {
  readonly name: string;
  /** the kind of engine, as its file is named; `custom` for one that was given open */
  readonly kind: string;
  /** where it is; undefined: inside, or given open */
  readonly address: string | undefined;
  readonly engine: Engine;
  readonly admission: Lane;
  /** resolves once the engine has told its models; rejects when it says that it never will, or at the end */
  readonly learned: Promise<void>;
  /** resolves after its first answer, whatever that was */
  readonly asked: Promise<void>;
  /** milliseconds since 1970 */
  readonly openedMs = Date.now();
  /** when it last told its models, milliseconds since 1970; 0: never */
  learnedMs = 0;
  /** what it last said of itself */
  isWell = false;
  /** most requests that it works on at once */
  slots: number;
  #settings: UpstreamSettings;
  readonly #gpu: SharedGpu | undefined;
  readonly #listeners = new Set<UpstreamListener>();
  #holders = 0;
  #whenIdle: (() => void) | undefined;
  readonly #end = new AbortController();
  #models: ReadonlyMap<string, EngineModel> = new Map();
  /** the names that the last probe gave */
  #probed: string | undefined;
  /** models that the engine holds in memory, as it last told */
  #residents: ReadonlySet<string> = new Set();

  /** Throws what `SharedGpu.join` throws. */
  constructor({ name, kind, address, engine, gpu }: UpstreamParts, settings: UpstreamSettings) {
    this.name = name;
    this.kind = kind;
    this.address = address;
    this.engine = engine;
    this.#settings = settings;
    this.slots = engine.capabilities.slots;
    this.#gpu = gpu;
    this.admission = gpu ? gpu.join(name, engine, placesFor(this.slots)) : this.#openQueue();
    const { asked, learned } = this.#learnModels();
    this.asked = asked;
    this.learned = learned;
    void learned.then(
      () => this.#probe(),
      () => undefined,
    );
  }

  /** by their ids, in the order in which they were told */
  get models(): ReadonlyMap<string, EngineModel> {
    return this.#models;
  }

  /** The model of this name or alias; one that it did not list only where its engine takes any name. */
  find(name: string): EngineModel | undefined {
    const listed = this.#models.get(name) ?? [...this.#models.values()].find(({ aliases = [] }) => aliases.includes(name));
    return listed ?? (this.learnedMs > 0 ? this.engine.describeUnlisted?.(name) : undefined);
  }

  /** The operator has thought again of its queue and its probes. */
  change(settings: UpstreamSettings): void {
    this.#settings = settings;
    this.admission.change(settings);
  }

  /** Waits for a place for a request to one of its models, by the engine's own name. Throws what `Admission.admit` throws. */
  admit(model: string, signal: AbortSignal): Promise<Place> {
    return this.engine.residents ? this.#admitBeside(model, signal) : this.admission.admit(signal);
  }

  /** The engine holds a few of its models at once. */
  async #admitBeside(model: string, signal: AbortSignal): Promise<Place> {
    const place = await this.admission.admit(signal, model);
    if (this.#residents.has(model)) return place;
    return {
      release: () => {
        place.release();
        void this.#askResidents();
      },
    };
  }

  /** A model was loaded: others may have had to go for it, or not. */
  async #askResidents(): Promise<void> {
    try {
      this.#residents = new Set(await this.engine.residents?.(AbortSignal.any([this.#end.signal, AbortSignal.timeout(residentsMs)])));
      this.admission.reconsider();
    } catch {
      // it is asked again with the next model that is not known to be there
    }
  }

  /** Calls the listener now and whenever something is learnt, until the function that it gives is called. */
  listen(listener: UpstreamListener): () => void {
    this.#listeners.add(listener);
    listener(this);
    return () => this.#listeners.delete(listener);
  }

  /** Somebody is about to ask it, or does: it is not let go of until the function that is given is called. */
  hold(): () => void {
    let isHeld = true;
    this.#holders += 1;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      this.#holders -= 1;
      if (this.#holders === 0) this.#whenIdle?.();
    };
  }

  /** Resolves when nobody holds it. To be waited for once. */
  idle(): Promise<void> {
    return new Promise((resolve) => {
      this.#whenIdle = resolve;
      if (this.#holders === 0) resolve();
    });
  }

  /** Ends the engine; what is in flight fails. */
  async close(): Promise<void> {
    this.#end.abort(new GatewayError('shutting_down', `The engine '${this.name}' is being closed.`));
    this.#gpu?.leave(this.engine);
    await this.engine.close();
  }

  /** Where the engine loads models as they are asked for, those that it does not hold together are kept apart. */
  #openQueue(): Admission {
    const holdsAll = (models: readonly string[]) => models.every((model) => this.#residents.has(model));
    const mayShare = this.engine.residents ? { mayShare: holdsAll } : {};
    return new Admission({ inFlight: placesFor(this.slots), ...this.#settings, ...mayShare });
  }

  /** An engine that is not there yet is asked again: it may start later than we do. */
  #learnModels(): { readonly asked: Promise<void>; readonly learned: Promise<void> } {
    let told = (): void => undefined;
    const asked = new Promise<void>((resolve) => {
      told = resolve;
    });
    const learn = async (): Promise<void> => {
      for (let count = 0; ; count++) {
        try {
          await this.#learn();
          return;
        } catch (error) {
          if (this.#end.signal.aborted || !(error instanceof GatewayError) || !passing.has(error.code)) throw error;
          if (count === 0) this.#settings.log('warn', 'upstream-awaited', { upstream: this.name, message: error.message });
        }
        told();
        await waitMs(pausesMs[count] ?? longestPauseMs, this.#end.signal);
      }
    };
    return { asked, learned: learn().finally(told) };
  }

  async #learn(): Promise<void> {
    const models = await this.#askModels();
    await this.#askResidents();
    this.#models = new Map(models.map((model) => [model.id, model]));
    this.learnedMs = Date.now();
    this.isWell = true;
    this.slots = Math.max(1, ...models.map(({ capabilities }) => capabilities?.slots ?? this.engine.capabilities.slots));
    this.admission.resize(placesFor(this.slots));
    this.#tell();
  }

  /** One that shares its GPU is woken for it: some of what is asked makes it generate. */
  async #askModels(): Promise<readonly EngineModel[]> {
    const place = this.#gpu ? await this.admission.admit(this.#end.signal) : undefined;
    try {
      return await this.engine.models(this.#end.signal);
    } finally {
      place?.release();
    }
  }

  /** Asks again and again whether it is well. One that comes back, or lists other models than before, tells them anew. */
  async #probe(): Promise<void> {
    const { signal } = this.#end;
    while (!signal.aborted) {
      const { probes = noProbes, log } = this.#settings;
      await waitMs(probes.intervalMs || idleMs, signal);
      if (signal.aborted) return;
      if (probes.intervalMs === 0 || !this.engine.probe) continue;
      const wasWell = this.isWell;
      try {
        const names = await this.engine.probe(AbortSignal.any([signal, AbortSignal.timeout(probes.timeoutMs)]));
        if (!wasWell) log('info', 'upstream-back', { upstream: this.name });
        const list = [...names].sort().join('\n');
        // a model that cannot be described stays on the list, and is looked at once
        const isNewList = list !== this.#probed && !this.#hasModels(names);
        this.#probed = list;
        if (!wasWell || isNewList) await this.#learn();
      } catch (error) {
        if (signal.aborted) return;
        this.isWell = false;
        if (wasWell) log('warn', 'upstream-down', { upstream: this.name, message: error instanceof Error ? error.message : String(error) });
        this.#tell();
      }
    }
  }

  #hasModels(names: readonly string[]): boolean {
    return names.length === this.#models.size && names.every((name) => this.#models.has(name));
  }

  #tell(): void {
    for (const listener of this.#listeners) listener(this);
  }
}

/** A few more than it has slots for: a freed slot finds its next request there already. */
function placesFor(slots: number): number {
  return slots + Math.ceil(slots / 4);
}

/** Why nothing can be asked of an upstream that has not told its models. */
export function notReady({ name, engine }: Upstream): GatewayError {
  const { status, reason } = engine.state();
  const why = reason ? `: ${reason}` : '';
  if (status === 'down') return new GatewayError('engine_unavailable', `The engine '${name}' is gone${why}`);
  return new GatewayError('engine_unavailable', `The engine '${name}' is not ready yet${why}. Retry shortly.`, { retryAfterSeconds: 2 });
}
