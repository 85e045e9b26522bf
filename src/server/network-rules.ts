import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import { GatewayError } from '../protocol/error.ts';

/** Who may call beside programs on this machine. */
export interface NetworkRules {
  /** names or addresses that `Host` may hold, without port */
  readonly allowedHosts: readonly string[];
  /** origins of web pages that may call, such as `https://chat.example` */
  readonly allowedOrigins: readonly string[];
}

/** True for addresses and names that never leave this machine. */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[|\]$/g, '');
  return name === 'localhost' || name === '::1' || name === '::ffff:127.0.0.1' || (isIP(name) === 4 && name.startsWith('127.'));
}

/**
 * Refuses a `Host` that is neither a loopback name, the address the client connected to, nor allowed: a web page that had its own name
 * resolve to this machine would show here. Throws `forbidden_host`.
 */
export function checkHost(host: string | undefined, localAddress: string | undefined, rules: NetworkRules): void {
  const name = hostName(host ?? '');
  if (isLoopback(name) || rules.allowedHosts.some((each) => hostName(each) === name)) return;
  if (isIP(name) !== 0 && name === localAddress?.replace(/^::ffff:/, '')) return;
  throw new GatewayError(
    'forbidden_host',
    'The `Host` header names no address of this server. Use the printed address, or allow the name with `--allow-host`.',
  );
}

/** Refuses calls of web pages of other origins than this server's or an allowed one. Throws `forbidden_origin`. */
export function checkOrigin(headers: IncomingHttpHeaders, rules: NetworkRules): void {
  const { origin } = headers;
  if (origin === undefined || isAllowedOrigin(origin, rules) || origin.toLowerCase() === `http://${headers.host?.toLowerCase()}`) return;
  throw new GatewayError(
    'forbidden_origin',
    'A web page of another origin may not call this server. Allow it with `--allow-origin` if it is yours.',
  );
}

/** True for an origin that the operator named. */
export function isAllowedOrigin(origin: string, rules: NetworkRules): boolean {
  return rules.allowedOrigins.some((each) => each.toLowerCase().replace(/\/$/, '') === origin.toLowerCase());
}

/** Refuses bodies that a web page could send without asking first, and encodings nobody decodes. Throws `unsupported_media_type`. */
export function checkContentType(headers: IncomingHttpHeaders): void {
  const [type = '', ...parameters] = (headers['content-type'] ?? '').toLowerCase().split(';');
  if (type.trim() !== 'application/json') {
    throw new GatewayError('unsupported_media_type', 'The body must have `Content-Type: application/json`.');
  }
  const charset = parameters.map((each) => /^\s*charset\s*=\s*"?([^"]*)"?\s*$/.exec(each)?.[1]).find((each) => each !== undefined);
  if (charset !== undefined && charset !== 'utf-8' && charset !== 'utf8') {
    throw new GatewayError('unsupported_media_type', 'The body must be UTF-8.');
  }
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') {
    throw new GatewayError('unsupported_media_type', 'Compressed bodies are not taken. Leave `Content-Encoding` out.');
  }
}

/** Headers that let an allowed origin read the answer; none for callers without one. */
export function crossOriginHeaders(headers: IncomingHttpHeaders, rules: NetworkRules): Readonly<Record<string, string>> {
  const { origin } = headers;
  if (origin === undefined || !isAllowedOrigin(origin, rules)) return {};
  return {
    'access-control-allow-origin': origin,
    'access-control-expose-headers': 'x-request-id, x-rookery-plan, retry-after',
    vary: 'origin',
  };
}

/** What a browser is told when it asks whether it may send. Only for allowed origins. */
export function preflightHeaders(headers: IncomingHttpHeaders): Readonly<Record<string, string>> {
  const wanted = headers['access-control-request-headers'] ?? '';
  return {
    'access-control-allow-methods': 'GET, POST',
    'access-control-allow-headers': /^[\w\s,-]{1,2048}$/.test(wanted) ? wanted : 'authorization, content-type',
    'access-control-max-age': '600',
    ...(headers['access-control-request-private-network'] === 'true' ? { 'access-control-allow-private-network': 'true' } : {}),
  };
}

function hostName(host: string): string {
  const [, name = ''] = /^(\[[^\]]*\]|[^:]*)(?::\d*)?$/.exec(host.trim().toLowerCase()) ?? [];
  return name.replace(/^\[|\]$/g, '').replace(/\.$/, '') || (isIP(host) === 6 ? host.toLowerCase() : '');
}
