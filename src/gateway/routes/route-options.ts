import type { policies } from '../../policies/index.ts';
import type { JsonObject } from '../../protocol/json.ts';
import type { NamedTemplates } from '../../templates/named-templates.ts';
import type { FactOverrides } from '../../translate/fact-overrides.ts';
import type { CircuitRules } from '../health/circuit.ts';
import type { FailoverRules } from '../health/failover.ts';

/** A name that callers ask for, and what answers to it. */
export interface RouteOptions {
  /** each `*` stands for any characters */
  readonly name: string;
  readonly aliases: readonly ModelAlias[];
  /** at least one */
  readonly targets: readonly TargetOptions[];
  /** how one of the targets is chosen, and what happens when it fails; complete: defaults of the file are in it */
  readonly rules: RoutingRules;
  /** body fields that a request gets where it has none of that name, in wire names */
  readonly defaults: JsonObject;
  readonly drops: DropRules;
  /** words by which requests may choose */
  readonly tags: readonly string[];
  /** nobody configured it: an upstream lists it */
  readonly isUnlisted?: true;
  readonly facts: FactOverrides & { readonly templates?: NamedTemplates };
}

/** Another name of a model. */
export interface ModelAlias {
  readonly name: string;
  /** it works, but is not listed */
  readonly isHidden: boolean;
}

/** A model on one upstream. */
export interface TargetOptions {
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

/** How engines are asked whether they are well. Nothing is generated for it. */
export interface ProbeOptions {
  /** 0: they are not asked */
  readonly intervalMs: number;
  readonly timeoutMs: number;
}

/** What holds for all models. */
export interface RoutingOptions {
  /** of models that say nothing else, and of unlisted ones */
  readonly rules: RoutingRules;
  /** a request's tags choose targets that have one of them (`any`) or all; `off`: they choose nothing */
  readonly tagFiltering: 'off' | 'any' | 'all';
  /** requests that may wait for a place at one upstream */
  readonly queueLimit: number;
  readonly queueTimeoutMs: number;
  readonly probes: ProbeOptions;
  /** longest wait of a request whose model has to be swapped in, while others keep the GPU */
  readonly swapWaitMs: number;
}
