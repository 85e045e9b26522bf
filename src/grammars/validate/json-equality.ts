import type { JsonValue } from '../../protocol/json.ts';

/** The value as text that is the same for equal values: names sorted, `1.0` as `1`. */
export function writeSorted(value: JsonValue): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value === 0 ? 0 : value);
  if (isList(value)) return `[${value.map(writeSorted).join(',')}]`;
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${writeSorted(member)}`).join(',')}}`;
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}
