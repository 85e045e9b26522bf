import type { RoutingOptions, RoutingRules } from './route-options.ts';

/** Rules where the operator says nothing. */
export const defaultRules: RoutingRules = {
  policy: { name: 'least-in-flight', options: {} },
  retries: 2,
  retriesFor: {},
  retryPauseMs: 0,
  cooldownMs: 5_000,
  longestCooldownMs: 60_000,
  allowedFails: 3,
  failsFor: {},
  timeouts: {},
  fallbacks: [],
  contextFallbacks: [],
  contentFallbacks: [],
  mostFallbacks: 5,
};

/** The rest of routing where the operator says nothing. */
export const defaultRouting: RoutingOptions = {
  rules: defaultRules,
  tagFiltering: 'off',
  queueLimit: 1024,
  queueTimeoutMs: 600_000,
  probes: { intervalMs: 10_000, timeoutMs: 5_000 },
  swapWaitMs: 60_000,
};
