import { isDeepStrictEqual } from 'node:util';
import type { EngineContext } from '../engines/engine.ts';
import { engines } from '../engines/index.ts';
import type { Engine } from '../protocol/engine.ts';
import { Upstream, type UpstreamParts, type UpstreamSettings } from './upstream.ts';

type Engines = typeof engines;
type Kind = keyof Engines & string;

/** An upstream to open: the kind of engine, as its file is named, and that engine's options. Or an engine that is open already. */
export type UpstreamOptions =
  | {
      readonly [Name in Kind]: { readonly name: string; readonly engine: Name; readonly options: Parameters<Engines[Name]['open']>[0] };
    }[Kind]
  | { readonly name: string; readonly engine: Engine };

interface Opened {
  readonly options: UpstreamOptions;
  readonly upstream: Upstream;
}

/** The upstreams of a node. */
export class UpstreamSet {
  readonly #byName = new Map<string, Opened>();
  /** gone from the configuration; what they work on may end */
  readonly #retiring = new Set<Upstream>();

  /** in the order in which they were given */
  get all(): readonly Upstream[] {
    return [...this.#byName.values()].map(({ upstream }) => upstream);
  }

  get byName(): ReadonlyMap<string, Upstream> {
    return new Map(this.all.map((upstream) => [upstream.name, upstream]));
  }

  /** Opens what is new, keeps what is the same, and lets go of what is no more: that ends with the last request it works on. */
  change(wanted: readonly UpstreamOptions[], settings: UpstreamSettings): void {
    const before = new Map(this.#byName);
    this.#byName.clear();
    for (const options of wanted) {
      const known = before.get(options.name);
      const isSame = known !== undefined && isSameEngine(known.options, options);
      if (isSame) {
        before.delete(options.name);
        known.upstream.change(settings);
      }
      this.#byName.set(options.name, { options, upstream: isSame ? known.upstream : openUpstream(options, settings) });
    }
    for (const { upstream } of before.values()) this.#retire(upstream);
  }

  /** Refuses whoever waits; resolves when nothing is worked on any more. */
  async drain(): Promise<void> {
    await Promise.all([...this.all, ...this.#retiring].map((upstream) => upstream.admission.close()));
  }

  async close(): Promise<void> {
    await Promise.all([...this.all, ...this.#retiring].map((upstream) => upstream.close()));
  }

  #retire(upstream: Upstream): void {
    this.#retiring.add(upstream);
    const end = async () => {
      await upstream.admission.idle();
      this.#retiring.delete(upstream);
      await upstream.close();
    };
    void end().catch(() => undefined);
  }
}

function isSameEngine(before: UpstreamOptions, now: UpstreamOptions): boolean {
  if (typeof before.engine !== 'string' || typeof now.engine !== 'string') return before.engine === now.engine;
  return isDeepStrictEqual(before, now);
}

function openUpstream(options: UpstreamOptions, settings: UpstreamSettings): Upstream {
  const upstream = new Upstream(partsOf(options, settings), settings);
  upstream.learned.catch((error: Error) => settings.log('error', 'upstream-unusable', { upstream: options.name, message: error.message }));
  return upstream;
}

function partsOf(options: UpstreamOptions, { log: logOf }: UpstreamSettings): UpstreamParts {
  const { name } = options;
  if (typeof options.engine !== 'string') return { name, kind: 'custom', address: undefined, engine: options.engine };
  const { engine: kind, options: engineOptions } = options as { name: string; engine: Kind; options: never };
  const log: EngineContext['log'] = (level, event, fields) => logOf(level, event, { upstream: name, ...fields });
  const address = (engineOptions as { readonly baseUrl?: string }).baseUrl;
  return { name, kind, address, engine: engines[kind].open(engineOptions, { log }) };
}
