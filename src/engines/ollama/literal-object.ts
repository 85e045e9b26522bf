import type { LiteralJson, LiteralJsonObject } from '../../text/literal-json.ts';

/** An object of literal JSON, its members in their order; those that are undefined are left out. */
export function literalObject(members: Readonly<Record<string, LiteralJson | undefined>>): LiteralJsonObject {
  return new Map(Object.entries(members).filter((entry): entry is [string, LiteralJson] => entry[1] !== undefined));
}
