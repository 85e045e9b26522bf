import { given } from '../../../api/decode/given.ts';
import type { FailureCounts } from '../../../gateway/health/failure.ts';
import { defaultRules } from '../../../gateway/routes/default-routing.ts';
import type { PolicyChoice, RoutingRules } from '../../../gateway/routes/route-options.ts';
import type { JsonObject } from '../../../protocol/json.ts';
import type { Section } from './section.ts';

/** The time that LiteLLM gives an answer when nobody says otherwise: 6,000 s. */
const usualRequestMs = 6_000_000;

/** Rules of `router_settings`, under which `litellm_settings` are. Fallbacks are read apart: they belong to models. */
export function readRules(router: Section, general: Section): RoutingRules {
  const disabled = router.flag('disable_cooldowns') === true;
  const cooldownMs = router.seconds('cooldown_time') ?? general.seconds('cooldown_time') ?? defaultRules.cooldownMs;
  const requestMs = router.seconds('timeout') ?? general.seconds('request_timeout') ?? usualRequestMs;
  const streamMs = router.seconds('stream_timeout');
  const retryPolicy = router.section('retry_policy');
  const { counts: retriesFor, otherwise } = readCounts(retryPolicy, 'Retries');
  const retries = router.count('num_retries') ?? general.count('num_retries') ?? otherwise ?? defaultRules.retries;
  const allowedFails = router.count('allowed_fails') ?? general.count('allowed_fails') ?? defaultRules.allowedFails;
  general.accept('cooldown_time', 'request_timeout', 'num_retries', 'allowed_fails');
  return {
    ...defaultRules,
    policy: readPolicy(router),
    ...{ retries, retriesFor, allowedFails },
    retryPauseMs: router.seconds('retry_after') ?? defaultRules.retryPauseMs,
    cooldownMs: disabled ? 0 : cooldownMs,
    longestCooldownMs: Math.max(cooldownMs, defaultRules.longestCooldownMs),
    failsFor: readCounts(router.section('allowed_fails_policy'), 'AllowedFails').counts,
    timeouts: given({ requestMs, streamMs }),
    mostFallbacks: router.count('max_fallbacks') ?? defaultRules.mostFallbacks,
  };
}

/** LiteLLM's names of failures, and ours. */
const failureNames: Readonly<Record<string, keyof FailureCounts>> = {
  TimeoutError: 'timeout',
  RateLimitError: 'rate-limit',
  InternalServerError: 'server-error',
  AuthenticationError: 'auth',
  BadRequestError: 'bad-request',
  ContentPolicyViolationError: 'content-policy',
};

/** Counts for kinds of failures, such as `TimeoutErrorRetries: 2`; `otherwise` is `DefaultRetries`. */
export function readCounts(
  section: Section,
  ending: 'Retries' | 'AllowedFails',
): { readonly counts: FailureCounts; readonly otherwise: number | undefined } {
  const counts: Partial<Record<keyof FailureCounts, number>> = {};
  for (const [name, kind] of Object.entries(failureNames)) {
    const count = section.count(`${name}${ending}`);
    if (count !== undefined) counts[kind] = count;
  }
  const otherwise = section.count(`Default${ending}`);
  section.tellRest();
  return { counts, otherwise };
}

const strategies: Readonly<Record<string, PolicyChoice['name']>> = {
  'simple-shuffle': 'weighted',
  'least-busy': 'least-in-flight',
  'latency-based-routing': 'latency',
  'cost-based-routing': 'cheapest',
  'usage-based-routing': 'least-in-flight',
  'usage-based-routing-v2': 'least-in-flight',
};

/** Checks before a request goes out that choose a policy here. */
const affinities: Readonly<Record<string, PolicyChoice['name']>> = {
  session_affinity: 'session-affinity',
  deployment_affinity: 'session-affinity',
  prompt_caching: 'prefix-affinity',
};

function readPolicy(router: Section): PolicyChoice {
  const strategy = router.text('routing_strategy') ?? 'simple-shuffle';
  const named = Object.hasOwn(strategies, strategy) ? strategies[strategy] : undefined;
  if (named === undefined)
    router.warn('routing_strategy', `it is not known here; simple-shuffle is used. Known: ${Object.keys(strategies).join(', ')}.`);
  else if (/^(usage|cost)/.test(strategy))
    router.warn('routing_strategy', `${named} is used in its place, which is the nearest to it here.`);
  const asked = router.texts('optional_pre_call_checks').flatMap((check) => affinities[check] ?? []);
  const name = asked[0] ?? named ?? 'weighted';
  return { name, options: readArguments(router.section('routing_strategy_args'), name) };
}

function readArguments(section: Section, policy: PolicyChoice['name']): JsonObject {
  const ttlMs = section.seconds('ttl');
  const options = given({ window: ttlMs === undefined ? undefined : `${ttlMs}ms`, buffer: section.number('lowest_latency_buffer') });
  section.tellRest();
  return policy === 'latency' ? options : {};
}

/** Checks that need no policy: those always made here, and those that are not. */
export function tellChecks(router: Section): void {
  const known = new Set([...Object.keys(affinities), 'enforce_model_rate_limits', 'responses_api_deployment_check']);
  for (const check of router.texts('optional_pre_call_checks')) {
    if (!known.has(check)) router.warn('optional_pre_call_checks', `${check.slice(0, 64)} is left aside: nothing here acts on it.`);
  }
}
