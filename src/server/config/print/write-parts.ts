import type { JsonObject } from '../../../protocol/json.ts';
import { isSecret, type Secret } from '../secret.ts';

/** A part of a `rookery.yaml`: keys that say nothing are absent. */
export type Part = Readonly<Record<string, unknown>>;

/** The part without keys that are undefined, or hold an empty list or map. */
export function part(keys: Part): Part {
  return Object.fromEntries(Object.entries(keys).filter(([, value]) => !isNothing(value)));
}

/** The part without keys that are undefined; what is empty says something here. */
export function defined(keys: Part): Part {
  return Object.fromEntries(Object.entries(keys).filter(([, value]) => value !== undefined));
}

function isNothing(value: unknown): boolean {
  return value === undefined || (typeof value === 'object' && value !== null && !isSecret(value) && Object.keys(value).length === 0);
}

/** A value where it differs from the usual one. */
export function unless<T>(usual: T, value: T): T | undefined {
  return JSON.stringify(value) === JSON.stringify(usual) ? undefined : value;
}

/** A time as a file writes it, where it differs from the usual one. */
export function time(ms: number | undefined, usualMs?: number): string | undefined {
  if (ms === undefined || ms === usualMs) return undefined;
  if (ms % 60_000 === 0 && ms > 0) return `${ms / 60_000}m`;
  return ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`;
}

/**
 * Where a secret is. One that stands in a file itself is shown as a variable that is yet to be set, named for its owner; its name goes to `missing`.
 */
export function reference(secret: Secret | undefined, owner: string, missing: Set<string>): string | undefined {
  if (secret === undefined || secret.reference !== 'literal') return secret?.reference;
  const variable = owner
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, '_')
    .replace(/^(?=\d)/, '_');
  missing.add(variable);
  return `env:${variable}`;
}

/** Headers, their secrets as references. */
export function headersPart(headers: Readonly<Record<string, string | Secret>>, owner: string, missing: Set<string>): Part {
  const entries = Object.entries(headers).map(([name, value]) => [
    name,
    isSecret(value) ? reference(value, `${owner} ${name}`, missing) : value,
  ]);
  return Object.fromEntries(entries) as JsonObject;
}
