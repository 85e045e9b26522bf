import type { JsonObject } from '../protocol/json.ts';
import { type OptionValues, type PolicyOptions, readOptions } from './options/read-options.ts';

/**
 * A model on one upstream, as a policy sees it. The gateway keeps one such object for each target for as long as that exists and
 * answers from its own counters: policies remember by the object, so that what they know of a target goes when the target does.
 */
export interface UpstreamView {
  /** unique among all targets and the same after a restart: sessions find their upstream by it */
  readonly id: string;
  /** may be given a request now: neither resting nor down nor on its one trial */
  readonly isHealthy: boolean;
  /** the operator's share, 0 and up */
  readonly weight: number;
  /** requests worked on there or waiting in its queue */
  readonly inFlight: number;
  /** requests it works on at once, at least 1 */
  readonly slots: number;
  /** money for each token; undefined: an engine of one's own, which costs nothing more */
  readonly cost: { readonly input: number; readonly output: number } | undefined;
}

/** A request, as a policy sees it. */
export interface RequestView {
  /** the agent or session that asks; undefined: nobody said */
  readonly session: string | undefined;
  /** The blocks of its conversation; made at the first call, the same list afterwards. */
  prefix(): PrefixBlocks;
}

/**
 * Hashes of the blocks of a conversation, each of everything up to its end: equal hashes mean equal beginnings.
 * 64 bits a block in two halves, one after the other. What is left over at the end is in no block.
 */
export type PrefixBlocks = Uint32Array;

/** Which upstream is likely to hold which beginnings of conversations in its memory. One for all models; bounded. */
export interface PrefixIndexView {
  /** How many of the first blocks the upstream, by its id, is likely to hold; 0 where they are fewer than `atLeast`, which is the cheaper answer. */
  countKnown(upstream: string, blocks: PrefixBlocks, atLeast: number): number;
  /** The conversation was sent there. */
  record(upstream: string, blocks: PrefixBlocks): void;
  /** The upstream is gone, or was started anew and holds nothing. */
  forget(upstream: string): void;
}

/** How an attempt ended. An attempt that the caller gave up is told to nobody. */
export interface AttemptOutcome {
  readonly hasFailed: boolean;
  /** from the dispatch to the first event, or to the failure */
  readonly tookMs: number;
}

/** What a policy is opened with. */
export interface PolicyContext {
  /** a clock that never goes back */
  readonly nowMs: () => number;
  readonly prefixes: PrefixIndexView;
}

/** Picks an upstream for each request of one model. Synchronous, and its cost grows with the number of upstreams only. */
export interface Policy {
  /** The upstream to send to: always a healthy one of `candidates`; undefined where none is healthy. It expects the request to be sent there. */
  choose<View extends UpstreamView>(candidates: readonly View[], request: RequestView): View | undefined;
  /** The request was dispatched there. */
  noteSent?(upstream: UpstreamView, request: RequestView): void;
  /** The first event came, or the attempt failed before it. */
  noteOutcome?(upstream: UpstreamView, outcome: AttemptOutcome): void;
}

/** One way to choose. The name of the file is its name. */
export interface PolicyDefinition {
  /** one line for people who choose between policies */
  readonly summary: string;
  readonly options: PolicyOptions;
  /** Reads the options that the configuration gives, and makes the policy of one model. Throws `configuration_invalid`. */
  readonly open: (given: JsonObject, context: PolicyContext) => Policy;
}

/** A definition whose options are read by its table of them; a policy file's default export. */
export function definePolicy<const Options extends PolicyOptions>(definition: {
  readonly summary: string;
  readonly options: Options;
  readonly create: (options: OptionValues<Options>, context: PolicyContext) => Policy;
}): PolicyDefinition {
  const { summary, options, create } = definition;
  return { summary, options, open: (given, context) => create(readOptions(options, given), context) };
}
