import type { Upstream } from '../upstream.ts';

/** Whether an upstream is one of the operator's own engines, whose refusals for load are backpressure. A cloud tells so by its kind or its address. */
export function isSelfHosted({ kind, address }: Pick<Upstream, 'kind' | 'address'>): boolean {
  if (kind === 'anthropic') return false;
  return kind !== 'openai' || address === undefined || isNear(new URL(address).hostname);
}

/** Loopback, private addresses, and names without a domain or with a local one. */
function isNear(host: string): boolean {
  const name = host.replace(/^\[|\]$/g, '').toLowerCase();
  if (/^(127\.|10\.|192\.168\.|169\.254\.|172\.(1[6-9]|2\d|3[01])\.)/.test(name)) return true;
  if (name.includes(':')) return name === '::1' || /^f[cde]/.test(name);
  return !name.includes('.') || /\.(local|lan|internal|home\.arpa|svc|cluster\.local|localhost)$/.test(name);
}
