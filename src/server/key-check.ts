import type { Buffer } from 'node:buffer';
import { hash as hashOnce, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { GatewayError } from '../protocol/error.ts';

/** Throws `missing_key` or `invalid_key` for a caller without the key. */
export type KeyCheck = (headers: IncomingHttpHeaders) => void;

/**
 * A check for the one key of a server; without a key everyone passes. Only the key's hash is kept, and hashes are compared
 * in constant time. The key is taken from `Authorization: Bearer` or, where that is absent, from `x-api-key`; before both from the operator's own header, in lower
 * case, with or without the word `Bearer`.
 */
export function createKeyCheck(key: string | undefined, ownHeader?: string): KeyCheck {
  if (key === undefined) return () => {};
  const expected = hash(key);
  return (headers) => {
    const presented = keyIn(ownHeader === undefined ? undefined : headers[ownHeader]) ?? presentedKey(headers);
    if (presented === undefined)
      throw new GatewayError('missing_key', 'This server needs a key: send it as `Authorization: Bearer <key>`.');
    if (!timingSafeEqual(hash(presented), expected))
      throw new GatewayError('invalid_key', 'The key is not the one this server was started with.');
  };
}

function presentedKey(headers: IncomingHttpHeaders): string | undefined {
  const bearer = /^Bearer +(\S.*)$/i.exec(headers.authorization ?? '')?.[1];
  const other = headers['x-api-key'];
  return bearer ?? (typeof other === 'string' && other !== '' ? other : undefined);
}

function keyIn(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value.replace(/^Bearer +/i, '') : undefined;
}

function hash(text: string): Buffer {
  return hashOnce('sha256', text, 'buffer');
}
