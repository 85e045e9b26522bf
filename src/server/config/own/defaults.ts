import type { ServerConfiguration } from '../configuration.ts';

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
