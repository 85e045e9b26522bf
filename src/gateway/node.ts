import type { EngineEmbeddings, EngineModel, EngineState, TextToTokenize } from '../protocol/engine.ts';
import type { EventBatch } from '../protocol/event.ts';
import type { GenerateRequest } from '../protocol/request.ts';

/** A model as callers see it. */
export interface ServedModel {
  /** the name to ask for */
  readonly id: string;
  /** other names it answers to */
  readonly aliases: readonly string[];
  /** the kind of engine, as its file is named */
  readonly engine: string;
  /** when it was first served, milliseconds since 1970 */
  readonly createdMs: number;
  readonly facts: EngineModel;
}

/** A generation under way. */
export interface Turn {
  /** value of the header `x-rookery-plan`; changes if another upstream takes over before the first event */
  readonly plan: string;
  /** Batches in order. Throws what failed before the first event; later failures are `error` events. Returning early stops the engine's work. */
  readonly batches: AsyncIterable<EventBatch>;
}

/** What the node's parts need to know of its upstreams: all that surfaces and server see of the gateway. */
export interface Node {
  /** Models of all upstreams that have told theirs so far. */
  models(): readonly ServedModel[];
  /** Resolves once every upstream was asked for its models and one has told them; others are asked again. Rejects with the error of an engine that never will, or with the signal's reason. */
  ready(signal: AbortSignal): Promise<void>;
  /** One state for each upstream, by its name. */
  states(): Readonly<Record<string, EngineState>>;
  /**
   * Plans and queues a generation. Throws `model_not_found`, `unsupported_feature` and the like before anything is queued.
   * `queue_full` and `queue_timeout` come from the first read of `batches`. An aborted signal gives up the place or stops the engine.
   */
  generate(request: GenerateRequest, signal: AbortSignal): Turn;
  embed(model: string, inputs: readonly (string | readonly number[])[], signal: AbortSignal): Promise<EngineEmbeddings>;
  tokenize(model: string, text: TextToTokenize, signal: AbortSignal): Promise<readonly number[]>;
  /** The tokens of a conversation as `generate` would have it rendered; refuses what `generate` would refuse. */
  tokenizeConversation(request: GenerateRequest, signal: AbortSignal): Promise<readonly number[]>;
  detokenize(model: string, tokens: readonly number[], signal: AbortSignal): Promise<string>;
  /** Stops taking work, waits for what is in flight up to `graceMs`, then ends the engines. */
  close(graceMs: number): Promise<void>;
}
