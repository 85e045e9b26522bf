import type { EngineEmbeddings, EngineModel, EngineState, TextToTokenize } from '../protocol/engine.ts';
import type { ErrorCode } from '../protocol/error.ts';
import type { EventBatch } from '../protocol/event.ts';
import type { JsonObject } from '../protocol/json.ts';
import type { GenerateRequest } from '../protocol/request.ts';
import type { Plan } from '../translate/plan.ts';
import type { TargetHealth } from './health/circuit-group.ts';

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

/** One try to have a request answered by an upstream. */
export interface AttemptReport {
  /** the upstream's name, as the operator gave it */
  readonly upstream: string;
  /** `answered`: it gave a first event; `left`: the caller went before that */
  readonly outcome: 'running' | 'answered' | 'failed' | 'left';
  /** why it failed */
  readonly code?: ErrorCode;
  /** milliseconds in the upstream's queue */
  readonly queuedMs: number;
}

/** What was done for a generation, for metrics and the log. Names in it are the operator's: there are few. */
export interface TurnReport {
  /** the model that was asked for, by the name it is configured or listed under */
  readonly asked: string;
  /** the model that answers, by the name it is configured or listed under; a fallback's where one took over */
  readonly model: string;
  /** how tools and constraints are met */
  readonly mode: Plan['mode'];
  /** in order; the last one is the present one */
  readonly attempts: readonly AttemptReport[];
  /** answers that were not as demanded: asked for again, given with a warning, refused */
  readonly faults: Readonly<Record<AnswerFaultOutcome, number>>;
}

/** What became of an answer that was not as demanded. */
export type AnswerFaultOutcome = 'repairing' | 'given' | 'refused';

/** A generation under way. */
export interface Turn {
  /** what was done so far */
  readonly report: TurnReport;
  /** value of the header `x-rookery-plan`; changes if another upstream takes over before the first event */
  readonly plan: string;
  /** Batches in order. Throws what failed before the first event; later failures are `error` events. Returning early stops the engine's work. */
  readonly batches: AsyncIterable<EventBatch>;
  /**
   * Every batch, for a caller who wants the answer whole: nothing of it is told before, so that another try may save what fails in its middle. Throws the last failure.
   * Either this is called, once, or `batches` are read.
   */
  whole(): Promise<readonly EventBatch[]>;
}

/** What the operator does to a body before it is decoded, in wire names. */
export interface BodyRules {
  /** fields that it gets where it has none of that name */
  readonly defaults: JsonObject;
  /** paths of fields that are left out: `user`, `tools[*].function.strict` */
  readonly drops: readonly string[];
  /** fields that cannot be honoured are left out, where a refusal would be the rule */
  readonly dropsUnsupported: boolean;
}

/** How a body becomes a request again under other rules. */
export interface Redecoding {
  /** the rules under which it was decoded first */
  readonly rules: BodyRules | undefined;
  /** fields that were left out of it then */
  readonly dropped: readonly string[];
  /** Throws what decoding throws. */
  decode(rules: BodyRules | undefined): { readonly request: GenerateRequest; readonly dropped: readonly string[] };
}

/** How busy an upstream is. */
export interface UpstreamLoad {
  /** requests that its engine has now */
  readonly inFlight: number;
  /** requests that wait for it here */
  readonly waiting: number;
  /** requests it works on at once */
  readonly slots: number;
}

/** A model on one upstream, and whether it is given requests. */
export interface TargetState {
  /** as it is configured or listed */
  readonly model: string;
  readonly upstream: string;
  readonly health: TargetHealth;
}

/** The operator's file that a node works by. */
export interface ConfigurationState {
  /** when it was last taken, milliseconds since 1970 */
  readonly loadedMs: number;
  /** why its present text is not used; undefined: it is */
  readonly refusal: string | undefined;
}

/** What the node's parts need to know of its upstreams: all that surfaces and server see of the gateway. */
export interface Node {
  /** Models of all upstreams that have told theirs so far. */
  models(): readonly ServedModel[];
  /** Resolves once every upstream was asked for its models and one has told them; others are asked again. Rejects with the error of the first where none of them ever will, or with the signal's reason. */
  ready(signal: AbortSignal): Promise<void>;
  /** One state for each upstream, by its name. */
  states(): Readonly<Record<string, EngineState>>;
  /** The load of each upstream, by its name. */
  loads(): Readonly<Record<string, UpstreamLoad>>;
  /** The file that it works by; undefined: none. */
  configuration(): ConfigurationState | undefined;
  /** Each model on each of its upstreams. */
  targets(): readonly TargetState[];
  /**
   * Plans and queues a generation. Throws `model_not_found`, `unsupported_feature` and the like before anything is queued.
   * `queue_full` and `queue_timeout` come from the first read of `batches`. An aborted signal gives up the place or stops the engine.
   */
  generate(request: GenerateRequest, signal: AbortSignal, redecoding?: Redecoding): Turn;
  /** What the operator wants done to bodies that ask for this model; undefined: nothing. */
  bodyRules(model: string): BodyRules | undefined;
  /** The served model that answers to a name; undefined where there is none, or its engine has not told it yet. */
  findModel(name: string): ServedModel | undefined;
  embed(model: string, inputs: readonly (string | readonly number[])[], signal: AbortSignal): Promise<EngineEmbeddings>;
  tokenize(model: string, text: TextToTokenize, signal: AbortSignal): Promise<readonly number[]>;
  /** The tokens of a conversation as `generate` would have it rendered; refuses what `generate` would refuse. */
  tokenizeConversation(request: GenerateRequest, signal: AbortSignal): Promise<readonly number[]>;
  detokenize(model: string, tokens: readonly number[], signal: AbortSignal): Promise<string>;
  /** Stops taking work, waits for what is in flight up to `graceMs`, then ends the engines. */
  close(graceMs: number): Promise<void>;
}
