import type { UserDialects } from '../../dialects/validate/validate-dialects.ts';
import type { CircuitRules } from '../../gateway/health/circuit.ts';
import type { FailoverRules } from '../../gateway/health/failover.ts';
import type { SamplingPolicy } from '../../models/model.ts';
import type { policies } from '../../policies/index.ts';
import type { JsonObject } from '../../protocol/json.ts';
import type { ToolPreamble } from '../../protocol/request.ts';
import type { Secret } from './secret.ts';

/**
 * Everything an operator's file says, read and checked: every name in it exists, every secret was there. Frozen. What the file leaves out has its default here,
 * or is absent where an engine or a model's family decides.
 */
export interface Configuration {
  /** how the file was written: our own form, LiteLLM's, or that of one backend */
  readonly form: ConfigurationForm;
  readonly server: ServerConfiguration;
  readonly hub: HubConfiguration;
  /** engines by their names, which are unique */
  readonly upstreams: readonly UpstreamConfiguration[];
  /** what callers may ask for; a name without `*` comes before one with it, a longer pattern before a shorter one */
  readonly models: readonly ModelConfiguration[];
  /** models that upstreams list and nobody configured are served too, by `routing.rules` */
  readonly servesUnlisted: boolean;
  readonly routing: RoutingConfiguration;
  /** tool-call formats of the operator's own; absent: none */
  readonly dialects?: OwnDialects;
  /** other paths that are forwarded as they are; for callers with the key only */
  readonly passThrough: readonly PassThrough[];
}

/** See `Configuration.form`. */
export type ConfigurationForm = 'rookery' | 'litellm' | 'backend';

/** Where it listens and who may call. */
export interface ServerConfiguration {
  readonly host: string;
  /** 0 takes a free one */
  readonly port: number;
  /** what callers must send; absent: nothing, and then only loopback is listened on */
  readonly key?: Secret;
  /** a header that may carry the key beside the usual ones, in lower case */
  readonly keyHeader?: string;
  /** names that `Host` may hold beside loopback names */
  readonly hosts: readonly string[];
  /** origins of web pages that may call */
  readonly origins: readonly string[];
  readonly limits: ServerLimits;
  /** how long a stop waits for what is in flight */
  readonly graceMs: number;
  readonly trustsRequestTemplates: boolean;
  readonly log: LogConfiguration;
}

/** Bounds that hold for all callers together. */
export interface ServerLimits {
  readonly bodyBytes: number;
  /** time for a body to arrive */
  readonly bodyTimeoutMs: number;
  /** requests worked on or waiting at once; absent: no bound but the queues' */
  readonly parallel?: number;
}

/** Lines on stderr. */
export interface LogConfiguration {
  /** absent: text on a terminal, else json */
  readonly format?: 'text' | 'json' | 'off';
  readonly level: 'debug' | 'info' | 'warn' | 'error';
}

/** Where models of the embedded engine are fetched from. */
export interface HubConfiguration {
  /** absent: the usual one */
  readonly url?: string;
  readonly token?: Secret;
}

/** One running engine, or the one that runs inside. */
export type UpstreamConfiguration = RemoteUpstream | EmbeddedUpstream;

/** Kinds of engines that are reached by address. */
export type RemoteKind = 'openai' | 'vllm' | 'ollama' | 'llama-server' | 'anthropic';

/** An engine that is reached by address. What is absent is the engine's own default. */
export interface RemoteUpstream {
  readonly name: string;
  readonly kind: RemoteKind;
  /** as its engine takes it: with `/v1` for `openai`, without for the others */
  readonly baseUrl: string;
  /** sent to that address only */
  readonly apiKey?: Secret;
  /** sent with each request, names in lower case */
  readonly headers: Readonly<Record<string, string | Secret>>;
  /** models to be served of it; absent: it is asked */
  readonly models?: readonly string[];
  /** tokens of prompt and answer together */
  readonly contextTokens?: number;
  /** requests it works on at once */
  readonly slots?: number;
  readonly firstByteTimeoutMs?: number;
  readonly silenceTimeoutMs?: number;
  /** how long Ollama keeps a model in memory, as it is written there (`5m`, `-1`) */
  readonly keepAlive?: string | number;
  /** false: its certificate is not checked */
  readonly verifiesCertificate: boolean;
}

/** llama.cpp inside. What is absent is chosen by the model and the machine. */
export interface EmbeddedUpstream {
  readonly name: string;
  readonly kind: 'embedded';
  /** a GGUF file (absolute), `hf:owner/repo/file`, or a name that `rookery models` lists; absent: the best of the usual list */
  readonly model?: string;
  readonly slots?: number;
  /** tokens of each slot */
  readonly contextTokens?: number;
  readonly threads?: number;
  readonly gpu: 'auto' | 'off';
  /** layers on the GPU; absent: as many as fit */
  readonly gpuLayers?: number;
  /** prompt tokens evaluated in one step */
  readonly batchTokens?: number;
  readonly mapsFile?: boolean;
  readonly locksMemory?: boolean;
}

/** A name that callers ask for, and what answers to it. */
export interface ModelConfiguration {
  /** each `*` stands for any characters */
  readonly name: string;
  readonly aliases: readonly ModelAlias[];
  /** what it is for; absent: as its engine tells */
  readonly mode?: ModelMode;
  /** at least one */
  readonly targets: readonly TargetConfiguration[];
  /** how one of the targets is chosen, and what happens when it fails; complete: defaults of the file are in it */
  readonly rules: RoutingRules;
  /** body fields that a request gets where it has none of that name, in wire names */
  readonly defaults: JsonObject;
  readonly drops: DropRules;
  /** words by which requests may choose */
  readonly tags: readonly string[];
  /** names of sets of models, by which keys are given rights */
  readonly groups: readonly string[];
  readonly facts: FactOverrides;
}

