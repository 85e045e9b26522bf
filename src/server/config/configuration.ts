import type { UserDialects } from '../../dialects/validate/validate-dialects.ts';
import type { RouteOptions, RoutingOptions } from '../../gateway/routes/route-options.ts';
import type { FactOverrides } from '../../translate/fact-overrides.ts';
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
  readonly routing: RoutingOptions;
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
  /** name of a GPU that it shares with vLLMs that name it too */
  readonly sharesGpu?: string;
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
export interface ModelConfiguration extends Omit<RouteOptions, 'facts'> {
  /** what it is for; absent: as its engine tells */
  readonly mode?: ModelMode;
  /** names of sets of models, by which keys are given rights */
  readonly groups: readonly string[];
  readonly facts: ModelFacts;
}

/** What a model is for. */
export type ModelMode = 'chat' | 'completion' | 'embedding' | 'rerank';

/** What the operator knows better, a chat template included. */
export interface ModelFacts extends FactOverrides {
  readonly chatTemplate?: ChatTemplateChoice;
}

/** A chat template in place of the model's own. */
export type ChatTemplateChoice =
  /** one of ours, by name */
  { readonly kind: 'own'; readonly name: string } | { readonly kind: 'file'; readonly path: string; readonly text: string };

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
