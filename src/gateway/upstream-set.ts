import { isDeepStrictEqual } from 'node:util';
import type { EngineContext } from '../engines/engine.ts';
import { engines } from '../engines/index.ts';
import type { Engine } from '../protocol/engine.ts';
import { SharedGpu } from './shared-gpu.ts';
import { Upstream, type UpstreamParts, type UpstreamSettings } from './upstream.ts';

type Engines = typeof engines;
type Kind = keyof Engines & string;

/** An upstream to open: the kind of engine, as its file is named, and that engine's options. Or an engine that is open already. */
export type UpstreamOptions = {
  readonly name: string;
  /** the name of the GPU that it shares with others that have the same here: one of them is awake at a time. Default: it has its own */
  readonly sharesGpu?: string;
} & (
  | { readonly [Name in Kind]: { readonly engine: Name; readonly options: Parameters<Engines[Name]['open']>[0] } }[Kind]
  | { readonly engine: Engine }
);

interface Opened {
  readonly options: UpstreamOptions;
  readonly upstream: Upstream;
}

/** Upstreams that a node may have next. */
export interface PreparedUpstreams {
  /** in the order in which they were given */
  readonly byName: ReadonlyMap<string, Upstream>;
  /** Resolves once each of those that were opened for it has answered for the first time, whatever that was. */
  readonly asked: Promise<unknown>;
  /** They are the node's from now on. */
  take(): void;
  /** They are not wanted after all: those that were opened for it are closed. */
  drop(): void;
}

/** The upstreams of a node. */
export class UpstreamSet {
  readonly #byName = new Map<string, Opened>();
  /** by their names; a GPU stays what it is when the configuration changes */
  readonly #gpus = new Map<string, SharedGpu>();
  /** gone from the configuration; what they work on may end */
  readonly #retiring = new Set<Upstream>();

  /** in the order in which they were given */
  get all(): readonly Upstream[] {
    return [...this.#byName.values()].map(({ upstream }) => upstream);
  }

  /**
   * Opens what is new beside what is there; `take` makes it the node's: it keeps what is the same and lets go of what is no more, which ends with the last request it
   * works on. Throws what opening an engine throws, and then nothing has changed.
   */
  prepare(wanted: readonly UpstreamOptions[], settings: UpstreamSettings): PreparedUpstreams {
    const next = new Map<string, Opened>();
    const opened: Upstream[] = [];
    const drop = () => {
      for (const upstream of opened) void upstream.close().catch(() => undefined);
    };
    try {
      for (const options of wanted) {
        const known = this.#byName.get(options.name);
        const isSame = known !== undefined && isSameEngine(known.options, options);
        const upstream = isSame ? known.upstream : this.#open(options, settings);
        if (!isSame) opened.push(upstream);
        next.set(options.name, { options, upstream });
      }
    } catch (error) {
      drop();
      throw error;
    }
    const byName = new Map([...next].map(([name, { upstream }]) => [name, upstream]));
    const asked = Promise.all(opened.map((upstream) => upstream.asked));
    return { byName, asked, drop, take: () => this.#take(next, settings) };
  }

  /** Refuses whoever waits; resolves when nothing is worked on any more. */
  async drain(): Promise<void> {
    await Promise.all([...this.all, ...this.#retiring].map((upstream) => upstream.admission.close()));
  }

  async close(): Promise<void> {
    await Promise.all([...this.all, ...this.#retiring].map((upstream) => upstream.close()));
  }

  #open(options: UpstreamOptions, settings: UpstreamSettings): Upstream {
    const { sharesGpu } = options;
    const gpu = sharesGpu === undefined ? undefined : (this.#gpus.get(sharesGpu) ?? new SharedGpu(sharesGpu, settings));
    if (gpu && sharesGpu !== undefined) this.#gpus.set(sharesGpu, gpu);
    const upstream = new Upstream({ ...partsOf(options, settings), gpu }, settings);
    upstream.learned.catch((error: Error) =>
      settings.log('error', 'upstream-unusable', { upstream: options.name, message: error.message }),
    );
    return upstream;
  }

  #take(next: ReadonlyMap<string, Opened>, settings: UpstreamSettings): void {
    const before = [...this.#byName.values()];
    this.#byName.clear();
    for (const [name, opened] of next) this.#byName.set(name, opened);
    const kept = new Set(this.all);
    for (const { upstream } of before) {
      if (kept.has(upstream)) upstream.change(settings);
      else this.#retire(upstream);
    }
  }

  #retire(upstream: Upstream): void {
    this.#retiring.add(upstream);
    const end = async () => {
      await upstream.idle();
      this.#retiring.delete(upstream);
      await upstream.close();
    };
    void end().catch(() => undefined);
  }
}

function isSameEngine(before: UpstreamOptions, now: UpstreamOptions): boolean {
  if (typeof before.engine !== 'string' || typeof now.engine !== 'string')
    return before.engine === now.engine && before.sharesGpu === now.sharesGpu;
  return isDeepStrictEqual(before, now);
}

function partsOf(options: UpstreamOptions, { log: logOf }: UpstreamSettings): Omit<UpstreamParts, 'gpu'> {
  const { name } = options;
  if (typeof options.engine !== 'string') return { name, kind: 'custom', address: undefined, engine: options.engine };
  const { engine: kind, options: engineOptions } = options as { name: string; engine: Kind; options: never };
  const log: EngineContext['log'] = (level, event, fields) => logOf(level, event, { upstream: name, ...fields });
  const address = (engineOptions as { readonly baseUrl?: string }).baseUrl;
  return { name, kind, address, engine: engines[kind].open(engineOptions, { log }) };
}
