import { isIPv4 } from 'node:net';
import type { Upstream } from '../upstream.ts';

/** Whether an upstream is one of the operator's own engines, whose refusals for load are backpressure. A cloud tells so by its kind or its address. */
export function isSelfHosted({ kind, address }: Pick<Upstream, 'kind' | 'address'>): boolean {
  if (kind === 'anthropic') return false;
  return kind !== 'openai' || address === undefined || isNear(new URL(address).hostname);
}

const nearAddress = /^(0|10|127|169\.254|192\.168|172\.(1[6-9]|2\d|3[01])|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7]))\./;

/** Loopback, private and carrier-grade (Tailscale's) addresses, and names without a domain or with a local one. */
function isNear(host: string): boolean {
  const name = host.replace(/^\[|\]$/g, '').toLowerCase();
  if (isIPv4(name)) return nearAddress.test(name);
  if (name.includes(':')) return name === '::1' || /^f[cde]/.test(name);
  return !name.includes('.') || /\.(local|lan|internal|home\.arpa|svc|cluster\.local|localhost)$/.test(name);
}
