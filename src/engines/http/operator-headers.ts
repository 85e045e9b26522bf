import { validateHeaderName, validateHeaderValue } from 'node:http';
import { GatewayError } from '../../protocol/error.ts';

/** Headers by their names. */
export type Headers = Readonly<Record<string, string>>;

/** What the connection itself writes, or what would make answers unreadable. */
const ownNames = new Set([
  ...['accept-encoding', 'connection', 'content-length', 'expect', 'host', 'keep-alive'],
  ...['te', 'trailer', 'transfer-encoding', 'upgrade'],
]);

/**
 * Headers that an operator gave, their names in lower case. Throws `bad_usage` for one that is the connection's own, or that HTTP cannot carry; no message holds a
 * value.
 */
export function checkHeaders(headers: Headers): Headers {
  const entries = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  for (const [name, value] of entries) {
    if (ownNames.has(name))
      throw new GatewayError('bad_usage', `The header ${JSON.stringify(name)} is written by the connection itself. Remove it.`);
    if (!isSendable(name, value)) {
      const expected = 'Expected a name of letters, digits and hyphens, and a value of one line in Latin letters.';
      throw new GatewayError('bad_usage', `The header ${JSON.stringify(name)} cannot be sent. ${expected}`);
    }
  }
  return Object.fromEntries(entries);
}

function isSendable(name: string, value: string): boolean {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
    return true;
  } catch {
    return false;
  }
}

/** Shorter words are not worth a secret, and too common in what upstreams say. */
const shortestSecret = 8;

/**
 * Texts that no message may hold, the longest first: a key, and every word of a header's value that is long enough to be one. Which headers hold secrets is not
 * known here: any may.
 */
export function listSecrets(apiKey: string | undefined, headers: Headers): readonly string[] {
  const words = Object.values(headers).flatMap((value) => [value, ...value.split(/[\s,;=]+/)]);
  const secrets = new Set(words.filter(({ length }) => length >= shortestSecret));
  if (apiKey) secrets.add(apiKey);
  return [...secrets].sort((left, right) => right.length - left.length);
}
