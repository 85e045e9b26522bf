import { Surprise } from './surprise.ts';

/** What a response says of itself beside its body. Names in lower case; a header that comes twice is a list. Values are latin1, byte for byte. */
export type ResponseHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

const fieldName = /^[!#$%&'*+.^_`|~0-9a-z-]+$/;
const fieldValue = /^[\t\x20-\x7e\x80-\xff]*$/;

/** The headers that lines without their ends are. Throws a `Surprise` for others. Source: RFC 9112, 5. */
export function readFields(lines: readonly string[]): ResponseHeaders {
  const fields: Record<string, string | string[]> = Object.create(null);
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(0, colon)).toLowerCase();
    const value = line.slice(colon + 1);
    if (!fieldName.test(name) || !fieldValue.test(value)) throw new Surprise('a header');
    const known = fields[name];
    fields[name] = known === undefined ? value.trim() : [known, value.trim()].flat();
  }
  return fields;
}
