import { given } from '../../../api/decode/given.ts';
import type { FailureCounts } from '../../../gateway/health/failure.ts';
import { defaultRouting, defaultRules } from '../../../gateway/routes/default-routing.ts';
import type { PolicyChoice, RoutingOptions, RoutingRules } from '../../../gateway/routes/route-options.ts';
import type { JsonObject } from '../../../protocol/json.ts';
import { toMs } from '../schema/leaves.ts';
import type { RoutingSection, RulesSection } from '../schema/routing.ts';

/** Rules as a section changes them: each key that it has replaces the one of `under`. */
export function makeRules(section: RulesSection, under: RoutingRules = defaultRules): RoutingRules {
  const ms = (time: number | string | undefined, otherwise: number): number => (time === undefined ? otherwise : toMs(time));
  return {
    policy: section.policy === undefined ? under.policy : makePolicy(section.policy),
    retries: section.retries ?? under.retries,
    retriesFor: counts(section.retries_for) ?? under.retriesFor,
    retryPauseMs: ms(section.retry_pause, under.retryPauseMs),
    cooldownMs: ms(section.cooldown, under.cooldownMs),
    longestCooldownMs: ms(section.max_cooldown, under.longestCooldownMs),
    allowedFails: section.allowed_fails ?? under.allowedFails,
    failsFor: counts(section.allowed_fails_for) ?? under.failsFor,
    timeouts: { ...under.timeouts, ...makeTimeouts(section) },
    fallbacks: section.fallbacks ?? under.fallbacks,
    contextFallbacks: section.context_window_fallbacks ?? under.contextFallbacks,
    contentFallbacks: section.content_policy_fallbacks ?? under.contentFallbacks,
    mostFallbacks: section.max_fallbacks ?? under.mostFallbacks,
  };
}

/** How long an answer may take. */
export function makeTimeouts(section: Pick<RulesSection, 'timeout' | 'stream_timeout'>): RoutingRules['timeouts'] {
  return given({
    requestMs: section.timeout === undefined ? undefined : toMs(section.timeout),
    streamMs: section.stream_timeout === undefined ? undefined : toMs(section.stream_timeout),
  });
}

/** The routing of a checked file. */
export function makeRouting(section: RoutingSection = {}): RoutingOptions {
  const { probes, queueLimit, queueTimeoutMs, swapWaitMs, tagFiltering } = defaultRouting;
  const ms = (time: number | string | undefined, otherwise: number): number => (time === undefined ? otherwise : toMs(time));
  return {
    rules: makeRules(section),
    tagFiltering: section.tag_filtering ?? tagFiltering,
    queueLimit: section.queue ?? queueLimit,
    queueTimeoutMs: ms(section.queue_timeout, queueTimeoutMs),
    probes: { intervalMs: ms(section.probe_interval, probes.intervalMs), timeoutMs: ms(section.probe_timeout, probes.timeoutMs) },
    swapWaitMs: ms(section.max_swap_wait, swapWaitMs),
  };
}

function makePolicy(written: NonNullable<RulesSection['policy']>): PolicyChoice {
  if (typeof written === 'string') return { name: written, options: {} };
  const { name, ...options } = written;
  return { name, options: options as JsonObject };
}

function counts(section: RulesSection['retries_for']): FailureCounts | undefined {
  return section && (given(section) as FailureCounts);
}
