import type { RoutingConfiguration, RoutingRules, ServerConfiguration } from '../configuration.ts';

/** Rules where a file says nothing. */
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

/** The rest of routing where a file says nothing. */
export const defaultRouting: RoutingConfiguration = {
  rules: defaultRules,
  tagFiltering: 'off',
  queueLimit: 1024,
  queueTimeoutMs: 600_000,
  probes: { intervalMs: 10_000, timeoutMs: 5_000 },
  swapWaitMs: 60_000,
};

/** The server where a file says nothing. */
export const defaultServer: ServerConfiguration = {
  host: '127.0.0.1',
  port: 4000,
  hosts: [],
  origins: [],
  limits: { bodyBytes: 32 * 1024 ** 2, bodyTimeoutMs: 60_000 },
  graceMs: 30_000,
  trustsRequestTemplates: false,
  log: { level: 'info' },
};