/** What a model is for. */
export type ModelMode = 'chat' | 'completion' | 'embedding' | 'rerank';

/** Another name of a model. */
export interface ModelAlias {
  readonly name: string;
  /** it works, but is not listed */
  readonly isHidden: boolean;
}

/** A model on one upstream. */
export interface TargetConfiguration {
  /** callers may ask for this very one by it */
  readonly id?: string;
  readonly upstream: string;
  /** its name there; each `*` is what the `*` of the model's own name stood for */
  readonly model: string;
  /** share of requests under the policy `weighted`, 0 and up; others ignore it */
  readonly weight: number;
  /** targets of the lowest order are used first, the next where none of them can be */
  readonly order: number;
  readonly tags: readonly string[];
  readonly limits: TargetLimits;
  readonly timeouts: Timeouts;
  /** over those of the model */
  readonly defaults: JsonObject;
  /** beside those of the model */
  readonly drops: DropRules;
  readonly cost?: TokenCost;
  /** over the rules of the model */
  readonly rules: Partial<Pick<RoutingRules, 'retries' | 'cooldownMs' | 'allowedFails'>>;
}

/** Most that one target is given. */
export interface TargetLimits {
  readonly requestsPerMinute?: number;
  readonly tokensPerMinute?: number;
  /** at once */
  readonly parallel?: number;
}

/** How long an answer may take; absent: no bound but the engine's. */
export interface Timeouts {
  /** of the whole answer, or of a stream up to its first byte where `streamMs` is absent */
  readonly requestMs?: number;
  /** up to the first byte of a stream */
  readonly streamMs?: number;
}

/** Money for each token, in the operator's currency. */
export interface TokenCost {
  readonly input: number;
  readonly output: number;
}

/** Which body fields never reach an engine. */
export interface DropRules {
  /** fields that this engine cannot honour are left out and named in a header, where a refusal would be the rule */
  readonly dropsUnsupported: boolean;
  /** paths of fields that are always left out: `user`, `tools[*].function.strict` */
  readonly paths: readonly string[];
}

/** What the operator knows better than the model's family, its chat template or its engine. Absent: those. */
export interface FactOverrides {
  /** a family of `src/models` whose facts hold, by the name of a model */
  readonly likeModel?: string;
  /** the name of a dialect, of the house or the operator's own; `prompted`: asked in words */
  readonly dialect?: string;
  /** tokens of prompt and answer together */
  readonly contextTokens?: number;
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  readonly sampling?: SamplingPolicy;
  /** false: requests with tools are refused */
  readonly tools?: boolean;
  readonly parallelCalls?: boolean;
  readonly multiTurnTools?: boolean;
  readonly images?: boolean;
  readonly toolSoftCap?: number;
  readonly toolSelection?: number | 'auto' | 'off';
  readonly constrainToolCalls?: boolean | 'auto';
  readonly toolPreamble?: ToolPreamble;
  /** how often a model is asked again for calls that cannot be read, 0 to 5 */
  readonly repairs?: number;
  readonly chatTemplate?: ChatTemplateChoice;
}

/** A chat template in place of the model's own. */
export type ChatTemplateChoice =
  /** one of ours, by name */
  { readonly kind: 'own'; readonly name: string } | { readonly kind: 'file'; readonly path: string; readonly text: string };

/** How one of several targets is chosen. */
export interface PolicyChoice {
  readonly name: keyof typeof policies;
  /** as the policy's file says; read where it is made */
  readonly options: JsonObject;
}

/** How targets are chosen, tried again and rested. Fallbacks are names of models; a fallback's own fallbacks are not followed. */
export interface RoutingRules extends FailoverRules, Omit<CircuitRules, 'isSelfHosted'> {
  readonly policy: PolicyChoice;
  readonly timeouts: Timeouts;
}

/** What holds for all models. */
export interface RoutingConfiguration {
  /** of models that say nothing else, and of unlisted ones */
  readonly rules: RoutingRules;
  /** a request's tags choose targets that have one of them (`any`) or all; `off`: they choose nothing */
  readonly tagFiltering: 'off' | 'any' | 'all';
  /** requests that may wait for a place at one upstream */
  readonly queueLimit: number;
  readonly queueTimeoutMs: number;
  readonly probes: ProbeConfiguration;
  /** longest wait of a request whose model has to be swapped in, while others keep the GPU */
  readonly swapWaitMs: number;
}

/** How engines are asked whether they are well. Nothing is generated for it. */
export interface ProbeConfiguration {
  /** 0: they are not asked */
  readonly intervalMs: number;
  readonly timeoutMs: number;
}

/** Tool-call formats of the operator's own. */
export interface OwnDialects {
  /** the files that hold them, absolute */
  readonly files: readonly string[];
  /** with those of the house */
  readonly formats: UserDialects;
}

/** A path that is forwarded as it is. */
export interface PassThrough {
  /** begins with `/` */
  readonly path: string;
  readonly target: string;
  readonly headers: Readonly<Record<string, string | Secret>>;
  /** the caller's headers go along, without its key */
  readonly forwardsHeaders: boolean;
}
